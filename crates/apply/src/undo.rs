//! Taking a change back. An undo is a change like any other, and so can be taken back itself: that is redo.

use crate::history::{Entry, Outcome};
use crate::prepare::{self, Content, How, Prepared, PreparedFile};
use crate::record::FileRecord;
use crate::refusal::Conflict;
use crate::transaction::{Applied, Work, carry_out};
use crate::{Digest, History, Journal, Refusal, State, recover, resolve};

/// Which change is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The latest that holds.
    Latest,
    /// The latest undo that holds.
    LatestUndo,
    Numbered(u64),
}

/// Takes a change back: every byte, the mode, the absence of files, and folders that were made for it if they are empty.
/// Where a file was changed since, nothing is done ([`Refusal::Conflict`]).
pub fn undo(journal: &Journal<'_>, which: Which) -> Result<Applied, Refusal> {
    let held = journal.lock()?;
    let recovered = recover::all(journal, &held)?;
    let history = journal.history()?;
    carry_out(journal, &held, work(journal, &history, chosen(&history, which)?)?, recovered)
}

/// What [`undo`] would do; nothing is written.
pub fn prepare_undo(journal: &Journal<'_>, which: Which) -> Result<Prepared, Refusal> {
    let history = journal.history()?;
    Ok(work(journal, &history, chosen(&history, which)?)?.prepared)
}

fn chosen(history: &History, which: Which) -> Result<&Entry, Refusal> {
    let id = match which {
        Which::Latest => return history.latest(false).ok_or(Refusal::NothingToUndo),
        Which::LatestUndo => return history.latest(true).ok_or(Refusal::NothingToRedo),
        Which::Numbered(id) => id,
    };
    let entry = history.get(id).ok_or(Refusal::Unknown { id })?;
    match (&entry.outcome, entry.undone_by) {
        (Outcome::Made { .. }, None) => Ok(entry),
        (Outcome::Made { .. }, Some(by)) => Err(Refusal::UndoneAlready { id, by }),
        _ => Err(Refusal::NeverMade { id }),
    }
}

fn work(journal: &Journal<'_>, history: &History, entry: &Entry) -> Result<Work, Refusal> {
    let mut prepared = Prepared { title: title(history, entry), files: Vec::new(), notes: Vec::new() };
    let mut conflicts = Vec::new();
    for file in &entry.files {
        match back(journal, file)? {
            Back::Done => {}
            Back::File(file) => prepared.files.push(*file),
            Back::Conflict(conflict) => conflicts.push(conflict),
        }
    }
    if !conflicts.is_empty() {
        let later = entry.files.iter().find_map(|f| history.later_of(entry.id, &f.file));
        return Err(Refusal::Conflict { files: conflicts, later });
    }
    let removes = match &entry.outcome {
        Outcome::Made { folders } => folders.clone(),
        _ => Vec::new(),
    };
    Ok(Work { prepared, undoes: Some(entry.id), removes })
}

/// `undo 3: …`, `redo 3: …`, however often it went back and forth.
fn title(history: &History, entry: &Entry) -> String {
    let mut first = entry;
    while let Some(earlier) = first.undoes.and_then(|id| history.get(id)).filter(|e| e.id < first.id) {
        first = earlier;
    }
    let word = if history.is_undo(entry) { "redo" } else { "undo" };
    format!("{word} {}: {}", first.id, first.title)
}

enum Back {
    /// It is as before already.
    Done,
    File(Box<PreparedFile>),
    Conflict(Conflict),
}

fn back(journal: &Journal<'_>, record: &FileRecord) -> Result<Back, Refusal> {
    let disk = journal.disk;
    let kept = |state| journal.content(&record.path, state);
    let target = resolve::resolve(disk, &record.path)?;
    let now = prepare::content(disk, &record.path, &target)?;
    let elsewhere = target.file != record.file;
    let is = |state: &Option<State>| match (&now, state) {
        (None, None) => true,
        (Some(now), Some(state)) => Digest::of(&now.bytes) == state.sha256,
        _ => false,
    };
    if !elsewhere && is(&record.before) {
        return Ok(Back::Done);
    }
    let before = record.before.as_ref().map(kept).transpose()?;
    if elsewhere || !is(&record.after) {
        return Ok(Back::Conflict(Conflict {
            path: record.path.clone(),
            before,
            after: record.after.as_ref().map(kept).transpose()?,
            now: now.map(|content| content.bytes),
        }));
    }
    let how = match prepare::allowed(disk, &record.path, &target, now.as_ref())? {
        // A name is taken away from its folder, whatever other names the file has.
        How::InPlace(_) if before.is_none() => How::Replace,
        how => how,
    };
    // A file that is there keeps the mode that its owner gave it meanwhile.
    let mode = match &now {
        Some(now) => now.mode,
        None => record.before.as_ref().and_then(|state| state.mode),
    };
    Ok(Back::File(Box::new(PreparedFile {
        path: record.path.clone(),
        file: target.file,
        before: now,
        after: before.map(|bytes| Content { bytes, mode }),
        how,
        folders: target.missing,
    })))
}
