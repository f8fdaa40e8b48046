//! [`Disk`] of the real machine. Not here: attributes and renames in which the systems differ (`attributes`, `places`).

use super::files::read_error;
use super::{Real, attributes, places};
use crate::write::{Disk, Held, Standing, WriteError};
use crate::{FileKind, ReadError};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

/// How often a lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(20);

pub(super) fn write_error(error: &io::Error) -> WriteError {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound | Kind::NotADirectory => WriteError::NotFound,
        Kind::AlreadyExists | Kind::DirectoryNotEmpty => WriteError::Exists,
        Kind::PermissionDenied => WriteError::Denied,
        Kind::ReadOnlyFilesystem => WriteError::ReadOnly,
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => WriteError::Full,
        Kind::ResourceBusy | Kind::ExecutableFileBusy | Kind::CrossesDevices => WriteError::Busy,
        Kind::Unsupported => WriteError::Unsupported,
        _ => WriteError::Other(error.to_string()),
    }
}

fn done<T>(result: io::Result<T>) -> Result<T, WriteError> {
    result.map_err(|e| write_error(&e))
}

impl Disk for Real {
    fn standing(&self, path: &str) -> Result<Standing, ReadError> {
        let metadata = std::fs::symlink_metadata(path).map_err(|e| read_error(&e))?;
        let kind = match metadata.file_type() {
            t if t.is_symlink() => FileKind::Symlink,
            t if t.is_dir() => FileKind::Folder,
            t if t.is_file() => FileKind::File,
            _ => FileKind::Other,
        };
        Ok(attributes::standing(kind, &metadata))
    }

    fn may_write(&self, path: &str) -> bool {
        attributes::may_write(path)
    }

    fn is_read_only(&self, path: &str) -> bool {
        attributes::is_read_only(path)
    }

    fn create(&self, path: &str, bytes: &[u8], mode: Option<u32>) -> Result<(), WriteError> {
        let mut file = done(attributes::new_file(path, mode.unwrap_or(0o666)))?;
        let written = file.write_all(bytes).and_then(|()| match mode {
            Some(mode) => attributes::set_mode(&file, mode),
            None => Ok(()),
        });
        let written = written.and_then(|()| file.sync_all());
        if written.is_err() {
            let _ = std::fs::remove_file(path);
        }
        done(written)
    }

    fn copy_attributes(&self, from: &str, to: &str) -> Result<(), WriteError> {
        let (from, to) = (done(File::open(from))?, done(OpenOptions::new().write(true).open(to))?);
        done(attributes::copy(&from, &to))?;
        done(to.sync_all())
    }

    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let mut file = done(attributes::open_as_it_is(path))?;
        done(places::make_room(&file, bytes.len() as u64))?;
        done(file.write_all(bytes))?;
        done(file.set_len(bytes.len() as u64))?;
        done(file.sync_all())
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let mut file = done(attributes::own_file(path))?;
        done(file.write_all(bytes))?;
        done(file.sync_all())
    }

    fn swap(&self, a: &str, b: &str) -> Result<(), WriteError> {
        done(places::swap(Path::new(a), Path::new(b)))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), WriteError> {
        done(places::rename(Path::new(from), Path::new(to)))
    }

    fn rename_new(&self, from: &str, to: &str) -> Result<(), WriteError> {
        done(places::rename_new(Path::new(from), Path::new(to)))
    }

    fn remove(&self, path: &str) -> Result<(), WriteError> {
        done(std::fs::remove_file(path))
    }

    fn make_folder(&self, path: &str, mode: Option<u32>) -> Result<(), WriteError> {
        done(attributes::make_folder(path, mode.unwrap_or(0o777)))
    }

    fn remove_folder(&self, path: &str) -> Result<(), WriteError> {
        done(std::fs::remove_dir(path))
    }

    fn sync_folder(&self, path: &str) -> Result<(), WriteError> {
        done(places::sync_folder(Path::new(path)))
    }

    fn lock(&self, path: &str, go_on: &mut dyn FnMut(u64) -> bool) -> Result<Held, WriteError> {
        let file = done(attributes::own_file(path))?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Held::new(file)),
                Err(std::fs::TryLockError::Error(error)) => return Err(write_error(&error)),
                Err(std::fs::TryLockError::WouldBlock) => {}
            }
            if !go_on(u64::try_from(waited.as_millis()).unwrap_or(u64::MAX)) {
                return Err(WriteError::Busy);
            }
            std::thread::sleep(TRY_AGAIN);
            waited += TRY_AGAIN;
        }
    }
}
