//! What the real ksh, mksh, tcsh and nushell do, and where their files say so.

#![cfg(unix)]

mod homes;

use homes::Home;
use model::Confidence;
use shells::Mode;

const KSH: &str = "/usr/bin/ksh";
const MKSH: &str = "/usr/bin/mksh";
const TCSH: &str = "/usr/bin/tcsh";

#[test]
fn ksh_reads_profiles_as_a_login_shell_and_env_as_an_interactive_one() {
    let files = [
        (".profile", "export GOPATH=$HOME/go\nENV=$HOME/.myrc; export ENV\n"),
        (".kshrc", "export GOFLAGS=-v\n"),
        (".mkshrc", "export GOFLAGS=-v\n"),
        (".myrc", "# mine\nexport GOFLAGS=-x\n"),
    ];
    for (shell, rc) in [(KSH, ".kshrc"), (MKSH, ".mkshrc")] {
        for mode in Mode::FOUR {
            let home = Home::new(shell, &files);
            let found = home.capture(mode);
            if mode.login {
                assert_eq!(found.origin("GOPATH"), ".profile:1", "{shell} {mode:?}");
            } else {
                assert_eq!(found.value("GOPATH"), None);
            }
            let expected = match (mode.interactive, mode.login) {
                (false, _) => None,
                (true, true) => Some((".myrc:2".to_owned(), "-x")),
                (true, false) => Some((format!("{rc}:1"), "-v")),
            };
            match expected {
                None => assert_eq!(found.value("GOFLAGS"), None),
                Some((origin, value)) => {
                    assert_eq!(found.origin("GOFLAGS"), origin, "{shell} {mode:?}");
                    assert_eq!(found.value("GOFLAGS").as_deref(), Some(value));
                }
            }
            let options: &[&str] = match (mode.login, mode.interactive) {
                (false, false) => &[],
                (true, false) => &["-l"],
                (false, true) => &["-i"],
                (true, true) => &["-l", "-i"],
            };
            assert_eq!(found.environment(), home.independent(options), "{shell} {mode:?}");
        }
    }
}

#[test]
fn ksh93_tells_the_exact_line() {
    let home = Home::new(
        KSH,
        &[
            (
                ".profile",
                ". ~/lib.sh\nset_bin /b\nflags -v\neval 'export GOPROXY=off\nexport GOSUMDB=off'\n: ${GOENV:=off}\nread GOTOOLCHAIN <<EOF\nlocal\nEOF\nexport GOENV GOTOOLCHAIN\nfor i in a b; do\n  export CC=$i\ndone\nexport GOWORK=a\nunset GOWORK\nexport CXX=$(GOOS=x; echo c++)\n",
            ),
            (
                "lib.sh",
                "# lib\nexport GOPATH=/go\nset_bin() {\n  export GOBIN=$1\n}\nfunction flags {\n  export GOFLAGS=$1\n}\n",
            ),
        ],
    );
    let found = home.capture(Mode::LOGIN);
    assert_eq!(found.origin("GOPATH"), "lib.sh:2");
    assert_eq!(found.last("GOPATH").confidence, Confidence::Exact);
    assert_eq!(found.origin("GOBIN"), "lib.sh:4");
    let via = found.last("GOBIN").via.as_ref().expect("the call");
    assert_eq!((via.how.as_str(), via.place.line), ("function set_bin", 2));
    assert_eq!(found.origin("GOFLAGS"), ".profile:3");
    assert_eq!(found.origin("GOSUMDB"), ".profile:4");
    assert_eq!(found.last("GOSUMDB").via.as_ref().and_then(|v| v.generated_line), Some(2));
    assert_eq!(found.origin("GOENV"), ".profile:6");
    assert_eq!(found.origin("GOTOOLCHAIN"), ".profile:7");
    assert_eq!(found.origin("CC"), ".profile:12");
    assert_eq!(found.origin("CXX"), ".profile:16");

    let again = Home::new(KSH, &[(".profile", "export GOBIN=/x\nexport GOBIN=/x\nexport GOBIN=$GOBIN\n")]);
    assert_eq!(again.capture(Mode::LOGIN).origin("GOBIN"), ".profile:2");
}

#[test]
fn mksh_and_tcsh_tell_the_file_and_the_likely_line() {
    let home = Home::new(
        MKSH,
        &[
            (
                ".profile",
                "if true; then\n  export GOFLAGS=-v\nfi\n. ~/lib.sh\n: ${GOENV:=off}; export GOENV\n",
            ),
            ("lib.sh", "#\nexport GOPATH=/go\n"),
        ],
    );
    let found = home.capture(Mode::LOGIN);
    assert_eq!(found.origin("GOFLAGS"), ".profile:2");
    assert_eq!(found.last("GOFLAGS").confidence, Confidence::File);
    assert_eq!(found.origin("GOPATH"), "lib.sh:2");
    assert_eq!(found.last("GOPATH").confidence, Confidence::Static);
    assert_eq!(found.origin("GOENV"), ".profile:5");
    assert_eq!(found.environment(), home.independent(&["-l"]));

    for mode in Mode::FOUR {
        let home = Home::new(
            TCSH,
            &[
                (
                    ".tcshrc",
                    "setenv GOFLAGS -v\nset path = ($path $HOME/bin)\nif ($?prompt) setenv GOENV off\n",
                ),
                (".cshrc", "setenv GOFLAGS hidden\n"),
                (".login", "\nsetenv GOPATH ~/go\n"),
            ],
        );
        let found = home.capture(mode);
        assert_eq!(found.origin("GOFLAGS"), ".tcshrc:1", "{mode:?}");
        assert_eq!(found.origin("PATH"), ".tcshrc:2", "{mode:?}");
        assert_eq!(found.value("GOPATH").is_some(), mode.login);
        assert_eq!(found.value("GOENV").is_some(), mode.interactive, "{mode:?}");
        if mode.login {
            assert_eq!(found.origin("GOPATH"), ".login:2");
        }
        let hidden = found.capture.layers.iter().find(|l| l.id == "cshrc").expect("a layer");
        assert!(
            matches!(&hidden.status, model::LayerStatus::Skipped { reason } if reason.contains("hidden"))
        );
    }
}

fn nu() -> Option<String> {
    let candidates = ["/usr/bin/nu", "/usr/local/bin/nu", "/opt/nu/node_modules/@nushell/linux-x64/bin/nu"];
    let system = system::os::Real::for_tests();
    candidates.iter().find(|p| system::System::exists(&system, p)).map(|p| (*p).to_owned())
}

#[test]
fn nushell_reads_its_files_in_login_and_interactive_starts() {
    let Some(nu) = nu() else { return };
    for mode in Mode::FOUR {
        let home = Home::new(
            &nu,
            &[
                (
                    ".config/nushell/env.nu",
                    "$env.GOFLAGS = '-v'\n$env.PATH = ($env.PATH | prepend '/env/bin')\n",
                ),
                (".config/nushell/config.nu", "# c\n$env.GOBIN = '/x'\n$env.GOFLAGS = '-x'\n"),
                (".config/nushell/login.nu", "load-env { GOPATH: '/go' }\n"),
                (".config/nushell/autoload/a.nu", "\n\n$env.GOENV = 'off'\n"),
            ],
        );
        let found = home.capture(mode);
        let reads = mode.login || mode.interactive;
        assert_eq!(found.value("GOFLAGS").as_deref(), reads.then_some("-x"), "{mode:?}");
        assert_eq!(found.value("GOPATH").is_some(), mode.login, "{mode:?}");
        assert_eq!(found.value("GOENV").is_some(), mode.interactive, "{mode:?}");
        if reads {
            let folder = ".config/nushell";
            assert_eq!(
                found.origins("GOFLAGS"),
                [format!("{folder}/env.nu:1"), format!("{folder}/config.nu:3")]
            );
            assert!(
                found.origins("PATH").contains(&format!("{folder}/env.nu:2")),
                "{:?}",
                found.origins("PATH")
            );
        }
        if mode.login {
            assert_eq!(found.origin("GOPATH"), ".config/nushell/login.nu:1", "{mode:?}");
        }
        if mode.interactive {
            assert_eq!(found.origin("GOENV"), ".config/nushell/autoload/a.nu:3", "{mode:?}");
        }
    }
}

#[test]
fn what_ends_or_holds_the_start_is_told() {
    let cases: &[(&str, &str, &str, &str, &str, u32)] = &[
        (KSH, ".profile", "export A=1\n\nexec sleep 0.1\n", "start-up-exits", "exec", 3),
        (KSH, ".profile", "export A=1\nexit 3\n", "start-up-exits", "exit 3", 2),
        (KSH, ".profile", "export A=1\n\nsleep 1000\n", "start-up-hangs", "sleep 1000", 3),
        (KSH, ".profile", "while :; do :; done\n", "start-up-hangs", "", 1),
        (MKSH, ".profile", "export A=1\n\nexec sleep 0.1\n", "start-up-exits", "exec", 3),
        (MKSH, ".profile", "export A=1\nsleep 1000\n", "start-up-hangs", "sleep", 2),
        (TCSH, ".tcshrc", "setenv A 1\n\nexec sleep 0.1\n", "start-up-exits", "exec", 3),
        (TCSH, ".tcshrc", "setenv A 1\nsleep 1000\n", "start-up-hangs", "sleep", 2),
    ];
    for &(shell, file, text, code, words, line) in cases {
        let mut home = Home::new(shell, &[(file, text)]);
        home.limits.cpu_ms = 1000;
        let found = home.capture(Mode::LOGIN);
        assert!(found.capture.environment.is_none(), "{shell} {text}");
        let problem = found.problem(code);
        let place = problem.origin.as_ref().and_then(model::Origin::place).expect("a place");
        assert_eq!(found.place(place), format!("{file}:{line}"), "{shell} {text}");
        assert!(problem.message.contains(words), "{}", problem.message);
    }
}

#[test]
fn hostile_starts_come_to_their_end() {
    let cases: &[(&str, &str, &str)] = &[
        (KSH, ".profile", "read answer\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "cat\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "sleep 30 &\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "set -eu\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "trap - DEBUG\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "printf() { :; }\nalias command=echo trap=echo\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "typeset -r IFS\nreadonly LINENO_X=1\nexport GOFLAGS=x\n"),
        (KSH, ".profile", "set -o noclobber\nexport GOFLAGS=x\n"),
        (MKSH, ".profile", "set -eu\nexport GOFLAGS=x\n"),
        (MKSH, ".profile", "printf() { :; }\nalias command=echo trap=echo\nset -C\nexport GOFLAGS=x\n"),
        (MKSH, ".profile", "read answer\nsleep 30 &\nexport GOFLAGS=x\n"),
        (TCSH, ".tcshrc", "set x = $<\nset noclobber\nsetenv GOFLAGS x\n"),
        (TCSH, ".tcshrc", "alias env echo\nalias cat echo\nsleep 30 &\nsetenv GOFLAGS x\n"),
    ];
    for &(shell, file, text) in cases {
        let home = Home::new(shell, &[(file, text)]);
        for mode in [Mode::LOGIN, Mode::LOGIN_INTERACTIVE] {
            let found = home.capture(mode);
            let line = text.lines().count();
            assert_eq!(found.value("GOFLAGS").as_deref(), Some("x"), "{shell} {mode:?} {text}");
            assert_eq!(found.origin("GOFLAGS"), format!("{file}:{line}"), "{shell} {mode:?} {text}");
        }
    }
}

#[test]
fn exit_ends_only_its_own_file_in_tcsh() {
    let home = Home::new(
        TCSH,
        &[(".tcshrc", "setenv GOBIN /x\nexit 2\nsetenv GOBIN no\n"), (".login", "setenv GOFLAGS -v\n")],
    );
    let found = home.capture(Mode::LOGIN);
    assert_eq!(found.value("GOBIN").as_deref(), Some("/x"));
    assert_eq!(found.origin("GOBIN"), ".tcshrc:1");
    assert_eq!(found.origin("GOFLAGS"), ".login:1");
    assert_eq!(found.last("GOFLAGS").confidence, Confidence::File);
    assert!(found.capture.problems.is_empty());
}

#[test]
fn values_with_newlines_and_other_bytes_survive() {
    for (shell, mode) in [(KSH, Mode::LOGIN), (MKSH, Mode::LOGIN)] {
        let home = Home::new(shell, &[]);
        home.write(
            ".profile",
            b"export GOFLAGS=\"a\nb\"\nexport GOBIN=$'\\001\\035x\\377'\nexport GOENV='A=b'\n",
        );
        let found = home.capture(mode);
        assert_eq!(found.environment(), home.independent(&["-l"]), "{shell}");
        assert_eq!(found.origin("GOBIN"), ".profile:3", "{shell}");
        assert_eq!(found.origin("GOENV"), ".profile:4", "{shell}");
    }
}
