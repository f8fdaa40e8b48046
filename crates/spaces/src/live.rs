//! `pid:N`: live processes that matter to a Go developer — gopls, dlv, go, editors, and shells under editors.
//!
//! What is read is what a process was given when it was executed; whether a start-up file changed after that makes it
//! stale. Not here: which editor space a process belongs to.

use crate::block;
use model::{Confidence, Effect, Evidence, Layer, Origin, Problem, Space, SpaceId};
use std::collections::BTreeMap;
use system::{Process, ReadError, System};

const GO_TOOLS: &[&str] = &["gopls", "dlv", "go", "air", "golangci-lint", "staticcheck"];
const EDITORS: &[&str] = &[
    "code",
    "code-insiders",
    "codium",
    "vscodium",
    "cursor",
    "windsurf",
    "code-server",
    "nvim",
    "vim",
    "hx",
    "helix",
    "zed",
    "zed-editor",
    "emacs",
    "goland",
    "goland64",
    "idea",
    "kak",
    "subl",
    "sublime_text",
];
const SHELLS: &[&str] = &["bash", "zsh", "fish", "sh", "dash", "ksh", "mksh", "tcsh", "nu", "pwsh"];

/// One space for each live process that matters, in the order of pids. `files` are start-up files, for staleness.
pub(crate) fn live(system: &dyn System, files: &[String]) -> Vec<Space> {
    let processes = system.processes();
    let by_pid: BTreeMap<u32, &Process> = processes.iter().map(|p| (p.pid, p)).collect();
    let own = ancestors(system.pid(), &by_pid);
    processes
        .iter()
        .filter(|p| p.same_namespace && p.pid != system.pid())
        .filter(|p| matters(p, &by_pid) && !(own.contains(&p.pid) && is_shell(p)))
        .map(|p| space(system, p, files))
        .collect()
}

/// One process as a space, whatever it is; `None` where there is no such process.
pub(crate) fn one(system: &dyn System, pid: u32, files: &[String]) -> Option<Space> {
    system.process(pid).map(|p| space(system, &p, files))
}

fn matters(process: &Process, by_pid: &BTreeMap<u32, &Process>) -> bool {
    let name = program_name(process);
    if GO_TOOLS.contains(&name.as_str()) || EDITORS.contains(&name.as_str()) {
        return true;
    }
    is_shell(process)
        && ancestors(process.pid, by_pid)
            .iter()
            .filter_map(|pid| by_pid.get(pid))
            .any(|p| EDITORS.contains(&program_name(p).as_str()))
}

fn is_shell(process: &Process) -> bool {
    SHELLS.contains(&program_name(process).trim_start_matches('-'))
}

/// The program's file name; `comm` is cut at 15 bytes and may be changed by the program.
fn program_name(process: &Process) -> String {
    let exe = process.exe.as_deref().and_then(|p| p.rsplit('/').next());
    exe.map(|n| n.trim_end_matches(" (deleted)")).unwrap_or(&process.name).to_owned()
}

fn ancestors(pid: u32, by_pid: &BTreeMap<u32, &Process>) -> Vec<u32> {
    let mut found = Vec::new();
    let mut next = by_pid.get(&pid).map(|p| p.parent);
    while let Some(pid) = next.filter(|p| *p != 0 && !found.contains(p)) {
        found.push(pid);
        next = by_pid.get(&pid).map(|p| p.parent);
    }
    found
}

fn space(system: &dyn System, process: &Process, files: &[String]) -> Space {
    let name = program_name(process);
    let id = SpaceId::pid(process.pid);
    let origin = Origin::Process { pid: process.pid };
    match system.process_environment(process.pid) {
        Ok(environment) => {
            let mut space = Space::new(id, format!("pid {} {name}", process.pid), None, Evidence::Observed);
            block::rules(system.os(), &mut space);
            let effects = block::found(system.os(), environment)
                .into_iter()
                .map(|(n, v)| Effect::set(n, v, origin.clone(), Confidence::Baseline))
                .collect();
            space.layers.push(
                Layer::applied("executed-with", "what it was given when it was executed", effects)
                    .from_source(origin),
            );
            space.cwd.clone_from(&process.cwd);
            space.problems.extend(stale(system, process, &name, files));
            space
        }
        Err(error) => {
            let reason = match error {
                ReadError::Denied if process.uid != system.user().uid => {
                    "may not be read: another user's process".to_owned()
                }
                ReadError::Denied => {
                    "may not be read: the system withholds it (permission denied)".to_owned()
                }
                other => format!("its environment {other}"),
            };
            Space::new(id, format!("pid {} {name}", process.pid), None, Evidence::Unreadable { reason })
        }
    }
}

fn stale(system: &dyn System, process: &Process, name: &str, files: &[String]) -> Option<Problem> {
    let newest = files
        .iter()
        .filter_map(|f| Some((system.metadata(f).ok()?.modified_ms, f)))
        .max()
        .filter(|(modified, _)| *modified > process.started_ms)?;
    let message = format!(
        "pid {} {name} started before {} was changed; it has what was there then until it is started anew",
        process.pid, newest.1
    );
    Some(Problem::warning("stale-process", message).at(Origin::file(newest.1.as_str())))
}
