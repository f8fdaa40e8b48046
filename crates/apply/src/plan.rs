//! What is to be changed: data that can be shown before anything is done.
//!
//! Not here: where a path really leads, and whether it may be written ([`crate::prepare`]).

use crate::Digest;
use text::edit::{self, Edit, Problem};

/// Changes that belong together: all are made, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What for, in a few words; the journal shows it.
    pub title: String,
    pub files: Vec<FilePlan>,
}

/// What becomes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlan {
    /// As it is named by who reads it; it may be a symlink.
    pub path: String,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Edits of these bytes, by their digest. `result` is that of the edited bytes: where they stand already, nothing
    /// is to be done; not known where edits of several came together.
    Edit { planned: Digest, edits: Vec<Edit>, result: Option<Digest> },
    /// A file that is not there.
    Create { bytes: Vec<u8>, private: bool },
}

impl Plan {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), files: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, file: FilePlan) -> Self {
        self.files.push(file);
        self
    }
}

impl FilePlan {
    /// Edits of a file whose bytes were `read`.
    pub fn edit(path: impl Into<String>, read: &[u8], edits: Vec<Edit>) -> Result<Self, Problem> {
        let result = Some(Digest::of(&edit::apply(read, &edits)?));
        Ok(Self { path: path.into(), change: Change::Edit { planned: Digest::of(read), edits, result } })
    }

    /// A file that was not there. Its mode is what the user's umask leaves, or 0600 beside secrets.
    pub fn create(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), change: Change::Create { bytes: bytes.into(), private: false } }
    }

    /// The same for bytes that nobody else is to read: mode 0600.
    pub fn create_private(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), change: Change::Create { bytes: bytes.into(), private: true } }
    }

    /// Lines at the end of a file, in the manner of its other lines; `read` is `None` where there was no file.
    pub fn append<'a>(
        path: impl Into<String>,
        read: Option<&[u8]>,
        lines: impl IntoIterator<Item = &'a [u8]>,
    ) -> Self {
        let path = path.into();
        let Some(read) = read else {
            return Self::create(path, edit::append_lines(b"", lines).new);
        };
        let edit = edit::append_lines(read, lines);
        let result = Some(Digest::of(&[read, edit.new.as_slice()].concat()));
        Self { path, change: Change::Edit { planned: Digest::of(read), edits: vec![edit], result } }
    }
}
