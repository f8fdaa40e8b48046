//! The line of a file that most likely gave a variable its value: found by reading.
//!
//! Not a parser: a line that assigns the variable, in the shell's way of writing it, beats one that only names it;
//! one that holds the value (or its last part) beats one that does not; of equal lines the last one wins, as it would
//! when they are run. Files that the file reads in turn, by a path that can be told from the text, are looked into.

use crate::ShellKind;
use model::Place;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use system::System;

/// How deep files that read files are followed.
const DEEPEST: usize = 4;

/// A line and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub place: Place,
    /// It stands in a file that the searched file reads.
    pub nested: bool,
    rank: u32,
}

pub(super) struct Search<'a> {
    pub system: &'a dyn System,
    kind: ShellKind,
    home: String,
    /// Files are searched for one variable after another.
    texts: RefCell<BTreeMap<String, Option<Rc<Text>>>>,
}

/// A file, and the files that its lines read, by line number.
struct Text {
    text: String,
    reads: BTreeMap<u32, Vec<String>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(system: &'a dyn System, kind: ShellKind, home: String) -> Self {
        Self { system, kind, home, texts: RefCell::default() }
    }

    /// The best line of `path` for `name`, which got `value` (`None`: it was unset).
    pub(super) fn find(&self, path: &str, name: &str, value: Option<&str>) -> Option<Found> {
        self.find_in(path, name, value, 0)
    }

    fn find_in(&self, path: &str, name: &str, value: Option<&str>, depth: usize) -> Option<Found> {
        let file = self.text(path)?;
        let mut best: Option<Found> = None;
        let mut take = |found: Found| {
            if best.as_ref().is_none_or(|b| found.rank >= b.rank) {
                best = Some(found);
            }
        };
        let named: BTreeMap<u32, &str> = if self.spellings(name).iter().any(|s| file.text.contains(s)) {
            lines(&file.text).collect()
        } else {
            BTreeMap::new()
        };
        let reading = file.reads.keys().copied();
        let mut numbers: Vec<u32> = named.keys().copied().chain(reading).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            if let Some((rank, at)) = named.get(&number).and_then(|line| self.rank(line, name, value)) {
                let column = u32::try_from(at + 1).unwrap_or(0);
                let place = Place { column, ..Place::line(path, number) };
                take(Found { place, nested: depth > 0, rank });
            }
            if depth < DEEPEST {
                for nested in file.reads.get(&number).into_iter().flatten() {
                    if let Some(found) = self.find_in(nested, name, value, depth + 1) {
                        take(found);
                    }
                }
            }
        }
        best
    }

    fn text(&self, path: &str) -> Option<Rc<Text>> {
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let text = self.system.read(path).ok().map(|bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let reads = lines(&text).map(|(number, line)| (number, self.reads(line)));
            let reads = reads.filter(|(_, files)| !files.is_empty()).collect();
            Rc::new(Text { text, reads })
        });
        self.texts.borrow_mut().insert(path.to_owned(), text.clone());
        text
    }

    /// How well a line explains the value, and where the name stands in it.
    fn rank(&self, line: &str, name: &str, value: Option<&str>) -> Option<(u32, usize)> {
        let spelled = self.spellings(name);
        let (at, spelling) = spelled.iter().find_map(|s| Some((word_in(line, s)?, s.as_str())))?;
        let assigns = if assigns(self.kind, line, at, spelling, value.is_some()) { 4 } else { 0 };
        let holds = value.is_some_and(|value| {
            let last = value.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(value);
            let first = value.split(':').next().unwrap_or(value);
            let first = first.rsplit('/').find(|part| !part.is_empty()).unwrap_or(first);
            !last.is_empty() && (line.contains(last) || line.contains(first))
        });
        Some((1 + assigns + 2 * u32::from(holds), at))
    }

    /// tcsh has lists of its own beside some variables, lower-case (tcsh(1) "Special shell variables").
    fn spellings(&self, name: &str) -> Vec<String> {
        let twins = ["PATH", "HOME", "USER", "TERM", "GROUP"];
        if self.kind == ShellKind::Tcsh && twins.contains(&name) {
            return vec![name.to_owned(), name.to_lowercase()];
        }
        vec![name.to_owned()]
    }

    /// Files that a line reads, as far as its text tells.
    fn reads(&self, line: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut words = line.split([' ', '\t', ';', '&', '|', '(', ')', '{', '}']).filter(|w| !w.is_empty());
        while let Some(word) = words.next() {
            let reads = match self.kind {
                ShellKind::Nu => matches!(word, "source" | "source-env" | "use" | "overlay"),
                ShellKind::Tcsh => word == "source",
                _ => matches!(word, "." | "source"),
            };
            if reads && let Some(path) = words.next() {
                files.extend(self.expand(path));
            }
            // `for i in /etc/profile.d/*.sh` (Debian's /etc/profile).
            if let Some(folder) = word.strip_suffix("/*.sh") {
                files.extend(self.listed(folder, ".sh"));
            } else if let Some(folder) = word.strip_suffix("/*.csh") {
                files.extend(self.listed(folder, ".csh"));
            }
        }
        files
    }

    fn listed(&self, folder: &str, suffix: &str) -> Vec<String> {
        let names = self.system.read_dir(folder).unwrap_or_default();
        names.into_iter().filter(|n| n.ends_with(suffix)).map(|n| format!("{folder}/{n}")).collect()
    }

    fn expand(&self, word: &str) -> Option<String> {
        let word: String = word.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        let homes = ["$HOME/", "${HOME}/", "$home/", "~/", "$nu.home-path/"];
        let rest = homes.iter().find_map(|home| word.strip_prefix(home));
        match rest {
            Some(rest) => Some(format!("{}/{rest}", self.home)),
            None => word.starts_with('/').then_some(word),
        }
        .filter(|path| !path.contains(['$', '*', '`']))
    }
}

/// The lines that are no comments, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1u32..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'))
}

/// Where `name` stands as a whole word.
pub(super) fn word_in(text: &str, name: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .map(|(at, _)| at)
        .find(|&at| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

/// Whether the line writes the variable that it names at `at`.
fn assigns(kind: ShellKind, line: &str, at: usize, name: &str, sets: bool) -> bool {
    let before = line[..at].trim_end();
    let after = line[at + name.len()..].trim_start();
    let last_word = before.rsplit([' ', '\t', ';', '(']).next().unwrap_or_default();
    match kind {
        // `$env:X = …`, `${env:X}`, `[Environment]::SetEnvironmentVariable('X', …)`, and POSIX files of a login.
        ShellKind::Pwsh => {
            let assigned = after.trim_start_matches('}').trim_start();
            before.to_lowercase().ends_with("env:")
                && (assigned.starts_with('=') || assigned.starts_with("+="))
                || line.contains("SetEnvironmentVariable")
                || after.starts_with('=')
        }
        ShellKind::Tcsh if !sets => last_word == "unsetenv",
        ShellKind::Tcsh => last_word == "setenv" || last_word == "set" && after.starts_with('='),
        ShellKind::Nu if !sets => last_word == "hide-env",
        ShellKind::Nu => {
            let in_env = last_word.ends_with("$env.");
            in_env && after.starts_with(['=', '+', '-', '*', '/']) || after.starts_with(':')
        }
        _ if !sets => last_word == "unset",
        _ => {
            // `X=`, `X+=`, `${X:=…}`, `read X`; a `$X` before `=` is a comparison.
            let expanded = before.ends_with('$');
            (after.starts_with('=') || after.starts_with("+=") || after.starts_with(":=")) && !expanded
                || matches!(last_word, "read" | "export")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_known_in_each_language() {
        let yes = |kind, line: &str, name: &str| {
            let at = word_in(line, name).expect("the name is there");
            assert!(assigns(kind, line, at, name, true), "{line}");
        };
        yes(ShellKind::Ksh, "export GOFLAGS=-v", "GOFLAGS");
        yes(ShellKind::Ksh, ": ${GOFLAGS:=x}", "GOFLAGS");
        yes(ShellKind::Mksh, "read -r x; read GOFLAGS", "GOFLAGS");
        yes(ShellKind::Tcsh, "setenv GOFLAGS -v", "GOFLAGS");
        yes(ShellKind::Tcsh, "set path = (/x $path)", "path");
        yes(ShellKind::Nu, "$env.GOFLAGS = 'x'", "GOFLAGS");
        yes(ShellKind::Nu, "load-env { GOFLAGS: x }", "GOFLAGS");
        let line = "if [ $GOFLAGS = x ]; then";
        assert!(!assigns(ShellKind::Ksh, line, 6, "GOFLAGS", true));
    }
}
