//! What a window has open: a folder, or a `.code-workspace` file with its folders.
//!
//! Not here: the settings in it.

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
