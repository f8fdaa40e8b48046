//! Which toolchain a go command of 1.21 or later hands over to in a folder.
//!
//! A port of `Select` (go: src/cmd/go/internal/toolchain/select.go) up to the point where the chosen one is looked
//! for: on PATH, then in the module cache. Deliberately not here: downloading, `go install pkg@version` and the
//! command lines that go answers itself (`go env GOTOOLCHAIN`), and what the chosen toolchain makes of the folder.

use crate::file_path;
use crate::project::{self, Asked, Asks, Work};
use crate::rules::Rules;
use crate::version::Version;
use crate::{env_file, goroot, lookup};
use model::{Folded, GoView, Origin, Problem, ToolchainChoice};
use system::System;

/// The choice of the go that `view` describes, for a command in `folder` (absolute). `None` where its version is not
/// known or older than 1.21.
pub fn choose(system: &dyn System, env: &Folded, view: &GoView, folder: &str) -> Option<ToolchainChoice> {
    let local = format!("go{}", view.version.as_deref()?);
    let local_version = Version::from_toolchain(&local)?;
    let rules = Rules::of(Some(&local));
    if !rules.since(21) {
        return None;
    }
    let folder_asks = FolderAsks::of(system, env, view, folder);
    let setting = |name: &str| view.settings.iter().find(|s| s.name == name);
    let stays = |reason: &str, origin: Option<Origin>| ToolchainChoice {
        name: local.clone(),
        local: true,
        reason: reason.to_owned(),
        origin,
        found: view.path.clone(),
        problem: None,
    };
    let mode = setting("GO111MODULE");
    match mode.map(|s| s.value.to_text().into_owned()).as_deref() {
        None | Some("" | "on") => {}
        Some("auto") if folder_asks.has_module(system, folder, &rules) => {}
        // A go.work alone does not make go choose before 1.27, yet it is loaded afterwards.
        Some("auto") => {
            let stays = stays("GO111MODULE is auto and there is no module", mode.map(|s| s.origin.clone()));
            return Some(old_enough(stays, folder_asks.asks.as_ref(), view));
        }
        Some(_) => return Some(stays("GO111MODULE switches modules off", mode.map(|s| s.origin.clone()))),
    }
    let stays = |reason: &str, origin: Option<Origin>| match &folder_asks.relative {
        // go counts whether there is a go.work before any command (go: cmd/go/main.go, since 1.23).
        Some(gowork) if rules.since(23) => refused(&local, RELATIVE_WORK.to_owned(), Some(gowork.clone())),
        _ => stays(reason, origin),
    };
    let given = setting("GOTOOLCHAIN");
    let given_text = given.map(|s| s.value.to_text().into_owned()).unwrap_or_default();
    let origin = given.map(|s| s.origin.clone());
    if given_text.is_empty() {
        return Some(old_enough(stays("GOTOOLCHAIN is empty", origin), folder_asks.asks.as_ref(), view));
    }
    let wanted = match Minimum::parse(&given_text, &local, &local_version) {
        Ok(minimum) => minimum,
        Err(text) => return Some(refused(&given_text, text, origin)),
    };
    let decision = match decide(&wanted, &rules, &folder_asks, origin) {
        Ok(decision) => decision,
        Err((text, origin)) => return Some(refused(&given_text, text, Some(origin))),
    };
    let asks = folder_asks.asks.as_ref();
    if decision.name == "local" || decision.name == local {
        return Some(old_enough(stays(&decision.reason, decision.origin), asks, view));
    }
    if !decision.name.starts_with("go1") && !decision.name.contains("-go1") {
        let text = format!("go refuses `{}` as a toolchain", decision.name);
        return Some(refused(&decision.name, text, decision.origin));
    }
    Some(old_enough(find(system, env, view, folder, decision, wanted.path_only), asks, view))
}

/// Since 1.21 a go refuses a go.mod or go.work whose go line is newer than itself (go: cmd/go/internal/gover
/// `TooNewError`).
fn old_enough(mut choice: ToolchainChoice, asks: Option<&Asks>, view: &GoView) -> ToolchainChoice {
    let asked = asks.and_then(|a| a.go.as_ref()).and_then(|line| Some((line, Version::parse(&line.value)?)));
    let version = Version::from_toolchain(&choice.name).filter(|v| v.minor_at_least(21));
    if let (Some(asks), Some((line, asked)), Some(version)) = (asks, asked, version)
        && asked > version
        && choice.problem.is_none()
    {
        let file = asks.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let mode = view.settings.iter().find(|s| s.name == "GOTOOLCHAIN");
        let mode = mode.map(|s| s.value.to_text().into_owned()).filter(|m| !m.is_empty());
        let text = format!(
            "{file} asks go {}, but {} runs there ({}) – it refuses to build – let GOTOOLCHAIN be auto, or install \
             a newer go",
            line.value,
            choice.name,
            mode.map_or_else(|| "GOTOOLCHAIN is empty".to_owned(), |m| format!("GOTOOLCHAIN is {m}"))
        );
        choice.problem = Some(Problem::error("go-too-old", text).at(line.origin()));
    }
    choice
}

const RELATIVE_WORK: &str = "GOWORK is not an absolute path – go refuses to run – make it absolute, or off";

/// GOTOOLCHAIN in its parts.
struct Minimum {
    name: String,
    version: Version,
    /// Whether go.mod and go.work may raise it.
    automatic: bool,
    path_only: bool,
    text: String,
}

impl Minimum {
    fn parse(text: &str, local: &str, local_version: &Version) -> Result<Self, String> {
        let of = |name: &str, version: &Version, automatic, path_only| Self {
            name: name.to_owned(),
            version: version.clone(),
            automatic,
            path_only,
            text: text.to_owned(),
        };
        if text == "auto" || text == "path" {
            return Ok(of(local, local_version, true, text == "path"));
        }
        let (minimum, suffix) = match text.split_once('+') {
            Some((minimum, suffix)) => (minimum, Some(suffix)),
            None => (text, None),
        };
        let version = match minimum {
            "local" => None,
            name => Some(Version::from_toolchain(name).ok_or_else(|| {
                format!("GOTOOLCHAIN is `{text}`, and `{name}` is no toolchain – go refuses to run")
            })?),
        };
        if suffix.is_some_and(|s| s != "auto" && s != "path") {
            return Err(format!(
                "GOTOOLCHAIN is `{text}` – only +auto and +path may follow – go refuses to run"
            ));
        }
        let name = if version.is_none() { local } else { minimum };
        let version = version.as_ref().unwrap_or(local_version);
        Ok(of(name, version, suffix.is_some(), suffix == Some("path")))
    }
}

/// What a folder asks, with GOWORK heeded.
struct FolderAsks {
    asks: Option<Asks>,
    /// GOWORK names a file, which need not exist.
    named: bool,
    /// A relative GOWORK, which go refuses.
    relative: Option<Origin>,
}

impl FolderAsks {
    fn of(system: &dyn System, env: &Folded, view: &GoView, folder: &str) -> Self {
        let given = goroot::variable(env, "GOWORK").or_else(|| {
            let file = env_file::read(system, Some(folder), view.env_file.as_deref()?).file;
            let line = file.get("GOWORK").filter(|a| !a.value.is_empty())?;
            Some((line.value.to_text().into_owned(), line.origin()))
        });
        let by = |work| Self {
            asks: project::asks_by(system, folder, work),
            named: matches!(work, Work::File(_)),
            relative: None,
        };
        match given {
            None => by(Work::Nearest),
            Some((text, _)) if text == "auto" => by(Work::Nearest),
            Some((text, _)) if text == "off" => by(Work::Off),
            Some((text, origin)) if !file_path::is_absolute(system.os(), &text) => {
                Self { asks: None, named: true, relative: Some(origin) }
            }
            Some((text, _)) => by(Work::File(&text)),
        }
    }

    /// For GO111MODULE=auto: a go.mod upwards; since 1.27 a go.work too, or a GOWORK that names one.
    fn has_module(&self, system: &dyn System, folder: &str, rules: &Rules) -> bool {
        project::nearest(system, folder, "go.mod").is_some()
            || (rules.since(27) && (self.named || self.asks.is_some()))
    }
}

struct Decision {
    name: String,
    reason: String,
    origin: Option<Origin>,
}

/// The minimum, raised by the toolchain line and then by the go line of what the folder asks.
fn decide(
    minimum: &Minimum,
    rules: &Rules,
    folder: &FolderAsks,
    origin: Option<Origin>,
) -> Result<Decision, (String, Origin)> {
    let reason = format!("GOTOOLCHAIN is {}", minimum.text);
    let mut decision = Decision { name: minimum.name.clone(), reason, origin };
    if !minimum.automatic {
        return Ok(decision);
    }
    if let Some(origin) = &folder.relative {
        return Err((RELATIVE_WORK.to_owned(), origin.clone()));
    }
    let Some(asks) = &folder.asks else { return Ok(decision) };
    let file = asks.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let toolchain = asks.toolchain.as_ref().filter(|t| !t.value.is_empty());
    let mut least = minimum.version.clone();
    if let Some(line) = toolchain {
        if line.value == "default" {
            decision.reason = format!("the toolchain line of {file} is `default`");
            decision.origin = Some(line.origin());
            return Ok(decision);
        }
        let Some(version) = Version::from_toolchain(&line.value) else {
            let text = format!(
                "the toolchain line of {file} names `{}`, which is none – go refuses to run",
                line.value
            );
            return Err((text, line.origin()));
        };
        let raises = if rules.toolchain_must_be_newer() { version > least } else { version >= least };
        if raises {
            decision = by_line(line.value.clone(), "toolchain", file, line);
            least = version;
        }
    }
    if let Some(line) = &asks.go
        && let Some(version) = Version::parse(&line.value)
        && version > least
    {
        let first = rules.first_release_of_language() && version.is_language() && version.minor_at_least(21);
        let name = format!("go{}{}", line.value, if first { ".0" } else { "" });
        decision = by_line(name, "go", file, line);
    }
    Ok(decision)
}

fn by_line(name: String, key: &str, file: &str, line: &Asked) -> Decision {
    Decision {
        name,
        reason: format!("the {key} line of {file} asks {}", line.value),
        origin: Some(line.origin()),
    }
}

fn refused(name: &str, text: String, origin: Option<Origin>) -> ToolchainChoice {
    let problem = Problem::error("go-toolchain-refused", text.clone());
    let problem = origin.iter().cloned().fold(problem, Problem::at);
    let name = name.to_owned();
    ToolchainChoice { name, local: false, reason: text, origin, found: None, problem: Some(problem) }
}

/// Looks for it as go does: a program of its name on PATH, else its folder in the module cache.
fn find(
    system: &dyn System,
    env: &Folded,
    view: &GoView,
    folder: &str,
    decision: Decision,
    path_only: bool,
) -> ToolchainChoice {
    let os = system.os();
    let cached = || {
        let cache = view.settings.iter().find(|s| s.name == "GOMODCACHE")?.value.to_text().into_owned();
        let name = format!("golang.org/toolchain@v0.0.1-{}.{}-{}", decision.name, os.goos(), system.arch());
        let path = file_path::join(os, &cache, &name);
        (!cache.is_empty() && system.is_folder(&path)).then_some(path)
    };
    let on_path = lookup::first(system, env, Some(folder), &decision.name);
    let found = if path_only { on_path } else { on_path.or_else(cached) };
    let problem = (path_only && found.is_none()).then(|| {
        let text = format!(
            "{} – but no program `{}` is on PATH, and GOTOOLCHAIN allows no other – go refuses to run",
            decision.reason, decision.name
        );
        let problem = Problem::error("go-toolchain-not-on-path", text);
        decision.origin.iter().cloned().fold(problem, Problem::at)
    });
    let Decision { name, reason, origin } = decision;
    ToolchainChoice { name, local: false, reason, origin, found, problem }
}
