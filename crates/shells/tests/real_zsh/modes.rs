//! Which files each mode reads, and where it says so.

use crate::home::Home;
use model::LayerStatus;
use shells::Mode;

const ALL: &[(&str, &str)] = &[
    (".zshenv", "export ENV_FILE=1\n"),
    (".zprofile", "export PROFILE_FILE=1\n"),
    (".zshrc", "export RC_FILE=1\n"),
    (".zlogin", "export LOGIN_FILE=1\n"),
];

#[test]
fn each_mode_reads_its_own_files() {
    let home = Home::new(ALL);
    for (mode, options, read) in [
        (Mode::COMMAND, &[][..], &["ENV_FILE"][..]),
        (Mode::LOGIN, &["-l"], &["ENV_FILE", "PROFILE_FILE", "LOGIN_FILE"]),
        (Mode::INTERACTIVE, &["-i"], &["ENV_FILE", "RC_FILE"]),
        (Mode::LOGIN_INTERACTIVE, &["-l", "-i"], &["ENV_FILE", "PROFILE_FILE", "RC_FILE", "LOGIN_FILE"]),
    ] {
        let seen = home.capture(mode);
        assert_eq!(seen.environment(), home.independent(options), "{mode:?}");
        seen.traced_all();
        for (name, file) in [
            ("ENV_FILE", "zshenv"),
            ("PROFILE_FILE", "zprofile"),
            ("RC_FILE", "zshrc"),
            ("LOGIN_FILE", "zlogin"),
        ] {
            if read.contains(&name) {
                assert_eq!(seen.origin(name), format!(".{file}:1"));
                assert_eq!(seen.layer(file).status, LayerStatus::Applied);
                assert_eq!(seen.layer(file).effects.len(), 1, "{file}");
            } else {
                assert!(seen.skipped(file).starts_with("only "), "{mode:?} {file}");
            }
        }
    }
}

#[test]
fn files_that_are_not_there_are_named_and_skipped() {
    let seen = Home::new(&[]).capture(Mode::LOGIN_INTERACTIVE);
    for id in ["zshenv", "zprofile", "zshrc", "zlogin"] {
        assert_eq!(seen.skipped(id), "does not exist");
    }
}

#[test]
fn what_zsh_sets_itself_is_no_files_doing() {
    let seen = Home::new(ALL).capture(Mode::COMMAND);
    assert_eq!(seen.origin("PWD"), "zsh sets it itself");
}

#[test]
fn a_zdotdir_set_half_way_moves_the_later_files() {
    let home = Home::new(&[
        (".zshenv", "export ZDOTDIR=$HOME/deep\n"),
        (".zshrc", "export RC=home\n"),
        ("deep/.zshrc", "export RC=deep\n"),
        (".zprofile", "export PROFILE=home\n"),
    ]);
    let seen = home.capture(Mode::LOGIN_INTERACTIVE);
    assert_eq!(seen.environment(), home.independent(&["-l", "-i"]));
    assert_eq!((seen.origin("RC").as_str(), seen.origin("ZDOTDIR").as_str()), ("deep/.zshrc:1", ".zshenv:1"));
    assert_eq!(seen.layer("zshrc").title, home.path("deep/.zshrc"));
    assert_eq!(seen.layer("zshenv").title, home.path(".zshenv"));
    assert_eq!(
        (seen.layer("zprofile").title.clone(), seen.skipped("zprofile")),
        (home.path("deep/.zprofile"), "does not exist".into())
    );
}

#[test]
fn unsetting_rcs_stops_the_later_files() {
    let home = Home::new(&[(".zshenv", "export A=1\nunsetopt RCS\n"), (".zshrc", "export RC=1\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!((seen.value("RC"), seen.origin("A").as_str()), (None, ".zshenv:1"));
    assert_eq!(seen.skipped("zshrc"), "the option RCS was unset before");
    assert_eq!(seen.skipped("etc-zshrc"), "the option RCS was unset before");

    let home = Home::new(&[(".zshenv", "setopt noglobalrcs\n"), (".zshrc", "export RC=1\n")]);
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.skipped("etc-zshrc"), "the option GLOBAL_RCS was unset before");
    assert_eq!(seen.origin("RC"), ".zshrc:1");
}

#[test]
fn a_compiled_file_gives_its_lines() {
    let home = Home::new(&[(".zshrc", "\n\nexport RC=1\n")]);
    let compiled = std::process::Command::new(crate::home::ZSH)
        .args(["-f", "-c", "sleep 0.01; zcompile $1", "zsh", &home.path(".zshrc")])
        .status();
    assert!(compiled.expect("zsh runs").success());
    let seen = home.capture(Mode::INTERACTIVE);
    assert_eq!(seen.origin("RC"), ".zshrc:3");
}
