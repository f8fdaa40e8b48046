//! A value that is written, and how it is laid out.

use super::Step;

/// A value that a file is to have.
#[derive(Clone, Debug, PartialEq)]
pub enum New {
    Null,
    Bool(bool),
    /// As JSON writes it.
    Number(String),
    Text(String),
    List(Vec<New>),
    Object(Vec<(String, New)>),
}

/// Lines in the manner of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'a> {
    pub(super) eol: &'a [u8],
    pub(super) unit: &'a [u8],
    /// What the line begins with that the value begins on.
    pub(super) indent: &'a [u8],
}

impl New {
    /// The value inside of the objects and lists that a path makes.
    pub(super) fn below(&self, path: &[Step<'_>]) -> New {
        path.iter().rev().fold(self.clone(), |inner, step| match step {
            Step::Key(key) => New::Object(vec![((*key).to_owned(), inner)]),
            Step::Item(_) => New::List(vec![inner]),
        })
    }

    /// In lines, or without a style in one.
    pub(super) fn laid_out(&self, style: Option<&Style<'_>>) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, style, 0);
        out
    }

    fn write(&self, out: &mut Vec<u8>, style: Option<&Style<'_>>, level: usize) {
        match self {
            New::Null => out.extend_from_slice(b"null"),
            New::Bool(it) => out.extend_from_slice(if *it { b"true" } else { b"false" }),
            New::Number(text) => out.extend_from_slice(text.as_bytes()),
            New::Text(text) => out.extend(quoted(text)),
            New::List(items) => {
                let mut items = items.iter();
                write_all(out, *b"[]", style, level, &mut |out| {
                    items.next().map(|item| item.write(out, style, level + 1)).is_some()
                });
            }
            New::Object(properties) => {
                let mut properties = properties.iter();
                write_all(out, *b"{}", style, level, &mut |out| {
                    let Some((key, value)) = properties.next() else { return false };
                    out.extend(quoted(key));
                    out.extend_from_slice(b": ");
                    value.write(out, style, level + 1);
                    true
                });
            }
        }
    }
}

/// Brackets around what `next` writes, one piece after the other until there is none.
fn write_all(
    out: &mut Vec<u8>,
    [open, close]: [u8; 2],
    style: Option<&Style<'_>>,
    level: usize,
    next: &mut dyn FnMut(&mut Vec<u8>) -> bool,
) {
    let new_line = |out: &mut Vec<u8>, level: usize| {
        if let Some(style) = style {
            out.extend_from_slice(style.eol);
            out.extend_from_slice(style.indent);
            out.extend(style.unit.repeat(level));
        }
    };
    out.push(open);
    let mut any = false;
    loop {
        let mut piece = Vec::new();
        if !next(&mut piece) {
            break;
        }
        if any {
            out.push(b',');
            if style.is_none() {
                out.push(b' ');
            }
        }
        any = true;
        new_line(out, level + 1);
        out.extend(piece);
    }
    if any {
        new_line(out, level);
    }
    out.push(close);
}

/// As `JSON.stringify` writes a string.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    let mut out = vec![b'"'];
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{C}' => out.extend_from_slice(b"\\f"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\0'..='\u{1F}' => out.extend(format!("\\u{:04x}", u32::from(c)).into_bytes()),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
    out
}
