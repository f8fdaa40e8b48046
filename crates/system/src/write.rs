//! The writing side of the machine: steps so small that each is done or not done when the power fails.
//!
//! Crate `apply` alone takes them (`clippy.toml`), for it alone keeps a journal of what it does. Deliberately not here:
//! the order of the steps, and what is done when one fails.

use crate::{FileKind, ReadError, System};
use std::any::Any;

/// Why a step was not done. Nothing else has changed then, but for [`Disk::overwrite`] and [`Disk::append`], of which a
/// part may have been done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("does not exist")]
    NotFound,
    #[error("exists already")]
    Exists,
    #[error("may not be written (permission denied)")]
    Denied,
    #[error("is on a file system that is mounted read-only")]
    ReadOnly,
    /// No space, or the user's quota is used up.
    #[error("no space is left on the disk")]
    Full,
    /// A mount point, a running program: what stands there cannot be replaced by another file.
    #[error("is in use and cannot be replaced")]
    Busy,
    /// The system or the file system has no such step.
    #[error("is not supported here")]
    Unsupported,
    #[error("{0}")]
    Other(String),
}

/// What stands at a path, the path's last part not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub kind: FileKind,
    /// Unix mode bits, type bits left out.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    /// Names that this file has; 1 where the system does not say.
    pub links: u64,
}

/// A lock that is held until this is dropped; the system frees it when the process ends, however it ends.
pub struct Held(#[expect(dead_code, reason = "held, never looked at")] Box<dyn Any + Send>);

impl Held {
    pub(crate) fn new(what: impl Any + Send) -> Self {
        Self(Box::new(what))
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held")
    }
}

/// A machine whose files can be changed. Paths are as in [`System`]; the last part of one is never followed where it is
/// a symlink.
pub trait Disk: System {
    fn standing(&self, path: &str) -> Result<Standing, ReadError>;
    /// Whether this user may write the file, or change the names in the folder (Unix: `access(2)` with `W_OK`).
    fn may_write(&self, path: &str) -> bool;
    /// Whether what is there is on a file system mounted read-only.
    fn is_read_only(&self, path: &str) -> bool;

    /// A new file, written and synced. Without a mode it gets what the user's umask leaves of 0666.
    fn create(&self, path: &str, bytes: &[u8], mode: Option<u32>) -> Result<(), WriteError>;
    /// Gives a file owner, mode, ACL and extended attributes of another, and syncs it.
    fn copy_attributes(&self, from: &str, to: &str) -> Result<(), WriteError>;
    /// Other bytes in the same file; synced. Room is sought first, so that a full disk is found out before.
    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;
    /// Adds to a file of our own (0600), made where there is none, by one write; synced.
    fn append(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Two files change places in one step. [`WriteError::Unsupported`] where that cannot be had.
    fn swap(&self, a: &str, b: &str) -> Result<(), WriteError>;
    /// Moves a file within its folder; one that stands at `to` is replaced in the same step.
    fn rename(&self, from: &str, to: &str) -> Result<(), WriteError>;
    /// The same; [`WriteError::Exists`] if something stands at `to`.
    fn rename_new(&self, from: &str, to: &str) -> Result<(), WriteError>;
    fn remove(&self, path: &str) -> Result<(), WriteError>;
    /// A folder; without a mode it gets what the user's umask leaves of 0777.
    fn make_folder(&self, path: &str, mode: Option<u32>) -> Result<(), WriteError>;
    /// An empty folder is taken away; one in which something is stays, and that is [`WriteError::Exists`].
    fn remove_folder(&self, path: &str) -> Result<(), WriteError>;
    /// Makes the names in a folder last.
    fn sync_folder(&self, path: &str) -> Result<(), WriteError>;

    /// Locks a file of our own against other processes. While another holds it, `go_on` is asked again and again, with
    /// the time waited so far in ms; [`WriteError::Busy`] when that says no.
    fn lock(&self, path: &str, go_on: &mut dyn FnMut(u64) -> bool) -> Result<Held, WriteError>;
}
