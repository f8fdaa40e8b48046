//! `vscode:shell-env`: the environment of a hidden login shell, which the editor takes over into its windows.
//!
//! The shell is run exactly as the editor runs it: interactive, without a terminal, from the main process's environment
//! and three marks. What comes of a failure stands in the window. Not here: how the two are merged (`window_env`).

use super::Window;
use crate::derived::{After, Derived, ThenShell, Ways};
use crate::trace::Trace;
use model::{Evidence, Folded, Layer, Origin, Space};
use std::sync::Arc;
use system::Os;

const REFERENCE: &str = "vscode: platform/shell/node/shellEnv.ts doResolveUnixShellEnv";
/// Seconds; `application.shellEnvironmentResolutionTimeout` and its limits (vscode: platform/shell/node/shellEnv.ts).
const TIMEOUT: (u64, u64, u64) = (1, 10, 120);
/// What the probe sets, and takes out of its answer.
const MARKS: [&[u8]; 3] =
    [b"ELECTRON_RUN_AS_NODE", b"ELECTRON_NO_ATTACH_CONSOLE", b"VSCODE_RESOLVING_ENVIRONMENT"];

/// Whether it is asked at all; the reason where it is not (vscode: platform/shell/node/shellEnv.ts
/// getResolvedShellEnv).
pub(super) fn skipped(window: &Window<'_>, main: &Folded) -> Option<String> {
    if window.context.system.os() == Os::Windows {
        return Some("on Windows no shell is asked".to_owned());
    }
    let by_command = main.value("VSCODE_CLI").is_some_and(|v| v.as_bytes() == b"1");
    if by_command && !window.editor.is_server() {
        return Some("started by the command `code` in a terminal (VSCODE_CLI=1)".to_owned());
    }
    None
}

/// The space, with the shell that is to be run.
pub(super) fn space(window: &Window<'_>, main: &Folded) -> Derived {
    let editor = window.editor;
    let id = editor.id("shell-env");
    let title = format!("the shell that {} asks for its environment", editor.name);
    if let Some(reason) = skipped(window, main) {
        let mut space =
            Space::new(id, title, Some(editor.id("main")), Evidence::NotChecked { reason: reason.clone() });
        space.layers.push(Layer::skipped("probe", "login shell", reason));
        return Derived { space, then: None };
    }
    let mut space = Space::new(id, title, Some(editor.id("main")), Evidence::Observed);
    let mut trace = Trace::over(main);
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("probe", "marks of the probe", rule("set for the shell that is asked"));
    for mark in MARKS {
        trace.set(mark, b"1", rule("a mark of the probe"));
    }
    space.layers = trace.into_layers();
    let shell = system_shell(window, main);
    let name = shell.rsplit('/').next().unwrap_or_default();
    let before: Vec<(&'static [u8], Option<Vec<u8>>)> = MARKS
        .iter()
        .map(|mark| (*mark, main.value(&String::from_utf8_lossy(mark)).map(|v| v.as_bytes().to_vec())))
        .collect();
    let then = ThenShell {
        login: !matches!(name, "tcsh" | "csh"),
        interactive: !matches!(name, "pwsh" | "powershell" | "pwsh-preview"),
        terminal: false,
        arg0: None,
        cwd: cwd(window, main),
        user: window.context.user.clone(),
        ways: Ways {
            detached: true,
            gives_up_ms: Some(timeout_s(window) * 1000),
            after: Some(After(Arc::new(move |folded| taken_out(folded, &before)))),
            ..Ways::default()
        },
        shell,
    };
    Derived { space, then: Some(then) }
}

fn timeout_s(window: &Window<'_>) -> u64 {
    let (least, usual, most) = TIMEOUT;
    let set = window.settings.get("application.shellEnvironmentResolutionTimeout", None);
    set.and_then(|s| s.number()).map_or(usual, |s| s.clamp(least as f64, most as f64) as u64)
}

/// The marks go, or are again what they were; one variable of the session goes, too.
fn taken_out(folded: &Folded, before: &[(&'static [u8], Option<Vec<u8>>)]) -> Vec<Layer> {
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    let mut trace = Trace::over(folded);
    trace.layer("taken-out", "taken out of the answer", rule("not taken over"));
    for (mark, value) in before {
        match value {
            Some(value) if *mark != MARKS[2] => trace.set(mark, value, rule("as it was before the probe")),
            _ => trace.unset(mark, rule("a mark of the probe")),
        }
    }
    trace.unset(b"XDG_RUNTIME_DIR", rule("never taken over from a shell"));
    trace.into_layers()
}

/// `$SHELL`, else the user database's, else `sh`; never `/bin/false` (vscode: base/node/shell.ts getSystemShell).
pub(super) fn system_shell(window: &Window<'_>, environment: &Folded) -> String {
    let given = environment.value("SHELL").map(|v| v.to_text().into_owned()).filter(|s| !s.is_empty());
    let own = || Some(window.context.user.shell.clone()).filter(|s| !s.is_empty());
    match given.or_else(own).unwrap_or_else(|| "sh".to_owned()).as_str() {
        "/bin/false" => "/bin/bash".to_owned(),
        shell => shell.to_owned(),
    }
}

/// The probe runs in the folder of the main process: that of its session is the home.
fn cwd(window: &Window<'_>, main: &Folded) -> String {
    let home =
        main.value("HOME").map_or_else(|| window.context.user.home.clone(), |v| v.to_text().into_owned());
    if window.context.system.is_folder(&home) { home } else { "/".to_owned() }
}
