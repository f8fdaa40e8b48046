//! `su` and `su:login`: a command run as root by util-linux' su, without and with `-`.
//!
//! Not here: whether the user may become root.

use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways, installed};
use crate::login::rules::{LOGIN_DEFS, path_from_defs};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use crate::{accounts, secure_execution};
use model::{Evidence, Folded, Origin, Problem, Space, SpaceId};
use system::{System, User};
use text::login_defs::{last, read_util_linux};

/// The family `su`.
pub(crate) const FAMILY: Derive = Derive { family: "su", stage: Stage::AfterShells, spaces: derive };

const REFERENCE: &str = "util-linux: login-utils/su-common.c modify_environment";

/// One call of su.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Who calls it.
    pub caller: &'a User,
    pub target: &'a User,
    /// `su -`.
    pub login: bool,
    /// The terminal's device, if the call has one.
    pub tty: Option<&'a str>,
}

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let system = context.system;
    if installed(system, "su").is_none() {
        return Vec::new();
    }
    let target = accounts::root(system);
    [(false, "su"), (true, "su:login")]
        .into_iter()
        .map(|(login, id)| {
            let call = Call { caller: context.user, target: &target, login, tty: None };
            let title = if login { "su -" } else { "su -c COMMAND" };
            let id: SpaceId = if login { SpaceId::new("su", "login") } else { SpaceId::of(id) };
            let mut space = Space::new(id, title, Some(context.caller.clone()), Evidence::Derived);
            let (layers, problems) = layers(system, context.caller_environment, &call);
            space.layers = layers;
            space.problems = problems;
            Derived { space, then: Some(then(&call, &working_folder(context, &call))) }
        })
        .collect()
}

fn working_folder(context: &Context<'_>, call: &Call<'_>) -> String {
    if call.login { call.target.home.clone() } else { context.user.home.clone() }
}

/// The shell that su starts: for `-` an interactive one, else one with `-c`.
pub fn then(call: &Call<'_>, cwd: &str) -> ThenShell {
    let shell = call.target.shell.clone();
    let name = shell.rsplit('/').next().unwrap_or(&shell);
    let arg0 = if call.login { format!("-{name}") } else { name.to_owned() };
    ThenShell {
        arg0: Some(arg0),
        login: call.login,
        interactive: call.login,
        terminal: call.login,
        cwd: cwd.to_owned(),
        user: call.target.clone(),
        shell,
        ways: Ways::default(),
    }
}

/// What su makes of the caller's environment.
pub fn layers(system: &dyn System, caller: &Folded, call: &Call<'_>) -> (Vec<model::Layer>, Vec<Problem>) {
    let mut trace = Trace::over(caller);
    secure_execution::apply(&mut trace, call.caller.uid);
    if call.login {
        login(&mut trace, system, call.target);
    } else {
        command(&mut trace, system, call.target);
    }
    let outcome = pam::run(&Transaction {
        system,
        service: if call.login { "su-l" } else { "su" },
        user: call.target,
        caller_uid: call.caller.uid,
        tty: call.tty,
        ruser: Some(&call.caller.name),
        rhost: None,
        authenticates: true,
        silent: false,
        phases: &[Phase::Credentials, Phase::Session],
    });
    let mut problems: Vec<Problem> =
        outcome.refused.iter().map(|r| Problem::error("su-refused", r.clone())).collect();
    problems.extend(outcome.merge_into(&mut trace, |_, _, _| true));
    (trace.into_layers(), problems)
}

fn login(trace: &mut Trace, system: &dyn System, target: &User) {
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    let clear = rule("a login begins with an empty environment, but for TERM");
    trace.layer("su-clear", "su -, clearing the environment", clear.clone());
    for (name, _) in trace.names() {
        if name != b"TERM" {
            trace.unset(&name, clear.clone());
        }
    }
    trace.layer("su", "su -", rule("what su sets by itself"));
    trace.set(b"SHELL", target.shell.as_bytes(), rule("the target's shell"));
    set_path(trace, system, target);
    trace.set(b"HOME", target.home.as_bytes(), rule("the target's home folder"));
    trace.set(b"USER", target.name.as_bytes(), rule("the target's name"));
    trace.set(b"LOGNAME", target.name.as_bytes(), rule("the target's name"));
}

fn command(trace: &mut Trace, system: &dyn System, target: &User) {
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("su", "su", rule("what su sets by itself"));
    trace.set(b"HOME", target.home.as_bytes(), rule("the target's home folder"));
    trace.set(b"SHELL", target.shell.as_bytes(), rule("the target's shell"));
    let settings = settings(system);
    let always = settings.iter().rev().find(|(s, _)| s.name == "ALWAYS_SET_PATH");
    if always.is_some_and(|(s, _)| s.value.eq_ignore_ascii_case(b"yes")) {
        set_path(trace, system, target);
    }
    // Becoming root keeps the caller's name, so that files that root writes can tell.
    if target.uid != 0 {
        trace.set(b"USER", target.name.as_bytes(), rule("the target's name"));
        trace.set(b"LOGNAME", target.name.as_bytes(), rule("the target's name"));
    }
}

const FILES: &[&str] = &[LOGIN_DEFS, "/etc/default/su"];

type Located = (text::login_defs::Setting, &'static str);

/// The settings of both files, the later one winning.
fn settings(system: &dyn System) -> Vec<Located> {
    FILES
        .iter()
        .flat_map(|file| {
            let bytes = system.read(file).unwrap_or_default();
            read_util_linux(&bytes).into_iter().map(move |s| (s, *file))
        })
        .collect()
}

fn set_path(trace: &mut Trace, system: &dyn System, target: &User) {
    let names: &[&str] = if target.uid == 0 { &["ENV_SUPATH", "ENV_ROOTPATH"] } else { &["ENV_PATH"] };
    let settings = settings(system);
    // The first of the names that stands in either file.
    for name in names {
        if let Some((_, file)) = settings.iter().rev().find(|(s, _)| s.name == *name) {
            let of_file: Vec<_> =
                settings.iter().filter(|(_, f)| f == file).map(|(s, _)| s.clone()).collect();
            debug_assert!(last(&of_file, name).is_some());
            return path_from_defs(trace, &of_file, &[name], target.uid == 0, file, REFERENCE);
        }
    }
    path_from_defs(trace, &[], &[], target.uid == 0, LOGIN_DEFS, REFERENCE);
}

#[cfg(test)]
mod tests;
