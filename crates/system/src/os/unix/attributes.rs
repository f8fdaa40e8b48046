//! Whose a file is, who may do what with it, and what else is noted beside its bytes.
//!
//! Not here: bytes and names.

use crate::FileKind;
use crate::write::Standing;
use nix::unistd::{AccessFlags, Gid, Uid, access, fchown};
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};

pub(in super::super) fn standing(kind: FileKind, metadata: &Metadata) -> Standing {
    Standing {
        kind,
        mode: metadata.mode() & 0o7777,
        uid: metadata.uid(),
        gid: metadata.gid(),
        links: metadata.nlink(),
    }
}

pub(in super::super) fn may_write(path: &str) -> bool {
    access(path, AccessFlags::W_OK).is_ok()
}

pub(in super::super) fn is_read_only(path: &str) -> bool {
    use nix::sys::statvfs::{FsFlags, statvfs};
    statvfs(path).is_ok_and(|s| s.flags().contains(FsFlags::ST_RDONLY))
}

pub(in super::super) fn new_file(path: &str, mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

/// To write into it; a symlink that has come to stand there is not followed.
pub(in super::super) fn open_as_it_is(path: &str) -> io::Result<File> {
    OpenOptions::new().write(true).custom_flags(nix::libc::O_NOFOLLOW).open(path)
}

pub(in super::super) fn own_file(path: &str) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)
}

pub(in super::super) fn make_folder(path: &str, mode: u32) -> io::Result<()> {
    std::fs::DirBuilder::new().mode(mode).create(path)
}

pub(in super::super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

/// Owner, then mode (a change of owner takes set-user-ID bits away: chown(2)), then the rest.
pub(in super::super) fn copy(from: &File, to: &File) -> io::Result<()> {
    let (is, wanted) = (to.metadata()?, from.metadata()?);
    if (is.uid(), is.gid()) != (wanted.uid(), wanted.gid()) {
        fchown(to, Some(Uid::from_raw(wanted.uid())), Some(Gid::from_raw(wanted.gid())))?;
    }
    set_mode(to, wanted.mode() & 0o7777)?;
    copy_extended(from, to)
}

#[cfg(target_os = "linux")]
use linux::copy_extended;
#[cfg(target_os = "macos")]
use macos::copy_extended;

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn copy_extended(_from: &File, _to: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    //! Extended attributes, in which Linux keeps ACLs and SELinux' contexts too (xattr(7)).

    #![expect(unsafe_code, reason = "calls of the C library that nix has no wrapper for")]

    use nix::libc::{ENODATA, ENOTSUP, fgetxattr, flistxattr, fremovexattr, fsetxattr};
    use std::ffi::{CStr, CString};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;

    /// Makes the attributes of `to` those of `from`; what is the same already is not set anew, for not everyone may.
    pub(super) fn copy_extended(from: &File, to: &File) -> io::Result<()> {
        let (wanted, there) = (names(from)?, names(to)?);
        for name in there.iter().filter(|name| !wanted.contains(name)) {
            // SAFETY: the name ends with NUL and lives to the end of the call.
            checked(unsafe { fremovexattr(to.as_raw_fd(), name.as_ptr()) } as isize)?;
        }
        for name in &wanted {
            let value = value(from, name)?;
            if value.is_none() || self::value(to, name)? == value {
                continue;
            }
            let bytes = value.unwrap_or_default();
            // SAFETY: name and value live to the end of the call, and the length is the value's.
            let set =
                unsafe { fsetxattr(to.as_raw_fd(), name.as_ptr(), bytes.as_ptr().cast(), bytes.len(), 0) };
            checked(set as isize)?;
        }
        Ok(())
    }

    fn names(file: &File) -> io::Result<Vec<CString>> {
        let list = grown(|buffer| {
            // SAFETY: the buffer is as long as the call is told.
            unsafe { flistxattr(file.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len()) }
        });
        let bytes = match list {
            Err(error) if error.raw_os_error() == Some(ENOTSUP) => return Ok(Vec::new()),
            other => other?,
        };
        Ok(bytes
            .split_inclusive(|&b| b == 0)
            .filter_map(|n| CString::from_vec_with_nul(n.to_vec()).ok())
            .collect())
    }

    /// `None` if the file has no such attribute.
    fn value(file: &File, name: &CStr) -> io::Result<Option<Vec<u8>>> {
        let read = grown(|buffer| {
            // SAFETY: the name ends with NUL, the buffer is as long as the call is told.
            unsafe { fgetxattr(file.as_raw_fd(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) }
        });
        match read {
            Err(error) if matches!(error.raw_os_error(), Some(ENODATA | ENOTSUP)) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Attributes and their list are no longer than this (limits.h: XATTR_SIZE_MAX, XATTR_LIST_MAX).
    const LONGEST: usize = 65536;

    fn grown(read: impl Fn(&mut [u8]) -> isize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; 256];
        let mut len = read(&mut buffer);
        if len < 0 && io::Error::last_os_error().raw_os_error() == Some(nix::libc::ERANGE) {
            buffer.resize(LONGEST, 0);
            len = read(&mut buffer);
        }
        buffer.truncate(checked(len)?);
        Ok(buffer)
    }

    fn checked(result: isize) -> io::Result<usize> {
        usize::try_from(result).map_err(|_| io::Error::last_os_error())
    }
}

#[cfg(target_os = "macos")]
mod macos {
    //! ACLs and extended attributes, by the system's own copier (copyfile(3)).

    #![expect(unsafe_code, reason = "a call of the C library that nix has no wrapper for")]

    use nix::libc::{COPYFILE_ACL, COPYFILE_XATTR, fcopyfile};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;

    pub(super) fn copy_extended(from: &File, to: &File) -> io::Result<()> {
        // SAFETY: both descriptors are open to the end of the call; without a state none is kept.
        let result = unsafe {
            fcopyfile(from.as_raw_fd(), to.as_raw_fd(), std::ptr::null_mut(), COPYFILE_ACL | COPYFILE_XATTR)
        };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}
