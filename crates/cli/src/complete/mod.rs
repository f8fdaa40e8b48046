//! Completion of the command line: commands and options from the command line itself, spaces and variables from
//! stored probes only. TAB never starts a shell.
//!
//! Not here: the commands.

mod bash;

use crate::arguments::command;
use crate::machine;
use bash::BashWithColons;
use clap::ValueEnum as _;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};
use clap_complete::{CompleteEnv, Shell};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use system::os::Real;

const SHELLS: &[&dyn EnvCompleter] = &[&BashWithColons, &Elvish, &Fish, &Powershell, &Zsh];

/// Answers `COMPLETE=bash gowhence …` and does not come back from it; else does nothing.
pub fn complete_if_asked() {
    CompleteEnv::with_factory(command).shells(Shells(SHELLS)).complete();
}

/// The script of one shell: it asks the program at every TAB, so that spaces and variables complete too.
pub(crate) fn script(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    let name = shell.to_string();
    for completer in SHELLS.iter().filter(|c| c.is(&name)) {
        // Writing to memory does not fail.
        let _ = completer.write_registration("COMPLETE", "gowhence", "gowhence", "gowhence", &mut out);
    }
    out
}

/// Every script: file name and text.
pub fn completion_scripts() -> Vec<(String, Vec<u8>)> {
    let file = |shell: &Shell| {
        let extension = match shell {
            Shell::PowerShell => "ps1".to_owned(),
            other => other.to_string(),
        };
        format!("gowhence.{extension}")
    };
    Shell::value_variants().iter().map(|shell| (file(shell), script(*shell))).collect()
}

/// Names of spaces: those of stored probes, and those that need no probe to be there.
pub(crate) fn spaces(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut names: BTreeSet<String> = ["here", "login"].map(str::to_owned).into();
    names.extend(spaces::FAMILIES.iter().map(|f| f.family.to_owned()));
    names.extend(probes().into_iter().map(|p| p.space));
    beginning_with(typed, names)
}

/// Names of variables: Go's, and those that stored probes have.
pub(crate) fn variables(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut names: BTreeSet<String> = view::go_variables().map(str::to_owned).collect();
    for probe in probes() {
        let environment = probe.capture().and_then(|c| c.environment).unwrap_or_default();
        names.extend(environment.iter().map(|(name, _)| name.to_text().into_owned()));
    }
    beginning_with(typed, names)
}

/// Names that `go env` prints.
pub(crate) fn go_variables(typed: &OsStr) -> Vec<CompletionCandidate> {
    let printed = go::variables::known_variables().iter().filter(|v| v.printed_since.is_some());
    beginning_with(typed, printed.map(|v| v.name.to_owned()).collect())
}

fn probes() -> Vec<spaces::StoredProbe> {
    let real = Real::new().without_runs();
    machine::store(&real).map(|store| spaces::stored_probes(&store)).unwrap_or_default()
}

fn beginning_with(typed: &OsStr, names: BTreeSet<String>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    names.into_iter().filter(|n| n.starts_with(&*typed)).map(CompletionCandidate::new).collect()
}
