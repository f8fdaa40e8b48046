//! Findings: what a rule says is wrong, where, why it matters for Go, and the edits that make it right.
//!
//! Not here: rules (`doctor`), and making edits (`apply`).

use crate::{Name, Origin, Severity, SpaceId};
use std::ops::Range;

/// A rule's diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `GOW021`; never used again for another rule.
    pub code: String,
    /// The rule's name, kebab-case.
    pub name: String,
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// Where the cause is written down; `None` where nothing is (a program that is missing).
    pub origin: Option<Origin>,
    /// What the cause does, beside its line.
    pub label: String,
    /// Other lines without which the first is not understood.
    pub related: Vec<Related>,
    /// The places that are affected.
    pub spaces: Vec<SpaceId>,
    pub variable: Option<Name>,
    /// What happens to a Go command because of it.
    pub consequence: String,
    /// What to do, also by hand.
    pub help: String,
    /// Ways to make it right, the best first.
    pub fixes: Vec<Fix>,
}

/// A line that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub origin: Origin,
    pub label: String,
}

/// Edits that are made together, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, imperative, lower case.
    pub title: String,
    pub applicability: Applicability,
    /// Why it is not safe, where it is not.
    pub reason: Option<String>,
    pub reach: Reach,
    pub edits: Vec<FileEdit>,
    /// What must be started anew before it is seen.
    pub restart: Vec<String>,
}

/// Whether a fix may be made without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Tried: the finding is gone, nothing new appears, and exactly the declared variables change.
    Safe,
    /// It helps, but may not be what is wanted.
    Unsafe,
    /// Only told.
    Manual,
}

impl Applicability {
    /// `safe`, `unsafe` or `manual`.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
            Applicability::Manual => "manual",
        }
    }
}

/// Whom a fix concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    Project,
    User,
    /// Every user of the machine.
    Machine,
    /// Everybody who has the file in a repository.
    Team,
}

impl Reach {
    /// `project`, `user`, `machine` or `team`.
    pub fn as_str(self) -> &'static str {
        match self {
            Reach::Project => "project",
            Reach::User => "user",
            Reach::Machine => "machine",
            Reach::Team => "team",
        }
    }
}

/// Bytes of one file and what stands there instead; in a file that does not exist only 0..0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileEdit {
    pub path: String,
    pub range: Range<usize>,
    pub new: Vec<u8>,
}
