//! `vscode:window`: the main process's variables and, over them, those of the shell that was asked.
//!
//! Union only: what start-up files unset is there all the same, if the session had it. On a server this is what terminals
//! and the extension host both start from, with the server's own command line tools in front of PATH. Not here: the
//! extension host's own variables.

use super::main_process::PER_RUN;
use super::{Flavour, Window, live, shell_env};
use crate::derived::Derived;
use crate::trace::Trace;
use model::{Evidence, Folded, Layer, Origin, Problem, Space, State};

const MERGE: &str = "vscode: base/parts/sandbox/electron-browser/preload.ts resolveShellEnv";
const SERVER: &str = "vscode: server/node/extensionHostConnection.ts buildUserEnvironment";

/// The space, once the shell was asked; `None` before that.
pub(super) fn space(window: &Window<'_>, main: &Folded) -> Option<Derived> {
    let (context, editor) = (window.context, window.editor);
    let asked = context.atlas.space(&editor.id("shell-env"))?;
    let title = if editor.is_server() {
        format!("what {} gives to a window", editor.name)
    } else {
        format!("{} window", editor.name)
    };
    let id = editor.id("window");
    let rule = |what: &str| Origin::rule(what, if editor.is_server() { SERVER } else { MERGE });
    // Nothing may be run here: what the shell would have given is not known.
    let skipped = shell_env::skipped(window, main);
    if matches!(asked.evidence, Evidence::NotChecked { .. }) && skipped.is_none() {
        let reason = format!("it takes over what {} gives, which was not run", asked.id);
        let space = Space::new(id, title, Some(editor.id("main")), Evidence::NotChecked { reason });
        return Some(Derived { space, then: None });
    }
    let taken = asked.evidence.has_values();
    let stale = live::stale(context, editor, asked);
    let parent = if taken { asked.id.clone() } else { editor.id("main") };
    let mut space = Space::new(id, title, Some(parent.clone()), Evidence::Derived);
    space.problems.extend(stale);
    let inherited = context.atlas.fold(&parent);
    let mut trace = Trace::over(&inherited);
    if taken {
        union(&mut trace, main, &rule);
    } else {
        let reason = skipped.unwrap_or_else(|| {
            let said = asked.evidence.reason().unwrap_or_default();
            let message = format!("nothing of the shell's start-up files is taken over: {said}");
            space.problems.push(Problem::warning("shell-env-failed", message.clone()));
            message
        });
        trace.begin(Layer::skipped("shell-env", "environment of the shell", reason));
    }
    if editor.is_server() {
        server(&mut trace, window);
    }
    space.layers = trace.into_layers();
    Some(Derived { space, then: None })
}

/// What the main process had and the shell's start-up unset.
fn union(trace: &mut Trace, main: &Folded, rule: &dyn Fn(&str) -> Origin) {
    let lost: Vec<_> = main
        .histories()
        .filter_map(|history| match &history.state {
            State::Set(value) if !trace.has(history.name.as_bytes()) => Some((history, value)),
            _ => None,
        })
        .collect();
    trace.layer(
        "union",
        "variables of the main process that the shell unset",
        rule("a variable is never taken away"),
    );
    for (history, value) in lost {
        trace.set(history.name.as_bytes(), value.as_bytes(), rule("the main process has it"));
    }
}

/// A server's own part.
pub(super) fn server(trace: &mut Trace, window: &Window<'_>) {
    let rule = |what: &str| Origin::rule(what, SERVER);
    trace.layer("server", "the server's own", rule("set for what a window starts"));
    trace.set(
        b"VSCODE_ESM_ENTRYPOINT",
        b"vs/workbench/api/node/extensionHostProcess",
        rule("the module to start"),
    );
    trace.set(b"VSCODE_HANDLES_UNCAUGHT_ERRORS", b"true", rule("a mark for its own processes"));
    trace.stand_in(b"VSCODE_NLS_CONFIG", b"{}", PER_RUN, rule("the display language"));
    trace.stand_in(b"VSCODE_RECONNECTION_GRACE_TIME", b"10800000", PER_RUN, rule("how long it waits"));
    if window.editor.flavour == Flavour::CodeServer && !trace.has(b"VSCODE_PROXY_URI") {
        let origin = Origin::rule("how ports are reached through it", "code-server: patches/proxy-uri.diff");
        let why = "it depends on the address that the browser has";
        trace.stand_in(b"VSCODE_PROXY_URI", b"http://127.0.0.1:8080/proxy/{{port}}/", why, origin);
    }
    let Some(bin) = window.editor.app_root.as_ref().map(|root| format!("{root}/bin")) else {
        trace.unreadable(
            b"BROWSER",
            "the server's own folder is not known",
            rule("opens links in the window"),
        );
        return;
    };
    let tools = format!("{bin}/remote-cli");
    let path = match trace.get("PATH").filter(|path| !path.is_empty()) {
        Some(path) => [tools.as_bytes(), b":", path].concat(),
        None => tools.into_bytes(),
    };
    trace.set(b"PATH", &path, rule("the server's command line tools"));
    trace.set(b"BROWSER", format!("{bin}/helpers/browser.sh").as_bytes(), rule("opens links in the window"));
}
