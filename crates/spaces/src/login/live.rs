//! A live session of the user: the process that login, a display manager or sshd started, and what it was given.

use crate::trace::Trace;
use model::{Evidence, Name, Origin, Space, SpaceId, Value};
use system::{Glimpse, Process, System, User};

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
    let glimpses = system.glimpses();
    let mine = |p: &Glimpse| system.process(p.pid).filter(|p| p.uid == user.uid && p.same_namespace);
    for (name, words) in LEADERS {
        let leaders: Vec<u32> = glimpses.iter().filter(|p| p.name == *name).map(|p| p.pid).collect();
        let led = |p: &&Glimpse| p.name != *name && leaders.contains(&p.parent);
        for process in glimpses.iter().filter(led).filter_map(mine) {
            if let Ok(variables) = system.process_environment(process.pid)
                && !variables.is_empty()
            {
                let drop = |n: &Name| *words == "sshd" && n.as_bytes().starts_with(b"SSH_");
                return Some(space(&process, words, &variables, drop));
            }
        }
    }
    let manager = glimpses
        .iter()
        .filter(|p| p.name == "systemd")
        .filter_map(mine)
        .find(|p| p.args.iter().any(|a| a.as_bytes() == b"--user"))?;
    let variables = system.process_environment(manager.pid).ok().filter(|v| !v.is_empty())?;
    Some(space(&manager, "systemd, for the user's manager", &variables, |n| {
        OF_A_UNIT.iter().any(|o| n.is(o))
    }))
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
