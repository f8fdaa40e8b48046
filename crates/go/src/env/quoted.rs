//! Text in double quotes as Go's `%q` writes it, and which characters Go holds for printable.
//!
//! The categories are those of the Unicode version of a crate, go's those of the version it was built with: a
//! character that only one of the two knows may come out differently. Not here: quoting for a shell.

use std::fmt::Write as _;
use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// go: src/unicode/graphic.go `IsGraphic`: letters, marks, numbers, punctuation, symbols and blanks.
pub(super) fn is_graphic(c: char) -> bool {
    !matches!(
        get_general_category(c),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::LineSeparator
            | Category::ParagraphSeparator
    )
}

/// go: src/unicode/graphic.go `IsPrint`: of the blanks only U+0020.
fn is_print(c: char) -> bool {
    c == ' ' || (is_graphic(c) && get_general_category(c) != Category::SpaceSeparator)
}

/// go: src/strconv/quote.go `Quote`.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_escaped(&mut out, c);
        }
        for byte in chunk.invalid() {
            // Writing into a String does not fail; so below.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = match c {
        '"' => out.write_str("\\\""),
        '\\' => out.write_str("\\\\"),
        '\x07' => out.write_str("\\a"),
        '\x08' => out.write_str("\\b"),
        '\x0c' => out.write_str("\\f"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\x0b' => out.write_str("\\v"),
        _ if is_print(c) => out.write_char(c),
        _ if code < 0x20 || code == 0x7f => write!(out, "\\x{code:02x}"),
        _ if code < 0x10000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of go: src/strconv/quote_test.go `quotetests`, and of a run of go 1.26.8.
    #[test]
    fn as_strconv_quote() {
        for (bytes, wanted) in [
            (&b"\x07\x08\x0c\r\n\t\x0b"[..], r#""\a\b\f\r\n\t\v""#),
            (b"\\", r#""\\""#),
            (b"abc\xffdef", r#""abc\xffdef""#),
            ("\u{263a}".as_bytes(), "\"\u{263a}\""),
            ("\u{10ffff}".as_bytes(), r#""\U0010ffff""#),
            (b"\x04", r#""\x04""#),
            ("!\u{a0}!\u{2000}!\u{3000}!".as_bytes(), r#""!\u00a0!\u2000!\u3000!""#),
            (b"\x7f", r#""\x7f""#),
            ("\u{feff}a b".as_bytes(), r#""\ufeffa b""#),
        ] {
            assert_eq!(quoted(bytes), wanted);
        }
    }
}
