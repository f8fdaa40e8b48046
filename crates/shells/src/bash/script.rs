//! The traced start: a script that reads the start-up files in bash's own order, with `set -x` on.
//!
//! bash cannot be told to trace before its first file: `--login` has no hook before `/etc/profile`, BASH_ENV is for
//! shells that are not interactive, and PS4 is not taken from root's environment (bash: variables.c
//! initialize_shell_variables). So the shell starts without files and reads them by the script.
//!
//! What the script may not do: use a variable or a function that a start-up file could have redefined or made
//! readonly. It is one compound command, parsed before any alias is there.

use super::startup::{self, Build};
use super::xtrace::Mark;
use crate::Request;
use model::{Name, Value};
use system::{RunSpec, Scratch, Typed};

/// High enough that no start-up file has it for itself.
pub(crate) const TRACE_FD: i32 = 198;
const SCRIPT: &str = "start-up";

/// The sources of a start in the order in which bash reads them; shell text.
fn sources(request: &Request, build: &Build) -> String {
    let mut text = String::new();
    let mut source = |path: &str| text.push_str(&source_if_there(path));
    if request.mode.login {
        source("/etc/profile");
        text.push_str(
            "if [[ -e ~/.bash_profile ]]; then builtin . ~/.bash_profile
elif [[ -e ~/.bash_login ]]; then builtin . ~/.bash_login
elif [[ -e ~/.profile ]]; then builtin . ~/.profile; fi\n",
        );
    } else if request.mode.interactive || startup::is_run_by_sshd(request, build) {
        if let Some(path) = build.system_bashrc {
            source(path);
        }
        source("~/.bashrc");
    }
    if !request.mode.interactive
        && !startup::is_run_by_sshd(request, build)
        && let Some(value) = request.base_value("BASH_ENV").filter(|v| !v.is_empty())
    {
        text.push_str(&source_expanded(&value.to_text()));
    }
    text
}

pub(crate) fn source_if_there(path: &str) -> String {
    format!("if [[ -e {path} ]]; then builtin . {path}; fi\n")
}

/// A file whose name is expanded as in double quotes (bash: shell.c run_startup_files, of BASH_ENV and ENV).
pub(crate) fn source_expanded(value: &str) -> String {
    let mut name = value.replace('"', "\\\"");
    if let Some(rest) = name.strip_prefix("~/") {
        name = format!("$HOME/{rest}");
    }
    if !name.contains('/') {
        // Without a slash `.` would search PATH; a start-up file is not searched for.
        name = format!("./{name}");
    }
    format!("if [[ -e \"{name}\" ]]; then builtin . \"{name}\"; fi\n")
}

/// The script up to the hand-over: trace on, files, then what is asked of the shell.
pub(crate) fn script(mark: &Mark, watched: &[String], sources: &str, interactive: bool) -> String {
    let ps4 = mark.ps4(watched);
    let asked = if interactive { ASKED } else { "" };
    let guard = if watched.is_empty() { "" } else { GUARD };
    format!("{{\nBASH_XTRACEFD={TRACE_FD}\nPS4=$'{ps4}'\n{guard}builtin set -x\nbuiltin :\n{sources}{asked}")
}

/// For the second run: a start-up file that ends the trace or sets PS4 does so for one command only. The trap's own
/// first command is traced, as `explain` knows.
const GUARD: &str = "\
__gowhence_ps4=$PS4
trap 'builtin set +x; BASH_XTRACEFD=198 PS4=$__gowhence_ps4; builtin set -x' DEBUG
set -T
";

/// What is asked of an interactive shell at the end: whether `go` is an alias or a function. Only `extdebug` makes
/// `declare -F` tell where a function stands (bash(1), declare).
const ASKED: &str = "\
builtin declare -f go >&198 || builtin :
builtin shopt -s extdebug
builtin declare -F go >&198 || builtin :
builtin shopt -u extdebug
builtin alias go || builtin :
";

/// Variables that the script gives back itself, because bash would act on them before it.
fn withheld(request: &Request) -> &'static [&'static str] {
    if request.mode.interactive { &["PROMPT_COMMAND"] } else { &["BASH_ENV"] }
}

pub(super) fn traced(request: &Request, build: &Build, mark: &Mark, watched: &[String]) -> RunSpec {
    let mut env: Vec<(Name, Value)> = request.base.clone();
    env.retain(|(n, _)| !withheld(request).iter().any(|w| n.is(w)));
    let mut text = String::new();
    for name in withheld(request) {
        if let Some(value) = request.base_value(name) {
            text.push_str(&format!("export {name}={}\n", quoted(&value.to_text())));
        }
    }
    text.push_str(&script(mark, watched, &sources(request, build), request.mode.interactive));

    let mut spec = RunSpec {
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        args: vec!["--noprofile".into()],
        cwd: request.cwd.clone(),
        terminal: request.mode.interactive.then(|| request.terminal.unwrap_or_default()),
        trace_fd: Some(TRACE_FD),
        limits: request.limits,
        ..RunSpec::default()
    };
    if !request.mode.prompt {
        text.push_str("@HANDOVER@\n}");
        spec.args.push("--norc".into());
        spec.args.extend(super::mode_options(request));
        spec.args.extend(["-c".into(), text.into()]);
    } else if request.mode.login {
        // A login shell reads no file that we could name; its first prompt runs PROMPT_COMMAND.
        text.push_str("for __gowhence_hook in \"${PROMPT_COMMAND[@]}\"; do builtin eval \"$__gowhence_hook\"; done\n@HANDOVER@\n}\n");
        env.push((
            "PROMPT_COMMAND".into(),
            format!("unset PROMPT_COMMAND; . @SCRATCH@/{SCRIPT}").as_str().into(),
        ));
        spec.args.extend(super::mode_options(request));
        spec.scratch.push(Scratch::File { path: SCRIPT.to_owned(), bytes: text.into_bytes() });
    } else {
        text.push_str("}\n");
        spec.args.extend(["--rcfile".into(), format!("@SCRATCH@/{SCRIPT}").as_str().into()]);
        spec.args.extend(super::mode_options(request));
        spec.scratch.push(Scratch::File { path: SCRIPT.to_owned(), bytes: text.into_bytes() });
        spec.typed = Some(Typed { bytes: super::TYPED_HAND_OVER.to_vec() });
    }
    spec.env = env;
    spec
}

/// In single quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
