//! A live session of the user: the process that login, a display manager or sshd started, and what it was given.

use crate::trace::Trace;
use model::{Evidence, Name, Origin, Space, SpaceId, Value};
use std::collections::BTreeMap;
use system::{Process, System, User};

/// Programs whose children begin a session, best first: what they start was given just what a login gives.
const LEADERS: &[(&str, &str)] = &[
    ("login", "login"),
    ("gdm-session-wor", "the display manager"),
    ("sddm-helper", "the display manager"),
    ("lightdm", "the display manager"),
    ("greetd", "the display manager"),
    ("sshd", "sshd"),
    ("sshd-session", "sshd"),
];

/// Variables that systemd gives to its own manager and units, not to a login (systemd.exec(5), sd_notify(3)).
const OF_A_UNIT: &[&str] = &[
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "LISTEN_FDNAMES",
    "LISTEN_FDS",
    "LISTEN_PID",
    "MANAGERPID",
    "NOTIFY_SOCKET",
    "SYSTEMD_EXEC_PID",
    "CREDENTIALS_DIRECTORY",
    "MEMORY_PRESSURE_WATCH",
    "MEMORY_PRESSURE_WRITE",
    "MAINPID",
];

/// The space read from the best live session, if there is one that may be read.
pub(super) fn session(system: &dyn System, user: &User) -> Option<Space> {
    let processes = system.processes();
    let by_pid: BTreeMap<u32, &Process> = processes.iter().map(|p| (p.pid, p)).collect();
    let mine = || processes.iter().filter(|p| p.uid == user.uid && p.same_namespace);
    let leader = |p: &&Process, name: &str| {
        p.name != name && by_pid.get(&p.parent).is_some_and(|parent| parent.name == name)
    };
    for (name, words) in LEADERS {
        for process in mine().filter(|p| leader(p, name)) {
            if let Ok(variables) = system.process_environment(process.pid)
                && !variables.is_empty()
            {
                let drop = |n: &Name| *words == "sshd" && n.as_bytes().starts_with(b"SSH_");
                return Some(space(process, words, &variables, drop));
            }
        }
    }
    let manager = mine().find(|p| p.name == "systemd" && p.args.iter().any(|a| a.as_bytes() == b"--user"))?;
    let variables = system.process_environment(manager.pid).ok().filter(|v| !v.is_empty())?;
    Some(space(manager, "systemd, for the user's manager", &variables, |n| OF_A_UNIT.iter().any(|o| n.is(o))))
}

fn space(process: &Process, words: &str, variables: &[(Name, Value)], drop: impl Fn(&Name) -> bool) -> Space {
    let mut space = Space::new(SpaceId::of("login"), "login", None, Evidence::Observed);
    let mut trace = Trace::new();
    let origin = Origin::Process { pid: process.pid };
    let title = format!("given by {words} to {} (pid {})", process.name, process.pid);
    trace.layer("observed", title, origin.clone());
    for (name, value) in variables.iter().filter(|(name, _)| !drop(name)) {
        trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
    }
    space.layers = trace.into_layers();
    space
}
