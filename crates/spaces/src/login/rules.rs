//! The rules of login(1): shadow's, util-linux' and macOS' do not agree.

use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use model::{Evidence, Origin, Space, SpaceId};
use system::{System, User};
use text::login_defs::{Setting, last, read_shadow, read_util_linux};

/// What getty hands to login.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// `TERM`.
    pub term: Option<&'a str>,
    /// The terminal's device.
    pub tty: Option<&'a str>,
}

pub(crate) const LOGIN_DEFS: &str = "/etc/login.defs";
const SHADOW: &str = "shadow: src/login.c, libmisc/setupenv.c setup_env";
const UTIL_LINUX: &str = "util-linux: login-utils/login.c init_environ";

/// What login(1) of this machine gives to a user.
pub fn derive(system: &dyn System, user: &User, start: &Start<'_>) -> Space {
    let mut space = Space::new(SpaceId::of("login"), "login", None, Evidence::Derived);
    let mut trace = Trace::new();
    let shadow = is_shadow(system);
    let defs = system.read(LOGIN_DEFS).unwrap_or_default();
    if shadow {
        shadow_rules(&mut trace, user, start, &read_shadow(&defs));
    } else {
        util_linux_rules(&mut trace, user, start, &read_util_linux(&defs));
    }
    let hushed = shadow && is_hushed(system, user, &read_shadow(&defs));
    let outcome = pam::run(&Transaction {
        system,
        service: "login",
        user,
        caller_uid: 0,
        tty: start.tty,
        ruser: None,
        rhost: None,
        authenticates: true,
        silent: hushed,
        phases: if shadow {
            &[Phase::Session, Phase::Credentials]
        } else {
            &[Phase::Credentials, Phase::Session]
        },
    });
    if let Some(refused) = &outcome.refused {
        space.problems.push(model::Problem::error("login-refused", refused.clone()));
    }
    space.problems.extend(outcome.merge_into(&mut trace, |_, _, _| true));
    if shadow {
        let rule = Origin::rule("whether the messages of a login are hushed", SHADOW);
        trace.layer("login-last", "login, after PAM", rule.clone());
        trace.set(b"HUSHLOGIN", if hushed { b"TRUE" } else { b"FALSE" }, rule);
    }
    space.layers = trace.into_layers();
    space
}

/// Debian took login from shadow up to release 12 and Ubuntu up to 24.10; later ones and the other distributions take
/// it from util-linux (Debian's changelog of the package `login`).
fn is_shadow(system: &dyn System) -> bool {
    let release = system.read("/etc/os-release").unwrap_or_default();
    let release = String::from_utf8_lossy(&release);
    let field = |name: &str| {
        let line = release.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix('='));
        line.map(|v| v.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let major = |text: String| text.split('.').next().and_then(|n| n.parse::<u32>().ok());
    match field("ID").as_str() {
        "debian" => major(field("VERSION_ID")).is_some_and(|n| n <= 12),
        "ubuntu" => major(field("VERSION_ID")).is_some_and(|n| n <= 24),
        _ => false,
    }
}

fn shadow_rules(trace: &mut Trace, user: &User, start: &Start<'_>, defs: &[Setting]) {
    let rule = |what: &str| Origin::rule(what, SHADOW);
    trace.layer("login", "login", rule("what login sets by itself"));
    if let Some(term) = start.term {
        trace.set(b"TERM", term.as_bytes(), rule("the terminal type that getty hands over"));
    }
    account(trace, user, SHADOW);
    let name = if user.uid == 0 { "ENV_SUPATH" } else { "ENV_PATH" };
    match last(defs, name) {
        None => {
            let value: &[u8] =
                if user.uid == 0 { b"/sbin:/bin:/usr/sbin:/usr/bin" } else { b"/bin:/usr/bin" };
            trace.set(b"PATH", value, rule("the path that is compiled in, as login.defs names none"));
        }
        Some(setting) => {
            let origin = Origin::line(LOGIN_DEFS, setting.line);
            // With an `=` the whole value is an assignment, of whatever variable.
            match setting.value.iter().position(|&b| b == b'=') {
                Some(at) => trace.set(&setting.value[..at], &setting.value[at + 1..], origin),
                None => trace.set(b"PATH", &setting.value, origin),
            }
        }
    }
}

fn account(trace: &mut Trace, user: &User, reference: &str) {
    let rule = |what: &str| Origin::rule(what, reference);
    trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder in the user database"));
    trace.set(b"SHELL", user.shell.as_bytes(), rule("the user's shell in the user database"));
    trace.set(b"USER", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name"));
}

fn util_linux_rules(trace: &mut Trace, user: &User, start: &Start<'_>, defs: &[Setting]) {
    let rule = |what: &str| Origin::rule(what, UTIL_LINUX);
    trace.layer("login", "login", rule("what login sets by itself"));
    account(trace, user, UTIL_LINUX);
    let term = start.term.unwrap_or("dumb");
    trace.set(b"TERM", term.as_bytes(), rule("the terminal type that getty hands over, else `dumb`"));
    let names: &[&str] = if user.uid == 0 { &["ENV_ROOTPATH", "ENV_SUPATH"] } else { &["ENV_PATH"] };
    path_from_defs(trace, defs, names, user.uid == 0, LOGIN_DEFS, UTIL_LINUX);
    let mail = format!("/var/mail/{}", user.name);
    trace.set(b"MAIL", mail.as_bytes(), rule("the user's mailbox"));
}

/// util-linux' `logindefs_setenv`: the first of these settings, `PATH=` cut off, else what is compiled in.
pub(crate) fn path_from_defs(
    trace: &mut Trace,
    defs: &[Setting],
    names: &[&str],
    is_root: bool,
    file: &str,
    reference: &str,
) {
    const USER: &[u8] = b"/usr/local/bin:/bin:/usr/bin";
    const ROOT: &[u8] = b"/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin";
    match names.iter().find_map(|name| last(defs, name)) {
        Some(setting) => {
            let value = setting.value.as_slice();
            let equals = value.iter().position(|&b| b == b'=').filter(|_| value.starts_with(b"PATH"));
            let cut = equals.map(|at| &value[at + 1..]).filter(|v| !v.is_empty()).unwrap_or(value);
            let cut = cut.strip_prefix(b"\"").unwrap_or(cut);
            trace.set(b"PATH", cut, Origin::line(file, setting.line));
        }
        None => {
            let rule = Origin::rule("the path that is compiled in, as no setting names one", reference);
            trace.set(b"PATH", if is_root { ROOT } else { USER }, rule);
        }
    }
}

/// Whether the user asked for no messages (shadow: libmisc/hushed.c).
fn is_hushed(system: &dyn System, user: &User, defs: &[Setting]) -> bool {
    let Some(setting) = last(defs, "HUSHLOGIN_FILE") else { return false };
    let file = String::from_utf8_lossy(&setting.value);
    if !file.starts_with('/') {
        return system.exists(&format!("{}/{file}", user.home));
    }
    let bytes = system.read(&file).unwrap_or_default();
    bytes.split(|&b| b == b'\n').any(|line| line == user.shell.as_bytes() || line == user.name.as_bytes())
}

/// macOS' login(1), which Terminal starts; what launchd gives to programs of the desktop is another space.
pub(crate) fn macos(user: &User) -> Space {
    const REFERENCE: &str = "apple: system_cmds login.tproj/login.c";
    let reason = "computed from the rules of macOS' login – they could not be held against the real program";
    let evidence = Evidence::Assumed { reason: reason.to_owned() };
    let mut space = Space::new(SpaceId::of("login"), "login", None, evidence);
    let mut trace = Trace::new();
    trace.layer("login", "login", Origin::rule("what login sets by itself", REFERENCE));
    account(&mut trace, user, REFERENCE);
    let rule = Origin::rule("the path that is compiled in", REFERENCE);
    trace.set(b"PATH", b"/usr/bin:/bin:/usr/sbin:/sbin", rule);
    space.layers = trace.into_layers();
    space
}
