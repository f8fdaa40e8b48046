//! JSON with comments, as VS Code reads it: a tree with the bytes of every key and value, read as far as VS Code's own
//! parser reads a broken file (vscode: base/common/json.ts `visit`), and the problems met on the way.
//!
//! Comments, commas too many, a byte order mark and Unicode blanks are no problem there. All properties of a name that
//! is written twice are kept; the last one that has a value counts. Bytes that are not UTF-8, and halves of surrogate
//! pairs, become U+FFFD, as when Node decodes the file and hands the string on. Deliberately not here: what a
//! key means.

pub mod edit;
mod read;
mod scan;
#[cfg(test)]
mod tests;

pub use read::{MAX_DEPTH, read};

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// None where there is no value at all.
    pub root: Option<Node>,
    /// In the order of the file; not more than [`read::MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
}

/// A value and its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Of an object or array from its bracket to behind the closing one (or the end of the file, if there is none).
    pub range: Range<usize>,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    Array(Vec<Node>),
    Object(Object),
}

/// All properties in the order of the file, duplicates too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    pub key: String,
    /// With its quotes.
    pub key_range: Range<usize>,
    /// None where none could be read: the property then does not count.
    pub value: Option<Node>,
}

impl Property {
    /// From the key to the end of the value; without commas.
    pub fn range(&self) -> Range<usize> {
        self.key_range.start..self.value.as_ref().map_or(self.key_range.end, |node| node.range.end)
    }
}

/// Something that VS Code's parser complains about too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub range: Range<usize>,
    /// Of the beginning of `range`, from 1; columns in bytes.
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    InvalidSymbol,
    InvalidNumber,
    NameExpected,
    ValueExpected,
    ColonExpected,
    CommaExpected,
    CloseBraceExpected,
    CloseBracketExpected,
    EndOfFileExpected,
    UnexpectedEndOfComment,
    UnexpectedEndOfString,
    UnexpectedEndOfNumber,
    InvalidUnicode,
    InvalidEscape,
    InvalidCharacter,
    /// Ours: what lies deeper than [`MAX_DEPTH`] is read over.
    TooDeep,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            ProblemKind::InvalidSymbol => "no such word in JSON",
            ProblemKind::InvalidNumber => "not a number of JSON: read as 0",
            ProblemKind::NameExpected => "expected a name in double quotes",
            ProblemKind::ValueExpected => "expected a value",
            ProblemKind::ColonExpected => "expected `:`",
            ProblemKind::CommaExpected => "expected `,`",
            ProblemKind::CloseBraceExpected => "expected `}`",
            ProblemKind::CloseBracketExpected => "expected `]`",
            ProblemKind::EndOfFileExpected => "expected the end of the file: what follows is not read",
            ProblemKind::UnexpectedEndOfComment => "the comment has no end",
            ProblemKind::UnexpectedEndOfString => "the string does not end on its line",
            ProblemKind::UnexpectedEndOfNumber => "the number has no end",
            ProblemKind::InvalidUnicode => "`\\u` without four hexadecimal digits",
            ProblemKind::InvalidEscape => "no such escape in JSON",
            ProblemKind::InvalidCharacter => "a control character in a string",
            ProblemKind::TooDeep => "nested too deep: what is inside is not read",
        };
        f.write_str(text)
    }
}

impl Node {
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(it) => Some(it),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The value that counts of a property, if this is an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// Down a path of property names.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The value as a string of JavaScript (`String(value)`), for one that is no object and no array: what Node makes
    /// of it in an environment.
    pub fn to_js_string(&self) -> Option<String> {
        Some(match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(it) => it.to_string(),
            Value::Number(number) => number_text(*number),
            Value::String(text) => text.clone(),
            Value::Array(_) | Value::Object(_) => return None,
        })
    }
}

impl Object {
    /// The property that counts: the last of that name that has a value.
    pub fn property(&self, key: &str) -> Option<&Property> {
        self.properties.iter().rev().find(|p| p.key == key && p.value.is_some())
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.property(key)?.value.as_ref()
    }

    /// What counts, each name once, in the order in which JavaScript walks the object: whole numbers first, by size, then
    /// the names in the order in which they first came.
    pub fn effective(&self) -> Vec<(&Property, &Node)> {
        let mut at: HashMap<&str, usize> = HashMap::with_capacity(self.properties.len());
        let mut found: Vec<(&Property, &Node)> = Vec::with_capacity(self.properties.len());
        for property in &self.properties {
            let Some(node) = &property.value else { continue };
            let place = *at.entry(&property.key).or_insert(found.len());
            match found.get_mut(place) {
                Some(earlier) => *earlier = (property, node),
                None => found.push((property, node)),
            }
        }
        if found.iter().any(|(property, _)| array_index(&property.key).is_some()) {
            found.sort_by_key(|(property, _)| array_index(&property.key).map_or((1, 0), |n| (0, n)));
        }
        found
    }
}

/// A name that JavaScript takes for an index (ECMA-262: array index, up to 2^32 - 2).
fn array_index(key: &str) -> Option<u32> {
    if key.len() > 10 || !key.bytes().all(|b| b.is_ascii_digit()) || (key.len() > 1 && key.starts_with('0')) {
        return None;
    }
    key.parse().ok().filter(|index| *index < u32::MAX)
}

/// A number as JavaScript writes it (ECMA-262: `Number::toString`).
pub fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if !number.is_finite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return if number.is_nan() { "NaN".to_owned() } else { format!("{sign}Infinity") };
    }
    let size = number.abs();
    if (1e-6..1e21).contains(&size) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
        _ => text,
    }
}

/// The JSON pointer of a path (RFC 6901).
pub fn pointer<'a>(path: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for segment in path {
        text.push('/');
        for c in segment.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                c => text.push(c),
            }
        }
    }
    text
}
