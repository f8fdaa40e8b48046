//! [`view()`]: which go runs in a space, told from its variables and the files there.

use crate::binary::Program;
use crate::env::run::with;
use crate::env::settings::{Asked, settings};
use crate::env_file::{self, EnvFile, Location};
use crate::goroot::{self, Goroot, Source};
use crate::lookup::{self, Hit};
use crate::programs::Programs;
use crate::rules::Rules;
use crate::shim::{self, Shim};
use crate::{conflicts, sdk};
use model::{Candidate, Confidence, Effect, Folded, GoStart, GoView, Origin, Shadow};
use system::System;

/// Which `go` a command in a space finds and what it is. `env` is the environment of the space, `cwd` its working
/// folder (for relative entries of PATH and relative file names), `shadow` an alias or function named `go` that
/// its shell runs instead.
///
/// Reads files only; no program is run. Where `shadow` is given, everything else still describes the `go` on PATH.
pub fn view(system: &dyn System, env: &Folded, cwd: Option<&str>, shadow: Option<Shadow>) -> GoView {
    view_with(&Programs::new(system), env, cwd, shadow)
}

/// The same for many spaces of one machine: each program file is read once.
pub fn view_with(programs: &Programs<'_>, env: &Folded, cwd: Option<&str>, shadow: Option<Shadow>) -> GoView {
    view_started(programs, env, cwd, shadow, None)
}

/// The same where a program there starts go in a way of its own. A file that it starts by its path is the first
/// candidate, at entry 0; what PATH has is behind it.
pub fn view_started(
    programs: &Programs<'_>,
    env: &Folded,
    cwd: Option<&str>,
    shadow: Option<Shadow>,
    start: Option<&GoStart>,
) -> GoView {
    let system = programs.system();
    let mut found = lookup::lookup(system, env, cwd, "go");
    if let Some(path) = start.and_then(|start| start.path.as_ref()) {
        found.hits.retain(|hit| hit.absolute != *path);
        found.hits.insert(0, Hit { path: path.clone(), absolute: path.clone(), entry: 0 });
    }
    let examined: Vec<Examined> = found.hits.iter().map(|hit| examine(programs, env, cwd, hit)).collect();
    let mut view = match examined.first() {
        Some(first) => GoView {
            path: Some(first.candidate.path.clone()),
            version: first.candidate.version.clone(),
            version_origin: first.candidate.version_origin.clone(),
            goroot: first.goroot.value.clone(),
            goroot_origin: Some(first.goroot.origin.clone()),
            ..GoView::default()
        },
        None => GoView::default(),
    };
    let newest = || EnvRead::of(system, env, cwd, &Rules::default());
    let read = examined.first().map_or_else(newest, |first| first.env.clone());
    view.settings = match examined.first() {
        Some(first) => settings_of(programs, env, cwd, first),
        None => settings_of(programs, env, cwd, &no_go(&read)),
    };
    if let Some(Examined { shim: Some(shim), version_text: None, .. }) = examined.first() {
        view.settings.retain(|setting| !shim.replaces(env, &setting.name));
    }
    view.env_file = read.location.path.clone();
    view.env_file_origin = Some(read.location.origin.clone());
    view.env_file_exists = read.exists;
    view.conflicts = found.problems;
    view.conflicts.extend(conflicts::find(
        system,
        env,
        cwd,
        &examined,
        &read,
        shadow.as_ref(),
        &view.settings,
    ));
    view.candidates = examined.into_iter().map(|e| e.candidate).collect();
    view.search = start.map(|start| start.search.clone()).unwrap_or_default();
    view.shadow = shadow;
    view
}

/// A candidate with all that conflicts are told from.
pub(crate) struct Examined {
    pub(crate) candidate: Candidate,
    /// `runtime.Version` of the binary, or what its tree says.
    pub(crate) version_text: Option<String>,
    pub(crate) goroot: Goroot,
    pub(crate) rules: Rules,
    pub(crate) env: EnvRead,
    /// The shim that was found in the place of a go.
    pub(crate) shim: Option<Shim>,
    /// The go itself behind shims and wrappers, absolute; empty where it is not known.
    pub(crate) launched: String,
    pub(crate) program: Option<Program>,
}

/// The env file as one version of go reads it.
#[derive(Clone)]
pub(crate) struct EnvRead {
    pub(crate) location: Location,
    pub(crate) exists: bool,
    pub(crate) file: EnvFile,
}

impl EnvRead {
    fn of(system: &dyn System, env: &Folded, cwd: Option<&str>, rules: &Rules) -> Self {
        let location = env_file::locate(system.os(), env, rules);
        let found = location.path.as_deref().map(|path| env_file::read(system, cwd, path));
        let (exists, file) = found.map(|f| (f.exists, f.file)).unwrap_or_default();
        Self { location, exists, file }
    }
}

fn examine(programs: &Programs<'_>, env: &Folded, cwd: Option<&str>, hit: &Hit) -> Examined {
    let system = programs.system();
    let resolved = system.canonicalize(&hit.absolute).unwrap_or_else(|_| hit.absolute.clone());
    let program = programs.read(&resolved);
    let shim = shim::recognise(system, env, &hit.absolute, &resolved, program.as_ref());
    let mut examined = match &shim {
        Some(Shim { target: Some(target), .. }) if system.exists(target) => {
            let program = programs.read(&system.canonicalize(target).unwrap_or_else(|_| target.clone()));
            go_itself(programs, env, cwd, target, program.as_ref())
        }
        Some(shim) => unknown_go(system, env, cwd, shim),
        None => go_itself(programs, env, cwd, &hit.absolute, program.as_ref()),
    };
    if let Some((root, origin)) = shim.as_ref().and_then(|s| s.sets_goroot.clone()) {
        examined.goroot = Goroot { value: Some(root), origin, source: Source::Wrapper };
    }
    examined.candidate.path = hit.path.clone();
    examined.candidate.entry = hit.entry;
    examined.candidate.keeper = sdk::keeper(&resolved).map(str::to_owned);
    examined.candidate.resolved = (resolved != hit.path).then_some(resolved);
    examined.candidate.shim = shim.as_ref().map(|s| s.name.clone());
    examined.candidate.goroot = examined.goroot.value.clone();
    examined.shim = shim;
    examined
}

/// The go command at `launched`.
fn go_itself(
    programs: &Programs<'_>,
    env: &Folded,
    cwd: Option<&str>,
    launched: &str,
    program: Option<&Program>,
) -> Examined {
    let system = programs.system();
    let resolved = system.canonicalize(launched).unwrap_or_else(|_| launched.to_owned());
    let told = match program {
        // `go version` prints what the binary was built as, whatever the tree around it says.
        Some(program) => Some((program.go_version.clone(), Origin::file(resolved.as_str()))),
        None => sdk::tree_of(system, &resolved)
            .or_else(|| sdk::tree_of(system, launched))
            .and_then(|tree| sdk::version(system, &tree)),
    };
    let rules = rules_of(programs, &resolved, told.as_ref().map(|(text, _)| text.as_str()), program);
    let read = EnvRead::of(system, env, cwd, &rules);
    let goroot = goroot::find(programs, env, &rules, &read.file, launched, program);
    let candidate = Candidate {
        version: told.as_ref().map(|(text, _)| short(text)),
        version_origin: told.as_ref().map(|(_, origin)| origin.clone()),
        ..Candidate::default()
    };
    Examined {
        candidate,
        version_text: told.map(|(text, _)| text),
        goroot,
        rules,
        env: read,
        shim: None,
        launched: launched.to_owned(),
        program: program.cloned(),
    }
}

/// A go without build information is of 1.12 or older, wherever its tree has gone.
fn rules_of(programs: &Programs<'_>, resolved: &str, told: Option<&str>, program: Option<&Program>) -> Rules {
    if told.is_none() && program.is_none() && programs.baked_goroot(resolved).is_some() {
        return Rules::of(Some("go1.12"));
    }
    Rules::of(told)
}

fn settings_of(
    programs: &Programs<'_>,
    env: &Folded,
    cwd: Option<&str>,
    first: &Examined,
) -> Vec<model::Setting> {
    let version = first.version_text.as_deref().zip(first.candidate.version_origin.as_ref());
    let asked = Asked { launched: &first.launched, program: first.program.clone(), version };
    match (first.goroot.source, &first.goroot.value) {
        // What a wrapper sets, the go behind it finds in its environment.
        (Source::Wrapper, Some(root)) => {
            let origin = first.goroot.origin.clone();
            let effect = Effect::set("GOROOT", root.as_str(), origin, Confidence::Static);
            settings(programs, &with(env, "wrapper", vec![effect]), cwd, asked)
        }
        _ => settings(programs, env, cwd, asked),
    }
}

/// In the place of a go where none is found.
fn no_go(read: &EnvRead) -> Examined {
    let origin = Origin::unknown("no go is found on PATH");
    Examined {
        candidate: Candidate::default(),
        version_text: None,
        goroot: Goroot { value: None, origin, source: Source::None },
        rules: Rules::default(),
        env: read.clone(),
        shim: None,
        launched: String::new(),
        program: None,
    }
}

/// Behind a shim that decides in each folder anew.
fn unknown_go(system: &dyn System, env: &Folded, cwd: Option<&str>, shim: &Shim) -> Examined {
    let rules = Rules::default();
    let read = EnvRead::of(system, env, cwd, &rules);
    let kept = if shim.keeps_goroot { goroot::variable(env, "GOROOT") } else { None };
    let goroot = match kept {
        Some((value, origin)) => Goroot { value: Some(value), origin, source: Source::Environment },
        None => {
            let origin = Origin::unknown(match &shim.broken {
                Some(reason) => format!("the file found ({}) only runs {reason}", shim.name),
                None => format!("which go is run is decided by {}", shim.name),
            });
            Goroot { value: None, origin, source: Source::Wrapper }
        }
    };
    Examined {
        candidate: Candidate::default(),
        version_text: None,
        goroot,
        rules,
        env: read,
        shim: None,
        launched: String::new(),
        program: None,
    }
}

/// `1.26.3` of `go1.26.3`; text of a development version stays as it is.
fn short(version: &str) -> String {
    version.strip_prefix("go").unwrap_or(version).to_owned()
}
