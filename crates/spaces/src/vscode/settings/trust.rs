//! Whether the editor trusts what is open (vscode: workbench/services/workspaces/common/workspaceTrust.ts
//! `calculateWorkspaceTrust`).
//!
//! Deliberately not here: a browser keeps this for a server, and a client elsewhere for its remote windows.

use super::paths::join;
use super::uri::{is_in, path_in};
use crate::vscode::{Trust, Workspace, stored};
use system::System;

const KEY: &str = "content.trust.model.key";

/// What the editor has stored. Folders and the workspace file must all be in trusted folders. Only trust is stored: a
/// workspace that was open before and is not in one is restricted; of one that was never open nothing is known.
pub(crate) fn stored(system: &dyn System, user_data: &str, workspace: &Workspace) -> Trust {
    let database = join(system, user_data, &["User", "globalStorage", "state.vscdb"]);
    let Some(stored) = stored::item(system, &database, KEY) else { return Trust::Assumed };
    let os = system.os();
    let trusted: Vec<String> = stored["uriTrustInfo"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|info| info["trusted"] == true && info["uri"]["scheme"] == "file")
        .filter_map(|info| path_in(os, info["uri"]["path"].as_str()?))
        .collect();
    let mut open = workspace.folders.iter().map(|folder| &folder.path).chain(&workspace.file);
    if open.all(|path| trusted.iter().any(|folder| is_in(os, path, folder))) {
        return Trust::Known(true);
    }
    match stored::of_workspace(system, user_data, workspace) {
        Some(_) => Trust::Known(false),
        None => Trust::Assumed,
    }
}
