//! What is told of changes; JSON is written from it.

use crate::json::SCHEMA_VERSION;
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence log --format json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "log")]
pub struct Log {
    pub schema_version: u32,
    /// The folder that the journal is in.
    pub journal: String,
    /// Oldest first.
    pub changes: Vec<Change>,
    /// Lines of the journal, from 1, that were cut off or damaged.
    pub damaged_lines: Vec<usize>,
}

/// One change of files.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "change")]
pub struct Change {
    pub id: u64,
    /// RFC 3339, UTC.
    pub at: String,
    pub title: String,
    pub state: ChangeState,
    /// The change that this one took back.
    pub undoes: Option<u64>,
    /// The change that took this one back.
    pub undone_by: Option<u64>,
    /// Why it was rolled back.
    pub reason: Option<String>,
    /// Files that were left as someone else had changed them, when it was rolled back.
    pub kept: Vec<String>,
    pub files: Vec<ChangedFile>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "change_state")]
pub enum ChangeState {
    /// It holds.
    Made,
    /// It was taken back by a later change.
    Undone,
    /// It failed or was interrupted, and was taken back at once.
    RolledBack,
    /// It is being made right now.
    Unfinished,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "changed_file")]
pub struct ChangedFile {
    /// As it was named.
    pub path: String,
    /// Where it lies, symlinks followed.
    pub file: String,
    pub change: ChangeKind,
    /// Why it was written into instead of replaced in one step.
    pub in_place: Option<String>,
    /// SHA-256 of its bytes; null where there was no file.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "change_kind")]
pub enum ChangeKind {
    Edited,
    Created,
    Removed,
}

impl ChangeKind {
    /// From whether there was a file before and after.
    pub fn of(before: bool, after: bool) -> Self {
        match (before, after) {
            (false, _) => ChangeKind::Created,
            (true, false) => ChangeKind::Removed,
            (true, true) => ChangeKind::Edited,
        }
    }
}

/// `gowhence undo` and `redo` `--format json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "undo")]
pub struct TakenBack {
    pub schema_version: u32,
    /// The number of the change that took it back; null where nothing was written.
    pub id: Option<u64>,
    pub title: String,
    pub files: Vec<ChangedFile>,
    pub notes: Vec<String>,
    /// What an earlier run had left unfinished.
    pub recovered: Vec<Recovery>,
    /// Files that were changed since; if there are any, nothing was written.
    pub conflicts: Vec<Conflicting>,
}

/// A change that was interrupted, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "recovery")]
pub struct Recovery {
    pub id: u64,
    pub title: String,
    /// Whether it was completed; else it was taken back.
    pub completed: bool,
    /// Files that someone else had changed, and which are as they left them.
    pub kept: Vec<String>,
}

/// A file that is no longer as a change left it: two unified diffs, secrets hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "conflict")]
pub struct Conflicting {
    pub path: String,
    /// What the change made.
    pub made: String,
    /// What was changed since.
    pub since: String,
}

impl Log {
    pub fn new(journal: String, changes: Vec<Change>, damaged_lines: Vec<usize>) -> Self {
        Self { schema_version: SCHEMA_VERSION, journal, changes, damaged_lines }
    }
}

impl TakenBack {
    pub fn new(title: String) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            id: None,
            title,
            files: Vec::new(),
            notes: Vec::new(),
            recovered: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}
