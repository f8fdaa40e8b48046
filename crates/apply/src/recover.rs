//! What an earlier run left unfinished, because it was killed or the power failed.
//!
//! The rule: if every file is as the change leaves it, the change is completed; else all of it is taken back. A file
//! that someone else has changed since is left as it is, and told.

use crate::history::{Entry, Outcome};
use crate::record::{Intent, Record};
use crate::steps::{self, Contents};
use crate::transaction::{self, put_all_back};
use crate::{Journal, Refusal};
use system::write::Held;

/// What became of an unfinished change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub id: u64,
    pub title: String,
    /// Whether it was completed; else it was taken back.
    pub completed: bool,
    /// Files that someone else had changed, and which are as they left them.
    pub kept: Vec<String>,
}

/// Completes or takes back what is unfinished. Every change begins with it. [`Refusal::Locked`] where another instance
/// is at work: then nothing is left over.
pub fn recover(journal: &Journal<'_>) -> Result<Vec<Recovered>, Refusal> {
    if journal.history()?.entries.is_empty() {
        return Ok(Vec::new());
    }
    let held = journal.lock()?;
    all(journal, &held)
}

pub(crate) fn all(journal: &Journal<'_>, _held: &Held) -> Result<Vec<Recovered>, Refusal> {
    let history = journal.history()?;
    if let Some(last) = history.entries.last().filter(|e| e.is_made()) {
        transaction::finish(journal, &last.files, &last.removes);
    }
    history.unfinished().into_iter().map(|entry| one(journal, entry)).collect()
}

fn one(journal: &Journal<'_>, entry: &Entry) -> Result<Recovered, Refusal> {
    debug_assert_eq!(entry.outcome, Outcome::Unfinished);
    let (id, title) = (entry.id, entry.title.clone());
    if is_complete(journal, entry)? {
        let folders = entry.makes.clone();
        journal.append(&Record::Commit { id, at_ms: journal.disk.now_ms(), folders })?;
        transaction::finish(journal, &entry.files, &entry.removes);
        return Ok(Recovered { id, title, completed: true, kept: Vec::new() });
    }
    let mut contents = Vec::new();
    for file in &entry.files {
        let kept = |state| journal.content(&file.path, state);
        contents
            .push((file.before.as_ref().map(kept).transpose()?, file.after.as_ref().map(kept).transpose()?));
    }
    let intent = Intent {
        id,
        at_ms: entry.at_ms,
        title: title.clone(),
        undoes: entry.undoes,
        files: entry.files.clone(),
        makes: entry.makes.clone(),
        removes: entry.removes.clone(),
    };
    let of =
        |index: usize| Contents { before: contents[index].0.as_deref(), after: contents[index].1.as_deref() };
    let kept = put_all_back(journal, &intent, &of, "it was interrupted".to_owned())
        .map_err(|(path, error)| Refusal::Unfinished { path, error })?;
    Ok(Recovered { id, title, completed: false, kept })
}

fn is_complete(journal: &Journal<'_>, entry: &Entry) -> Result<bool, Refusal> {
    for file in &entry.files {
        let placed = steps::is_placed(journal.disk, file);
        if !placed.map_err(|error| Refusal::Unfinished { path: file.path.clone(), error })? {
            return Ok(false);
        }
    }
    Ok(true)
}
