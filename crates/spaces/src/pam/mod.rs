//! PAM as far as it decides variables: which modules a service runs, and what they put into PAM's environment.
//!
//! The stack is walked as libpam does (`_pam_dispatch_aux`), with every authentication taken to succeed. Not here:
//! what a program does with PAM's environment afterwards, which differs from program to program.

mod env;
mod modules;
mod stack;

use crate::trace::Trace;
use model::{Layer, Origin, Problem};
use std::collections::{BTreeMap, BTreeSet};
use system::{System, User};

/// Which of libpam's functions are called, in the program's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// `pam_setcred`, which walks the `auth` stack.
    Credentials,
    /// `pam_open_session`.
    Session,
}

/// What a program asks of PAM.
pub(crate) struct Transaction<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) service: &'a str,
    /// `PAM_USER`: for whom the session is.
    pub(crate) user: &'a User,
    /// Real uid of the program, which pam_rootok asks for.
    pub(crate) caller_uid: u32,
    pub(crate) tty: Option<&'a str>,
    pub(crate) ruser: Option<&'a str>,
    pub(crate) rhost: Option<&'a str>,
    /// Whether `pam_authenticate` is called before; the later walk over `auth` then keeps to its answers.
    pub(crate) authenticates: bool,
    /// Whether the session is opened with `PAM_SILENT`.
    pub(crate) silent: bool,
    pub(crate) phases: &'a [Phase],
}

/// One change of PAM's environment; `None` takes the variable out.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) layer: usize,
    pub(crate) name: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) origin: Origin,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// One a file that was looked at, without effects.
    pub(crate) layers: Vec<Layer>,
    pub(crate) changes: Vec<Change>,
    pub(crate) environment: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Why the session is refused, if it is.
    pub(crate) refused: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Outcome {
    /// `pam_putenv`: `NAME=value` sets, `NAME` takes out, an empty name changes nothing.
    fn put(&mut self, layer: usize, name: &[u8], value: Option<&[u8]>, origin: Origin) {
        if name.is_empty() {
            return;
        }
        let changed = match value {
            Some(value) => {
                self.environment.insert(name.to_vec(), value.to_vec());
                true
            }
            None => self.environment.remove(name).is_some(),
        };
        if changed {
            let value = value.map(<[u8]>::to_vec);
            self.changes.push(Change { layer, name: name.to_vec(), value, origin });
        }
    }

    fn layer(&mut self, layer: Layer) -> usize {
        let mut layer = layer;
        let times = self.layers.iter().filter(|l| base_id(&l.id) == layer.id).count();
        if times > 0 {
            layer.id = format!("{}-{}", layer.id, times + 1);
        }
        self.layers.push(layer);
        self.layers.len() - 1
    }

    /// Adds PAM's environment to a program's, where the program takes it.
    pub(crate) fn merge_into(
        self,
        trace: &mut Trace,
        takes: impl Fn(&Trace, &[u8], &[u8]) -> bool,
    ) -> Vec<Problem> {
        let taken: BTreeSet<&[u8]> = self
            .environment
            .iter()
            .filter(|(name, value)| takes(trace, name, value))
            .map(|(name, _)| name.as_slice())
            .collect();
        for (index, layer) in self.layers.iter().enumerate() {
            trace.begin(layer.clone());
            for change in self.changes.iter().filter(|c| c.layer == index) {
                // A variable that a later line takes out of PAM's environment again leaves the program's alone.
                if let Some(value) = &change.value
                    && taken.contains(change.name.as_slice())
                {
                    trace.set(&change.name, value, change.origin.clone());
                }
            }
        }
        self.problems
    }
}

fn base_id(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((base, number)) if number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => id,
    }
}

/// Runs the transaction.
pub(crate) fn run(transaction: &Transaction<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let auth =
        stack::load(transaction.system, transaction.service, text::pam::service::Kind::Auth, &mut outcome);
    let session =
        stack::load(transaction.system, transaction.service, text::pam::service::Kind::Session, &mut outcome);
    let answers: Option<Vec<&'static str>> = transaction
        .authenticates
        .then(|| auth.iter().map(|h| modules::authenticate(transaction, h)).collect());
    for phase in transaction.phases {
        match phase {
            Phase::Credentials => {
                let call = |outcome: &mut Outcome, index: usize| {
                    let code = modules::credentials(transaction, &auth[index], outcome);
                    (code, answers.as_ref().map_or(code, |a| a[index]))
                };
                // What comes of it is not asked: a failing pam_setcred is survived by every program looked at.
                stack::dispatch(&auth, true, &mut outcome, call);
            }
            Phase::Session => {
                let call = |outcome: &mut Outcome, index: usize| {
                    let code = modules::session(transaction, &session[index], outcome);
                    (code, code)
                };
                let code = stack::dispatch(&session, false, &mut outcome, call);
                if code != "success" {
                    outcome.refused = Some(format!(
                        "PAM refuses the session of service `{}` ({code})",
                        transaction.service
                    ));
                }
            }
        }
    }
    outcome
}
