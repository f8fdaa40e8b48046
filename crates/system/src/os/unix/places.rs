//! Files that change their names, each in one step of the system, and names that last.
//!
//! Not here: bytes.

use std::fs::File;
use std::io;
use std::path::Path;

pub(in super::super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}

pub(in super::super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod at_once {
    use nix::errno::Errno;
    use nix::fcntl::{AT_FDCWD, FallocateFlags, RenameFlags, fallocate, renameat2};
    use std::fs::File;
    use std::io;
    use std::path::Path;

    /// Both names stay taken all the time (rename(2), RENAME_EXCHANGE; Linux 3.15).
    pub(in super::super::super) fn swap(a: &Path, b: &Path) -> io::Result<()> {
        with(a, b, RenameFlags::RENAME_EXCHANGE)
    }

    pub(in super::super::super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        match with(from, to, RenameFlags::RENAME_NOREPLACE) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => super::link_new(from, to),
            other => other,
        }
    }

    fn with(from: &Path, to: &Path, flags: RenameFlags) -> io::Result<()> {
        renameat2(AT_FDCWD, from, AT_FDCWD, to, flags).map_err(|error| match error {
            // The kernel or the file system does not know the flag (rename(2): EINVAL).
            Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP => io::ErrorKind::Unsupported.into(),
            other => other.into(),
        })
    }

    /// Space for so many bytes, the file's length left as it is.
    pub(in super::super::super) fn make_room(file: &File, len: u64) -> io::Result<()> {
        if len == 0 {
            return Ok(());
        }
        let len = i64::try_from(len).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        match fallocate(file, FallocateFlags::FALLOC_FL_KEEP_SIZE, 0, len) {
            Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => Ok(()),
            other => other.map_err(io::Error::from),
        }
    }
}

#[cfg(target_os = "macos")]
mod at_once {
    #![expect(unsafe_code, reason = "a call of the C library that nix has no wrapper for")]

    use nix::libc::{ENOTSUP, RENAME_EXCL, RENAME_SWAP, renamex_np};
    use std::ffi::CString;
    use std::fs::File;
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    /// Both names stay taken all the time (rename(2), RENAME_SWAP).
    pub(in super::super::super) fn swap(a: &Path, b: &Path) -> io::Result<()> {
        with(a, b, RENAME_SWAP)
    }

    pub(in super::super::super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        match with(from, to, RENAME_EXCL) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => super::link_new(from, to),
            other => other,
        }
    }

    fn with(from: &Path, to: &Path, flags: nix::libc::c_uint) -> io::Result<()> {
        let (from, to) =
            (CString::new(from.as_os_str().as_bytes())?, CString::new(to.as_os_str().as_bytes())?);
        // SAFETY: both paths end with NUL and live to the end of the call.
        if unsafe { renamex_np(from.as_ptr(), to.as_ptr(), flags) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        Err(if error.raw_os_error() == Some(ENOTSUP) { io::ErrorKind::Unsupported.into() } else { error })
    }

    pub(in super::super::super) fn make_room(_file: &File, _len: u64) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(any(all(target_os = "linux", target_env = "gnu"), target_os = "macos")))]
mod at_once {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(in super::super::super) fn swap(_a: &Path, _b: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in super::super::super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        super::link_new(from, to)
    }

    pub(in super::super::super) fn make_room(_file: &File, _len: u64) -> io::Result<()> {
        Ok(())
    }
}

pub(in super::super) use at_once::{make_room, rename_new, swap};

/// By a second name, of which link(2) says that it is never one that is taken.
fn link_new(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}
