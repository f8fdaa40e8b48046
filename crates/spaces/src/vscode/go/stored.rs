//! What the Go extension has stored for the workspace: the go that was chosen there.
//!
//! Not here: how stored state is read (`vscode::stored`).

use crate::vscode::{Window, stored};
use model::Origin;

/// The name under which the extension's state lies.
const EXTENSION: &str = "golang.go";

/// The go of `Go: Choose Go Environment` (vscode-go: goEnvironmentStatus.ts `setSelectedGo`).
pub(super) fn selected_go(window: &Window<'_>) -> Option<(String, Origin)> {
    let (state, path) = stored::of_extension(window, EXTENSION)?;
    let binpath = state["selectedGo"]["binpath"].as_str().filter(|text| !text.is_empty())?;
    Some((binpath.to_owned(), stored::origin(&path, "golang.go/selectedGo")))
}

/// The folder that the extension put before PATH in terminals when the window was last open.
pub(super) fn prefix(window: &Window<'_>) -> Option<crate::vscode::Mutator> {
    stored::mutators(window).into_iter().find(|m| m.extension.eq_ignore_ascii_case(EXTENSION))
}
