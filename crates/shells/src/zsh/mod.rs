//! zsh: its own start-up, traced by `xtrace`, whose prompt (`PS4`) carries the place of each command and the values
//! of the watched variables.
//!
//! Nothing is written into the user's home and no start-up file is replaced: the traced run differs from the plain
//! one by two options, one variable and where standard error goes. Deliberately not here: reading zsh's language;
//! source text is only searched for names, to check what the trace says.

mod assign;
mod attribute;
mod calls;
mod emulate;
mod end;
mod files;
mod hidden;
mod instrument;
mod pending;
mod phases;
mod place;
mod records;
mod source;
mod walk;
mod watch;
mod words;

use crate::{Dialect, Request, StartupFile, Trace};
use model::Value;
use system::{RunOutcome, RunSpec, System, Typed};

/// zsh.
#[derive(Debug)]
pub struct Zsh;

impl Dialect for Zsh {
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile> {
        files::startup_files(system, request)
    }

    fn plain(&self, request: &Request) -> RunSpec {
        spec(request, &[], "@HANDOVER@")
    }

    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
        attribute::trace(system, request, plain)
    }
}

/// A run in the request's mode with `options` before the mode's own, ending in `last`.
fn spec(request: &Request, options: &[&str], last: &str) -> RunSpec {
    let mode = request.mode;
    let mut args: Vec<Value> = options.iter().map(|&o| Value::from(o)).collect();
    if mode.login {
        args.push(Value::from("-l"));
    }
    if mode.interactive {
        args.push(Value::from("-i"));
    }
    let typed = if mode.prompt {
        // A line that begins with a space stays out of the history with this option (zshoptions(1)
        // HIST_IGNORE_SPACE); a shell that set it itself behaves the same.
        args.extend([Value::from("-o"), Value::from("histignorespace")]);
        Some(Typed { bytes: format!(" {last}\r").into_bytes() })
    } else {
        args.extend([Value::from("-c"), Value::from(last)]);
        None
    };
    RunSpec {
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        args,
        env: request.base.clone(),
        cwd: request.cwd.clone(),
        terminal: request.terminal.or(request.interactive_terminal()),
        typed,
        limits: request.limits,
        ..RunSpec::default()
    }
}
