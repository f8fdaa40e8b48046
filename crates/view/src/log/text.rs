//! Changes as a person reads them, latest first.

use super::data::{Change, ChangeKind, ChangeState, ChangedFile, Conflicting, Log, TakenBack};
use crate::paint::{Ink, paint};
use crate::{Options, spell};
use model::{Shown, Value};

/// The journal, latest change first.
pub fn log_text(log: &Log, options: &Options) -> String {
    if log.changes.is_empty() {
        return "no file was changed yet\n".to_owned();
    }
    let width = log.changes.iter().map(|c| c.id.to_string().len()).max().unwrap_or(1);
    let mut out = String::new();
    for change in log.changes.iter().rev() {
        out.push_str(&one(change, width, options));
    }
    if !log.damaged_lines.is_empty() {
        let lines: Vec<String> = log.damaged_lines.iter().map(ToString::to_string).collect();
        let text = format!(
            "\nlines of {}/journal that were cut off or damaged: {}\n",
            spell::path(&log.journal, options),
            lines.join(", ")
        );
        out.push_str(&paint(options.color, Ink::Faint, &text));
    }
    if !options.quiet {
        out.push_str(&next(log, options));
    }
    out
}

fn next(log: &Log, options: &Options) -> String {
    let holds = |c: &&Change| c.state == ChangeState::Made;
    let Some(last) = log.changes.iter().rev().find(holds) else { return String::new() };
    let word = if last.undoes.is_some() { "bring it back" } else { "take it back" };
    let command = format!("gowhence undo {}", last.id);
    format!("\n {word}  {}\n", paint(options.color, Ink::Command, &command))
}

fn one(change: &Change, width: usize, options: &Options) -> String {
    // `2026-03-01T09:12:00Z`: what matters is the minute.
    let at = change.at.get(..16).unwrap_or(&change.at).replace('T', " ");
    let state = match (change.state, change.undone_by) {
        (ChangeState::Undone, Some(by)) => format!("   undone by {by}"),
        (ChangeState::RolledBack, _) => "   taken back at once".to_owned(),
        (ChangeState::Unfinished, _) => "   being made, or interrupted".to_owned(),
        _ => String::new(),
    };
    let ink = if change.state == ChangeState::Made { Ink::Strong } else { Ink::Faint };
    let title = paint(options.color, ink, &spell::words(&change.title, options));
    let mut out = format!(
        " {:>width$}  {}  {title}{}\n",
        change.id,
        paint(options.color, Ink::Faint, &format!("{at}Z")),
        paint(options.color, Ink::Differs, &state)
    );
    let indent = " ".repeat(width + 3);
    if let Some(reason) = change.reason.as_ref().filter(|_| change.state == ChangeState::RolledBack) {
        out.push_str(&format!("{indent}{}\n", spell::words(reason, options)));
    }
    out.push_str(&files(&change.files, &indent, options));
    for path in &change.kept {
        out.push_str(&format!(
            "{indent}{}  left as someone else had changed it\n",
            spell::path(path, options)
        ));
    }
    out
}

fn files(files: &[ChangedFile], indent: &str, options: &Options) -> String {
    let mut out = String::new();
    for file in files {
        let kind = match file.change {
            ChangeKind::Edited => "edited",
            ChangeKind::Created => "new",
            ChangeKind::Removed => "removed",
        };
        let way = if file.path == file.file {
            String::new()
        } else {
            format!(" → {}", spell::path(&file.file, options))
        };
        let text = format!("{kind:<7}  {}{way}", spell::path(&file.path, options));
        out.push_str(&format!("{indent}{text}\n"));
        if let Some(why) = file.in_place.as_ref().filter(|_| options.verbose) {
            out.push_str(&format!("{indent}         written in place: {}\n", spell::words(why, options)));
        }
    }
    out
}

/// What an undo or a redo did, or would do (`id` is `None` then).
pub fn taken_back_text(done: &TakenBack, options: &Options) -> String {
    let number = done.id.map_or_else(String::new, |id| format!("{id}  "));
    let title = paint(options.color, Ink::Strong, &spell::words(&done.title, options));
    let mut out = format!("{number}{title}\n");
    if done.files.is_empty() {
        out.push_str("   all files were as before already\n");
    }
    out.push_str(&files(&done.files, "   ", options));
    if let (Some(id), false) = (done.id, options.quiet) {
        let command = paint(options.color, Ink::Command, &format!("gowhence undo {id}"));
        out.push_str(&format!("\n take this back  {command}\n"));
    }
    out
}

/// Files that were changed since: what the change made of each, and what it is now.
pub fn conflicts_text(conflicts: &[Conflicting], options: &Options) -> String {
    let mut out = String::new();
    for conflict in conflicts {
        let path = spell::path(&conflict.path, options);
        out.push_str(&paint(options.color, Ink::Strong, &format!("{path}: what the change made of it")));
        out.push('\n');
        out.push_str(&painted(&conflict.made, options));
        out.push_str(&paint(options.color, Ink::Strong, &format!("{path}: what it was changed to since")));
        out.push('\n');
        out.push_str(&painted(&conflict.since, options));
    }
    out
}

/// A unified diff as it may be shown: secrets hidden, nothing in it that a terminal acts on; no colours.
pub fn patch_text(diff: &[u8], options: &Options) -> String {
    let mut out = String::new();
    for line in diff.split_inclusive(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let (sign, text) = line.split_at(usize::from(!line.is_empty()));
        let value = Value::from(text);
        let shown = Shown::free_text(&value, options.reveal);
        out.push_str(&String::from_utf8_lossy(sign));
        match shown.bytes() {
            // A tab is what it looks like; at the end of a line `\r` says which kind of end it is.
            Some(bytes) => {
                let pieces: Vec<String> = bytes.split(|&b| b == b'\t').map(plain).collect();
                out.push_str(&pieces.join("\t"));
            }
            None => out.push_str(&shown.to_string()),
        }
        out.push('\n');
    }
    out
}

/// Without what a terminal acts on; a `~` at the beginning is not marked as none of the home's.
fn plain(bytes: &[u8]) -> String {
    let text = spell::printable(bytes, None, None);
    if bytes.first() == Some(&b'~') { text[1..].to_owned() } else { text }
}

/// The lines of a diff in colours.
pub(super) fn painted(diff: &str, options: &Options) -> String {
    let line = |line: &str| {
        let ink = match line.as_bytes().first() {
            Some(b'+') => Ink::Differs,
            Some(b'-') => Ink::Wrong,
            Some(b'@') => Ink::Faint,
            _ => Ink::Plain,
        };
        paint(options.color, ink, line) + "\n"
    };
    diff.lines().map(line).collect()
}
