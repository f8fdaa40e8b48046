//! Files in which a project names the Go that other programs than go are to use: what they ask for, and where.
//!
//! Readers are tolerant: what they do not understand asks for nothing. Not here: go.mod and go.work, which program
//! reads which file, and what a value comes to.

pub mod devcontainer;
pub mod dockerfile;
pub mod toml_tools;
pub mod words;
pub mod workflow;

/// A version that is asked for, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Quotes removed: `1.22`, `golang:1.22-alpine`, `go.mod`.
    pub value: String,
    /// What it is the value of: `go`, `FROM`, `go-version-file`.
    pub key: String,
    /// From 1; columns in bytes, the end exclusive.
    pub line: u32,
    pub column: u32,
    pub end_column: u32,
    /// What a reader of the format makes of it, where that is something else.
    pub read_as: Option<String>,
}

impl Wanted {
    /// `start` and `end` are offsets in the line, from 0.
    fn new(key: &str, value: &str, line: usize, start: usize, end: usize) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            value: value.to_owned(),
            key: key.to_owned(),
            line: number(line + 1),
            column: number(start + 1),
            end_column: number(end + 1),
            read_as: None,
        }
    }

    /// At offsets in a whole text.
    fn at(key: &str, value: &str, text: &str, start: usize, end: usize) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count();
        let begin = before.rfind('\n').map_or(0, |n| n + 1);
        Self::new(key, value, line, start - begin, end.saturating_sub(begin))
    }
}

/// Where `part`, a piece of `line`, begins in it.
fn offset(line: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize)
}
