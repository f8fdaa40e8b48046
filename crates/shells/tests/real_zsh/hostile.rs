//! Start-up files that end, hang, flood or redefine things.

use crate::home::Home;
use model::Origin;
use shells::Mode;

fn at(seen: &crate::home::Seen, code: &str) -> String {
    seen.problem(code).origin.as_ref().map_or_else(String::new, |o: &Origin| seen.short(o))
}

#[test]
fn exec_of_another_program() {
    let home = Home::new(&[(".zshrc", "export A=1\n:\nexec /bin/true\nexport B=1\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert!(seen.capture.environment.is_none());
    assert_eq!(at(&seen, "start-up-exits"), ".zshrc:3");
    assert!(seen.problem("start-up-exits").message.contains("exec /bin/true"));
    assert_eq!(seen.origin("A"), ".zshrc:1");
}

#[test]
fn exit() {
    let home = Home::new(&[(".zshrc", ". $HOME/sub\n"), ("sub", "export A=1\nexit 3\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(at(&seen, "start-up-exits"), "sub:2");
    assert!(seen.problem("start-up-exits").message.contains("status 3"));
}

#[test]
fn hanging() {
    let seen = Home::new(&[(".zshrc", "export A=1\nsleep 1000\nexport B=1\n")]).capture(Mode::INTERACTIVE);
    assert_eq!(at(&seen, "start-up-hangs"), ".zshrc:2");
    assert_eq!(seen.origin("A"), ".zshrc:1");
}

#[test]
fn looping_without_end() {
    let home = Home::new(&[(".zshrc", "export A=1\nwhile true; do\n  :\ndone\n")]);
    let mut request = home.request(Mode::INTERACTIVE);
    request.limits.cpu_ms = 1_500;
    let capture = shells::capture(&system::os::Real::for_tests(), &request);
    let problem = capture.problems.iter().find(|p| p.code == "start-up-hangs").expect("it hangs");
    let place = problem.origin.as_ref().and_then(Origin::place).expect("a place");
    assert!(place.path.ends_with("/.zshrc") && (2..=3).contains(&place.line), "{place:?}");
}

#[test]
fn reading_standard_input_and_the_terminal() {
    let seen = Home::new(&[(".zshrc", "read x\nread y </dev/tty\nexport A=1\n")]).capture(Mode::INTERACTIVE);
    assert_eq!((seen.value("A").as_deref(), seen.origin("A").as_str()), (Some("1"), ".zshrc:3"));
    assert_eq!(at(&seen, "start-up-reads-terminal"), ".zshrc:1");
    let seen = Home::new(&[(".zshenv", "read x\nexport A=1\n")]).capture(Mode::COMMAND);
    assert_eq!(seen.origin("A"), ".zshenv:2");
}

#[test]
fn tmux_that_starts_itself() {
    let tool =
        "#!/bin/sh\n[ -t 1 ] || { echo 'open terminal failed: not a terminal'; exit 1; }\nexec sleep 1000\n";
    let home = Home::new(&[
        (
            ".zshrc",
            "path=($HOME/bin $path)\nif [[ -z $TMUX ]]; then\n  exec tmux new-session -A\nfi\nexport A=1\n",
        ),
        ("bin/tmux", tool),
    ]);
    std::process::Command::new("chmod").args(["+x", &home.path("bin/tmux")]).status().expect("chmod runs");
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(at(&seen, "start-up-hangs"), ".zshrc:3");
    assert!(seen.problem("start-up-hangs").message.contains("exec tmux"));
}

#[test]
fn a_daemon_that_keeps_descriptors_open() {
    let home = Home::new(&[(".zshrc", "(sleep 300 &)\nsleep 300 &!\nexport A=1\n")]);
    let begun = std::time::Instant::now();
    let seen = home.capture(Mode::INTERACTIVE);
    assert!(begun.elapsed().as_secs() < 10);
    assert_eq!(seen.origin("A"), ".zshrc:3");
}

#[test]
fn two_hundred_megabytes_of_output() {
    let home = Home::new(&[(".zshrc", "export A=1\nhead -c 200000000 /dev/zero\nexport B=1\n")]);
    let mut request = home.request(Mode::INTERACTIVE);
    request.limits.output = 1 << 30;
    let capture = shells::capture(&system::os::Real::for_tests(), &request);
    assert!(capture.environment.is_some());
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.origin("A"), ".zshrc:1");
    assert_eq!(at(&seen, "start-up-floods"), ".zshrc:2");
}

#[test]
fn traps_and_strict_options() {
    let home = Home::new(&[(
        ".zshrc",
        "TRAPDEBUG() { : debug; }\ntrap 'true' ZERR\nexport A=1\nsetopt nounset\nexport B=1\nset -u\nexport C=1\n",
    )]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    assert_eq!(["A", "B", "C"].map(|n| seen.origin(n)), [".zshrc:3", ".zshrc:5", ".zshrc:7"]);
}

/// zsh does not leave a start-up file because of ERR_EXIT.
#[test]
fn a_failure_under_errexit() {
    let home = Home::new(&[(".zshrc", "set -eu\nexport A=1\nfalse\nexport B=1\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    assert_eq!((seen.origin("A"), seen.origin("B")), (".zshrc:2".into(), ".zshrc:4".into()));
}

#[test]
fn redefined_builtins() {
    let home = Home::new(&[(
        ".zshrc",
        "printf() { :; }\ncommand() { :; }\ntrap() { :; }\nenv() { :; }\nfunction : { true; }\nfunction builtin { true; }\nalias cat=false\nalias -g exec=false\nunset() { true; }\nexport A=1\n",
    )]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!((seen.value("A").as_deref(), seen.origin("A").as_str()), (Some("1"), ".zshrc:10"));
}

#[test]
fn values_that_have_the_bytes_of_the_frame_for_a_while() {
    let home = Home::new(&[(
        ".zshrc",
        "export A=$'\\x1e1 1 1 0 f\\x1f\\x1c'\nexport B=1\n:\n:\n:\n:\n:\n:\n:\n:\nexport A=clean\nexport C=1\n",
    )]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(["A", "B", "C"].map(|n| seen.origin(n)), [".zshrc:11", ".zshrc:2", ".zshrc:12"]);
}

#[test]
fn readonly_variables_of_any_name() {
    let home = Home::new(&[(
        ".zshrc",
        "typeset -r _ga=1 _gn=1 _gc=1 PS4=x\nreadonly PATH GOFLAGS=-x\nexport GOFLAGS A=1\nreadonly A\nexport B=1\n",
    )]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    assert_eq!(["A", "B"].map(|n| seen.value(n)), [Some("1".into()), Some("1".into())]);
}

#[test]
fn a_start_up_file_that_starts_the_same_shell() {
    let home = Home::new(&[(
        ".zshrc",
        "export A=1\nif [[ -z $INNER ]]; then\n  export FROM=$(INNER=1 zsh -i -c 'echo in')\nfi\nexport B=1\n",
    )]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    assert_eq!(["A", "FROM", "B"].map(|n| seen.origin(n)), [".zshrc:1", ".zshrc:3", ".zshrc:5"]);
}

#[test]
fn an_alias_or_function_named_go_is_told() {
    let seen = Home::new(&[(".zshrc", "alias go='grc go'\n")]).capture(Mode::INTERACTIVE);
    let shadow = seen.capture.shadow.as_ref().expect("a shadow");
    assert_eq!((shadow.kind.as_str(), shadow.text.as_str()), ("alias", "grc go"));
    let home = Home::new(&[(".zshrc", "go() { command go \"$@\"; }\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    let shadow = seen.capture.shadow.as_ref().expect("a shadow");
    assert_eq!(shadow.kind, "function");
    assert_eq!(
        shadow.origin.as_ref().and_then(Origin::place).map(|p| p.path.clone()),
        Some(home.path(".zshrc"))
    );
    assert_eq!(Home::new(&[]).capture(Mode::INTERACTIVE).capture.shadow, None);
}

#[test]
fn tracing_that_is_switched_off_or_told_otherwise() {
    for line in ["PS4='+%N:%i> '", "unsetopt xtrace", "set +x", "unsetopt promptsubst", "emulate -R zsh"] {
        let text = format!(
            "export A=1\n{line}\nexport B=2\nf() {{\n  export C=3\n}}\nf\neval 'export E=5'\nexport D=4\n"
        );
        let seen = Home::new(&[(".zshrc", &text)]).capture(Mode::INTERACTIVE);
        seen.traced_all();
        assert_eq!(
            ["A", "B", "C", "E", "D"].map(|n| seen.origin(n)),
            [".zshrc:1", ".zshrc:3", ".zshrc:5", ".zshrc:8", ".zshrc:9"],
            "{line}"
        );
    }
}

#[test]
fn twenty_thousand_commands() {
    let text: String = (0..10_000).map(|n| format!(": {n}\nx{}={n}\n", n % 50)).collect();
    let home = Home::new(&[(".zshrc", &format!("export A=1\n{text}export B=2\n"))]);
    let seen = home.capture(Mode::INTERACTIVE);
    seen.traced_all();
    assert_eq!((seen.origin("A"), seen.origin("B")), (".zshrc:1".into(), ".zshrc:20002".into()));
}
