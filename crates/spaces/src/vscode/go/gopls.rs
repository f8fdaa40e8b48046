//! `vscode:gopls`, the language server, and `vscode:gopls/go`, the go commands that it starts.
//!
//! gopls keeps the environment that it was started with; `gopls.build.env` counts only for the go commands that it
//! starts itself (gopls: internal/cache/view.go `Env`), which find go by PATH there. Not here: what single go commands
//! of gopls get besides (the scan for imports names GOFLAGS and others, `go mod tidy` gets GOPROXY=off).

use super::environment::{self, spelt};
use super::{Place, find, pitfalls};
use crate::derived::Derived;
use crate::trace::Trace;
use crate::vscode::{Json, Setting};
use model::{GoStart, Origin, Problem, SettingSource};

pub(super) fn spaces(place: &Place<'_>) -> Vec<Derived> {
    let (extension, host) = (place.extension, place.host);
    let editor = extension.window.editor;
    let mut space = place.space(editor.id("gopls"), "gopls, started by the Go extension");
    if !place.is_running() {
        return vec![Derived { space, then: None }];
    }
    if let Some(origin) = extension.is_off("go.useLanguageServer") {
        let reason = "go.useLanguageServer is off: no gopls is started".to_owned();
        space.layers.push(model::Layer::skipped("gopls", "gopls", reason.clone()).from_source(origin));
        space.evidence = model::Evidence::NotChecked { reason };
        return vec![Derived { space, then: None }];
    }
    let variables = environment::tool_execution(extension, host.environment, true);
    let mut trace = Trace::over(host.environment);
    environment::apply(&mut trace, &variables);
    let env = trace.folded(host.environment, &super::activation::scratch(host.environment));
    space.layers = trace.into_layers();
    space.problems = pitfalls::of_tools(extension, host.environment, &variables);
    space.problems.extend(missing(place));
    space.go_start = place.activation.start().map(|start| GoStart { path: None, ..start });
    let of_go = of_go(place, &space, &env);
    let mut out = vec![Derived { space, then: None }];
    out.extend(of_go.map(|space| Derived { space, then: None }));
    out
}

/// gopls itself is nowhere.
fn missing(place: &Place<'_>) -> Option<Problem> {
    let found =
        find::find(place.extension, place.host.environment, "gopls", place.activation.goroot.as_deref());
    if found.path.is_some() {
        return None;
    }
    let looked: Vec<String> = found.steps.iter().map(|step| step.text.clone()).collect();
    let message =
        format!("the Go extension finds no gopls – {} – run Go: Install/Update Tools", looked.join("; "));
    Some(Problem::warning("vscode-gopls-not-found", message))
}

/// `build.env` of the settings of gopls, under either of its names (gopls: internal/settings/settings.go `setOne`).
fn build_env(place: &Place<'_>) -> Option<Setting> {
    let settings = place.extension.setting("gopls");
    let of = |key: &str| settings.as_ref().and_then(|s| s.get(key).cloned());
    of("build.env")
        .or_else(|| settings.as_ref()?.get("build")?.get("env").cloned())
        .or_else(|| of("env"))
        .or_else(|| place.extension.setting("gopls.build.env"))
        .or_else(|| place.extension.setting("gopls.env"))
}

/// What the go commands get that gopls starts.
fn of_go(place: &Place<'_>, gopls: &model::Space, env: &model::Folded) -> Option<model::Space> {
    let extension = place.extension;
    let editor = extension.window.editor;
    let mut space = place.space(editor.named("gopls", "go"), "a go command, started by gopls");
    space.parent = Some(gopls.id.clone());
    let rule = |text: &str, reference: &str| Origin::rule(text, format!("gopls: internal/{reference}"));
    let mut trace = Trace::over(env);
    if let Some(setting) = build_env(place) {
        trace.layer("gopls-build-env", "gopls build.env", rule("build.env of gopls", "cache/view.go Env"));
        for (name, value) in setting.entries() {
            match &value.value {
                Json::Text(text) => trace.set(name.as_bytes(), text.as_bytes(), value.origin.clone()),
                other => space.problems.push(
                    Problem::warning(
                        "vscode-gopls-env-type",
                        format!(
                            "gopls refuses build.env: {name} is {}, not text – put it in quotes",
                            spelt(other)
                        ),
                    )
                    .at(value.origin.clone()),
                ),
            }
        }
    }
    let so_far = trace.folded(env, &super::activation::scratch(env));
    trace.layer("gopls-sets", "gopls sets", rule("gopls runs a go command", "gocommand/invoke.go"));
    let (mode, origin) = module_mode(place, &so_far).unwrap_or_else(|| {
        ("auto".to_owned(), rule("auto, where it is not set", "cache/view.go adjustedGO111MODULE"))
    });
    trace.set(b"GO111MODULE", mode.as_bytes(), origin);
    if let Some(folder) = extension.folder {
        let reason = "as for a command in the workspace folder";
        trace.stand_in(
            b"PWD",
            folder.as_bytes(),
            reason,
            rule("the folder of the command", "gocommand/invoke.go run"),
        );
    }
    space.layers = trace.into_layers();
    Some(space)
}

/// GO111MODULE as `go env` tells it there, if it is set at all.
fn module_mode(place: &Place<'_>, env: &model::Folded) -> Option<(String, Origin)> {
    let programs = go::Programs::new(place.extension.system());
    let words = ["env".to_owned(), "GO111MODULE".to_owned()];
    let query =
        go::env::Query { programs: &programs, env, cwd: place.extension.folder, words: &words, probe: false };
    let go::env::Outcome::Values(values) = go::env::evaluate(&query) else { return None };
    let variable = values.named.first().filter(|v| !v.value().is_empty())?;
    let text = variable.value().to_text().into_owned();
    let origin = match variable.setting.source {
        SettingSource::Default | SettingSource::Computed => return None,
        _ => variable.setting.origin.clone(),
    };
    Some((text, origin))
}
