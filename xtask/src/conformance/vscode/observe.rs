//! What the real program gave, from the records of a case: every variable of every place.
//!
//! Not here: what we say about it.

use super::case::Case;
use super::driver::Driver;
use super::setup::Server;
use crate::failure::{Doing as _, Done, Failure};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Variables and their bytes.
pub(super) type Environment = BTreeMap<Vec<u8>, Vec<u8>>;

/// The places of one case.
#[derive(Clone, Debug, Default)]
pub(super) struct Observed {
    /// By our id (`vscode:host`, `vscode:task/build`): as what runs there sees it.
    pub(super) spaces: BTreeMap<String, Environment>,
    /// Terminals as their process was created, before start-up files.
    pub(super) creation: BTreeMap<String, Environment>,
    /// What went wrong on the way, as the probe wrote it.
    pub(super) problems: Vec<String>,
}

/// A server of which nothing can be expected any more.
const LIMIT_MS: u64 = 180_000;

/// Runs the case in the real server.
pub(super) fn observe(case: &Case, server: &Server, driver: &Driver, port: u16) -> Done<Observed> {
    let started = driver.ask(json!({
        "job": "start", "id": case.name, "program": server.node, "cwd": case.home(),
        "arguments": [
            server.entry.display().to_string(), "--auth", "none", "--bind-addr", format!("127.0.0.1:{port}"),
            "--disable-telemetry", "--disable-update-check", "--log", "trace",
        ],
        "environment": case.environment.iter().collect::<Vec<_>>(),
        "log": case.root.join("server.log"), "marks": [case.root.display().to_string()],
    }));
    let open = || {
        driver.ask(json!({
            "job": "open", "id": case.name, "path": case.address(), "ready": case.out().join("done"),
            "trust": case.trust, "limit_ms": LIMIT_MS, "processes": case.root.join("processes.json"),
        }))
    };
    let seen = started.and_then(|_| {
        let seen = open()?;
        if !case.kept {
            return Ok(seen);
        }
        case.open_again()?;
        open()
    });
    let stopped = driver.ask(json!({ "job": "stop", "id": case.name }));
    let seen = seen?;
    stopped?;
    let mut observed = read(case)?;
    store_collections(case, driver)?;
    if let Some(block) = server_block(&case.root.join("processes.json"))? {
        fs::write(case.server_environment(), block)?;
    }
    for dialog in seen["dialogs"].as_array().unwrap_or(&Vec::new()) {
        let text = dialog["text"].as_str().unwrap_or_default();
        if !text.contains("rust") {
            observed.problems.push(format!("dialog: {text}"));
        }
    }
    fs::write(case.root.join("observations.json"), format!("{:#}\n", observed.as_json()))?;
    Ok(observed)
}

/// The records of a case that has been run.
pub(super) fn read(case: &Case) -> Done<Observed> {
    let mut observed = Observed::default();
    for entry in fs::read_dir(case.out()).doing(case.out().display())? {
        let path = entry?.path();
        let name =
            path.file_name().unwrap_or_default().to_string_lossy().replace("%2F", "/").replace("%20", " ");
        if name == "log" {
            let text = fs::read_to_string(&path)?;
            observed.problems.extend(text.lines().filter(|l| l.contains("\"error\"")).map(str::to_owned));
            continue;
        }
        if name == "done" || name.ends_with(".command") || name.ends_with(".launch") || name.ends_with(".png")
        {
            continue;
        }
        let bytes = fs::read(&path)?;
        match name.strip_suffix(".start") {
            Some(name) => observed.creation.insert(format!("vscode:{name}"), block(&bytes)),
            None => observed.spaces.insert(format!("vscode:{name}"), block(&bytes)),
        };
    }
    let log = remote_agent_log(&case.data().join("logs"))?;
    // platform/shell/node/shellEnv.ts: the environment that the probe is made from, and what it gave.
    if let Some(mut main) = traced(&log, "getUnixShellEnvironment#env ") {
        for added in ["ELECTRON_RUN_AS_NODE", "ELECTRON_NO_ATTACH_CONSOLE", "VSCODE_RESOLVING_ENVIRONMENT"] {
            main.remove(added.as_bytes());
        }
        observed.spaces.insert("vscode:main".to_owned(), main);
    }
    if let Some(given) = traced(&log, "getUnixShellEnvironment#result ") {
        observed.spaces.insert("vscode:shell-env".to_owned(), given);
    }
    Ok(observed)
}

fn store_collections(case: &Case, driver: &Driver) -> Done {
    if case.collections.is_empty() {
        return Ok(());
    }
    let folder = case.data().join("User/workspaceStorage/0");
    fs::create_dir_all(&folder)?;
    let key = if case.workspace.ends_with(".code-workspace") { "workspace" } else { "folder" };
    let workspace = json!({ key: format!("file://{}", case.opened().display()) });
    fs::write(folder.join("workspace.json"), workspace.to_string())?;
    driver.ask(json!({
        "job": "store", "file": folder.join("state.vscdb"),
        "key": "terminal.integrated.environmentVariableCollectionsV2", "value": case.stored_collections(),
    }))?;
    Ok(())
}

/// What the process that serves was started with, as `/proc` has it: code-server's first process starts a second one,
/// which adds a few variables to itself later.
fn server_block(file: &Path) -> Done<Option<String>> {
    let all: Value =
        serde_json::from_str(&fs::read_to_string(file).doing(file.display())?).doing(file.display())?;
    let has = |process: &Value, part: &str, start: &str| {
        process[part]
            .as_array()
            .is_some_and(|l| l.iter().any(|l| l.as_str().is_some_and(|l| l.contains(start))))
    };
    let found = all.as_array().and_then(|all| {
        all.iter().find(|p| {
            has(p, "arguments", "out/node/entry") && has(p, "environment", "CODE_SERVER_PARENT_PID=")
        })
    });
    Ok(found
        .and_then(|process| process["environment"].as_array())
        .map(|lines| lines.iter().filter_map(Value::as_str).map(|line| format!("{line}\0")).collect()))
}

/// An environment as `/proc/PID/environ` has it.
fn block(bytes: &[u8]) -> Environment {
    bytes
        .split(|b| *b == 0)
        .filter_map(|entry| {
            let at = entry.iter().position(|b| *b == b'=')?;
            Some((entry[..at].to_vec(), entry[at + 1..].to_vec()))
        })
        .collect()
}

fn remote_agent_log(logs: &Path) -> Done<String> {
    for run in fs::read_dir(logs).doing(logs.display())? {
        let file = run?.path().join("remoteagent.log");
        if file.is_file() {
            return Ok(fs::read_to_string(file)?);
        }
    }
    Err(Failure::new(format!("{}: no remoteagent.log", logs.display())))
}

/// The first JSON object that the log has behind these words.
fn traced(log: &str, words: &str) -> Option<Environment> {
    let text = log.lines().find_map(|line| line.split_once(words))?.1;
    let json: Map<String, Value> = serde_json::from_str(text).ok()?;
    Some(
        json.into_iter()
            .filter_map(|(name, value)| Some((name.into_bytes(), value.as_str()?.as_bytes().to_vec())))
            .collect(),
    )
}

impl Observed {
    /// Strings, or `{"bytes": …}` where they are no UTF-8.
    pub(super) fn as_json(&self) -> Value {
        let all = |spaces: &BTreeMap<String, Environment>| -> Value {
            spaces
                .iter()
                .map(|(id, environment)| {
                    let variables: Map<String, Value> = environment
                        .iter()
                        .map(|(name, value)| {
                            (String::from_utf8_lossy(name).into_owned(), model::to_json_bytes(value))
                        })
                        .collect();
                    (id.clone(), Value::Object(variables))
                })
                .collect::<Map<String, Value>>()
                .into()
        };
        json!({ "spaces": all(&self.spaces), "creation": all(&self.creation), "problems": self.problems })
    }
}
