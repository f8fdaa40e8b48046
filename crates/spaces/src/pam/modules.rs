//! What single modules answer, and what those that know variables put into PAM's environment.
//!
//! Known to set variables: pam_env, pam_mail, pam_motd, and pam_systemd where logind runs. Of the modules in Debian's
//! libpam-modules only pam_xauth does so besides (a grep for `pam_putenv` over Linux-PAM 1.5.2).

use super::stack::{Handler, What};
use super::{Outcome, Transaction};
use model::{Layer, Origin, Problem};
use system::ReadError;
use text::pam::conf::{Given, Reference, expand};
use text::pam::{conf, envfile};

/// Folders in which distributions keep modules.
const MODULE_FOLDERS: &[&str] = &[
    "/lib/x86_64-linux-gnu/security",
    "/lib/aarch64-linux-gnu/security",
    "/usr/lib64/security",
    "/lib64/security",
    "/usr/lib/security",
    "/lib/security",
];

/// Modules that set no variable, or none that lasts.
const SILENT: &[&str] = &[
    "pam_access",
    "pam_cap",
    "pam_deny",
    "pam_echo",
    "pam_faildelay",
    "pam_faillock",
    "pam_fprintd",
    "pam_group",
    "pam_issue",
    "pam_keyinit",
    "pam_lastlog",
    "pam_limits",
    "pam_localuser",
    "pam_loginuid",
    "pam_mkhomedir",
    "pam_namespace",
    "pam_nologin",
    "pam_permit",
    "pam_pwhistory",
    "pam_pwquality",
    "pam_rootok",
    "pam_securetty",
    "pam_selinux",
    "pam_sepermit",
    "pam_shells",
    "pam_succeed_if",
    "pam_time",
    "pam_tty_audit",
    "pam_umask",
    "pam_unix",
    "pam_usertype",
    "pam_warn",
    "pam_wheel",
    "pam_debug",
];

fn base(module: &str) -> &str {
    let name = module.rsplit('/').next().unwrap_or(module);
    name.strip_suffix(".so").unwrap_or(name)
}

/// Whether the module's file is there; where no folder of modules is to be seen, it is taken to be.
fn is_there(transaction: &Transaction<'_>, module: &str) -> bool {
    if module.starts_with('/') {
        return transaction.system.exists(module);
    }
    let mut folders = MODULE_FOLDERS.iter().filter(|f| transaction.system.is_folder(f)).peekable();
    folders.peek().is_none() || folders.any(|f| transaction.system.exists(&format!("{f}/{module}")))
}

/// The answer of `pam_authenticate`, all passwords being right.
pub(super) fn authenticate(transaction: &Transaction<'_>, handler: &Handler) -> &'static str {
    let What::Module { module, args } = &handler.what else { return "perm_denied" };
    if !is_there(transaction, module) {
        return "module_unknown";
    }
    match base(module) {
        "pam_deny" => "auth_err",
        "pam_rootok" if transaction.caller_uid == 0 => "success",
        "pam_rootok" => "auth_err",
        "pam_succeed_if" => succeed_if(transaction, args),
        "pam_env" | "pam_mail" | "pam_motd" | "pam_group" | "pam_cap" | "pam_faildelay" => "ignore",
        _ => "success",
    }
}

/// Runs the module for `pam_setcred`.
pub(super) fn credentials(
    transaction: &Transaction<'_>,
    handler: &Handler,
    outcome: &mut Outcome,
) -> &'static str {
    let What::Module { module, args } = &handler.what else { return "perm_denied" };
    if !is_there(transaction, module) {
        return "module_unknown";
    }
    match base(module) {
        "pam_deny" => "cred_err",
        "pam_env" => pam_env(transaction, args, outcome, &handler.origin),
        "pam_mail" => pam_mail(transaction, args, outcome, &handler.origin),
        "pam_motd" | "pam_cap" => "ignore",
        "pam_succeed_if" => succeed_if(transaction, args),
        name => other(name, outcome, &handler.origin),
    }
}

/// Runs the module for `pam_open_session`.
pub(super) fn session(
    transaction: &Transaction<'_>,
    handler: &Handler,
    outcome: &mut Outcome,
) -> &'static str {
    let What::Module { module, args } = &handler.what else { return "perm_denied" };
    if !is_there(transaction, module) {
        return "module_unknown";
    }
    match base(module) {
        "pam_deny" => "session_err",
        "pam_env" => pam_env(transaction, args, outcome, &handler.origin),
        "pam_mail" => pam_mail(transaction, args, outcome, &handler.origin),
        "pam_motd" if transaction.silent => "ignore",
        "pam_motd" => {
            let layer = outcome.layer(rule_layer("pam-motd", "pam_motd", &handler.origin));
            let origin =
                Origin::rule("pam_motd says that it showed the message of the day", "linux-pam: pam_motd.c");
            outcome.put(layer, b"MOTD_SHOWN", Some(b"pam"), origin);
            "ignore"
        }
        "pam_systemd" => pam_systemd(transaction, outcome, &handler.origin),
        "pam_succeed_if" => succeed_if(transaction, args),
        name => other(name, outcome, &handler.origin),
    }
}

fn other(name: &str, outcome: &mut Outcome, origin: &Origin) -> &'static str {
    if !SILENT.contains(&name) {
        let message = format!("what the PAM module `{name}` adds to a session is not known");
        let problem = Problem::info("pam-module-unknown", message).at(origin.clone());
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
    "success"
}

fn rule_layer(id: &str, title: &str, origin: &Origin) -> Layer {
    Layer::applied(id, title, Vec::new()).from_source(origin.clone())
}

/// `uid >= 1000`, `user = ann`, `shell != /bin/false` and the like; what is not understood holds.
fn succeed_if(transaction: &Transaction<'_>, args: &[String]) -> &'static str {
    const FLAGS: &[&str] = &["quiet", "quiet_fail", "quiet_success", "use_uid", "debug", "audit"];
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|a| !FLAGS.contains(a)).collect();
    let user = transaction.user;
    for condition in words.chunks(3) {
        let [field, operator, wanted] = condition else { return "success" };
        let text = match *field {
            "uid" => user.uid.to_string(),
            "gid" => user.gid.to_string(),
            "user" => user.name.clone(),
            "shell" => user.shell.clone(),
            "home" => user.home.clone(),
            "service" => transaction.service.to_owned(),
            _ => continue,
        };
        let numbers = text.parse::<i64>().ok().zip(wanted.parse::<i64>().ok());
        let holds = match *operator {
            "=" | "eq" => numbers.map_or(text == *wanted, |(a, b)| a == b),
            "!=" | "ne" => numbers.map_or(text != *wanted, |(a, b)| a != b),
            "<" | "lt" => numbers.is_none_or(|(a, b)| a < b),
            "<=" | "le" => numbers.is_none_or(|(a, b)| a <= b),
            ">" | "gt" => numbers.is_none_or(|(a, b)| a > b),
            ">=" | "ge" => numbers.is_none_or(|(a, b)| a >= b),
            "in" => wanted.split(':').any(|w| w == text),
            "notin" => wanted.split(':').all(|w| w != text),
            _ => true,
        };
        if !holds {
            return "auth_err";
        }
    }
    "success"
}

/// `MAIL`, without asking whether there is any (linux-pam: pam_mail.c `_do_mail`).
fn pam_mail(
    transaction: &Transaction<'_>,
    args: &[String],
    outcome: &mut Outcome,
    origin: &Origin,
) -> &'static str {
    if args.iter().any(|a| a == "noenv") {
        return "success";
    }
    let user = transaction.user;
    let given = args.iter().rev().find_map(|a| a.strip_prefix("dir=")).filter(|d| !d.is_empty());
    let hash: usize =
        args.iter().rev().find_map(|a| a.strip_prefix("hash=")).and_then(|n| n.parse().ok()).unwrap_or(0);
    let folder = match given.and_then(|d| d.strip_prefix('~')) {
        Some(in_home) => {
            let in_home = in_home.strip_prefix('/').unwrap_or(in_home);
            if in_home.is_empty() {
                return "service_err";
            }
            format!("{}/{in_home}", user.home)
        }
        None => {
            let levels: String = user.name.chars().take(hash).flat_map(|c| ['/', c]).collect();
            format!("{}{levels}/{}", given.unwrap_or("/var/mail"), user.name)
        }
    };
    let layer = outcome.layer(rule_layer("pam-mail", "pam_mail", origin));
    outcome.put(layer, b"MAIL", Some(folder.as_bytes()), origin.clone());
    "success"
}

/// What logind tells a session (systemd: pam_systemd.c `pam_sm_open_session`); nothing where logind does not run.
fn pam_systemd(transaction: &Transaction<'_>, outcome: &mut Outcome, origin: &Origin) -> &'static str {
    const REFERENCE: &str = "systemd: src/login/pam_systemd.c";
    if !transaction.system.exists("/run/systemd/seats") {
        let reason = "logind does not run here (no `/run/systemd/seats`)";
        outcome.layer(Layer::skipped("pam-systemd", "pam_systemd", reason).from_source(origin.clone()));
        return "success";
    }
    let layer = outcome.layer(rule_layer("pam-systemd", "pam_systemd", origin));
    let folder = format!("/run/user/{}", transaction.user.uid);
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    outcome.put(
        layer,
        b"XDG_RUNTIME_DIR",
        Some(folder.as_bytes()),
        rule("the folder that logind makes for the user"),
    );
    outcome.put(layer, b"XDG_SESSION_CLASS", Some(b"user"), rule("the class of a session that a user opens"));
    outcome.put(layer, b"XDG_SESSION_TYPE", Some(b"tty"), rule("the type of a session on a terminal"));
    let bus = format!("{folder}/bus");
    if transaction.system.exists(&bus) {
        let address = format!("unix:path={bus}");
        outcome.put(
            layer,
            b"DBUS_SESSION_BUS_ADDRESS",
            Some(address.as_bytes()),
            rule("the user's bus, where its socket exists"),
        );
    }
    "success"
}

/// Options of pam_env with their defaults (linux-pam: pam_env.c `_pam_parse`).
struct EnvOptions<'a> {
    conf: &'a str,
    env: &'a str,
    read_env: bool,
    user: &'a str,
    read_user: bool,
}

fn env_options(args: &[String]) -> EnvOptions<'_> {
    let mut options = EnvOptions {
        conf: "/etc/security/pam_env.conf",
        env: "/etc/environment",
        read_env: true,
        user: ".pam_environment",
        read_user: false,
    };
    // As `atoi` reads it.
    let is_on = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit() && c != '0');
    for arg in args {
        match arg.split_once('=') {
            Some((_, "")) => {}
            Some(("conffile", path)) => options.conf = path,
            Some(("envfile", path)) => options.env = path,
            Some(("user_envfile", path)) => options.user = path,
            Some(("readenv", number)) => options.read_env = is_on(number),
            Some(("user_readenv", number)) => options.read_user = is_on(number),
            _ => {}
        }
    }
    options
}

/// The conf, then the env file, then the user's file, which is written like the conf (pam_env.c `handle_env`).
fn pam_env(
    transaction: &Transaction<'_>,
    args: &[String],
    outcome: &mut Outcome,
    origin: &Origin,
) -> &'static str {
    let options = env_options(args);
    match read_conf(transaction, options.conf, "pam-env-conf", outcome, origin) {
        "success" => {}
        other => return other,
    }
    if options.read_env {
        read_env(transaction, options.env, outcome, origin);
    }
    if options.read_user {
        let path = format!("{}/{}", transaction.user.home, options.user);
        if read_conf(transaction, &path, "pam-user-env", outcome, origin) == "abort" {
            return "abort";
        }
    }
    "success"
}

fn title(path: &str, origin: &Origin) -> String {
    match origin.place() {
        Some(place) => format!("{path} (pam_env, {}:{})", place.path, place.line),
        None => format!("{path} (pam_env)"),
    }
}

fn open(
    transaction: &Transaction<'_>,
    path: &str,
    id: &str,
    outcome: &mut Outcome,
    origin: &Origin,
) -> Option<(Vec<u8>, usize)> {
    let title = title(path, origin);
    let (layer, bytes) = match transaction.system.read(path) {
        Ok(bytes) => (Layer::applied(id, title, Vec::new()), Some(bytes)),
        Err(ReadError::NotFound) => (Layer::skipped(id, title, "does not exist"), None),
        Err(error) => (Layer::unreadable(id, title, error.to_string()), None),
    };
    let index = outcome.layer(layer.from_source(Origin::file(path)));
    bytes.map(|bytes| (bytes, index))
}

fn note_broken(outcome: &mut Outcome, path: &str, broken: Option<&text::pam::Broken>) {
    if let Some(broken) = broken {
        let message = format!("`{path}` is read only up to line {} – {}", broken.line, broken.reason);
        let problem = Problem::warning("pam-file-cut", message).at(Origin::line(path, broken.line));
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
}

fn note_refused(outcome: &mut Outcome, path: &str, refused: &[(u32, &'static str)]) {
    for (line, reason) in refused {
        let message = format!("`{path}`:{line} does nothing – {reason}");
        let problem = Problem::warning("pam-line-ignored", message).at(Origin::line(path, *line));
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
}

fn read_conf(
    transaction: &Transaction<'_>,
    path: &str,
    id: &str,
    outcome: &mut Outcome,
    origin: &Origin,
) -> &'static str {
    let Some((bytes, layer)) = open(transaction, path, id, outcome, origin) else { return "ignore" };
    let file = conf::read(&bytes);
    note_broken(outcome, path, file.broken.as_ref());
    note_refused(outcome, path, &file.refused);
    for line in &file.lines {
        let origin = Origin::line(path, line.line);
        let expanded = |given: &Given| match given {
            Given::Nothing => Ok(None),
            Given::Empty => Ok(Some(Vec::new())),
            Given::Text(text) => {
                expand(text, &|kind, name| look_up(transaction, outcome, kind, name)).map(Some)
            }
        };
        let (default, overriding) = match (expanded(&line.default), expanded(&line.r#override)) {
            (Ok(default), Ok(overriding)) => (default, overriding),
            (Err(reason), _) | (_, Err(reason)) => {
                note_broken(outcome, path, Some(&text::pam::Broken { line: line.line, reason }));
                return "abort";
            }
        };
        // An OVERRIDE that expands to nothing gives DEFAULT; without DEFAULT the variable is taken out.
        let value = overriding.filter(|v| !v.is_empty()).or(default);
        let whole = match &value {
            Some(value) => [line.name.as_slice(), b"=", value].concat(),
            None => line.name.clone(),
        };
        match whole.iter().position(|&b| b == b'=') {
            Some(at) => outcome.put(layer, &whole[..at], Some(&whole[at + 1..]), origin),
            None => outcome.put(layer, &whole, None, origin),
        }
    }
    if file.broken.is_some() { "abort" } else { "success" }
}

fn look_up(
    transaction: &Transaction<'_>,
    outcome: &Outcome,
    kind: Reference,
    name: &[u8],
) -> Option<Vec<u8>> {
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    match (kind, name) {
        (Reference::Variable, name) => outcome.environment.get(name).cloned(),
        (Reference::Item, b"HOME") => bytes(&transaction.user.home),
        (Reference::Item, b"SHELL") => bytes(&transaction.user.shell),
        (Reference::Item, b"PAM_USER") => bytes(&transaction.user.name),
        (Reference::Item, b"PAM_TTY") => transaction.tty.and_then(bytes),
        (Reference::Item, b"PAM_RUSER") => transaction.ruser.and_then(bytes),
        (Reference::Item, b"PAM_RHOST") => transaction.rhost.and_then(bytes),
        (Reference::Item, _) => None,
    }
}

fn read_env(transaction: &Transaction<'_>, path: &str, outcome: &mut Outcome, origin: &Origin) {
    let Some((bytes, layer)) = open(transaction, path, "pam-env-file", outcome, origin) else { return };
    let file = envfile::read(&bytes);
    note_broken(outcome, path, file.broken.as_ref());
    note_refused(outcome, path, &file.refused);
    for line in &file.lines {
        outcome.put(layer, &line.name, line.value.as_deref(), Origin::line(path, line.line));
    }
}
