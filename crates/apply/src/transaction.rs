//! Carrying a plan out: what was and what will be is kept, what is meant is noted, then file after file is put in its
//! place, and that all of it is done is noted last.
//!
//! Not here: the steps themselves (`steps`), and what is done after a crash ([`crate::recover`]).

use crate::history::Entry;
use crate::prepare::{Content, How, Prepared, PreparedFile, prepare};
use crate::record::{FileRecord, Intent, Record, State};
use crate::recover::{self, Recovered};
use crate::steps::{self, Contents, PutBack, Stopped};
use crate::{Digest, Journal, Plan, Refusal, resolve};
use std::collections::BTreeSet;
use system::write::{Held, WriteError};

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The change's number in the journal; `None` where all was as planned already.
    pub id: Option<u64>,
    pub title: String,
    pub files: Vec<PreparedFile>,
    /// What the user should know of how it was done.
    pub notes: Vec<String>,
    /// Changes that an earlier run had left unfinished.
    pub recovered: Vec<Recovered>,
}

/// Makes all changes of a plan, or none. The files are looked at again, under a lock that shuts out other instances; one
/// that is no longer what the plan was made for is refused.
pub fn apply(journal: &Journal<'_>, plan: &Plan) -> Result<Applied, Refusal> {
    let held = journal.lock()?;
    let recovered = recover::all(journal, &held)?;
    let prepared = prepare(journal.disk, plan)?;
    if prepared.files.is_empty() {
        let Prepared { title, files, notes } = prepared;
        return Ok(Applied { id: None, title, files, notes, recovered });
    }
    let work = Work { prepared, undoes: None, removes: Vec::new() };
    carry_out(journal, &held, work, recovered)
}

/// What is to be carried out.
pub(crate) struct Work {
    pub(crate) prepared: Prepared,
    pub(crate) undoes: Option<u64>,
    /// Folders to be taken away at the end if they are empty, outermost first.
    pub(crate) removes: Vec<String>,
}

/// Why an attempt came to nothing: all of it was taken back.
enum Failed {
    Refused(Refusal),
    /// This file can only be written in place.
    OnlyInPlace(usize, String),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Failed::Refused(refusal)
    }
}

pub(crate) fn carry_out(
    journal: &Journal<'_>,
    held: &Held,
    mut work: Work,
    recovered: Vec<Recovered>,
) -> Result<Applied, Refusal> {
    loop {
        match attempt(journal, held, &work) {
            Ok(id) => {
                let Prepared { title, files, notes } = work.prepared;
                return Ok(Applied { id: Some(id), title, files, notes, recovered });
            }
            Err(Failed::Refused(refusal)) => return Err(refusal),
            // Each file is moved to the other way at most once: this ends.
            Err(Failed::OnlyInPlace(index, why)) => {
                let file = &mut work.prepared.files[index];
                work.prepared.notes.push(format!("`{}` is written in place: {why}", file.path));
                file.how = How::InPlace(why);
            }
        }
    }
}

fn attempt(journal: &Journal<'_>, _held: &Held, work: &Work) -> Result<u64, Failed> {
    let disk = journal.disk;
    let files = &work.prepared.files;
    let states = keep(journal, files)?;
    let id = journal.history()?.next_id();
    let makes: BTreeSet<&String> = files.iter().flat_map(|f| &f.folders).collect();
    let intent = Intent {
        id,
        at_ms: disk.now_ms(),
        title: work.prepared.title.clone(),
        undoes: work.undoes,
        files: files.iter().zip(states).map(|(file, states)| record(journal, id, file, states)).collect(),
        // By name, a folder comes before what is in it.
        makes: makes.into_iter().cloned().collect(),
        removes: work.removes.clone(),
    };
    journal.append(&Record::Intent(intent.clone()))?;
    let written = write(journal, &intent, files);
    let written = written.and_then(|folders| {
        commit(journal, &intent, folders).map_err(|refusal| (None, Stop::Refused(refusal)))
    });
    match written {
        Ok(()) => {
            finish(journal, &intent.files, &intent.removes);
            Ok(id)
        }
        Err((index, stop)) => Err(take_back(journal, &intent, files, index, stop)),
    }
}

type BeforeAndAfter = (Option<State>, Option<State>);

/// Keeps every content before and after; nothing else is touched yet.
fn keep(journal: &Journal<'_>, files: &[PreparedFile]) -> Result<Vec<BeforeAndAfter>, Refusal> {
    let disk = journal.disk;
    let folder = journal.content_folder();
    steps::make_folder(disk, &folder, Some(0o700)).map_err(|e| journal.refusal(e))?;
    let one = |content: &Option<Content>| -> Result<Option<State>, Refusal> {
        let Some(Content { bytes, mode }) = content else { return Ok(None) };
        let sha256 = Digest::of(bytes);
        steps::keep(disk, &journal.blob(&sha256), bytes).map_err(|e| journal.refusal(e))?;
        Ok(Some(State { sha256, len: bytes.len() as u64, mode: *mode }))
    };
    let states = files.iter().map(|file| Ok((one(&file.before)?, one(&file.after)?))).collect();
    steps::sync_folder(disk, &folder).map_err(|e| journal.refusal(e))?;
    states
}

fn record(
    journal: &Journal<'_>,
    id: u64,
    file: &PreparedFile,
    (before, after): BeforeAndAfter,
) -> FileRecord {
    let os = journal.disk.os();
    let folder = resolve::parent(os, &file.file);
    let separator = resolve::separator(os);
    // The name is hidden, and ends so that no program that reads the files of a folder by their ending takes it for one
    // (profile.d/*.sh, conf.d/*.fish); a name without a dot would be run by cron and run-parts.
    let name = resolve::name(os, &file.file).trim_start_matches('.');
    let fresh = format!("{}{separator}.{name}.gowhence-{id}", folder.trim_end_matches(separator));
    let in_place = match &file.how {
        How::InPlace(why) => Some(why.clone()),
        How::Replace => None,
    };
    FileRecord { path: file.path.clone(), file: file.file.clone(), fresh, in_place, before, after }
}

enum Stop {
    Stopped(Stopped),
    Refused(Refusal),
}

type Stuck = (Option<usize>, Stop);

/// Makes folders and files; gives the folders that were made.
fn write(journal: &Journal<'_>, intent: &Intent, files: &[PreparedFile]) -> Result<Vec<String>, Stuck> {
    let disk = journal.disk;
    let failed = |index: usize| move |stopped: Stopped| (Some(index), Stop::Stopped(stopped));
    let mut made = Vec::new();
    for folder in &intent.makes {
        let owner = files.iter().position(|f| f.folders.contains(folder)).unwrap_or_default();
        if steps::make_folder(disk, folder, None).map_err(|e| failed(owner)(e.into()))? {
            made.push(folder.clone());
        }
    }
    let after = |index: usize| files[index].after.as_ref().map(|c| c.bytes.as_slice());
    for (index, record) in intent.files.iter().enumerate() {
        steps::make_ready(disk, record, after(index)).map_err(failed(index))?;
    }
    for (index, record) in intent.files.iter().enumerate() {
        steps::place(disk, record, after(index)).map_err(failed(index))?;
    }
    let mut synced = BTreeSet::new();
    for (index, record) in intent.files.iter().enumerate() {
        let folder = resolve::parent(disk.os(), &record.file);
        if synced.insert(folder) {
            steps::sync_folder(disk, folder).map_err(|e| failed(index)(e.into()))?;
        }
        let now = steps::look(disk, &record.file).map_err(|e| failed(index)(e.into()))?;
        if !now.is(&record.after) {
            return Err(failed(index)(Stopped::Changed));
        }
    }
    Ok(made)
}

/// Notes that all is done. Where that fails, what stands in the journal decides: it may have got there.
fn commit(journal: &Journal<'_>, intent: &Intent, folders: Vec<String>) -> Result<(), Refusal> {
    let record = Record::Commit { id: intent.id, at_ms: journal.disk.now_ms(), folders };
    let Err(refusal) = journal.append(&record) else { return Ok(()) };
    let made = journal.history().is_ok_and(|h| h.get(intent.id).is_some_and(Entry::is_made));
    if made { Ok(()) } else { Err(refusal) }
}

/// Takes away what waited beside the files, and the folders that are no longer wanted.
pub(crate) fn finish(journal: &Journal<'_>, files: &[FileRecord], removes: &[String]) {
    files.iter().for_each(|record| steps::tidy(journal.disk, record));
    steps::remove_folders(journal.disk, removes);
}

fn take_back(
    journal: &Journal<'_>,
    intent: &Intent,
    files: &[PreparedFile],
    index: Option<usize>,
    stop: Stop,
) -> Failed {
    let path = index.map_or_else(String::new, |index| files[index].path.clone());
    let contents = |index: usize| Contents {
        before: files[index].before.as_ref().map(|c| c.bytes.as_slice()),
        after: files[index].after.as_ref().map(|c| c.bytes.as_slice()),
    };
    let reason = match &stop {
        Stop::Stopped(Stopped::Changed) => format!("`{path}` was changed meanwhile"),
        Stop::Stopped(Stopped::OnlyInPlace(why)) => format!("`{path}`: {why}"),
        Stop::Stopped(Stopped::Failed(error)) => format!("`{path}` {error}"),
        Stop::Refused(refusal) => refusal.to_string(),
    };
    match put_all_back(journal, intent, &contents, reason) {
        Err((path, error)) => Failed::Refused(Refusal::Unfinished { path, error }),
        Ok(_) => match (stop, index) {
            (Stop::Stopped(Stopped::OnlyInPlace(why)), Some(index)) => Failed::OnlyInPlace(index, why),
            (Stop::Stopped(Stopped::Changed), _) => Failed::Refused(Refusal::Changed { path }),
            (Stop::Stopped(Stopped::OnlyInPlace(why)), None) => {
                Failed::Refused(Refusal::Failed { path, error: WriteError::Other(why) })
            }
            (Stop::Stopped(Stopped::Failed(error)), _) => Failed::Refused(Refusal::Failed { path, error }),
            (Stop::Refused(refusal), _) => Failed::Refused(refusal),
        },
    }
}

/// Makes all files what they were, and notes it; gives those that are someone else's now.
pub(crate) fn put_all_back<'a>(
    journal: &Journal<'_>,
    intent: &Intent,
    contents: &dyn Fn(usize) -> Contents<'a>,
    reason: String,
) -> Result<Vec<String>, (String, WriteError)> {
    let mut kept = Vec::new();
    for (index, record) in intent.files.iter().enumerate() {
        let back = steps::put_back(journal.disk, record, contents(index));
        if back.map_err(|error| (record.path.clone(), error))? == PutBack::Theirs {
            kept.push(record.path.clone());
        }
    }
    steps::remove_folders(journal.disk, &intent.makes);
    let at_ms = journal.disk.now_ms();
    // Where this cannot be noted, the next run finds all as before and notes it then.
    let _ = journal.append(&Record::RolledBack { id: intent.id, at_ms, reason, kept: kept.clone() });
    Ok(kept)
}
