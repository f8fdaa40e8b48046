//! The place of a write in its file, held against the file's text.

use super::words::{is_name_byte, source_word_len, source_words};
use model::Place;
use std::cell::RefCell;
use std::collections::BTreeMap;
use system::System;

/// How far above its last line a word is looked for.
const LINES_OF_A_WORD: usize = 200;

/// Texts of start-up files, each read once.
pub(crate) struct Texts<'a> {
    system: &'a dyn System,
    read: RefCell<BTreeMap<String, Option<std::rc::Rc<Text>>>>,
}

struct Text {
    bytes: Vec<u8>,
    /// Offsets of line starts.
    lines: Vec<usize>,
}

/// What the text says to a line and a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The variable is named there.
    Named(Place),
    /// The command is there, its variable's name is made by expansion.
    Command(Place),
    /// The text there is another.
    Other,
    Unreadable,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(system: &'a dyn System) -> Self {
        Self { system, read: RefCell::default() }
    }

    fn text(&self, path: &str) -> Option<std::rc::Rc<Text>> {
        self.read
            .borrow_mut()
            .entry(path.to_owned())
            .or_insert_with(|| {
                let bytes = self.system.read(path).ok()?;
                let starts = bytes.iter().enumerate().filter(|&(_, &b)| b == b'\n').map(|(i, _)| i + 1);
                let lines = std::iter::once(0).chain(starts).collect();
                Some(std::rc::Rc::new(Text { bytes, lines }))
            })
            .clone()
    }

    /// Lines where a function of this name is defined.
    pub(crate) fn function_lines(&self, path: &str, name: &str) -> Vec<u32> {
        let Some(text) = self.text(path) else { return Vec::new() };
        super::frames::function_lines(&text.bytes, name).map(|(line, _)| line).collect()
    }

    /// Every line that assigns to the variable, comments left out.
    pub(crate) fn assignments(&self, path: &str, name: &[u8]) -> Vec<Place> {
        let Some(text) = self.text(path) else { return Vec::new() };
        (1..=text.lines.len())
            .filter(|&number| !text.line(number).trim_ascii_start().starts_with(b"#"))
            .filter_map(|number| {
                let (column, end) = text.assignment(number, name)?;
                Some(text.place(path, number, column, end))
            })
            .collect()
    }

    /// Looks for the write of `name` at `line`, and on the other lines of a command that stands on several: bash
    /// gives such a command one line, not always its first (seen with 5.2: the last of a quotation, the first of
    /// words joined by a backslash).
    pub(crate) fn fit(&self, path: &str, line: u32, name: &[u8], command: &[u8]) -> Fit {
        let Some(text) = self.text(path) else { return Fit::Unreadable };
        let candidates = text.lines_of_command(line as usize, command);
        let named = if name.is_empty() { &[][..] } else { &candidates };
        // On the lines around a command without an assignment (`read X <<END`) others may assign.
        let assigns = command.is_empty() || assignment_in(command, name).is_some();
        let assignment = named.iter().filter(|_| assigns).find_map(|&c| Some((c, text.assignment(c, name)?)));
        let assignment = assignment.or_else(|| {
            let reaches = |above: usize| {
                let (column, end) = text.assignment(above, name)?;
                (text.lines[above - 1] + end > text.start(line as usize)?).then_some((above, (column, end)))
            };
            // bash writes the newlines of a command substitution as it likes; its line is the last.
            let above = (line as usize).saturating_sub(LINES_OF_A_WORD).max(1)..line as usize;
            above.rev().filter(|_| assigns && !name.is_empty()).find_map(reaches)
        });
        let mention = || named.iter().find_map(|&c| Some((c, text.mention(c, name)?)));
        if let Some((line, (column, end))) = assignment.or_else(mention) {
            let place = text.place(path, line, column, end);
            return Fit::Named(text.one_of_several(place, name, command));
        }
        let words = source_words(command);
        let first = words.first().copied().unwrap_or_default();
        let first_line = first.split(|&b| b == b'\n').next().unwrap_or_default();
        match candidates.iter().find(|&&c| contains(text.line(c), first_line)) {
            Some(&candidate) if !first_line.is_empty() => Fit::Command(Place::line(path, candidate as u32)),
            _ => Fit::Other,
        }
    }

    /// The line at or above `line` where `word` stands, for a call that bash gives the line of its end.
    pub(crate) fn line_with(&self, path: &str, line: u32, word: &[u8], command: &[u8]) -> u32 {
        let Some(text) = self.text(path) else { return line };
        let candidates = text.lines_of_command(line as usize, command);
        candidates.into_iter().find(|&c| contains(text.line(c), word)).map_or(line, |c| c as u32)
    }
}

impl Text {
    fn start(&self, number: usize) -> Option<usize> {
        self.lines.get(number.checked_sub(1)?).copied()
    }

    fn line(&self, number: usize) -> &[u8] {
        let Some(&start) = number.checked_sub(1).and_then(|i| self.lines.get(i)) else { return b"" };
        let end = self.lines.get(number).map_or(self.bytes.len(), |&next| next - 1);
        &self.bytes[start..end.max(start)]
    }

    /// The line first, then the lines above and below that a command with so many newlines may stand on.
    fn lines_of_command(&self, line: usize, command: &[u8]) -> Vec<usize> {
        let newlines = command.iter().filter(|&&b| b == b'\n').count();
        let continues = |number: usize| self.line(number).ends_with(b"\\");
        let mut lines = vec![line];
        let mut above = line;
        while above > 1 && (line - above < newlines || continues(above - 1)) {
            above -= 1;
            lines.push(above);
        }
        let mut below = line;
        while below < self.lines.len() && (below - line < newlines || continues(below)) {
            below += 1;
            lines.push(below);
        }
        lines
    }

    /// Columns (from 0) of `NAME=…` in a line, and the end of that word, which may be lines below.
    fn assignment(&self, number: usize, name: &[u8]) -> Option<(usize, usize)> {
        let line = self.line(number);
        let column = assignment_in(line, name)?;
        let start = self.lines[number - 1] + column;
        Some((column, column + source_word_len(&self.bytes[start..])))
    }

    /// A line may assign to the name more than once (`if …; then X=a; else X=b; fi`): the place of the assignment
    /// that the command is, and the line alone where the command does not tell.
    fn one_of_several(&self, place: Place, name: &[u8], command: &[u8]) -> Place {
        let line = self.line(place.line as usize);
        let places: Vec<usize> = assignments_in(line, name).collect();
        if places.len() < 2 {
            return place;
        }
        let start = self.lines[place.line as usize - 1];
        let is_the_command = |&at: &usize| {
            let word = &self.bytes[start + at..start + at + source_word_len(&self.bytes[start + at..])];
            source_words(command).contains(&word)
        };
        let mut told = places.into_iter().filter(is_the_command);
        match (told.next(), told.next()) {
            (Some(at), None) => {
                let end = at + source_word_len(&self.bytes[start + at..]);
                self.place(&place.path, place.line as usize, at, end)
            }
            _ => Place::line(place.path, place.line),
        }
    }

    /// The name where it is not expanded, or is given a default.
    fn mention(&self, number: usize, name: &[u8]) -> Option<(usize, usize)> {
        let line = self.line(number);
        let column = positions(line, name).find(|&at| {
            let before = at.checked_sub(1).map(|i| line[i]);
            let after = &line[at + name.len()..];
            let whole = !before.is_some_and(is_name_byte) && !after.first().is_some_and(|&b| is_name_byte(b));
            let default = after.starts_with(b":=") || after.starts_with(b"=");
            whole && (default || !matches!(before, Some(b'$' | b'{')))
        })?;
        Some((column, column + name.len()))
    }

    fn place(&self, path: &str, number: usize, column: usize, end: usize) -> Place {
        let start = self.lines[number - 1];
        let end_at = (start + end).min(self.bytes.len());
        let end_line = self.lines.partition_point(|&l| l <= end_at.saturating_sub(1));
        let end_column = end_at - self.lines[end_line - 1];
        Place {
            path: path.to_owned(),
            line: number as u32,
            column: column as u32 + 1,
            end_line: end_line as u32,
            end_column: end_column as u32 + 1,
        }
    }
}

/// Where `NAME=` or `NAME+=` stands first.
fn assignment_in(text: &[u8], name: &[u8]) -> Option<usize> {
    assignments_in(text, name).next()
}

fn assignments_in<'t>(text: &'t [u8], name: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    positions(text, name).filter(move |&at| {
        let before = at.checked_sub(1).map(|i| text[i]);
        let after = &text[at + name.len()..];
        (after.starts_with(b"=") || after.starts_with(b"+="))
            && !before.is_some_and(|b| is_name_byte(b) || b == b'$' || b == b'{')
    })
}

fn positions<'t>(line: &'t [u8], name: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    line.windows(name.len().max(1)).enumerate().filter(move |(_, w)| *w == name).map(|(i, _)| i)
}

fn contains(line: &[u8], word: &[u8]) -> bool {
    !word.is_empty() && line.windows(word.len()).any(|w| w == word)
}
