//! Specs: one Markdown file a scenario, readable as documentation and run as a test.
//!
//! Prose tells what is true and where that is known from; fenced blocks lay out a fake machine and state what the
//! program answers on it:
//!
//! | block | holds |
//! |---|---|
//! | `toml machine` | a `machine.toml` (`system::machine_dir`) |
//! | `sh file PATH [mode=755] [uid=0] [gid=0]` | a file of it; any language may stand first |
//! | `programs` | paths of programs that are installed, one a line |
//! | `sdk FOLDER VERSION` | a Go SDK there; empty |
//! | `env` | the caller's own environment, `NAME=value` a line |
//! | `toml process PID` | a running process |
//! | `toml registry` | keys of a Windows registry |
//! | `run SPACE` | what a start of the real shell did; written by the updater, never by hand |
//! | `expect` | answers, one a line (`answer`) |
//! | `map`, `why NAME [--in SPACE]`, `diff A B`, `go --in SPACE`, `doctor` | the text that the command prints |
//! | `fixed PATH` | that file with the first fix of every finding made |
//! | `go env [--in SPACE] WORDS…` | what `gowhence env` prints; the status if it is not 0, and stderr behind it |
//!
//! With `GOWHENCE_UPDATE_SPECS=1` the answers in the files are rewritten instead of compared; what was rewritten is to
//! be read before it is kept.

mod answer;
mod difference;
mod go_env;
mod markdown;
#[cfg(unix)]
pub mod rerun;
mod run_text;
mod scenario;

pub use scenario::Scenario;

use std::fmt;
use std::path::{Path, PathBuf};

/// Set to rewrite the answers in the specs.
const UPDATE: &str = "GOWHENCE_UPDATE_SPECS";

/// What is wrong with a spec, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: PathBuf,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.what)
    }
}

/// What became of the specs.
#[derive(Debug, Default)]
pub struct Outcome {
    pub specs: usize,
    pub answers: usize,
    pub faults: Vec<Fault>,
    /// Files whose answers were rewritten.
    pub rewritten: Vec<PathBuf>,
}

/// Checks (or rewrites) every spec below `root`: all of `specs/`, and `spec.md` or `specs/*.md` in any crate.
pub fn check_all(root: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    for path in find(root) {
        outcome.specs += 1;
        let shown = path.strip_prefix(root).unwrap_or(&path).to_owned();
        match std::fs::read_to_string(&path) {
            Ok(text) => check(&path, &shown, &text, &mut outcome),
            Err(e) => outcome.faults.push(Fault { path: shown, line: 1, what: e.to_string() }),
        }
    }
    outcome
}

/// Every spec below `root`, sorted.
pub fn find(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root.join("specs"), true, &mut found);
    collect(&root.join("crates"), false, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, inside_specs: bool, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" {
            collect(&path, inside_specs || name == "specs", found);
        } else if path.extension().is_some_and(|e| e == "md")
            && (name == "spec.md" || (inside_specs && name != "README.md"))
        {
            found.push(path);
        }
    }
}

fn check(path: &Path, shown: &Path, text: &str, outcome: &mut Outcome) {
    let prepared = Scenario::parse(shown, text).and_then(|s| s.machine().map(|machine| (s, machine)));
    let (scenario, machine) = match prepared {
        Ok(prepared) => prepared,
        Err(fault) => return outcome.faults.push(fault),
    };
    let update = std::env::var_os(UPDATE).is_some_and(|v| v != "0" && !v.is_empty());
    let mut changes = Vec::new();
    for part in &scenario.answers {
        outcome.answers += 1;
        let answer = match answer::answer(&scenario, &machine, part) {
            Ok(answer) => answer,
            Err(fault) => {
                outcome.faults.push(fault);
                continue;
            }
        };
        let Some((line, diff)) = difference::difference(&part.block.text, &answer) else { continue };
        if update {
            changes.push((part.block.lines.clone(), answer));
        } else {
            let what = format!("`{}` is answered otherwise\n{diff}", part.block.info);
            outcome.faults.push(scenario.fault(part.block.line + line, what));
        }
    }
    if !changes.is_empty() {
        match std::fs::write(path, markdown::replace(text, &changes)) {
            Ok(()) => outcome.rewritten.push(shown.to_owned()),
            Err(e) => outcome.faults.push(scenario.fault(1, e.to_string())),
        }
    }
}
