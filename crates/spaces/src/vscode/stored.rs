//! What an editor has stored for a workspace: the state that its extensions keep, and what they change in terminals,
//! which is applied on the next start before any extension runs (vscode: platform/storage, workbench/contrib/terminal/
//! common/environmentVariableService.ts).
//!
//! A browser keeps this for a server, so that only a desktop app's can be read. Not here: what an extension makes of
//! its state.

use super::{Change, Mutator, Window};
use model::{Name, Origin, Place, Value};
use serde_json::Value as Json;
use system::System;

/// The table of `state.vscdb`.
const TABLE: &str = "ItemTable";
/// The key of what extensions change in terminals.
const COLLECTIONS: &str = "terminal.integrated.environmentVariableCollectionsV2";

/// The state that an extension (`golang.go`) keeps for the workspace, and the file that it lies in.
pub(super) fn of_extension(window: &Window<'_>, extension: &str) -> Option<(Json, String)> {
    let path = database(window)?;
    Some((item(window.context.system, &path, extension)?, path))
}

/// What extensions had changed in terminals when the window was last open.
pub(super) fn mutators(window: &Window<'_>) -> Vec<Mutator> {
    let Some(path) = database(window) else { return Vec::new() };
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

fn item(system: &dyn System, path: &str, key: &str) -> Option<Json> {
    let mut read = |offset: u64, length: usize| system.read_at(path, offset, length).ok();
    let bytes = text::sqlite::lookup(&mut read, TABLE, key)?;
    serde_json::from_slice(&bytes).ok()
}

/// `workspaceStorage/HASH/state.vscdb` of the workspace; `workspace.json` beside it says which one it is for.
fn database(window: &Window<'_>) -> Option<String> {
    if window.editor.is_server() {
        return None;
    }
    let system = window.context.system;
    let root = format!("{}/User/workspaceStorage", window.editor.user_data);
    let (key, wanted) = match &window.workspace.file {
        Some(file) => ("workspace", file.as_str()),
        None => ("folder", window.workspace.first()?),
    };
    let folders = system.read_dir(&root).ok()?;
    let found = folders.iter().find(|folder| {
        let bytes = system.read(&format!("{root}/{folder}/workspace.json")).unwrap_or_default();
        let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        json[key].as_str().and_then(path_of).is_some_and(|path| path == wanted)
    })?;
    let path = format!("{root}/{found}/state.vscdb");
    system.exists(&path).then_some(path)
}

/// The path of a `file:` URI.
pub(super) fn path_of(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let mut out = Vec::with_capacity(rest.len());
    let mut bytes = rest.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let code = [bytes.next()?, bytes.next()?];
        out.push(u8::from_str_radix(std::str::from_utf8(&code).ok()?, 16).ok()?);
    }
    let path = String::from_utf8(out).ok()?;
    // `/c:/Users/ann` of Windows.
    let drive = path.as_bytes().get(2) == Some(&b':') && path.starts_with('/');
    Some(if drive { path[1..].replace('/', "\\") } else { path })
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_uri_is_a_path() {
        assert_eq!(path_of("file:///p/my%20shop").as_deref(), Some("/p/my shop"));
        assert_eq!(path_of("file:///c%3A/p").as_deref(), Some("c:\\p"));
        assert_eq!(path_of("vscode-remote://ssh/p"), None);
        assert_eq!(path_of("file:///p%2"), None);
    }
}
