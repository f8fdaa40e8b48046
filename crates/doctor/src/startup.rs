//! What start-up files in the home say of PATH, read without running them: for lines that no shell comes to.
//!
//! Only plain assignments with folders written out, or below the home or a variable assigned before, are understood.
//! Not here: what a shell really did (`spaces`).

use crate::Look;
use model::{LayerStatus, Origin, Place};
use std::collections::BTreeMap;
use text::shell::{self, Dialect};

/// Files that some shell reads when it starts, below the home.
const FILES: &[&str] = &[
    ".profile",
    ".bash_profile",
    ".bash_login",
    ".bashrc",
    ".zshenv",
    ".zprofile",
    ".zshrc",
    ".zlogin",
    ".config/fish/config.fish",
    ".kshrc",
    ".mkshrc",
    ".tcshrc",
    ".cshrc",
    ".login",
];

/// A line that puts a folder with a go on PATH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoLine {
    pub(crate) place: Place,
    pub(crate) folder: String,
    /// As it is written, without blanks around.
    pub(crate) text: Vec<u8>,
}

/// Every such line of the start-up files in the home.
pub(crate) fn go_lines(look: &Look<'_>) -> Vec<GoLine> {
    let home = look.home();
    let home = home.trim_end_matches('/');
    FILES.iter().flat_map(|file| in_file(look, home, &format!("{home}/{file}"))).collect()
}

/// The last line of the start-up files in the home that gives a variable this value, read without running them: where a
/// value that was inherited may have been set when the user logged in.
pub(crate) fn assigned(look: &Look<'_>, name: &str, value: &str) -> Option<Place> {
    let home = look.home();
    let home = home.trim_end_matches('/');
    let mut found = None;
    for file in FILES {
        let path = format!("{home}/{file}");
        let Some(bytes) = look.text(&path) else { continue };
        let dialect = Dialect::of_file(&path);
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        known.insert("HOME".to_owned(), home.to_owned());
        for (n, line) in bytes.split(|&b| b == b'\n').enumerate() {
            let Some(read) = shell::line(line, dialect) else { continue };
            for assignment in read.commands.iter().flat_map(|command| &command.assignments) {
                let Some(given) = expanded(&line[assignment.value.clone()], dialect, &known) else {
                    continue;
                };
                if assignment.name == name && given == value {
                    found = Some(Place::line(&path, u32::try_from(n + 1).unwrap_or_default()));
                }
                known.insert(assignment.name.clone(), given);
            }
        }
    }
    found
}

fn in_file(look: &Look<'_>, home: &str, path: &str) -> Vec<GoLine> {
    let Some(bytes) = look.text(path) else { return Vec::new() };
    let dialect = Dialect::of_file(path);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    known.insert("HOME".to_owned(), home.to_owned());
    let mut found = Vec::new();
    for (n, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let Some(read) = shell::line(line, dialect) else { continue };
        for command in &read.commands {
            for folder in folders(line, command, dialect, &known) {
                let program = format!("{}/go", folder.trim_end_matches('/'));
                if !look.system().is_executable(&program) {
                    continue;
                }
                let column = u32::try_from(command.range.start + 1).unwrap_or_default();
                let end = u32::try_from(command.range.end + 1).unwrap_or_default();
                let number = u32::try_from(n + 1).unwrap_or_default();
                let place = Place { column, end_line: number, end_column: end, ..Place::line(path, number) };
                found.push(GoLine { place, folder, text: line[command.range.clone()].to_vec() });
            }
            for assignment in &command.assignments {
                if let Some(value) = expanded(&line[assignment.value.clone()], dialect, &known) {
                    known.insert(assignment.name.clone(), value);
                }
            }
        }
    }
    found
}

/// Folders that a command puts on PATH.
fn folders(
    line: &[u8],
    command: &shell::Command,
    dialect: Dialect,
    known: &BTreeMap<String, String>,
) -> Vec<String> {
    let words = |ranges: &[std::ops::Range<usize>]| -> Vec<Vec<u8>> {
        ranges.iter().map(|r| line[r.clone()].to_vec()).collect()
    };
    let mut entries: Vec<Vec<u8>> = Vec::new();
    for assignment in &command.assignments {
        let value = &line[assignment.value.clone()];
        match (assignment.name.as_str(), dialect) {
            ("PATH", Dialect::Fish) => {
                entries.extend(value.split(u8::is_ascii_whitespace).map(<[u8]>::to_vec));
            }
            ("PATH", _) => {
                let bare = value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\"")).unwrap_or(value);
                entries.extend(bare.split(|&b| b == b':').map(<[u8]>::to_vec));
            }
            // zsh ties `path` to PATH (zshparam(1)).
            ("path", Dialect::Posix) => {
                let inner = value.strip_prefix(b"(").and_then(|v| v.strip_suffix(b")")).unwrap_or(value);
                entries.extend(inner.split(u8::is_ascii_whitespace).map(<[u8]>::to_vec));
            }
            _ => {}
        }
    }
    let first = command.words.first().map(|w| &line[w.clone()]);
    if first == Some(b"fish_add_path") {
        entries.extend(words(&command.words[1..]).into_iter().filter(|w| !w.starts_with(b"-")));
    }
    let absolute = |entry: Vec<u8>| expanded(&entry, dialect, known).filter(|folder| folder.starts_with('/'));
    entries.into_iter().filter_map(absolute).collect()
}

/// A word with the variables that are known put in; `None` where anything else is in it.
fn expanded(word: &[u8], dialect: Dialect, known: &BTreeMap<String, String>) -> Option<String> {
    let text = std::str::from_utf8(word).ok()?;
    let text = match text.as_bytes() {
        [b'\'', .., b'\''] => return shell::literal(word, dialect).and_then(|v| String::from_utf8(v).ok()),
        [b'"', .., b'"'] if text.len() >= 2 => &text[1..text.len() - 1],
        _ => text,
    };
    let home = known.get("HOME")?;
    let mut rest = match text.strip_prefix('~') {
        Some(after) if after.is_empty() || after.starts_with('/') => format!("{home}{after}"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    let mut out = String::new();
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, skip) = match after.strip_prefix('{') {
            Some(inner) => {
                let end = inner.find('}')?;
                (&inner[..end], end + 2)
            }
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        out.push_str(known.get(name)?);
        rest = after[skip..].to_owned();
    }
    out.push_str(&rest);
    (!out.contains(['`', '(', '*', '"', '\''])).then_some(out)
}

/// Why one of the user's own shells does not read a file, as its layers say; `None` where none of them knows the file.
pub(crate) fn why_not_read(look: &Look<'_>, path: &str) -> Option<String> {
    let own: Vec<_> = look.places().filter(|seen| look.is_own(seen)).collect();
    let layers = own.iter().flat_map(|seen| &seen.space.layers);
    let of_file =
        layers.filter(|l| l.source.as_ref().and_then(Origin::place).is_some_and(|p| p.path == path));
    let reasons: Vec<&str> = of_file
        .filter_map(|layer| match &layer.status {
            LayerStatus::Skipped { reason } => Some(reason.as_str()),
            LayerStatus::Applied | LayerStatus::Unreadable { .. } => None,
        })
        .collect();
    // That a file hides it says more than that this start is none that reads it.
    reasons.iter().find(|r| r.starts_with("hidden")).or_else(|| reasons.first()).map(|r| (*r).to_owned())
}

/// Whether a shell of the user's own read the file in this place.
pub(crate) fn was_read(seen: &crate::Seen<'_>, path: &str) -> bool {
    let of_file =
        |layer: &&model::Layer| layer.source.as_ref().and_then(Origin::place).is_some_and(|p| p.path == path);
    let by_layer = seen.space.layers.iter().filter(of_file).any(|l| l.status == LayerStatus::Applied);
    let by_effect = seen
        .space
        .layers
        .iter()
        .flat_map(|layer| &layer.effects)
        .any(|effect| effect.origin.place().is_some_and(|place| place.path == path));
    by_layer || by_effect
}

#[cfg(test)]
mod tests {
    use super::expanded;
    use std::collections::BTreeMap;
    use text::shell::Dialect;

    #[test]
    fn folders_are_read_as_far_as_they_are_written_out() {
        let known: BTreeMap<String, String> =
            [("HOME", "/home/ann"), ("GOROOT", "/opt/go")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let read = |word: &str| expanded(word.as_bytes(), Dialect::Posix, &known);
        assert_eq!(read("$HOME/go/bin").as_deref(), Some("/home/ann/go/bin"));
        assert_eq!(read("\"${GOROOT}/bin\"").as_deref(), Some("/opt/go/bin"));
        assert_eq!(read("~/sdk").as_deref(), Some("/home/ann/sdk"));
        assert_eq!(read("$PATH"), None);
        assert_eq!(read("$(go env GOPATH)/bin"), None);
    }
}
