//! Whole commands: `map` over all shells against a plain script, and commands that need no shell.

use super::Line;
use super::homes;
use super::measure::{median, ms, ratio};
use super::shells::environment;
use crate::conformance::{SHELLS_OF_THE_SUITE, plain_run};
use crate::failure::{Doing as _, Done, Failure};
use crate::needs;
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use shells::Mode;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// `map`'s own CPU time beyond that of the shells.
const OWN_CPU_LIMIT: f64 = 30.0;
/// `map`'s wall time against a script that runs the same shells as often.
const WALL_LIMIT: f64 = 1.15;
/// A command that needs no shell.
const NO_SHELL_LIMIT: f64 = 15.0;

/// Runs of the command that starts all shells.
const RUNS: usize = 3;
/// Runs of short commands.
const SHORT_RUNS: usize = 30;

pub(super) fn lines(
    program: &str,
    start: Duration,
    wanted: &dyn Fn(&str) -> bool,
    show: &mut dyn FnMut(Line),
) -> Done {
    let home = tempfile::tempdir()?;
    for shell in ["bash", "zsh", "fish", "dash", "mksh", "ksh"] {
        homes::framework(shell, home.path())?;
    }
    std::fs::write(home.path().join(".profile"), "export FROM_PROFILE=1\n")?;
    std::fs::write(home.path().join(".zprofile"), "")?;
    let base = home.path().join("base.env");
    let block: String = environment(home.path()).iter().map(|(n, v)| format!("{n}={v}\0")).collect();
    std::fs::write(&base, block)?;
    let gowhence = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).arg("-C").arg(home.path()).current_dir(home.path());
        command.env_clear().envs(environment(home.path()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let base = base.display().to_string();
    let all: &[&str] = &["map", "--all", "--refresh", "--format", "json", "--base", &base];

    if wanted("map --all: own CPU") || wanted("map --all: wall") {
        let (mut walls, mut owns) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let (wall, own) = wall_and_own_cpu(&mut gowhence(all))?;
            walls.push(wall);
            owns.push(own);
        }
        walls.sort();
        owns.sort();
        let (wall, own) = (walls[RUNS / 2], owns[RUNS / 2]);
        show(in_starts("map --all: own CPU", own, start, OWN_CPU_LIMIT));
        let script = median(RUNS, || plain_script(home.path()))?;
        let detail = format!("{} / {}", ms(wall), ms(script));
        let name = "map --all: wall / plain script".to_owned();
        show(Line { name, measured: ratio(wall, script), limit: WALL_LIMIT, unit: "×", detail });
    }
    let short: &[(&str, &[&str])] = &[
        ("why PATH --in here", &["why", "PATH", "--in", "here"]),
        ("go --in here", &["go", "--in", "here"]),
        ("verify --in here", &["verify", "--in", "here"]),
        ("map on stored probes", &["map", "--format", "json", "--base", &base]),
        ("map on stored probes, text", &["map", "--base", &base]),
        ("why PATH on stored probes", &["why", "PATH", "--base", &base]),
        ("why PATH --in bash:login, stored", &["why", "PATH", "--in", "bash:login", "--base", &base]),
        ("go --in bash:login, stored", &["go", "--in", "bash:login", "--base", &base]),
        ("diff of two stored shell spaces", &["diff", "bash:login", "bash:interactive", "--base", &base]),
        ("record --dry-run on stored probes", &["record", "unwritten", "--dry-run", "--base", &base]),
        ("map --no-run", &["map", "--no-run"]),
    ];
    for (name, arguments) in short.iter().filter(|(name, _)| wanted(name)) {
        // The first run may store probes.
        finish(&mut gowhence(arguments))?;
        let time = median(SHORT_RUNS, || finish(&mut gowhence(arguments)))?;
        show(in_starts(name, time, start, NO_SHELL_LIMIT));
    }
    for (name, words) in [
        ("completion of a space", ["gowhence", "why", "PATH", "--in", ""]),
        ("completion of a variable", ["gowhence", "map", "--raw", "--var", ""]),
    ] {
        if wanted(name) {
            let time = median(SHORT_RUNS, || finish(&mut completing(program, home.path(), &words)))?;
            show(in_starts(name, time, start, NO_SHELL_LIMIT));
        }
    }
    Ok(())
}

/// The program as the completion of bash calls it, the cursor at the last word.
fn completing(program: &str, home: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("--").args(words).current_dir(home).env_clear().envs(environment(home));
    command.env("COMPLETE", "bash").env("_CLAP_IFS", "\u{b}");
    command.env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn in_starts(name: &str, time: Duration, start: Duration, limit: f64) -> Line {
    Line { name: name.to_owned(), measured: ratio(time, start), limit, unit: "starts", detail: ms(time) }
}

/// Any exit status that is an answer (0 to 3).
fn finish(command: &mut Command) -> Done {
    let status = command.status()?;
    match status.code() {
        Some(0..=3) => Ok(()),
        _ => Err(Failure::new(format!("{command:?}: {status}"))),
    }
}

/// Wall time, and the CPU time of the process itself, its children left out.
fn wall_and_own_cpu(command: &mut Command) -> Done<(Duration, Duration)> {
    let started = Instant::now();
    let mut child = command.spawn()?;
    let pid = Pid::from_raw(i32::try_from(child.id()).doing("process id")?);
    // Not reaped yet: its clock can still be read.
    waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT).doing("waitid")?;
    let wall = started.elapsed();
    let clock = clock_getcpuclockid(pid).doing("the process's clock")?;
    let own = Duration::from(clock_gettime(clock).doing("the process's clock")?);
    child.wait()?;
    Ok((wall, own))
}

/// The same shells in the same modes, each mode twice, one shell's starts one after another and the shells side by
/// side.
fn plain_script(home: &Path) -> Done {
    std::thread::scope(|scope| {
        let threads: Vec<_> = SHELLS_OF_THE_SUITE
            .iter()
            // Not on the PATH of these homes, so not among the shells that `map` finds.
            .filter(|name| **name != "nu")
            .filter_map(|name| Some((name, needs::find(name)?.display().to_string())))
            .map(|(name, path)| scope.spawn(move || starts_of_one(name, &path, home)))
            .collect();
        for thread in threads {
            thread.join().map_err(|_| Failure::new("a thread ended in a panic"))??;
        }
        Ok(())
    })
}

fn starts_of_one(name: &str, path: &str, home: &Path) -> Done {
    for mode in Mode::FOUR.iter().flat_map(|m| [*m, *m]) {
        // An interactive tcsh takes no command; what it reads is the same.
        let mode = if name == "tcsh" { Mode { interactive: false, ..mode } } else { mode };
        plain_run(name, path, mode, &environment(home), home)?;
    }
    Ok(())
}
