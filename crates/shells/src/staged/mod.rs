//! Shells that cannot be asked for places of changes: ksh, mksh, tcsh, nushell — and pwsh (`pwsh`), of which see there.
//!
//! Values come from a plain run like every shell's. For origins the start-up files are read one after another with
//! the environment noted in between ([`stages`]): that gives the file for certain, and the line by reading it
//! ([`search`]). ksh93 has a DEBUG trap that knows its place, which makes the line certain too (`places`).
//!
//! Deliberately not here: bash, zsh, fish and the plain POSIX shells, which can be traced.

mod csh;
mod korn;
mod nu;
mod places;
mod pwsh;
mod search;
mod stages;

use crate::{Dialect, Request, ShellKind, StartupFile, Trace};
use model::{LayerStatus, Value};
use system::{FileKind, ReadError, RunOutcome, RunSpec, System};

/// ksh, mksh, tcsh, nushell and pwsh.
#[derive(Debug)]
pub struct Staged;

impl Dialect for Staged {
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile> {
        match request.shell.kind {
            ShellKind::Tcsh => csh::files(system, request),
            ShellKind::Nu => nu::files(system, request),
            ShellKind::Pwsh => pwsh::files(system, request),
            _ => korn::files(system, request),
        }
    }

    fn plain(&self, request: &Request) -> RunSpec {
        match request.shell.kind {
            ShellKind::Tcsh => csh::plain(request),
            ShellKind::Nu => nu::plain(request),
            ShellKind::Pwsh => pwsh::plain(request),
            _ => korn::plain(request),
        }
    }

    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
        let files = self.startup_files(system, request);
        match request.shell.kind {
            ShellKind::Tcsh => csh::trace(system, request, plain, &files),
            ShellKind::Nu => nu::trace(system, request, plain, &files),
            ShellKind::Pwsh => pwsh::trace(system, request, plain, &files),
            _ => korn::trace(system, request, plain, &files),
        }
    }
}

/// A run in the request's mode with these arguments.
fn run_spec(request: &Request, args: Vec<Value>) -> RunSpec {
    RunSpec {
        program: request.shell.path.clone(),
        arg0: request.arg0.clone(),
        args,
        env: request.base.clone(),
        cwd: request.cwd.clone(),
        terminal: request.terminal.or(request.interactive_terminal()),
        limits: request.limits,
        ..RunSpec::default()
    }
}

/// A start-up file that this mode reads, if it is there.
fn file(system: &dyn System, id: &str, path: &str) -> StartupFile {
    let status = match system.metadata(path) {
        Err(ReadError::NotFound) => LayerStatus::Skipped { reason: "absent".to_owned() },
        Err(error) => LayerStatus::Unreadable { reason: error.to_string() },
        Ok(metadata) if metadata.kind == FileKind::Folder => {
            LayerStatus::Skipped { reason: "a folder".to_owned() }
        }
        Ok(_) => LayerStatus::Applied,
    };
    StartupFile { id: id.to_owned(), path: path.to_owned(), status }
}

/// The same, skipped for a reason of the mode's.
fn unless(read: bool, reason: &str, mut file: StartupFile) -> StartupFile {
    if !read && file.status == LayerStatus::Applied {
        file.status = LayerStatus::Skipped { reason: reason.to_owned() };
    }
    file
}

/// In single quotes, for POSIX shells and csh.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
