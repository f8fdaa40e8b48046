//! Runs of real programs: what is handed over, how runs end, and that nothing stays behind.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test of the real machine starts and names processes itself"
)]

use model::{Name, Value};
use std::time::{Duration, Instant};
use system::os::Real;
use system::{Limits, RunEnd, RunOutcome, RunSpec, Size, System as _, Typed};

fn spec(program: &str, args: &[&str]) -> RunSpec {
    RunSpec {
        program: program.to_owned(),
        args: args.iter().map(|&a| Value::from(a)).collect(),
        env: vec![
            (Name::from("PATH"), Value::from("/usr/bin:/bin")),
            (Name::from("MARK"), Value::from("a\nb")),
        ],
        cwd: "/".to_owned(),
        limits: Limits { cpu_ms: 3_000, idle_ms: 1_500, wall_ms: 20_000, ..Limits::default() },
        ..RunSpec::default()
    }
}

fn run(spec: &RunSpec) -> RunOutcome {
    Real::for_tests().run(spec)
}

fn value<'a>(outcome: &'a RunOutcome, name: &str) -> Option<&'a str> {
    outcome.environment.as_ref()?.iter().find(|(n, _)| n.is(name)).and_then(|(_, v)| v.as_str())
}

#[test]
fn a_shell_hands_over_exactly_its_environment() {
    let outcome = run(&spec("/bin/bash", &["--norc", "-c", "export X='1 2'; unset PATH; @HANDOVER@"]));
    assert_eq!(outcome.end, RunEnd::HandedOver, "{outcome:?}");
    assert_eq!(value(&outcome, "X"), Some("1 2"));
    assert_eq!(value(&outcome, "MARK"), Some("a\nb"));
    assert_eq!(value(&outcome, "PATH"), None);
}

#[test]
fn a_hand_over_works_though_descriptors_are_closed_and_env_is_a_function() {
    let script = "env() { :; }; cat() { :; }; exec 1>&- 2>&- 0<&-; @HANDOVER@";
    assert_eq!(run(&spec("/bin/bash", &["-c", script])).end, RunEnd::HandedOver);
}

#[test]
fn an_interactive_shell_has_a_terminal_and_job_control() {
    let mut spec = spec(
        "/bin/bash",
        &["--norc", "-i", "-c", "[ -t 0 ] && [ -t 2 ] && export T=$(ps -o tty= -p $$) M=$-; @HANDOVER@"],
    );
    spec.terminal = Some(Size::default());
    let outcome = run(&spec);
    assert!(value(&outcome, "T").is_some_and(|t| t.starts_with("pts/")), "{outcome:?}");
    assert!(value(&outcome, "M").is_some_and(|m| m.contains('i')), "{outcome:?}");
}

#[test]
fn a_line_is_typed_only_when_the_line_editor_waits() {
    let mut spec = spec("/bin/bash", &["--norc", "--noprofile", "-i"]);
    spec.terminal = Some(Size::default());
    spec.typed = Some(Typed { bytes: b" @HANDOVER@\r".to_vec() });
    let outcome = run(&spec);
    assert_eq!(outcome.end, RunEnd::HandedOver, "{outcome:?}");
    assert!(!outcome.read_terminal);
}

#[test]
fn what_reads_the_terminal_gets_end_of_file() {
    let mut spec =
        spec("/bin/bash", &["--norc", "-i", "-c", "read -r x </dev/tty; read y; export Y=done; @HANDOVER@"]);
    spec.terminal = Some(Size::default());
    let outcome = run(&spec);
    assert!(outcome.read_terminal, "{outcome:?}");
    assert_eq!(value(&outcome, "Y"), Some("done"));
}

#[test]
fn runs_end_by_exit_signal_idleness_and_cpu() {
    assert_eq!(run(&spec("/bin/bash", &["-c", "exit 7"])).end, RunEnd::Exited(7));
    assert_eq!(run(&spec("/bin/bash", &["-c", "kill -9 $$"])).end, RunEnd::Signalled(9));
    assert_eq!(run(&spec("/bin/sleep", &["1000"])).end, RunEnd::Limit("idle"));
    assert_eq!(run(&spec("/bin/bash", &["-c", "while :; do :; done"])).end, RunEnd::Limit("cpu"));
    assert!(matches!(run(&spec("/no/such", &[])).end, RunEnd::NotStarted(_)));
    let mut nowhere = spec("/bin/true", &[]);
    nowhere.cwd = "/no/such/folder".to_owned();
    assert!(matches!(run(&nowhere).end, RunEnd::NotStarted(why) if why.contains("/no/such/folder")));
}

#[test]
fn two_hundred_megabytes_of_output_are_drained() {
    let mut spec = spec("/bin/bash", &["-c", "head -c 200000000 /dev/zero >&2; @HANDOVER@"]);
    spec.limits.output = 1 << 30;
    spec.keep = 1000;
    let outcome = run(&spec);
    assert_eq!(outcome.end, RunEnd::HandedOver);
    assert_eq!((outcome.output_bytes, outcome.stderr.len()), (200_000_000, 1000));
}

#[test]
fn daemons_do_not_hold_a_run_up_and_do_not_outlive_it() {
    let mark = format!("{}.25", 7000 + std::process::id() % 1000);
    let begun = Instant::now();
    let script =
        format!("setsid /bin/sleep {mark} & (nohup /bin/sleep {mark} >/dev/null 2>&1 &) ; @HANDOVER@");
    let outcome = run(&spec("/bin/bash", &["-c", &script]));
    assert_eq!(outcome.end, RunEnd::HandedOver);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let alive =
        Real::for_tests().processes().into_iter().any(|p| p.args.iter().any(|a| a.as_str() == Some(&mark)));
    assert!(!alive, "a daemon of the run is still there");
}

#[test]
fn trace_records_come_through_their_descriptor() {
    let mut spec = spec(
        "/bin/bash",
        &[
            "-c",
            "printf 'a\\0b' >&198; sleep 30 & until [ \"$(</proc/$!/comm)\" = sleep ]; do :; done; exit 0",
        ],
    );
    spec.trace_fd = Some(198);
    let outcome = run(&spec);
    assert_eq!(outcome.trace, b"a\0b");
    assert_eq!(outcome.left_behind, ["sleep"]);
}

/// The body of the next test, as a process of its own that is killed; it does nothing unless told to.
#[test]
fn child_that_is_killed_in_the_middle_of_a_run() {
    if let Ok(mark) = std::env::var("RUN_AND_BE_KILLED") {
        run(&spec("/bin/bash", &["-c", &format!("setsid /bin/sleep {mark} & /bin/sleep {mark}")]));
    }
}

#[test]
fn a_killed_caller_takes_its_runs_along() {
    let mark = format!("{}.5", 8000 + std::process::id() % 1000);
    let mut child = std::process::Command::new(std::env::current_exe().expect("own file"))
        .args(["--exact", "child_that_is_killed_in_the_middle_of_a_run"])
        .env("RUN_AND_BE_KILLED", &mark)
        .spawn()
        .expect("started");
    let sleepers = || {
        let all = Real::for_tests().processes();
        all.into_iter()
            .filter(|p| p.name == "sleep" && p.args.iter().any(|a| a.as_str() == Some(&mark)))
            .count()
    };
    let wait_for = |count: usize| {
        let begun = Instant::now();
        while sleepers() != count && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        sleepers()
    };
    assert_eq!(wait_for(2), 2, "the run goes");
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(wait_for(0), 0, "nothing is left of it");
}

#[test]
fn background_work_comes_to_its_end_and_what_sleeps_is_not_waited_for() {
    let file = std::env::temp_dir().join(format!("background-{}", std::process::id()));
    let path = file.to_string_lossy();
    let work = format!("(for ((i = 0; i < 40000; i++)); do :; done; echo done >{path}) &");
    assert_eq!(run(&spec("/bin/bash", &["-c", &format!("{work} @HANDOVER@")])).end, RunEnd::HandedOver);
    assert_eq!(std::fs::read_to_string(&file).ok().as_deref(), Some("done\n"));
    let _ = std::fs::remove_file(&file);

    let begun = Instant::now();
    assert_eq!(run(&spec("/bin/bash", &["-c", "sleep 30 & @HANDOVER@"])).end, RunEnd::HandedOver);
    assert!(begun.elapsed() < Duration::from_secs(1));
}
