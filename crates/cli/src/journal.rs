//! The journal of changes on this machine: opening it, what is said of it, and how a refusal ends a command.
//!
//! Not here: what the journal means (`apply`) and how it looks (`view`).

use crate::arguments::Common;
use crate::failure::Failure;
use crate::terminal;
use apply::{Applied, Entry, FileRecord, Journal, Outcome, PreparedFile, Recovered, Refusal};
use system::System as _;
use system::os::Real;
use system::store::Store;
use view::{Change, ChangeKind, ChangeState, ChangedFile, Conflicting, Options, Recovery};

/// How long another instance is waited for, ms.
const PATIENCE_MS: u64 = 30_000;

/// This machine's files. A machine in a folder is never changed and has no journal.
pub(crate) fn disk(common: &Common) -> Result<Real, Failure> {
    if common.machine.is_some() {
        return Err(Failure::Usage {
            message: "a machine in a folder is never changed, and has no journal".to_owned(),
            hint: Some("leave `--machine` out".to_owned()),
        });
    }
    Ok(Real::new().without_runs())
}

/// The user's journal.
pub(crate) fn open(disk: &Real) -> Result<Journal<'_>, Failure> {
    let environment = disk.environment();
    let find = |name: &str| {
        let (_, value) = environment.iter().find(|(n, _)| n.is(name))?;
        value.as_str().map(str::to_owned)
    };
    let home = find("HOME").unwrap_or_else(|| disk.user().home);
    let folder = Store::state_folder(disk.os(), find, &home).ok_or_else(|| Failure::Usage {
        message: "there is no folder for the journal".to_owned(),
        hint: Some("set HOME or XDG_STATE_HOME to an absolute path".to_owned()),
    })?;
    let waiting: &dyn Fn() = &|| terminal::talk("another gowhence is changing files – waiting for it");
    Ok(Journal { disk, folder, patience_ms: PATIENCE_MS, waiting })
}

/// How the answer is to look.
pub(crate) fn options(common: &Common, disk: &Real) -> Options {
    terminal::view_options(common, Some(disk.user().home))
}

pub(crate) fn failure(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::Journal { .. }
        | Refusal::Failed { .. }
        | Refusal::Unfinished { .. }
        | Refusal::Locked { .. } => Failure::Internal(refusal.to_string()),
        _ => Failure::usage(refusal.to_string()),
    }
}

/// Says what became of changes that an earlier run had left unfinished.
pub(crate) fn tell_recovered(recovered: &[Recovered]) {
    for Recovered { id, title, completed, kept } in recovered {
        let what = if *completed { "completed now" } else { "taken back now" };
        terminal::talk(&format!("gowhence: change {id} ({title}) had been interrupted – {what}"));
        for path in kept {
            terminal::talk(&format!(
                "gowhence: {path} was changed by someone else meanwhile – left as it is"
            ));
        }
    }
}

pub(crate) fn recovery(recovered: Vec<Recovered>) -> Vec<Recovery> {
    let one = |r: Recovered| Recovery { id: r.id, title: r.title, completed: r.completed, kept: r.kept };
    recovered.into_iter().map(one).collect()
}

/// An entry as it is shown.
pub(crate) fn change(entry: &Entry) -> Change {
    let (state, reason, kept) = match &entry.outcome {
        Outcome::Made { .. } if entry.undone_by.is_some() => (ChangeState::Undone, None, Vec::new()),
        Outcome::Made { .. } => (ChangeState::Made, None, Vec::new()),
        Outcome::RolledBack { reason, kept } => (ChangeState::RolledBack, Some(reason.clone()), kept.clone()),
        Outcome::Unfinished => (ChangeState::Unfinished, None, Vec::new()),
    };
    Change {
        id: entry.id,
        at: system::machine_dir::to_rfc3339(entry.at_ms),
        title: entry.title.clone(),
        state,
        undoes: entry.undoes,
        undone_by: entry.undone_by,
        reason,
        kept,
        files: entry.files.iter().map(recorded).collect(),
    }
}

fn recorded(file: &FileRecord) -> ChangedFile {
    let digest = |state: &Option<apply::State>| state.as_ref().map(|s| s.sha256.to_string());
    ChangedFile {
        path: file.path.clone(),
        file: file.file.clone(),
        change: ChangeKind::of(file.before.is_some(), file.after.is_some()),
        in_place: file.in_place.clone(),
        before: digest(&file.before),
        after: digest(&file.after),
    }
}

/// A file of a change that is to be made, or was made just now.
pub(crate) fn prepared(file: &PreparedFile) -> ChangedFile {
    let digest =
        |content: &Option<apply::Content>| content.as_ref().map(|c| apply::Digest::of(&c.bytes).to_string());
    ChangedFile {
        path: file.path.clone(),
        file: file.file.clone(),
        change: ChangeKind::of(file.before.is_some(), file.after.is_some()),
        in_place: match &file.how {
            apply::How::InPlace(why) => Some(why.clone()),
            apply::How::Replace => None,
        },
        before: digest(&file.before),
        after: digest(&file.after),
    }
}

/// What was done, as it is shown.
pub(crate) fn taken_back(done: Applied) -> view::TakenBack {
    view::TakenBack {
        id: done.id,
        files: done.files.iter().map(prepared).collect(),
        notes: done.notes,
        recovered: recovery(done.recovered),
        ..view::TakenBack::new(done.title)
    }
}

/// What a change made of a file, and what it was changed to since.
pub(crate) fn conflicting(conflict: &apply::Conflict, options: &Options) -> Conflicting {
    let diff = |old: &Option<Vec<u8>>, new: &Option<Vec<u8>>| {
        let name =
            |content: &Option<Vec<u8>>| content.as_ref().map_or("/dev/null", |_| conflict.path.as_str());
        let text = |content: &Option<Vec<u8>>| content.clone().unwrap_or_default();
        let diff = text::diff::unified(&text(old), &text(new), [name(old), name(new)]);
        view::patch_text(&diff, options)
    };
    Conflicting {
        path: conflict.path.clone(),
        made: diff(&conflict.before, &conflict.after),
        since: diff(&conflict.after, &conflict.now),
    }
}
