//! `gowhence env` against `go env` of the same SDK: wall time and the greatest memory, by turns in the same run.
//!
//! The SDK is the one that PATH finds. Not here: whether the two say the same (`cargo xtask conformance go`).

use super::measure::{ms, ratio, shortest_by_turns};
use super::{Line, memory};
use crate::failure::{Done, Failure};
use crate::needs;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// `gowhence env -json` against `go env -json`, which starts a C compiler for GOGCCFLAGS.
const FULL_LIMIT: f64 = 0.25;
/// `gowhence env -json` against `go env GOROOT GOPATH`, which starts none.
const TWO_NAMES_LIMIT: f64 = 0.6;
/// Greatest resident memory of `gowhence env -json` against that of `go env -json`.
const MEMORY_LIMIT: f64 = 1.0;

const RUNS: usize = 60;

pub(super) fn lines(program: &str, wanted: &dyn Fn(&str) -> bool, show: &mut dyn FnMut(Line)) -> Done {
    const FULL: &str = "env -json / go env -json";
    const TWO_NAMES: &str = "env -json / go env GOROOT GOPATH";
    const MEMORY: &str = "env -json: memory / that of go env -json";
    if ![FULL, TWO_NAMES, MEMORY].iter().any(|name| wanted(name)) {
        return Ok(());
    }
    let go = needs::find("go").ok_or_else(|| Failure::new("no `go` on PATH to compare with"))?;
    let home = tempfile::tempdir()?;
    std::fs::write(home.path().join("go.mod"), "module example.test/bench\n\ngo 1.16\n")?;
    let ours = || command(Path::new(program), &["env", "-json"], home.path());
    for (name, words, limit) in [
        (FULL, &["env", "-json"][..], FULL_LIMIT),
        (TWO_NAMES, &["env", "GOROOT", "GOPATH"], TWO_NAMES_LIMIT),
    ] {
        if !wanted(name) {
            continue;
        }
        let theirs = || command(&go, words, home.path());
        let (own, go_time) = shortest_by_turns(RUNS, || finish(&mut ours()), || finish(&mut theirs()))?;
        let detail = format!("{} / {}", ms(own), ms(go_time));
        show(Line { name: name.to_owned(), measured: ratio(own, go_time), limit, unit: "×", detail });
    }
    if wanted(MEMORY) {
        let small = memory::build(home.path())?;
        let own = memory::of(&small, &ours())?;
        let of_go = memory::of(&small, &command(&go, &["env", "-json"], home.path()))?;
        let measured = f64::from(own) / f64::from(of_go.max(1));
        let detail = format!("{own} KiB / {of_go} KiB");
        show(Line { name: MEMORY.to_owned(), measured, limit: MEMORY_LIMIT, unit: "×", detail });
    }
    Ok(())
}

/// A command in a module of a home of its own, on the PATH of the caller, so that both find the same go.
fn command(program: &Path, words: &[&str], home: &Path) -> Command {
    let mut command = Command::new(program);
    let path: OsString = std::env::var_os("PATH").unwrap_or_default();
    command.args(words).current_dir(home).env_clear();
    command.env("PATH", path).env("HOME", home).env("GOTOOLCHAIN", "local");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn finish(command: &mut Command) -> Done {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{command:?}: {status}"))) }
}
