//! The first prompt of the real bash.
#![cfg(target_os = "linux")]

mod homes;

use homes::Home;
use model::Confidence;
use shells::Mode;

const BASH: &str = "/bin/bash";

#[test]
fn hooks_of_the_prompt_come_after_the_files() {
    let rc = "export RC=1\n_hook() {\n  export HOOKED=\"$PWD\"\n}\nPROMPT_COMMAND='_hook; export INLINE=2'\n";
    let home = Home::new(BASH, &[(".bashrc", rc), (".bash_profile", ". ~/.bashrc\n")]);
    for login in [false, true] {
        let got = home.capture(Mode::prompt(login));
        assert_eq!(
            got.value("HOOKED").as_deref(),
            Some(home.path("").trim_end_matches('/')),
            "login: {login}"
        );
        assert_eq!(
            (got.origin("HOOKED"), got.via("HOOKED")),
            (".bashrc:3".into(), "function _hook .bashrc:5".into()),
            "login: {login}"
        );
        assert_eq!(
            (got.origin("INLINE"), got.via("INLINE")),
            (".bashrc:5".into(), "prompt hook .bashrc:5".into())
        );
        assert_eq!(got.confidence("INLINE"), Confidence::Via);
        assert_eq!(got.origin("RC"), ".bashrc:1");
        let names: Vec<_> = got.layer("prompt").effects.iter().map(|e| e.name.to_string()).collect();
        assert_eq!(names, ["HOOKED", "INLINE"]);
    }
}

#[test]
fn without_hooks_the_prompt_is_the_interactive_shell() {
    let home = Home::new(BASH, &[(".bashrc", "export RC=1\nPS1='> '\n")]);
    let got = home.capture(Mode::prompt(false));
    assert_eq!(got.environment(), home.capture(Mode::INTERACTIVE).environment());
    assert!(got.capture.problems.is_empty(), "{:?}", got.capture.problems);
}

#[test]
fn an_array_of_hooks_and_a_debug_trap_as_bash_preexec_sets_it() {
    let rc = "export BEFORE=1\n\
              __preexec() { :; }\n\
              trap '__preexec \"$_\"' DEBUG\n\
              set -o functrace\n\
              export AFTER=1\n\
              _first() { export FIRST=1; }\n\
              _second() { export SECOND=1; }\n\
              PROMPT_COMMAND=(_first _second)\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    let got = home.capture(Mode::prompt(false));
    for (name, place) in
        [("BEFORE", ".bashrc:1"), ("AFTER", ".bashrc:5"), ("FIRST", ".bashrc:6"), ("SECOND", ".bashrc:7")]
    {
        assert_eq!(got.origin(name), place, "{name}");
    }
}

#[test]
fn nothing_is_written_into_the_history() {
    let rc = "HISTCONTROL=\nshopt -s histappend\nPROMPT_COMMAND='history -a'\n";
    let home = Home::new(BASH, &[(".bashrc", rc)]);
    home.write(".bash_history", b"ls\n");
    home.capture(Mode::prompt(false));
    home.capture(Mode::prompt(true));
    home.capture(Mode::LOGIN_INTERACTIVE);
    assert_eq!(home.read(".bash_history"), b"ls\n");
}

#[test]
fn a_hook_that_text_defined() {
    // As `eval "$(direnv hook bash)"` does it.
    let hook = "_direnv_hook() {\n  local previous=$?\n  eval \"$(echo export FROM_ENVRC=1)\"\n  return $previous\n}\n\
                PROMPT_COMMAND=\"_direnv_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}\"\n";
    let home = Home::new(BASH, &[(".bashrc", "# first\neval \"$(cat ~/hook)\"\n"), ("hook", hook)]);
    let got = home.capture(Mode::prompt(false));
    assert_eq!(
        (got.origin("FROM_ENVRC"), got.confidence("FROM_ENVRC")),
        (".bashrc:2".into(), Confidence::Via)
    );
}
