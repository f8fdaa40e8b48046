//! GOPATH as the extension has it: where tools are looked for, and what it gives to all that it starts.
//!
//! Not here: how tools are found (`find`).

use super::expand;
use super::extension::{Extension, non_empty, origin_of};
use crate::vscode::Json;
use model::{Folded, Origin};
use system::Os;

/// `go.gopath` and what may stand in its place, empty where there is none (vscode-go: util.ts `getCurrentGoPath`).
pub(super) fn current(extension: &Extension<'_>, host: &Folded) -> Option<(String, Origin)> {
    let configured = || {
        let (text, origin) = extension.text("go.gopath")?;
        Some((extension.expand(&text, host), origin)).filter(|(text, _)| !text.is_empty())
    };
    let inherited = || {
        let text = non_empty(host, "GOPATH")?;
        let origin = origin_of(host, "GOPATH");
        Some((text, origin.unwrap_or_else(|| Origin::unknown("GOPATH has no history"))))
    };
    inferred(extension, host).or_else(configured).or_else(inherited)
}

/// `go.inferGopath`: what lies above the nearest `src`, unless there is a go.mod (vscode-go: utils/pathUtils.ts
/// `getInferredGopath`).
fn inferred(extension: &Extension<'_>, host: &Folded) -> Option<(String, Origin)> {
    let setting = extension.setting("go.inferGopath").filter(|s| s.value == Json::Bool(true))?;
    let root = extension.folder?;
    let (os, system) = (extension.os(), extension.system());
    let separator = if os == Os::Windows { '\\' } else { '/' };
    let lower = root.to_lowercase();
    let parts: Vec<&str> = lower.split(separator).collect();
    let above = parts.iter().rposition(|part| *part == "src").filter(|at| *at > 0).and_then(|at| {
        let length = parts[..at].join(&separator.to_string()).len();
        root.get(..length)
    });
    let opened = || system.is_folder(&expand::join(os, &[root, "src"])).then_some(root);
    let found = above.filter(|above| !above.is_empty()).or_else(opened)?;
    if system.exists(&expand::join(os, &[found, "go.mod"])) {
        return None;
    }
    let delimiter = if os == Os::Windows { ';' } else { ':' };
    let text = match non_empty(host, "GOPATH").filter(|gopath| gopath != found) {
        Some(gopath) => format!("{found}{delimiter}{gopath}"),
        None => found.to_owned(),
    };
    Some((text, setting.origin))
}

/// `go.toolsGopath` (vscode-go: util.ts `resolveToolsGopath`).
pub(super) fn of_tools(extension: &Extension<'_>, host: &Folded) -> Option<(String, Origin)> {
    let (text, origin) = extension.text("go.toolsGopath")?;
    Some((extension.expand(&text, host), origin)).filter(|(text, _)| !text.is_empty())
}
