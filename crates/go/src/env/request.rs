//! The words of `go env …`, read by the flag rules of one version.
//!
//! Deliberately not here: what the flags do.

use super::flags;
use crate::rules::Rules;
use system::Os;

/// What is asked of `go env`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Request {
    /// Variables by name; none: the full list.
    pub names: Vec<String>,
    pub json: bool,
    pub changed: bool,
    pub write: bool,
    pub unset: bool,
    /// `-n` (1.20 and later): compilers are only named, no work folder is made.
    pub dry_run: bool,
    /// `-x` (1.20 and later): what is run is told on stderr.
    pub trace: bool,
    /// `-C DIR`, as it stands, where the flag is obeyed while flags are read: in 1.20 only
    /// ([`flags::take_folder`] for later versions).
    pub folder: Option<String>,
}

/// The words are refused before anything is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub status: i32,
    /// The whole of stderr.
    pub stderr: String,
}

impl Request {
    /// `words` as in [`super::Query::words`]; `version` as in `go1.26.3`. Nothing is taken from GOFLAGS.
    pub fn parse(words: &[String], version: &str) -> Result<Self, Usage> {
        Self::parse_with(words, b"", version, Os::Linux)
    }

    /// The same with the flags of GOFLAGS, which come first, so that the words can take them back.
    pub fn parse_with(words: &[String], goflags: &[u8], version: &str, os: Os) -> Result<Self, Usage> {
        let rules = Rules::of(Some(version));
        let mut request = Self::default();
        flags::from_goflags(&rules, os, &mut request, goflags)?;
        let at = words.iter().position(|word| word == "env").map_or(words.len(), |at| at + 1);
        flags::parse(&rules, &mut request, &words[at..])?;
        Ok(request)
    }
}
