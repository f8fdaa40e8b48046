//! What a window has open: a folder, or a `.code-workspace` file with its folders.
//!
//! Not here: the settings in it.

use system::System;
use text::jsonc;

/// Whether a workspace is trusted, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// As `--workspace-trust` says, or as the editor has stored it.
    Known(bool),
    /// Nothing is stored: taken as trusted.
    Assumed,
}

/// A folder of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As the window shows it: the folder's last part, or what the workspace file calls it.
    pub name: String,
    /// Absolute.
    pub path: String,
}

/// What is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// The `.code-workspace` file, if it is one.
    pub file: Option<String>,
    /// In the order of the window; a single folder is the only one.
    pub folders: Vec<Folder>,
    pub trust: Trust,
}

impl Workspace {
    /// A single folder.
    pub fn folder(path: &str, trust: Trust) -> Self {
        Self { file: None, folders: vec![Folder { name: last(path), path: path.to_owned() }], trust }
    }

    /// A folder, or a `.code-workspace` file with the folders that it names; paths in it are relative to it
    /// (vscode: platform/workspaces/common/workspaces.ts `toWorkspaceFolders`).
    pub(super) fn open(system: &dyn System, path: &str, trust: Trust) -> Self {
        if !path.ends_with(".code-workspace") {
            return Self::folder(path, trust);
        }
        let root = system.read(path).ok().and_then(|bytes| jsonc::read(&bytes).root);
        let named = root.as_ref().and_then(|root| root.get("folders")).and_then(|f| f.as_array());
        let folders = named.unwrap_or_default().iter().filter_map(|entry| {
            let uri = entry.get("uri").and_then(|u| u.as_str()).and_then(|u| u.strip_prefix("file://"));
            let given = entry.get("path").and_then(|p| p.as_str()).or(uri)?;
            let path = joined(path, given);
            let name = entry.get("name").and_then(|n| n.as_str()).map_or_else(|| last(&path), str::to_owned);
            Some(Folder { name, path })
        });
        Self { folders: folders.collect(), file: Some(path.to_owned()), trust }
    }

    pub fn is_trusted(&self) -> bool {
        self.trust != Trust::Known(false)
    }

    /// The first folder: where terminals start and `go env` is asked.
    pub fn first(&self) -> Option<&str> {
        self.folders.first().map(|f| f.path.as_str())
    }
}

fn last(path: &str) -> String {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path).to_owned()
}

/// A path as it is written in a file: relative to the file's folder, without `.` and `..`.
fn joined(file: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    #[test]
    fn folders_of_a_workspace_file_are_relative_to_it() {
        let text = r#"{ "folders": [ {"path": "../b/"}, {"path": "."}, {"name": "N", "path": "/c"} ] }"#;
        let machine = MemorySystem::linux().file("/w/a/x.code-workspace", text);
        let open = Workspace::open(&machine, "/w/a/x.code-workspace", Trust::Assumed);
        let found: Vec<(&str, &str)> =
            open.folders.iter().map(|f| (f.name.as_str(), f.path.as_str())).collect();
        assert_eq!(found, [("b", "/w/b"), ("a", "/w/a"), ("N", "/c")]);
        assert_eq!(open.first(), Some("/w/b"));
    }
}
