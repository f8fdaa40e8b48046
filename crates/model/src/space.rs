//! A space: a place where a Go tool runs.

use crate::{CaseRule, GoStart, GoView, Layer, Problem, SpaceId};

/// How the environment of a space is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read from a live process, or by running the real program.
    Observed,
    /// Computed by rules.
    Derived,
    /// Neither could be had.
    Assumed { reason: String },
    /// Nothing was looked at (`--no-run`, a machine without a run); the space has no values.
    NotChecked { reason: String },
    /// It exists, but its environment may not be read (another user's process).
    Unreadable { reason: String },
}

impl Evidence {
    pub fn as_str(&self) -> &'static str {
        match self {
            Evidence::Observed => "observed",
            Evidence::Derived => "derived",
            Evidence::Assumed { .. } => "assumed",
            Evidence::NotChecked { .. } => "not-checked",
            Evidence::Unreadable { .. } => "unreadable",
        }
    }

    /// Whether the space has values at all.
    pub fn has_values(&self) -> bool {
        matches!(self, Evidence::Observed | Evidence::Derived | Evidence::Assumed { .. })
    }

    pub fn reason(&self) -> Option<&str> {
        match self {
            Evidence::Assumed { reason }
            | Evidence::NotChecked { reason }
            | Evidence::Unreadable { reason } => Some(reason),
            Evidence::Observed | Evidence::Derived => None,
        }
    }
}

/// A place where a Go tool runs. It inherits its parent's variables by reference: its own layers hold only what
/// changes after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    pub id: SpaceId,
    pub title: String,
    pub parent: Option<SpaceId>,
    pub evidence: Evidence,
    pub case: CaseRule,
    /// What separates the entries of PATH there: `:` or `;`.
    pub path_separator: u8,
    /// How long the plain start took, in milliseconds.
    pub time_ms: Option<u64>,
    pub layers: Vec<Layer>,
    pub problems: Vec<Problem>,
    pub go: Option<GoView>,
    /// How go is started there, where not only by its name.
    pub go_start: Option<GoStart>,
    /// The user's own shell, or the caller's own space.
    pub own: bool,
    /// The working folder there, where it matters to relative PATH entries.
    pub cwd: Option<String>,
}

impl Space {
    pub fn new(id: SpaceId, title: impl Into<String>, parent: Option<SpaceId>, evidence: Evidence) -> Self {
        Self {
            id,
            title: title.into(),
            parent,
            evidence,
            case: CaseRule::Sensitive,
            path_separator: b':',
            time_ms: None,
            layers: Vec::new(),
            problems: Vec::new(),
            go: None,
            go_start: None,
            own: false,
            cwd: None,
        }
    }
}
