//! Shells: their start-up files as data, and captures — what a start of the real shell did to the environment, and
//! which file and line did it.
//!
//! One folder a shell. Values come from a plain run, given exactly what the space gives the shell; a traced run
//! gives origins only ([`capture`]). Where the two disagree the origin loses confidence and says why.
//!
//! Deliberately not here: which spaces exist and what they start from (`spaces`), and how a process is run
//! (`system`).

mod capture;
mod compiled;
mod dialect;
mod find;
mod reconcile;
mod request;
mod trace;

pub mod bash;
pub mod fish;
pub mod sh;
pub mod staged;
pub mod zsh;

pub use capture::{CAPTURE_VERSION, Capture, capture};
pub use dialect::{Dialect, StartupFile, dialect};
pub use find::{find_all, identify};
pub use reconcile::reconcile;
pub use request::{Mode, Request, Shell, ShellKind};
pub use trace::{PER_RUN_NAMES, Trace, TraceEnd, TracedChange, phases_to_layers};
