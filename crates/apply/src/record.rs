//! Lines of the journal: a checksum, a blank, JSON.
//!
//! A line that was cut off, or whose checksum does not fit, is no record and takes no other with it. Not here: what the
//! records together mean ([`crate::History`]).

use crate::Digest;
use serde::{Deserialize, Serialize};

/// Digits of the checksum: the first of the line's SHA-256.
const CHECKSUM: usize = 16;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub(crate) enum Record {
    /// What is going to be done; written before the first file is touched.
    Intent(Intent),
    /// All of it was done. `folders` are those that were made for it.
    Commit { id: u64, at_ms: i64, folders: Vec<String> },
    /// All of it was taken back. `kept` are files that someone else had changed by then, and which were left alone.
    RolledBack { id: u64, at_ms: i64, reason: String, kept: Vec<String> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: u64,
    /// Milliseconds since 1970.
    pub(crate) at_ms: i64,
    pub(crate) title: String,
    /// The change that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undoes: Option<u64>,
    pub(crate) files: Vec<FileRecord>,
    /// Folders to be made, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) makes: Vec<String>,
    /// Folders to be taken away at the end if nothing is in them, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) removes: Vec<String>,
}

/// What becomes of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// As it was named.
    pub path: String,
    /// Where it lies.
    pub file: String,
    /// The file beside it in which the new bytes are made ready, and in which the old ones wait until all is done.
    pub(crate) fresh: String,
    /// Why the file is written into, and not replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place: Option<String>,
    /// Null where there is no file.
    pub before: Option<State>,
    pub after: Option<State>,
}

/// A file's content, kept under its digest, and its mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub sha256: Digest,
    /// Bytes.
    pub len: u64,
    /// Unix mode bits; null for a new file that got what the umask left.
    pub mode: Option<u32>,
}

impl Record {
    pub(crate) fn id(&self) -> u64 {
        match self {
            Record::Intent(intent) => intent.id,
            Record::Commit { id, .. } | Record::RolledBack { id, .. } => *id,
        }
    }

    /// The line, its end included.
    pub(crate) fn to_line(&self) -> Vec<u8> {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{} {json}\n", checksum(json.as_bytes())).into_bytes()
    }

    /// Reads a line without its end.
    pub(crate) fn from_line(line: &[u8]) -> Option<Self> {
        let (sum, json) = (line.get(..CHECKSUM)?, line.get(CHECKSUM + 1..)?);
        if line[CHECKSUM] != b' ' || sum != checksum(json).as_bytes() {
            return None;
        }
        let record: Record = serde_json::from_slice(json).ok()?;
        record.is_well_formed().then_some(record)
    }

    fn is_well_formed(&self) -> bool {
        let Record::Intent(intent) = self else { return true };
        let mut states = intent.files.iter().flat_map(|f| [&f.before, &f.after]).flatten();
        states.all(|s| s.sha256.is_well_formed())
    }
}

fn checksum(json: &[u8]) -> String {
    Digest::of(json).as_str()[..CHECKSUM].to_owned()
}
