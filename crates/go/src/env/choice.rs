//! The choice of a toolchain for those who tell of it: the same one by which a command goes on (`select`), with what is
//! wrong with it.
//!
//! Deliberately not here: the choice itself, and what the chosen toolchain makes of the folder.

use super::fatal::Refusal;
use super::go::Go;
use super::look_path::look_path;
use super::select::{self, Chosen};
use super::{download, modules};
use crate::file_path;
use crate::version::Version;
use model::{Origin, Problem, ToolchainChoice};

const RELATIVE_WORK: &str = "GOWORK is not an absolute path – go refuses to run – make it absolute, or off";

/// For a command that asks for no variable. `None` before 1.21.
pub(super) fn told(go: &Go<'_>) -> Option<ToolchainChoice> {
    if !go.since(21) {
        return None;
    }
    Some(match choose(go) {
        Ok(chosen) if chosen.local => old_enough(go, plain(chosen, Some(go.launched.clone()))),
        Ok(chosen) => old_enough(go, find(go, chosen)),
        Err(refusal) => refused(go, refusal),
    })
}

fn choose(go: &Go<'_>) -> Result<Chosen, Refusal> {
    let chosen = select::choose(go, &[])?;
    // The go that stays counts whether there is a go.work before any command (go: cmd/go/main.go, since 1.23).
    if chosen.local && go.since(23) && modules::will_be_enabled(go)? {
        modules::work_file(go)?;
    }
    Ok(chosen)
}

fn plain(chosen: Chosen, found: Option<String>) -> ToolchainChoice {
    let Chosen { name, reason, origin, local, .. } = chosen;
    ToolchainChoice { name, local, reason, origin, found, problem: None }
}

/// Looks for it as go does: a program of its name on PATH, else its folder in the module cache.
fn find(go: &Go<'_>, chosen: Chosen) -> ToolchainChoice {
    if let Ok(program) = look_path(go, &chosen.name) {
        return plain(chosen, Some(go.seen(&program)));
    }
    if chosen.path_only {
        let text = format!(
            "{} – but no program `{}` is on PATH, and GOTOOLCHAIN allows no other – go refuses to run",
            chosen.reason, chosen.name
        );
        let problem = Problem::error("go-toolchain-not-on-path", text);
        let problem = chosen.origin.iter().cloned().fold(problem, Problem::at);
        return ToolchainChoice { problem: Some(problem), ..plain(chosen, None) };
    }
    let unpacked = download::unpacked(go, &chosen.name);
    match (download::folder(go, &chosen.name), unpacked) {
        (Ok((folder, _)), _) => plain(chosen, Some(folder)),
        (Err(Refusal::Fatal { text, origin, .. }), Some(_)) => {
            let text = format!("{} – go refuses to run", in_a_line(&text));
            let problem = Problem::error("go-toolchain-refused", text);
            let problem = origin.into_iter().fold(problem, Problem::at);
            ToolchainChoice { problem: Some(problem), ..plain(chosen, None) }
        }
        (Err(_), unpacked) => plain(chosen, unpacked),
    }
}

/// The first line of a message, without the name of the program.
fn in_a_line(text: &str) -> &str {
    let mut text = text.lines().next().unwrap_or_default();
    while let Some(rest) = text.strip_prefix("go: ") {
        text = rest;
    }
    text
}

fn refused(go: &Go<'_>, refusal: Refusal) -> ToolchainChoice {
    let (text, origin) = match refusal {
        Refusal::Fatal { text, origin, .. } => (text, origin),
        Refusal::Unknown { reason, origin } => (reason, origin),
        Refusal::Writes(_) => (String::new(), None),
    };
    let text = match in_a_line(&text) {
        line if line.starts_with("invalid GOWORK") => RELATIVE_WORK.to_owned(),
        line => format!("{line} – go refuses to run"),
    };
    let problem = Problem::error("go-toolchain-refused", text.clone());
    let problem = origin.iter().cloned().fold(problem, Problem::at);
    let name = go.text("GOTOOLCHAIN");
    ToolchainChoice { name, local: false, reason: text, origin, found: None, problem: Some(problem) }
}

/// Since 1.21 a go refuses a go.mod or go.work whose go line is newer than itself (go: cmd/go/internal/gover
/// `TooNewError`).
fn old_enough(go: &Go<'_>, mut choice: ToolchainChoice) -> ToolchainChoice {
    let off = go.get("GO111MODULE").is_some_and(|mode| !matches!(mode.text.as_str(), "on" | "auto"));
    let asks = if off { None } else { select::asks(go).unwrap_or_default() };
    let asked = asks.as_ref().and_then(|a| a.go.as_ref());
    let asked = asked.and_then(|line| Some((line, Version::parse(&line.value)?)));
    let version = Version::from_toolchain(&choice.name).filter(|v| v.minor_at_least(21));
    if let (Some(asks), Some((line, asked)), Some(version)) = (&asks, asked, version)
        && asked > version
        && choice.problem.is_none()
    {
        let mode = go.text("GOTOOLCHAIN");
        let mode = if mode.is_empty() {
            "GOTOOLCHAIN is empty".to_owned()
        } else {
            format!("GOTOOLCHAIN is {mode}")
        };
        let text = format!(
            "{} asks go {}, but {} runs there ({mode}) – it refuses to build – let GOTOOLCHAIN be auto, or install a \
             newer go",
            file_path::base(go.os, &asks.file),
            line.value,
            choice.name,
        );
        let origin: Origin = line.origin();
        choice.problem = Some(Problem::error("go-too-old", text).at(origin));
    }
    choice
}
