//! Where the journal lies, and reading it. The files: `journal` (its lines are [`crate::record`]s, only ever added to),
//! `lock`, `content/SHA256` (what files held before and after).
//!
//! Not here: writing any of them (`steps`).

use crate::record::{Record, State};
use crate::{Digest, History, Refusal, resolve, steps};
use system::ReadError;
use system::write::{Disk, Held, WriteError};

/// The journal of one user on one machine.
pub struct Journal<'a> {
    pub disk: &'a dyn Disk,
    /// Absolute; made when it is first needed (`system::store::Store::state_folder`).
    pub folder: String,
    /// How long another instance is waited for, ms.
    pub patience_ms: u64,
    /// Called once when waiting begins.
    pub waiting: &'a dyn Fn(),
}

impl std::fmt::Debug for Journal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({})", self.folder)
    }
}

/// What is told of the changes so far, without waiting for anyone. A change that is being made right now is unfinished.
pub fn log(journal: &Journal<'_>) -> Result<History, Refusal> {
    journal.history()
}

impl Journal<'_> {
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{}{name}", self.folder, resolve::separator(self.disk.os()))
    }

    pub(crate) fn content_folder(&self) -> String {
        self.path("content")
    }

    pub(crate) fn blob(&self, digest: &Digest) -> String {
        format!("{}{}{digest}", self.content_folder(), resolve::separator(self.disk.os()))
    }

    pub(crate) fn refusal(&self, error: WriteError) -> Refusal {
        Refusal::Journal { folder: self.folder.clone(), error }
    }

    pub(crate) fn history(&self) -> Result<History, Refusal> {
        match self.disk.read(&self.path("journal")) {
            Ok(bytes) => Ok(History::read(&bytes)),
            Err(ReadError::NotFound) => Ok(History::default()),
            Err(ReadError::Denied) => Err(self.refusal(WriteError::Denied)),
            Err(ReadError::Other(text)) => Err(self.refusal(WriteError::Other(text))),
        }
    }

    /// Shuts other instances out. The lock is the system's and ends with the process: none is ever stale.
    pub(crate) fn lock(&self) -> Result<Held, Refusal> {
        steps::make_folders(self.disk, &self.folder).map_err(|e| self.refusal(e))?;
        let mut told = false;
        let held = steps::lock(self.disk, &self.path("lock"), &mut |waited| {
            if !told && self.patience_ms > 0 {
                (self.waiting)();
                told = true;
            }
            waited < self.patience_ms
        });
        held.map_err(|error| match error {
            WriteError::Busy => Refusal::Locked { waited_ms: self.patience_ms },
            other => self.refusal(other),
        })
    }

    pub(crate) fn append(&self, record: &Record) -> Result<(), Refusal> {
        steps::append(self.disk, &self.path("journal"), &self.folder, &record.to_line())
            .map_err(|e| self.refusal(e))
    }

    /// The bytes of a state, as they were kept.
    pub(crate) fn content(&self, path: &str, state: &State) -> Result<Vec<u8>, Refusal> {
        let blob = self.blob(&state.sha256);
        let bytes = self.disk.read(&blob).ok().filter(|bytes| Digest::of(bytes) == state.sha256);
        bytes.ok_or_else(|| Refusal::Lost { path: path.to_owned(), blob })
    }
}
