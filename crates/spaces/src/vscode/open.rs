//! What an editor has open, as the caller says.
//!
//! Not here: what the editor itself has stored about it.

/// The options `--workspace` and `--workspace-trust`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// A folder or a `.code-workspace` file, absolute; the project without.
    pub workspace: Option<String>,
    /// Whether it is trusted; as the editor has stored it without.
    pub trusted: Option<bool>,
}
