//! What one traced command does to variables, told from its text.
//!
//! Not here: values that only the shell knows (`read`, arithmetic); those writes are [`Value::Unseen`], and the end
//! of the run or a second one tells them.

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
    fn new(name: impl Into<Vec<u8>>, written: Written) -> Self {
        Self { name: name.into(), written, export: None, local: false }
    }
}

/// The rest of a declaration: bash prints its assignments once more, one by one, after the command itself.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    names: Vec<Vec<u8>>,
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
            return defaults(record.command, text);
        }
        let value = printed_value(value);
        let mut found = defaults(record.command, text);
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
    let mut found = defaults(record.command, text);
    if !text.starts_with(b"[[ ") {
        found.extend(command(text, record.command, in_function, declared));
    }
    found
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
fn arithmetic_writes(text: &[u8]) -> Vec<Write> {
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

fn command(text: &[u8], source: &[u8], in_function: bool, declared: &mut Declared) -> Vec<Write> {
    // Most commands write nothing; they are told by their first word alone.
    let mut words_of_text = None;
    let first = text.split(|&b| b == b' ').next().unwrap_or_default();
    let builtin: Vec<u8> = match first {
        b"builtin" | b"command" => {
            let words = printed_words(text);
            let name = words.iter().skip(1).find(|w| !w.starts_with(b"-")).cloned().unwrap_or_default();
            words_of_text = Some(words);
            name
        }
        first => first.to_vec(),
    };
    const WRITERS: &[&[u8]] = &[
        b"export",
        b"declare",
        b"typeset",
        b"local",
        b"readonly",
        b"unset",
        b"read",
        b"printf",
        b"getopts",
        b"cd",
        b"pushd",
        b"popd",
        b"let",
    ];
    if !WRITERS.contains(&&builtin[..]) {
        return Vec::new();
    }
    let words = words_of_text.unwrap_or_else(|| printed_words(text));
    let arguments: Vec<Vec<u8>> = words.into_iter().skip_while(|w| *w != builtin).skip(1).collect();
    match &builtin[..] {
        b"export" | b"declare" | b"typeset" | b"local" | b"readonly" => {
            declaration(&builtin, &arguments, in_function, declared)
        }
        b"unset" => unset(&arguments),
        b"read" => read(&arguments),
        b"printf" => printf(&arguments),
        b"getopts" => {
            let names = arguments.get(1).cloned().into_iter().chain([b"OPTARG".to_vec(), b"OPTIND".to_vec()]);
            names.map(|name| Write::new(name, Written::Unseen)).collect()
        }
        b"let" => arguments.iter().flat_map(|a| arithmetic_writes(a)).collect(),
        _ => {
            let _ = source;
            [&b"PWD"[..], b"OLDPWD"].into_iter().map(|name| Write::new(name, Written::Unseen)).collect()
        }
    }
}

fn declaration(
    builtin: &[u8],
    arguments: &[Vec<u8>],
    in_function: bool,
    declared: &mut Declared,
) -> Vec<Write> {
    let mut on = Vec::new();
    let mut off = Vec::new();
    let mut names = arguments;
    while let [option, rest @ ..] = names {
        match option.split_first() {
            Some((b'-', letters)) if !letters.is_empty() => {
                on.extend_from_slice(letters);
                names = rest;
                if letters == b"-" {
                    break;
                }
            }
            Some((b'+', letters)) if !letters.is_empty() => {
                off.extend_from_slice(letters);
                names = rest;
            }
            _ => break,
        }
    }
    let export = match builtin {
        b"export" => Some(!on.contains(&b'n')),
        _ if on.contains(&b'x') => Some(true),
        _ if off.contains(&b'x') => Some(false),
        _ => None,
    };
    if on.contains(&b'f') {
        let functions = names.iter().filter(|_| export == Some(true));
        return functions
            .map(|name| {
                let variable = [b"BASH_FUNC_", &name[..], b"%%"].concat();
                Write { export: Some(true), ..Write::new(variable, Written::Unseen) }
            })
            .collect();
    }
    let local = builtin == b"local"
        || matches!(builtin, b"declare" | b"typeset") && in_function && !on.contains(&b'g');
    // `-i`, `-u`, `-l` and `-n` make another value of what is given; arrays are never exported.
    let transformed = on.iter().any(|b| b"iulcn".contains(b));
    let mut found = Vec::new();
    for word in names {
        let (name, written) = match split_assignment(word) {
            Some((name, ..)) if transformed => (name, Written::Unseen),
            Some((name, true, value)) => (name, Written::Append(value.to_vec())),
            Some((name, false, value)) => (name, Written::Set(value.to_vec())),
            None if name_len(word) == word.len() && !word.is_empty() => (&word[..], Written::Nothing),
            None => continue,
        };
        declared.names.push(name.to_vec());
        found.push(Write { export, local, ..Write::new(name, written) });
    }
    found
}

fn unset(arguments: &[Vec<u8>]) -> Vec<Write> {
    if arguments.iter().any(|a| a.starts_with(b"-") && a.contains(&b'f')) {
        let names = arguments.iter().filter(|a| !a.starts_with(b"-"));
        return names.map(|n| Write::new([b"BASH_FUNC_", &n[..], b"%%"].concat(), Written::Unset)).collect();
    }
    arguments
        .iter()
        .filter(|a| name_len(a) == a.len() && !a.is_empty())
        .map(|a| Write::new(a.clone(), Written::Unset))
        .collect()
}

fn read(arguments: &[Vec<u8>]) -> Vec<Write> {
    let mut names = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument.starts_with(b"-") && argument.len() > 1 {
            // These options take the next word, unless their own goes on (bash(1), read).
            if argument.last().is_some_and(|b| b"adinNptu".contains(b)) {
                rest.next();
            }
        } else if name_len(argument) == argument.len() {
            names.push(argument.clone());
        }
    }
    if names.is_empty() {
        names.push(b"REPLY".to_vec());
    }
    names.into_iter().map(|name| Write::new(name, Written::Unseen)).collect()
}

fn printf(arguments: &[Vec<u8>]) -> Vec<Write> {
    let (name, rest) = match arguments {
        [option, name, rest @ ..] if option == b"-v" => (name.clone(), rest),
        [option, rest @ ..] if option.starts_with(b"-v") => (option[2..].to_vec(), rest),
        _ => return Vec::new(),
    };
    let rest = if rest.first().is_some_and(|w| w == b"--") { &rest[1..] } else { rest };
    let written = match rest {
        [format, value] if format == b"%s" => Written::Set(value.clone()),
        [format] if !format.contains(&b'%') && !format.contains(&b'\\') => Written::Set(format.clone()),
        _ => Written::Unseen,
    };
    vec![Write::new(name, written)]
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
