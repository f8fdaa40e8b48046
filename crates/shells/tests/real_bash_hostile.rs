//! Start-up files that fight back, run by the real bash: each ends in time, with the file and line where it happened.
#![cfg(target_os = "linux")]

mod homes;

use homes::Home;
use model::Confidence;
use shells::Mode;

const BASH: &str = "/bin/bash";

/// A start that never comes to its end: the problem's code, its place, and what its message says.
fn ends(rc: &str, code: &str, place: &str, says: &str) {
    let home = Home::new(BASH, &[(".bashrc", rc), ("lib.sh", "# lib\nsleep 1000\n")]);
    let got = home.capture(Mode::INTERACTIVE);
    assert!(got.capture.environment.is_none(), "it came to its end");
    let problem = got.problem(code);
    assert!(problem.message.contains(says), "{}", problem.message);
    let origin = problem.origin.as_ref().map(|o| got.show(o));
    assert_eq!(origin.as_deref(), Some(place), "{}", problem.message);
    assert_eq!(got.origin("BEFORE"), ".bashrc:1", "what came before is told");
}

#[test]
fn exec_of_another_program() {
    ends("export BEFORE=1\n\nexec sleep 0.1\n", "start-up-exits", ".bashrc:3", "`exec sleep`");
}

#[test]
fn exit() {
    ends("export BEFORE=1\nif true; then\n  exit 3\nfi\n", "start-up-exits", ".bashrc:3", "`exit 3`");
}

#[test]
fn sleep_in_a_sourced_file() {
    ends("export BEFORE=1\n. ~/lib.sh\n", "start-up-hangs", "lib.sh:2", "`sleep`");
}

#[test]
fn an_endless_loop() {
    ends("export BEFORE=1\n\nwhile :; do :; done\n", "start-up-hangs", ".bashrc:3", "");
}

#[test]
fn a_command_substitution_that_hangs() {
    ends("export BEFORE=1\nexport X=$(\n  sleep 1000)\n", "start-up-hangs", ".bashrc:3", "`sleep`");
}

#[test]
fn output_without_end() {
    ends("export BEFORE=1\n\nyes hello\n", "start-up-floods", ".bashrc:3", "`yes`");
}

#[test]
fn an_error_under_set_eu() {
    ends("export BEFORE=1\nset -eu\necho \"$NOT_SET_ANYWHERE\"\n", "start-up-exits", ".bashrc:2", "");
    ends("export BEFORE=1\nset -e\nfalse\n", "start-up-exits", ".bashrc:3", "`false`");
}

/// A start that comes to its end all the same, with the origins right: `AFTER` is set at this line.
fn survives(rc: &str, line: u32) -> homes::Captured {
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    assert_eq!(got.origin("AFTER"), format!(".bashrc:{line}"));
    assert_eq!(got.confidence("AFTER"), Confidence::Exact);
    got
}

#[test]
fn standard_input_is_read() {
    let home = Home::new(BASH, &[(".bash_profile", "cat >/dev/null\nread -r LINE\nexport LINE AFTER=1\n")]);
    let got = home.capture(Mode::LOGIN);
    assert_eq!(got.environment(), home.independent(&["-l"]));
    assert_eq!(got.origin("AFTER"), ".bash_profile:3");
}

#[test]
fn the_terminal_is_read() {
    let home = Home::new(BASH, &[(".bashrc", "export BEFORE=1\nread -r ANSWER </dev/tty\nexport AFTER=1\n")]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!((got.origin("BEFORE"), got.origin("AFTER")), (".bashrc:1".into(), ".bashrc:3".into()));
    let problem = got.problem("start-up-reads-terminal");
    assert_eq!(problem.origin.as_ref().map(|o| got.show(o)).as_deref(), Some(".bashrc:2"));
}

#[test]
fn tmux_takes_the_terminal() {
    if !homes::is_installed("tmux") {
        return;
    }
    let rc = "export BEFORE=1\n[ -n \"$TMUX\" ] || exec tmux -f /dev/null -L \"hostile$$\" new-session\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.origin("BEFORE"), ".bashrc:1");
    if got.capture.environment.is_none() {
        let problem = got.capture.problems.iter().find(|p| p.origin.is_some()).expect("a problem");
        assert!(problem.message.contains("`exec tmux`"), "{}", problem.message);
        assert_eq!(got.show(problem.origin.as_ref().expect("an origin")), ".bashrc:2");
    }
}

#[test]
fn a_daemon_keeps_every_descriptor_open() {
    let seconds = homes::unlikely_seconds();
    survives(&format!("(sleep {seconds} &)\nsetsid sleep {seconds} &\ndisown\nexport AFTER=1\n"), 4);
    // `survives` starts it once more without us, so ours are counted.
    let left = homes::processes_named(&seconds);
    assert!(left <= 2, "{left} processes are left of a run that should leave none");
    homes::end_processes_named(&seconds);
}

#[test]
fn much_output_that_ends() {
    survives("head -c 6000000 /dev/zero | tr '\\0' 'x'\nhead -c 1000000 /dev/zero >&2\nexport AFTER=1\n", 3);
}

#[test]
fn a_replaced_debug_trap() {
    survives("trap ':' DEBUG\nset -T\nexport AFTER=1\ntrap - DEBUG\nset +T\n", 3);
}

#[test]
fn set_eu_that_goes_well() {
    survives("set -eu\nexport AFTER=1\nfalse || true\n", 2);
}

#[test]
fn set_e_and_a_last_command_that_fails() {
    // Not the end of a real start: only `.` in a script gives that status on.
    survives("set -e\nexport AFTER=1\nread -r READ <<< x; export READ\n[[ -d /nowhere ]] && true\n", 2);
}

#[test]
fn redefined_builtins() {
    let mut rc = String::new();
    for name in [
        "printf", "echo", "command", "trap", "env", "set", "export", "source", ".", "cat", "declare", "test",
        "[",
    ] {
        rc.push_str(&format!("alias {name}=false\n"));
    }
    rc.push_str("unalias export\n\\export AFTER=1\n");
    survives(&rc, 15);

    let mut rc = String::new();
    for name in
        ["printf", "echo", "command", "trap", "env", "set", "cat", "declare", "test", "shopt", "alias", ":"]
    {
        rc.push_str(&format!("{name}() {{ return 1; }}\n"));
    }
    rc.push_str("export AFTER=1\n");
    survives(&rc, 13);
}

#[test]
fn readonly_variables_of_any_name() {
    let mut rc = String::new();
    for name in
        ["F", "L", "N", "SIG", "PS4", "BASH_XTRACEFD", "__gowhence_hook", "PROMPT_COMMAND", "IFS", "HOME"]
    {
        rc.push_str(&format!("readonly {name}\n"));
    }
    rc.push_str("export AFTER=1\n");
    survives(&rc, 11);
}

#[test]
fn twenty_thousand_commands() {
    let mut rc: String = (0..20_000).map(|i| format!("V{}=x{i}\n", i % 500)).collect();
    rc.push_str("export AFTER=1 V7\n");
    let got = survives(&rc, 20_001);
    assert_eq!(got.origin("V7"), ".bashrc:19508");
}

#[test]
fn values_with_newlines_other_bytes_and_our_separators() {
    let rc = b"export A=$'\\x1e\\x1f\\x1d\\n\\x1e'\nB='\x1e\x1f\xff\xfe\n'\nexport B\nexport C=\"\xe9\xe8 $A\"\nexport AFTER=1\n";
    let home = Home::new(BASH, &[]);
    home.write(".bashrc", rc);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    for (name, line) in [("A", 1), ("B", 2), ("C", 5), ("AFTER", 6)] {
        assert_eq!(got.origin(name), format!(".bashrc:{line}"), "{name}");
        assert_eq!(got.confidence(name), Confidence::Exact, "{name}");
    }
}

#[test]
fn tracing_that_the_files_turn_on_and_off_themselves() {
    let got = survives("export EARLY=1\nset -x\nexport AFTER=1\nset +x\nexport DARK=1\nDARK=2\n", 3);
    assert_eq!(got.origin("EARLY"), ".bashrc:1");
    assert_eq!((got.value("DARK").as_deref(), got.origin("DARK")), (Some("2"), ".bashrc:6".to_owned()));

    let got = survives("PS4='+ '\nexport AFTER=1\n", 2);
    assert_eq!(got.value("PS4"), None);
    survives("exec 2>/dev/null\n{ export AFTER=1; } 2>/dev/null\n", 2);
}

#[test]
fn every_descriptor_is_closed() {
    let rc = "for fd in /proc/$$/fd/*; do n=${fd##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done\nexport AFTER=1\n";
    let home = Home::new(BASH, &[(".bash_profile", rc)]);
    let got = home.capture(Mode::LOGIN);
    assert_eq!(got.environment(), home.independent(&["-l"]));
    assert_eq!(
        (got.origin("AFTER"), got.confidence("AFTER")),
        (".bash_profile:2".into(), Confidence::Static)
    );
}

#[test]
fn a_start_up_file_that_starts_the_shell_again() {
    let rc = "export BEFORE=1\n\
              if [ \"${DEPTH:-0}\" -lt 3 ]; then DEPTH=$((DEPTH + 1)) bash -i -c true; fi\n\
              export AFTER=1\n";
    survives(rc, 3);
}

#[test]
fn a_start_up_file_that_starts_the_shell_for_ever() {
    ends("export BEFORE=1\nbash -i -c true\n", "start-up-hangs", ".bashrc:2", "");
}
