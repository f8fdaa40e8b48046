//! `ssh` and `ssh:login`: what sshd gives to a command and to a login shell of the user.
//!
//! The client is taken to send no variable. Not here: forced commands, `environment=` of authorized_keys (which key
//! is used is not known), GSSAPI and X11 forwarding.

mod config;

use crate::accounts;
use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways, installed};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use config::Config;
use model::{Evidence, Layer, Origin, Problem, Space, SpaceId};
use system::{Os, ReadError, System, User};
use text::sshd::{matches_list, read_environment};

/// The family `ssh`.
pub(crate) const FAMILY: Derive = Derive { family: "ssh", stage: Stage::AfterShells, spaces: derive };

const REFERENCE: &str = "openssh: session.c do_setup_env";
const CONFIG: &str = "/etc/ssh/sshd_config";

/// One connection's session.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    pub user: &'a User,
    /// A login shell on a terminal of this type, instead of a command.
    pub login: Option<&'a str>,
    pub config: &'a str,
}

fn derive(context: &Context<'_>) -> Vec<Derived> {
    if context.system.os() != Os::Linux || installed(context.system, "sshd").is_none() {
        return Vec::new();
    }
    [None, Some("xterm-256color")]
        .into_iter()
        .map(|login| session(context.system, &Session { user: context.user, login, config: CONFIG }))
        .collect()
}

/// What sshd gives.
pub fn session(system: &dyn System, session: &Session<'_>) -> Derived {
    let user = session.user;
    let (id, title) = match session.login {
        Some(_) => (SpaceId::new("ssh", "login"), "ssh HOST"),
        None => (SpaceId::of("ssh"), "ssh HOST COMMAND"),
    };
    let mut space = Space::new(id, title, None, Evidence::Derived);
    let groups = accounts::groups_of(system, user).into_iter().map(|g| g.name).collect();
    let config = Config::read(system, session.config, user, groups);
    if let Some(reason) = &config.unreadable {
        let reason = format!("sshd's defaults are taken to hold – {reason}");
        space.evidence = Evidence::Assumed { reason };
    }
    space.problems.extend(config.problems.iter().cloned());
    let mut trace = Trace::new();
    own(&mut trace, system, session, &config);
    user_environment(&mut trace, system, user, &config);
    if config.use_pam {
        let outcome = pam::run(&Transaction {
            system,
            service: "sshd",
            user,
            caller_uid: 0,
            tty: Some("ssh"),
            ruser: None,
            // As the values that stand for a connection below.
            rhost: Some("127.0.0.1"),
            authenticates: false,
            silent: false,
            phases: &[Phase::Credentials, Phase::Session, Phase::Credentials],
        });
        space.problems.extend(outcome.refused.iter().map(|r| Problem::error("ssh-refused", r.clone())));
        // What PAM's authentication left for sshd itself stays there (session.c PAM_ENV_DENYLIST).
        let for_sshd =
            |name: &[u8]| name.starts_with(b"SSH_AUTH_INFO") || name.starts_with(b"SSH_CONNECTION");
        space.problems.extend(outcome.merge_into(&mut trace, |_, name, _| !for_sshd(name)));
    }
    if !config.set_env.is_empty() {
        trace.layer("set-env", "SetEnv of sshd_config", config.set_env[0].2.clone());
        for (name, value, origin) in &config.set_env {
            trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
        }
    }
    connection(&mut trace, session);
    space.layers = trace.into_layers();
    Derived { space, then: Some(shell(session)) }
}

fn own(trace: &mut Trace, system: &dyn System, session: &Session<'_>, config: &Config) {
    let user = session.user;
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("sshd", "sshd", rule("what sshd sets by itself"));
    trace.set(b"USER", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name"));
    trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder"));
    // Debian sets its own with --with-default-path and --with-superuser-path (debian/rules); else paths.h.
    let path: &[u8] = match (system.exists("/etc/debian_version"), user.uid == 0) {
        (true, true) => b"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        (true, false) => b"/usr/local/bin:/usr/bin:/bin:/usr/games",
        (false, _) => b"/usr/bin:/bin:/usr/sbin:/sbin",
    };
    trace.set(b"PATH", path, rule("the path that is compiled in"));
    if !config.use_pam {
        let mail = format!("/var/mail/{}", user.name);
        trace.set(b"MAIL", mail.as_bytes(), rule("the user's mailbox, where PAM is not used"));
    }
    trace.set(b"SHELL", user.shell.as_bytes(), rule("the user's shell"));
    if let Some(term) = session.login {
        let reason = "stands for the type of the client's terminal";
        trace.stand_in(b"TERM", term.as_bytes(), reason, rule("the client's TERM"));
    }
}

fn user_environment(trace: &mut Trace, system: &dyn System, user: &User, config: &Config) {
    let path = format!("{}/.ssh/environment", user.home);
    let id = "ssh-environment";
    if !config.user_environment {
        if system.exists(&path) {
            let reason = "PermitUserEnvironment is off";
            trace.begin(Layer::skipped(id, &path, reason).from_source(Origin::file(&path)));
        }
        return;
    }
    let bytes = match system.read(&path) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound) => {
            return trace.begin(Layer::skipped(id, &path, "does not exist").from_source(Origin::file(&path)));
        }
        Err(error) => {
            let layer = Layer::unreadable(id, &path, error.to_string());
            return trace.begin(layer.from_source(Origin::file(&path)));
        }
    };
    trace.layer(id, path.clone(), Origin::file(&path));
    for setting in read_environment(&bytes) {
        let name = String::from_utf8_lossy(&setting.name);
        if config.user_environment_names.as_ref().is_none_or(|list| matches_list(&name, list)) {
            trace.set(&setting.name, &setting.value, Origin::line(&path, setting.line));
        }
    }
}

fn connection(trace: &mut Trace, session: &Session<'_>) {
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("connection", "sshd, about the connection", rule("what sshd tells about the connection"));
    let reason = "stands for the addresses and ports of a connection";
    trace.stand_in(b"SSH_CLIENT", b"127.0.0.1 50000 22", reason, rule("the client's address and port"));
    let both = b"127.0.0.1 50000 127.0.0.1 22";
    trace.stand_in(b"SSH_CONNECTION", both, reason, rule("both ends of the connection"));
    if session.login.is_some() {
        trace.stand_in(b"SSH_TTY", b"/dev/pts/0", "stands for the terminal's device", rule("the terminal"));
    }
}

fn shell(session: &Session<'_>) -> ThenShell {
    let login = session.login.is_some();
    let shell = &session.user.shell;
    let name = shell.rsplit('/').next().unwrap_or(shell);
    ThenShell {
        arg0: Some(if login { format!("-{name}") } else { name.to_owned() }),
        shell: shell.clone(),
        login,
        interactive: login,
        terminal: login,
        cwd: session.user.home.clone(),
        user: session.user.clone(),
        ways: Ways::default(),
    }
}
