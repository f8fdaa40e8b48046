//! How a command ends: exit statuses, and failures with what to do about them.
//!
//! Not here: printing.

use std::fmt;
use std::process::ExitCode;

pub(crate) const DIFFERENCES: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const NOT_CHECKED: u8 = 3;

/// How a command that gave its answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Fine,
    /// Differences, or findings at or above `--fail-on`.
    Differences,
    /// Something that the user named could not be checked. Goes before differences.
    NotChecked,
    Status(u8),
}

impl Outcome {
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Outcome::Fine => 0,
            Outcome::Differences => DIFFERENCES,
            Outcome::NotChecked => NOT_CHECKED,
            Outcome::Status(status) => status,
        })
    }

    /// Differences if there are some.
    pub(crate) fn differing(some: bool) -> Self {
        if some { Outcome::Differences } else { Outcome::Fine }
    }
}

/// Why a command gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Wrong usage: what is wrong, and what to do.
    Usage { message: String, hint: Option<String> },
    /// What the user named cannot be looked at, with the reason.
    NotChecked(String),
    /// The command of `run` could not be started; the status is as shells have it (126, 127).
    NotStarted { message: String, status: u8 },
    /// Something of our own went wrong.
    Internal(String),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), hint: None }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Failure::Internal(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage { message, hint: None }
            | Failure::NotChecked(message)
            | Failure::NotStarted { message, .. }
            | Failure::Internal(message) => f.write_str(message),
            Failure::Usage { message, hint: Some(hint) } => write!(f, "{message} – {hint}"),
        }
    }
}

impl From<&Failure> for Outcome {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Usage { .. } | Failure::Internal(_) => Outcome::Status(USAGE),
            Failure::NotChecked(_) => Outcome::NotChecked,
            Failure::NotStarted { status, .. } => Outcome::Status(*status),
        }
    }
}
