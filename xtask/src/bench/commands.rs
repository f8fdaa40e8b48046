//! Whole commands: `map` over all shells against a plain script, and commands that need no shell.

use super::Line;
use super::homes;
use super::measure::{median, middle, ms, ratio, shortest_by_turns};
use super::shells::environment;
use super::start::Start;
use super::{plainly, survey};
use crate::failure::{Doing as _, Done, Failure};
use model::{Name, Value};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use system::os::{HandOver, Real};
use system::{RunSpec, System as _};

/// CPU time of `map` beyond that of the shells. Counted is all that is not a shell or started by one: the CPU clock of
/// our process (user and kernel, with the start of processes and the wait for them), and for each run that of the
/// process that supervises it, of the program that hands the environment over, and of the program's execution, which
/// the kernel counts for the child. Shown beside it: the CPU clock of a plain script that makes the same starts, so
/// what starts, terminals and waits cost whoever makes them.
const OWN_CPU_LIMIT: f64 = 30.0;
/// `map`'s wall time against a script that runs the same shells as often.
const WALL_LIMIT: f64 = 1.15;
/// A command that needs no shell.
const NO_SHELL_LIMIT: f64 = 15.0;

/// Runs of the command that starts all shells.
const RUNS: usize = 3;
/// Runs of nothing but a hand-over.
const SHORT_RUNS: usize = 30;
/// Turns of a short command and the empty program.
const TURNS: usize = 60;

pub(super) fn lines(
    program: &str,
    start: &Start,
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
        every_shell(program, home.path(), start.measure()?, &|| gowhence(all), show)?;
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
        show(short_line(name, start, || finish(&mut gowhence(arguments)))?);
    }
    for (name, words) in [
        ("completion of a space", ["gowhence", "why", "PATH", "--in", ""]),
        ("completion of a variable", ["gowhence", "map", "--raw", "--var", ""]),
    ] {
        if wanted(name) {
            show(short_line(name, start, || finish(&mut completing(program, home.path(), &words)))?);
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

/// A command that needs no shell, by turns with the empty program.
fn short_line(name: &str, start: &Start, call: impl FnMut() -> Done) -> Done<Line> {
    let (time, unit) = shortest_by_turns(TURNS, call, || start.run())?;
    Ok(in_starts(name, time, unit, NO_SHELL_LIMIT))
}

fn in_starts(name: &str, time: Duration, start: Duration, limit: f64) -> Line {
    Line { name: name.to_owned(), measured: ratio(time, start), limit, unit: "starts", detail: ms(time) }
}

/// `map` over all shells: its own CPU time, and its wall time beside that of a script that makes the same starts.
fn every_shell(
    program: &str,
    home: &Path,
    start: Duration,
    map: &dyn Fn() -> Command,
    show: &mut dyn FnMut(Line),
) -> Done {
    let base = environment(home);
    let base = base.iter().map(|(n, v)| (Name::from(n.as_str()), Value::from(v.as_str()))).collect();
    let runs = survey::runs(program, home, base)?;
    let outside = outside_of_it(program)?;
    let (mut walls, mut owns) = (Vec::new(), Vec::new());
    let (mut scripts, mut scripts_own) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (wall, own) = wall_and_own_cpu(&mut map())?;
        walls.push(wall);
        owns.push(own);
        let before = cpu_of(UsageWho::RUSAGE_SELF)?;
        scripts.push(median(1, || plainly::run(&runs))?);
        scripts_own.push(cpu_of(UsageWho::RUSAGE_SELF)? - before);
    }
    let [wall, own, script, script_own] = [walls, owns, scripts, scripts_own].map(middle);
    let count = u32::try_from(runs.count()).unwrap_or(u32::MAX);
    let mut line = in_starts("map --all: own CPU", own + outside * count, start, OWN_CPU_LIMIT);
    line.detail = format!(
        "{} + {count} runs × {:.2} ms; a plain script: {}",
        ms(own),
        outside.as_secs_f64() * 1e3,
        ms(script_own)
    );
    show(line);
    let detail = format!("{} / {}, {count} runs", ms(wall), ms(script));
    let name = "map --all: wall / plain script".to_owned();
    show(Line { name, measured: ratio(wall, script), limit: WALL_LIMIT, unit: "×", detail });
    Ok(())
}

/// CPU time of ours that a run costs outside of our process: of what supervises it, and of what hands the environment
/// over, measured by runs of nothing else.
fn outside_of_it(program: &str) -> Done<Duration> {
    let system = Real::with_hand_over(HandOver::Program(program.to_owned()));
    let spec = RunSpec {
        program: "@HANDOVER_PROGRAM@".to_owned(),
        args: vec!["__environment".into(), "@HANDOVER_FIFO@".into()],
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        cwd: "/".to_owned(),
        ..RunSpec::default()
    };
    if system.run(&spec).environment.is_none() {
        return Err(Failure::new("nothing is handed over"));
    }
    let before = cpu_of(UsageWho::RUSAGE_CHILDREN)?;
    for _ in 0..SHORT_RUNS {
        system.run(&spec);
    }
    Ok((cpu_of(UsageWho::RUSAGE_CHILDREN)? - before) / u32::try_from(SHORT_RUNS).unwrap_or(u32::MAX))
}

/// CPU time of this process, or of all that were waited for.
fn cpu_of(whom: UsageWho) -> Done<Duration> {
    let usage = getrusage(whom).doing("getrusage")?;
    let time = |t: nix::sys::time::TimeVal| {
        Duration::from_micros(
            u64::try_from(t.tv_sec()).unwrap_or(0) * 1_000_000 + u64::try_from(t.tv_usec()).unwrap_or(0),
        )
    };
    Ok(time(usage.user_time()) + time(usage.system_time()))
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
