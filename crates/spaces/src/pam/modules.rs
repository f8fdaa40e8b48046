//! What single modules answer, and what those that know variables put into PAM's environment.
//!
//! Known to set variables: pam_env, pam_mail, pam_motd, and pam_systemd where logind runs. Of the modules in Debian's
//! libpam-modules only pam_xauth does so besides (a grep for `pam_putenv` over Linux-PAM 1.5.2).

use super::env::pam_env;
use super::stack::{Handler, What};
use super::{Outcome, Transaction};
use model::{Layer, Origin, Problem};

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
