//! What an editor has stored for a workspace: the state that its extensions keep, and what they change in terminals,
//! which is applied on the next start before any extension runs (vscode: platform/storage, workbench/contrib/terminal/
//! common/environmentVariableService.ts).
//!
//! A browser keeps this for a server, so that only a desktop app's can be read. Not here: what an extension makes of
//! its state.

use super::settings::paths::join;
use super::settings::uri::{path_of, same};
use super::{Change, Mutator, Window, Workspace};
use model::{Name, Origin, Place, Value};
use serde_json::Value as Json;
use system::System;
use text::sqlite::{self, Log};

/// The table of `state.vscdb`.
const TABLE: &str = "ItemTable";
/// The key of what extensions change in terminals.
const COLLECTIONS: &str = "terminal.integrated.environmentVariableCollectionsV2";

/// The state that an extension (`golang.go`) keeps for the workspace, and the file that it lies in.
pub(super) fn of_extension(window: &Window<'_>, extension: &str) -> Option<(Json, String)> {
    let path = database(window)?;
    Some((item(window.context.system, &path, extension)?, path))
}

/// What extensions had changed in terminals when the window was last open. A server that has a database beside its
/// settings is believed, though its browser usually keeps it.
pub(super) fn mutators(window: &Window<'_>) -> Vec<Mutator> {
    let stored = of_workspace(window.context.system, &window.editor.user_data, window.workspace);
    let Some(path) = stored else { return Vec::new() };
    let Some(stored) = item(window.context.system, &path, COLLECTIONS) else { return Vec::new() };
    let mut out = Vec::new();
    for of_extension in stored.as_array().into_iter().flatten() {
        let Some(extension) = of_extension["extensionIdentifier"].as_str() else { continue };
        for entry in of_extension["collection"].as_array().into_iter().flatten() {
            out.extend(mutator(extension, &entry[1], &path));
        }
    }
    out
}

fn mutator(extension: &str, stored: &Json, path: &str) -> Option<Mutator> {
    let variable = stored["variable"].as_str()?;
    let change = match stored["type"].as_u64()? {
        1 => Change::Replace,
        2 => Change::Append,
        3 => Change::Prepend,
        _ => return None,
    };
    let option = |name: &str, default: bool| stored["options"][name].as_bool().unwrap_or(default);
    let index = stored["scope"]["workspaceFolder"]["index"].as_u64();
    Some(Mutator {
        extension: extension.to_owned(),
        variable: Name::from(variable),
        change,
        value: Value::from(stored["value"].as_str()?),
        at_creation: option("applyAtProcessCreation", true),
        at_integration: option("applyAtShellIntegration", false),
        folder: index.and_then(|index| usize::try_from(index).ok()),
        origin: origin(path, COLLECTIONS),
    })
}

/// A key of the database, as an origin.
pub(super) fn origin(path: &str, key: &str) -> Origin {
    Origin::Setting { place: Place::file(path), pointer: format!("/{key}") }
}

/// A value of a database, which is JSON.
pub(super) fn item(system: &dyn System, path: &str, key: &str) -> Option<Json> {
    let mut read = |offset: u64, length: usize| system.read_at(path, offset, length).ok();
    // Some products keep a write-ahead log.
    let log = Log::new(system.read(&format!("{path}-wal")).unwrap_or_default());
    let bytes = sqlite::lookup(&mut log.over(&mut read), TABLE, key)?;
    serde_json::from_slice(&bytes).ok()
}

/// The database of the window's workspace.
fn database(window: &Window<'_>) -> Option<String> {
    if window.editor.is_server() {
        return None;
    }
    of_workspace(window.context.system, &window.editor.user_data, window.workspace)
}

/// `workspaceStorage/HASH/state.vscdb` of a workspace; `workspace.json` beside it says which one it is for. A folder that
/// was made anew has a further one, for its inode goes into the hash (vscode: platform/workspaces/node/workspaces.ts
/// `getSingleFolderWorkspaceIdentifier`): the one that was written last is its.
pub(super) fn of_workspace(system: &dyn System, user_data: &str, workspace: &Workspace) -> Option<String> {
    let root = join(system, user_data, &["User", "workspaceStorage"]);
    let (key, wanted) = match &workspace.file {
        Some(file) => ("workspace", file.as_str()),
        None => ("folder", workspace.first()?),
    };
    let names = system.read_dir(&root).ok()?;
    let is_for = |name: &&String| {
        let bytes = system.read(&join(system, &root, &[name, "workspace.json"])).unwrap_or_default();
        let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        let path = json[key].as_str().and_then(|uri| path_of(system.os(), uri));
        path.is_some_and(|path| same(system.os(), &path, wanted))
    };
    let databases = names.iter().filter(is_for).filter_map(|name| {
        let path = join(system, &root, &[name, "state.vscdb"]);
        let written = system.metadata(&path).ok()?.modified_ms;
        Some((written, path))
    });
    databases.max().map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vscode::Trust;
    use system::memory::{Entry, MemorySystem};

    #[test]
    fn the_database_that_was_written_last_is_the_workspace_s() {
        let root = "/home/ann/.config/Code/User/workspaceStorage";
        let mut machine = MemorySystem::linux();
        for (name, folder, written) in [("a", "/p", 1), ("b", "/p", 3), ("c", "/p", 2), ("d", "/q", 4)] {
            machine = machine
                .file(
                    &format!("{root}/{name}/workspace.json"),
                    format!("{{\"folder\": \"file://{folder}\"}}"),
                )
                .entry(&format!("{root}/{name}/state.vscdb"), Entry::file("").modified_ms(written));
        }
        let folder = Workspace::folder("/p", Trust::Assumed);
        let found = of_workspace(&machine, "/home/ann/.config/Code", &folder);
        assert_eq!(found, Some(format!("{root}/b/state.vscdb")));
    }
}
