//! Values, origins and spaces as a person reads them.
//!
//! `unset`, `empty` and `could not be read` are three different things; a value that happens to be one of these
//! words is quoted. What a terminal would act on is escaped. Not here: layout, colours.

use crate::Options;
use model::{
    Confidence, Name, Origin, Place, Reveal, Shown, State, Value, Via, is_secret_name, list_separator,
};

/// A state in words.
pub(crate) fn state(name: &Name, state: &State, options: &Options) -> String {
    match state {
        State::Unset => "unset".to_owned(),
        State::Set(value) if value.is_empty() => "empty".to_owned(),
        State::Set(value) => self::value(name, value, options),
        State::Unreadable { .. } => "could not be read".to_owned(),
    }
}

/// A value that is not empty.
pub(crate) fn value(name: &Name, value: &Value, options: &Options) -> String {
    let shown = Shown::new(name, value, options.reveal);
    let Some(bytes) = shown.bytes() else { return shown.to_string() };
    let separator = list_separator(name, b':');
    let text = printable(bytes, options.home.as_deref(), separator);
    let ambiguous = matches!(text.as_str(), "unset" | "empty" | "could not be read" | "(inferred)")
        || text.starts_with(' ')
        || text.ends_with(' ');
    if ambiguous { format!("\"{text}\"") } else { text }
}

/// One entry of a list variable. The empty entry is the current folder to what searches PATH (execvp(3)).
pub(crate) fn entry(name: &Name, bytes: &[u8], options: &Options) -> String {
    if bytes.is_empty() { "(empty entry)".to_owned() } else { value(name, &Value::from(bytes), options) }
}

/// Bytes without anything that a terminal would act on; the home as `~`, a literal `~` as `\~`.
pub(crate) fn printable(bytes: &[u8], home: Option<&str>, separator: Option<u8>) -> String {
    let parts: Vec<&[u8]> = match separator {
        Some(separator) => bytes.split(|&b| b == separator).collect(),
        None => vec![bytes],
    };
    let mut out = String::with_capacity(bytes.len());
    for (n, part) in parts.iter().enumerate() {
        if let (true, Some(separator)) = (n > 0, separator) {
            out.push(char::from(separator));
        }
        let rest = match home.and_then(|home| after_home(part, home)) {
            Some(rest) => {
                out.push('~');
                rest
            }
            None => {
                if part.first() == Some(&b'~') {
                    out.push('\\');
                }
                part
            }
        };
        escape_into(&mut out, rest);
    }
    out
}

fn after_home<'a>(bytes: &'a [u8], home: &str) -> Option<&'a [u8]> {
    if home.len() < 2 {
        return None;
    }
    let rest = bytes.strip_prefix(home.as_bytes())?;
    (rest.is_empty() || rest[0] == b'/' || rest[0] == b'\\').then_some(rest)
}

fn escape_into(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                // Also what turns the direction of writing, so that a value cannot look like another one.
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
                }
                c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
}

/// The name of a variable. It may hold any byte but `=` and NUL (environ(7)).
pub(crate) fn name(name: &Name) -> String {
    printable(name.as_bytes(), None, None)
}

/// A path with the home as `~`.
pub(crate) fn path(text: &str, options: &Options) -> String {
    printable(text.as_bytes(), options.home.as_deref(), None)
}

/// Words of others (problems, reasons) on their way out: passwords inside URLs hidden, nothing that a terminal acts on.
pub(crate) fn words(text: &str, options: &Options) -> String {
    let value = Value::from(text);
    let shown = Shown::free_text(&value, options.reveal);
    let text = shown.bytes().map_or_else(|| shown.to_string(), |bytes| printable(bytes, None, None));
    let text = text.strip_prefix('\\').filter(|t| t.starts_with('~')).unwrap_or(&text);
    match options.home.as_deref().filter(|home| home.len() > 1) {
        Some(home) => text.replace(&format!("{home}/"), "~/"),
        None => text.to_owned(),
    }
}

/// `~/.zshrc:44:8`, without what is not known.
pub(crate) fn place(place: &Place, options: &Options) -> String {
    let mut text = path(&place.path, options);
    if place.line > 0 {
        text.push_str(&format!(":{}", place.line));
        if place.column > 0 {
            text.push_str(&format!(":{}", place.column));
        } else if place.end_line > place.line {
            text.push_str(&format!("-{}", place.end_line));
        }
    }
    text
}

/// Where something came from, in a few words.
pub(crate) fn origin(origin: &Origin, options: &Options) -> String {
    match origin {
        Origin::File(at) => place(at, options),
        Origin::Setting { place: at, pointer } => format!("{} {pointer}", place(at, options)),
        Origin::Registry { key, name, .. } => words(&format!("{key} {name}"), options),
        Origin::Process { pid } => format!("pid {pid}"),
        Origin::Rule { rule, .. } => words(rule, options),
        Origin::Unknown { reason } => format!("unknown: {}", words(reason, options)),
    }
}

/// The call site: `function add_path at ~/.zshrc:30`, `eval at ~/.zshrc:30, generated line 18`.
pub(crate) fn via(via: &Via, options: &Options) -> String {
    let generated = via.generated_line.map(|n| format!(", generated line {n}")).unwrap_or_default();
    format!("{} at {}{generated}", words(&via.how, options), place(&via.place, options))
}

/// Origin and call site together. Where the origin is generated text without a place, the call site says it all.
pub(crate) fn origin_via(from: &Origin, through: Option<&Via>, options: &Options) -> String {
    let text = origin(from, options);
    match through {
        None => text,
        Some(call)
            if from.place().is_none_or(|at| at.path == call.place.path && at.line == call.place.line) =>
        {
            via(call, options)
        }
        Some(call)
            if from.place().is_some_and(|at| at.path == call.place.path) && call.generated_line.is_none() =>
        {
            format!("{text}, {} at line {}", words(&call.how, options), call.place.line)
        }
        Some(call) => format!("{text}, {}", via(call, options)),
    }
}

/// The one place that says most: where the change is written, else the call site.
pub(crate) fn origin_short(from: &Origin, through: Option<&Via>, options: &Options) -> String {
    match (from.place(), through) {
        (None, Some(call)) => place(&call.place, options),
        _ => origin(from, options),
    }
}

/// How sure an origin is, where it is less than seen.
pub(crate) fn confidence(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Exact | Confidence::Via | Confidence::Baseline => None,
        Confidence::Range => Some("one of these lines"),
        Confidence::File => Some("somewhere in this file"),
        Confidence::Static => Some("read, not run"),
    }
}

/// `observed`, `derived`, or what stands in the way, with its reason.
pub(crate) fn evidence(evidence: &model::Evidence, options: &Options) -> String {
    let word = match evidence {
        model::Evidence::NotChecked { .. } => "not checked",
        model::Evidence::Unreadable { .. } => "could not be read",
        other => other.as_str(),
    };
    match evidence.reason() {
        Some(reason) => format!("{word}: {}", words(reason, options)),
        None => word.to_owned(),
    }
}

/// A line of a file for showing beside an origin, if there is nothing secret in it: neither the variable itself
/// nor any name that stands in the line may look like a secret's.
pub(crate) fn source_line(name: &Name, line: &str, options: &Options) -> Option<String> {
    let hide = |word: &str| !word.is_empty() && is_secret_name(&Name::from(word));
    let words_in = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(hide);
    if options.reveal == Reveal::No && (is_secret_name(name) || words_in(line)) {
        return None;
    }
    let text = printable(words_raw(line, options).as_bytes(), None, None);
    let text = text.trim().trim_start_matches("\\t").to_owned();
    (!text.is_empty()).then_some(text)
}

fn words_raw(line: &str, options: &Options) -> String {
    let value = Value::from(line.trim());
    Shown::free_text(&value, options.reveal).to_string()
}

/// `1 place`, `19 places`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options { home: Some("/home/ann".to_owned()), ..Options::default() }
    }

    fn spelt(name: &str, bytes: &[u8]) -> String {
        state(&Name::from(name), &State::Set(Value::from(bytes)), &options())
    }

    #[test]
    fn unset_empty_and_unreadable_are_three_things() {
        let (name, o) = (Name::from("X"), options());
        assert_eq!(state(&name, &State::Unset, &o), "unset");
        assert_eq!(state(&name, &State::Set(Value::from("")), &o), "empty");
        assert_eq!(state(&name, &State::Unreadable { reason: "denied".into() }, &o), "could not be read");
        assert_eq!(spelt("X", b"unset"), "\"unset\"");
    }

    #[test]
    fn the_home_is_a_tilde_and_a_literal_tilde_is_marked() {
        assert_eq!(
            spelt("PATH", b"/home/ann/go/bin:/home/annabel/bin:~/bin"),
            "~/go/bin:/home/annabel/bin:\\~/bin"
        );
        assert_eq!(spelt("GOBIN", b"/home/ann"), "~");
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_goes_out() {
        assert_eq!(spelt("X", b"a\x1b[2Jb\n\xff"), "a\\x1b[2Jb\\n\\xff");
        assert_eq!(spelt("X", "a\u{202e}b".as_bytes()), "a\\u{202e}b");
    }

    #[test]
    fn a_source_line_with_a_secret_is_not_shown() {
        let o = options();
        assert_eq!(source_line(&Name::from("A"), "  export A=1\n", &o).as_deref(), Some("export A=1"));
        assert_eq!(source_line(&Name::from("A"), "export A=1 NPM_TOKEN=abc", &o), None);
        assert_eq!(
            source_line(&Name::from("GOPROXY"), "export GOPROXY=https://a:b@c/", &o).as_deref(),
            Some("export GOPROXY=https://a:xxxxx@c/")
        );
    }
}
