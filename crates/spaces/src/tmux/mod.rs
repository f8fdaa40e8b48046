//! `tmux`: a new pane of a session, where a server of the user runs.
//!
//! The server is asked for what it holds; configuration files only name the lines that set it. Without leave to run
//! programs, what the server was given at its start stands. Not here: `screen`, and servers under other socket names.

mod ask;

use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways};
use crate::trace::Trace;
use ask::{Change, Server};
use model::{Evidence, Layer, Origin, Problem, Space, SpaceId};
use system::Os;

/// The family `tmux`.
pub(crate) const FAMILY: Derive = Derive { family: "tmux", stage: Stage::AfterShells, spaces: derive };

const REFERENCE: &str = "tmux: spawn.c spawn_pane, environ.c environ_for_session";

fn derive(context: &Context<'_>) -> Vec<Derived> {
    if context.system.os() == Os::Windows {
        return Vec::new();
    }
    let given = context.caller_environment.value("TMUX_TMPDIR").map(|v| v.to_text().into_owned());
    let folder = given.filter(|f| !f.is_empty()).unwrap_or_else(|| "/tmp".to_owned());
    let socket = format!("{folder}/tmux-{}/default", context.user.uid);
    if !context.system.exists(&socket) {
        return Vec::new();
    }
    match ask::ask(context.system, context.user, &socket) {
        Some(server) => vec![pane(context.system, context.user, &server)],
        None => at_start(context).into_iter().collect(),
    }
}

/// A new pane of the server's most recent session.
pub fn pane_of(system: &dyn system::System, user: &system::User, socket: &str) -> Option<Derived> {
    ask::ask(system, user, socket).map(|server| pane(system, user, &server))
}

fn pane(system: &dyn system::System, user: &system::User, server: &Server) -> Derived {
    let mut space = Space::new(SpaceId::of("tmux"), "new tmux pane", None, Evidence::Derived);
    let mut trace = Trace::new();
    let process = Origin::Process { pid: server.pid };
    trace.layer("server", format!("tmux server (pid {})", server.pid), process.clone());
    for change in &server.global {
        if let Change::Set(name, value) = change {
            let origin = server.line_that_sets(system, name, value).unwrap_or_else(|| process.clone());
            trace.set(name, value, origin);
        }
    }
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    let updates = Origin::rule("update-environment", "tmux: environ.c environ_update");
    trace.layer("session", "session", updates.clone());
    for change in &server.session {
        match change {
            Change::Set(name, value) => trace.set(name, value, updates.clone()),
            Change::Unset(name) => trace.unset(name, updates.clone()),
        }
    }
    trace.layer("pane", "new pane", rule("what tmux sets in a pane"));
    trace.set(b"TERM", server.terminal.as_bytes(), rule("the option default-terminal"));
    trace.set(b"TERM_PROGRAM", b"tmux", rule("the program"));
    trace.set(b"TERM_PROGRAM_VERSION", server.version.as_bytes(), rule("the program's version"));
    let socket = format!("{},{},0", server.socket, server.pid);
    trace.stand_in(
        b"TMUX",
        socket.as_bytes(),
        "its last part numbers the session",
        rule("socket, server, session"),
    );
    trace.stand_in(b"TMUX_PANE", b"%0", "it numbers the pane", rule("the pane"));
    if !trace.has(b"PATH") {
        trace.set(b"PATH", b"/usr/bin:/bin", rule("the path that is compiled in, as the session has none"));
    }
    trace.set(b"SHELL", server.shell.as_bytes(), rule("the option default-shell"));
    trace.set(b"PWD", user.home.as_bytes(), rule("the pane's folder, here the user's home"));
    space.layers = trace.into_layers();
    if !server.command.is_empty() {
        let message =
            "panes run the option default-command instead of a login shell; what it starts is not followed";
        space.problems.push(Problem::info("tmux-default-command", message));
    }
    let name = server.shell.rsplit('/').next().unwrap_or(&server.shell);
    let login = server.command.is_empty();
    let then = ThenShell {
        shell: server.shell.clone(),
        arg0: Some(if login { format!("-{name}") } else { name.to_owned() }),
        login,
        interactive: login,
        terminal: true,
        cwd: user.home.clone(),
        user: user.clone(),
        ways: Ways::default(),
    };
    Derived { space, then: Some(then) }
}

/// What the server process was given, where it may not be asked.
fn at_start(context: &Context<'_>) -> Option<Derived> {
    let system = context.system;
    let process = system
        .glimpses()
        .into_iter()
        .filter(|p| p.name.starts_with("tmux: server"))
        .filter_map(|p| system.process(p.pid))
        .find(|p| p.uid == context.user.uid && p.same_namespace)?;
    let reason = "what the server was given at its start – it was not asked what it holds now";
    let evidence = Evidence::Assumed { reason: reason.to_owned() };
    let mut space = Space::new(SpaceId::of("tmux"), "new tmux pane", None, evidence);
    let origin = Origin::Process { pid: process.pid };
    match system.process_environment(process.pid) {
        Ok(variables) => {
            let mut trace = Trace::new();
            trace.layer("server", format!("tmux server (pid {})", process.pid), origin.clone());
            for (name, value) in &variables {
                trace.set(name.as_bytes(), value.as_bytes(), origin.clone());
            }
            space.layers = trace.into_layers();
        }
        Err(error) => {
            let reason = format!("the environment of the tmux server (pid {}) {error}", process.pid);
            space.evidence = Evidence::Unreadable { reason: reason.clone() };
            space.layers.push(Layer::unreadable("server", "tmux server", reason).from_source(origin));
        }
    }
    Some(Derived { space, then: None })
}
