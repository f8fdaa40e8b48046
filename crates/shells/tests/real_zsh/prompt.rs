//! The first prompt: hooks that run before it.

use crate::home::Home;
use shells::Mode;

#[test]
fn hooks_before_the_first_prompt() {
    let home = Home::new(&[(
        ".zshrc",
        "export RC=1\nautoload -Uz add-zsh-hook\nhook() {\n  export HOOK=1\n}\nadd-zsh-hook precmd hook\nprecmd() { export PLAIN=1; }\n",
    )]);
    let seen = home.capture(Mode::prompt(false));
    assert_eq!((seen.value("HOOK").as_deref(), seen.value("PLAIN").as_deref()), (Some("1"), Some("1")));
    assert_eq!((seen.origin("HOOK").as_str(), seen.origin("PLAIN").as_str()), (".zshrc:4", ".zshrc:7"));
    assert_eq!(seen.origin("RC"), ".zshrc:1");
    let names: Vec<String> = seen.layer("prompt").effects.iter().map(|e| e.name.to_string()).collect();
    assert_eq!((names.contains(&"HOOK".into()), names.contains(&"RC".into())), (true, false));
    seen.traced_all();
}

#[test]
fn hooks_that_evaluate_what_a_tool_prints() {
    let home = Home::new(&[
        (".zshrc", "eval \"$($HOME/tool activate)\"\n"),
        (
            "tool",
            "#!/bin/sh\nif [ \"$1\" = activate ]; then cat <<'E'\n_tool_hook() {\n  eval \"$($HOME/tool env)\"\n}\ntypeset -ag precmd_functions\nprecmd_functions+=(_tool_hook)\nE\nelse echo 'export TOOL=1'; echo 'export PATH=\"/tool:$PATH\"'; fi\n",
        ),
    ]);
    std::process::Command::new("chmod").args(["+x", &home.path("tool")]).status().expect("chmod runs");
    let seen = home.capture(Mode::prompt(false));
    assert_eq!(seen.value("TOOL").as_deref(), Some("1"));
    assert_eq!((seen.origin("TOOL"), seen.via("TOOL")), (".zshrc:1".into(), "eval .zshrc:1".into()));
    assert_eq!(seen.effect("PATH").via.as_ref().and_then(|v| v.generated_line), Some(2));
}

#[test]
fn nothing_gets_into_the_history() {
    let home = Home::new(&[(
        ".zshrc",
        "HISTFILE=$HOME/.history SAVEHIST=100 HISTSIZE=100\nsetopt incappendhistory sharehistory\n",
    )]);
    let seen = home.capture(Mode::prompt(true));
    assert!(seen.capture.environment.is_some());
    let history = std::fs::read_to_string(home.path(".history")).unwrap_or_default();
    assert_eq!(history, "");
}
