//! The way of a `go env` command from its start to its answer, in go's own order (go: src/cmd/go/main.go `main`,
//! `invoke`, src/cmd/go/internal/envcmd/env.go `runEnv`, read in every minor).
//!
//! Deliberately not here: each step itself.

use super::fatal::{Refusal, refuse, shown, unknown};
use super::go::{Found, Go, Start};
use super::modules::Modules;
use super::request::{Request, Usage};
use super::select::{self, Switch};
use super::values::Row;
use super::{Fatal, Outcome, Query, Values, Variable};
use super::{architecture, choice, costly, debug, errors, experiment, flags, modules, values};
use crate::launch::{self, Launch};
use crate::{file_path, lookup, text};
use model::{
    Confidence, Effect, Evidence, Folded, Layer, Origin, SettingSource, Space, SpaceId, ToolchainChoice,
};
use std::borrow::Cow;
use system::Os;

/// More hand-overs than this go takes for a loop (go: toolchain/select.go `maxSwitch`).
const MOST_SWITCHES: usize = 100;

/// go: src/cmd/go/internal/base/base.go, the first line of `go help`.
const ABOUT_GO: &str = "Go is a tool for managing Go source code.";

pub(super) fn evaluate(query: &Query<'_>) -> Outcome {
    let system = query.programs.system();
    match lookup::first(system, query.env, query.cwd, "go") {
        Some(launched) => evaluate_program(query, launched, "go"),
        None => Outcome::NotFound,
    }
}

/// The toolchain that the go chooses which is found first, or the one at `launched`; `None` where none is found, its
/// version cannot be told, or it is older than 1.21.
pub(super) fn choice(query: &Query<'_>, launched: Option<&str>) -> Option<ToolchainChoice> {
    let system = query.programs.system();
    let launched =
        launched.map(str::to_owned).or_else(|| lookup::first(system, query.env, query.cwd, "go"))?;
    choice::told(&Walk::new(query, "go").start(&launched).ok()?)
}

/// `launched` is absolute; `argv0` is what it is called by.
pub(super) fn evaluate_program(query: &Query<'_>, launched: String, argv0: &str) -> Outcome {
    let mut walk = Walk::new(query, argv0);
    match walk.run(launched) {
        Ok(values) => Outcome::Values(Box::new(values)),
        Err(Refusal::Unknown { reason, origin }) => Outcome::Unknown { reason, origin },
        Err(Refusal::Writes(request)) => {
            Outcome::Writes { request: *request, version: walk.version.unwrap_or_default() }
        }
        Err(Refusal::Fatal { status, text, origin }) => {
            let stderr = walk.stderr + &shown(&text) + if text.ends_with('\n') { "" } else { "\n" };
            Outcome::Fatal(Fatal { status, stderr, origin, version: walk.version })
        }
    }
}

struct Walk<'a> {
    query: &'a Query<'a>,
    env: Cow<'a, Folded>,
    cwd: Option<String>,
    words: Vec<String>,
    /// What the program is called by; a command interpreter hands on what was typed.
    argv0: String,
    stderr: String,
    switches: Vec<ToolchainChoice>,
    /// Of the go that got furthest.
    version: Option<String>,
}

impl<'a> Walk<'a> {
    fn new(query: &'a Query<'a>, argv0: &str) -> Self {
        Self {
            query,
            env: Cow::Borrowed(query.env),
            cwd: query.cwd.map(str::to_owned),
            words: query.words.to_vec(),
            argv0: argv0.to_owned(),
            stderr: String::new(),
            switches: Vec::new(),
            version: None,
        }
    }

    fn run(&mut self, mut launched: String) -> Result<Values, Refusal> {
        for _ in 0..MOST_SWITCHES {
            let mut go = self.start(&launched)?;
            debug::check_at_start(&go)?;
            architecture::check_at_load(&go)?;
            self.change_folder(&mut go)?;
            match select::select(&go, &self.words)? {
                None => return self.answer(&mut go),
                Some(switch) => {
                    launched.clone_from(&switch.program);
                    self.hand_over(&go, switch);
                }
            }
        }
        Err(refuse(1, "go: too many toolchain switches".to_owned()))
    }

    /// The go behind the file that is launched, with what a wrapper gives it.
    fn start(&mut self, launched: &str) -> Result<Go<'a>, Refusal> {
        let programs = self.query.programs;
        let Launch { launched, program, goroot } =
            launch::follow(programs, &self.env, launched).map_err(unknown)?;
        if let Some((root, origin)) = goroot {
            let effect = Effect::set("GOROOT", root, origin, Confidence::Static);
            self.env = Cow::Owned(with(&self.env, "wrapper", vec![effect]));
        }
        let Some((version, version_origin)) = super::go::version_of(programs, &launched, program.as_ref())
        else {
            return Err(unknown(format!(
                "which version of go `{launched}` is cannot be told from its files"
            )));
        };
        self.version = Some(version.clone());
        let (env, cwd) = (self.env.clone(), self.cwd.clone());
        Ok(Go::start(Start { programs, env, launched, program, version, version_origin, cwd }))
    }

    /// `-C DIR`, which since 1.21 comes before everything.
    fn change_folder(&mut self, go: &mut Go<'_>) -> Result<(), Refusal> {
        let (folder, words) = flags::take_folder(&self.words, &go.version);
        self.words = words;
        match folder {
            Some(folder) => self.enter(go, &folder),
            None => Ok(()),
        }
    }

    fn enter(&mut self, go: &mut Go<'_>, folder: &str) -> Result<(), Refusal> {
        if let Some(trouble) = errors::as_folder(go, folder) {
            return Err(of_usage(flags::folder_refused(&go.version, folder, trouble.text(go.os))));
        }
        let path = go.seen(folder);
        // Windows keeps the path as it was spelled (GetCurrentDirectoryW), Unix knows the folder alone.
        let cwd = match go.os {
            Os::Windows => file_path::clean(go.os, &path),
            _ => go.system.canonicalize(&path).unwrap_or(path),
        };
        go.cwd = Some(cwd.clone());
        self.cwd = Some(cwd);
        Ok(())
    }

    /// What the chosen toolchain is given (go: toolchain/select.go `Exec`, exec.go `execGoToolchain`).
    fn hand_over(&mut self, go: &Go<'_>, switch: Switch) {
        let rule =
            || Origin::rule("set when toolchains are switched", "go: src/cmd/go/internal/toolchain/exec.go");
        let set = |name: &str, value: &str| Effect::set(name, value, rule(), Confidence::Static);
        let count: u64 = go.os_text("GOTOOLCHAIN_INTERNAL_SWITCH_COUNT").parse().unwrap_or(0);
        let mut effects = vec![
            set("GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", &switch.name),
            set("GOTOOLCHAIN_INTERNAL_SWITCH_COUNT", &(count.saturating_add(1)).to_string()),
        ];
        effects.push(match &switch.goroot {
            Some(root) => set("GOROOT", root),
            None => Effect::unset("GOROOT", rule(), Confidence::Static),
        });
        self.env = Cow::Owned(with(&self.env, "toolchain-switch", effects));
        let Switch { name, program, goroot, warnings, reason, origin } = switch;
        self.stderr.push_str(&shown(&warnings));
        if go.os == Os::Windows {
            // Elsewhere the words stay as they are (go: toolchain/exec.go, path_windows.go).
            file_path::base(go.os, &program).clone_into(&mut self.argv0);
        }
        let found = Some(goroot.unwrap_or(program));
        self.switches.push(ToolchainChoice { name, local: false, reason, origin, found, problem: None });
    }

    /// What this go says itself.
    fn answer(&mut self, go: &mut Go<'_>) -> Result<Values, Refusal> {
        self.check_words()?;
        let mut gopath = values::gopath(go);
        if go.since(22) {
            check_goroot(go)?;
            self.check_gopath(go, &mut gopath)?;
        } else {
            self.check_gopath(go, &mut gopath)?;
            check_goroot(go)?;
        }
        // Since 1.23 it counts whether there is a go.work before it runs any command.
        if go.since(23) && modules::will_be_enabled(go)? {
            modules::work_file(go)?;
        }
        if !go.since(16) {
            costly::builder(go, false)?;
        }
        let request = self.request(go)?;
        check_request(go, &request)?;
        architecture::check(go, &self.argv0)?;
        check_experiment(go)?;
        if go.since(21)
            && let Some(name) = request.names.iter().find(|name| name.contains('='))
        {
            let name = text::quote(name);
            return Err(refuse(1, format!("go: invalid variable name {name} (use -w to set variable)")));
        }
        let modules = modules::init(go, &gopath.found.text)?;
        self.stderr.push_str(&shown(&modules.warnings));
        self.values(go, request, &gopath, &modules)
    }

    /// No flag may stand before the command: `-C` is gone by now, where it is known.
    fn check_words(&self) -> Result<(), Refusal> {
        let Some(word) = self.words.first().filter(|word| word.starts_with('-')) else { return Ok(()) };
        let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
        // The list of all commands that follows is left out.
        let text = format!("flag provided but not defined: -{name}\n{ABOUT_GO}");
        Err(refuse(2, text))
    }

    fn request(&mut self, go: &mut Go<'_>) -> Result<Request, Refusal> {
        let goflags = text::encode(&go.text("GOFLAGS"));
        let request = Request::parse_with(&self.words, &goflags, &go.version, go.os).map_err(of_usage)?;
        // 1.20 enters the folder while it reads flags.
        if let Some(folder) = request.folder.clone() {
            self.enter(go, &folder)?;
        }
        Ok(request)
    }

    fn values(
        &mut self,
        go: &Go<'_>,
        request: Request,
        gopath: &Row,
        modules: &Modules,
    ) -> Result<Values, Refusal> {
        let mut variables = values::of_start(go, gopath);
        variables.extend(values::of_folder(go, modules, &gopath.found.text));
        let full = request.names.is_empty();
        let is_costly = |name: &String| costly::NAMES.contains(&name.split('=').next().unwrap_or_default());
        if full || request.names.iter().any(is_costly) {
            costly::builder(go, request.dry_run)?;
            if request.dry_run {
                self.stderr.push_str(&shown(&costly::dry_run(go)?));
            }
            let probe = self.query.probe && go.system.can_run();
            variables.extend(costly::variables(go, request.dry_run, probe)?);
        }
        let named: Vec<Variable> = request.names.iter().map(|name| named(go, &variables, name)).collect();
        // A value that was asked for by name is not passed over; in the list its line is left out.
        let asked = named.iter().find_map(Variable::untold);
        if let Some(reason) = asked {
            return Err(unknown(reason));
        }
        if go.since(24) {
            variables.sort_by(|a, b| a.name().cmp(b.name()));
        }
        Ok(Values {
            version: go.version.clone(),
            os: go.os,
            program: go.launched.clone(),
            request,
            variables,
            named,
            stderr: std::mem::take(&mut self.stderr),
            switches: std::mem::take(&mut self.switches),
        })
    }

    /// Entries of GOPATH must be absolute; one that go inferred itself is dropped instead.
    fn check_gopath(&mut self, go: &Go<'_>, gopath: &mut Row) -> Result<(), Refusal> {
        let text = gopath.found.text.clone();
        let root = if go.since(22) { go.goroot() } else { go.runtime_goroot.as_str() };
        if file_path::clean(go.os, &text) == file_path::clean(go.os, root) {
            let warning = if go.since(24) {
                format!(
                    "warning: both GOPATH and GOROOT are the same directory ({text}); see \
                     https://go.dev/wiki/InstallTroubleshooting\n"
                )
            } else {
                format!("warning: GOPATH set to GOROOT ({text}) has no effect\n")
            };
            self.stderr.push_str(&shown(&warning));
            return Ok(());
        }
        let origin = Some(gopath.found.origin.clone());
        for entry in go.split_list(&text).iter().filter(|entry| !entry.is_empty()) {
            let quoted = text::quote(entry);
            if entry.starts_with('~') {
                let text = format!("go: GOPATH entry cannot start with shell metacharacter '~': {quoted}");
                return Err(refuse(2, text).because(origin));
            }
            if go.is_absolute(entry) {
                continue;
            }
            if go.since(13) && go.get("GOPATH").is_none() {
                let rule = Origin::rule("the home folder is relative", "go: src/cmd/go/main.go main");
                gopath.found = Found { text: String::new(), source: SettingSource::Default, origin: rule };
                continue;
            }
            let text = format!(
                "go: GOPATH entry is relative; must be absolute path: {quoted}.\nFor more details see: 'go help gopath'"
            );
            return Err(refuse(2, text).because(origin));
        }
        Ok(())
    }
}

fn check_goroot(go: &Go<'_>) -> Result<(), Refusal> {
    let root = go.goroot();
    let refused = |what: &str| {
        let origin = Some(go.goroot.origin.clone());
        Err(refuse(2, format!("go: cannot find GOROOT directory: {what}")).because(origin))
    };
    if root.is_empty() && go.since(19) {
        return refused("'go' binary is trimmed and GOROOT is not set");
    }
    if root.is_empty() || !go.system.is_folder(&go.seen(root)) {
        return refused(root);
    }
    Ok(())
}

/// `-json`, `-u` and `-w` exclude each other.
fn check_request(go: &Go<'_>, request: &Request) -> Result<(), Refusal> {
    let program = if go.since(18) { "go" } else { "go env" };
    let refused = |a: &str, b: &str| Err(refuse(1, format!("{program}: cannot use {a} with {b}")));
    match (request.json, request.unset, request.write) {
        (true, true, _) => refused("-json", "-u"),
        (true, _, true) => refused("-json", "-w"),
        (_, true, true) => refused("-u", "-w"),
        (_, false, false) => Ok(()),
        _ => Err(Refusal::Writes(Box::new(request.clone()))),
    }
}

/// GOEXPERIMENT of the env file.
fn check_experiment(go: &Go<'_>) -> Result<(), Refusal> {
    if !go.since(19) {
        return Ok(());
    }
    let text = values::experiment_text(go);
    match experiment::refused(go.minor, &go.baked, &go.goos(), &go.goarch(), &text) {
        None => Ok(()),
        Some(text) => {
            let origin = go.get("GOEXPERIMENT").map(|found| found.origin);
            Err(refuse(1, format!("go: {text}")).because(origin))
        }
    }
}

/// `findEnv`: since 1.21 also what is configured under any name that go reads.
fn named(go: &Go<'_>, variables: &[Variable], name: &str) -> Variable {
    if let Some(known) = variables.iter().find(|v| v.name() == name) {
        return known.clone();
    }
    if go.since(21) && go.can_get(name) {
        let found = go.get(name).or_else(|| go.line(name).cloned());
        if let Some(Found { text, source, origin }) = found {
            return Variable::new(name, text::value(&text), source, origin);
        }
    }
    let rule = Origin::rule("nothing of that name", "go: src/cmd/go/internal/envcmd/env.go findEnv");
    Variable::new(name, "", SettingSource::Default, rule)
}

fn of_usage(usage: Usage) -> Refusal {
    refuse(usage.status, usage.stderr)
}

/// An environment with changes on top.
pub(crate) fn with(env: &Folded, layer: &str, effects: Vec<Effect>) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), layer, None, Evidence::Derived);
    space.case = env.case();
    space.path_separator = env.path_separator();
    space.layers.push(Layer::applied(layer, layer, effects));
    Folded::over(Some(env), &space)
}
