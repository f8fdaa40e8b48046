//! The go env file (`go env -w` writes it) and GOROOT/go.env, read to the byte as go reads them.
//!
//! A line counts if it holds `=` and its first byte is A to Z; the key is what stands before the first `=`, the
//! value everything after it up to the line feed, as it stands: no quotes, comments, escapes or trimming (go:
//! src/cmd/go/internal/cfg/cfg.go `readEnvFile`). Deliberately not here: writing.

use crate::file_path;
use crate::rules::Rules;
use crate::variables::{self, Kind};
use model::{Folded, Origin, Place, Problem, Value};
use system::{Os, ReadError, System};

/// A line that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub key: Vec<u8>,
    pub value: Value,
    /// The whole line without its line feed.
    pub place: Place,
}

impl Assignment {
    pub fn origin(&self) -> Origin {
        Origin::File(self.place.clone())
    }
}

/// An env file, its lines in order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EnvFile {
    pub assignments: Vec<Assignment>,
    pub problems: Vec<Problem>,
}

impl EnvFile {
    /// Reads bytes; never fails. Lines that go ignores without a word are problems here.
    pub fn parse(path: &str, bytes: &[u8]) -> Self {
        let mut file = Self::default();
        for (n, line) in bytes.split(|&b| b == b'\n').enumerate() {
            let place = place_of(path, n, line);
            match line.iter().position(|&b| b == b'=') {
                Some(at) if line[0].is_ascii_uppercase() => file.assignments.push(Assignment {
                    key: line[..at].to_vec(),
                    value: Value::from(&line[at + 1..]),
                    place,
                }),
                _ => file.problems.extend(ignored_line(n, line, place)),
            }
        }
        file
    }

    /// The value in the user's env file: of several lines with the same key the last counts.
    pub fn get(&self, key: &str) -> Option<&Assignment> {
        self.assignments.iter().rev().find(|a| a.key == key.as_bytes())
    }

    /// The value in GOROOT/go.env: of several lines with the same key the first counts, since a key that is known
    /// already is passed over.
    pub fn first(&self, key: &str) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.key == key.as_bytes())
    }

    /// Lines that count, each key once, as [`EnvFile::get`] chooses.
    pub fn effective(&self) -> impl Iterator<Item = &Assignment> {
        let overwritten = |n: usize, a: &Assignment| self.assignments[n + 1..].iter().any(|b| b.key == a.key);
        self.assignments.iter().enumerate().filter(move |(n, a)| !overwritten(*n, a)).map(|(_, a)| a)
    }
}

fn place_of(path: &str, n: usize, line: &[u8]) -> Place {
    let line_number = u32::try_from(n + 1).unwrap_or(u32::MAX);
    let end_column = u32::try_from(line.len() + 1).unwrap_or(u32::MAX);
    Place { path: path.to_owned(), line: line_number, column: 1, end_line: line_number, end_column }
}

fn ignored_line(n: usize, line: &[u8], place: Place) -> Option<Problem> {
    if line.trim_ascii().is_empty() || line[0] == b'#' {
        return None;
    }
    let problem = if n == 0 && line.starts_with(b"\xef\xbb\xbf") {
        Problem::warning(
            "env-file-byte-order-mark",
            "the file begins with a byte order mark – go ignores the first line for it – save it as UTF-8 without",
        )
    } else if !line.contains(&b'=') {
        Problem::warning(
            "env-file-line-ignored",
            "the line has no `=` – go ignores it without a word – remove it or write NAME=value",
        )
    } else {
        Problem::warning(
            "env-file-line-ignored",
            "the line does not begin with a capital letter – go ignores it without a word – write NAME=value, \
             without blanks, `export` or small letters in front",
        )
    };
    Some(problem.at(Origin::File(place)))
}

/// What is suspicious about the lines that do count, for a go of these rules.
pub(crate) fn check(file: &EnvFile, rules: &Rules) -> Vec<Problem> {
    let mut problems = Vec::new();
    for assignment in &file.assignments {
        let key = String::from_utf8_lossy(&assignment.key).into_owned();
        let last = file.get(&key).is_none_or(|a| a.place == assignment.place);
        let found = if last { line_problem(&key, assignment, rules) } else { Some(duplicate(&key)) };
        problems.extend(found.map(|p| p.at(assignment.origin())));
    }
    problems
}

fn duplicate(key: &str) -> Problem {
    Problem::info(
        "env-file-duplicate",
        format!("`{key}` is written again below – the last line counts – remove this one"),
    )
}

fn line_problem(key: &str, assignment: &Assignment, rules: &Rules) -> Option<Problem> {
    let value = assignment.value.as_bytes();
    if key.trim_end() != key {
        return Some(Problem::warning(
            "env-file-blank-before-equals",
            format!(
                "a blank before `=` belongs to the name – `{}` is not set by this line – remove the blank",
                key.trim_end()
            ),
        ));
    }
    let Some(variable) = variables::find(key) else {
        return Some(Problem::info(
            "env-file-unknown-key",
            format!("`{key}` is no variable of the go command – the line has no effect – check its spelling"),
        ));
    };
    match variable.kind {
        Kind::Computed => {
            return Some(Problem::warning(
                "env-file-no-effect",
                format!("go computes `{key}` itself – the line has no effect – remove it"),
            ));
        }
        Kind::Environment => {
            return Some(Problem::warning(
                "env-file-no-effect",
                format!(
                    "go reads `{key}` from the environment only – the line has no effect – export it instead"
                ),
            ));
        }
        Kind::Configured | Kind::Raw => {}
    }
    value_problem(key, value, rules)
}

fn value_problem(key: &str, value: &[u8], rules: &Rules) -> Option<Problem> {
    let warning = |code: &str, text: String| Some(Problem::warning(code, text));
    if value.is_empty() && rules.go_env_defaults() && ["GOPROXY", "GOSUMDB", "GOTOOLCHAIN"].contains(&key) {
        return warning(
            "env-file-empty-masks-default",
            format!(
                "an empty `{key}` hides the default of go.env and is not the same as unset – remove the line"
            ),
        );
    }
    if value.ends_with(b"\r") {
        return warning(
            "env-file-carriage-return",
            format!(
                "the value of `{key}` ends with a carriage return – go keeps it – save the file with Unix line ends"
            ),
        );
    }
    let quoted = |q: u8| value.len() >= 2 && value.starts_with(&[q]) && value.ends_with(&[q]);
    if quoted(b'"') || quoted(b'\'') {
        return warning(
            "env-file-quotes",
            format!("the quotes belong to the value of `{key}` – go does not remove them – write it without"),
        );
    }
    if value.trim_ascii() != value {
        return warning(
            "env-file-blanks",
            format!("blanks around the value of `{key}` belong to it – go does not trim – remove them"),
        );
    }
    if memchr::memmem::find(value, b" #").is_some() {
        return warning(
            "env-file-comment",
            format!(
                "what looks like a comment belongs to the value of `{key}` – put it on a line that begins with `#`"
            ),
        );
    }
    None
}

/// Which env file a go of some version reads in a space, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// As go spells it; `None`: none is read.
    pub(crate) path: Option<String>,
    pub(crate) origin: Origin,
}

const RULE: &str = "go: src/cmd/go/internal/cfg/cfg.go EnvFile, src/os/file.go UserConfigDir";

/// GOENV, else the user's configuration folder.
pub(crate) fn locate(os: Os, env: &Folded, rules: &Rules) -> Location {
    let rule = |text: &str| Origin::rule(text, RULE);
    let none = |origin| Location { path: None, origin };
    if !rules.env_file() {
        return none(rule("go before 1.13 has no env file"));
    }
    if let Some((value, origin)) = crate::goroot::variable(env, "GOENV") {
        return Location { path: (value != "off").then_some(value), origin };
    }
    let why = match os {
        Os::Windows => "os.UserConfigDir: %AppData%",
        Os::Macos => "os.UserConfigDir: $HOME/Library/Application Support",
        Os::Linux if crate::goroot::variable(env, "XDG_CONFIG_HOME").is_some() => {
            "os.UserConfigDir: $XDG_CONFIG_HOME"
        }
        Os::Linux => "os.UserConfigDir: $HOME/.config",
    };
    match config_folder(os, env, rules) {
        Ok(Some(folder)) => {
            Location { path: Some(file_path::join(os, &folder, "go/env")), origin: rule(why) }
        }
        Ok(None) => none(rule("no env file: XDG_CONFIG_HOME is relative")),
        Err(NoVariable) => {
            none(rule("no env file: the user's configuration folder cannot be told, its variable is unset"))
        }
    }
}

/// The variable that names the user's folder is unset.
pub(crate) struct NoVariable;

/// `os.UserConfigDir` (go: src/os/file.go); `None`: the folder is relative, which is an error since 1.24.
pub(crate) fn config_folder(os: Os, env: &Folded, rules: &Rules) -> Result<Option<String>, NoVariable> {
    let set = |name: &str| crate::goroot::variable(env, name).map(|(value, _)| value);
    let home = |more: &str| set("HOME").map(|home| Some(home + more)).ok_or(NoVariable);
    match os {
        Os::Windows => set("AppData").map(Some).ok_or(NoVariable),
        Os::Macos => home("/Library/Application Support"),
        Os::Linux => match set("XDG_CONFIG_HOME") {
            Some(folder) if rules.absolute_config_folder() && !file_path::is_absolute(os, &folder) => {
                Ok(None)
            }
            Some(folder) => Ok(Some(folder)),
            None => home("/.config"),
        },
    }
}

/// An env file that was looked for: whether it is there, and its lines.
pub(crate) struct Found {
    pub(crate) exists: bool,
    pub(crate) file: EnvFile,
}

/// Reads it as seen from `cwd`. What cannot be read is silently empty to go, and a problem here.
pub(crate) fn read(system: &dyn System, cwd: Option<&str>, path: &str) -> Found {
    let Some(absolute) = file_path::absolute(system.os(), cwd, path) else {
        return Found { exists: false, file: EnvFile::default() };
    };
    match system.read(&absolute) {
        Ok(bytes) => Found { exists: true, file: EnvFile::parse(&absolute, &bytes) },
        Err(ReadError::NotFound) => Found { exists: false, file: EnvFile::default() },
        Err(error) => {
            let text =
                format!("the env file cannot be read: it {error} – go takes it as empty without a word");
            let problem = Problem::warning("env-file-unreadable", text).at(Origin::file(absolute.as_str()));
            Found { exists: true, file: EnvFile { assignments: Vec::new(), problems: vec![problem] } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(text: &[u8]) -> Vec<(String, u32)> {
        let file = EnvFile::parse("/e", text);
        let all = file.problems.iter().cloned().chain(check(&file, &Rules::default()));
        all.map(|p| (p.code, p.origin.and_then(|o| o.place().map(|p| p.line)).unwrap_or_default())).collect()
    }

    fn code(line: &str) -> Option<String> {
        codes(line.as_bytes()).into_iter().next().map(|(code, _)| code)
    }

    #[test]
    fn values_are_taken_as_they_stand() {
        let file = EnvFile::parse("/e", b"# c\nGOPROXY= \"a\" # b\r\n\nGOFLAGS=-x=1\nGOFLAGS=-y");
        let get = |key: &str| file.get(key).map(|a| (a.value.to_text().into_owned(), a.place.line));
        assert_eq!(get("GOPROXY"), Some((" \"a\" # b\r".to_owned(), 2)));
        assert_eq!(get("GOFLAGS"), Some(("-y".to_owned(), 5)));
        assert_eq!(file.first("GOFLAGS").map(|a| a.value.to_text().into_owned()).as_deref(), Some("-x=1"));
        assert_eq!(file.effective().count(), 2);
    }

    #[test]
    fn lines_that_go_ignores() {
        for line in ["#GOPROXY=off", "", " \t", "\r"] {
            assert_eq!(code(line), None, "{line:?}");
        }
        for line in [" GOPROXY=off", "export GOPROXY=off", "goproxy=off", "GOPROXY off", "=x"] {
            assert_eq!(code(line).as_deref(), Some("env-file-line-ignored"), "{line:?}");
            assert!(EnvFile::parse("/e", line.as_bytes()).assignments.is_empty());
        }
        assert_eq!(
            codes(b"\xef\xbb\xbfGOPROXY=off\nGOFLAGS=-v"),
            [("env-file-byte-order-mark".to_owned(), 1)]
        );
    }

    #[test]
    fn lines_that_do_not_do_what_they_seem_to() {
        for (line, want) in [
            ("GOPROXY =off", "env-file-blank-before-equals"),
            ("GOPROXY=off ", "env-file-blanks"),
            ("GOPROXY=\"off\"", "env-file-quotes"),
            ("GOPROXY=off # hi", "env-file-comment"),
            ("GOPROXY=off\r", "env-file-carriage-return"),
            ("FOO=bar", "env-file-unknown-key"),
            ("GOPROXY=", "env-file-empty-masks-default"),
            ("GOVERSION=x", "env-file-no-effect"),
            ("GOENV=x", "env-file-no-effect"),
            ("GOFLAGS=-v\nGOFLAGS=-x", "env-file-duplicate"),
        ] {
            assert_eq!(code(line).as_deref(), Some(want), "{line:?}");
        }
        for line in ["GOPROXY=off", "GOFLAGS=", "GOWORK=off", "GOROOT=/x"] {
            assert_eq!(code(line), None, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_every_line_is_accounted_for(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let file = EnvFile::parse("/e", &bytes);
            let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
            for a in &file.assignments {
                let line = lines[a.place.line as usize - 1];
                prop_assert_eq!([&a.key[..], b"=", a.value.as_bytes()].concat(), line);
            }
            prop_assert!(file.assignments.len() + file.problems.len() <= lines.len());
            check(&file, &Rules::default());
        }
    }
}
