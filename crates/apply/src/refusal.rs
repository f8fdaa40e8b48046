//! Why a change was not made. Nothing is changed then, except where [`Refusal::Unfinished`] says so.

use system::ReadError;
use system::write::WriteError;

/// What a reader is told, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("`{path}` was changed since the edit was planned – nothing was written; plan it anew")]
    Changed { path: String },
    #[error("`{path}` is there already – nothing was written; plan it anew")]
    Exists { path: String },
    #[error("`{path}` {error} – nothing was written")]
    Unreadable { path: String, error: ReadError },
    #[error("`{path}` cannot be edited: {problem}")]
    Edits { path: String, problem: text::edit::Problem },
    #[error("`{path}` is no regular file, and only such are edited")]
    NoFile { path: String },
    /// Another program makes this file.
    #[error("`{path}` {what} – an edit would be lost or fail; {advice}")]
    Managed { path: String, what: String, advice: String },
    #[error("`{path}` may not be written: {why} – {advice}")]
    ReadOnly { path: String, why: String, advice: String },
    #[error("`{path}` and `{other}` are the same file, planned from different bytes – plan it anew")]
    Twice { path: String, other: String },
    /// What undo would overwrite.
    #[error("{} changed since – nothing was written; {}", names(.files), hint(*.later))]
    Conflict { files: Vec<Conflict>, later: Option<u64> },
    #[error("the journal has no change {id} – `gowhence log` lists them")]
    Unknown { id: u64 },
    #[error("change {id} is undone already, by {by} – `gowhence undo {by}` brings it back")]
    UndoneAlready { id: u64, by: u64 },
    #[error("change {id} was rolled back when it was made – there is nothing to undo")]
    NeverMade { id: u64 },
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    #[error("what `{path}` was before is no longer kept (`{blob}`) – restore it by hand")]
    Lost { path: String, blob: String },
    /// A step failed; all that was done of the change is taken back.
    #[error("`{path}` {error} – the change was taken back, all files are as before")]
    Failed { path: String, error: WriteError },
    /// A step failed, and so did taking back what was done.
    #[error(
        "`{path}` {error} – the change is unfinished; `gowhence log` completes or takes it back once that is put right"
    )]
    Unfinished { path: String, error: WriteError },
    #[error("the journal in `{folder}` {error} – nothing was written")]
    Journal { folder: String, error: WriteError },
    #[error(
        "another gowhence is changing files and did not end within {waited_ms} ms – nothing was written; try again"
    )]
    Locked { waited_ms: u64 },
}

/// A file that is not as a change left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub path: String,
    /// Before the change that is to be undone; `None` where there was no file.
    pub before: Option<Vec<u8>>,
    /// As that change left it.
    pub after: Option<Vec<u8>>,
    pub now: Option<Vec<u8>>,
}

fn names(files: &[Conflict]) -> String {
    files.iter().map(|f| format!("`{}`", f.path)).collect::<Vec<_>>().join(", ")
}

fn hint(later: Option<u64>) -> String {
    later.map_or_else(
        || "edit by hand what is left of it".to_owned(),
        |id| format!("undo {id} first, which changed it later"),
    )
}
