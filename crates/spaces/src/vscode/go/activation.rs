//! What the extension does to its own process when it starts (vscode-go: goMain.ts `activate`, goInstallTools.ts
//! `updateGoVarsFromConfig`, goEnvironmentStatus.ts `addGoRuntimeBaseToPATH`): it finds go, asks it for `go env`, and
//! keeps some of the answers as variables of the extension host until the window is reloaded.
//!
//! Not here: what is done again when a setting changes while the window is open (a second search finds go in the
//! GOROOT of the first, so that PATH may then get a prefix that it has not got here).

use super::environment::{self, Variables};
use super::extension::{Extension, non_empty, origin_of, rule};
use super::find::{self, Found, Why};
use super::{expand, stored};
use crate::trace::Trace;
use crate::vscode::{Change, Mutator, Window};
use go::env::{Fatal, Outcome, Query, Values};
use model::{Evidence, Folded, GoStart, Layer, Name, Origin, Problem, Space, SpaceId, Value};
use system::Os;

/// What is copied from `go env` into the extension host where it has no value.
pub(super) const FROZEN: &[&str] = &["GOPATH", "GOPROXY", "GOBIN", "GOMODCACHE"];

/// What the start of the extension comes to.
#[derive(Clone, Debug)]
pub struct Activation {
    /// At the end of `vscode:host`.
    pub layers: Vec<Layer>,
    pub problems: Vec<Problem>,
    /// Why the extension does not run; what hangs under it is not there then.
    pub refused: Option<String>,
    pub(super) found: Option<Found>,
    /// GOROOT as `go env` told it.
    pub(super) goroot: Option<String>,
    /// What stands before PATH, in the host and in terminals.
    prefix: Option<(String, Origin)>,
    /// What is in terminals from the last time stays there.
    keeps_old_prefix: bool,
}

impl Activation {
    fn new() -> Self {
        Self {
            layers: Vec::new(),
            problems: Vec::new(),
            refused: None,
            found: None,
            goroot: None,
            prefix: None,
            keeps_old_prefix: true,
        }
    }

    /// The extension does not run, for a reason that stands in the list of layers.
    fn refuse(mut self, reason: impl Into<String>, problem: Problem) -> Self {
        let reason = reason.into();
        self.layers.push(Layer::skipped("go-extension", "Go extension", reason.clone()));
        self.problems.push(problem);
        self.refused = Some(reason);
        self
    }

    /// How go is started by the extension itself.
    pub(super) fn start(&self) -> Option<GoStart> {
        let found = self.found.as_ref()?;
        Some(GoStart { path: found.path.clone(), search: found.steps.clone() })
    }
}

/// Whether one of the editor's folders of extensions holds the Go extension.
pub(super) fn is_installed(window: &Window<'_>) -> bool {
    let system = window.context.system;
    window.editor.extensions.iter().any(|folder| {
        let names = system.read_dir(folder).unwrap_or_default();
        names.iter().any(|name| name.to_ascii_lowercase().starts_with("golang.go-"))
    })
}

/// The start of the extension, given what the extension host has by then.
pub fn activation(window: &Window<'_>, host: &Folded) -> Activation {
    let mut out = Activation::new();
    if !is_installed(window) {
        out.refused = Some("the Go extension (golang.go) is not installed".to_owned());
        return out;
    }
    if !window.workspace.is_trusted() {
        let reason = "the workspace is not trusted, and the Go extension does not run in Restricted Mode";
        let problem = Problem::warning("vscode-go-restricted", format!("{reason} – trust the folder"));
        return out.refuse(reason, problem);
    }
    let extension = Extension::new(window, host);
    let mut trace = Trace::over(host);
    telemetry(&mut trace);
    goroot(&extension, host, &mut trace, &mut out);
    let space = scratch(host);
    let now = trace.folded(host, &space);
    let found = find::find(&extension, &now, "go", None);
    let mut done = match found.path.clone().filter(|path| expand::is_absolute(extension.os(), path)) {
        Some(path) => {
            out.found = Some(found);
            ask(&extension, &now, &path, trace, out)
        }
        None => {
            out.layers = trace.into_layers();
            let reason = "no go was found, so that the Go extension did not start";
            let problem = not_found(&found);
            out.found = Some(found);
            out.refuse(reason, problem)
        }
    };
    done.problems.extend(super::pitfalls::of_settings(&extension, host, &done));
    done
}

/// A space that only carries layers.
pub(super) fn scratch(host: &Folded) -> Space {
    let mut space = Space::new(SpaceId::new("vscode", "host"), "", None, Evidence::Derived);
    space.case = host.case();
    space.path_separator = host.path_separator();
    space
}

fn not_found(found: &Found) -> Problem {
    let looked: Vec<&str> = found.steps.iter().map(|step| step.text.as_str()).collect();
    let message = format!(
        "the Go extension finds no go, so that its commands are \"not found\" – {} – set go.alternateTools.go, or put the SDK on PATH",
        looked.join("; ")
    );
    let origin = found.steps.iter().find_map(|step| step.origin.clone());
    let problem = Problem::error("vscode-go-not-found", message);
    match origin {
        Some(origin) => problem.at(origin),
        None => problem,
    }
}

fn telemetry(trace: &mut Trace) {
    const NAME: &[u8] = b"GOTELEMETRY_GOPLS_CLIENT_TOKEN";
    if trace.value(NAME).is_some_and(|value| !value.is_empty()) {
        return;
    }
    let origin = || {
        rule("a number from 1 to 1000, made of the editor's machine id", "goTelemetry.ts setTelemetryEnvVars")
    };
    trace.layer("go-telemetry", "Go extension: telemetry", origin());
    trace.unreadable(NAME, "a number made of the editor's machine id", origin());
}

/// `go.goroot` becomes GOROOT (vscode-go: goEnv.ts `setGOROOTEnvVar`).
fn goroot(extension: &Extension<'_>, host: &Folded, trace: &mut Trace, out: &mut Activation) {
    let Some((text, origin)) = extension.text("go.goroot") else { return };
    let root = extension.expand(&text, host);
    if non_empty(host, "GOROOT").is_some_and(|known| known == root) {
        return;
    }
    if !extension.system().is_folder(&root) {
        let what = if extension.system().exists(&root) { "is not a folder" } else { "does not exist" };
        let message = format!(
            "go.goroot is ignored: `{root}` {what} – name the folder that holds bin/go, or remove it"
        );
        out.problems.push(Problem::warning("vscode-go-goroot-ignored", message).at(origin));
        return;
    }
    trace.layer(
        "go-goroot",
        "Go extension: go.goroot",
        rule("go.goroot becomes GOROOT", "goEnv.ts setGOROOTEnvVar"),
    );
    trace.set(b"GOROOT", root.as_bytes(), origin);
    trace.because("go.goroot becomes GOROOT of all that the extension starts");
}

/// Asks go for its environment and takes over what it says.
fn ask(
    extension: &Extension<'_>,
    host: &Folded,
    path: &str,
    mut trace: Trace,
    mut out: Activation,
) -> Activation {
    let variables = environment::tool_execution(extension, host, true);
    let mut tools = Trace::over(host);
    environment::apply(&mut tools, &variables);
    let env = tools.folded(host, &scratch(host));
    match told(extension, &env, path) {
        Ok(told) => {
            freeze(host, &variables, &told, &mut trace);
            out.goroot = told.value("GOROOT").map(|(root, _)| root);
            out.problems.extend(told.problem());
            prefix(extension, host, &told, &mut trace, &mut out);
            out.layers = trace.into_layers();
            out
        }
        Err(fatal) => {
            let said = fatal.stderr.lines().last().unwrap_or_default().to_owned();
            out.layers = trace.into_layers();
            let reason = format!("`go env` fails, so that the Go extension did not start: {said}");
            let problem = Problem::error("vscode-go-env-fails", format!("{path}: {reason}"));
            let problem = match fatal.origin {
                Some(origin) => problem.at(origin),
                None => problem,
            };
            out.refuse(reason, problem)
        }
    }
}

/// What the extension asks for.
const ASKED: [&str; 5] = ["GOPATH", "GOROOT", "GOPROXY", "GOBIN", "GOMODCACHE"];

/// A value and where go has it from, or why it is not known.
type Answer = Result<(String, Origin), String>;

/// What go told.
struct Told {
    values: Vec<(&'static str, Answer)>,
    /// What made it hand over to another toolchain.
    switched: Option<Origin>,
}

impl Told {
    /// Trimmed; `None` where it is empty or not known.
    fn value(&self, name: &str) -> Option<(String, Origin)> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        value.clone().ok().filter(|(text, _)| !text.is_empty())
    }

    fn reason(&self, name: &str) -> Option<&str> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        value.as_ref().err().map(String::as_str)
    }

    fn problem(&self) -> Option<Problem> {
        let (name, reason) =
            self.values.iter().find_map(|(name, value)| Some((name, value.as_ref().err()?)))?;
        let message = format!("what the Go extension makes {name} cannot be told – {reason}");
        Some(Problem::info("vscode-go-env-unknown", message))
    }
}

/// `go env` of the five; what one of them hides does not hide the others.
fn told(extension: &Extension<'_>, env: &Folded, path: &str) -> Result<Told, Box<Fatal>> {
    let programs = go::Programs::new(extension.system());
    let ask = |names: &[&str]| {
        let words: Vec<String> = ["env", "-json"].iter().chain(names).map(|&word| word.to_owned()).collect();
        let query = Query { programs: &programs, env, cwd: extension.folder, words: &words, probe: false };
        go::env::evaluate_program(&query, path)
    };
    let mut out = Told { values: Vec::new(), switched: None };
    match ask(&ASKED) {
        Outcome::Values(values) => out.take(&values),
        Outcome::Fatal(fatal) => return Err(Box::new(fatal)),
        Outcome::NotFound | Outcome::Writes { .. } | Outcome::Unknown { .. } => {
            for name in ASKED {
                match ask(&[name]) {
                    Outcome::Values(values) => out.take(&values),
                    Outcome::Unknown { reason, .. } => out.values.push((name, Err(reason))),
                    Outcome::Fatal(fatal) => return Err(Box::new(fatal)),
                    Outcome::Writes { .. } | Outcome::NotFound => {
                        out.values
                            .push((name, Err("`go env` would change its env file, by GOFLAGS".to_owned())));
                    }
                }
            }
        }
    }
    Ok(out)
}

impl Told {
    fn take(&mut self, values: &Values) {
        for variable in &values.named {
            let Some(name) = ASKED.into_iter().find(|name| *name == variable.name()) else { continue };
            let text = variable.value().to_text().trim().to_owned();
            self.values.push((name, Ok((text, variable.setting.origin.clone()))));
        }
        self.switched = values.switches.last().and_then(|switch| switch.origin.clone());
    }
}

const TITLE: &str = "Go extension: go env, frozen";

fn frozen_rule() -> Origin {
    rule("copied from `go env` when the Go extension starts", "goInstallTools.ts updateGoVarsFromConfig")
}

fn freeze(host: &Folded, given: &Variables, told: &Told, trace: &mut Trace) {
    let missing = FROZEN.iter().filter(|name| non_empty(host, name).is_none());
    let known: Vec<&str> =
        missing.copied().filter(|name| told.value(name).is_some() || told.reason(name).is_some()).collect();
    if !known.is_empty() {
        trace.layer("go-env", TITLE, frozen_rule());
    }
    for name in known {
        let Some((text, origin)) = told.value(name) else {
            trace.unreadable(name.as_bytes(), told.reason(name).unwrap_or_default(), frozen_rule());
            continue;
        };
        let whence = match origin {
            Origin::File(_) => "this line said so",
            _ if given.get(name).is_some() => "go.toolsEnvVars said so",
            _ => "go's default",
        };
        trace.set(name.as_bytes(), text.as_bytes(), origin);
        trace.because(format!("{whence} when the window was opened; kept until Reload Window"));
    }
}

/// The folder of the go that was found before PATH, unless PATH is where it was found.
fn prefix(extension: &Extension<'_>, host: &Folded, told: &Told, trace: &mut Trace, out: &mut Activation) {
    let why = out.found.as_ref().and_then(|found| found.why);
    if why == Some(Why::Path) {
        out.keeps_old_prefix = false;
        return;
    }
    let Some(root) = out.goroot.clone().or_else(|| non_empty(host, "GOROOT")) else { return };
    let folder = expand::join(extension.os(), &[&root, "bin"]);
    if let Some(origin) = extension.is_off("go.terminal.activateEnvironment") {
        let reason =
            "go.terminal.activateEnvironment is off: neither terminals nor gopls and dlv get its go on PATH";
        trace.begin(
            Layer::skipped("go-path", "Go extension: its go before PATH", reason).from_source(origin.clone()),
        );
        let found = out.found.as_ref().and_then(|found| found.path.clone()).unwrap_or_default();
        let message = format!(
            "the Go extension uses {found}, but gopls, dlv and terminals the go of PATH – go.terminal.activateEnvironment is off – put that go on PATH, or switch it on"
        );
        out.problems.push(Problem::warning("vscode-go-path-off", message).at(origin));
        return;
    }
    out.keeps_old_prefix = false;
    let name = path_name(extension.os(), host);
    let Some((name, old)) = name else { return };
    let separator = if extension.os() == Os::Windows { ';' } else { ':' };
    let kept: Vec<&str> = old.split(separator).filter(|entry| *entry != folder).collect();
    let new = [&[folder.as_str()], kept.as_slice()].concat().join(&separator.to_string());
    let origin = reason_of_prefix(out, told);
    let reference = "goEnvironmentStatus.ts addGoRuntimeBaseToPATH";
    trace.layer(
        "go-path",
        "Go extension: its go before PATH",
        rule("bin of its GOROOT before PATH", reference),
    );
    if kept.len() < old.split(separator).count() {
        // It is taken out of where it stood, and is then its own entry.
        trace.set(name.as_bytes(), kept.join(&separator.to_string()).as_bytes(), origin.clone());
    }
    trace.set(name.as_bytes(), new.as_bytes(), origin.clone());
    trace.because(format!("the go that it found is not from PATH: {}", words(out)));
    out.prefix = Some((folder, origin));
}

/// What decided that the prefix is needed, and which: the toolchain that was chosen, else the place where go was found.
fn reason_of_prefix(out: &Activation, told: &Told) -> Origin {
    let switched = told.switched.clone();
    let found = out.found.as_ref().and_then(|found| found.steps.last()).and_then(|step| step.origin.clone());
    switched.or(found).unwrap_or_else(frozen_rule)
}

fn words(out: &Activation) -> String {
    let step = out.found.as_ref().and_then(|found| found.steps.last());
    step.map(|step| step.text.clone()).unwrap_or_default()
}

/// The variable of the search path as the host spells it.
fn path_name(os: Os, host: &Folded) -> Option<(&'static str, String)> {
    let of = |name: &'static str| host.value(name).map(|v| (name, v.to_text().into_owned()));
    of("PATH").or_else(|| if os == Os::Windows { of("Path") } else { None })
}

/// What the extension puts before PATH in terminals and tasks: by this start, or still from an earlier one.
pub fn terminal_prefix(window: &Window<'_>, activation: &Activation) -> Option<Mutator> {
    if let Some((folder, origin)) = &activation.prefix {
        let separator = if window.context.system.os() == Os::Windows { ';' } else { ':' };
        return Some(Mutator {
            extension: "golang.go".to_owned(),
            variable: Name::from("PATH"),
            change: Change::Prepend,
            value: Value::from(format!("{folder}{separator}")),
            at_creation: true,
            at_integration: true,
            folder: None,
            origin: origin.clone(),
        });
    }
    // Where nothing was put there, nothing was taken away either.
    activation.keeps_old_prefix.then(|| stored::prefix(window)).flatten()
}

/// The origin of a variable of the host, for those who take it over.
pub(super) fn origin(host: &Folded, name: &str) -> Origin {
    origin_of(host, name).unwrap_or_else(|| Origin::unknown(format!("{name} has no history")))
}
