//! `vscode:main`: the first process of the app, or the server.
//!
//! A desktop app inherits what starts it: the session's desktop (icon, menu), or the terminal in which `code` is typed.
//! A server is started from outside, so that it begins where `--base` says. Not here: a running one (`live`).

use super::{Editor, Flavour, Kind, Launch, Window};
use crate::derived::Derived;
use crate::trace::Trace;
use model::{Evidence, Folded, Origin, Space, SpaceId};

const SERVER: &str = "vscode: src/server-main.ts, server/node/server.main.ts";
const CODE_SERVER: &str = "code-server: src/node/cli.ts setDefaults, src/node/wrapper.ts";
/// The Node that runs a server, where nothing tells it.
pub(super) const NODE: &[u8] = b"/usr/bin/node";
/// Why a value stands for another one.
pub(super) const PER_RUN: &str = "its value differs from run to run";

/// The space; without a parent that could be had there is none.
pub(super) fn space(window: &Window<'_>) -> Option<Derived> {
    let context = window.context;
    let editor = window.editor;
    if let Launch::Running { pid } = editor.launch {
        return Some(running(window, pid));
    }
    let parent = parent(window)?;
    let title = match editor.kind {
        Kind::Desktop => format!("{} main process", editor.name),
        Kind::Server if editor.flavour == Flavour::CodeServer => "code-server".to_owned(),
        Kind::Server => format!("{} server", editor.name),
    };
    let mut space = Space::new(editor.id("main"), title, Some(parent.clone()), Evidence::Derived);
    let environment = context.atlas.fold(&parent);
    let mut trace = Trace::over(&environment);
    own(&mut trace, &environment, editor);
    space.layers = trace.into_layers();
    Some(Derived { space, then: None })
}

/// What the program itself changes.
fn own(trace: &mut Trace, environment: &Folded, editor: &Editor) {
    match editor.flavour {
        Flavour::CodeServer => code_server(trace, editor),
        _ if editor.is_server() => server(trace),
        _ => desktop(trace, environment, editor),
    }
}

/// A running one: what it was given, and what it changes by rules.
fn running(window: &Window<'_>, pid: u32) -> Derived {
    let editor = window.editor;
    let title = format!("{} (pid {pid})", editor.name);
    let origin = Origin::Process { pid };
    let mut space = Space::new(editor.id("main"), title, None, Evidence::Observed);
    match window.context.system.process_environment(pid) {
        Ok(given) => {
            let mut trace = Trace::new();
            trace.layer("executed-with", "what it was given when it was executed", origin.clone());
            for (name, value) in &given {
                trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
            }
            let mut before = Space::new(editor.id("main"), "", None, Evidence::Observed);
            before.layers = trace.into_layers();
            let before_folded = Folded::over(None, &before);
            let mut trace = Trace::over(&before_folded);
            own(&mut trace, &before_folded, editor);
            space.layers = before.layers;
            space.layers.extend(trace.into_layers());
        }
        Err(error) => {
            let reason = format!("the environment of {} (pid {pid}) {error}", editor.name);
            space.evidence = Evidence::Unreadable { reason };
        }
    }
    Derived { space, then: None }
}

/// What starts it: the desktop session where there is one, else what everything starts from.
fn parent(window: &Window<'_>) -> Option<SpaceId> {
    let context = window.context;
    let has_values = |id: &SpaceId| context.atlas.space(id).is_some_and(|s| s.evidence.has_values());
    if window.editor.launch == Launch::Command && has_values(context.caller) {
        return Some(context.caller.clone());
    }
    let desktop = SpaceId::of("desktop");
    let base = context.atlas.baseline.space.clone();
    if !window.editor.is_server() && *context.base == crate::Base::Login && has_values(&desktop) {
        return Some(desktop);
    }
    has_values(&base).then_some(base)
}

fn desktop(trace: &mut Trace, environment: &Folded, editor: &Editor) {
    let rule = |what: &str| Origin::rule(what, "vscode: src/main.ts, code/electron-main/app.ts");
    trace.layer("app", format!("{} itself", editor.name), rule("set by the app"));
    if editor.launch == Launch::Command {
        let cli = Origin::rule("the command `code`", "vscode: src/cli.ts");
        trace.set(b"VSCODE_CLI", b"1", cli);
    }
    if environment.value("VSCODE_CWD").is_none() {
        trace.stand_in(b"VSCODE_CWD", b"/", PER_RUN, rule("the folder that it was started in"));
    }
    trace.stand_in(b"VSCODE_NLS_CONFIG", b"{}", PER_RUN, rule("the display language"));
    trace.stand_in(b"VSCODE_IPC_HOOK", b"/run/vscode-main.sock", PER_RUN, rule("its own socket"));
}

fn server(trace: &mut Trace) {
    let rule = |what: &str| Origin::rule(what, SERVER);
    trace.layer("server", "the server itself", rule("set by the server"));
    if !trace.has(b"VSCODE_CWD") {
        trace.stand_in(b"VSCODE_CWD", b"/", PER_RUN, rule("the folder that it was started in"));
    }
    trace.stand_in(b"VSCODE_NLS_CONFIG", b"{}", PER_RUN, rule("the display language"));
    trace.set(b"VSCODE_HANDLES_SIGPIPE", b"true", rule("a mark for its own processes"));
    trace.unset(b"ELECTRON_RUN_AS_NODE", rule("taken out at the start"));
}

fn code_server(trace: &mut Trace, editor: &Editor) {
    let rule = |what: &str| Origin::rule(what, CODE_SERVER);
    trace.layer("code-server", "code-server itself", rule("set by code-server"));
    let socket = format!("{}/code-server-ipc.sock", editor.user_data);
    trace.set(b"CODE_SERVER_SESSION_SOCKET", socket.as_bytes(), rule("the socket of its sessions"));
    if !trace.has(b"CODE_SERVER_PARENT_PID") {
        trace.stand_in(b"CODE_SERVER_PARENT_PID", b"1", PER_RUN, rule("the number of its first process"));
    }
    if !trace.has(b"NODE_EXEC_PATH") {
        let node = "it names the Node that runs it";
        trace.stand_in(b"NODE_EXEC_PATH", NODE, node, rule("its Node"));
    }
    let channel = Origin::rule(
        "the channel to the process that started it",
        "node: lib/internal/process/pre_execution.js setupChildProcessIpcChannel",
    );
    for name in [b"NODE_CHANNEL_FD".as_slice(), b"NODE_CHANNEL_SERIALIZATION_MODE"] {
        trace.unset(name, channel.clone());
    }
    for secret in [b"PASSWORD".as_slice(), b"HASHED_PASSWORD", b"GITHUB_TOKEN"] {
        trace.unset(secret, rule("kept from what it starts"));
    }
    server(trace);
}
