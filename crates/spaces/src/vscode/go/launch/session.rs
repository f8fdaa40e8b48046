//! The two processes of a debug session: dlv, as the console has it started, and the program that is debugged.
//!
//! Not here: how `env` of the launch comes to be (`compose`).

use super::compose::{Composed, KINDS, Refused, compose};
use super::read::{Console, Launch};
use crate::derived::Derived;
use crate::trace::Trace;
use crate::vscode::go::environment::{self, Given, spelt};
use crate::vscode::go::extension::rule;
use crate::vscode::go::{Place, expand, find};
use crate::vscode::{Json, Known};
use model::{Evidence, Folded, Name, Origin, Problem, Space};
use system::Os;

/// Both spaces of a launch.
pub(super) fn spaces(place: &Place<'_>, launch: &Launch, terminal: Option<Known<'_>>) -> Vec<Derived> {
    let window = place.extension.window;
    let in_terminal = launch.console() == Console::Integrated;
    let parent = terminal.filter(|_| in_terminal).unwrap_or(place.host);
    let mut dlv = place.space(launch.id(window, "dlv"), &format!("dlv of {}", launch.name));
    let mut program = place.space(launch.id(window, "debuggee"), &format!("what {} debugs", launch.name));
    dlv.parent = Some(parent.id.clone());
    program.parent = Some(dlv.id.clone());
    let both = |mut dlv: Space, mut program: Space, reason: &str| {
        for space in [&mut dlv, &mut program] {
            space.evidence = Evidence::NotChecked { reason: reason.to_owned() };
        }
        [dlv, program].map(|space| Derived { space, then: None }).to_vec()
    };
    if let Some(server) = launch.server() {
        let reason = format!("it connects to a dlv that runs already, at {server}: what that one has counts");
        return both(dlv, program, &reason);
    }
    if launch.text("debugAdapter") == Some("legacy") {
        return both(dlv, program, "the legacy debug adapter starts dlv in a way of its own");
    }
    let runs = |known: Known<'_>| {
        window.context.atlas.space(known.id).is_none_or(|space| space.evidence.has_values())
    };
    if in_terminal && !terminal.is_some_and(runs) {
        return both(dlv, program, "it starts in a terminal of the editor, which was not run");
    }
    match compose(place.extension, place.host.environment, launch) {
        Err(Refused { reason, origin }) => {
            dlv.problems.push(Problem::error("vscode-launch-refused", reason.clone()).at(origin));
            both(dlv, program, &reason)
        }
        Ok(composed) => {
            let session = Session { place, launch, parent };
            session.dlv(&composed, &mut dlv);
            session.program(&composed, &dlv, &mut program);
            if let Some(reason) = &composed.assumed {
                for space in [&mut dlv, &mut program] {
                    if space.evidence.has_values() {
                        space.evidence = Evidence::Assumed { reason: reason.clone() };
                    }
                }
            }
            [dlv, program].map(|space| Derived { space, then: None }).to_vec()
        }
    }
}

struct Session<'a> {
    place: &'a Place<'a>,
    launch: &'a Launch,
    parent: Known<'a>,
}

const SPAWN: &str = "goDebugFactory.ts spawnDlvDapServerProcess";

impl Session<'_> {
    fn dlv(&self, composed: &Composed, space: &mut Space) {
        let mut trace = Trace::over(self.parent.environment);
        let console = self.launch.console();
        space.problems.extend(composed.problems.iter().cloned());
        space.problems.extend(self.dlv_missing());
        space.cwd = self.build_folder().or_else(|| space.cwd.take());
        if console == Console::Integrated
            && let Some(given) = null_in_terminal(composed)
            && self.place.extension.os() != Os::Windows
        {
            let reason = format!(
                "the launch is given up: {} is null, which a terminal is given as `env … -u {}` behind other variables",
                given.name, given.name
            );
            space
                .problems
                .push(Problem::error("vscode-launch-null", reason.clone()).at(given.origin.clone()));
            // env(1) of GNU takes no option behind an assignment; others were not tried.
            space.evidence = match self.place.extension.os() {
                Os::Linux => Evidence::NotChecked { reason },
                _ => Evidence::Assumed { reason: format!("{} is taken to be unset", given.name) },
            };
        }
        if console == Console::External {
            sanitize(&mut trace);
            let reason = "the terminal program adds variables of its own";
            space.evidence = Evidence::Assumed { reason: reason.to_owned() };
        }
        if self.launch.get("asRoot").is_some_and(|s| s.value == Json::Bool(true))
            && console != Console::Internal
        {
            let reason =
                "asRoot starts it by sudo, whose rules take variables away (gowhence why … --in sudo)";
            space.evidence = Evidence::Assumed { reason: reason.to_owned() };
        }
        for kind in KINDS {
            let mut given = composed.variables.0.iter().filter(|given| given.layer == kind).peekable();
            // The host's own GOPATH once more is no change.
            let again = |given: &Given, trace: &Trace| {
                kind == &environment::GOPATH && trace.get(&given.name) == Some(spelt(&given.value).as_bytes())
            };
            if given.peek().is_none_or(|given| again(given, &trace)) {
                continue;
            }
            trace.layer(kind.id, kind.title, rule(kind.title, SPAWN));
            for given in given {
                match (&given.value, console) {
                    (Json::Null, Console::Integrated | Console::External) => {
                        trace.unset(given.name.as_bytes(), given.origin.clone());
                    }
                    // Node makes text of it; dlv then takes the variable away.
                    (Json::Null, Console::Internal) => {
                        environment::set(&mut trace, given);
                        trace.because("null becomes text here; dlv unsets it for the program");
                    }
                    _ => environment::set(&mut trace, given),
                }
            }
        }
        space.layers = trace.into_layers();
    }

    fn program(&self, composed: &Composed, dlv: &Space, space: &mut Space) {
        if !dlv.evidence.has_values() {
            space.evidence.clone_from(&dlv.evidence);
            return;
        }
        if self.launch.is_attach() {
            let reason = "attached to a process that runs already, with what it was given".to_owned();
            space.evidence = Evidence::NotChecked { reason };
            return;
        }
        let no_text = |given: &&Given| !matches!(given.value, Json::Text(_) | Json::Null);
        if let Some(given) = composed.variables.0.iter().find(no_text) {
            let reason = format!(
                "dlv refuses the launch: {} is {}, not text – put it in quotes",
                given.name,
                spelt(&given.value)
            );
            let problem = Problem::error("vscode-launch-not-text", reason.clone()).at(given.origin.clone());
            space.problems.push(problem);
            space.evidence = Evidence::NotChecked { reason };
            return;
        }
        if !matches!(dlv.evidence, Evidence::Derived | Evidence::Observed) {
            space.evidence.clone_from(&dlv.evidence);
        }
        let env = Folded::over(Some(self.parent.environment), dlv);
        let mut trace = Trace::over(&env);
        let of = |text: &str, reference: &str| Origin::rule(text, format!("delve: {reference}"));
        if env.value("CGO_CFLAGS").is_none_or(|v| v.is_empty()) {
            trace.layer("dlv", "dlv", of("dlv's own start", "cmd/dlv/main.go main"));
            trace.set(b"CGO_CFLAGS", b"-O0 -g", of("so that C code can be debugged", "cmd/dlv/main.go main"));
        }
        let set = |trace: &mut Trace, given: &Given| match given.value {
            Json::Null => trace.unset(given.name.as_bytes(), given.origin.clone()),
            _ => environment::set(trace, given),
        };
        let differs = |given: &&Given, env: &Folded| match &given.value {
            Json::Null => {
                env.get(&Name::from(given.name.as_str())).is_some_and(|h| h.state.value().is_some())
            }
            value => env.value(&given.name).is_none_or(|v| v.as_bytes() != spelt(value).as_bytes()),
        };
        let changed: Vec<&Given> = composed.variables.0.iter().filter(|g| differs(g, &env)).collect();
        if !changed.is_empty() {
            let source = of("env of the launch, set once more", "service/dap/server.go onLaunchRequest");
            trace.layer("launch", "dlv sets env of the launch", source);
            changed.into_iter().for_each(|given| set(&mut trace, given));
        }
        if self.place.extension.os() != Os::Windows
            && let Some(folder) = self.work_folder()
        {
            space.cwd = Some(folder.clone());
            trace.layer(
                "go-exec",
                "started in its folder",
                of("PWD of a child with a folder", "os/exec of Go"),
            );
            let source = Origin::rule(
                "PWD of a child that is given a folder",
                "go: src/os/exec/exec.go (*Cmd).environ",
            );
            if self.folder_is_a_guess() {
                trace.stand_in(b"PWD", folder.as_bytes(), "as for a file in the folder itself", source);
            } else {
                trace.set(b"PWD", folder.as_bytes(), source);
            }
        }
        space.layers = trace.into_layers();
    }

    fn dlv_missing(&self) -> Option<Problem> {
        let host = self.place.host.environment;
        let goroot = self.place.activation.goroot.as_deref();
        let found = find::find(self.place.extension, host, "dlv", goroot);
        if found.path.is_some() || self.launch.text("dlvToolPath").is_some() {
            return None;
        }
        let looked: Vec<String> = found.steps.iter().map(|step| step.text.clone()).collect();
        let looked = looked.join("; ");
        let message = format!("the Go extension finds no dlv – {looked} – run Go: Install/Update Tools");
        Some(Problem::warning("vscode-dlv-not-found", message))
    }

    /// The folder of `program`, in which dlv is started and builds.
    fn build_folder(&self) -> Option<String> {
        let root = self.launch.root.clone();
        let Some(program) = self.launch.text("program") else { return root };
        let os = self.place.extension.os();
        let folder = root.as_deref().unwrap_or_default();
        let text = program.replace("${workspaceFolder}", folder).replace("${workspaceRoot}", folder);
        if text.contains("${") {
            return root;
        }
        let text = if expand::is_absolute(os, &text) { text } else { expand::join(os, &[folder, &text]) };
        if self.place.extension.system().is_folder(&text) {
            return Some(text.trim_end_matches('/').to_owned()).filter(|text| !text.is_empty());
        }
        if !text.ends_with(".go") {
            return root;
        }
        text.rsplit_once(['/', '\\']).map(|(folder, _)| folder.to_owned())
    }

    /// Where the program is started: `cwd`, else the package's folder.
    fn work_folder(&self) -> Option<String> {
        let os = self.place.extension.os();
        match self.launch.text("cwd") {
            Some(cwd) if expand::is_absolute(os, cwd) => Some(cwd.to_owned()),
            Some(cwd) => Some(expand::join(os, &[self.launch.root.as_deref()?, cwd])),
            None => self.build_folder(),
        }
    }

    /// The program is that of whatever file is open.
    fn folder_is_a_guess(&self) -> bool {
        let program = self.launch.text("program").unwrap_or_default();
        let known = program.replace("${workspaceFolder}", "").replace("${workspaceRoot}", "");
        self.launch.text("cwd").is_none() && known.contains("${")
    }
}

/// A variable that is null behind one that is not, which a terminal is given as `env A=1 -u B` (vscode:
/// workbench/contrib/debug/node/terminals.ts `prepareCommand`).
fn null_in_terminal(composed: &Composed) -> Option<&Given> {
    let mut given = composed.variables.0.iter().skip_while(|given| given.value == Json::Null);
    given.find(|given| given.value == Json::Null)
}

/// vscode: base/common/processes.ts `sanitizeProcessEnvironment`.
fn sanitize(trace: &mut Trace) {
    const KEPT: &[&str] = &[
        "VSCODE_PORTABLE",
        "VSCODE_SHELL_LOGIN",
        "VSCODE_ENV_REPLACE",
        "VSCODE_ENV_APPEND",
        "VSCODE_ENV_PREPEND",
    ];
    let origin = Origin::rule("the editor's own variables are taken out", "vscode: base/common/processes.ts");
    trace.layer("sanitized", "without the editor's own variables", origin.clone());
    for (name, _) in trace.names() {
        let text = String::from_utf8_lossy(&name).into_owned();
        let longer = |prefix: &str| text.len() > prefix.len() && text.starts_with(prefix);
        let own = longer("ELECTRON_")
            || (longer("VSCODE_") && !KEPT.iter().any(|kept| text.starts_with(kept)))
            || text == "SNAP"
            || text.starts_with("SNAP_")
            || longer("GDK_PIXBUF_");
        if own {
            trace.unset(&name, origin.clone());
        }
    }
}
