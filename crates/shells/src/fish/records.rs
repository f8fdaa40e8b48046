//! The stream that a traced start writes: records of ours, parted by NUL, between lines of `fish_trace`.
//!
//! Not here: what the records mean for a variable (`attribute`).

use super::probe::{SCRIPT_NAMES, STACK_LINE};
use std::borrow::Cow;

/// One thing that the stream tells, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A command is about to run: how many blocks it stands in, and its expanded words.
    Step { depth: usize, text: Cow<'a, str> },
    /// A folder of this fish, by the name of its variable.
    Folder { name: &'a [u8], value: &'a [u8] },
    /// The value of an exported variable when the script was read.
    First { name: &'a [u8], value: Option<&'a [u8]> },
    /// It changed, in the innermost call of these.
    Changed { name: &'a [u8], value: Option<&'a [u8]>, calls: Vec<Call> },
    /// A call of the wrapped `fish_add_path`, innermost first.
    AddPath { calls: Vec<Call> },
    /// A function named `go`: `functions --details --verbose`, and its text.
    Go { details: &'a [u8], text: &'a [u8] },
    /// `prompt`: the first prompt is about to be drawn; `end`: all is done.
    Phase(&'a [u8]),
}

/// A place that fish calls "line N of file F".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub line: u32,
    pub file: String,
}

/// Reads as far as the stream goes; a record that is cut off at its end is left out.
pub(super) fn parse(stream: &[u8]) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut rest = stream;
    loop {
        let Some(nul) = memchr::memchr(0, rest) else {
            steps(rest, &mut events);
            return events;
        };
        steps(&rest[..nul], &mut events);
        let mut fields = rest[nul + 1..].split(|&b| b == 0);
        let Some(kind) = fields.next() else { return events };
        let count = match kind {
            b"C" => 3,
            b"S" | b"D" | b"G" => 2,
            _ => 1,
        };
        let mut length = nul + 1 + kind.len() + 1;
        let mut values: [&[u8]; 3] = [b""; 3];
        for value in values.iter_mut().take(count) {
            let Some(field) = fields.next() else { return events };
            *value = field;
            length += field.len() + 1;
        }
        if length > rest.len() {
            return events;
        }
        events.extend(record(kind, values));
        rest = &rest[length..];
    }
}

fn record<'a>(kind: &[u8], [first, second, third]: [&'a [u8]; 3]) -> Option<Event<'a>> {
    let value = second.strip_prefix(b"=");
    Some(match kind {
        b"C" => Event::Changed { name: first, value, calls: calls(third) },
        b"S" => Event::First { name: first, value },
        b"D" => Event::Folder { name: first, value: second },
        b"G" => Event::Go { details: first, text: second },
        b"A" => Event::AddPath { calls: calls(first) },
        b"P" => Event::Phase(first),
        _ => return None,
    })
}

/// Lines of `fish_trace`: as many dashes as blocks, `>`, a space, the command (fish: src/trace.cpp `trace_argv`).
fn steps<'a>(bytes: &'a [u8], events: &mut Vec<Event<'a>>) {
    for line in bytes.split(|&b| b == b'\n') {
        let depth = line.iter().take_while(|&&b| b == b'-').count();
        if let Some(text) = line[depth..].strip_prefix(b"> ") {
            events.push(Event::Step { depth, text: String::from_utf8_lossy(text) });
        }
    }
}

/// The calls of a stack, innermost first, without our own.
///
/// The first is our script's, at a line that we know: it tells how this fish says "called on line N of file F".
fn calls(stack: &[u8]) -> Vec<Call> {
    let text = String::from_utf8_lossy(stack);
    let is_ours = |line: &str| SCRIPT_NAMES.iter().any(|name| line.contains(name));
    let Some((before, between, after)) =
        text.lines().find(|line| line.starts_with('\t') && is_ours(line)).and_then(split_own)
    else {
        return Vec::new();
    };
    text.lines()
        .filter(|line| !is_ours(line))
        .filter_map(|line| {
            let rest = line.strip_prefix(before)?.strip_suffix(after)?;
            let (number, file) = rest.split_once(between)?;
            Some(Call { line: number.parse().ok()?, file: file.to_owned() })
        })
        .collect()
}

/// What stands before the number, between number and file, and after the file.
fn split_own(line: &str) -> Option<(&str, &str, &str)> {
    // `called on line 5 of file /…/functions/__fish_set_locale.fish`; the lines are those of `probe::script`.
    let digits = line.find(|c: char| c.is_ascii_digit())?;
    let number: String = line[digits..].chars().take_while(char::is_ascii_digit).collect();
    let own_lines = STACK_LINE..STACK_LINE + 100;
    number.parse().ok().filter(|n| own_lines.contains(n))?;
    let path_end = SCRIPT_NAMES.iter().find_map(|name| line.find(name).map(|at| at + name.len()))?;
    let between_start = digits + number.len();
    let path_start = between_start + line[between_start..path_end].find(['/', '~'])?;
    Some((&line[..digits], &line[between_start..path_start], &line[path_end..]))
}

/// The words of a traced command, quoting undone (fish: src/common.cpp `escape_string_script`).
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut quoted = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' if !quoted => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
                continue;
            }
            '\'' => quoted = !quoted,
            '\\' => match chars.next() {
                Some('n') if !quoted => word.push('\n'),
                Some('t') if !quoted => word.push('\t'),
                Some('r') if !quoted => word.push('\r'),
                Some('e') if !quoted => word.push('\u{1b}'),
                Some(other) => word.push(other),
                None => {}
            },
            c => word.push(c),
        }
        open = true;
    }
    if open {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_teaches_its_own_words() {
        // fish 3.6.0; the second as a translation might put it.
        for (line, of) in [("called on line", "of file"), ("aufgerufen in Zeile", "der Datei")] {
            let stack = format!(
                "in function '__gowhence_stack'\n\t{line} 5 {of} /tmp/x/functions/__fish_set_locale.fish\nin function '__gowhence_changed' with arguments 'VARIABLE SET PATH'\n\t{line} 1 {of} ~/.config/fish/config.fish\nin event handler: handler for variable 'PATH'\n\t{line} 12 {of} ~/.config/fish/config.fish\n"
            );
            let found = calls(stack.as_bytes());
            assert_eq!(found.last(), Some(&Call { line: 12, file: "~/.config/fish/config.fish".to_owned() }));
        }
    }

    #[test]
    fn records_stand_between_the_lines_of_the_trace() {
        let stream = b"--> set -gx A 1\n\0C\0A\0=1\0\0---> source 'a b'\n\0P\0end\0\0C\0cut\0=";
        let events = parse(stream);
        assert_eq!(events.len(), 4);
        assert_eq!(events[1], Event::Changed { name: b"A", value: Some(b"1"), calls: Vec::new() });
        assert!(matches!(&events[2], Event::Step { depth: 3, .. }));
        assert_eq!(words("source 'a b' c\\ d\\n ''"), ["source", "a b", "c d\n", ""]);
    }
}
