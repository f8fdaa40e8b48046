//! `desktop`: what a program is given that is started from the desktop's menu.
//!
//! Taken from the running desktop where there is one; else what is known of the display manager that is installed.
//! Not here: programs that the user's systemd starts for the desktop (`systemd:user`).

use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use model::{Evidence, Origin, Space, SpaceId};
use system::{Os, Process, System, User};

/// The family `desktop`.
pub(crate) const FAMILY: Derive = Derive { family: "desktop", stage: Stage::BeforeShells, spaces: derive };

/// Programs that start what the user clicks on.
const DESKTOPS: &[&str] = &[
    "gnome-shell",
    "plasmashell",
    "cinnamon",
    "xfce4-session",
    "xfce4-panel",
    "mate-panel",
    "lxqt-panel",
    "sway",
    "Hyprland",
    "niri",
    "river",
    "labwc",
    "wayfire",
    "i3",
    "awesome",
    "openbox",
    "budgie-panel",
    "cosmic-panel",
];

/// Display managers: the service that they ask PAM for, and how their sessions start.
struct Manager {
    name: &'static str,
    service: &'static str,
    /// The shell that the session script runs as a login shell; `None`: the user's own.
    shell: Option<&'static str>,
    reference: &'static str,
}

const MANAGERS: &[Manager] = &[
    Manager {
        name: "gdm",
        service: "gdm-password",
        shell: None,
        reference: "gnome-session: gnome-session.in (the session script runs itself again by the user's login shell)",
    },
    Manager {
        name: "sddm",
        service: "sddm",
        shell: None,
        reference: "sddm: data/scripts/wayland-session (sources the login files of the user's shell)",
    },
    Manager {
        name: "lightdm",
        service: "lightdm",
        shell: Some("/bin/sh"),
        reference: "lightdm: debian/lightdm-session (sources /etc/profile and ~/.profile)",
    },
];

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let (system, user) = (context.system, context.user);
    match system.os() {
        Os::Windows => Vec::new(),
        Os::Macos => vec![Derived { space: macos(user), then: None }],
        Os::Linux => live(system, user).or_else(|| installed(system, user)).into_iter().collect(),
    }
}

fn live(system: &dyn System, user: &User) -> Option<Derived> {
    let glimpses = system.glimpses();
    let mine = |p: &Process| p.uid == user.uid && p.same_namespace;
    DESKTOPS.iter().find_map(|name| {
        let named = glimpses.iter().filter(|p| p.name == *name);
        let process = named.filter_map(|p| system.process(p.pid)).find(mine)?;
        let variables = system.process_environment(process.pid).ok()?;
        let mut space =
            Space::new(SpaceId::of("desktop"), format!("desktop ({name})"), None, Evidence::Observed);
        let mut trace = Trace::new();
        let origin = Origin::Process { pid: process.pid };
        trace.layer("observed", format!("given to {name} (pid {})", process.pid), origin.clone());
        for (name, value) in &variables {
            trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
        }
        space.layers = trace.into_layers();
        Some(Derived { space, then: None })
    })
}

/// Debian names the chosen one in a file, systemd by a link.
fn manager(system: &dyn System) -> Option<&'static Manager> {
    let named = system.read("/etc/X11/default-display-manager").ok();
    let named = named.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
    let linked = system.read_link("/etc/systemd/system/display-manager.service").ok();
    [named, linked].into_iter().flatten().find_map(|path| {
        let file = path.rsplit('/').next().unwrap_or_default().to_owned();
        MANAGERS.iter().find(|m| file.starts_with(m.name))
    })
}

fn installed(system: &dyn System, user: &User) -> Option<Derived> {
    let manager = manager(system)?;
    let reason = format!("computed for the display manager {} – no desktop of the user runs", manager.name);
    let mut space = Space::new(SpaceId::of("desktop"), "desktop", None, Evidence::Assumed { reason });
    let mut trace = Trace::new();
    let rule = |what: &str| Origin::rule(what, manager.reference);
    trace.layer("display-manager", manager.name, rule("what a display manager sets by itself"));
    trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder"));
    trace.set(b"USER", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"SHELL", user.shell.as_bytes(), rule("the user's shell"));
    trace.set(b"PATH", b"/usr/local/bin:/usr/bin:/bin", rule("the path of a session that nothing else sets"));
    let outcome = pam::run(&Transaction {
        system,
        service: manager.service,
        user,
        caller_uid: 0,
        tty: None,
        ruser: None,
        rhost: None,
        authenticates: true,
        silent: false,
        phases: &[Phase::Credentials, Phase::Session],
    });
    space.problems.extend(outcome.merge_into(&mut trace, |_, _, _| true));
    space.layers = trace.into_layers();
    let shell = manager.shell.map_or_else(|| user.shell.clone(), str::to_owned);
    let name = shell.rsplit('/').next().unwrap_or(&shell).to_owned();
    let then = ThenShell {
        arg0: Some(format!("-{name}")),
        shell,
        login: true,
        interactive: false,
        terminal: false,
        cwd: user.home.clone(),
        user: user.clone(),
        ways: Ways::default(),
    };
    Some(Derived { space, then: Some(then) })
}

/// What launchd gives to programs of the desktop: no shell file takes part.
fn macos(user: &User) -> Space {
    const REFERENCE: &str = "launchd.plist(5), launchctl(1)";
    let reason =
        "computed from launchd's defaults – `launchctl setenv` and `config user path` were not asked";
    let evidence = Evidence::Assumed { reason: reason.to_owned() };
    let mut space = Space::new(SpaceId::of("desktop"), "desktop (launchd)", None, evidence);
    let mut trace = Trace::new();
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("launchd", "launchd, the user's domain", rule("what launchd sets by itself"));
    trace.set(b"PATH", b"/usr/bin:/bin:/usr/sbin:/sbin", rule("the path that is compiled in"));
    trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder"));
    trace.set(b"USER", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"SHELL", user.shell.as_bytes(), rule("the user's shell"));
    let folder = "it names a folder of the user that macOS chooses";
    trace.unreadable(b"TMPDIR", folder, rule("the user's temporary folder"));
    space.layers = trace.into_layers();
    space
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    #[test]
    fn no_desktop_no_space() {
        let machine = MemorySystem::linux();
        assert!(installed(&machine, &machine.user()).is_none());
    }

    #[test]
    fn an_installed_display_manager_starts_login_files() {
        let machine = MemorySystem::linux().file("/etc/X11/default-display-manager", "/usr/sbin/gdm3\n");
        let derived = installed(&machine, &machine.user()).expect("gdm");
        assert!(matches!(derived.space.evidence, Evidence::Assumed { .. }));
        let then = derived.then.expect("a shell");
        assert_eq!((then.shell.as_str(), then.login, then.interactive), ("/bin/bash", true, false));
    }
}
