//! The only module that writes: each function leaves a file as it was, or as it is to be, whatever happens in it.
//!
//! A file's new bytes are made ready beside it and change places with it in one step, so that the old file, attributes
//! and all, waits under the other name until everything is done. Not here: which file, and when.

#![expect(clippy::disallowed_methods, reason = "this is the module that may change files of others")]

use crate::record::FileRecord;
use crate::record::State;
use crate::{Digest, resolve};
use system::write::{Disk, Held, WriteError};
use system::{FileKind, ReadError};

/// Why a file was not put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Someone else changed it in the meantime; it is as they left it.
    Changed,
    /// It can only be written into, for this reason.
    OnlyInPlace(String),
    Failed(WriteError),
}

impl From<WriteError> for Stopped {
    fn from(error: WriteError) -> Self {
        Stopped::Failed(error)
    }
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Now {
    Absent,
    Bytes(Vec<u8>),
    /// A folder, a symlink, a device.
    Other,
}

impl Now {
    pub(crate) fn is(&self, state: &Option<State>) -> bool {
        match (self, state) {
            (Now::Absent, None) => true,
            (Now::Bytes(bytes), Some(state)) => {
                bytes.len() as u64 == state.len && Digest::of(bytes) == state.sha256
            }
            _ => false,
        }
    }

    /// Whether these bytes are the first of those: what is left when making them ready was interrupted.
    fn begins(&self, whole: Option<&[u8]>) -> bool {
        matches!((self, whole), (Now::Bytes(bytes), Some(whole)) if whole.starts_with(bytes))
    }
}

pub(crate) fn look(disk: &dyn Disk, path: &str) -> Result<Now, WriteError> {
    let as_write = |error| match error {
        ReadError::Denied => WriteError::Denied,
        ReadError::NotFound => WriteError::NotFound,
        ReadError::Other(text) => WriteError::Other(text),
    };
    match disk.standing(path) {
        Err(ReadError::NotFound) => Ok(Now::Absent),
        Err(error) => Err(as_write(error)),
        Ok(standing) if standing.kind != FileKind::File => Ok(Now::Other),
        Ok(_) => match disk.read(path) {
            Ok(bytes) => Ok(Now::Bytes(bytes)),
            Err(ReadError::NotFound) => Ok(Now::Absent),
            Err(error) => Err(as_write(error)),
        },
    }
}

pub(crate) fn lock(
    disk: &dyn Disk,
    path: &str,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Held, WriteError> {
    disk.lock(path, go_on)
}

/// Makes a folder of our own (0700) and what is missing above it.
pub(crate) fn make_folders(disk: &dyn Disk, folder: &str) -> Result<(), WriteError> {
    let mut missing = Vec::new();
    let mut at = folder;
    while !disk.is_folder(at) {
        missing.push(at);
        let up = resolve::parent(disk.os(), at);
        if up == at {
            break;
        }
        at = up;
    }
    for path in missing.iter().rev() {
        let own = (*path == folder).then_some(0o700);
        make_folder(disk, path, own)?;
    }
    Ok(())
}

/// Makes a folder; whether it was not there before.
pub(crate) fn make_folder(disk: &dyn Disk, path: &str, mode: Option<u32>) -> Result<bool, WriteError> {
    match disk.make_folder(path, mode) {
        Ok(()) => {
            disk.sync_folder(resolve::parent(disk.os(), path))?;
            Ok(true)
        }
        Err(WriteError::Exists) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes folders away in which nothing is, innermost first; others stay.
pub(crate) fn remove_folders(disk: &dyn Disk, outermost_first: &[String]) {
    for folder in outermost_first.iter().rev() {
        let _ = disk.remove_folder(folder);
    }
}

/// Keeps bytes under their digest, whole or not at all.
pub(crate) fn keep(disk: &dyn Disk, blob: &str, bytes: &[u8]) -> Result<(), WriteError> {
    if look(disk, blob)? == Now::Bytes(bytes.to_vec()) {
        return Ok(());
    }
    let fresh = format!("{blob}.new");
    let _ = disk.remove(&fresh);
    disk.create(&fresh, bytes, Some(0o600))?;
    disk.rename(&fresh, blob)
}

/// Makes what was kept last.
pub(crate) fn sync_folder(disk: &dyn Disk, folder: &str) -> Result<(), WriteError> {
    disk.sync_folder(folder)
}

/// Adds a line to the journal; it stands on a line of its own, also after one that was cut off.
pub(crate) fn append(disk: &dyn Disk, path: &str, folder: &str, line: &[u8]) -> Result<(), WriteError> {
    let now = look(disk, path)?;
    let cut_off = matches!(&now, Now::Bytes(bytes) if bytes.last().is_some_and(|&b| b != b'\n'));
    let whole = if cut_off { [b"\n", line].concat() } else { line.to_vec() };
    disk.append(path, &whole)?;
    if now == Now::Absent {
        disk.sync_folder(folder)?;
    }
    Ok(())
}

/// Makes the new bytes ready beside the file, with the attributes that the file has.
pub(crate) fn make_ready(disk: &dyn Disk, record: &FileRecord, after: Option<&[u8]>) -> Result<(), Stopped> {
    let (Some(bytes), Some(state)) = (after, &record.after) else { return Ok(()) };
    if record.in_place.is_some() {
        return Ok(());
    }
    if record.before.is_none() {
        return Ok(disk.create(&record.fresh, bytes, state.mode)?);
    }
    disk.create(&record.fresh, bytes, Some(0o600))?;
    match disk.copy_attributes(&record.file, &record.fresh) {
        Ok(()) => Ok(()),
        Err(error @ (WriteError::Full | WriteError::ReadOnly)) => Err(error.into()),
        Err(WriteError::NotFound) => Err(Stopped::Changed),
        Err(_) => Err(Stopped::OnlyInPlace(
            "a new file would lack its owner, ACL or extended attributes".to_owned(),
        )),
    }
}

/// Puts what was made ready in the file's place, if the file is still what it was.
pub(crate) fn place(disk: &dyn Disk, record: &FileRecord, after: Option<&[u8]>) -> Result<(), Stopped> {
    let FileRecord { file, fresh, before, .. } = record;
    if !look(disk, file)?.is(before) {
        return Err(Stopped::Changed);
    }
    if record.in_place.is_some() {
        return Ok(disk.overwrite(file, after.unwrap_or_default())?);
    }
    match (before, &record.after) {
        (None, None) => Ok(()),
        (None, Some(_)) => match disk.rename_new(fresh, file) {
            Err(WriteError::Exists) => Err(Stopped::Changed),
            other => Ok(other?),
        },
        (Some(_), Some(_)) => exchange(disk, record),
        (Some(_), None) => {
            replaceable(disk.rename(file, fresh))?;
            if look(disk, fresh)?.is(before) {
                return Ok(());
            }
            disk.rename_new(fresh, file)?;
            Err(Stopped::Changed)
        }
    }
}

/// What was in the file until the very moment is looked at after it: nobody's change between the last look and the
/// exchange is lost.
fn exchange(disk: &dyn Disk, record: &FileRecord) -> Result<(), Stopped> {
    let FileRecord { file, fresh, before, .. } = record;
    match disk.swap(fresh, file) {
        Err(WriteError::Unsupported) => return replaceable(disk.rename(fresh, file)),
        Err(WriteError::NotFound) => return Err(Stopped::Changed),
        other => replaceable(other)?,
    }
    if look(disk, fresh)?.is(before) {
        return Ok(());
    }
    disk.swap(fresh, file)?;
    Err(Stopped::Changed)
}

fn replaceable(step: Result<(), WriteError>) -> Result<(), Stopped> {
    match step {
        Err(WriteError::Busy) => {
            Err(Stopped::OnlyInPlace("what is mounted or running cannot be replaced".to_owned()))
        }
        other => Ok(other?),
    }
}

/// Takes away what waited beside a file, once all is done.
pub(crate) fn tidy(disk: &dyn Disk, record: &FileRecord) {
    if let Ok(now) = look(disk, &record.fresh)
        && now != Now::Absent
        && (now.is(&record.before) || now.is(&record.after))
    {
        let _ = disk.remove(&record.fresh);
    }
}

/// What became of a file that was to be as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutBack {
    AsBefore,
    /// Someone else changed it; theirs stands.
    Theirs,
}

/// Whether this file is as the change leaves it, and what waits beside it is only what was there before.
pub(crate) fn is_placed(disk: &dyn Disk, record: &FileRecord) -> Result<bool, WriteError> {
    let waits = look(disk, &record.fresh)?;
    Ok(look(disk, &record.file)?.is(&record.after) && (waits == Now::Absent || waits.is(&record.before)))
}

/// Bytes of a file before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contents<'a> {
    pub(crate) before: Option<&'a [u8]>,
    pub(crate) after: Option<&'a [u8]>,
}

/// Makes a file what it was before, from any point at which the change may have been interrupted. A change of someone
/// else's is never undone.
pub(crate) fn put_back(
    disk: &dyn Disk,
    record: &FileRecord,
    contents: Contents<'_>,
) -> Result<PutBack, WriteError> {
    let FileRecord { file, fresh, before, after, .. } = record;
    let second = second_name(fresh);
    drop_ours(disk, &second, |now| now.begins(contents.before))?;
    let now = look(disk, file)?;
    if record.in_place.is_some() {
        return put_back_in_place(disk, record, contents, &now);
    }
    let waits = look(disk, fresh)?;
    // Lines that were added leave the old bytes a beginning of the new ones; the old ones are never dropped as ours.
    let ours = |waits: &Now| waits.begins(contents.after) && !waits.is(before);
    match (before, after) {
        _ if now.is(before) && (now != Now::Absent || waits == Now::Absent || ours(&waits)) => {
            drop_ours(disk, fresh, |w| ours(w) || w.is(before))?;
            Ok(PutBack::AsBefore)
        }
        // It was taken away for a look, or for good: back with it, whose ever it is.
        _ if now == Now::Absent && waits != Now::Absent && !ours(&waits) => {
            disk.rename_new(fresh, file)?;
            disk.sync_folder(resolve::parent(disk.os(), file))?;
            Ok(if waits.is(before) { PutBack::AsBefore } else { PutBack::Theirs })
        }
        (Some(_), Some(_)) if now.is(after) && waits != Now::Absent && !ours(&waits) => {
            disk.rename(fresh, file)?;
            disk.sync_folder(resolve::parent(disk.os(), file))?;
            Ok(if waits.is(before) { PutBack::AsBefore } else { PutBack::Theirs })
        }
        (Some(state), Some(_)) if now.is(after) => {
            drop_ours(disk, fresh, ours)?;
            disk.create(&second, contents.before.unwrap_or_default(), state.mode)?;
            // What cannot be had of the attributes is less than the bytes.
            let _ = disk.copy_attributes(file, &second);
            disk.rename(&second, file)?;
            disk.sync_folder(resolve::parent(disk.os(), file))?;
            Ok(PutBack::AsBefore)
        }
        (Some(state), None) if now == Now::Absent => {
            disk.create(&second, contents.before.unwrap_or_default(), state.mode)?;
            disk.rename_new(&second, file)?;
            disk.sync_folder(resolve::parent(disk.os(), file))?;
            Ok(PutBack::AsBefore)
        }
        (None, Some(_)) if now.is(after) => {
            disk.rename(file, fresh)?;
            if look(disk, fresh)?.is(after) {
                disk.remove(fresh)?;
                disk.sync_folder(resolve::parent(disk.os(), file))?;
                return Ok(PutBack::AsBefore);
            }
            disk.rename_new(fresh, file)?;
            Ok(PutBack::Theirs)
        }
        _ => {
            drop_ours(disk, fresh, |w| ours(w) || w.is(before))?;
            Ok(PutBack::Theirs)
        }
    }
}

fn put_back_in_place(
    disk: &dyn Disk,
    record: &FileRecord,
    contents: Contents<'_>,
    now: &Now,
) -> Result<PutBack, WriteError> {
    if now.is(&record.before) {
        return Ok(PutBack::AsBefore);
    }
    let (Some(before), Some(after)) = (contents.before, contents.after) else { return Ok(PutBack::Theirs) };
    if now.is(&record.after) || matches!(now, Now::Bytes(bytes) if is_half_written(bytes, before, after)) {
        disk.overwrite(&record.file, before)?;
        return Ok(PutBack::AsBefore);
    }
    Ok(PutBack::Theirs)
}

/// Whether these bytes are what is left of one content while the other is written over it from the beginning: each comes
/// from either. Taking back may be interrupted, too, and so may that.
fn is_half_written(now: &[u8], before: &[u8], after: &[u8]) -> bool {
    let (least, most) = (before.len().min(after.len()), before.len().max(after.len()));
    let from_either = |(at, byte): (usize, &u8)| before.get(at) == Some(byte) || after.get(at) == Some(byte);
    (least..=most).contains(&now.len()) && now.iter().enumerate().all(from_either)
}

/// The name under which a file is made anew from what was kept. It ends so that no program that reads the files of a
/// folder by their ending takes it for one.
fn second_name(fresh: &str) -> String {
    format!("{fresh}-back")
}

fn drop_ours(disk: &dyn Disk, path: &str, ours: impl Fn(&Now) -> bool) -> Result<(), WriteError> {
    let now = look(disk, path)?;
    if now != Now::Absent && ours(&now) {
        disk.remove(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_written_file_is_known_as_such() {
        let (before, after) = (b"one two three".as_slice(), b"one TWO three four".as_slice());
        for cut in 0..=after.len() {
            let mut now = after[..cut].to_vec();
            now.extend_from_slice(before.get(cut..).unwrap_or_default());
            assert!(is_half_written(&now, before, after), "{cut}");
            let mut now = before[..cut.min(before.len())].to_vec();
            now.extend_from_slice(after.get(now.len()..).unwrap_or_default());
            assert!(is_half_written(&now, before, after), "{cut} back");
        }
        assert!(!is_half_written(b"one TWO three, mine", before, after));
        assert!(!is_half_written(b"", before, after));
        assert!(is_half_written(b"one TWo three", before, after));
    }
}
