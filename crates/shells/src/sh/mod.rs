//! `sh`: bash under that name, dash, and busybox ash.
//!
//! Values come from the shell itself. bash called `sh` is traced as bash is. dash tells what it runs, but neither file
//! nor line, which are found in the files ([`native`]). Where that cannot be told for sure, and for ash, bash in its
//! posix mode stands in ([`emulation`]): what it says of a variable is taken where it ends with the value that the shell
//! itself gave, and else the files are told apart by running ([`staged`]).

mod emulation;
mod native;
mod staged;
mod startup;

use crate::bash::{mode_options, phases, trace_with};
use crate::{Dialect, Request, ShellKind, StartupFile, Trace};
use model::Value;
use system::{RunOutcome, RunSpec, System};

/// sh.
#[derive(Debug)]
pub struct Sh;

impl Dialect for Sh {
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile> {
        startup::files(system, request)
    }

    fn plain(&self, request: &Request) -> RunSpec {
        let mut args = applet(request);
        args.extend(mode_options(request));
        args.extend(["-c".into(), "@HANDOVER@".into()]);
        RunSpec {
            program: request.shell.path.clone(),
            arg0: request.arg0.clone(),
            args,
            env: request.base.clone(),
            cwd: request.cwd.clone(),
            terminal: request.interactive_terminal(),
            limits: request.limits,
            ..RunSpec::default()
        }
    }

    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
        let shell = format!("{} itself", request.shell.family);
        let phases = phases(&shell, &startup::files(system, request));
        if request.shell.kind == ShellKind::BashAsSh {
            let traced = |mark: &_, watched: &[String]| emulation::bash_as_sh(request, mark, watched);
            return trace_with(system, request, plain, phases, None, true, &traced);
        }
        if request.shell.kind == ShellKind::Dash
            && let Some(trace) = native::trace(system, request, plain, &phases)
        {
            return trace;
        }
        let mut trace = match emulation::find_bash(system) {
            Some(bash) => {
                let traced =
                    |mark: &_, watched: &[String]| emulation::stand_in(request, &bash, mark, watched);
                trace_with(system, request, plain, phases, None, true, &traced)
            }
            None => Trace::unavailable(phases, "there is no bash to stand in for the shell"),
        };
        let unlike = emulation::drop_unlike(&mut trace, plain, &request.base);
        if !unlike.is_empty() {
            staged::add(system, request, plain, &unlike, &mut trace);
        }
        trace
    }
}

/// busybox under its own name is told which of its programs to be.
fn applet(request: &Request) -> Vec<Value> {
    let by_own_name = request.shell.path.ends_with("/busybox");
    by_own_name.then(|| Value::from("ash")).into_iter().collect()
}
