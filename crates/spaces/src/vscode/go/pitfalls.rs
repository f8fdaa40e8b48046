//! Settings of the Go extension that do something else than they seem to say.
//!
//! Facts beside a space; judging a whole machine is not done here.

use super::activation::Activation;
use super::environment::{GOPATH, TOOLS, Variables, spelt};
use super::extension::{Extension, non_empty};
use super::find::Why;
use crate::vscode::{Json, Setting};
use model::{Folded, Problem};

/// Of what the start of the extension goes by.
pub(super) fn of_settings(extension: &Extension<'_>, host: &Folded, activation: &Activation) -> Vec<Problem> {
    let mut out = Vec::new();
    let Some(found) = &activation.found else { return out };
    let path = found.path.as_deref().unwrap_or("nothing");
    if let Some((text, origin)) = &found.ignored {
        let message = format!(
            "go.alternateTools.go is ignored: `{text}` is no program – the Go extension takes {path} without a word – correct the path"
        );
        out.push(Problem::warning("vscode-alternate-tool-ignored", message).at(origin.clone()));
    }
    if found.why == Some(Why::Gobin) {
        let origin = super::activation::origin(host, "GOBIN");
        let message = format!(
            "the Go extension takes {path}, since GOBIN is looked into before go.goroot and PATH – remove or rename that file"
        );
        out.push(Problem::warning("vscode-go-in-gobin", message).at(origin));
    }
    if extension.text("go.goroot").is_some()
        && let Some((chosen, origin)) = super::stored::selected_go(extension.window)
    {
        let message =
            format!("the go chosen for this workspace, {chosen}, is ignored: go.goroot is set – remove one");
        out.push(Problem::info("vscode-selected-go-ignored", message).at(origin));
    }
    out
}

/// Of go.toolsEnvVars, on what gopls and tests make of them.
pub(super) fn of_tools(extension: &Extension<'_>, host: &Folded, variables: &Variables) -> Vec<Problem> {
    let mut out = Vec::new();
    let Some(setting) = extension.setting("go.toolsEnvVars") else { return out };
    out.extend(of_map("go.toolsEnvVars", &setting, true));
    for (name, value) in setting.entries() {
        let origin = value.origin.clone();
        let given = variables.get(name);
        match name.as_str() {
            "GOPATH" if given.is_some_and(|given| given.layer == &GOPATH) => {
                let winner = given.map(|given| spelt(&given.value)).unwrap_or_default();
                if winner == spelt(&value.value) {
                    continue;
                }
                let message = format!(
                    "go.toolsEnvVars.GOPATH has no effect: the Go extension gives {winner} – use go.gopath or `go env -w GOPATH=…`"
                );
                out.push(Problem::warning("vscode-tools-gopath", message).at(origin));
            }
            "GOOS" | "GOARCH" if given.is_some_and(|given| given.layer == &TOOLS) => {
                let host = match name.as_str() {
                    "GOOS" => extension.os().goos().to_owned(),
                    _ => extension.system().arch(),
                };
                let text = spelt(&value.value);
                if text == host {
                    continue;
                }
                let message = format!(
                    "go.toolsEnvVars.{name}={text} also counts for tests and debugging, which cannot run here – move it to gopls build.env"
                );
                out.push(Problem::warning("vscode-tools-platform", message).at(origin));
            }
            name if super::environment::is_frozen(name) && non_empty(host, name).is_some() => {
                let message = format!(
                    "go.toolsEnvVars.{name} is kept by the extension host since its start – without the setting it stays until Reload Window"
                );
                out.push(Problem::new(model::Severity::Hint, "vscode-tools-frozen", message).at(origin));
            }
            _ => {}
        }
    }
    out
}

/// Values of a map of variables that do not become what they look like. `env`: whether `${env:NAME}` is replaced.
pub(super) fn of_map(key: &str, setting: &Setting, env: bool) -> Vec<Problem> {
    let mut out = Vec::new();
    for (name, value) in setting.entries() {
        let warn = |code: &str, text: String| Problem::warning(code, text).at(value.origin.clone());
        match &value.value {
            Json::Null => out.push(warn(
                "vscode-env-null",
                format!(
                    "{key}.{name} is null, which becomes the text `null` – remove the key, or write \"\""
                ),
            )),
            Json::Text(text) => {
                if !env && text.contains("${env:") {
                    let message = format!(
                        "{key}.{name}: `${{env:…}}` is not replaced when a test is run, only when it is debugged – write the value"
                    );
                    out.push(warn("vscode-env-not-replaced", message));
                }
                if text.contains("${userHome}") {
                    let message =
                        format!("{key}.{name}: `${{userHome}}` is not replaced – write ~ or the folder");
                    out.push(warn("vscode-env-not-replaced", message));
                }
            }
            other => {
                let message = format!(
                    "{key}.{name} is {}, not text: a debug session with it is refused – put it in quotes",
                    spelt(other)
                );
                out.push(warn("vscode-env-not-text", message));
            }
        }
    }
    out
}
