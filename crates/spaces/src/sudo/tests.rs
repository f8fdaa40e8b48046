//! sudo on fake machines. The expected values were given by Debian 12's sudo 1.9.13p3 over the same lines.

use super::{Call, layers};
use crate::accounts;
use model::{Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId, State};
use system::System as _;
use system::memory::{Entry, MemorySystem};

fn given(variables: &[(&str, &str)]) -> Folded {
    let effects = variables
        .iter()
        .map(|(n, v)| Effect::set(*n, *v, Origin::unknown("given"), Confidence::Baseline))
        .collect();
    let mut space = Space::new(SpaceId::of("x"), "x", None, Evidence::Observed);
    space.layers.push(Layer::applied("given", "given", effects));
    Folded::over(None, &space)
}

fn machine(sudoers: &str) -> MemorySystem {
    MemorySystem::linux()
        .file("/etc/passwd", "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n")
        .file("/etc/group", "crew:x:5:ann\n")
        .file("/etc/sudoers", sudoers)
}

fn run(machine: &MemorySystem, login: bool) -> (Folded, Option<String>) {
    let caller = given(&[
        ("PATH", "/caller"),
        ("HOME", "/home/ann"),
        ("GOPATH", "/go"),
        ("USER", "ann"),
        ("LOGNAME", "ann"),
        ("TERM", "xterm"),
        ("TMPDIR", "/t"),
    ]);
    let (ann, root) = (machine.user(), accounts::root(machine));
    let rebuilt = layers(machine, &caller, &Call { caller: &ann, target: &root, login, command: None });
    let mut space = Space::new(SpaceId::of("sudo"), "sudo", None, Evidence::Derived);
    space.layers = rebuilt.layers;
    (Folded::over(Some(&caller), &space), rebuilt.unreadable)
}

fn value(sudoers: &str, name: &str) -> Option<String> {
    run(&machine(sudoers), false).0.value(name).map(|v| v.to_text().into_owned())
}

#[test]
fn the_environment_is_reset_but_for_what_is_kept() {
    assert_eq!(value("", "GOPATH"), None);
    assert_eq!(value("Defaults env_keep += \"GO*\"\n", "GOPATH").as_deref(), Some("/go"));
    assert_eq!(value("Defaults:%crew !env_reset\n", "GOPATH").as_deref(), Some("/go"));
    assert_eq!(value("Defaults:%other !env_reset\n", "GOPATH"), None);
    assert_eq!(value("Defaults>root env_keep += GOPATH\nDefaults env_keep = MAIL\n", "GOPATH"), None);
    assert_eq!(value("Defaults env_keep += TMPDIR\n", "TMPDIR"), None);
    assert_eq!(value("", "HOME").as_deref(), Some("/root"));
    assert_eq!(value("Defaults env_keep += HOME\n", "HOME").as_deref(), Some("/home/ann"));
    assert_eq!(value("Defaults env_keep += USER\n", "LOGNAME").as_deref(), Some("ann"));
}

#[test]
fn secure_path_is_named_by_its_line() {
    let (folded, _) = run(&machine("# c\nDefaults secure_path=\"/secure\"\n"), false);
    let winner = folded.get(&"PATH".into()).and_then(|h| h.winner()).map(|s| s.origin.clone());
    assert_eq!(winner, Some(Origin::line("/etc/sudoers", 2)));
    assert_eq!(value("Defaults secure_path=/s, exempt_group=crew\n", "PATH").as_deref(), Some("/caller"));
}

#[test]
fn sudoers_that_may_not_be_read_leave_the_path_unknown() {
    let machine = machine("").entry("/etc/sudoers", Entry::file("").mode(0o440).owner(0, 0));
    let (folded, unreadable) = run(&machine, true);
    assert!(unreadable.is_some());
    let path = folded.get(&"PATH".into()).expect("PATH");
    assert!(matches!(path.state, State::Unreadable { .. }));
    assert!(matches!(path.winner().map(|s| &s.origin), Some(Origin::Unknown { .. })));
}
