//! Files that change their names on Windows, ACLs and attributes staying with the name.
//!
//! Not here: bytes.

#![expect(unsafe_code, reason = "calls of Windows")]

use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;
use windows_sys::Win32::Storage::FileSystem::{MOVEFILE_WRITE_THROUGH, MoveFileExW, ReplaceFileW};

/// Scanners and indexers hold a file for a moment after it was written: ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION,
/// ERROR_LOCK_VIOLATION, ERROR_UNABLE_TO_REMOVE_REPLACED (winerror.h).
const HELD_FOR_A_MOMENT: &[i32] = &[5, 32, 33, 1175];
/// How often it is tried again, and how long is waited in between: 2.5 s in all.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(100);

/// There is none in one step.
pub(in super::super) fn swap(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(in super::super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if std::fs::symlink_metadata(to).is_err() {
        return rename_new(from, to);
    }
    let (from, to) = (wide(from), wide(to));
    patiently(|| {
        // SAFETY: both names end with NUL and live to the end of the call; the others may be null.
        unsafe {
            ReplaceFileW(to.as_ptr(), from.as_ptr(), std::ptr::null(), 0, std::ptr::null(), std::ptr::null())
        }
    })
}

pub(in super::super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide(from), wide(to));
    patiently(|| {
        // SAFETY: both names end with NUL and live to the end of the call.
        unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_WRITE_THROUGH) }
    })
}

fn patiently(step: impl Fn() -> i32) -> io::Result<()> {
    let mut tries = TRIES;
    while step() == 0 {
        let error = io::Error::last_os_error();
        tries -= 1;
        if tries == 0 || !error.raw_os_error().is_some_and(|code| HELD_FOR_A_MOMENT.contains(&code)) {
            return Err(error);
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

fn wide(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().chain([0]).collect()
}

pub(in super::super) fn make_room(_file: &File, _len: u64) -> io::Result<()> {
    Ok(())
}

/// Windows has no such step: names are written through (MOVEFILE_WRITE_THROUGH) or logged by NTFS.
pub(in super::super) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
