//! Edits of one assignment, in whichever file it stands.
//!
//! Where the line is more than plain commands, or the value is not what the line says, there is no edit: the user is
//! told what to do instead. Not here: whether an edit is right.

use crate::Look;
use model::{Applicability, FileEdit, Fix, Origin, Place};
use std::ops::Range;
use text::jsonc;
use text::shell::{self, Dialect};

/// Takes the assignment of a variable out of the line that it stands in; the line too, if nothing else is in it.
pub fn remove_assignment(look: &Look<'_>, origin: &Origin, name: &str) -> Option<FileEdit> {
    if let Origin::Setting { place, pointer } = origin {
        return in_settings(look, place, pointer, |bytes, path| jsonc::edit::remove(bytes, path).ok());
    }
    let at = Found::new(look, origin, name)?;
    Some(at.edit(at.alone.clone().unwrap_or_else(|| at.whole.clone()), Vec::new()))
}

/// Puts another value in the place of the one that is assigned there.
pub fn replace_value(look: &Look<'_>, origin: &Origin, name: &str, value: &[u8]) -> Option<FileEdit> {
    if let Origin::Setting { place, pointer } = origin {
        let new = jsonc::edit::New::Text(std::str::from_utf8(value).ok()?.to_owned());
        return in_settings(look, place, pointer, |bytes, path| jsonc::edit::set(bytes, path, &new).ok());
    }
    let at = Found::new(look, origin, name)?;
    let new = match at.dialect {
        Some(dialect) => shell::quote(value, dialect),
        None => value.to_vec(),
    };
    Some(at.edit(at.value.clone(), new))
}

/// An edit of what a JSON pointer leads to in a file of settings, as one range.
fn in_settings(
    look: &Look<'_>,
    place: &Place,
    pointer: &str,
    edit: impl Fn(&[u8], &[jsonc::edit::Step<'_>]) -> Option<Vec<text::edit::Edit>>,
) -> Option<FileEdit> {
    let bytes = look.text(&place.path)?;
    let keys: Vec<String> =
        pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let document = jsonc::read(&bytes);
    let mut node = document.root.as_ref();
    let mut path: Vec<jsonc::edit::Step<'_>> = Vec::new();
    for key in &keys {
        let list = node.and_then(jsonc::Node::as_array);
        let item = key.parse::<usize>().ok().filter(|_| list.is_some());
        node = match item {
            Some(n) => list.and_then(|list| list.get(n)),
            None => node.and_then(|node| node.get(key)),
        };
        path.push(item.map_or(jsonc::edit::Step::Key(key), jsonc::edit::Step::Item));
    }
    node?;
    let edits = edit(&bytes, &path)?;
    let start = edits.iter().map(|edit| edit.range.start).min()?;
    let end = edits.iter().map(|edit| edit.range.end).max()?;
    let moved = edits.into_iter().map(|edit| text::edit::Edit {
        range: edit.range.start - start..edit.range.end - start,
        new: edit.new,
    });
    let new = text::edit::apply(&bytes[start..end], &moved.collect::<Vec<_>>()).ok()?;
    Some(FileEdit { path: place.path.clone(), range: start..end, new })
}

/// A fix that takes one flag out of GOFLAGS where it is written as it is; the assignment too, if it is the only one.
pub(crate) fn without_flag(look: &Look<'_>, origin: &Origin, value: &str, flag: &str) -> Option<Fix> {
    let rest: Vec<&str> = value.split_whitespace().filter(|word| *word != flag).collect();
    let edit = if rest.is_empty() {
        remove_assignment(look, origin, "GOFLAGS")?
    } else {
        replace_value(look, origin, "GOFLAGS", rest.join(" ").as_bytes())
            .filter(|edit| stands_there(look, edit, value))?
    };
    let mut fix = look.fix(format!("take {flag} out of GOFLAGS"), Applicability::Unsafe, vec![edit]);
    fix.reason = Some("other projects may rely on it".to_owned());
    Some(fix)
}

/// Whether what an edit replaces is this value as it is, so that nothing that is computed there is lost.
pub(crate) fn stands_there(look: &Look<'_>, edit: &FileEdit, value: &str) -> bool {
    let Some(text) = look.text(&edit.path) else { return false };
    let word = &text[edit.range.clone()];
    let dialect = Dialect::of_file(&edit.path);
    word == value.as_bytes() || shell::literal(word, dialect).as_deref() == Some(value.as_bytes())
}

/// An assignment with its ranges in the file.
struct Found {
    path: String,
    /// None in go's env file.
    dialect: Option<Dialect>,
    value: Range<usize>,
    /// What must go for it to go.
    whole: Range<usize>,
    /// The line with its end, where nothing else is in it.
    alone: Option<Range<usize>>,
}

impl Found {
    fn new(look: &Look<'_>, origin: &Origin, name: &str) -> Option<Self> {
        let Origin::File(place) = origin else { return None };
        let (offset, line) = look.line(place)?;
        let all = look.text(&place.path)?;
        let end =
            (offset + line.len()..all.len()).find(|&at| all[at] == b'\n').map_or(all.len(), |at| at + 1);
        if is_go_env_file(look, place) {
            return Self::of_go_env(place, offset, &line, end, name);
        }
        let dialect = Dialect::of_file(&place.path);
        let read = shell::line(&line, dialect)?;
        let mut with = read.commands.iter().filter(|c| c.assignments.iter().any(|a| a.name == name));
        let (command, None) = (with.next()?, with.next()) else { return None };
        let mut same = command.assignments.iter().filter(|a| a.name == name);
        let (assignment, None) = (same.next()?, same.next()) else { return None };
        let only = command.assignments.len() == 1 && command.words.len() <= 3;
        let alone = (read.commands.len() == 1 && only).then_some(offset..end);
        // The command, or the word in it, with the blanks before.
        let range = if only { command.range.clone() } else { assignment.whole.clone() };
        let blanks = line[..range.start].iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let whole = offset + range.start - blanks..offset + range.end;
        // Between commands something would be left that is none.
        if alone.is_none() && only {
            return Self::between(place, offset, &line, command, assignment, dialect);
        }
        let value = offset + assignment.value.start..offset + assignment.value.end;
        Some(Self { path: place.path.clone(), dialect: Some(dialect), value, whole, alone })
    }

    /// One command of several: the `;` that follows goes with it, else the one before.
    fn between(
        place: &Place,
        offset: usize,
        line: &[u8],
        command: &shell::Command,
        assignment: &shell::Assignment,
        dialect: Dialect,
    ) -> Option<Self> {
        let after = &line[command.range.end..];
        let skip = after.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let whole = if after.get(skip) == Some(&b';') && after.get(skip + 1) != Some(&b';') {
            let rest = &after[skip + 1..];
            let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            command.range.start..command.range.end + skip + 1 + blanks
        } else {
            let before = line[..command.range.start].trim_ascii_end();
            let semicolon = before.strip_suffix(b";").filter(|b| !b.ends_with(b";"))?;
            semicolon.len()..command.range.end
        };
        Some(Self {
            path: place.path.clone(),
            dialect: Some(dialect),
            value: offset + assignment.value.start..offset + assignment.value.end,
            whole: offset + whole.start..offset + whole.end,
            alone: None,
        })
    }

    fn of_go_env(place: &Place, offset: usize, line: &[u8], end: usize, name: &str) -> Option<Self> {
        let equals = line.iter().position(|&b| b == b'=')?;
        let key = line[..equals].trim_ascii_start();
        let key = key.strip_prefix(text::edit::BOM).unwrap_or(key);
        (key == name.as_bytes()).then(|| Self {
            path: place.path.clone(),
            dialect: None,
            value: offset + equals + 1..offset + line.len(),
            whole: offset..end,
            alone: Some(offset..end),
        })
    }

    fn edit(&self, range: Range<usize>, new: Vec<u8>) -> FileEdit {
        FileEdit { path: self.path.clone(), range, new }
    }
}

/// Whether some place's go reads its settings from this file.
fn is_go_env_file(look: &Look<'_>, place: &Place) -> bool {
    look.places()
        .any(|seen| seen.space.go.as_ref().is_some_and(|go| go.env_file.as_deref() == Some(&place.path)))
}
