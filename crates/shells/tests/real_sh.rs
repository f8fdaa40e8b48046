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
    // Each has another number of options.
    let profile = "export SAME=1\nexport OPTIONS=\"$(set -o | wc -l)\"\nexport WHO=\"$0\"\n";
    for (shell, kind) in shells() {
        let home = Home::new(&shell.path, &[(".profile", profile)]);
        let got = home.capture(Mode::LOGIN);
        assert_eq!(got.environment(), home.independent(&["-l"]));
        // bash stands in for ash; what dash tells of itself is enough.
        let expected = match kind {
            ShellKind::Ash => (".profile:0", Confidence::File),
            _ => (".profile:2", Confidence::Exact),
        };
        assert_eq!((&got.origin("OPTIONS")[..], got.confidence("OPTIONS")), expected, "{kind:?}");
        assert_eq!(got.origin("SAME"), ".profile:1");
        assert_eq!((got.origin("WHO"), got.confidence("WHO")), (".profile:3".into(), Confidence::Exact));
    }
}

/// Of these dash tells itself; each line of `lib.sh` is as in `.profile`, so that files are told apart by more than a
/// line's text.
#[test]
fn dash_is_followed_through_its_files() {
    let lib = "[ -n \"$HOME\" ]\nexport FROM_LIB=\"$1 x  y\"\nreturn 0\nexport NOT_REACHED=1\n";
    let profile = r#"[ -n "$HOME" ]
. "$HOME/lib.sh"
for file in "$HOME"/parts/*.sh; do
  [ -r "$file" ] || continue
  case $file in */stop.sh) break ;; esac
  . "$file"
done
set_one() { export "$1=$2"; }
set_all() {
  set_one ONE 'a  b'
  while read -r key value; do set_one "$key" "$value"; done <<END
TWO two
THREE $(echo 3) `echo "("`
END
}
set_all && ! false
eval "
export EVAL=1
inner() { IN=2; export IN; }
inner"
X=$(echo "$HOME" | cat; { echo 'a;b)'; echo "c'"; }) Y=${X#*;}
export X Y
(export SUB=1); export PIPE=1 | cat
OUTER="${UNSET:-${HOME}/"q r"}" \
  export OUTER
set -u
: $((COUNT = 1 + (2 * 3)))
export COUNT="${COUNT:?}"
"#;
    let files = [
        (".profile", profile),
        ("lib.sh", lib),
        ("parts/a.sh", "export PART_A=1\n"),
        ("parts/b.sh", "export PART_B=1\n"),
        ("parts/stop.sh", "export PART_A=2\n"),
    ];
    let home = Home::new("/bin/dash", &files);
    let got = home.capture(Mode::LOGIN);
    assert_eq!(got.environment(), home.independent(&["-l"]));
    // Of text that stands in the file as it is evaluated the line is known.
    for (name, place, via) in [
        ("FROM_LIB", "lib.sh:2", "source .profile:2"),
        ("PART_A", "parts/a.sh:1", "source .profile:6"),
        ("PART_B", "parts/b.sh:1", "source .profile:6"),
        ("ONE", ".profile:8", "function set_one .profile:16"),
        ("TWO", ".profile:8", "function set_one .profile:16"),
        ("THREE", ".profile:8", "function set_one .profile:16"),
        ("EVAL", ".profile:17", "eval .profile:17 line 2"),
        ("IN", ".profile:19", "function inner .profile:17"),
        ("X", ".profile:21", "export .profile:22"),
        ("Y", ".profile:21", "export .profile:22"),
        ("OUTER", ".profile:24", "export .profile:24"),
        ("COUNT", ".profile:28", ""),
    ] {
        assert_eq!((&got.origin(name)[..], &got.via(name)[..]), (place, via), "{name}");
    }
    assert_eq!((got.value("SUB"), got.value("PIPE"), got.value("NOT_REACHED")), (None, None, None));
}

#[test]
fn the_trace_of_dash_stays_out_of_the_users_files() {
    for hostile in [
        "{ export A=1; } 2>>\"$HOME/log\"\n",
        "f() {\n  export A=1\n}\nf 2>>\"$HOME/log\"\n",
        "exec 2>>\"$HOME/log\"\nexport A=1\n",
        "eval 'export A=1' 2>>\"$HOME/log\"\n",
        "if true; then export A=1; fi >>\"$HOME/log\" 2>&1\n",
        ". \"$HOME/lib.sh\" 2>>\"$HOME/log\"\n",
        "use() { . \"$1\"; }\nuse \"$HOME/hidden.sh\"\n",
    ] {
        let files = [
            (".profile", hostile),
            ("lib.sh", "export A=1\n"),
            ("hidden.sh", "{ export A=1; } 2>>\"$HOME/log\"\n"),
        ];
        let home = Home::new("/bin/dash", &files);
        let got = home.capture(Mode::LOGIN);
        assert_eq!(got.environment(), home.independent(&["-l"]));
        let log = home.read("log");
        assert!(log.is_empty(), "{hostile}: {}", String::from_utf8_lossy(&log));
        let line = 1 + hostile.lines().position(|line| line.contains("export A")).unwrap_or(0);
        let file = if hostile.contains("hidden") {
            "hidden.sh".to_owned()
        } else if hostile.contains("lib") {
            "lib.sh".to_owned()
        } else {
            ".profile".to_owned()
        };
        assert_eq!(got.origin("A"), format!("{file}:{line}"), "{hostile}");
    }
}

#[test]
fn dash_starts_that_hide_their_trace_are_told_by_another_way() {
    for (profile, line) in [
        ("set +x\nexport A=1\n", 2),
        ("PS4='+ '\nexport A=1\n", 2),
        ("alias put='export'\nput A=1\n", 2),
        ("f() { export A=1; }\nf 2>/dev/null\n", 1),
        ("sleep 0 &\nexport A=1\nwait\n", 2),
        ("{ :; : ; } & { :; :; } &\nexport A=1\nwait\n", 2),
        ("if [ -n \"$HOME\" ]; then\n  export A=1\nelse\n  export A=1\nfi\n", 2),
        ("if [ -z \"$HOME\" ]; then\n  export A=1\nelse\n  export A=1\nfi\n", 4),
        ("f() { export A=1; }\nf() {\n  export A=1\n}\nf\n", 3),
        ("echo() { command echo \"$@\"; }\nenv() { :; }\nexport A=1\n", 3),
        ("command export A=1\n", 1),
        ("trap 'echo bye' EXIT\nreadonly A=1\nexport A\n", 2),
        ("unset HOME PATH\nexport A=1\n", 2),
        ("IFS=:\nfor A in 1; do :; done\nexport A\n", 2),
    ] {
        let home = Home::new("/bin/dash", &[(".profile", profile)]);
        let got = home.capture(Mode::LOGIN);
        assert_eq!(got.environment(), home.independent(&["-l"]), "{profile}");
        assert_eq!(got.value("A").as_deref(), Some("1"), "{profile}");
        assert_eq!(got.origin("A"), format!(".profile:{line}"), "{profile}");
    }
}

#[test]
fn an_alias_or_function_named_go_is_told_of_dash() {
    for (text, kind, place) in [
        ("alias go='go -x'\n", Some("alias"), "shrc:1"),
        ("alias go='go -x'\nunalias go\n", None, ""),
        ("# x\ngo() { command go \"$@\"; }\n", Some("function"), "shrc:2"),
        ("if false; then\n  go() { :; }\nfi\n", None, ""),
        ("go() { :; }\nunset -f go\n", None, ""),
    ] {
        let home = Home::new("/bin/dash", &[("shrc", text)]).with("ENV", "$HOME/shrc");
        let got = home.capture(Mode::INTERACTIVE);
        let shadow = got.capture.shadow.as_ref();
        assert_eq!(shadow.map(|s| &s.kind[..]), kind, "{text}");
        let origin = shadow.and_then(|s| s.origin.as_ref()).map(|o| got.show(o)).unwrap_or_default();
        assert_eq!(origin, place, "{text}");
    }
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
