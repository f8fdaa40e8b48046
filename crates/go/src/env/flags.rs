//! Flags as Go's flag package reads them from a command line, and as the go command reads them from GOFLAGS.
//!
//! Deliberately not here: what the flags mean.

use super::quoted::quoted;
use super::request::{Request, Usage};
use crate::rules::Rules;
use system::Os;

/// What a flag of `go env` does to the request.
enum Flag {
    Bool(fn(&mut Request) -> &mut bool),
    /// `-C DIR`.
    Folder,
}

/// The flags of `go env` (go: src/cmd/go/internal/envcmd/env.go `init`).
fn flag(rules: &Rules, name: &[u8]) -> Option<Flag> {
    let (since, flag) = match name {
        b"json" => (11, Flag::Bool(|r| &mut r.json)),
        b"u" => (13, Flag::Bool(|r| &mut r.unset)),
        b"w" => (13, Flag::Bool(|r| &mut r.write)),
        b"C" => (20, Flag::Folder),
        b"n" => (20, Flag::Bool(|r| &mut r.dry_run)),
        b"x" => (20, Flag::Bool(|r| &mut r.trace)),
        b"changed" => (23, Flag::Bool(|r| &mut r.changed)),
        _ => return None,
    };
    rules.since(since).then_some(flag)
}

/// go: src/strconv/atob.go `ParseBool`.
fn parse_bool(text: &[u8]) -> Option<bool> {
    match text {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Some(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Some(false),
        _ => None,
    }
}

/// How a wrong boolean is called: 1.12 shortened it (go: src/flag/flag.go `boolValue.Set`).
fn bool_error(rules: &Rules, value: &[u8]) -> String {
    if rules.since(12) {
        return "parse error".to_owned();
    }
    format!("strconv.ParseBool: parsing {}: invalid syntax", quoted(value))
}

/// go: src/cmd/go/internal/base/base.go `Command.Usage`.
fn usage(rules: &Rules, error: Option<String>) -> Usage {
    let line = match () {
        () if rules.since(23) => "go env [-json] [-changed] [-u] [-w] [var ...]",
        () if rules.since(13) => "go env [-json] [-u] [-w] [var ...]",
        () => "go env [-json] [var ...]",
    };
    let error = error.map(|text| text + "\n").unwrap_or_default();
    Usage { status: 2, stderr: format!("{error}usage: {line}\nRun 'go help env' for details.\n") }
}

/// A flag that is not the first one since 1.21; before, it is obeyed where it stands
/// (go: src/cmd/go/internal/base/flag.go `ChdirFlag`).
fn set_folder(rules: &Rules, request: &mut Request, folder: &[u8]) -> Result<(), String> {
    if rules.since(21) {
        return Err("-C flag must be first flag on command line".to_owned());
    }
    let folder = String::from_utf8_lossy(folder).into_owned();
    request.folder = Some(match request.folder.take() {
        Some(outer) if !folder.starts_with('/') => format!("{outer}/{folder}"),
        _ => folder,
    });
    Ok(())
}

/// What `main` does since 1.21 before anything else: takes `-C DIR` away where it is the first flag, before or behind
/// the command's name. The folder, and the words without it (go: src/cmd/go/main.go `handleChdirFlag`).
pub fn take_folder(words: &[String], version: &str) -> (Option<String>, Vec<String>) {
    let mut rest = words.to_vec();
    if !Rules::of(Some(version)).since(21) {
        return (None, rest);
    }
    let at = usize::from(rest.first().is_some_and(|word| word == "env"));
    let folder = match rest.get(at).map(String::as_str) {
        Some("-C" | "--C") => rest.get(at + 1).cloned().inspect(|_| drop(rest.drain(at..at + 2))),
        Some(word) => {
            let given = word.strip_prefix("--C=").or_else(|| word.strip_prefix("-C="));
            given.map(str::to_owned).inspect(|_| drop(rest.remove(at)))
        }
        None => None,
    };
    (folder, rest)
}

/// How go refuses a `-C` whose folder the system does not let it enter; `why` in the system's words, `no such file or
/// directory`.
pub fn folder_refused(version: &str, folder: &str, why: &str) -> Usage {
    let rules = Rules::of(Some(version));
    if rules.since(21) {
        return Usage { status: 1, stderr: format!("go: chdir {folder}: {why}\n") };
    }
    let folder_quoted = quoted(folder.as_bytes());
    usage(&rules, Some(format!("invalid value {folder_quoted} for flag -C: chdir {folder}: {why}")))
}

/// go: src/flag/flag.go `FlagSet.parseOne`, until the first word that is no flag; what follows are names.
pub(super) fn parse(rules: &Rules, request: &mut Request, words: &[String]) -> Result<(), Usage> {
    let mut words = words.iter();
    while let Some(word) = words.as_slice().first() {
        let Some(name) = word.strip_prefix('-').filter(|name| !name.is_empty()) else { break };
        words.next();
        if word == "--" {
            break;
        }
        let name = name.strip_prefix('-').unwrap_or(name);
        if name.is_empty() || name.starts_with(['-', '=']) {
            return Err(usage(rules, Some(format!("bad flag syntax: {word}"))));
        }
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (name, None),
        };
        let error = match flag(rules, name.as_bytes()) {
            None if matches!(name, "help" | "h") => return Err(usage(rules, None)),
            None => Some(format!("flag provided but not defined: -{name}")),
            Some(Flag::Bool(field)) => {
                let text = value.unwrap_or("true");
                match parse_bool(text.as_bytes()) {
                    Some(value) => {
                        *field(request) = value;
                        None
                    }
                    None => {
                        let (text, error) = (text.as_bytes(), bool_error(rules, text.as_bytes()));
                        Some(format!("invalid boolean value {} for -{name}: {error}", quoted(text)))
                    }
                }
            }
            Some(Flag::Folder) => match value.or_else(|| words.next().map(String::as_str)) {
                None => Some(format!("flag needs an argument: -{name}")),
                Some(value) => set_folder(rules, request, value.as_bytes()).err().map(|error| {
                    format!("invalid value {} for flag -{name}: {error}", quoted(value.as_bytes()))
                }),
            },
        };
        if error.is_some() {
            return Err(usage(rules, error));
        }
    }
    request.names = words.cloned().collect();
    Ok(())
}

/// go: src/cmd/go/internal/base/goflags.go `SetFromGOFLAGS`. `env` is one of the two commands that ignore what is
/// wrong there, but for the values of flags that it has itself.
pub(super) fn from_goflags(
    rules: &Rules,
    os: Os,
    request: &mut Request,
    goflags: &[u8],
) -> Result<(), Usage> {
    let place = if os == Os::Windows { "%GOFLAGS%" } else { "$GOFLAGS" };
    for word in split_goflags(rules, goflags) {
        let (name, value) = match word.iter().position(|&b| b == b'=') {
            Some(0) if rules.since(16) => continue,
            Some(at) => (&word[..at], Some(&word[at + 1..])),
            None => (&word[..], None),
        };
        let name = if name.starts_with(b"--") { &name[1..] } else { name };
        // The first byte is cut whatever it is: `xjson` is the flag `json`, and no byte at all is a panic.
        let Some((_, bare)) = name.split_first() else { return Err(panic_of_goflags()) };
        let Some(flag) = flag(rules, bare) else { continue };
        let shown = String::from_utf8_lossy(name);
        let error = match (flag, value) {
            (Flag::Bool(field), value) => match parse_bool(value.unwrap_or(b"true")) {
                Some(value) => {
                    *field(request) = value;
                    continue;
                }
                None => {
                    let value = value.unwrap_or_default();
                    let error = bool_error(rules, value);
                    format!(
                        "go: invalid boolean value {} for flag {shown} (from {place}): {error}",
                        quoted(value)
                    )
                }
            },
            (Flag::Folder, None) => format!("go: flag needs an argument: {shown} (from {place})"),
            (Flag::Folder, Some(value)) => match set_folder(rules, request, value) {
                Ok(()) => continue,
                Err(error) => {
                    format!("go: invalid value {} for flag {shown} (from {place}): {error}", quoted(value))
                }
            },
        };
        return Err(usage(rules, Some(error)));
    }
    Ok(())
}

fn panic_of_goflags() -> Usage {
    let stderr =
        "panic: runtime error: slice bounds out of range [1:0]\n\ngoroutine 1 [running]:\n".to_owned();
    Usage { status: 2, stderr }
}

/// At blanks; since 1.20 with quotes around a word (go: src/cmd/internal/quoted/quoted.go `Split`), and nothing at all
/// where a quote is not closed.
fn split_goflags(rules: &Rules, goflags: &[u8]) -> Vec<Vec<u8>> {
    if !rules.since(20) {
        let text = String::from_utf8_lossy(goflags);
        return text.split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
    }
    split_quoted(goflags).unwrap_or_default()
}

/// go: src/cmd/internal/quoted/quoted.go `Split`; the quote that is not closed as error.
pub(crate) fn split_quoted(mut rest: &[u8]) -> Result<Vec<Vec<u8>>, char> {
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    let mut words = Vec::new();
    loop {
        rest = &rest[rest.iter().take_while(|b| blank(b)).count()..];
        let Some(&first) = rest.first() else { return Ok(words) };
        if matches!(first, b'"' | b'\'') {
            let end = rest[1..].iter().position(|&b| b == first).ok_or(char::from(first))?;
            words.push(rest[1..=end].to_vec());
            rest = &rest[end + 2..];
        } else {
            let end = rest.iter().position(blank).unwrap_or(rest.len());
            words.push(rest[..end].to_vec());
            rest = &rest[end..];
        }
    }
}

#[cfg(test)]
mod tests;
