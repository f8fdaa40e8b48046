//! The Go extension (golang.go) by rules: how it finds go, what its start changes in its host, and what it gives to
//! gopls, tests, dlv and what is debugged. Cited from vscode-go below `extension/src/`, from gopls and from delve.
//!
//! In this order, each time with what is known by then: [`activation`] at the end of `vscode:host`,
//! [`terminal_prefix`] for terminals and tasks, [`task_environment`] of a task of type `go`, [`needs_terminal`], and
//! [`spaces`].
//!
//! Not here: terminals, tasks, and where settings come from.

mod activation;
mod env_file;
mod environment;
mod expand;
mod extension;
mod find;
mod gopath;
mod gopls;
mod launch;
mod pitfalls;
mod stored;
mod test;
#[cfg(test)]
mod tests;

pub use activation::{Activation, activation, terminal_prefix};

use super::{Known, Setting, Window};
use crate::derived::Derived;
use extension::Extension;
use model::SpaceId;

/// What a task of type `go` has in the place of `options.env`, below what the task itself names there (vscode-go:
/// goTaskProvider.ts `mergedToolExecutionEnv`).
pub fn task_environment(window: &Window<'_>, host: Known<'_>) -> Vec<(String, Setting)> {
    let extension = Extension::new(window, host.environment);
    let variables = environment::tool_execution(&extension, host.environment, false);
    variables
        .0
        .into_iter()
        .map(|given| (given.name, Setting { value: given.value, origin: given.origin }))
        .collect()
}

/// Whether a debug session wants a terminal of the editor.
pub fn needs_terminal(window: &Window<'_>) -> bool {
    activation::is_installed(window) && launch::needs_terminal(window)
}

/// gopls, tests, and debug sessions. `terminal` is what a debug session in a terminal starts from.
pub fn spaces(
    window: &Window<'_>,
    host: Known<'_>,
    terminal: Option<Known<'_>>,
    activation: &Activation,
) -> Vec<Derived> {
    if !activation::is_installed(window) {
        return Vec::new();
    }
    let extension = Extension::new(window, host.environment);
    let place = Place { extension: &extension, host, activation };
    let mut out = gopls::spaces(&place);
    out.extend(test::spaces(&place));
    out.extend(launch::spaces(&place, terminal));
    out
}

/// Whether the map shows such a space without being asked: those that one looks for, and not what they start.
pub(super) fn is_usual(id: &SpaceId) -> bool {
    let (variant, rest) = (id.variant(), id.as_str().split_once('/').map(|(_, rest)| rest));
    !matches!(
        (variant, rest),
        (Some("gopls" | "test"), Some(_)) | (Some("dlv" | "debuggee"), Some(launch::DEBUG_TEST))
    )
}

/// Where the extension's children start from.
struct Place<'a> {
    extension: &'a Extension<'a>,
    host: Known<'a>,
    activation: &'a Activation,
}

impl Place<'_> {
    /// A space that hangs under the host; without values where the extension does not run.
    fn space(&self, id: SpaceId, title: &str) -> model::Space {
        let evidence = match &self.activation.refused {
            Some(reason) => model::Evidence::NotChecked { reason: reason.clone() },
            None => model::Evidence::Derived,
        };
        let mut space = model::Space::new(id, title, Some(self.host.id.clone()), evidence);
        space.case = self.host.environment.case();
        space.path_separator = self.host.environment.path_separator();
        space.cwd = self.extension.folder.map(str::to_owned);
        space
    }

    fn is_running(&self) -> bool {
        self.activation.refused.is_none()
    }
}
