//! tcsh.
//!
//! `/etc/csh.cshrc`, of login shells `/etc/csh.login`, then `~/.tcshrc` or, without it, `~/.cshrc`, and of login shells
//! `~/.login` (tcsh(1) "Startup and shutdown"). `$prompt` is set in interactive shells only, which a command given by
//! `-c` is not, so these are asked at their prompt.

use super::stages::{self, Event, Explainer, START, note};
use super::{file, quote, run_spec, unless};
use crate::{Request, StartupFile, Trace};
use model::{LayerStatus, Value};
use system::{RunOutcome, RunSpec, System, Typed};

pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let home = request.home();
    let login = |file: StartupFile| unless(request.mode.login, "read by login shells only", file);
    let tcshrc = file(system, "tcshrc", &format!("{home}/.tcshrc"));
    let hidden = tcshrc.status == LayerStatus::Applied;
    let cshrc = file(system, "cshrc", &format!("{home}/.cshrc"));
    vec![
        file(system, "etc-csh-cshrc", "/etc/csh.cshrc"),
        login(file(system, "etc-csh-login", "/etc/csh.login")),
        tcshrc,
        unless(!hidden, "hidden by ~/.tcshrc", cshrc),
        login(file(system, "login", &format!("{home}/.login"))),
    ]
}

pub(super) fn plain(request: &Request) -> RunSpec {
    let mut spec = if request.detached {
        run_spec(request, vec!["-ic".into(), "@HANDOVER@".into()])
    } else if request.mode.interactive {
        let mut spec = run_spec(request, Vec::new());
        spec.typed = Some(Typed { bytes: b" @HANDOVER@\r".to_vec() });
        spec
    } else {
        run_spec(request, vec!["-c".into(), "@HANDOVER@".into()])
    };
    if request.mode.login && spec.arg0.is_none() {
        // `-l` makes a login shell only where it is the sole argument (tcsh(1) "Argument list processing").
        spec.arg0 = Some("-tcsh".to_owned());
    }
    spec
}

pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    files: &[StartupFile],
) -> Trace {
    let run = system.run(&staged(request, files));
    let events = stages::parse(&run.stderr, 0);
    let last = files
        .iter()
        .rposition(|f| f.status == LayerStatus::Applied)
        .map_or(START.to_owned(), |i| i.to_string());
    let complete = events.iter().any(|e| matches!(e, Event::Stage { label, .. } if *label == last));
    let mut explainer = Explainer::new(system, request, plain, files, Vec::new());
    for event in events {
        explainer.take(event);
    }
    explainer.finish(complete, &run)
}

/// The files one by one from a command string, in a shell that reads none by itself (`-f`).
fn staged(request: &Request, files: &[StartupFile]) -> RunSpec {
    // tcsh closes all other descriptors when it starts (tcsh: sh.misc.c `closem`, `closech`).
    let into = ">&2";
    let mut lines = Vec::new();
    if request.mode.login {
        lines.push("set loginsh".to_owned());
    }
    if request.mode.interactive {
        lines.push("set prompt = '> '".to_owned());
    }
    lines.push(note(START, into));
    for (index, file) in files.iter().enumerate() {
        if file.status == LayerStatus::Applied {
            lines.push(format!("source {}\n{}", quote(&file.path), note(&index.to_string(), into)));
        }
    }
    lines.push("@HANDOVER@".to_owned());
    let args: Vec<Value> = vec!["-f".into(), "-c".into(), lines.join("\n").into()];
    let mut spec = run_spec(request, args);
    spec.arg0 = None;
    spec.separate_stderr = true;
    spec.keep = 16 << 20;
    spec
}
