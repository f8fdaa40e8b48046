//! nushell.
//!
//! `nu -c` reads no file; a login shell reads `env.nu`, `config.nu` and `login.nu`, an interactive one `env.nu`,
//! `config.nu`, `login.nu` if it is a login shell too, and then the files of the autoload folders (nushell: book
//! configuration.md; src/run.rs `run_commands`, `run_repl`). The start in stages names empty files in the place of those
//! that are not to be read yet.

use super::stages::{Explainer, START};
use super::{file, run_spec, unless};
use crate::{Request, StartupFile, Trace};
use model::{LayerStatus, Name, Value};
use std::collections::BTreeMap;
use system::{Os, RunEnd, RunOutcome, RunSpec, System};

/// Files that every nushell start but `-c` reads, in order.
const ENV: usize = 0;
const CONFIG: usize = 1;

pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let mode = request.mode;
    let reads = mode.login || mode.interactive;
    let folder = config_folder(system, request);
    let mut files: Vec<StartupFile> = ["env", "config"]
        .iter()
        .map(|name| {
            unless(
                reads,
                "not read for `-c` without `-l`",
                file(system, name, &format!("{folder}/{name}.nu")),
            )
        })
        .collect();
    files.push(unless(
        mode.login,
        "read by login shells only",
        file(system, "login", &format!("{folder}/login.nu")),
    ));
    for folder in autoload_folders(request, &folder) {
        for name in system.read_dir(&folder).unwrap_or_default() {
            if let Some(stem) = name.strip_suffix(".nu") {
                let found = file(system, &format!("autoload-{stem}"), &format!("{folder}/{name}"));
                files.push(unless(mode.interactive, "read by interactive shells only", found));
            }
        }
    }
    files
}

fn config_folder(system: &dyn System, request: &Request) -> String {
    let home = request.home();
    match request
        .base_value("XDG_CONFIG_HOME")
        .map(|v| v.to_text().into_owned())
        .filter(|v| v.starts_with('/'))
    {
        Some(folder) => format!("{folder}/nushell"),
        None if system.os() == Os::Macos => format!("{home}/Library/Application Support/nushell"),
        None => format!("{home}/.config/nushell"),
    }
}

/// Vendors' first, the user's last (nushell: crates/nu-protocol/src/eval_const.rs `get_vendor_autoload_dirs`).
fn autoload_folders(request: &Request, config: &str) -> Vec<String> {
    let home = request.home();
    let text =
        |name: &str| request.base_value(name).map(|v| v.to_text().into_owned()).filter(|v| !v.is_empty());
    let shared = text("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    let mut folders: Vec<String> =
        shared.split(':').rev().map(|d| format!("{d}/nushell/vendor/autoload")).collect();
    let data = text("XDG_DATA_HOME").unwrap_or_else(|| format!("{home}/.local/share"));
    folders.push(format!("{data}/nushell/vendor/autoload"));
    folders.push(format!("{config}/autoload"));
    folders
}

pub(super) fn plain(request: &Request) -> RunSpec {
    run_spec(request, arguments(request, None))
}

/// `between`: the files to read in the place of `env.nu` and `config.nu`.
fn arguments(request: &Request, between: Option<[&str; 2]>) -> Vec<Value> {
    let mut args: Vec<Value> = Vec::new();
    if let Some([env, config]) = between {
        args.extend(["--env-config".into(), env.into(), "--config".into(), config.into()]);
        args.extend(["-c".into(), "^@HANDOVER@".into()]);
        return args;
    }
    if request.mode.login {
        args.push("-l".into());
    }
    if request.detached {
        args.insert(0, "-i".into());
        args.extend(["-c".into(), "^@HANDOVER@".into()]);
        return args;
    }
    // A command of `-e` runs after all files, before the first prompt; `-c` with `-i` would read none.
    args.push(if request.mode.interactive { "-e" } else { "-c" }.into());
    args.push("^@HANDOVER@".into());
    args
}

pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    files: &[StartupFile],
) -> Trace {
    const NOTHING: &str = "/dev/null";
    let is_read = |index: usize| files[index].status == LayerStatus::Applied;
    let mut explainer = Explainer::new(system, request, plain, files, Vec::new());
    let mut last: Option<RunOutcome> = None;
    let mut stage = |label: &str, env: &str, config: &str, explainer: &mut Explainer<'_>| {
        let run = system.run(&run_spec(request, arguments(request, Some([env, config]))));
        if let Some(environment) = &run.environment {
            explainer.stage(label, &map(environment));
        }
        let went_on = run.end == RunEnd::HandedOver;
        last = Some(run);
        went_on
    };
    let env = if is_read(ENV) { files[ENV].path.as_str() } else { NOTHING };
    let config = if is_read(CONFIG) { files[CONFIG].path.as_str() } else { NOTHING };
    let mut went_on = stage(START, NOTHING, NOTHING, &mut explainer);
    if went_on && is_read(ENV) {
        went_on = stage("0", env, NOTHING, &mut explainer);
    }
    if went_on && is_read(CONFIG) {
        went_on = stage("1", env, config, &mut explainer);
    }
    // What comes after is the plain run itself: its files are told apart by reading.
    let later: Vec<usize> =
        (CONFIG + 1..files.len()).filter(|&index| is_read(index)).map(|i| i + 1).collect();
    if let (true, Some(environment)) = (went_on, &plain.environment) {
        explainer.stage_among(&later, &map(environment));
    }
    let complete = went_on && plain.end == RunEnd::HandedOver;
    explainer.finish(complete, last.as_ref().unwrap_or(plain))
}

fn map(environment: &[(Name, Value)]) -> BTreeMap<Name, Value> {
    environment.iter().cloned().collect()
}
