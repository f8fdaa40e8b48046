//! The machine behind one trait: files, environment, processes, commands, registry, clock.
//!
//! [`System`] is all that the analysing crates know of the outside world. `os` is the real machine, `memory` a
//! whole fake machine of any OS on any OS, `record` a wrapper that notes what was read so that it can be
//! replayed from a folder. `store` is the program's own private files, `write` the steps by which files of others are changed.
//!
//! Deliberately not here: what any file or process means.
#![expect(clippy::disallowed_methods, reason = "this crate is the one that touches the machine")]

pub mod first_start;
pub mod machine_dir;
pub mod memory;
pub mod os;
pub mod record;
mod run;
mod still;
pub mod store;
pub mod trial;
pub mod write;

pub use still::{Memory, Still, read_as};

pub use run::{Limits, RunEnd, RunOutcome, RunSpec, Scratch, Size, Typed};

use model::{Name, Value};
use serde::{Deserialize, Serialize};

/// Operating systems whose rules are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    Linux,
    #[serde(alias = "darwin")]
    Macos,
    Windows,
}

impl Os {
    /// Go's name of it.
    pub fn goos(self) -> &'static str {
        match self {
            Os::Linux => "linux",
            Os::Macos => "darwin",
            Os::Windows => "windows",
        }
    }
}

/// Why something could not be read. "Is not there" and "may not be read" are different answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("does not exist")]
    NotFound,
    #[error("may not be read (permission denied)")]
    Denied,
    /// A path component is a file, a file is a folder and so on.
    #[error("{0}")]
    Other(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Folder,
    Symlink,
    Other,
}

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub kind: FileKind,
    /// Bytes.
    pub len: u64,
    /// Unix mode bits, type bits left out; 0o644 and 0o755 where the OS has none.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    /// Milliseconds since 1970.
    pub modified_ms: i64,
}

/// A user of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    pub home: String,
    /// Login shell, absolute.
    pub shell: String,
}

/// One running process, as far as it may be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    pub pid: u32,
    pub parent: u32,
    pub uid: u32,
    /// Short name (Linux: `comm`).
    pub name: String,
    /// The program's file, if it may be read.
    pub exe: Option<String>,
    pub args: Vec<Value>,
    /// Milliseconds since 1970.
    pub started_ms: i64,
    /// In this machine's own process namespace and mount namespace; others (containers) are looked at from outside.
    pub same_namespace: bool,
    pub cwd: Option<String>,
}

/// What a process is told by among many, at a small part of the cost of all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    pub pid: u32,
    pub parent: u32,
    /// As in [`Process::name`].
    pub name: String,
    /// As in [`Process::exe`].
    pub exe: Option<String>,
}

impl From<Process> for Glimpse {
    fn from(process: Process) -> Self {
        let Process { pid, parent, name, exe, .. } = process;
        Self { pid, parent, name, exe }
    }
}

/// A registry value, type and bytes as stored (`REG_SZ` text is given as UTF-8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryValue {
    pub name: String,
    #[serde(rename = "type")]
    pub value_type: String,
    pub data: Value,
}

/// The machine. Paths are text in the machine's own spelling; a path that is not UTF-8 cannot be asked for.
pub trait System: Send + Sync {
    fn os(&self) -> Os;
    /// Go's name of the processor (`amd64`, `arm64`).
    fn arch(&self) -> String;

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
    /// At most `len` bytes from `offset` on: of a program of many megabytes only the headers are wanted. Fewer
    /// bytes (or none) past the end.
    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = self.read(path)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        bytes.drain(..start);
        bytes.truncate(len);
        Ok(bytes)
    }
    /// Follows symlinks.
    fn metadata(&self, path: &str) -> Result<Metadata, ReadError>;
    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError>;
    fn read_link(&self, path: &str) -> Result<String, ReadError>;
    /// Every symlink resolved.
    fn canonicalize(&self, path: &str) -> Result<String, ReadError>;
    /// Names in a folder, sorted by bytes.
    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError>;
    /// Whether this user may run the file (Unix: `access(2)` with `X_OK`; not a folder).
    fn is_executable(&self, path: &str) -> bool;

    /// The environment of this very process: never silently a baseline.
    fn environment(&self) -> Vec<(Name, Value)>;
    fn current_dir(&self) -> Result<String, ReadError>;
    /// The user whose machine this is.
    fn user(&self) -> User;
    /// His number alone: who he is otherwise is a question to the system's user databases.
    fn user_id(&self) -> u32 {
        self.user().uid
    }
    fn pid(&self) -> u32;
    fn host_name(&self) -> String;

    fn processes(&self) -> Vec<Process>;
    /// All of them at a glance, by which those are found that [`System::process`] is then asked for. One that is
    /// seen here may have ended by then.
    fn glimpses(&self) -> Vec<Glimpse> {
        self.processes().into_iter().map(Glimpse::from).collect()
    }
    /// One of them; cheaper than all where only a few are wanted.
    fn process(&self, pid: u32) -> Option<Process> {
        self.processes().into_iter().find(|p| p.pid == pid)
    }
    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError>;

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError>;
    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError>;

    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;

    /// Whether programs can be run at all (a recorded machine: never; `--no-run`: no).
    fn can_run(&self) -> bool;
    /// Runs a program and waits for its end, within the limits of `spec`.
    fn run(&self, spec: &RunSpec) -> RunOutcome;
    /// A stored result of a run under this key (`bash:login`): of a recorded machine, or none.
    fn recorded_run(&self, key: &str) -> Option<Vec<u8>>;
    /// Notes a result so that a recorder can keep it.
    fn note_run(&self, _key: &str, _bytes: &[u8]) {}
    /// Whether [`System::note_run`] does anything, so that nobody writes bytes for nothing.
    fn keeps_runs(&self) -> bool {
        false
    }

    /// What was made of files before, where the machine stands still ([`read_as`]).
    fn memory(&self) -> Option<&Memory> {
        None
    }

    /// Whether the path exists (follows symlinks).
    fn exists(&self, path: &str) -> bool {
        self.metadata(path).is_ok()
    }

    fn is_folder(&self, path: &str) -> bool {
        self.metadata(path).is_ok_and(|m| m.kind == FileKind::Folder)
    }
}
