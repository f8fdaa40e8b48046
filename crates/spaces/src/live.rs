//! `pid:N`: live processes that matter to a Go developer — gopls, dlv, go, editors, and shells under editors.
//!
//! What is read is what a process was given when it was executed; whether a start-up file changed after that makes it
//! stale. Not here: which editor space a process belongs to.

use crate::block;
use model::{Confidence, Effect, Evidence, Layer, Origin, Problem, Space, SpaceId};
use std::collections::BTreeMap;
use system::{Glimpse, Process, ReadError, System};

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
    let glimpses = system.glimpses();
    let by_pid: BTreeMap<u32, &Glimpse> = glimpses.iter().map(|p| (p.pid, p)).collect();
    let pid = system.pid();
    let own = ancestors(pid, &by_pid);
    glimpses
        .iter()
        .filter(|p| p.pid != pid)
        .filter(|p| matters(p, &by_pid) && !(own.contains(&p.pid) && is_shell(p)))
        .filter_map(|p| system.process(p.pid))
        .filter(|p| p.same_namespace)
        .map(|p| space(system, &p, files))
        .collect()
}

/// One process as a space, whatever it is; `None` where there is no such process.
pub(crate) fn one(system: &dyn System, pid: u32, files: &[String]) -> Option<Space> {
    system.process(pid).map(|p| space(system, &p, files))
}

fn matters(process: &Glimpse, by_pid: &BTreeMap<u32, &Glimpse>) -> bool {
    let name = program_name(process.exe.as_deref(), &process.name);
    if GO_TOOLS.contains(&name) || EDITORS.contains(&name) {
        return true;
    }
    is_shell(process)
        && ancestors(process.pid, by_pid)
            .iter()
            .filter_map(|pid| by_pid.get(pid))
            .any(|p| EDITORS.contains(&program_name(p.exe.as_deref(), &p.name)))
}

fn is_shell(process: &Glimpse) -> bool {
    SHELLS.contains(&program_name(process.exe.as_deref(), &process.name).trim_start_matches('-'))
}

/// The program's file name; `comm` is cut at 15 bytes and may be changed by the program.
fn program_name<'a>(exe: Option<&'a str>, name: &'a str) -> &'a str {
    let exe = exe.and_then(|p| p.rsplit('/').next());
    exe.map_or(name, |n| n.trim_end_matches(" (deleted)"))
}

fn ancestors(pid: u32, by_pid: &BTreeMap<u32, &Glimpse>) -> Vec<u32> {
    let mut found = Vec::new();
    let mut next = by_pid.get(&pid).map(|p| p.parent);
    while let Some(pid) = next.filter(|p| *p != 0 && !found.contains(p)) {
        found.push(pid);
        next = by_pid.get(&pid).map(|p| p.parent);
    }
    found
}

fn space(system: &dyn System, process: &Process, files: &[String]) -> Space {
    let name = program_name(process.exe.as_deref(), &process.name);
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
            space.problems.extend(stale(system, process, name, files));
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
