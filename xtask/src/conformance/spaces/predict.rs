//! What the library says of a variant, and comparing it with what was seen.

use super::dump;
use super::real::Environment;
use super::stage::Stage;
use super::variants::{Variant, Who};
use crate::failure::{Doing, Done, Failure};
use model::{
    Confidence, Effect, Evidence, Folded, Layer, Name, Origin, Problem, Space, SpaceId, State, Value,
};
use spaces::{Derived, cron, login, ssh, su, sudo};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use system::os::Real;
use text::crontab::{Table, read};

/// The terminal's type in ssh:login.
pub(super) const TERM: &str = "xterm-256color";

/// Variables whose values belong to one connection: whether they are there is compared, and no more.
pub(super) const PER_RUN: &[&str] = &["SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY"];

/// The prediction: an environment, or a refusal.
pub(super) enum Predicted {
    Environment(Folded),
    /// With the reason.
    Refused(String),
}

pub(super) fn predict(space: &str, variant: &Variant, stage: &Stage) -> Done<Predicted> {
    let system = Real::for_tests().without_runs();
    let caller_user = if variant.caller == Who::Root { &stage.root } else { &stage.ann };
    let target = variant.target(stage);
    let caller = caller_environment(variant);
    let over_caller = |layers: Vec<Layer>, problems: Vec<Problem>| {
        let mut space = Space::new(SpaceId::of("x"), "x", None, Evidence::Derived);
        space.layers = layers;
        space.problems = problems;
        answer(Some(&caller), &space)
    };
    Ok(match space {
        "login" => {
            let start = login::rules::Start { term: Some("linux"), tty: None };
            answer(None, &login::rules::derive(&system, &stage.ann, &start))
        }
        "su" | "su:login" => {
            let login = space == "su:login";
            let call = su::Call { caller: caller_user, target, login, tty: None };
            let (layers, problems) = su::layers(&system, &caller, &call);
            over_caller(layers, problems)
        }
        "sudo" | "sudo:login" => {
            let login = space == "sudo:login";
            let program = dump::program();
            let command = if login { target.shell.as_str() } else { program.as_str() };
            let call = sudo::Call { caller: caller_user, target, login, command: Some(command) };
            let rebuilt = sudo::layers(&system, &caller, &call);
            over_caller(rebuilt.layers, rebuilt.problems)
        }
        "cron" => {
            let table = read(&variant.crontab, Table::User);
            through_shell(&cron::job(&system, SpaceId::of("cron"), "", "/tab", &table, &stage.ann))?
        }
        "ssh" | "ssh:login" => {
            let session = ssh::Session {
                user: &stage.ann,
                login: (space == "ssh:login").then_some(TERM),
                config: "/etc/ssh/sshd_config",
            };
            answer(None, &ssh::session(&system, &session).space)
        }
        _ => return Err(Failure::new(format!("no prediction for `{space}`"))),
    })
}

fn answer(parent: Option<&Folded>, space: &Space) -> Predicted {
    let refused = |p: &Problem| p.code.ends_with("-refused") || p.code == "crontab-ignored";
    if let Some(problem) = space.problems.iter().find(|p| refused(p)) {
        return Predicted::Refused(problem.message.clone());
    }
    Predicted::Environment(Folded::over(parent, space))
}

/// What the shell that is started there makes of it, by running that shell with just the predicted environment.
fn through_shell(derived: &Derived) -> Done<Predicted> {
    let predicted = answer(None, &derived.space);
    let (Predicted::Environment(folded), Some(then)) = (&predicted, &derived.then) else {
        return Ok(predicted);
    };
    if then.shell == dump::program() {
        return Ok(predicted);
    }
    let mut command = Command::new(&then.shell);
    command.arg0(then.arg0.as_ref().unwrap_or(&then.shell)).arg("-c").arg(dump::program()).env_clear();
    for (name, value) in folded.environment() {
        command.env(OsStr::from_bytes(name.as_bytes()), OsStr::from_bytes(value.as_bytes()));
    }
    command.current_dir(&then.cwd).uid(then.user.uid).gid(then.user.gid);
    drop(std::fs::remove_file(dump::output()));
    command.status().doing(&then.shell)?;
    let seen = super::real::seen().ok_or_else(|| Failure::new("the shell of the prediction gave nothing"))?;
    drop(std::fs::remove_file(dump::output()));
    let pairs = seen.into_iter().map(|(n, v)| (Name::new(n), Value::new(v))).collect();
    Ok(Predicted::Environment(given(pairs)))
}

fn given(pairs: Vec<(Name, Value)>) -> Folded {
    let effects = pairs
        .into_iter()
        .map(|(n, v)| Effect::set(n, v, Origin::unknown("given"), Confidence::Baseline))
        .collect();
    let mut space = Space::new(SpaceId::of("given"), "given", None, Evidence::Observed);
    space.layers.push(Layer::applied("given", "given", effects));
    Folded::over(None, &space)
}

fn caller_environment(variant: &Variant) -> Folded {
    given(
        variant.environment.iter().map(|(n, v)| (Name::from(n.as_str()), Value::from(v.as_str()))).collect(),
    )
}

/// What a comparison came to.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) agreed: u64,
    pub(super) total: u64,
    pub(super) differences: Vec<String>,
}

pub(super) fn compare(predicted: &Predicted, seen: Option<&Environment>) -> Compared {
    let mut compared = Compared::default();
    let (folded, seen) = match (predicted, seen) {
        (Predicted::Refused(_), None) => return Compared { agreed: 1, total: 1, differences: Vec::new() },
        (Predicted::Refused(reason), Some(_)) => {
            let differences = vec![format!("it did not refuse, though predicted: {reason}")];
            return Compared { agreed: 0, total: 1, differences };
        }
        (Predicted::Environment(_), None) => {
            let differences = vec!["it refused, which was not predicted".to_owned()];
            return Compared { agreed: 0, total: 1, differences };
        }
        (Predicted::Environment(folded), Some(seen)) => (folded, seen),
    };
    let mut names: Vec<Vec<u8>> = seen.keys().cloned().collect();
    names.extend(folded.histories().map(|h| h.name.as_bytes().to_vec()));
    names.sort();
    names.dedup();
    for name in names {
        let state = folded.state(&Name::new(name.clone()));
        let real = seen.get(&name);
        if state == State::Unset && real.is_none() {
            continue;
        }
        compared.total += 1;
        let text = String::from_utf8_lossy(&name).into_owned();
        let per_run = PER_RUN.contains(&text.as_str());
        let same = match (&state, real) {
            (State::Set(value), Some(real)) => per_run || value.as_bytes() == real.as_slice(),
            _ => false,
        };
        if same {
            compared.agreed += 1;
        } else {
            let shown = |v: Option<&[u8]>| {
                v.map_or("unset".to_owned(), |v| format!("{:?}", String::from_utf8_lossy(v)))
            };
            let predicted = match &state {
                State::Unreadable { .. } => "unreadable".to_owned(),
                state => shown(state.value().map(Value::as_bytes)),
            };
            let real = shown(real.map(Vec::as_slice));
            compared.differences.push(format!("{text}: predicted {predicted}, seen {real}"));
        }
    }
    compared
}
