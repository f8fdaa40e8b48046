//! What extensions change in the environment of terminals and tasks (`EnvironmentVariableCollection`).
//!
//! Not here: which extension changes what, and shells that apply it once more.

use model::{Name, Origin, Value};

/// How a mutator changes its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Replace,
    Append,
    Prepend,
}

/// One variable as one extension changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutator {
    /// `golang.go`, `vscode.git`.
    pub extension: String,
    pub variable: Name,
    pub change: Change,
    pub value: Value,
    /// Where the process is created (the default).
    pub at_creation: bool,
    /// Once more when the shell has read its start-up files.
    pub at_integration: bool,
    /// Index of the workspace folder that it is for; all of them without.
    pub folder: Option<usize>,
    pub origin: Origin,
}
