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
