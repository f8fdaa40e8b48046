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
const TRACE_FD: i32 = 198;
const SCRIPT: &str = "start-up";

/// The sources of a start in the order in which bash reads them; shell text.
fn sources(request: &Request, build: &Build) -> String {
    let mut text = String::new();
    let mut source = |path: &str| text.push_str(&source_if_there(path));
    let has = |option: &str| request.options.iter().any(|o| o == option);
    let (no_profile, no_rc) = (has("--noprofile"), has("--norc"));
    if request.mode.login && no_profile || request.mode.interactive && !request.mode.login && no_rc {
        // None of its files.
    } else if request.mode.login {
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

/// A traced start: which program, with which names held back, and the shell text that reads its files.
#[derive(Debug)]
pub(crate) struct Start<'r> {
    pub(crate) request: &'r Request,
    pub(crate) program: String,
    pub(crate) arg0: Option<String>,
    /// Before `-c`.
    pub(crate) options: Vec<Value>,
    /// Variables that the script gives back itself, because bash would act on them before it.
    pub(crate) withheld: &'static [&'static str],
    /// Shell text before the trace begins.
    pub(crate) prologue: String,
    pub(crate) sources: String,
    /// `$0`, where it is not `argv[0]`.
    pub(crate) zero: Option<String>,
}

impl Start<'_> {
    /// The script up to the hand-over: trace on, files, then what is asked of the shell.
    fn script(&self, mark: &Mark, watched: &[String]) -> String {
        let ps4 = mark.ps4(watched);
        let asked = if self.request.mode.interactive { ASKED } else { "" };
        let guard = if watched.is_empty() { "" } else { GUARD };
        let given_back: String = self
            .withheld
            .iter()
            .filter_map(|n| Some(format!("export {n}={}\n", quoted(&self.request.base_value(n)?.to_text()))))
            .collect();
        format!(
            "{given_back}{{\n{}BASH_XTRACEFD={TRACE_FD}\nPS4=$'{ps4}'\n{guard}builtin set -x\nbuiltin :\n{}{asked}",
            self.prologue, self.sources
        )
    }

    pub(crate) fn spec(&self, mark: &Mark, watched: &[String]) -> RunSpec {
        let request = self.request;
        let mut env: Vec<(Name, Value)> = request.base.clone();
        env.retain(|(n, _)| !self.withheld.iter().any(|w| n.is(w)));
        let mut text = self.script(mark, watched);
        let mut spec = RunSpec {
            program: self.program.clone(),
            arg0: self.arg0.clone(),
            args: vec!["--noprofile".into()],
            cwd: request.cwd.clone(),
            terminal: request.interactive_terminal(),
            trace_fd: Some(TRACE_FD),
            limits: request.limits,
            ..RunSpec::default()
        };
        if !request.mode.prompt {
            text.push_str("@HANDOVER@\n}");
            spec.args.push("--norc".into());
            spec.args.extend(self.options.clone());
            spec.args.extend(["-c".into(), text.into()]);
            spec.args.extend(self.zero.as_deref().map(Value::from));
        } else if request.mode.login {
            // A login shell reads no file that we could name; its first prompt runs PROMPT_COMMAND.
            text.push_str(HOOKS);
            let hook = format!("unset PROMPT_COMMAND; . @SCRATCH@/{SCRIPT}");
            env.push(("PROMPT_COMMAND".into(), hook.into()));
            spec.args.extend(self.options.clone());
            spec.scratch.push(Scratch::File { path: SCRIPT.to_owned(), bytes: text.into_bytes() });
        } else {
            text.push_str("}\n");
            spec.args.extend(["--rcfile".into(), format!("@SCRATCH@/{SCRIPT}").into()]);
            spec.args.extend(self.options.clone());
            spec.scratch.push(Scratch::File { path: SCRIPT.to_owned(), bytes: text.into_bytes() });
            spec.typed = Some(Typed { bytes: super::TYPED_HAND_OVER.to_vec() });
        }
        spec.env = env;
        spec
    }
}

const HOOKS: &str = "\
for __gowhence_hook in \"${PROMPT_COMMAND[@]}\"; do builtin eval \"$__gowhence_hook\"; done
@HANDOVER@
}
";

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

pub(super) fn traced(request: &Request, build: &Build, mark: &Mark, watched: &[String]) -> RunSpec {
    let start = Start {
        request,
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        options: super::mode_options(request),
        withheld: if request.mode.interactive { &["PROMPT_COMMAND"] } else { &["BASH_ENV"] },
        prologue: String::new(),
        sources: sources(request, build),
        zero: None,
    };
    start.spec(mark, watched)
}

/// In single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
