//! What is noted beside a file's bytes on Windows. Not here: ACLs, which a replaced file hands on ([`super::places`]).

use crate::FileKind;
use crate::write::Standing;
use std::fs::{File, Metadata, OpenOptions};
use std::io;

pub(in super::super) fn standing(kind: FileKind, metadata: &Metadata) -> Standing {
    let mode = match (metadata.is_dir(), metadata.permissions().readonly()) {
        (true, _) => 0o755,
        (false, true) => 0o444,
        (false, false) => 0o644,
    };
    Standing { kind, mode, uid: 0, gid: 0, links: 1 }
}

pub(in super::super) fn may_write(path: &str) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_dir() || !m.permissions().readonly())
}

/// Found out when it is written.
pub(in super::super) fn is_read_only(_path: &str) -> bool {
    false
}

pub(in super::super) fn new_file(path: &str, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

pub(in super::super) fn open_as_it_is(path: &str) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

pub(in super::super) fn own_file(path: &str) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

pub(in super::super) fn make_folder(path: &str, _mode: u32) -> io::Result<()> {
    std::fs::create_dir(path)
}

/// A new file has the ACL that its folder gives.
pub(in super::super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// `ReplaceFileW` hands them on when the file takes its place.
pub(in super::super) fn copy(_from: &File, _to: &File) -> io::Result<()> {
    Ok(())
}
