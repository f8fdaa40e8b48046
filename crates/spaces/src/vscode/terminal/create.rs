//! The environment with which the process of a terminal or a task is created, step by step.
//!
//! vscode: workbench/contrib/terminal/common/terminalEnvironment.ts createTerminalEnvironment, and on a server
//! server/node/remoteTerminalChannel.ts _createProcess. Not here: which shell it is, and what the shell does.

use super::resolve::Resolver;
use super::{collections, locale, profile, sanitize};
use crate::trace::Trace;
use crate::vscode::main_process::PER_RUN;
use crate::vscode::{Json, Mutator, Setting, Window, window_env};
use model::{Folded, Layer, Origin};
use system::Os;

const CREATE: &str =
    "vscode: workbench/contrib/terminal/common/terminalEnvironment.ts createTerminalEnvironment";
const PTY: &str = "node-pty: src/unixTerminal.ts, vscode: platform/terminal/node/terminalProcess.ts";
const REMOTE: &str = "vscode: server/node/remoteTerminalChannel.ts _createProcess";

/// What a terminal is created from.
pub(super) struct Base<'a> {
    /// Its parent's variables.
    pub(super) environment: &'a Folded,
    /// The server's own part is still to come: without the shell's environment the terminal starts from the bare server.
    pub(super) bare_server: bool,
    /// Whose variables `${env:X}` means in a profile, and everywhere in a window of this machine: the process that was
    /// started first.
    pub(super) main: &'a Folded,
}

/// Variables that a profile or a task sets, as they are when `${…}` has been replaced; `None` takes one away.
pub(in crate::vscode) struct Own {
    pub(in crate::vscode) id: &'static str,
    pub(in crate::vscode) title: String,
    pub(in crate::vscode) variables: Vec<(String, Option<Vec<u8>>, Origin)>,
}

/// All up to the shell's own part.
pub(super) fn create(
    window: &Window<'_>,
    base: &Base<'_>,
    own: &Own,
    mutators: &[Mutator],
    cwd: &str,
) -> Trace {
    let mut trace = Trace::over(base.environment);
    if base.bare_server {
        window_env::server(&mut trace, window);
    }
    // On a server `${env:X}` is what the terminal starts from, elsewhere what the first process has.
    let start: std::collections::BTreeMap<Vec<u8>, Option<Vec<u8>>> = trace.names().into_iter().collect();
    let of_base = |name: &str| start.get(name.as_bytes()).cloned().flatten();
    let of_main = |name: &str| base.main.value(name).map(|v| v.as_bytes().to_vec());
    let env: &dyn Fn(&str) -> Option<Vec<u8>> = if window.editor.is_server() { &of_base } else { &of_main };
    let resolver = Resolver { env, workspace: window.workspace, settings: window.settings, home: None };
    sanitize(&mut trace, window);
    settings(&mut trace, window, &resolver);
    if !own.variables.is_empty() {
        trace.begin(Layer::applied(own.id, own.title.clone(), Vec::new()));
        for (name, value, origin) in &own.variables {
            match value {
                Some(value) => trace.set(name.as_bytes(), value, origin.clone()),
                None => trace.unset(name.as_bytes(), origin.clone()),
            }
        }
    }
    terminal(&mut trace, window);
    if !mutators.is_empty() {
        let title = "what extensions change in terminals";
        trace.begin(Layer::applied("collections", title, Vec::new()));
        collections::apply(&mut trace, mutators, &resolver);
    }
    pty(&mut trace, window, cwd);
    trace
}

fn sanitize(trace: &mut Trace, window: &Window<'_>) {
    let rule = |what: &str| Origin::rule(what, sanitize::REFERENCE);
    trace.layer("sanitize", "the editor's own variables are taken out", rule("no terminal gets it"));
    if window.context.system.os() == Os::Macos {
        for (kept, name) in [
            ("VSCODE_NODE_OPTIONS", "NODE_OPTIONS"),
            ("VSCODE_NODE_REPL_EXTERNAL_MODULE", "NODE_REPL_EXTERNAL_MODULE"),
        ] {
            if let Some(value) = trace.get(kept).map(<[u8]>::to_vec) {
                trace.set(name.as_bytes(), &value, Origin::rule("restored for terminals", CREATE));
            }
        }
    }
    for (name, _) in trace.names() {
        if sanitize::removes(&name, window.editor.flavour) {
            trace.unset(&name, rule("no terminal gets it"));
        }
    }
}

/// `terminal.integrated.env.linux`: text sets, anything else takes away (1.139 `mergeEnvironments`; seen with `null`,
/// numbers, booleans, lists and objects).
fn settings(trace: &mut Trace, window: &Window<'_>, resolver: &Resolver<'_>) {
    let key = profile::key(window, "env");
    let Some(set) = window.settings.get(&key, None) else { return };
    let mut layer = Layer::applied("settings-env", key, Vec::new());
    layer.source = Some(set.origin.clone());
    trace.begin(layer);
    for (name, setting) in set.entries() {
        match &setting.value {
            Json::Text(text) => trace.set(name.as_bytes(), &resolver.resolve(text), setting.origin.clone()),
            _ => trace.unset(name.as_bytes(), setting.origin.clone()),
        }
    }
}

/// A profile's variables; `${env:X}` in them means the first process everywhere.
pub(super) fn of_profile(
    window: &Window<'_>,
    env: &[(String, Setting)],
    main: &Folded,
) -> Vec<(String, Option<Vec<u8>>, Origin)> {
    let of_main = |name: &str| main.value(name).map(|v| v.as_bytes().to_vec());
    let resolver =
        Resolver { env: &of_main, workspace: window.workspace, settings: window.settings, home: None };
    env.iter()
        .map(|(name, setting)| {
            let value = match &setting.value {
                Json::Text(text) => Some(resolver.resolve(text)),
                _ => None,
            };
            (name.clone(), value, setting.origin.clone())
        })
        .collect()
}

fn terminal(trace: &mut Trace, window: &Window<'_>) {
    let rule = |what: &str| Origin::rule(what, CREATE);
    trace.layer("terminal", "the terminal's own", rule("set in every terminal"));
    trace.set(b"TERM_PROGRAM", b"vscode", rule("the program"));
    match &window.editor.version {
        Some(version) => trace.set(b"TERM_PROGRAM_VERSION", version.as_bytes(), rule("its version")),
        None => trace.unreadable(b"TERM_PROGRAM_VERSION", "its files were not found", rule("its version")),
    }
    let detect = window.settings.get("terminal.integrated.detectLocale", None);
    let detect = detect.as_ref().and_then(Setting::text).unwrap_or("auto").to_owned();
    let lang = trace.get("LANG").map(|v| String::from_utf8_lossy(v).into_owned());
    if locale::sets(&detect, lang.as_deref()) {
        trace.set(b"LANG", locale::ENGLISH.as_bytes(), rule("terminal.integrated.detectLocale"));
    }
    trace.set(b"COLORTERM", b"truecolor", rule("colours"));
}

fn pty(trace: &mut Trace, window: &Window<'_>, cwd: &str) {
    let rule = |what: &str| Origin::rule(what, PTY);
    trace.layer("pty", "the process is created", rule("set where the process is created"));
    if window.editor.is_server() {
        let socket = b"/tmp/vscode-ipc.sock";
        let origin = Origin::rule("the socket of `code` in this terminal", REMOTE);
        trace.stand_in(b"VSCODE_IPC_HOOK_CLI", socket, PER_RUN, origin);
    }
    trace.set(b"TERM", b"xterm-256color", rule("the terminal's kind"));
    trace.set(b"PWD", cwd.as_bytes(), rule("the folder that it is started in"));
}
