//! What the library says of a variant, and comparing it with what was seen.

use super::dump;
use super::real::Environment;
use super::stage::Stage;
use super::variants::{Variant, Who};
use crate::failure::{Doing, Done, Failure};
use model::{
    Atlas, Baseline, Confidence, Effect, Evidence, Folded, Layer, Name, Origin, Problem, Space, SpaceId,
    State, Value,
};
use spaces::{Derived, ThenShell, cron, login, ssh, su, sudo, systemd, tmux};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use system::os::Real;
use system::{RunSpec, Size, System as _, Typed};
use text::crontab::{Table, read};

/// The terminal's type in ssh:login.
pub(super) const TERM: &str = "xterm-256color";

/// Variables whose values belong to one connection: whether they are there is compared, and no more.
pub(super) const PER_RUN: &[&str] = &["SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "TMUX", "TMUX_PANE"];

/// What the user's systemd is taken to be started with.
pub(super) const MANAGER: &[(&str, &str)] =
    &[("HOME", "/home/ann"), ("USER", "ann"), ("PATH", "/usr/bin:/bin")];

fn empty_atlas() -> Atlas {
    let baseline =
        Baseline { space: SpaceId::of("caller"), evidence: Evidence::Observed, reason: String::new() };
    Atlas {
        machine: String::new(),
        project: None,
        project_asks: None,
        wishes: Vec::new(),
        baseline,
        spaces: Vec::new(),
    }
}

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
            let predicted = over_caller(layers, problems);
            let cwd = if login { target.home.as_str() } else { "/" };
            started(predicted, &su::then(&call, cwd), Way::Command)?
        }
        "sudo" | "sudo:login" => {
            let login = space == "sudo:login";
            let real_shell = target.shell != dump::program();
            let command = match (login, real_shell) {
                (true, false) => target.shell.clone(),
                // sudo escapes what a shell could take for more than a word (src/parse_args.c).
                (true, true) => format!("{} -c {}", target.shell, dump::program()),
                (false, _) => dump::program(),
            };
            let call = sudo::Call { caller: caller_user, target, login, command: Some(&command) };
            let rebuilt = sudo::layers(&system, &caller, &call);
            let predicted = over_caller(rebuilt.layers, rebuilt.problems);
            if login { started(predicted, &sudo::shell(target), Way::Command)? } else { predicted }
        }
        "cron" => {
            let table = read(&variant.crontab, Table::User);
            started_in(
                &cron::job(&system, SpaceId::of("cron"), "", "/tab", &table, &stage.ann),
                Way::Command,
            )?
        }
        "ssh" | "ssh:login" => {
            let session = ssh::Session {
                user: &stage.ann,
                login: (space == "ssh:login").then_some(TERM),
                config: "/etc/ssh/sshd_config",
            };
            let derived = ssh::session(&system, &session);
            let way = if session.login.is_some() { Way::Typed } else { Way::Command };
            started_in(&derived, way)?
        }
        "tmux" => {
            let found = tmux::pane_of(&Real::for_tests(), &stage.ann, super::real::TMUX_SOCKET);
            let derived = found.ok_or_else(|| Failure::new("the tmux server does not answer"))?;
            answer(None, &derived.space)
        }
        "agent" => {
            let id = SpaceId::of("caller");
            let atlas = empty_atlas();
            let context = spaces::Context {
                system: &system,
                user: caller_user,
                atlas: &atlas,
                caller: &id,
                caller_environment: &caller,
                project: "/",
                which: &[],
                wanted: None,
                all: true,
                base: &spaces::Base::Login,
                open: &spaces::vscode::Open::default(),
                editors: &std::cell::OnceCell::new(),
            };
            let family = spaces::FAMILIES.iter().find(|f| f.family == "agent");
            let derived = family.and_then(|f| (f.spaces)(&context).pop());
            let derived = derived.ok_or_else(|| Failure::new("no space `agent`"))?;
            let mut then = derived.then.ok_or_else(|| Failure::new("`agent` starts no shell"))?;
            // The suite calls it from there.
            then.cwd = "/".to_owned();
            started(over_caller(derived.space.layers, Vec::new()), &then, Way::Command)?
        }
        "environment.d" => {
            let given = given(MANAGER.iter().map(|(n, v)| (Name::from(*n), Value::from(*v))).collect());
            let mut space = Space::new(SpaceId::of("x"), "x", None, Evidence::Derived);
            space.layers = systemd::environment_d_layers(&system, &given, "/home/ann/.config");
            answer(Some(&given), &space)
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

/// How the look at the environment is asked for from a shell.
#[derive(Clone, Copy)]
enum Way {
    /// `-c`.
    Command,
    /// Typed at the prompt of an interactive one.
    Typed,
}

fn started_in(derived: &Derived, way: Way) -> Done<Predicted> {
    let predicted = answer(None, &derived.space);
    match &derived.then {
        Some(then) => started(predicted, then, way),
        None => Ok(predicted),
    }
}

/// What the shell that is started there makes of it, by running that shell with just the predicted environment.
fn started(predicted: Predicted, then: &ThenShell, way: Way) -> Done<Predicted> {
    let Predicted::Environment(folded) = &predicted else { return Ok(predicted) };
    if then.shell == dump::program() {
        return Ok(predicted);
    }
    drop(std::fs::remove_file(dump::output()));
    match way {
        Way::Command => by_command(folded, then)?,
        Way::Typed => typed(folded, then)?,
    }
    let seen = super::real::seen().ok_or_else(|| Failure::new("the shell of the prediction gave nothing"))?;
    drop(std::fs::remove_file(dump::output()));
    let pairs = seen.into_iter().map(|(n, v)| (Name::new(n), Value::new(v))).collect();
    Ok(Predicted::Environment(given(pairs)))
}

fn by_command(folded: &Folded, then: &ThenShell) -> Done {
    let mut command = Command::new(&then.shell);
    command.arg0(then.arg0.as_ref().unwrap_or(&then.shell));
    // sudo does so for a bash that is told to be a login shell (plugins/sudoers/sudoers.c).
    command.arg("-c").arg(dump::program()).env_clear();
    for (name, value) in folded.environment() {
        command.env(OsStr::from_bytes(name.as_bytes()), OsStr::from_bytes(value.as_bytes()));
    }
    command.current_dir(&then.cwd).uid(then.user.uid).gid(then.user.gid);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().doing(&then.shell)?;
    Ok(())
}

/// An interactive shell on a terminal of its own, as the user of the session.
fn typed(folded: &Folded, then: &ThenShell) -> Done {
    let mut args: Vec<Value> = ["--reuid", "--regid"]
        .into_iter()
        .zip([then.user.uid, then.user.gid])
        .flat_map(|(option, id)| [Value::from(option), Value::from(id.to_string())])
        .collect();
    let name = then.arg0.clone().unwrap_or_else(|| then.shell.clone());
    let script = "exec -a \"$0\" \"$1\"";
    args.extend(
        ["--clear-groups", "--", "/bin/bash", "--norc", "--noprofile", "-c", script, &name, &then.shell]
            .map(Value::from),
    );
    let env = folded.environment().map(|(n, v)| (n.clone(), v.clone())).collect();
    Real::for_tests().run(&RunSpec {
        program: "/usr/bin/setpriv".to_owned(),
        args,
        env,
        cwd: then.cwd.clone(),
        terminal: Some(Size::default()),
        typed: Some(Typed { bytes: super::real::typed().into_bytes() }),
        keep: 1 << 16,
        ..RunSpec::default()
    });
    Ok(())
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
