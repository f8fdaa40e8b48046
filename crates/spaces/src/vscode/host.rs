//! `vscode:host`: the extension host, from whose environment extensions start their tools.
//!
//! Not here: what extensions change in it (`go`).

use super::Window;
use super::main_process::PER_RUN;
use crate::derived::Derived;
use crate::trace::Trace;
use model::{Evidence, Folded, Origin, Space};

const LOCAL: &str =
    "vscode: workbench/services/extensions/electron-browser/localProcessExtensionHost.ts _start";
const SERVER: &str = "vscode: server/node/extensionHostConnection.ts start";
const DANGEROUS: &str = "vscode: base/common/processes.ts removeDangerousEnvVariables";
const PROCESS: &str = "vscode: workbench/api/node/extensionHostProcess.ts";

/// Since 2026 on every system and whatever their case; before, DEBUG and, on Linux, LD_PRELOAD alone.
const REMOVED: &[&str] =
    &["DEBUG", "NODE_OPTIONS", "VSCODE_NODE_OPTIONS", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES"];
const REMOVED_BEFORE: &[&str] = &["DEBUG", "LD_PRELOAD"];

/// The space before any extension runs.
pub(super) fn space(window: &Window<'_>, parent: &Folded) -> Derived {
    let editor = window.editor;
    let title = format!("{} extension host", editor.name);
    let mut space = Space::new(editor.id("host"), title, Some(editor.id("window")), Evidence::Derived);
    space.cwd = window.workspace.first().map(str::to_owned);
    let mut trace = Trace::over(parent);
    let rule = |what: &str| Origin::rule(what, if editor.is_server() { SERVER } else { LOCAL });
    trace.layer("host", "the extension host's own", rule("set for the extension host"));
    if !editor.is_server() {
        trace.set(
            b"VSCODE_ESM_ENTRYPOINT",
            b"vs/workbench/api/node/extensionHostProcess",
            rule("the module to start"),
        );
        trace.set(b"VSCODE_HANDLES_UNCAUGHT_ERRORS", b"true", rule("a mark for its own processes"));
    }
    let dangerous = Origin::rule("taken out as dangerous", DANGEROUS);
    trace.layer("dangerous", "variables that are taken out", dangerous.clone());
    let removed = if is_old(window) { REMOVED_BEFORE } else { REMOVED };
    for (name, _) in trace.names() {
        if removed.iter().any(|r| name.eq_ignore_ascii_case(r.as_bytes())) {
            trace.unset(&name, dangerous.clone());
        }
    }
    let process = |what: &str| Origin::rule(what, PROCESS);
    trace.layer("process", "the process itself", process("set at its start"));
    if editor.is_server() {
        let socket = b"/tmp/vscode-ipc.sock";
        trace.stand_in(
            b"VSCODE_IPC_HOOK_CLI",
            socket,
            PER_RUN,
            process("the socket of `code` in a terminal"),
        );
        if !is_old(window) {
            trace.set(b"ELECTRON_RUN_AS_NODE", b"1", process("programs of the app run as Node"));
        }
    } else {
        trace.set(b"VSCODE_CRASH_REPORTER_PROCESS_TYPE", b"extensionHost", process("for crash reports"));
        trace.stand_in(b"VSCODE_PID", b"1", PER_RUN, process("the number of the main process"));
        trace.set(b"ELECTRON_RUN_AS_NODE", b"1", process("programs of the app run as Node"));
    }
    space.layers = trace.into_layers();
    Derived { space, then: None }
}

/// Whether it is made from VS Code 1.99 or before, where the list is shorter; unknown is new.
fn is_old(window: &Window<'_>) -> bool {
    let Some(version) = &window.editor.version else { return false };
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(u32::MAX));
    parts.next() == Some(1) && parts.next().is_some_and(|minor| minor <= 99)
}
