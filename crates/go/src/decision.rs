//! How the go that is found comes to its toolchain, line by line: what is asked, what is allowed, whence it would come.
//!
//! Deliberately not here: the choice itself (`env`).

use crate::file_path;
use crate::goroot::variable;
use crate::project::{self, Asks, Work};
use crate::version::Version;
use model::{Answering, Folded, GoView, Origin, Reason, ReasonKind, Setting, SettingSource, ToolchainChoice};
use system::System;

/// The steps up to where the chosen toolchain is found. `view` is that of the go that is found, with its own settings.
pub(crate) fn steps(
    system: &dyn System,
    env: &Folded,
    view: &GoView,
    folder: &str,
    choice: Option<&ToolchainChoice>,
) -> Vec<Reason> {
    let setting = |name: &str| view.settings.iter().find(|s| s.name == name);
    let mut out = asked(system, env, view, folder);
    let Some(version) = view.version.as_deref().and_then(Version::parse) else { return out };
    if !version.minor_at_least(21) {
        let text = "before 1.21 go stays what it is, whatever is asked".to_owned();
        let origin =
            Origin::rule("toolchains came with 1.21", "go: release notes of 1.21, \"Go toolchains\"");
        out.push(Reason { kind: ReasonKind::Allows, text, origin: Some(origin) });
        return out;
    }
    if let Some(mode) = setting("GO111MODULE").filter(|s| !matches!(&*s.value.to_text(), "" | "on")) {
        let value = mode.value.to_text();
        let meaning = match &*value {
            "auto" => "toolchains are only chosen where there is a module",
            _ => "no toolchain is chosen without modules",
        };
        let text = format!("GO111MODULE={value}: {meaning}");
        out.push(Reason { kind: ReasonKind::Mode, text, origin: Some(mode.origin.clone()) });
    }
    let given = setting("GOTOOLCHAIN").map(|s| s.value.to_text().into_owned()).unwrap_or_default();
    let origin = setting("GOTOOLCHAIN").map(|s| s.origin.clone());
    let text = if given.is_empty() {
        format!("GOTOOLCHAIN is empty: {}", allowance("local"))
    } else {
        format!("GOTOOLCHAIN={given}: {}", allowance(&given))
    };
    out.push(Reason { kind: ReasonKind::Allows, text, origin });
    if let Some(choice) = choice.filter(|c| !c.local) {
        let text = format!("{}: {}", choice.name, choice.reason);
        out.push(Reason { kind: ReasonKind::Wants, text, origin: choice.origin.clone() });
        out.extend(whence(view, choice));
    }
    out
}

/// The lines of go.mod or go.work that count.
fn asked(system: &dyn System, env: &Folded, view: &GoView, folder: &str) -> Vec<Reason> {
    let reason = |text: String, origin| Reason { kind: ReasonKind::Asks, text, origin };
    let work = gowork(system, env, view, folder);
    let asks = match &work {
        Some((text, _)) if text == "off" => project::asks_by(system, folder, Work::Off),
        Some((text, _)) if file_path::is_absolute(system.os(), text) => {
            project::asks_by(system, folder, Work::File(text))
        }
        _ => project::asks(system, folder),
    };
    let Some(asks) = asks else {
        return vec![reason("nothing: there is no go.mod and no go.work here or above".to_owned(), None)];
    };
    let file = asks.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut out = Vec::new();
    if let Some((text, origin)) = work.filter(|(text, _)| text != "auto") {
        out.push(reason(format!("GOWORK={text}"), Some(origin)));
    }
    if file == "go.work" && project::nearest(system, folder, "go.mod").is_some() {
        let text = "go.work takes the place of go.mod".to_owned();
        out.push(reason(text, Some(Origin::file(asks.file.as_str()))));
    }
    out.extend(lines(&asks, file));
    if asks.go.is_none() && asks.toolchain.is_none() {
        out.push(reason(format!("{file} asks no version"), Some(Origin::file(asks.file.as_str()))));
    }
    out
}

fn lines(asks: &Asks, file: &str) -> Vec<Reason> {
    let of = |key: &str, asked: &project::Asked| Reason {
        kind: ReasonKind::Asks,
        text: format!("{file}: {key} {}", asked.value),
        origin: Some(asked.origin()),
    };
    let go = asks.go.iter().map(|asked| of("go", asked));
    go.chain(asks.toolchain.iter().map(|asked| of("toolchain", asked))).collect()
}

fn gowork(system: &dyn System, env: &Folded, view: &GoView, folder: &str) -> Option<(String, Origin)> {
    variable(env, "GOWORK").or_else(|| {
        let file = crate::env_file::read(system, Some(folder), view.env_file.as_deref()?).file;
        let line = file.get("GOWORK").filter(|a| !a.value.is_empty())?;
        Some((line.value.to_text().into_owned(), line.origin()))
    })
}

/// What GOTOOLCHAIN allows (go: doc/toolchain).
fn allowance(text: &str) -> String {
    const AUTO: &str =
        "a newer one that is asked for is taken from PATH or the module cache, else downloaded";
    const PATH: &str = "a newer one that is asked for is taken from PATH only";
    match text.split_once('+') {
        None if text == "auto" => AUTO.to_owned(),
        None if text == "path" => PATH.to_owned(),
        None if text == "local" => "no other than the go that is found".to_owned(),
        None if Version::from_toolchain(text).is_none() => "no toolchain has that name".to_owned(),
        None => format!("exactly {text}, whatever is asked"),
        Some((least, suffix)) => {
            let least = if least == "local" { "the go that is found" } else { least };
            let more = if suffix == "path" { PATH } else { AUTO };
            format!("{least} at least; {more}")
        }
    }
}

/// Where the chosen toolchain lies, or would come from.
fn whence(view: &GoView, choice: &ToolchainChoice) -> Option<Reason> {
    let setting = |name: &str| view.settings.iter().find(|s| s.name == name);
    let value = |name: &str| setting(name).map(|s| s.value.to_text().into_owned()).unwrap_or_default();
    let reason = |text: String, origin| Some(Reason { kind: ReasonKind::From, text, origin });
    match &choice.found {
        Some(found) if found.contains("golang.org") && found.contains("toolchain@") => {
            reason(format!("the module cache: {found}, nothing to download"), None)
        }
        Some(found) => reason(format!("a program of that name on PATH: {found}"), None),
        None if choice.problem.as_ref().is_some_and(|p| p.code != "go-too-old") => None,
        None => {
            let origin = setting("GOPROXY").map(|s| s.origin.clone());
            let text = match value("GOPROXY").as_str() {
                "off" => {
                    "nowhere: it is not in the module cache, and GOPROXY=off allows no download".to_owned()
                }
                "" => "nowhere: it is not in the module cache, and GOPROXY is empty".to_owned(),
                proxy => {
                    let checked = match value("GOSUMDB").as_str() {
                        "off" => "refused, since GOSUMDB=off leaves it unchecked".to_owned(),
                        "" => "unchecked".to_owned(),
                        database => format!("checked by {database}"),
                    };
                    format!("a download by GOPROXY={proxy}, {checked}")
                }
            };
            reason(text, origin)
        }
    }
}

/// Which go answers in the end.
pub(crate) fn answer(answering: &Answering, goroot: Option<&Setting>) -> Reason {
    let root = answering.goroot.as_deref().map(|root| format!(", GOROOT {root}")).unwrap_or_default();
    let how = match goroot.map(|s| s.source) {
        Some(SettingSource::EnvFile) => " of the go env file",
        _ => "",
    };
    Reason {
        kind: ReasonKind::Answers,
        text: format!("go {}{root}{how}", answering.version),
        origin: Some(Origin::file(answering.program.as_str())),
    }
}
