//! bash in posix mode in the place of `sh`.

use crate::bash::script::{Start, source_if_there};
use crate::bash::{mode_options, xtrace::Mark};
use crate::{PER_RUN_NAMES, Request, ShellKind, Trace};
use model::{Name, Value};
use std::collections::BTreeMap;
use system::{RunOutcome, RunSpec, System};

const BASH: &[&str] = &["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/opt/homebrew/bin/bash"];

/// Variables by which files tell bash from other shells, as far as bash lets go of them, and those that only it makes.
const ONLY_BASH: &str = "\
unset BASH BASH_VERSION HOSTNAME HOSTTYPE MACHTYPE OSTYPE RANDOM SECONDS DIRSTACK GROUPS HISTCMD HISTFILE HISTSIZE \
HISTFILESIZE COLUMNS LINES MAILCHECK EPOCHSECONDS EPOCHREALTIME SRANDOM COMP_WORDBREAKS
";

pub(super) fn find_bash(system: &dyn System) -> Option<String> {
    BASH.iter().find(|path| system.is_executable(path)).map(|path| (*path).to_owned())
}

/// The files in their order. ENV is looked at after the others, which may set it.
fn sources(request: &Request) -> String {
    let mut text = String::new();
    if request.mode.login {
        text.push_str(&source_if_there("/etc/profile"));
        text.push_str(&source_if_there("~/.profile"));
    }
    if request.mode.interactive {
        // The value is expanded once more (POSIX.1-2017 XCU sh, ENV); a name alone is not searched for in PATH.
        text.push_str(
            "if [[ -n ${ENV-} ]]; then
builtin eval \"__gowhence_env=\\\"$ENV\\\"\"
[[ $__gowhence_env == */* ]] || __gowhence_env=./$__gowhence_env
if [[ -e $__gowhence_env ]]; then builtin . \"$__gowhence_env\"; fi
fi\n",
        );
    }
    text
}

/// bash that is `sh` by its name is itself.
pub(super) fn bash_as_sh(request: &Request, mark: &Mark, watched: &[String]) -> RunSpec {
    let start = Start {
        request,
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        options: mode_options(request),
        withheld: &["ENV"],
        prologue: String::new(),
        sources: sources(request),
        zero: None,
    };
    start.spec(mark, watched)
}

pub(super) fn stand_in(request: &Request, bash: &str, mark: &Mark, watched: &[String]) -> RunSpec {
    let mut options = vec![Value::from("--posix")];
    options.extend(request.mode.login.then(|| Value::from("-l")));
    options.extend(request.mode.interactive.then(|| Value::from("-i")));
    // dash and ash have a prompt also where nobody sees it (dash: var.c varinit).
    let prompt = match (request.shell.kind, request.uid) {
        (ShellKind::Ash, _) => "PS1='\\w \\$ '\n",
        (_, 0) => "PS1='# '\n",
        _ => "PS1='$ '\n",
    };
    let start = Start {
        request,
        program: bash.to_owned(),
        arg0: None,
        options,
        withheld: &["ENV", "BASH_ENV"],
        prologue: format!("{ONLY_BASH}{prompt}"),
        sources: sources(request),
        zero: Some(zero(request)),
    };
    start.spec(mark, watched)
}

/// `$0` as the shell has it.
fn zero(request: &Request) -> String {
    match &request.arg0 {
        Some(arg0) => arg0.clone(),
        None if request.shell.path.ends_with("/busybox") => "ash".to_owned(),
        None => request.shell.path.clone(),
    }
}

/// Takes back what the stand-in said of variables that it ended with another value than the shell itself; gives
/// their names, and those that the shell set and the stand-in did not.
pub(super) fn drop_unlike(trace: &mut Trace, plain: &RunOutcome, base: &[(Name, Value)]) -> Vec<Name> {
    let Some(environment) = &plain.environment else { return Vec::new() };
    let real: BTreeMap<&Name, &Value> = environment.iter().map(|(n, v)| (n, v)).collect();
    let base: BTreeMap<&Name, &Value> = base.iter().map(|(n, v)| (n, v)).collect();
    let names = trace.last.keys().chain(real.keys().copied()).chain(base.keys().copied());
    let mut unlike: Vec<Name> = names
        .filter(|name| !PER_RUN_NAMES.iter().any(|p| name.is(p)))
        .filter(|name| trace.last.get(*name).and_then(Option::as_ref) != real.get(*name).copied())
        .cloned()
        .collect();
    unlike.sort();
    unlike.dedup();
    trace.changes.retain(|c| !unlike.contains(&c.effect.name));
    // Only what the shell itself changed needs an origin.
    unlike.retain(|name| real.get(name) != base.get(name));
    unlike
}
