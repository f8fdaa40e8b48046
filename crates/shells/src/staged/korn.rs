//! ksh (AT&T, ksh93) and mksh.
//!
//! Both read `/etc/profile` and `~/.profile` as login shells, and the file that `ENV` names as interactive ones: in
//! ksh93 `~/.kshrc` without `ENV`, after `/etc/ksh.kshrc` where that is built in; in mksh `~/.mkshrc` (ksh: src/cmd/ksh93/sh/main.c
//! `sh_main`; mksh: mksh(1) "Startup"). The start in stages reads the same files from a command string.

use super::stages::{self, Event, Explainer, FD, INTO_TRACE, START, note};
use super::{file, quote, run_spec, unless};
use crate::{PER_RUN_NAMES, Request, ShellKind, StartupFile, Trace};
use model::{LayerStatus, Name, Value};
use std::collections::BTreeSet;
use system::{RunOutcome, RunSpec, System};

const SYSTEM_RC: &str = "/etc/ksh.kshrc";

pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let home = request.home();
    let mode = request.mode;
    let login = "read by login shells only";
    let interactive = "read by interactive shells only";
    let mut files = vec![
        unless(mode.login, login, file(system, "etc-profile", "/etc/profile")),
        unless(mode.login, login, file(system, "profile", &format!("{home}/.profile"))),
    ];
    if request.shell.kind == ShellKind::Ksh {
        files.push(unless(mode.interactive, interactive, file(system, "etc-kshrc", SYSTEM_RC)));
    }
    let env = request.base_value("ENV").map(|v| expand(&v.to_text(), &home));
    let rc = env.unwrap_or_else(|| format!("{home}/{}", default_rc(request)));
    files.push(unless(mode.interactive, interactive, file(system, "env", &rc)));
    files
}

fn default_rc(request: &Request) -> &'static str {
    if request.shell.kind == ShellKind::Ksh { ".kshrc" } else { ".mkshrc" }
}

/// `ENV` undergoes parameter expansion; of that, the home is told here.
fn expand(text: &str, home: &str) -> String {
    match ["$HOME", "${HOME}", "~"].iter().find_map(|h| text.strip_prefix(h)) {
        Some(rest) => format!("{home}{rest}"),
        None => text.to_owned(),
    }
}

pub(super) fn plain(request: &Request) -> RunSpec {
    let login = request.mode.login && !request.arg0.as_ref().is_some_and(|a| a.starts_with('-'));
    let mut args: Vec<Value> = Vec::new();
    args.extend(login.then(|| Value::from("-l")));
    args.extend(request.mode.interactive.then(|| Value::from("-i")));
    args.extend(["-c".into(), "@HANDOVER@".into()]);
    run_spec(request, args)
}

pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    files: &[StartupFile],
) -> Trace {
    let watched = watched(request, plain);
    let run = system.run(&staged(request, files, &watched));
    let events = stages::parse(&run.trace, watched.len());
    let done = files.len().to_string();
    let complete = events.iter().any(|e| matches!(e, Event::Stage { label, .. } if *label == done));
    let mut explainer = Explainer::new(system, request, plain, files, watched);
    for event in events {
        if !matches!(&event, Event::Stage { label, .. } if *label == done) {
            explainer.take(event);
        }
    }
    explainer.finish(complete, &run)
}

/// All that the plain run began or ended with, as far as it is a name in these shells.
fn watched(request: &Request, plain: &RunOutcome) -> Vec<String> {
    let given = request.base.iter().chain(plain.environment.iter().flatten());
    let names: BTreeSet<&str> = given
        .filter_map(|(name, _)| std::str::from_utf8(name.as_bytes()).ok())
        .filter(|name| {
            let mut bytes = name.bytes();
            bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
                && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && !PER_RUN_NAMES.contains(name)
                // ksh hands attributes of variables to its children in this one.
                && *name != "A__z"
        })
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The files one by one, the environment noted after each. `ENV` stays away from the start itself and is put back
/// before the first file.
fn staged(request: &Request, files: &[StartupFile], watched: &[String]) -> RunSpec {
    let into = INTO_TRACE;
    let mut lines = vec![match request.base_value("ENV") {
        Some(value) => format!("export ENV={}", quote(&value.to_text())),
        None => "unset ENV".to_owned(),
    }];
    lines.push(note(START, into));
    if request.shell.kind == ShellKind::Ksh {
        lines.push(debug_trap(watched));
    }
    for (index, file) in files.iter().enumerate() {
        if file.id == "env" && request.mode.interactive {
            let default = default_rc(request);
            lines.push(format!(
                "eval \"__gowhence_env=\\\"${{ENV-\\$HOME/{default}}}\\\"\"\n\
                 if [ -r \"$__gowhence_env\" ]; then . \"$__gowhence_env\"; fi\n\
                 /bin/sh -c '(printf \"\\0D\\0\"; exec /usr/bin/env -0 \"GOWHENCE_STAGE={index}:$1\") {into}' sh \"$__gowhence_env\""
            ));
        } else if file.status == LayerStatus::Applied {
            lines.push(format!(". {}\n{}", quote(&file.path), note(&index.to_string(), into)));
        }
    }
    lines.push(note(&files.len().to_string(), into));
    lines.push("@HANDOVER@".to_owned());
    let mut args: Vec<Value> = Vec::new();
    args.extend(request.mode.interactive.then(|| Value::from("-i")));
    args.extend(["-c".into(), lines.join("\n").into()]);
    let mut spec = run_spec(request, args);
    spec.arg0 = None;
    spec.env.retain(|(name, _)| !name.is("ENV"));
    spec.env.push((Name::from("ENV"), "/dev/null".into()));
    spec.trace_fd = Some(FD);
    spec.keep = 64 << 20;
    spec
}

/// ksh93 runs this around every simple command outside of subshells; see `places` for what it sees when.
fn debug_trap(watched: &[String]) -> String {
    let together: String = watched.iter().map(|n| format!("${{{n}+=${n}}}\u{1d}")).collect();
    let each: String = watched.iter().map(|n| format!(" \"${{{n}+=${n}}}\"")).collect();
    let values = if watched.is_empty() { String::new() } else { format!("\\command printf '%s\\0'{each}; ") };
    let body = format!(
        "if ((${{.sh.subshell}} == 0)); then {{ \
         if [[ \"{together}\" != \"$__gowhence_values\" ]]; then \
         __gowhence_values=\"{together}\"; \\command printf 'V\\0'; {values}fi; \
         \\command printf 'A\\0%s\\0%s\\0%s\\0%s\\0' \"${{.sh.file-}}\" \"$LINENO\" \"${{.sh.fun-}}\" \"${{.sh.command-}}\"; \
         }} >| /dev/fd/{FD}; fi"
    );
    format!("__gowhence_values=\"{together}\"\ntrap {} DEBUG", quote(&body))
}
