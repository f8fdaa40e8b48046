//! What one traced command does to variables, told from its text.
//!
//! Not here: values that only the shell knows (`read`, arithmetic); those writes are [`Value::Unseen`], and the end
//! of the run or a second one tells them.

use super::builtins;
use super::record::Record;
use super::words::{
    is_name_byte, name_len, printed_value, printed_words, source_word_len, source_words, split_assignment,
};

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Set(Vec<u8>),
    Append(Vec<u8>),
    Unset,
    /// The shell knows, the text does not tell.
    Unseen,
    /// `${X:=v}` (`colon`) or `${X=v}`: written only where X is unset (or empty); the value, where the text tells.
    Default {
        colon: bool,
        value: Option<Vec<u8>>,
    },
    /// No new value: the variable begins or ends to be exported.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) name: Vec<u8>,
    pub(crate) written: Written,
    /// `Some(true)`: exported by this command; `Some(false)`: no longer.
    pub(crate) export: Option<bool>,
    /// Declared local to the running function.
    pub(crate) local: bool,
}

impl Write {
    pub(super) fn new(name: impl Into<Vec<u8>>, written: Written) -> Self {
        Self { name: name.into(), written, export: None, local: false }
    }
}

/// The rest of a declaration: bash prints its assignments once more, one by one, after the command itself.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    pub(super) names: Vec<Vec<u8>>,
    line: u32,
}

/// The writes of a command. `in_function`: `declare` is local there; `posix`: an assignment before a special
/// built-in stays.
pub(crate) fn writes(
    record: &Record<'_>,
    in_function: bool,
    posix: bool,
    declared: &mut Declared,
) -> Vec<Write> {
    let text = record.text;
    if let Some((name, append, value)) = split_assignment(text) {
        if declared.line == record.line && declared.names.iter().any(|n| n == name) {
            return Vec::new();
        }
        if is_temporary(record.command, name, posix) {
            return defaults(own_command(record), text);
        }
        let value = printed_value(value);
        let mut found = defaults(own_command(record), text);
        found.push(Write::new(name, if append { Written::Append(value) } else { Written::Set(value) }));
        return found;
    }
    *declared = Declared { names: Vec::new(), line: record.line };
    if let Some(rest) = text.strip_prefix(b"for ").or_else(|| text.strip_prefix(b"select ")) {
        let name = &rest[..name_len(rest)];
        return if name.is_empty() { Vec::new() } else { vec![Write::new(name, Written::Unseen)] };
    }
    if let Some(arithmetic) = text.strip_prefix(b"(( ") {
        return arithmetic_writes(arithmetic);
    }
    if text.starts_with(b"case ") {
        return defaults(text, b"");
    }
    let mut found = defaults(own_command(record), text);
    if !text.starts_with(b"[[ ") {
        found.extend(builtins::command(text, in_function, declared));
    }
    found
}

/// The command of a record, where it is the record's own: while a trap runs, bash holds the command before which the
/// trap runs (bash(1): BASH_COMMAND), whose `${X:=…}` has not been expanded yet.
fn own_command<'a>(record: &Record<'a>) -> &'a [u8] {
    if !record.command.contains(&b'$') {
        return b"";
    }
    let words = source_words(record.command);
    let first = words.first().copied().unwrap_or_default();
    let own = match split_assignment(record.text) {
        Some((name, ..)) => words.iter().any(|w| split_assignment(w).is_some_and(|(n, ..)| n == name)),
        None => {
            let expanded =
                first.iter().any(|b| b"$`\\'\"~*?[{<>".contains(b)) || split_assignment(first).is_some();
            expanded || source_words(record.text).first().copied() == Some(first)
        }
    };
    if own { record.command } else { b"" }
}

/// Whether `NAME=value` stands before a command and so is for that command alone.
fn is_temporary(command: &[u8], name: &[u8], posix: bool) -> bool {
    let words = source_words(command);
    let leading = words.iter().take_while(|w| split_assignment(w).is_some()).count();
    let Some(&program) = words.get(leading) else { return false };
    if program.starts_with(b"<") || program.starts_with(b">") {
        return false;
    }
    // POSIX.1-2017 XCU 2.14: assignments before special built-ins stay; bash does so in its posix mode.
    if posix && SPECIAL.contains(&program) {
        return false;
    }
    words[..leading].iter().any(|w| split_assignment(w).is_some_and(|(n, ..)| n == name))
}

const SPECIAL: &[&[u8]] = &[
    b"break",
    b":",
    b"continue",
    b".",
    b"eval",
    b"exec",
    b"exit",
    b"export",
    b"readonly",
    b"return",
    b"set",
    b"shift",
    b"times",
    b"trap",
    b"unset",
];

/// `${X:=v}` and `$((X=1))` in the words of a command.
fn defaults(source: &[u8], printed: &[u8]) -> Vec<Write> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = source[at..].iter().position(|&b| b == b'$').map(|i| at + i) {
        at = dollar + 1;
        let rest = &source[at..];
        if rest.starts_with(b"((") {
            found.extend(arithmetic_writes(&rest[2..]));
        }
        let Some(inside) = rest.strip_prefix(b"{") else { continue };
        let name = &inside[..name_len(inside)];
        let operator = &inside[name.len()..];
        let colon = operator.starts_with(b":=");
        if name.is_empty() || !(colon || operator.starts_with(b"=")) {
            continue;
        }
        found.push(Write::new(name, Written::Default { colon, value: whole_default(source, printed) }));
    }
    found
}

/// The value of `: ${X:=v}`, where the expansion is the command's only argument and came out as one word.
fn whole_default(source: &[u8], printed: &[u8]) -> Option<Vec<u8>> {
    let words = source_words(source);
    let [b":", word] = words[..] else { return None };
    let bare = word.strip_prefix(b"\"").and_then(|w| w.strip_suffix(b"\"")).unwrap_or(word);
    if !bare.starts_with(b"${") || source_word_len(bare) != bare.len() || !bare.ends_with(b"}") {
        return None;
    }
    // A second expansion behind the first would come out in the same word.
    if bare[2..].windows(3).any(|w| w == b"}${") {
        return None;
    }
    let mut printed = printed_words(printed);
    (printed.len() == 2).then(|| printed.remove(1))
}

/// Names that are assigned to in arithmetic: `X=`, `X+=`, `X++`, `--X`.
pub(super) fn arithmetic_writes(text: &[u8]) -> Vec<Write> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let len = name_len(&text[at..]);
        if len == 0 || at > 0 && is_name_byte(text[at - 1]) {
            at += 1;
            continue;
        }
        let name = &text[at..at + len];
        let before = text[..at].trim_ascii_end();
        let after = text[at + len..].trim_ascii_start();
        let prefixed = before.ends_with(b"++") || before.ends_with(b"--");
        let operator = after.iter().take_while(|b| b"+-*/%&|^<>".contains(b)).count();
        let assigned = after.get(operator) == Some(&b'=')
            && after.get(operator + 1) != Some(&b'=')
            && !matches!(&after[..operator], b"<" | b">");
        if prefixed || assigned || after.starts_with(b"++") || after.starts_with(b"--") {
            found.push(Write::new(name, Written::Unseen));
        }
        at += len;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str, text: &str) -> Vec<Write> {
        let record = Record {
            level: 1,
            pid: b"1",
            depth: 1,
            line: 1,
            function: b"",
            file: b"f",
            command: command.as_bytes(),
            text: text.as_bytes(),
            watched: Vec::new(),
        };
        writes(&record, false, false, &mut Declared::default())
    }

    #[test]
    fn an_assignment_before_a_command_is_for_that_command_alone() {
        assert_eq!(of("A=1 make", "A=1"), vec![]);
        assert_eq!(of("A=1 B=2", "A=1"), vec![Write::new("A", Written::Set(b"1".to_vec()))]);
        assert_eq!(of("A=1 >f", "A=1"), vec![Write::new("A", Written::Set(b"1".to_vec()))]);
    }

    #[test]
    fn a_default_is_written_only_where_nothing_is_set() {
        let default = Written::Default { colon: true, value: Some(b"x y".to_vec()) };
        assert_eq!(of(": \"${A:=x y}\"", ": 'x y'"), vec![Write::new("A", default)]);
        let unknown = Written::Default { colon: false, value: None };
        assert_eq!(of("echo ${A=1}2", "echo 12"), vec![Write::new("A", unknown)]);
    }

    #[test]
    fn arithmetic_assigns_but_comparison_does_not() {
        let names = |text: &str| -> Vec<String> {
            of("", text).into_iter().map(|w| String::from_utf8_lossy(&w.name).into_owned()).collect()
        };
        assert_eq!(names("(( N=i+4, M <<= 1, K++ ))"), ["N", "M", "K"]);
        assert_eq!(names("(( N == i && M <= 1 && K >= 2 ))"), [""; 0]);
    }

    #[test]
    fn options_of_read_and_printf_are_no_names() {
        let names: Vec<Vec<u8>> = of("", "read -r -p 'a b' -u 3 X Y").into_iter().map(|w| w.name).collect();
        assert_eq!(names, [b"X", b"Y"]);
        assert_eq!(of("", "printf -v X %s v"), vec![Write::new("X", Written::Set(b"v".to_vec()))]);
    }
}
