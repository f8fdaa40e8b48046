//! pwsh on Linux and macOS.
//!
//! Written from PowerShell's sources and documentation, and tested with recorded streams only: no pwsh could be run
//! where this was made. What follows from the sources and not from a run:
//!
//! - Profiles are read in four steps, all users before the current one, all hosts before this one (PowerShell:
//!   ConsoleHost.cs; about_Profiles), for `-Command` too unless `-NoProfile` is given.
//! - `-Login`, the first argument, starts pwsh again through `/bin/sh -l` (PowerShell: src/powershell/Program.cs
//!   `ExecPwshLogin`), so `/etc/profile` and `~/.profile` come before.
//! - `$env:X = …` is no variable write for the debugger (VariableOps.cs `SetVariableValue`), but a line breakpoint's
//!   action runs before its statement, gets the breakpoint as `$_`, and its output is dropped (Breakpoint.cs `Trigger`).
//!   So the driver sets one on every line on which a statement begins, and compares the environment at each.
//!
//! Where the driver does not run (constrained language, `AllSigned`) lines are found by reading. Windows PowerShell
//! and pwsh on Windows are not here.

mod driver;

use super::stages::{self, Event, Explainer, FD, START};
use super::{file, run_spec};
use crate::{PER_RUN_NAMES, Request, StartupFile, Trace};
use model::Value;
use std::collections::BTreeSet;
use system::{RunOutcome, RunSpec, Scratch, System};

const SCRIPT: &str = "driver.ps1";

pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let home = request.home();
    let mut files = Vec::new();
    if request.mode.login {
        files.push(file(system, "etc-profile", "/etc/profile"));
        files.push(file(system, "profile", &format!("{home}/.profile")));
    }
    let real = system.canonicalize(&request.shell.path).unwrap_or_else(|_| request.shell.path.clone());
    let all_users = real.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let config = request.base_value("XDG_CONFIG_HOME").map(|v| v.to_text().into_owned());
    let config = config.filter(|c| !c.is_empty()).unwrap_or_else(|| format!("{home}/.config"));
    let user = format!("{config}/powershell");
    let named = "Microsoft.PowerShell_profile.ps1";
    files.push(file(system, "all-users-all-hosts", &format!("{all_users}/profile.ps1")));
    files.push(file(system, "all-users-this-host", &format!("{all_users}/{named}")));
    files.push(file(system, "user-all-hosts", &format!("{user}/profile.ps1")));
    files.push(file(system, "user-this-host", &format!("{user}/{named}")));
    files
}

pub(super) fn plain(request: &Request) -> RunSpec {
    run_spec(request, arguments(request, &[], "& @HANDOVER@"))
}

fn arguments(request: &Request, options: &[&str], command: &str) -> Vec<Value> {
    let mut args: Vec<&str> = Vec::new();
    if request.mode.login {
        args.push("-Login");
    }
    args.push("-NoLogo");
    args.extend(options);
    // With `-NoExit` pwsh is interactive although it has a command.
    args.push(if request.mode.interactive { "-NoExit" } else { "-NonInteractive" });
    args.extend(["-Command", command]);
    args.into_iter().map(Value::from).collect()
}

pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    files: &[StartupFile],
) -> Trace {
    let watched = watched(request, plain);
    let run = system.run(&traced(request, files, &watched));
    explain(system, request, plain, files, watched, &run)
}

fn watched(request: &Request, plain: &RunOutcome) -> Vec<String> {
    let given = request.base.iter().chain(plain.environment.iter().flatten());
    let names: BTreeSet<&str> = given
        .filter_map(|(name, _)| std::str::from_utf8(name.as_bytes()).ok())
        .filter(|name| !PER_RUN_NAMES.contains(name))
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

fn traced(request: &Request, files: &[StartupFile], watched: &[String]) -> RunSpec {
    let command = format!(". '@SCRATCH@/{SCRIPT}'; & @HANDOVER@");
    let mut spec = run_spec(request, arguments(request, &["-NoProfile"], &command));
    let bytes = driver::text(FD, files, watched).into_bytes();
    spec.scratch = vec![Scratch::File { path: SCRIPT.to_owned(), bytes }];
    spec.trace_fd = Some(FD);
    spec.keep = 64 << 20;
    spec
}

/// Reads what the driver wrote.
fn explain(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    files: &[StartupFile],
    watched: Vec<String>,
    run: &RunOutcome,
) -> Trace {
    let events = stages::parse(&run.trace, watched.len());
    let is_end = |event: &Event| matches!(event, Event::Stage { label, .. } if label == driver::END);
    let complete = events.iter().any(is_end);
    // The files of `/bin/sh -l` were read before the driver.
    let before: Vec<usize> = if request.mode.login { vec![1, 2] } else { vec![0] };
    let mut explainer = Explainer::new(system, request, plain, files, watched).told_before();
    for event in events {
        match &event {
            Event::Stage { label, environment } if label == START => {
                explainer.stage_among(&before, environment);
            }
            event if is_end(event) => {}
            _ => explainer.take(event),
        }
    }
    explainer.finish(complete, run)
}

#[cfg(test)]
mod tests;
