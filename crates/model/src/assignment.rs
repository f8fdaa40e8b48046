//! Where in a text something with a secret-looking name is given a value, in any of the notations that start-up
//! files, settings and command lines use.
//!
//! Reads widely rather than exactly: a value taken for a secret wrongly is only hidden, or gets a stand-in. Not
//! here: secrets that show by their own form (`secret_ranges`).

use crate::secret::is_secret_text;
use std::ops::Range;

/// A word after `password` is one from this length on.
const LEAST_PASSWORD: usize = 4;

/// A value and the name that makes it a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// As it is spelt there.
    pub name: String,
    /// Without quotes; escapes are still in it.
    pub value: Range<usize>,
}

/// Assignments of secret-looking names, line by line (a NUL ends a line, too: `/proc/PID/environ`).
pub fn secret_assignments(bytes: &[u8]) -> Vec<Assignment> {
    let mut found = Vec::new();
    // Every notation has one of these between a name and its value; most values of variables have none.
    if !bytes.iter().any(|b| matches!(b, b'=' | b'"') || b.is_ascii_whitespace()) {
        return found;
    }
    let mut start = 0;
    for line in bytes.split(|&b| b == b'\n' || b == 0) {
        let range = start..start + line.len();
        start = range.end + 1;
        let block = bytes.get(range.end) == Some(&0);
        scan_line(bytes, range, block, &mut found);
    }
    found.sort_by_key(|a| (a.value.start, std::cmp::Reverse(a.value.end)));
    found.dedup_by_key(|a| a.value.start);
    found
}

fn scan_line(bytes: &[u8], line: Range<usize>, block: bool, found: &mut Vec<Assignment>) {
    let mut at = line.start;
    while at < line.end {
        let length = bytes[at..line.end].iter().take_while(|b| in_name(**b)).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let name = at..at + length;
        at = name.end;
        let header = header_value(bytes, &line, &name);
        if header.is_none() && !is_secret(bytes, &name) {
            continue;
        }
        if let Some(value) = header.or_else(|| value_after(bytes, &line, &name, block)) {
            at = at.max(value.end);
            found.push(Assignment { name: text(bytes, &name), value });
        }
    }
}

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

fn text(bytes: &[u8], range: &Range<usize>) -> String {
    String::from_utf8_lossy(&bytes[range.clone()]).into_owned()
}

fn is_secret(bytes: &[u8], name: &Range<usize>) -> bool {
    is_secret_text(&bytes[name.clone()])
}

/// What stands behind the scheme of an HTTP header: `Authorization: Bearer VALUE` (RFC 9110 §11.6.2).
fn header_value(bytes: &[u8], line: &Range<usize>, name: &Range<usize>) -> Option<Range<usize>> {
    const HEADER: &[u8] = b"authorization";
    if bytes.get(name.end) != Some(&b':') {
        return None;
    }
    let header = &bytes[name.clone()];
    if !header.last_chunk::<{ HEADER.len() }>().is_some_and(|end| end.eq_ignore_ascii_case(HEADER)) {
        return None;
    }
    let rest = &bytes[name.end + 1..line.end];
    let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let scheme = rest[blank..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let space = rest[blank + scheme..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    (scheme > 0 && space > 0)
        .then(|| word_at(bytes, name.end + 1 + blank + scheme + space, line.end))
        .flatten()
}

/// The value that the notation around a name gives it, if any.
fn value_after(bytes: &[u8], line: &Range<usize>, name: &Range<usize>, block: bool) -> Option<Range<usize>> {
    let before = &bytes[line.start..name.start];
    let after = &bytes[name.end..line.end];
    let blank = |b: &[u8]| b.iter().all(u8::is_ascii_whitespace);
    let spaces = |from: usize| bytes[from..line.end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    // `$NAME=…` compares or expands; `$env.NAME = …` (nushell) and `$env:NAME = …` (PowerShell) assign.
    let nushell = bytes[name.clone()].starts_with(b"env.");
    if (before.ends_with(b"$") && !nushell) || before.ends_with(b"${") {
        return None;
    }
    // A whole record of an environment block, whatever is in the value.
    if block && before.is_empty() && after.first() == Some(&b'=') {
        return non_empty(name.end + 1..line.end);
    }
    // NAME=value, NAME+=value, --name=value
    let equals = if after.starts_with(b"+=") { 2 } else { usize::from(after.starts_with(b"=")) };
    if equals > 0 && after.get(equals) != Some(&b'=') {
        return word_at(bytes, name.end + equals, line.end);
    }
    let quoted = before.ends_with(b"\"") && after.first() == Some(&b'"');
    let sign = name.end + usize::from(quoted);
    let sign = sign + spaces(sign);
    match bytes.get(sign).filter(|_| sign < line.end) {
        // "name": "value" of JSON
        Some(b':') if quoted => {
            let value = sign + 1 + spaces(sign + 1);
            (bytes.get(value) == Some(&b'"')).then(|| word_at(bytes, value, line.end)).flatten()
        }
        // name: value of YAML, a line of its own
        Some(b':') if blank(before) && sign == name.end && spaces(sign + 1) > 0 => {
            rest_of_line(bytes, sign + 1 + spaces(sign + 1), line.end)
        }
        // name = value of TOML, INI, nushell and PowerShell, a line of its own
        Some(b'=') if bytes.get(sign + 1) != Some(&b'=') && starts_a_line(before) => {
            rest_of_line(bytes, sign + 1 + spaces(sign + 1), line.end)
        }
        Some(_) if sign > name.end => value_after_word(bytes, line, before, sign),
        _ => None,
    }
}

fn starts_a_line(before: &[u8]) -> bool {
    let before = before.trim_ascii_start();
    [&b""[..], b"$", b"$env:", b"export ", b"\""].contains(&before)
}

/// `set -gx NAME value`, `setenv NAME value`, `password value`, `--name value`, `NAME DEFAULT=value`.
fn value_after_word(bytes: &[u8], line: &Range<usize>, before: &[u8], at: usize) -> Option<Range<usize>> {
    let words: Vec<&[u8]> = before.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
    let set = words.iter().rposition(|w| matches!(*w, b"set" | b"setenv" | b"set-env"));
    if set.is_some_and(|set| words[set + 1..].iter().all(|w| w.starts_with(b"-"))) {
        return rest_of_line(bytes, at, line.end);
    }
    // pam_env.conf(5): VARIABLE [DEFAULT=[value]] [OVERRIDE=[value]]
    for keyword in [&b"DEFAULT="[..], b"OVERRIDE="] {
        if words.is_empty() && bytes[at..line.end].starts_with(keyword) {
            return word_at(bytes, at + keyword.len(), line.end);
        }
    }
    let name = bytes[line.start + before.len()..at].trim_ascii_end();
    // Programs of Go take `-token X`, too (package flag).
    let option = name.starts_with(b"-") && bytes[at] != b'-';
    // netrc: `machine NAME login NAME password VALUE`, or `password VALUE` on a line of its own. A line of PAM's
    // files begins with `password`, too, and has more words.
    let alone = words.is_empty() && !bytes[at..line.end].trim_ascii().iter().any(u8::is_ascii_whitespace);
    let netrc = name == b"password" && (words.contains(&&b"login"[..]) || alone);
    let value = (option || netrc).then(|| word_at(bytes, at, line.end)).flatten();
    // Prose says `password is`, too; nobody's password is that short.
    value.filter(|value| option || value.len() >= LEAST_PASSWORD)
}

/// A word of a shell: quoted, or up to what ends a word. `None` where it is computed (`$X`, backquotes).
fn word_at(bytes: &[u8], at: usize, end: usize) -> Option<Range<usize>> {
    let open = bytes.get(at).filter(|_| at < end)?;
    let (start, quote) = match open {
        b'"' | b'\'' => (at + 1, Some(*open)),
        b'$' if bytes.get(at + 1) == Some(&b'\'') => (at + 2, Some(b'\'')),
        b'$' | b'`' | b'(' => return None,
        _ => (at, None),
    };
    let mut to = start;
    while to < end {
        match (bytes[to], quote) {
            (b'\\', _) if quote != Some(b'\'') || bytes[at] == b'$' => to += 1,
            (b, Some(quote)) if b == quote => break,
            (b' ' | b'\t' | b';' | b'&' | b'|' | b')' | b'\r' | b'"' | b'\'', None) => break,
            _ => {}
        }
        to += 1;
    }
    let to = to.min(end);
    if matches!(bytes[start..to].first(), Some(b'$' | b'`')) && quote != Some(b'\'') {
        return None;
    }
    non_empty(start..to)
}

/// The rest of a line: a quoted word, or all up to a comment.
fn rest_of_line(bytes: &[u8], at: usize, end: usize) -> Option<Range<usize>> {
    if matches!(bytes.get(at), Some(b'"' | b'\'' | b'$' | b'`' | b'(')) {
        return word_at(bytes, at, end);
    }
    let rest = &bytes[at.min(end)..end];
    let comment = rest.windows(2).position(|w| w == b" #").unwrap_or(rest.len());
    let trimmed = rest[..comment].trim_ascii_end();
    non_empty(at..at + trimmed.len())
}

fn non_empty(range: Range<usize>) -> Option<Range<usize>> {
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::secret_assignments;

    fn values(text: &str) -> Vec<&str> {
        secret_assignments(text.as_bytes()).into_iter().map(|a| &text[a.value]).collect()
    }

    #[test]
    fn every_notation_of_a_secret_is_seen() {
        for text in [
            "export GITHUB_TOKEN=hunter2",
            "GITHUB_TOKEN=hunter2; export GITHUB_TOKEN",
            "  A=1 GITHUB_TOKEN=\"hunter2\" cmd",
            "typeset -x GITHUB_TOKEN+='hunter2'",
            "export GITHUB_TOKEN=$'hunter2'",
            "set -gx GITHUB_TOKEN hunter2",
            "set -Ux GITHUB_TOKEN 'hunter2' # mine",
            "setenv GITHUB_TOKEN hunter2",
            "$env.GITHUB_TOKEN = \"hunter2\"",
            "$env:GITHUB_TOKEN = 'hunter2'",
            "github_token = \"hunter2\"",
            "  \"github.token\": \"hunter2\",",
            "oauth_token: hunter2",
            "GITHUB_TOKEN DEFAULT=hunter2",
            "machine github.com login ann password hunter2",
            "//registry.npmjs.org/:_authToken=hunter2",
            "  password hunter2",
            "tool --token=hunter2 x",
            "tool --token hunter2 x",
            "tool -token hunter2 x",
            "curl -H 'Authorization: Bearer hunter2' x",
            "AUTHORIZATION: basic hunter2",
        ] {
            assert_eq!(values(text), ["hunter2"], "{text}");
        }
        assert_eq!(values("A=1\0GITHUB_TOKEN=a b;c\0B=2\0"), ["a b;c"]);
    }

    #[test]
    fn what_is_computed_or_compared_is_no_secret() {
        for text in [
            "export GITHUB_TOKEN=$(pass show github)",
            "export GITHUB_TOKEN=\"$OTHER\"",
            "if [ $TOKEN = export ]; then",
            "[[ $TOKEN == x ]]",
            "# the key: export PATH first",
            "unset GITHUB_TOKEN",
            "export GITHUB_TOKEN",
            "PATH=$KEY:/usr/bin",
            "set -gx PATH /usr/bin",
            "password requisite pam_deny.so",
            "password\t[success=1 default=ignore]\tpam_unix.so",
        ] {
            assert_eq!(values(text), [""; 0], "{text}");
        }
    }
}
