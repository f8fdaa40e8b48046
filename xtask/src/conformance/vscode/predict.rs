//! What we say of a case: `gowhence map`, called as a user calls it, in the case's home.
//!
//! Not here: comparing it with what was seen.

use super::case::Case;
use super::observe::Environment;
use crate::failure::{Doing as _, Done, Failure};
use crate::{root, steps};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// By our id, every variable that is there.
pub(super) type Predicted = BTreeMap<String, Environment>;

/// The program, built anew.
pub(super) fn program() -> Done<PathBuf> {
    steps::step(root::cargo().args(["build", "--quiet", "-p", "gowhence"]))?;
    let own = std::env::current_exe().doing("the path of xtask")?;
    let program = own.with_file_name("gowhence");
    if program.is_file() { Ok(program) } else { Err(Failure::new(format!("no {}", program.display()))) }
}

/// Asks it. Everything starts from what the serving process was started with.
pub(super) fn predict(case: &Case, program: &Path) -> Done<Predicted> {
    let output = Command::new(program)
        .args(["map", "--all", "--raw", "--show-secrets", "--format", "json", "--refresh"])
        .arg("-C")
        .arg(case.root.join(&case.folders[0]))
        .arg("--workspace")
        .arg(case.opened())
        .args(["--workspace-trust", if case.trust { "yes" } else { "no" }])
        .arg("--base")
        .arg(case.server_environment())
        .env_clear()
        .env("HOME", case.home())
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null())
        .output()
        .doing("gowhence map")?;
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
        Failure::new(format!("gowhence map: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    })?;
    let file = case.root.join("prediction.json");
    std::fs::write(&file, format!("{answer:#}\n")).doing(file.display())?;
    Ok(read(&answer))
}

fn read(answer: &Value) -> Predicted {
    let mut all = Predicted::new();
    let none = Vec::new();
    for space in answer["spaces"].as_array().unwrap_or(&none) {
        // One that could not be checked has no values to compare.
        let derived = space["evidence"].as_str().is_none_or(|e| !e.starts_with("not"));
        if let (Some(id), true) = (space["id"].as_str(), derived) {
            all.insert(id.to_owned(), Environment::new());
        }
    }
    for variable in answer["variables"].as_array().unwrap_or(&none) {
        let Some(name) = model::from_json_bytes(&variable["name"]) else { continue };
        for cell in variable["cells"].as_array().unwrap_or(&none) {
            let state = cell["state"].as_str().unwrap_or_default();
            let Some(environment) = cell["space"].as_str().and_then(|id| all.get_mut(id)) else { continue };
            if matches!(state, "set" | "empty") {
                let value = model::from_json_bytes(&cell["value"]).unwrap_or_default();
                environment.insert(name.clone(), value);
            }
        }
    }
    all
}
