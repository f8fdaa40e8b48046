//! What a system says when a file or folder cannot be used, as it stands in go's messages.
//!
//! Deliberately not here: which call go makes.

use super::go::Go;
use crate::file_path;
use system::{FileKind, Os, ReadError};

/// Why a path is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Missing,
    /// The folder that it should be in is missing, or is a file.
    NoWay,
    NotFolder,
    Denied,
    /// No name that a file can have (Windows).
    BadName,
}

impl Trouble {
    /// Unix: strerror(3). Windows: the texts of ERROR_FILE_NOT_FOUND (2), ERROR_PATH_NOT_FOUND (3), ERROR_DIRECTORY
    /// (267), ERROR_ACCESS_DENIED (5) and ERROR_INVALID_NAME (123) in Microsoft's "System Error Codes".
    pub(super) fn text(self, os: Os) -> &'static str {
        match (os, self) {
            (Os::Windows, Trouble::Missing) => "The system cannot find the file specified.",
            (Os::Windows, Trouble::NoWay) => "The system cannot find the path specified.",
            (Os::Windows, Trouble::NotFolder) => "The directory name is invalid.",
            (Os::Windows, Trouble::Denied) => "Access is denied.",
            (Os::Windows, Trouble::BadName) => {
                "The filename, directory name, or volume label syntax is incorrect."
            }
            (_, Trouble::Missing | Trouble::NoWay | Trouble::BadName) => "no such file or directory",
            (_, Trouble::NotFolder) => "not a directory",
            (_, Trouble::Denied) => "permission denied",
        }
    }
}

/// What is wrong with a path as a folder to work in; nothing if it is one.
pub(super) fn as_folder(go: &Go<'_>, path: &str) -> Option<Trouble> {
    if go.os == Os::Windows && is_bad_name(path) {
        return Some(Trouble::BadName);
    }
    let seen = go.seen(path);
    Some(match go.system.metadata(&seen) {
        Ok(data) if data.kind == FileKind::Folder => return None,
        Ok(_) => Trouble::NotFolder,
        Err(ReadError::Denied) => Trouble::Denied,
        Err(_) if go.os == Os::Windows && !go.system.is_folder(&file_path::parent(go.os, &seen)) => {
            Trouble::NoWay
        }
        Err(ReadError::Other(_)) => Trouble::NotFolder,
        Err(ReadError::NotFound) => Trouble::Missing,
    })
}

/// Characters that no name may hold (Microsoft: "Naming Files, Paths, and Namespaces").
pub(super) fn is_bad_name(path: &str) -> bool {
    let bytes = path.as_bytes();
    let drive = matches!(bytes, [letter, b':', ..] if letter.is_ascii_alphabetic());
    let rest = if drive { &path[2..] } else { path.strip_prefix(r"\\?\").unwrap_or(path) };
    path.is_empty()
        || rest.contains(|c: char| c < ' ' || "<>\"|?*".contains(c))
        || (drive && rest.contains(':'))
}
