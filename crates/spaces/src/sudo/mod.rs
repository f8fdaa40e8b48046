//! `sudo` and `sudo:login`: a command, and `-i`, as root or whoever `runas_default` names.
//!
//! Not here: whether the user may do so, and Defaults for single commands.

mod options;
mod pattern;
mod rebuild;
mod who;

use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways, installed};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use crate::{accounts, secure_execution};
use model::{Evidence, Folded, Layer, Problem, Space, SpaceId};
use system::{System, User};

/// The family `sudo`.
pub(crate) const FAMILY: Derive = Derive { family: "sudo", stage: Stage::AfterShells, spaces: derive };

/// One call of sudo.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub caller: &'a User,
    pub target: &'a User,
    /// `-i`.
    pub login: bool,
    /// What SUDO_COMMAND will say, if the command is known.
    pub command: Option<&'a str>,
}

/// What sudo makes of the caller's environment.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    pub layers: Vec<Layer>,
    pub problems: Vec<Problem>,
    /// Why sudoers could not be read.
    pub unreadable: Option<String>,
}

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let system = context.system;
    if installed(system, "sudo").is_none() {
        return Vec::new();
    }
    let wanted = options::read_options(system, context.user, None).runas_default;
    let target = accounts::user_named(system, &wanted).unwrap_or_else(|| accounts::root(system));
    [false, true]
        .into_iter()
        .map(|login| {
            let command = login.then_some(target.shell.as_str());
            let call = Call { caller: context.user, target: &target, login, command };
            let rebuilt = layers(system, context.caller_environment, &call);
            let evidence = match rebuilt.unreadable {
                Some(reason) => Evidence::Assumed {
                    reason: format!("what is compiled into sudo is taken to hold – {reason}"),
                },
                None => Evidence::Derived,
            };
            let id = if login { SpaceId::new("sudo", "login") } else { SpaceId::of("sudo") };
            let title = if login { "sudo -i" } else { "sudo COMMAND" };
            let mut space = Space::new(id, title, Some(context.caller.clone()), evidence);
            space.layers = rebuilt.layers;
            space.problems = rebuilt.problems;
            Derived { space, then: login.then(|| shell(&target)) }
        })
        .collect()
}

/// The shell of `sudo -i`.
pub fn shell(target: &User) -> ThenShell {
    let name = target.shell.rsplit('/').next().unwrap_or(&target.shell);
    ThenShell {
        arg0: Some(format!("-{name}")),
        shell: target.shell.clone(),
        login: true,
        interactive: true,
        terminal: true,
        cwd: target.home.clone(),
        user: target.clone(),
        ways: Ways::default(),
    }
}

/// What sudo makes of the caller's environment.
pub fn layers(system: &dyn System, caller: &Folded, call: &Call<'_>) -> Rebuilt {
    let options = options::read_options(system, call.caller, Some(call.target));
    let mut trace = Trace::over(caller);
    secure_execution::apply(&mut trace, call.caller.uid);
    rebuild::rebuild(&mut trace, system, &options, call);
    rebuild::env_files(&mut trace, system, &options);
    let mut phases = Vec::new();
    if options.pam_setcred {
        phases.push(Phase::Credentials);
    }
    if options.pam_session {
        phases.push(Phase::Session);
    }
    let outcome = pam::run(&Transaction {
        system,
        service: if call.login { "sudo-i" } else { "sudo" },
        user: call.target,
        caller_uid: call.caller.uid,
        tty: None,
        ruser: Some(&call.caller.name),
        rhost: None,
        authenticates: call.caller.uid != 0,
        silent: !call.login,
        phases: &phases,
    });
    let mut problems = options.problems.clone();
    // PAM_SESSION_ERR is survived, any other failure is not (auth/pam.c `sudo_pam_begin_session`).
    problems.extend(
        outcome
            .refused
            .iter()
            .filter(|r| !r.ends_with("(session_err)"))
            .map(|r| Problem::error("sudo-refused", r.clone())),
    );
    problems.extend(outcome.merge_into(&mut trace, |trace, name, value| {
        let overwrite = if options.env_reset.value {
            !options.should_keep(name, value)
        } else {
            options.should_delete(name, value)
        };
        overwrite || !trace.has(name)
    }));
    Rebuilt { layers: trace.into_layers(), problems, unreadable: options.unreadable }
}

#[cfg(test)]
mod tests;
