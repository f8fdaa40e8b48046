//! `systemd:user`: what units of the user's systemd manager are given.
//!
//! What the manager was started with, then environment.d, then what a session imported into it, which only the
//! running manager tells. Not here: `Environment=` and the like of single units.

mod environment_d;

pub use environment_d::add_layers as environment_d_layers;

use crate::derived::{Context, Derive, Derived, Stage, installed};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use model::{Evidence, Layer, Origin, Space, SpaceId};
use system::{Os, Process, RunEnd, RunSpec, System, User};

/// The family `systemd`.
pub(crate) const FAMILY: Derive = Derive { family: "systemd", stage: Stage::BeforeShells, spaces: derive };

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let (system, user) = (context.system, context.user);
    if system.os() != Os::Linux || !system.exists("/run/systemd/system") {
        return Vec::new();
    }
    let is_manager = |p: &Process| {
        p.same_namespace && p.uid == user.uid && p.args.iter().any(|a| a.as_bytes() == b"--user")
    };
    let named = system.glimpses().into_iter().filter(|p| p.name == "systemd");
    let manager = named.filter_map(|p| system.process(p.pid)).find(is_manager);
    let space = match manager {
        Some(manager) => live(system, user, &manager),
        None => assumed(system, user),
    };
    vec![Derived { space, then: None }]
}

fn id() -> SpaceId {
    SpaceId::new("systemd", "user")
}

const TITLE: &str = "units of the user's systemd";

fn live(system: &dyn System, user: &User, manager: &Process) -> Space {
    let mut trace = Trace::new();
    let origin = Origin::Process { pid: manager.pid };
    let title = format!("given to the manager (pid {})", manager.pid);
    match system.process_environment(manager.pid) {
        Ok(variables) => {
            trace.layer("manager", title, origin.clone());
            for (name, value) in &variables {
                trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
            }
        }
        Err(error) => {
            let layer = Layer::unreadable("manager", title, error.to_string());
            trace.begin(layer.from_source(origin));
        }
    }
    add_environment_d(&mut trace, system, user);
    let mut evidence = Evidence::Derived;
    if let Some(shown) = shown(system, user) {
        evidence = Evidence::Observed;
        let rule =
            Origin::rule("put into the running manager", "systemctl(1): import-environment, set-environment");
        trace.layer("imported", "imported into the running manager", rule.clone());
        for (name, value) in &shown {
            if trace.value(name) != Some(value.as_slice()) {
                trace.set(name, value, rule.clone());
            }
        }
        for (name, _) in trace.names() {
            if !shown.iter().any(|(n, _)| *n == name) {
                trace.unset(&name, rule.clone());
            }
        }
    }
    let mut space = Space::new(id(), TITLE, None, evidence);
    space.layers = trace.into_layers();
    space
}

/// `systemctl --user show-environment`.
fn shown(system: &dyn System, user: &User) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let program = installed(system, "systemctl").filter(|_| system.can_run())?;
    let folder = format!("/run/user/{}", user.uid);
    let outcome = system.run(&RunSpec {
        program,
        args: vec!["--user".into(), "show-environment".into()],
        env: vec![("XDG_RUNTIME_DIR".into(), folder.into()), ("PATH".into(), "/usr/bin:/bin".into())],
        cwd: "/".to_owned(),
        keep: 1 << 20,
        keep_stdout: true,
        ..RunSpec::default()
    });
    (outcome.end == RunEnd::Exited(0)).then(|| read_shown(&outcome.stdout))
}

/// A line each; a value with special characters stands in `$'…'` (systemd: escape.c `shell_maybe_quote` with
/// `SHELL_ESCAPE_POSIX`).
fn read_shown(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let lines = text.split(|&b| b == b'\n');
    lines
        .filter_map(|line| {
            let at = line.iter().position(|&b| b == b'=')?;
            let value = &line[at + 1..];
            let quoted = value.strip_prefix(b"$'").and_then(|v| v.strip_suffix(b"'"));
            Some((line[..at].to_vec(), quoted.map_or_else(|| value.to_vec(), unescape)))
        })
        .collect()
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let Some((code, after)) = rest.split_first() else { break };
        rest = after;
        out.push(match code {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'0'..=b'3' if rest.len() >= 2 => {
                let digits = [*code, rest[0], rest[1]];
                rest = &rest[2..];
                digits.iter().fold(0_u8, |n, d| n.wrapping_mul(8).wrapping_add(d.wrapping_sub(b'0')))
            }
            other => *other,
        });
    }
    out
}

fn add_environment_d(trace: &mut Trace, system: &dyn System, user: &User) {
    let config = trace.get("XDG_CONFIG_HOME").map(|v| String::from_utf8_lossy(v).into_owned());
    let config = config.filter(|c| c.starts_with('/')).unwrap_or_else(|| format!("{}/.config", user.home));
    environment_d::add(trace, system, &config);
}

/// Where no manager of the user runs: what one would be started with.
fn assumed(system: &dyn System, user: &User) -> Space {
    const REFERENCE: &str = "systemd: src/core/execute.c build_environment, user@.service";
    let reason = "computed from PAM and environment.d – no manager of the user runs";
    let mut space = Space::new(id(), TITLE, None, Evidence::Assumed { reason: reason.to_owned() });
    let mut trace = Trace::new();
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("user-service", "user@.service", rule("what systemd gives to a service of a user"));
    trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder"));
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"USER", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"SHELL", user.shell.as_bytes(), rule("the user's shell"));
    let path = b"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    trace.set(b"PATH", path, rule("the path that is compiled in"));
    let folder = format!("/run/user/{}", user.uid);
    trace.set(b"XDG_RUNTIME_DIR", folder.as_bytes(), rule("the user's runtime folder"));
    let outcome = pam::run(&Transaction {
        system,
        service: "systemd-user",
        user,
        caller_uid: 0,
        tty: None,
        ruser: None,
        rhost: None,
        authenticates: false,
        silent: true,
        phases: &[Phase::Credentials, Phase::Session],
    });
    space.problems.extend(outcome.merge_into(&mut trace, |_, _, _| true));
    add_environment_d(&mut trace, system, user);
    space.layers = trace.into_layers();
    space
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Folded;
    use system::memory::MemorySystem;

    #[test]
    fn the_form_of_show_environment() {
        let found = read_shown(b"A=b\nB=$'two words\\n\\'q\\' \\$x'\n");
        assert_eq!(found[0], (b"A".to_vec(), b"b".to_vec()));
        assert_eq!(found[1], (b"B".to_vec(), b"two words\n'q' $x".to_vec()));
    }

    #[test]
    fn without_a_manager_it_is_assumed() {
        let machine = MemorySystem::linux()
            .folder("/run/systemd/system")
            .file("/etc/environment.d/10-a.conf", "A=etc\nB=$HOME\n")
            .file("/home/ann/.config/environment.d/05-b.conf", "A=early\n");
        let space = assumed(&machine, &machine.user());
        let folded = Folded::over(None, &space);
        let value = |name: &str| folded.value(name).map(|v| v.to_text().into_owned());
        assert_eq!(value("A").as_deref(), Some("etc"));
        assert_eq!(value("B").as_deref(), Some("/home/ann"));
    }
}
