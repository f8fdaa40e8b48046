//! Files of the real machine, with the three answers kept apart: there, not there, may not be read.

use super::contents::{self, Contents};
use crate::{FileKind, Metadata, ReadError};
use std::io;

/// Files larger than this are no configuration; reading one whole would only cost memory.
const LARGEST: u64 = 64 << 20;

pub(super) fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound,
        io::ErrorKind::PermissionDenied => ReadError::Denied,
        // A component of the path is a file (ENOTDIR): what is asked for is not there.
        io::ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Other(error.to_string()),
    }
}

pub(super) fn read(contents: &Contents, path: &str) -> Result<Vec<u8>, ReadError> {
    use io::Read as _;
    let metadata = std::fs::metadata(path).map_err(|e| read_error(&e))?;
    if metadata.is_dir() {
        return Err(ReadError::Other("is a folder".to_owned()));
    }
    // A FIFO or a terminal would block.
    if !metadata.is_file() {
        return Err(ReadError::Other("is not a regular file".to_owned()));
    }
    let stamp = contents::stamp(&metadata);
    if let Some(known) = stamp.and_then(|stamp| contents.get(path, stamp)) {
        return Ok(known);
    }
    let file = std::fs::File::open(path).map_err(|e| read_error(&e))?;
    // With room for one byte more than it says, a read that fills nothing more ends it.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(LARGEST)).unwrap_or(0) + 1);
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| read_error(&e))?;
    if bytes.len() as u64 > LARGEST {
        return Err(ReadError::Other(format!("is larger than {} MiB", LARGEST >> 20)));
    }
    if let Some(stamp) = stamp {
        contents.keep(path, stamp, &bytes);
    }
    Ok(bytes)
}

pub(super) fn read_at(path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
    use io::{Read as _, Seek as _};
    let metadata = std::fs::metadata(path).map_err(|e| read_error(&e))?;
    if !metadata.is_file() {
        return Err(ReadError::Other("is not a regular file".to_owned()));
    }
    let mut file = std::fs::File::open(path).map_err(|e| read_error(&e))?;
    file.seek(io::SeekFrom::Start(offset)).map_err(|e| read_error(&e))?;
    let left = metadata.len().saturating_sub(offset);
    let mut bytes = Vec::with_capacity(usize::try_from(left).unwrap_or(len).min(len));
    file.take(len as u64).read_to_end(&mut bytes).map_err(|e| read_error(&e))?;
    Ok(bytes)
}

pub(super) fn metadata(path: &str) -> Result<Metadata, ReadError> {
    std::fs::metadata(path).map(|m| from_std(&m)).map_err(|e| read_error(&e))
}

pub(super) fn symlink_metadata(path: &str) -> Result<Metadata, ReadError> {
    std::fs::symlink_metadata(path).map(|m| from_std(&m)).map_err(|e| read_error(&e))
}

pub(super) fn read_link(path: &str) -> Result<String, ReadError> {
    std::fs::read_link(path).map(|p| p.to_string_lossy().into_owned()).map_err(|e| read_error(&e))
}

pub(super) fn canonicalize(path: &str) -> Result<String, ReadError> {
    std::fs::canonicalize(path).map(|p| p.to_string_lossy().into_owned()).map_err(|e| read_error(&e))
}

pub(super) fn read_dir(path: &str) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|e| read_error(&e))? {
        let entry = entry.map_err(|e| read_error(&e))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub(super) fn current_dir() -> Result<String, ReadError> {
    std::env::current_dir().map(|p| p.to_string_lossy().into_owned()).map_err(|e| read_error(&e))
}

fn from_std(metadata: &std::fs::Metadata) -> Metadata {
    let kind = match metadata.file_type() {
        t if t.is_symlink() => FileKind::Symlink,
        t if t.is_dir() => FileKind::Folder,
        t if t.is_file() => FileKind::File,
        _ => FileKind::Other,
    };
    let modified_ms = metadata
        .modified()
        .ok()
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    #[cfg(unix)]
    let (mode, uid, gid) = {
        use std::os::unix::fs::MetadataExt as _;
        (metadata.mode() & 0o7777, metadata.uid(), metadata.gid())
    };
    #[cfg(not(unix))]
    let (mode, uid, gid) = (if metadata.is_dir() { 0o755 } else { 0o644 }, 0, 0);
    Metadata { kind, len: metadata.len(), mode, uid, gid, modified_ms }
}
