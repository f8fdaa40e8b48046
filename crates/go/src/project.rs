//! What a project asks of go: the `go` and `toolchain` lines of its go.mod or go.work.
//!
//! Found and read as the go command does before it chooses a toolchain (go: src/cmd/go/internal/gover/gomod.go
//! `GoModLookup`, cmd/go/internal/toolchain/select.go `Select`): a plain scan of lines, not a parser of go.mod.
//! Deliberately not here: the choice itself (`env`).

use crate::file_path;
use crate::version::Version;
use model::{Origin, Place};
use system::{FileKind, System};

/// What the nearest go.work or go.mod asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// The file that decides: a go.work takes the place of every go.mod.
    pub file: String,
    pub go: Option<Asked>,
    pub toolchain: Option<Asked>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// As written: `1.26.0`, `go1.26.3`, `default`. What is not UTF-8 in it is told by [`Asked::bytes`].
    pub value: String,
    /// The value's place in the file.
    pub place: Place,
}

impl Asked {
    pub fn origin(&self) -> Origin {
        Origin::File(self.place.clone())
    }

    /// The value's own bytes.
    pub fn bytes(&self) -> Vec<u8> {
        crate::text::encode(&self.value)
    }

    /// The version it names, if go understands it.
    pub fn version(&self) -> Option<Version> {
        Version::parse(&self.value).or_else(|| Version::from_toolchain(&self.value))
    }
}

impl Asks {
    /// `go.mod asks go 1.26.0, toolchain go1.26.3`.
    pub fn summary(&self) -> String {
        let file = self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file);
        let shown = |asked: &Asked| String::from_utf8_lossy(&asked.bytes()).into_owned();
        let go = self.go.as_ref().map(|asked| format!("go {}", shown(asked)));
        let toolchain = self.toolchain.as_ref().map(|asked| format!("toolchain {}", shown(asked)));
        let parts: Vec<String> = go.into_iter().chain(toolchain).collect();
        if parts.is_empty() {
            format!("{file} asks no version of go")
        } else {
            format!("{file} asks {}", parts.join(", "))
        }
    }
}

/// Which go.work is asked: GOWORK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// The nearest one upwards, as without GOWORK.
    Nearest,
    Off,
    /// This one, if it exists.
    File(&'a str),
}

/// Looks from `folder` (absolute) upwards: for the nearest go.work, and if there is none, for the nearest go.mod.
pub fn asks(system: &dyn System, folder: &str) -> Option<Asks> {
    asks_by(system, folder, Work::Nearest)
}

/// The same where GOWORK says which go.work it is.
pub fn asks_by(system: &dyn System, folder: &str, work: Work<'_>) -> Option<Asks> {
    let work = match work {
        Work::Nearest => nearest(system, folder, "go.work"),
        Work::Off => None,
        Work::File(path) => system.exists(path).then(|| path.to_owned()),
    };
    let file = work.or_else(|| nearest(system, folder, "go.mod"))?;
    let bytes = system.read(&file).unwrap_or_default();
    Some(lines(&file, &bytes))
}

/// What the lines of this file ask.
pub(crate) fn lines(file: &str, bytes: &[u8]) -> Asks {
    let (go, toolchain) = (line(file, bytes, "go"), line(file, bytes, "toolchain"));
    Asks { file: file.to_owned(), go, toolchain }
}

pub(crate) fn nearest(system: &dyn System, folder: &str, name: &str) -> Option<String> {
    let os = system.os();
    let mut folder = file_path::clean(os, folder);
    loop {
        let path = file_path::join(os, &folder, name);
        if system.metadata(&path).is_ok_and(|m| m.kind == FileKind::File) {
            return Some(path);
        }
        let above = file_path::parent(os, &folder);
        if above == folder {
            return None;
        }
        folder = above;
    }
}

/// The first line that begins with the key and a blank; a comment is cut off. As go, blanks around are trimmed, so
/// that CRLF does no harm, and a key inside of a block is not told from one outside.
fn line(path: &str, bytes: &[u8], key: &str) -> Option<Asked> {
    for (n, raw) in bytes.split(|&b| b == b'\n').enumerate() {
        let line = trim_space(raw);
        let Some(rest) = line.strip_prefix(key.as_bytes()) else { continue };
        if !rest.starts_with(b" ") && !rest.starts_with(b"\t") {
            continue;
        }
        let comment = memchr::memmem::find(rest, b"//").unwrap_or(rest.len());
        let value = trim_space(&rest[..comment]);
        // Both are pieces of the line, so their addresses tell where they begin in it.
        let column = value.as_ptr().addr() - raw.as_ptr().addr();
        let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        return Some(Asked {
            value: crate::text::decode(value),
            place: Place {
                path: path.to_owned(),
                line: number(n),
                column: number(column),
                end_line: number(n),
                end_column: number(column + value.len()),
            },
        });
    }
    None
}

/// go: src/bytes/bytes.go `TrimSpace`: blanks of any script, in what is UTF-8.
fn trim_space(bytes: &[u8]) -> &[u8] {
    let first = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let bytes = &bytes[first.len() - first.trim_start().len()..];
    let last = bytes.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty());
    let last = last.map_or("", |chunk| chunk.valid());
    &bytes[..bytes.len() - (last.len() - last.trim_end().len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    #[test]
    fn the_nearest_go_mod_upwards() {
        let machine = MemorySystem::linux()
            .file("/p/go.mod", "module m\n\n\tgo  1.26.0 // why\r\ntoolchain go1.26.3\r\n")
            .folder("/p/a/go.mod")
            .folder("/p/a/b");
        let asks = asks(&machine, "/p/a/b").expect("found");
        assert_eq!(asks.summary(), "go.mod asks go 1.26.0, toolchain go1.26.3");
        let place = &asks.go.as_ref().expect("asked").place;
        assert_eq!(
            (place.path.as_str(), place.line, place.column, place.end_column),
            ("/p/go.mod", 3, 6, 12)
        );
        assert_eq!(asks.toolchain.and_then(|t| t.version()), Version::parse("1.26.3"));
        assert_eq!(super::asks(&machine, "/home/ann"), None);
    }

    #[test]
    fn blanks_of_any_script_are_cut_off() {
        let machine =
            MemorySystem::linux().file("/p/go.mod", "\u{a0}go 1.26\u{85}\x0b\n toolchain x\u{3000}\n");
        let asks = asks(&machine, "/p").expect("found");
        assert_eq!(asks.go.map(|asked| (asked.value, asked.place.column)), Some(("1.26".to_owned(), 6)));
    }

    #[test]
    fn a_go_work_takes_the_place_of_a_nearer_go_mod() {
        let machine = MemorySystem::linux()
            .file("/w/go.work", "go 1.22\nuse ./m\n")
            .file("/w/m/go.mod", "module m\ngo 1.24.1\n")
            .file("/n/go.mod", "module n\ngolang 1\n");
        let summary = |folder: &str| asks(&machine, folder).map(|a| a.summary());
        assert_eq!(summary("/w/m").as_deref(), Some("go.work asks go 1.22"));
        assert_eq!(summary("/n").as_deref(), Some("go.mod asks no version of go"));
    }
}
