//! How go refuses: a message on stderr and a status.
//!
//! Deliberately not here: when it does, which stands where the thing is looked at.

use super::request::Request;
use crate::text;
use model::Origin;

/// A refusal on its way up, which may also be that nothing can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Fatal {
        status: i32,
        /// Without the line feed at its end.
        text: String,
        origin: Option<Origin>,
    },
    /// The command changes the env file, which is not done here.
    Writes(Box<Request>),
    Unknown {
        reason: String,
        origin: Option<Origin>,
    },
}

/// `base.Fatalf`, or `os.Exit` behind a message.
pub(super) fn refuse(status: i32, text: String) -> Refusal {
    Refusal::Fatal { status, text, origin: None }
}

pub(super) fn unknown(reason: impl Into<String>) -> Refusal {
    Refusal::Unknown { reason: reason.into(), origin: None }
}

impl Refusal {
    /// With what made go refuse.
    pub(super) fn because(mut self, found: Option<Origin>) -> Self {
        match &mut self {
            Refusal::Fatal { origin, .. } | Refusal::Unknown { origin, .. } => *origin = found,
            Refusal::Writes(_) => {}
        }
        self
    }

    /// While toolchains are chosen, the log has a prefix of its own.
    pub(super) fn prefixed(mut self, prefix: &str) -> Self {
        if let Refusal::Fatal { text, .. } = &mut self {
            text.insert_str(0, prefix);
        }
        self
    }
}

/// Text for stderr; what is no UTF-8 is replaced, since messages are text here.
pub(super) fn shown(text: &str) -> String {
    String::from_utf8_lossy(&text::encode(text)).into_owned()
}
