//! Settings with which go refuses to work, or works for the wrong thing, each with the way out.
//!
//! Deliberately not here: broken trees and what hides what (`conflicts`), and the refusals themselves (`env`).

use crate::env::Fatal;
use crate::env_file::{self, Assignment};
use crate::sdk;
use crate::version::Version;
use model::{GoView, Origin, Problem, Setting, SettingSource};
use system::System;

/// How much go refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    /// Builds and the whole of `go env`, not single variables of it.
    FullList,
}

/// Adds what is found to the conflicts of the view, and ways out to those that are there.
pub(crate) fn add(system: &dyn System, folder: &str, view: &mut GoView, refused: Option<&(Fatal, Reach)>) {
    let problem = view.toolchain.as_ref().and_then(|choice| choice.problem.clone());
    view.conflicts.extend(problem);
    let known = view.conflicts.iter().any(|p| {
        p.code.starts_with("go-goroot-")
            || matches!(p.code.as_str(), "go-toolchain-refused" | "go-toolchain-not-on-path")
    });
    if let Some((fatal, reach)) = refused.filter(|_| !known) {
        view.conflicts.push(refusal(fatal, *reach));
    }
    let file = view.env_file.as_deref().map(|path| env_file::read(system, Some(folder), path).file);
    for problem in &mut view.conflicts {
        let line =
            |line: &&Assignment| problem.origin.as_ref().is_some_and(|origin| *origin == line.origin());
        let Some(line) = file.iter().flat_map(|f| &f.assignments).find(line) else { continue };
        let bricks = matches!(
            problem.code.as_str(),
            "go-refuses" | "go-goroot-missing" | "go-goroot-not-folder" | "go-toolchain-refused"
        );
        if bricks {
            let key = String::from_utf8_lossy(&line.key).into_owned();
            let root = view.path.as_deref().and_then(|path| tree(system, path));
            // The longer way is told below.
            for shorter in [" – remove the line by hand, `go env -u` refuses it", " – remove the line"] {
                if let Some(rest) = problem.message.strip_suffix(shorter) {
                    problem.message = rest.to_owned();
                }
            }
            let out = way_out(&key, view.version.as_deref(), root.as_deref());
            problem.message.push_str(&format!(" – the way out: {out}"));
        }
    }
    view.conflicts.extend(pinned(view));
    view.conflicts.extend(other_platform(view));
}

/// The SDK around a file.
fn tree(system: &dyn System, path: &str) -> Option<String> {
    let resolved = system.canonicalize(path).unwrap_or_else(|_| path.to_owned());
    sdk::tree_of(system, &resolved)
}

fn refusal(fatal: &Fatal, reach: Reach) -> Problem {
    let said = fatal.stderr.lines().rfind(|line| !line.starts_with("For more details")).unwrap_or_default();
    let what = match reach {
        Reach::Everything => "every go command refuses",
        Reach::FullList => "go refuses to build and to print all of `go env`",
    };
    let problem = Problem::error("go-refuses", format!("{what}: \"{said}\""));
    fatal.origin.iter().cloned().fold(problem, Problem::at)
}

/// How to get rid of a line of the env file with which go refuses to run. Each was tried with go of 1.21 to 1.27.
fn way_out(key: &str, version: Option<&str>, root: Option<&str>) -> String {
    let newest = version.and_then(Version::parse).is_none_or(|v| v.minor_at_least(27));
    match key {
        // go: src/cmd/go/internal/envcmd/env.go: since 1.27 `-u GOROOT` is refused like `-w`.
        "GOROOT" if newest => "remove the line by hand; until then GOENV=off lets go run".to_owned(),
        "GOROOT" => format!("`GOROOT={} go env -u GOROOT`", root.unwrap_or("FOLDER-OF-THE-SDK")),
        // go: src/cmd/go/internal/toolchain/select.go lets this very command through.
        "GOTOOLCHAIN" => "`go env -w GOTOOLCHAIN=auto`".to_owned(),
        "GOPATH" => "`GOPATH=/tmp go env -u GOPATH`".to_owned(),
        "GOWORK" => {
            "remove the line by hand, `go env -u` refuses it; until then GOWORK=off lets go run".to_owned()
        }
        other => format!("`go env -u {other}`"),
    }
}

/// A toolchain by name that is older than the go that is found: an SDK was installed, and yet the old one runs.
fn pinned(view: &GoView) -> Option<Problem> {
    let local = Version::parse(view.version.as_deref()?)?;
    // Without modules it is not looked at.
    view.toolchain.as_ref().filter(|choice| !choice.local)?;
    let setting = view.settings.iter().find(|s| s.name == "GOTOOLCHAIN")?;
    let text = setting.value.to_text();
    let least = text.split('+').next().unwrap_or_default();
    Version::from_toolchain(least).filter(|v| *v < local && local.minor_at_least(21))?;
    let advice = match setting.source {
        SettingSource::EnvFile => "`go env -u GOTOOLCHAIN`",
        _ => "unset it there",
    };
    let text = format!(
        "GOTOOLCHAIN is {text}, older than the go that is found ({}) – {least} runs in its place – {advice}",
        view.version.as_deref().unwrap_or_default()
    );
    Some(Problem::warning("go-toolchain-pinned-older", text).at(setting.origin.clone()))
}

/// GOOS and GOARCH in the env file: what is built everywhere does not run here.
fn other_platform(view: &GoView) -> Option<Problem> {
    let find = |name: &str| view.settings.iter().find(|s| s.name == name);
    let persisted = |name: &str, host: &str| -> Option<&Setting> {
        let setting = find(name).filter(|s| s.source == SettingSource::EnvFile)?;
        (setting.value != find(host)?.value).then_some(setting)
    };
    let found = [persisted("GOOS", "GOHOSTOS"), persisted("GOARCH", "GOHOSTARCH")];
    let first: &Setting = found.iter().flatten().next()?;
    let said = |s: &&Setting| format!("{}={}", s.name, s.value.to_text());
    let said: Vec<String> = found.iter().flatten().map(said).collect();
    let names: Vec<&str> = found.iter().flatten().map(|s| s.name.as_str()).collect();
    let text = format!(
        "the go env file says {} – every build of every place is for that platform, and `go run` and `go test` cannot start \
         what they built – `go env -u {}`",
        said.join(" "),
        names.join(" ")
    );
    let origin: Origin = first.origin.clone();
    Some(Problem::warning("go-env-file-other-platform", text).at(origin))
}
