//! Functions, sourced files, evaluated text and emulation: the line inside, and the call site.

use crate::home::{Home, Seen};
use model::Confidence;
use shells::Mode;

fn run(files: &[(&str, &str)]) -> Seen {
    let home = Home::new(files);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-i"]));
    seen.traced_all();
    seen
}

fn line(seen: &Seen, name: &str) -> String {
    format!("{} via {}", seen.origin(name), seen.via(name))
}

#[test]
fn sourced_files_in_a_chain() {
    let seen = run(&[
        (".zshrc", "source $HOME/a.zsh\n. ./rel/b.sh\nexport LAST=1\n"),
        ("a.zsh", "export A=1\n. ${0:h}/deep/c.zsh\nexport A2=1\n"),
        ("deep/c.zsh", "\nexport C=1\n"),
        ("rel/b.sh", "export B=1\n"),
    ]);
    assert_eq!(
        ["A", "C", "A2", "B", "LAST"].map(|n| seen.origin(n)),
        ["a.zsh:1", "deep/c.zsh:2", "a.zsh:3", "rel/b.sh:1", ".zshrc:3"]
    );
    assert!(["A", "C", "B"].iter().all(|n| seen.confidence(n) == Confidence::Exact));
}

#[test]
fn functions_give_body_and_call_site() {
    let seen = run(&[(
        ".zshrc",
        "f() {\n  local z=1\n  export F=1\n}\ng () { h; }\nfunction h {\n  export H=1\n}\nf\ng\n() { export ANON=$1 } 5\nadd() { path=($1 $path) }\nadd /x\nadd /y\n",
    )]);
    assert_eq!(line(&seen, "F"), ".zshrc:3 via function f .zshrc:9");
    assert_eq!(line(&seen, "H"), ".zshrc:7 via function h .zshrc:5");
    assert_eq!(line(&seen, "ANON"), ".zshrc:11 via anonymous function .zshrc:11");
    assert_eq!(line(&seen, "PATH"), ".zshrc:12 via function add .zshrc:14");
    assert_eq!(seen.confidence("F"), Confidence::Via);
}

#[test]
fn autoloaded_functions_stand_in_their_own_file() {
    let seen = run(&[
        (".zshrc", "fpath=($HOME/fns $fpath)\nautoload -Uz af bf\naf\nbf\n"),
        ("fns/af", "# header\nexport AF=1\n"),
        ("fns/bf", "bf() {\n  export BF=1\n}\nbf \"$@\"\n"),
    ]);
    assert_eq!(line(&seen, "AF"), "fns/af:2 via function af .zshrc:3");
    assert_eq!(seen.origin("BF"), "fns/bf:2");
}

#[test]
fn evaluated_text_gives_the_call_site_and_its_own_line() {
    let seen = run(&[
        (
            ".zshrc",
            "eval \"$(cat $HOME/gen)\"\neval 'export LIT=1\nexport LIT2=2'\nn=DYN\neval \"export $n=1\"\n: x\ngenf\n",
        ),
        ("gen", "export GEN=1\ngenf() {\n  export IN_GEN=1\n}\nexport GEN3=3\n"),
    ]);
    let generated = |name: &str| seen.effect(name).via.as_ref().and_then(|v| v.generated_line);
    assert_eq!((line(&seen, "GEN"), generated("GEN")), (".zshrc:1 via eval .zshrc:1".into(), Some(1)));
    assert_eq!((line(&seen, "GEN3"), generated("GEN3")), (".zshrc:1 via eval .zshrc:1".into(), Some(5)));
    assert_eq!(
        (line(&seen, "IN_GEN"), generated("IN_GEN")),
        (".zshrc:1 via function genf .zshrc:7".into(), Some(3))
    );
    assert_eq!(line(&seen, "LIT"), ".zshrc:2 via eval .zshrc:2");
    assert_eq!(line(&seen, "LIT2"), ".zshrc:3 via eval .zshrc:2");
    assert_eq!(line(&seen, "DYN"), ".zshrc:5 via eval .zshrc:5");
}

#[test]
fn evaluation_inside_functions_and_files() {
    let seen = run(&[
        (".zshrc", ". $HOME/a.zsh\neval '. $HOME/b.zsh'\n"),
        ("a.zsh", "setup() {\n  :\n  eval \"export S=1\"\n}\nsetup\n"),
        ("b.zsh", "export B=1\n:\nbf() {\n  export BF=1\n}\nbf\n"),
    ]);
    assert_eq!(line(&seen, "S"), "a.zsh:3 via eval a.zsh:3");
    assert_eq!(seen.origin("B"), "b.zsh:1");
    assert_eq!(line(&seen, "BF"), "b.zsh:4 via function bf b.zsh:6");
}

#[test]
fn files_under_emulation_have_their_real_lines() {
    let seen = run(&[
        (".zshrc", "emulate sh -c '. $HOME/sh.sh'\nexport AFTER=1\nemulate -L zsh\nexport AFTER2=1\n"),
        (
            "sh.sh",
            "export E1=1\nif true; then\n  export E2=2\nfi\nef() {\n  export E3=3\n}\nef\nexport E4=4\n. $HOME/more.sh\n",
        ),
        ("more.sh", "\nexport M=1\n"),
    ]);
    assert_eq!(
        ["E1", "E2", "E3", "E4", "M"].map(|n| seen.origin(n)),
        ["sh.sh:1", "sh.sh:3", "sh.sh:6", "sh.sh:9", "more.sh:2"]
    );
    assert_eq!((seen.origin("AFTER").as_str(), seen.origin("AFTER2").as_str()), (".zshrc:2", ".zshrc:4"));
}

#[test]
fn output_of_a_command_that_is_sourced_belongs_to_the_line_that_sources_it() {
    let seen = run(&[(".zshrc", ":\nsource <(echo 'export PS=1')\n")]);
    assert_eq!(line(&seen, "PS"), ".zshrc:2 via source .zshrc:2");
}

#[test]
fn local_variables_are_no_change() {
    let seen = run(&[(
        ".zshrc",
        "export GOFLAGS=-a\nf() {\n  local GOFLAGS=-b\n  :\n  local PATH=/nowhere\n  :\n}\nf\nGOFLAGS=-c f\nGOFLAGS=-d true\nexport Z=1\n",
    )]);
    assert_eq!(seen.history("GOFLAGS"), ["-a @ .zshrc:1"]);
    assert!(seen.effects("PATH").is_empty());
}

#[test]
fn a_variable_put_back_by_hand_has_its_history() {
    let seen = run(&[(
        ".zshrc",
        "f() {\n  local old=$GOFLAGS\n  GOFLAGS=-b\n  :\n  GOFLAGS=$old\n}\nexport GOFLAGS=-a\nf\n:\n",
    )]);
    assert_eq!(seen.history("GOFLAGS"), ["-a @ .zshrc:7", "-b @ .zshrc:3", "-a @ .zshrc:5"]);
}

#[test]
fn functions_that_switch_tracing_off_are_named_by_their_call() {
    let seen = run(&[(
        ".zshrc",
        "quiet() {\n  setopt localoptions noxtrace\n  export Q=1\n  export $1=2\n}\n:\nquiet DYNAMIC\nexport AFTER=1\n",
    )]);
    assert_eq!(seen.origin("Q"), ".zshrc:3");
    assert_eq!(seen.origin("AFTER"), ".zshrc:8");
}

#[test]
fn functions_under_other_options() {
    let seen = run(&[(
        ".zshrc",
        "a() {\n  emulate -LR zsh\n  export A=1\n}\nb() {\n  setopt localoptions ksharrays shwordsplit nounset\n  export B=1\n}\nc() {\n  emulate -L sh\n  export C=1\n}\na\nb\nc\nexport D=1\n",
    )]);
    assert_eq!(
        ["A", "B", "C", "D"].map(|n| seen.origin(n)),
        [".zshrc:3", ".zshrc:7", ".zshrc:11", ".zshrc:16"]
    );
}

#[test]
fn names_outside_ascii_in_any_locale() {
    for locale in ["C", "C.UTF-8"] {
        let home =
            Home::new(&[(".zshrc", "source $HOME/é/ü.zsh\nexport V=é\n"), ("é/ü.zsh", "export A=1\n")]);
        let home = home.with("LC_ALL", locale.as_bytes());
        let seen = home.capture(Mode::INTERACTIVE);
        assert_eq!(
            (seen.origin("A").as_str(), seen.origin("V").as_str()),
            ("é/ü.zsh:1", ".zshrc:2"),
            "{locale}"
        );
        seen.traced_all();
    }
}
