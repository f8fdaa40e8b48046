//! su on fake machines. The expected values were given by Debian 12's su (util-linux 2.38) over the same files.

use super::{Call, layers};
use crate::accounts;
use model::{Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId};
use system::System as _;
use system::memory::MemorySystem;

fn machine() -> MemorySystem {
    MemorySystem::linux()
        .file("/etc/passwd", "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n")
        .file("/etc/login.defs", "ENV_SUPATH PATH=/defs\nENV_ROOTPATH PATH=/rootpath\n")
        .file("/etc/security/pam_env.conf", "")
        .file(
            "/etc/pam.d/su",
            "auth sufficient pam_rootok.so\nauth required pam_permit.so\nsession required pam_env.so\n",
        )
        .file("/etc/pam.d/su-l", "auth include su\nsession include su\n")
}

fn value(machine: &MemorySystem, login: bool, name: &str) -> Option<String> {
    let given =
        [("PATH", "/caller"), ("USER", "ann"), ("GOPATH", "/go"), ("TERM", "xterm"), ("TMPDIR", "/t")];
    let effects = given
        .iter()
        .map(|(n, v)| Effect::set(*n, *v, Origin::unknown("given"), Confidence::Baseline))
        .collect();
    let mut space = Space::new(SpaceId::of("x"), "x", None, Evidence::Observed);
    space.layers.push(Layer::applied("given", "given", effects));
    let caller = Folded::over(None, &space);
    let (ann, root) = (machine.user(), accounts::root(machine));
    let (layers, problems) =
        layers(machine, &caller, &Call { caller: &ann, target: &root, login, tty: None });
    assert_eq!(problems, []);
    let mut space = Space::new(SpaceId::of("su"), "su", None, Evidence::Derived);
    space.layers = layers;
    Folded::over(Some(&caller), &space).value(name).map(|v| v.to_text().into_owned())
}

#[test]
fn a_command_keeps_the_callers_variables_and_name() {
    let machine = machine();
    assert_eq!(value(&machine, false, "GOPATH").as_deref(), Some("/go"));
    assert_eq!(value(&machine, false, "USER").as_deref(), Some("ann"));
    assert_eq!(value(&machine, false, "HOME").as_deref(), Some("/root"));
    assert_eq!(value(&machine, false, "PATH").as_deref(), Some("/caller"));
    assert_eq!(value(&machine, false, "TMPDIR"), None);
}

#[test]
fn always_set_path_takes_that_of_login_defs() {
    let machine = machine().file("/etc/default/su", "ALWAYS_SET_PATH yes\n");
    assert_eq!(value(&machine, false, "PATH").as_deref(), Some("/defs"));
}

#[test]
fn a_login_keeps_only_the_terminal() {
    let machine = machine().file("/etc/environment", "LANG=C.UTF-8\n");
    assert_eq!(value(&machine, true, "GOPATH"), None);
    assert_eq!(value(&machine, true, "TERM").as_deref(), Some("xterm"));
    assert_eq!(value(&machine, true, "USER").as_deref(), Some("root"));
    assert_eq!(value(&machine, true, "PATH").as_deref(), Some("/defs"));
    assert_eq!(value(&machine, true, "LANG").as_deref(), Some("C.UTF-8"));
}

#[test]
fn pam_beats_su_and_the_caller() {
    let machine = machine().file("/etc/environment", "PATH=/pam\nGOPATH=/pam/go\n");
    assert_eq!(value(&machine, false, "PATH").as_deref(), Some("/pam"));
    assert_eq!(value(&machine, false, "GOPATH").as_deref(), Some("/pam/go"));
    assert_eq!(value(&machine, true, "PATH").as_deref(), Some("/pam"));
}
