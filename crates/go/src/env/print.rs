//! What `go env` writes: lists for a shell, values by name, JSON, each as one version and one system write it.
//!
//! From go: src/cmd/go/internal/envcmd/env.go `runEnv`, `PrintEnv`, `printEnvAsJSON`, `shellQuote`, `batchEscape`,
//! read in every minor from 1.11 to 1.27. Deliberately not here: which values there are, and hiding secrets.

use super::quoted::is_graphic;
use super::{Values, Variable};
use crate::rules::Rules;
use std::borrow::Cow;
use std::collections::BTreeMap;
use system::Os;

/// What `go env` writes and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Printed {
    pub stdout: Vec<u8>,
    pub stderr: String,
    pub status: i32,
}

/// One line or key of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub name: &'a str,
    pub value: Cow<'a, [u8]>,
}

/// The whole answer. `shown` gives the bytes of a value that may be seen. Variables that need a probe are left out.
pub fn print<'a>(values: &'a Values, shown: impl Fn(&'a Variable) -> Cow<'a, [u8]>) -> Printed {
    let request = &values.request;
    let rules = Rules::of(Some(&values.version));
    let row = |variable: &'a Variable| Row { name: variable.name(), value: shown(variable) };
    let rows: Vec<Row<'a>> = chosen(values).into_iter().map(row).collect();
    if request.json {
        Printed { stdout: json_of(&rules, rows), ..Printed::default() }
    } else if request.names.is_empty() || request.changed {
        list_of(&rules, values.os, &rows)
    } else {
        Printed { stdout: lines(&rows), ..Printed::default() }
    }
}

/// The variables that the answer has, in its order.
pub fn chosen(values: &Values) -> Vec<&Variable> {
    let request = &values.request;
    let mut chosen: Vec<&Variable> = if request.names.is_empty() {
        values.variables.iter().collect()
    } else if request.changed {
        // Names that are no variables of the full list are passed over.
        let find = |name: &String| values.variables.iter().find(|variable| variable.name() == name);
        request.names.iter().filter_map(find).collect()
    } else {
        values.named.iter().collect()
    };
    chosen.retain(|variable| !variable.needs_probe && variable.untold().is_none());
    chosen.retain(|variable| !request.changed || variable.changed);
    if Rules::of(Some(&values.version)).since(24) && (request.names.is_empty() || request.changed) {
        chosen.sort_by(|a, b| a.name().cmp(b.name()));
    }
    chosen
}

/// `go env NAME…`: each value on a line of its own, as it is.
fn lines(rows: &[Row<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        out.extend_from_slice(&row.value);
        out.push(b'\n');
    }
    out
}

/// `go env`: assignments for a shell. `version` as in `go1.26.3`.
pub fn list(version: &str, os: Os, rows: &[Row<'_>]) -> Printed {
    list_of(&Rules::of(Some(version)), os, rows)
}

fn list_of(rules: &Rules, os: Os, rows: &[Row<'_>]) -> Printed {
    let mut printed = Printed::default();
    for row in rows {
        let name = row.name;
        if rules.since(21) && row.value.contains(&0) {
            // What was printed before stays printed.
            printed.stderr.push_str(&format!(
                "go: internal error: encountered null byte in environment variable {name} on non-plan9 platform\n"
            ));
            printed.status = 1;
            return printed;
        }
        let mut assign = |prefix: &str, value: &[u8]| {
            printed.stdout.extend_from_slice(prefix.as_bytes());
            printed.stdout.extend_from_slice(name.as_bytes());
            printed.stdout.push(b'=');
            printed.stdout.extend_from_slice(value);
            printed.stdout.push(b'\n');
        };
        match os {
            Os::Windows if rules.since(21) => {
                let (value, stripped) = batch_escaped(rules, &row.value);
                assign("set ", &value);
                if stripped {
                    let text = "go: stripping unprintable or unescapable characters from";
                    printed.stderr.push_str(&format!("{text} %\"{name}\"%\n"));
                    printed.status = 1;
                }
            }
            Os::Windows => assign("set ", &row.value),
            Os::Linux | Os::Macos if rules.since(21) => assign("", &shell_quoted(rules, &row.value)),
            Os::Linux | Os::Macos => assign("", &[b"\"", &*row.value, b"\""].concat()),
        }
    }
    printed
}

/// Single quotes; byte by byte up to 1.24, since then character by character, where what is no UTF-8 turns into
/// U+FFFD.
fn shell_quoted(rules: &Rules, value: &[u8]) -> Vec<u8> {
    let value = if rules.since(25) { replaced(value) } else { Cow::Borrowed(value) };
    let mut out = vec![b'\''];
    for &byte in value.iter() {
        if byte == b'\'' {
            out.extend_from_slice(br"'\''");
        } else {
            out.push(byte);
        }
    }
    out.push(b'\'');
    out
}

/// Every byte that is no UTF-8 as U+FFFD: go's `range` over a string takes them one by one.
fn replaced(value: &[u8]) -> Cow<'_, [u8]> {
    if str::from_utf8(value).is_ok() {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::new();
    for chunk in value.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        out.extend(chunk.invalid().iter().flat_map(|_| "\u{fffd}".bytes()));
    }
    Cow::Owned(out)
}

/// For `set NAME=`, and whether something had to be replaced. Up to 1.24 each byte was taken for a character of Latin-1.
fn batch_escaped(rules: &Rules, value: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut stripped = false;
    let mut push = |c: char, bytes: &[u8]| match c {
        '\r' | '\n' => (stripped, _) = (true, out.extend_from_slice("\u{fffd}".as_bytes())),
        _ if !is_graphic(c) && !c.is_whitespace() => {
            (stripped, _) = (true, out.extend_from_slice("\u{fffd}".as_bytes()));
        }
        '%' => out.extend_from_slice(b"%%"),
        '<' | '>' | '|' | '&' | '^' => out.extend_from_slice(&[b'^', bytes[0]]),
        _ => out.extend_from_slice(bytes),
    };
    if rules.since(25) {
        let value = replaced(value);
        for c in String::from_utf8_lossy(&value).chars() {
            push(c, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    } else {
        for &byte in value {
            push(char::from(byte), &[byte]);
        }
    }
    (out, stripped)
}

/// `go env -json`: a tab before each key, keys in order, the last of several of one name.
pub fn json(version: &str, rows: Vec<Row<'_>>) -> Vec<u8> {
    json_of(&Rules::of(Some(version)), rows)
}

fn json_of(rules: &Rules, rows: Vec<Row<'_>>) -> Vec<u8> {
    let keys: BTreeMap<&str, Cow<'_, [u8]>> = rows.into_iter().map(|row| (row.name, row.value)).collect();
    let mut out = String::from("{");
    for (at, (name, value)) in keys.iter().enumerate() {
        out.push_str(if at == 0 { "\n\t" } else { ",\n\t" });
        push_json(rules, &mut out, name.as_bytes());
        out.push_str(": ");
        push_json(rules, &mut out, value);
    }
    out.push_str(if keys.is_empty() { "}\n" } else { "\n}\n" });
    out.into_bytes()
}

/// go: src/encoding/json/encode.go `appendString` with HTML escaped; 1.27 writes U+FFFD itself for what is no UTF-8
/// (its encoder is that of encoding/json/v2), 1.22 shortened two escapes.
fn push_json(rules: &Rules, out: &mut String, bytes: &[u8]) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x08' if rules.since(22) => out.push_str("\\b"),
                '\x0c' if rules.since(22) => out.push_str("\\f"),
                '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    out.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                _ => out.push(c),
            }
        }
        for _ in chunk.invalid() {
            out.push_str(if rules.since(27) { "\u{fffd}" } else { "\\ufffd" });
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
