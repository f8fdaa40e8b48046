//! TOML files of tools: `mise.toml` and `.prototools`.
//!
//! Not here: tasks, environments and plugins.

use super::Wanted;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// `mise.toml`: `go` (or `golang`, `core:go`) under `[tools]`: a version, a table with one, or a list of both
/// (jdx/mise: docs/configuration.md).
pub fn mise(bytes: &[u8]) -> Vec<Wanted> {
    read(bytes, |top, text| {
        let mut out = Vec::new();
        let tools = top.iter().find(|(key, _)| key.get_ref() == "tools").map(|(_, value)| value.get_ref());
        if let Some(DeValue::Table(tools)) = tools {
            for (key, value) in go_of(tools, &["go", "golang", "core:go"]) {
                versions(key, value, text, &mut out);
            }
        }
        out
    })
}

/// `.prototools`: `go` at the top (moonrepo/proto: docs, `.prototools`).
pub fn prototools(bytes: &[u8]) -> Vec<Wanted> {
    read(bytes, |top, text| {
        let mut out = Vec::new();
        for (key, value) in go_of(top, &["go"]) {
            versions(key, value, text, &mut out);
        }
        out
    })
}

/// What can be read of a file with faults is read.
fn read(bytes: &[u8], find: impl Fn(&DeTable<'_>, &str) -> Vec<Wanted>) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let (top, _faults) = DeTable::parse_recoverable(&text);
    find(top.get_ref(), &text)
}

fn go_of<'t, 'i>(
    table: &'t DeTable<'i>,
    names: &'static [&'static str],
) -> impl Iterator<Item = (&'t str, &'t Spanned<DeValue<'i>>)> {
    let key = |key: &'t Spanned<DeString<'i>>| -> &'t str { key.get_ref() };
    table.iter().map(move |(k, value)| (key(k), value)).filter(move |(k, _)| names.contains(k))
}

fn versions(key: &str, value: &Spanned<DeValue<'_>>, text: &str, out: &mut Vec<Wanted>) {
    match value.get_ref() {
        DeValue::String(version) => {
            let span = value.span();
            let quote = |byte: Option<&u8>| usize::from(byte.is_some_and(|b| matches!(b, b'"' | b'\'')));
            let start = span.start + quote(text.as_bytes().get(span.start));
            let end = span.end - quote(text.as_bytes().get(span.end.saturating_sub(1)));
            out.push(Wanted::at(key, version, text, start, end));
        }
        // Not what the format asks for, yet read by what it looks like.
        DeValue::Float(number) => {
            out.push(Wanted::at(key, number.as_str(), text, value.span().start, value.span().end));
        }
        DeValue::Array(list) => list.iter().for_each(|one| versions(key, one, text, out)),
        DeValue::Table(table) => {
            if let Some((_, version)) = table.iter().find(|(k, _)| k.get_ref() == "version") {
                versions(key, version, text, out);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(found: &[Wanted]) -> Vec<(&str, u32, u32, u32)> {
        found.iter().map(|w| (w.value.as_str(), w.line, w.column, w.end_column)).collect()
    }

    #[test]
    fn go_of_mise_in_all_its_forms() {
        assert_eq!(spans(&mise(b"[tools]\nnode = \"22\"\ngo = \"1.22.3\"\n")), [("1.22.3", 3, 7, 13)]);
        let text =
            b"[tools]\ngo = ['1.22', { version = \"1.21.4\", postinstall = 'x' }]\n\"go:x/y\" = \"3\"\n";
        assert_eq!(spans(&mise(text)), [("1.22", 2, 8, 12), ("1.21.4", 2, 28, 34)]);
        assert_eq!(spans(&mise(b"tools.go.version = \"latest\"\n")), [("latest", 1, 21, 27)]);
        assert!(mise(b"[env]\ngo = \"1\"\n").is_empty());
    }

    #[test]
    fn what_stands_before_a_fault_is_read() {
        assert_eq!(spans(&mise(b"[tools]\ngo = \"1.22.3\"\nnode = = 1\n")), [("1.22.3", 2, 7, 13)]);
        assert_eq!(spans(&prototools(b"go = \"~1.22\"\n[plugins]\n")), [("~1.22", 1, 7, 12)]);
    }
}
