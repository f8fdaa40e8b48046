//! The same machine and question, told without running go.

use super::machine::{Machine, spelled};
use super::real::spoken;
use go::Programs;
use go::env::{Outcome, Query, Values};
use model::{Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId};
use std::borrow::Cow;
use system::System;

/// Exit status of a command that is not found (POSIX: Shell Command Language, 2.8.2).
const NOT_FOUND: i32 = 127;

/// What we say that go would answer.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// It would write the env file, by a flag of GOFLAGS; that is not compared.
    pub(crate) writes: bool,
    /// The values, if it is not refused.
    pub(crate) values: Option<Box<Values>>,
    /// Nothing can be told, for this reason.
    pub(crate) unknown: Option<String>,
}

/// The environment of a machine as a space.
pub(crate) fn folded(env: &[(String, String)]) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    let effect = |(name, value): &(String, String)| {
        Effect::set(name.as_str(), value.as_str(), Origin::Process { pid: 1 }, Confidence::Baseline)
    };
    space.layers.push(Layer::applied("observed", "observed", env.iter().map(effect).collect()));
    Folded::over(None, &space)
}

pub(crate) fn tell(system: &dyn System, machine: &Machine, words: &[String]) -> Told {
    tell_of(system, &folded(&machine.env), &spelled(&machine.cwd), words)
}

/// What go would answer in this environment and folder of a machine.
pub(crate) fn tell_of(system: &dyn System, env: &Folded, cwd: &str, words: &[String]) -> Told {
    let programs = Programs::new(system);
    let query = Query { programs: &programs, env, cwd: Some(cwd), words, probe: false };
    let mut told = Told::default();
    match go::env::evaluate(&query) {
        Outcome::Values(values) => {
            let printed =
                go::env::print::print(&values, |variable| Cow::Borrowed(variable.value().as_bytes()));
            told.status = printed.status;
            told.stderr = spoken(&(values.stderr.clone() + &printed.stderr));
            told.stdout = printed.stdout;
            told.values = Some(values);
        }
        Outcome::Fatal(fatal) => {
            told.status = fatal.status;
            told.stderr = spoken(&fatal.stderr);
        }
        Outcome::Writes { .. } => told.writes = true,
        Outcome::NotFound => told.status = NOT_FOUND,
        Outcome::Unknown { reason, .. } => {
            told.writes = reason.starts_with("it writes the env file");
            told.unknown = Some(reason);
        }
    }
    told
}
