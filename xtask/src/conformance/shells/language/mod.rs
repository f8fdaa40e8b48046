//! Start-up files in the languages of the shells, made up from a seed.
//!
//! One file a language. All write with a [`Writer`]: fresh tokens, names that do not repeat, and files that are sourced
//! by the one that is being written.

mod fish;
mod nu;
mod posix;
mod tcsh;

use super::home::Home;
use crate::conformance::chance::Chance;

/// Variables that the lines assign.
const NAMES: &[&str] =
    &["GOPATH", "GOPROXY", "GOFLAGS", "GOBIN", "GOPRIVATE", "GOTMPDIR", "EDITOR", "XA", "XB", "XC", "XD"];

/// How deep files source files.
const DEEPEST: usize = 3;

/// What all languages write with.
pub(crate) struct Writer {
    pub(crate) chance: Chance,
    pub(crate) home: Home,
    counter: usize,
}

impl Writer {
    /// A word that stands nowhere else.
    fn token(&mut self) -> String {
        format!("tk{}z", self.number())
    }

    fn number(&mut self) -> usize {
        self.counter += 1;
        self.counter
    }

    fn name(&mut self) -> &'static str {
        self.chance.pick(NAMES)
    }

    /// Two names that differ.
    fn two_names(&mut self) -> (&'static str, &'static str) {
        let first = self.chance.below(NAMES.len());
        let second = (first + 1 + self.chance.below(NAMES.len() - 1)) % NAMES.len();
        (NAMES[first], NAMES[second])
    }

    fn file(&mut self, name: &str, lines: &[String]) {
        self.home.files.insert(name.to_owned(), lines.join("\n") + "\n");
    }

    /// A folder of the home that is there, for PATH.
    fn folder(&mut self) -> String {
        let name = self.token();
        self.home.folders.push(name.clone());
        name
    }
}

/// The shells of the suite and the language that each reads.
pub(crate) const SHELLS: &[&str] = &["bash", "sh", "dash", "zsh", "fish", "ksh", "mksh", "tcsh", "nu"];

/// A home for one shell.
pub(crate) fn home(shell: &str, seed: u64) -> Home {
    let mut writer = Writer { chance: Chance::seeded(seed), home: Home::default(), counter: 0 };
    // Neighbouring seeds begin alike.
    writer.chance.below(2);
    match shell {
        "fish" => fish::write(&mut writer),
        "tcsh" => tcsh::write(&mut writer),
        "nu" => nu::write(&mut writer),
        posix => posix::write(&mut writer, posix),
    }
    writer.home
}

/// Lines of text, each indented.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_home_again() {
        for shell in SHELLS {
            let (one, again, other) = (home(shell, 1), home(shell, 1), home(shell, 2));
            assert_eq!(one.files, again.files, "{shell}");
            assert_ne!(one.files, other.files, "{shell}");
        }
    }
}
