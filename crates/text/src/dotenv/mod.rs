//! An env file as golang.go reads it for `envFile` and `go.testEnvFile` (vscode-go:
//! extension/src/utils/envUtils.ts `parseEnvFile`), to the byte: its two regular expressions are followed by hand.
//!
//! Deliberately not here: the dialects of docker, direnv and shells, which differ in quotes, comments and `$NAME`; and
//! what golang.go does with the variables.

mod substitute;
#[cfg(test)]
mod tests;

pub use substitute::{Found, Use};

use std::collections::HashMap;
use std::ops::Range;

/// A line that sets a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: String,
    pub value: String,
    /// What `${NAME}`s in it were replaced by; empty where none was, or one of them is malformed, which leaves all.
    pub uses: Vec<Use>,
    /// From the name to the end of the value, without `export` and the blanks of the line's end.
    pub range: Range<usize>,
    /// From 1; columns are bytes, the end is one past the last.
    pub line: u32,
    pub column: u32,
    pub end_column: u32,
}

/// All assignments in the order of the file; of a name that is set twice the last counts. `globals` is what the file is
/// read with: the tools' environment.
pub fn read(bytes: &[u8], globals: &dyn Fn(&str) -> Option<String>) -> Vec<Assignment> {
    let mut found = Vec::new();
    let mut locals = HashMap::new();
    let mut start = if bytes.starts_with(crate::edit::BOM) { crate::edit::BOM.len() } else { 0 };
    for (line, text) in (1..).zip(bytes[start..].split(|&b| b == b'\n')) {
        if let Some(assignment) = assignment(text, start, line, &mut locals, globals)
            // A string is no prototype: JavaScript drops it.
            && assignment.name != "__proto__"
        {
            found.push(assignment);
        }
        start += text.len() + 1;
    }
    found
}

/// What counts of each name, in the order in which the names first came.
pub fn effective(assignments: &[Assignment]) -> Vec<&Assignment> {
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<&Assignment> = Vec::new();
    for assignment in assignments {
        let place = *at.entry(&assignment.name).or_insert(found.len());
        match found.get_mut(place) {
            Some(earlier) => *earlier = assignment,
            None => found.push(assignment),
        }
    }
    found
}

fn assignment(
    bytes: &[u8],
    start: usize,
    line: u32,
    locals: &mut HashMap<String, String>,
    globals: &dyn Fn(&str) -> Option<String>,
) -> Option<Assignment> {
    let text = String::from_utf8_lossy(bytes);
    let (name, value) = parts(&text)?;
    // What stands before the value, and after it, is valid: only the value itself may have got longer.
    let end = bytes.len() - (text.len() - value.end);
    let (raw, name_at) = (unquoted(&text[value]), name.start);
    let (value, uses) = substitute::substitute(&raw, locals, globals);
    let name = text[name].to_owned();
    locals.insert(name.clone(), value.clone());
    let column = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let (column, end_column) = (column(name_at), column(end));
    Some(Assignment { name, value, uses, range: start + name_at..start + end, line, column, end_column })
}

/// `/^\s*(export\s+)?([\w\.\-]+)\s*=\s*(.*)?\s*$/`: where name and value stand in a line.
fn parts(line: &str) -> Option<(Range<usize>, Range<usize>)> {
    let begin = skip_blanks(line, 0);
    let behind_export = line[begin..].strip_prefix("export").map(|_| begin + "export".len()).and_then(|at| {
        let name = skip_blanks(line, at);
        (name > at).then_some(name)
    });
    let from = |start: usize| {
        let len = line[start..].bytes().take_while(|b| is_word(*b) || matches!(b, b'.' | b'-')).count();
        let equals = skip_blanks(line, start + len);
        (len > 0 && line[equals..].starts_with('=')).then_some((start..start + len, equals + 1))
    };
    let (name, behind) = behind_export.and_then(from).or_else(|| from(begin))?;
    let start = skip_blanks(line, behind);
    // `.` ends at a line's end of JavaScript; only blanks may follow.
    let end = line[start..].find(is_line_end).map_or(line.len(), |at| start + at);
    (skip_blanks(line, end) == line.len()).then_some((name, start..end))
}

/// A value in double quotes has `\n` for a new line; then one quote goes at each end, of whatever kind.
fn unquoted(value: &str) -> String {
    let mut value = if value.starts_with('"') && value.ends_with('"') {
        value.replace("\\n", "\n")
    } else {
        value.to_owned()
    };
    if value.starts_with(['\'', '"']) {
        value.remove(0);
    }
    if value.ends_with(['\'', '"']) {
        value.pop();
    }
    value
}

fn skip_blanks(text: &str, from: usize) -> usize {
    text[from..].find(|c| !is_blank(c)).map_or(text.len(), |at| from + at)
}

/// `\s` of JavaScript.
fn is_blank(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{FEFF}'
}

/// What `.` of JavaScript does not match.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// `\w`.
fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}
