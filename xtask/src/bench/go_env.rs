//! `gowhence env` against `go env` of the same SDK: wall time and the greatest memory, by turns in the same run.
//!
//! The SDK is the one that PATH finds. Not here: whether the two say the same (`cargo xtask conformance go`).

// `wait4` tells a single child's memory and has no safe form.
#![expect(unsafe_code, reason = "one call; the block says why it is sound")]

use super::Line;
use super::measure::{by_turns, ms, ratio};
use crate::failure::{Doing as _, Done, Failure};
use crate::needs;
use nix::libc;
use std::ffi::OsString;
use std::mem::MaybeUninit;
use std::path::Path;
use std::process::{Command, Stdio};

/// `gowhence env -json` against `go env -json`, which starts a C compiler for GOGCCFLAGS.
const FULL_LIMIT: f64 = 0.25;
/// `gowhence env -json` against `go env GOROOT GOPATH`, which starts none.
const TWO_NAMES_LIMIT: f64 = 0.6;
/// Greatest resident memory of `gowhence env -json` against that of `go env -json`.
const MEMORY_LIMIT: f64 = 1.0;

const RUNS: usize = 21;

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
        let (own, go_time) = by_turns(RUNS, || finish(&mut ours()), || finish(&mut theirs()))?;
        let detail = format!("{} / {}", ms(own), ms(go_time));
        show(Line { name: name.to_owned(), measured: ratio(own, go_time), limit, unit: "×", detail });
    }
    if wanted(MEMORY) {
        let (own, of_go) = (memory(&mut ours())?, memory(&mut command(&go, &["env", "-json"], home.path()))?);
        #[expect(clippy::cast_precision_loss, reason = "kibibytes of a process fit")]
        let measured = own as f64 / of_go.max(1) as f64;
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

/// Greatest resident memory of a command, in KiB (getrusage(2): `ru_maxrss`).
fn memory(command: &mut Command) -> Done<i64> {
    let child = command.spawn()?;
    let pid = i32::try_from(child.id()).doing("process id")?;
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: both pointers are to locals of the right types; the child is ours and not yet waited for.
    let waited = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
    if waited != pid || status != 0 {
        return Err(Failure::new(format!("{command:?}: ended with wait status {status}")));
    }
    // SAFETY: zeroed, which is a value of this plain structure, and then filled in by the call.
    Ok(unsafe { usage.assume_init() }.ru_maxrss)
}
