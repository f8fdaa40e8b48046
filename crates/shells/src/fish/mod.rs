//! fish: four modes and the first prompt.
//!
//! A plain run gives the values. The traced run is given a folder of functions before fish's own
//! (`fish_function_path`): fish calls `__fish_set_locale` before it reads any snippet (fish: share/config.fish), and
//! our file of that name puts everything back as it was and installs handlers on the watched variables. So
//! `$__fish_config_dir`, `status filename` and the universal variables stay what they are. Where that call does not
//! happen (fish 4 with LANG set), a shadow configuration folder with a snippet in front does the same.
//!
//! A handler knows the line of the change, but fish ends its stack of calls at the handler (fish: src/parser.cpp
//! `stack_trace`); `fish_trace`, written to the same pipe, tells the commands around it. Call sites are then found
//! in the text of the files.
//!
//! Deliberately not here: what a Go tool makes of the variables.

mod attribute;
mod calls;
mod probe;
mod records;
mod script;
mod shadow;
mod startup;
mod stop;
mod universal;

use crate::{Dialect, Request, StartupFile, Trace};
use model::Value;
use system::{RunOutcome, RunSpec, System, Typed};

/// fish.
#[derive(Debug)]
pub struct Fish;

impl Dialect for Fish {
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile> {
        startup::files(system, request)
    }

    fn plain(&self, request: &Request) -> RunSpec {
        run_spec(request, Vec::new(), "")
    }

    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
        attribute::trace(system, request, plain)
    }
}

/// A run of fish in the request's mode: `options` first, `before` in front of the hand-over.
fn run_spec(request: &Request, options: Vec<Value>, before: &str) -> RunSpec {
    let mode = request.mode;
    let mut args = options;
    if mode.login {
        args.push("-l".into());
    }
    let mut typed = None;
    if mode.prompt {
        // A line that begins with a space is not kept in the history (fish: doc interactive.rst "Command history").
        typed = Some(Typed { bytes: format!(" {before}@HANDOVER@\r").into_bytes() });
    } else {
        if mode.interactive {
            args.push("-i".into());
        }
        args.push("-c".into());
        args.push(format!("{before}@HANDOVER@").into());
    }
    let terminal = request.terminal.or(request.interactive_terminal());
    RunSpec {
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        args,
        env: request.base.clone(),
        cwd: request.cwd.clone(),
        terminal,
        typed,
        limits: request.limits,
        ..RunSpec::default()
    }
}
