//! How sudo builds the environment of a command (sudo 1.9.13: plugins/sudoers/env.c `rebuild_env`, `env_merge`).

use super::Call;
use super::options::{Options, is_exempt};
use super::pattern::{in_list, tz_is_safe};
use crate::trace::Trace;
use model::Origin;
use std::collections::BTreeSet;
use system::System;
use text::sudoers::read_env_file;

const REFERENCE: &str = "sudo: plugins/sudoers/env.c rebuild_env";

fn rule(what: &str) -> Origin {
    Origin::rule(what, REFERENCE)
}

impl Options {
    /// `None`: env_check does not name the variable.
    fn check(&self, name: &[u8], value: &[u8]) -> Option<(bool, bool)> {
        let whole = in_list(&self.env_check, name, value)?;
        let fine =
            if name == b"TZ" { tz_is_safe(value) } else { !value.iter().any(|b| matches!(b, b'/' | b'%')) };
        Some((fine, whole))
    }

    pub(super) fn should_delete(&self, name: &[u8], value: &[u8]) -> bool {
        in_list(&self.env_delete, name, value).is_some()
            || matches!(self.check(name, value), Some((false, _)))
    }

    pub(super) fn should_keep(&self, name: &[u8], value: &[u8]) -> bool {
        let (keep, whole) = self
            .check(name, value)
            .or_else(|| in_list(&self.env_keep, name, value).map(|whole| (true, whole)))
            .unwrap_or((false, false));
        // A shell function is kept only by a pattern that speaks of the value too.
        keep && (whole || !value.starts_with(b"() "))
    }
}

/// The environment up to and with the variables named `SUDO_…`.
pub(super) fn rebuild(trace: &mut Trace, system: &dyn System, options: &Options, call: &Call<'_>) {
    let ps1 = trace.get("SUDO_PS1").map(<[u8]>::to_vec);
    let resets = options.env_reset.value || call.login;
    let reset_origin = if options.env_reset.value || !call.login {
        options.env_reset.origin.clone()
    } else {
        rule("`-i` resets the environment even where env_reset is off")
    };
    let id = if resets { "env-reset" } else { "env-delete" };
    trace.layer(id, "sudo, what is kept of the caller's environment", reset_origin.clone());
    for (name, value) in trace.names() {
        let value = value.unwrap_or_default();
        if resets && !options.should_keep(&name, &value) {
            trace.unset(&name, reset_origin.clone());
        } else if !resets && options.should_delete(&name, &value) {
            trace.unset(&name, rule("env_delete and env_check drop it"));
        }
    }
    let kept: BTreeSet<Vec<u8>> = trace.names().into_iter().map(|(name, _)| name).collect();
    let has = |name: &str| kept.contains(name.as_bytes());
    trace.layer("sudo", "sudo", rule("what sudo sets by itself"));
    if resets {
        account(trace, options, call, &kept);
    }
    secure_path(trace, system, options, call);
    if options.set_logname.value && !call.login {
        log_name(trace, call, resets, &kept);
    }
    if options.always_set_home.value || call.login || (resets && !has("HOME")) {
        trace.set(b"HOME", call.target.home.as_bytes(), rule("the target's home folder"));
    }
    if !trace.has(b"SHELL") {
        trace.set(b"SHELL", call.target.shell.as_bytes(), rule("the target's shell, as none was kept"));
    }
    if !has("TERM") {
        trace.set(b"TERM", b"unknown", rule("no TERM was kept"));
    }
    if !trace.has(b"PATH") {
        trace.set(
            b"PATH",
            b"/usr/bin:/bin:/usr/sbin:/sbin",
            rule("the path that is compiled in, as none was kept"),
        );
    }
    if let Some(ps1) = ps1 {
        trace.set(b"PS1", &ps1, rule("SUDO_PS1 becomes PS1"));
    }
    sudo_variables(trace, call);
}

fn account(trace: &mut Trace, options: &Options, call: &Call<'_>, kept: &BTreeSet<Vec<u8>>) {
    let has = |name: &str| kept.contains(name.as_bytes());
    if call.login {
        trace.set(b"SHELL", call.target.shell.as_bytes(), rule("the target's shell"));
        trace.set(b"LOGNAME", call.target.name.as_bytes(), rule("the target's name"));
        trace.set(b"USER", call.target.name.as_bytes(), rule("the target's name"));
    } else if !options.set_logname.value {
        for name in ["LOGNAME", "USER"].into_iter().filter(|n| !has(n)) {
            trace.set(name.as_bytes(), call.caller.name.as_bytes(), options.set_logname.origin.clone());
        }
    }
    if call.login || !has("MAIL") {
        let mail = format!("/var/mail/{}", call.target.name);
        trace.set(b"MAIL", mail.as_bytes(), rule("the target's mailbox"));
    }
}

fn secure_path(trace: &mut Trace, system: &dyn System, options: &Options, call: &Call<'_>) {
    if let Some(reason) = &options.unreadable {
        let reason = format!("secure_path is not known – {reason}");
        trace.unreadable(b"PATH", &reason, Origin::unknown(&reason));
    } else if let Some(path) = &options.secure_path
        && !is_exempt(options, system, call)
    {
        trace.set(b"PATH", path.value.as_bytes(), path.origin.clone());
    }
}

/// LOGNAME and USER: the target's, unless one was kept, which the other then follows.
fn log_name(trace: &mut Trace, call: &Call<'_>, resets: bool, kept: &BTreeSet<Vec<u8>>) {
    let was_kept = |name: &str| resets && kept.contains(name.as_bytes());
    let target = call.target.name.as_bytes();
    match (was_kept("LOGNAME"), was_kept("USER")) {
        (false, false) => {
            trace.set(b"LOGNAME", target, rule("the target's name"));
            trace.set(b"USER", target, rule("the target's name"));
        }
        (true, true) => {}
        (logname, _) => {
            let (from, to) = if logname { ("LOGNAME", "USER") } else { ("USER", "LOGNAME") };
            if let Some(name) = trace.get(from).map(<[u8]>::to_vec) {
                trace.set(to.as_bytes(), &name, rule("follows the one of LOGNAME and USER that was kept"));
            }
        }
    }
}

fn sudo_variables(trace: &mut Trace, call: &Call<'_>) {
    match call.command {
        Some(command) => trace.set(b"SUDO_COMMAND", command.as_bytes(), rule("the command")),
        None => trace.unreadable(b"SUDO_COMMAND", "it names the command that is run", rule("the command")),
    }
    trace.set(b"SUDO_USER", call.caller.name.as_bytes(), rule("the caller's name"));
    trace.set(b"SUDO_UID", call.caller.uid.to_string().as_bytes(), rule("the caller's number"));
    trace.set(b"SUDO_GID", call.caller.gid.to_string().as_bytes(), rule("the caller's group"));
}

/// `restricted_env_file`, then `env_file`: both fill gaps only.
pub(super) fn env_files(trace: &mut Trace, system: &dyn System, options: &Options) {
    let files = [(&options.restricted_env_file, true), (&options.env_file, false)];
    for (file, restricted) in files {
        let Some(file) = file else { continue };
        let path = &file.value;
        let id = if restricted { "restricted-env-file" } else { "env-file" };
        let bytes = match system.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                trace.begin(
                    model::Layer::unreadable(id, path.clone(), error.to_string())
                        .from_source(Origin::file(path)),
                );
                continue;
            }
        };
        trace.layer(id, path.clone(), Origin::file(path));
        for setting in read_env_file(&bytes) {
            let (name, value) = (&setting.name, &setting.value);
            let allowed = !restricted
                || if options.env_reset.value {
                    options.should_keep(name, value)
                } else {
                    !options.should_delete(name, value)
                };
            if allowed && !trace.has(name) {
                trace.set(name, value, Origin::line(path, setting.line));
            }
        }
    }
}
