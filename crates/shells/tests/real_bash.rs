//! What a start of the real bash does, held against bash itself in temporary homes.
#![cfg(target_os = "linux")]

mod homes;

use homes::Home;
use model::{Confidence, LayerStatus};
use shells::Mode;

const BASH: &str = "/bin/bash";

#[test]
fn each_mode_reads_its_own_files() {
    let home = Home::new(
        BASH,
        &[
            (".bash_profile", "export BY_PROFILE=1\n"),
            (".profile", "export BY_HIDDEN=1\n"),
            (".bashrc", "\nexport BY_RC=1\n"),
            ("env.sh", "export BY_ENV=1\n"),
        ],
    );
    let env = home.path("env.sh");
    let home = home.with("BASH_ENV", &env);
    for (mode, options, set) in [
        (Mode::COMMAND, &[][..], &["BY_ENV"][..]),
        (Mode::LOGIN, &["-l"], &["BY_PROFILE", "BY_ENV"]),
        (Mode::INTERACTIVE, &["-i"], &["BY_RC"]),
        (Mode::LOGIN_INTERACTIVE, &["-l", "-i"], &["BY_PROFILE"]),
    ] {
        let got = home.capture(mode);
        assert_eq!(got.environment(), home.independent(options), "{mode:?}");
        for name in ["BY_PROFILE", "BY_HIDDEN", "BY_RC", "BY_ENV"] {
            assert_eq!(got.value(name).is_some(), set.contains(&name), "{name} in {mode:?}");
        }
        for &name in set {
            let place = match name {
                "BY_RC" => ".bashrc:2",
                "BY_ENV" => "env.sh:1",
                _ => ".bash_profile:1",
            };
            assert_eq!(got.origin(name), place, "{mode:?}");
            assert_eq!(got.confidence(name), Confidence::Exact);
        }
    }
    let login = home.capture(Mode::LOGIN);
    let hidden = LayerStatus::Skipped { reason: "hidden by ~/.bash_profile".to_owned() };
    assert_eq!(login.layer("profile").status, hidden);
}

/// One home that writes variables in every way that a start-up file does.
const WAYS: &str = r#"export LITERAL=one
PLAIN=two
export PLAIN
. ~/lib.sh
prepend() {
  case ":$PATH:" in
    *":$1:"*) ;;
    *) PATH="$1:$PATH" ;;
  esac
}
prepend "$HOME/go/bin"
for name in FROM_LOOP_A FROM_LOOP_B; do
  export "$name=looped"
done
eval "$(printf 'export GEN_A=1\nexport GEN_B=2\n')"
read -r READ <<< "read value"
export READ
printf -v PRINTED '%s-%s' a b
export PRINTED
: "${DEFAULTED:=a default}"
export DEFAULTED
export SUBST="$(echo from a command)"
if [ -d / ]; then export YES=1; else export NO=1; fi
export MULTI="first
second"
declare -x DECLARED=d
TEMP=for-one-command true
(export CHILD=1)
echo piped | read PIPED
set -a
ALL=exported
set +a
export GONE=1
unset GONE
unset LANG
export FIRST=1 \
  SECOND=2
source <(echo 'export STREAMED=1')
HOSTILE_BYTES=$'\xff\xfe\x1e\x1f\n\x1c'
export HOSTILE_BYTES
(( COUNTED = 40 + 2 ))
export COUNTED
export APPENDED=a
APPENDED+=b
local_only() { local LITERAL=inner; export INNER=1; }
local_only
"#;

#[test]
fn every_way_of_writing_is_found_at_its_line() {
    let home = Home::new(
        BASH,
        &[(".bashrc", WAYS), ("lib.sh", "# a library\nexport LIB=1\nexport LITERAL2=\"$LITERAL\"\n")],
    );
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    assert!(got.capture.problems.is_empty(), "{:?}", got.capture.problems);

    let exact = [
        ("LITERAL", ".bashrc:1"),
        ("PLAIN", ".bashrc:2"),
        ("LIB", "lib.sh:2"),
        ("LITERAL2", "lib.sh:3"),
        ("FROM_LOOP_A", ".bashrc:13"),
        ("FROM_LOOP_B", ".bashrc:13"),
        ("READ", ".bashrc:16"),
        ("PRINTED", ".bashrc:18"),
        ("DEFAULTED", ".bashrc:20"),
        ("SUBST", ".bashrc:22"),
        ("YES", ".bashrc:23"),
        ("MULTI", ".bashrc:24"),
        ("DECLARED", ".bashrc:26"),
        ("ALL", ".bashrc:31"),
        ("LANG", ".bashrc:35"),
        ("FIRST", ".bashrc:36"),
        ("SECOND", ".bashrc:37"),
        ("HOSTILE_BYTES", ".bashrc:39"),
        ("COUNTED", ".bashrc:41"),
        ("APPENDED", ".bashrc:44"),
    ];
    for (name, place) in exact {
        assert_eq!(got.origin(name), place, "{name}");
        assert_eq!(got.confidence(name), Confidence::Exact, "{name}");
    }
    assert_eq!(got.via("LIB"), "source .bashrc:4");
    assert_eq!(got.via("PLAIN"), "export .bashrc:3");

    assert_eq!(
        (got.origin("PATH"), got.via("PATH")),
        (".bashrc:8".into(), "function prepend .bashrc:11".into())
    );
    assert_eq!(
        (got.origin("INNER"), got.via("INNER")),
        (".bashrc:45".into(), "function local_only .bashrc:46".into())
    );
    assert_eq!(
        (got.origin("GEN_A"), got.via("GEN_A")),
        (".bashrc:15".into(), "eval .bashrc:15 line 1".into())
    );
    assert_eq!(got.via("GEN_B"), "eval .bashrc:15 line 2");
    assert_eq!(
        (got.origin("STREAMED"), got.via("STREAMED")),
        (".bashrc:38".into(), "source .bashrc:38 line 1".into())
    );
    for name in ["PATH", "GEN_B", "STREAMED"] {
        assert_eq!(got.confidence(name), Confidence::Via, "{name}");
    }

    assert_eq!(got.origins("GONE"), [".bashrc:33", ".bashrc:34"], "set and unset in between");
    assert_eq!(got.origins("LITERAL"), [".bashrc:1"], "a local variable is not the environment");
    for name in ["TEMP", "CHILD", "PIPED", "NO"] {
        assert!(got.effects(name).is_empty(), "{name}");
    }
    let place = got.last("SECOND").origin.place().expect("a place").clone();
    assert_eq!((place.column, place.end_line, place.end_column), (3, 37, 11));
    let place = got.last("MULTI").origin.place().expect("a place").clone();
    assert_eq!((place.line, place.column, place.end_line, place.end_column), (24, 8, 25, 8));
}

#[test]
fn a_function_that_text_defined_leads_to_the_eval() {
    let rc = "# tool init\neval \"$(cat ~/init.sh)\"\n\nactivate one\nexport AFTER=1\n";
    let init = "other() { :; }\nactivate() {\n  export ACTIVE=$1\n}\n";
    let home = Home::new(BASH, &[(".bashrc", rc), ("init.sh", init)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    assert_eq!(got.origin("ACTIVE"), ".bashrc:2");
    assert_eq!(got.via("ACTIVE"), "function activate .bashrc:4 line 3");
    assert_eq!(got.origin("AFTER"), ".bashrc:5");
}

#[test]
fn what_the_text_does_not_tell_is_watched_in_a_second_run() {
    let rc = "declare -n ref=NAMED\nref=by-reference\nexport NAMED\nset -x 2>/dev/null\nset +x\nexport DARK=1\n\
              declare -u UPPER=abc\nexport UPPER\nreadonly FIXED=1; export FIXED\nFIXED=2\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    assert_eq!(got.origin("NAMED"), ".bashrc:2");
    assert_eq!(got.value("UPPER").as_deref(), Some("ABC"));
}

#[test]
fn an_exported_function_and_names_that_bash_cannot_write_are_kept() {
    let home =
        Home::new(BASH, &[(".bashrc", "\ngreet() { echo hi; }\nexport -f greet\n")]).with("odd.name", "1");
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    assert_eq!(got.origin("BASH_FUNC_greet%%"), ".bashrc:3");
    assert!(got.effects("odd.name").is_empty());
}

#[test]
fn bash_under_sshd_reads_the_files_of_an_interactive_shell() {
    let rc = "export TOP=1\ncase $- in *i*) ;; *) return;; esac\nexport BELOW=1\n";
    let home = Home::new(BASH, &[(".bashrc", rc), ("env.sh", "export BY_ENV=1\n")]);
    let env = home.path("env.sh");
    let home = home.with("SSH_CLIENT", "::1 1 22").with("BASH_ENV", &env);
    let got = home.capture(Mode::COMMAND);
    assert_eq!(got.environment(), home.independent(&[]));
    assert_eq!(got.origin("TOP"), ".bashrc:1");
    assert_eq!((got.value("BELOW"), got.value("BY_ENV")), (None, None));

    let deeper = home.with("SHLVL", "1");
    let got = deeper.capture(Mode::COMMAND);
    assert_eq!(got.environment(), deeper.independent(&[]));
    assert_eq!((got.value("TOP"), got.origin("BY_ENV")), (None, "env.sh:1".to_owned()));
}

#[test]
fn a_name_with_a_dash_makes_a_login_shell() {
    let mut home = Home::new(BASH, &[(".profile", "export ZERO=\"$0\"\n"), (".bashrc", "export RC=1\n")]);
    home.arg0 = Some("-bash".to_owned());
    let got = home.capture(Mode::LOGIN_INTERACTIVE);
    assert_eq!((got.value("ZERO").as_deref(), got.origin("ZERO")), (Some("-bash"), ".profile:1".to_owned()));
    assert_eq!(got.confidence("ZERO"), Confidence::Exact);
    assert_eq!(got.value("RC"), None);
}

#[test]
fn an_alias_or_function_named_go_is_told() {
    let home = Home::new(BASH, &[(".bashrc", "\nalias go='GOFLAGS=-v go'\n")]);
    let shadow = home.capture(Mode::INTERACTIVE).capture.shadow.expect("an alias");
    assert_eq!((&shadow.kind[..], &shadow.text[..]), ("alias", "GOFLAGS=-v go"));
    assert_eq!(shadow.origin.as_ref().and_then(|o| o.place()).map(|p| p.line), Some(2));

    let home = Home::new(BASH, &[(".bashrc", "\n\ngo() { command go \"$@\"; }\n")]);
    let got = home.capture(Mode::INTERACTIVE);
    let shadow = got.capture.shadow.as_ref().expect("a function");
    assert_eq!((&shadow.kind[..], &shadow.text[..]), ("function", "go () "));
    assert_eq!(got.show(shadow.origin.as_ref().expect("an origin")), ".bashrc:3");

    let home = Home::new(BASH, &[(".bashrc", "alias go=x\nunalias go\n")]);
    assert_eq!(home.capture(Mode::INTERACTIVE).capture.shadow, None);
}

#[test]
fn commands_on_several_lines_are_found_at_the_line_that_writes() {
    let rc = "export A=1\nread -r A <<END\ntwo\nEND\nexport A\n\
              export B=\"x:\n$B\"\nexport C=1 \\\n  D=\"2\n3\"\nexport E=$(\n  echo 4\n)\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.environment(), home.independent(&["-i"]));
    for (name, line) in [("A", 2), ("B", 6), ("C", 8), ("D", 9), ("E", 11)] {
        assert_eq!(got.origin(name), format!(".bashrc:{line}"), "{name}");
        assert_eq!(got.confidence(name), Confidence::Exact, "{name}");
    }
}

#[test]
fn of_several_assignments_on_a_line_the_one_that_ran_is_told() {
    let rc = "if false; then export A=1; else export A=2; fi\nfor n in 1 2; do export B=$n; B=x$n; done\n";
    let got = Home::new(BASH, &[(".bashrc", rc)]).capture(Mode::INTERACTIVE);
    let column = |name: &str| {
        got.effects(name).last().and_then(|e| e.origin.place().map(|place| (place.line, place.column)))
    };
    assert_eq!(column("A"), Some((1, 40)));
    assert_eq!(column("B"), Some((2, 31)));
}

#[test]
fn a_trap_before_every_command_does_not_take_its_default() {
    let rc = "trap 'x=1' DEBUG\ntrue\n: \"${A:=w}\"; export A\n";
    let got = Home::new(BASH, &[(".bashrc", rc)]).capture(Mode::INTERACTIVE);
    assert_eq!((got.origin("A").as_str(), got.confidence("A")), (".bashrc:3", Confidence::Exact));
}

#[test]
fn who_writes_the_same_value_again_decides() {
    let rc = "export GOFLAGS=-v\nexport GOFLAGS=-v\nexport LANG=${LANG:-C}\nexport PATH\n: ${USER:=x}\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!(got.origins("GOFLAGS"), [".bashrc:1", ".bashrc:2"]);
    for name in ["LANG", "PATH", "USER"] {
        assert!(got.effects(name).is_empty(), "{name} is what was inherited");
    }
}

#[test]
fn a_bash_without_a_trace_descriptor_traces_onto_standard_error() {
    let folder = Home::new(BASH, &[("bin/bash", "#!/bin/bash\nexec 198>&-\nexec /bin/bash \"$@\"\n")]);
    let bash = folder.path("bin/bash");
    homes::make_executable(&bash);
    let home =
        Home::new(&bash, &[(".bashrc", "echo noise >&2\nexport RC=1\n"), (".profile", "\nexport LOGIN=1\n")]);
    let got = home.capture(Mode::INTERACTIVE);
    assert_eq!((got.origin("RC"), got.confidence("RC")), (".bashrc:2".into(), Confidence::Exact));
    let got = home.capture(Mode::LOGIN);
    assert_eq!((got.origin("LOGIN"), got.confidence("LOGIN")), (".profile:2".into(), Confidence::Exact));
}
