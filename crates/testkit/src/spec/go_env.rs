//! What a spec's block `go env [--in SPACE] WORDS…` is answered: stdout as go would print it there, then the status
//! if it is not 0, and what would stand on stderr.
//!
//! Not here: which spaces there are (`answer`).

use go::Programs;
use go::env::print::print;
use go::env::{Outcome, Query, evaluate};
use model::{Folded, Name, Reveal, Shown, Value};
use std::borrow::Cow;
use system::System;
use system::memory::MemorySystem;

/// `words` begin with `env`.
pub(super) fn answer(machine: &MemorySystem, env: &Folded, words: &[String]) -> String {
    let programs = Programs::new(machine);
    let cwd = machine.current_dir().ok();
    let query = Query { programs: &programs, env, cwd: cwd.as_deref(), words, probe: false };
    let (stdout, status, stderr) = match evaluate(&query) {
        Outcome::Values(values) => {
            let printed = print(&values, |variable| {
                let name = Name::from(variable.name());
                let shown = Shown::new(&name, variable.value(), Reveal::No).to_string();
                Cow::Owned(shown.into_bytes())
            });
            let stdout = String::from_utf8_lossy(&printed.stdout).into_owned();
            (stdout, printed.status, values.stderr.clone() + &printed.stderr)
        }
        Outcome::Fatal(fatal) => (String::new(), fatal.status, fatal.stderr),
        Outcome::Writes { .. } => (String::new(), 2, "go would change its env file\n".to_owned()),
        Outcome::NotFound => (String::new(), 127, String::new()),
        Outcome::Unknown { reason, .. } => (String::new(), 3, format!("{reason}\n")),
    };
    let mut text = stdout;
    if status != 0 {
        text.push_str(&format!("exit status {status}\n"));
    }
    let stderr = Value::from(stderr.as_str());
    for line in Shown::free_text(&stderr, Reveal::No).to_string().lines() {
        text.push_str(&format!("stderr: {line}\n"));
    }
    text
}
