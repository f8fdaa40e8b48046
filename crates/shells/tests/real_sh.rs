//! What a start of the real dash, busybox ash and bash as `sh` does, held against themselves in temporary homes.
#![cfg(target_os = "linux")]

mod homes;

use homes::{Home, Named};
use model::Confidence;
use shells::{Mode, ShellKind};

fn shells() -> Vec<(Named, ShellKind)> {
    let mut all = vec![
        (Named::new("sh", "/bin/bash"), ShellKind::BashAsSh),
        (Named::new("dash", "/bin/dash"), ShellKind::Dash),
        (Named::new("sh", "/bin/dash"), ShellKind::Dash),
    ];
    if homes::is_installed("busybox") {
        all.push((Named::new("ash", "/bin/busybox"), ShellKind::Ash));
    }
    all
}

const MODES: [(Mode, &[&str]); 4] = [
    (Mode::COMMAND, &[]),
    (Mode::LOGIN, &["-l"]),
    (Mode::INTERACTIVE, &["-i"]),
    (Mode::LOGIN_INTERACTIVE, &["-l", "-i"]),
];

#[test]
fn each_mode_reads_its_own_files() {
    for (shell, kind) in shells() {
        let files = [
            (".profile", "BY_PROFILE=1\nexport BY_PROFILE\n"),
            (".bashrc", "export BY_RC=1\n"),
            (".bash_profile", "export BY_RC=1\n"),
            ("shrc", "# interactive\nexport BY_ENV=1\n"),
        ];
        let home = Home::new(&shell.path, &files).with("ENV", "$HOME/shrc");
        for (mode, options) in MODES {
            let got = home.capture(mode);
            assert_eq!(got.environment(), home.independent(options), "{kind:?} {mode:?}");
            assert!(got.capture.problems.is_empty(), "{kind:?} {mode:?}: {:?}", got.capture.problems);
            assert_eq!(got.value("BY_PROFILE").is_some(), mode.login, "{kind:?} {mode:?}");
            assert_eq!(got.value("BY_ENV").is_some(), mode.interactive, "{kind:?} {mode:?}");
            assert_eq!(got.value("BY_RC"), None);
            if mode.login {
                assert_eq!(got.origin("BY_PROFILE"), ".profile:1", "{kind:?}");
                assert_eq!(got.confidence("BY_PROFILE"), Confidence::Exact, "{kind:?}");
            }
            if mode.interactive {
                assert_eq!(got.origin("BY_ENV"), "shrc:2", "{kind:?}");
                assert_eq!(got.layer("env-file").effects.len(), 1, "{kind:?}");
            }
        }
    }
}

#[test]
fn env_that_the_profile_sets_is_read_after_it() {
    for (shell, kind) in shells() {
        let files = [(".profile", "ENV=$HOME/shrc\nexport ENV\n"), ("shrc", "export LATE=1\n")];
        let home = Home::new(&shell.path, &files);
        let got = home.capture(Mode::LOGIN_INTERACTIVE);
        assert_eq!(got.environment(), home.independent(&["-l", "-i"]), "{kind:?}");
        assert_eq!(
            (got.origin("LATE"), got.origin("ENV")),
            ("shrc:1".into(), ".profile:1".into()),
            "{kind:?}"
        );
        assert_eq!(got.layer("env-file").effects.len(), 1, "{kind:?}");
    }
}

#[test]
fn lines_come_from_a_bash_that_stands_in() {
    let profile = ". \"$HOME/lib.sh\"\n\
                   prepend() {\n  case \":$PATH:\" in *\":$1:\"*) ;; *) PATH=\"$1:$PATH\" ;; esac\n}\n\
                   prepend /opt/go/bin\n\
                   for name in A B; do\n  export \"LOOP_$name=1\"\ndone\n\
                   eval \"export GEN=1\"\n\
                   : \"${DEFAULTED:=x}\"\nexport DEFAULTED\n\
                   unset LANG\n\
                   SUBST=$(echo 1)\nexport SUBST\n";
    for (shell, kind) in shells() {
        let home = Home::new(&shell.path, &[(".profile", profile), ("lib.sh", "export LIB=1\n")]);
        let got = home.capture(Mode::LOGIN);
        assert_eq!(got.environment(), home.independent(&["-l"]), "{kind:?}");
        let expected = [
            ("LIB", "lib.sh:1"),
            ("PATH", ".profile:3"),
            ("LOOP_A", ".profile:7"),
            ("LOOP_B", ".profile:7"),
            ("GEN", ".profile:9"),
            ("DEFAULTED", ".profile:10"),
            ("LANG", ".profile:12"),
            ("SUBST", ".profile:13"),
        ];
        for (name, place) in expected {
            assert_eq!(got.origin(name), place, "{kind:?} {name}");
        }
        assert_eq!(got.via("PATH"), "function prepend .profile:5", "{kind:?}");
    }
}

#[test]
fn where_the_shells_differ_the_file_is_told() {
    // bash's `echo` keeps the backslash, dash's makes a tab of it.
    let profile = "export SAME=1\nexport ECHOED=\"$(echo 'a\\tb')\"\nexport WHO=\"$0\"\n";
    let shell = Named::new("dash", "/bin/dash");
    let home = Home::new(&shell.path, &[(".profile", profile)]);
    let got = home.capture(Mode::LOGIN);
    assert_eq!(got.environment(), home.independent(&["-l"]));
    assert_eq!(got.value("ECHOED").as_deref(), Some("a\tb"));
    assert_eq!((got.origin("ECHOED"), got.confidence("ECHOED")), (".profile:0".into(), Confidence::File));
    assert_eq!(got.origin("SAME"), ".profile:1");
    assert_eq!((got.origin("WHO"), got.confidence("WHO")), (".profile:3".into(), Confidence::Exact));
}

#[test]
fn what_ends_a_start_is_told_with_its_place() {
    for (shell, kind) in shells() {
        for (profile, code, place) in [
            ("export BEFORE=1\nexit 3\n", "start-up-exits", ".profile:2"),
            ("export BEFORE=1\n\nexec sleep 0\n", "start-up-exits", ".profile:3"),
            ("export BEFORE=1\n\n\nsleep 1000\n", "start-up-hangs", ".profile:4"),
        ] {
            let home = Home::new(&shell.path, &[(".profile", profile)]);
            let got = home.capture(Mode::LOGIN);
            let problem = got.problem(code);
            let origin = problem.origin.as_ref().map(|o| got.show(o));
            assert_eq!(origin.as_deref(), Some(place), "{kind:?} {}", problem.message);
            assert_eq!(got.origin("BEFORE"), ".profile:1");
        }
    }
}

#[test]
fn values_with_newlines_and_other_bytes() {
    let profile = b"A='x\ny\x1e\x1f\xff'\nexport A\nset -eu\nexport AFTER=1\n";
    for (shell, kind) in shells() {
        let home = Home::new(&shell.path, &[]);
        home.write(".profile", profile);
        let got = home.capture(Mode::LOGIN);
        assert_eq!(got.environment(), home.independent(&["-l"]), "{kind:?}");
        assert_eq!(
            (got.origin("A"), got.origin("AFTER")),
            (".profile:1".into(), ".profile:5".into()),
            "{kind:?}"
        );
    }
}
