//! The extension in one window: how it reads its settings, and the folder that its work belongs to.
//!
//! The file in the active editor decides which folder that is (vscode-go: util.ts `getWorkspaceFolderPath`); here the
//! file is taken to be one of the project. Not here: what a setting does.

use super::expand::{self, Words};
use crate::vscode::{Json, Setting, Window};
use model::{Folded, Name, Origin, State};
use system::{Os, System};

/// golang.go in a window.
pub(super) struct Extension<'a> {
    pub(super) window: &'a Window<'a>,
    /// The workspace folder of the active editor's file.
    pub(super) folder: Option<&'a str>,
    home: String,
}

impl<'a> Extension<'a> {
    /// `host` tells where the home is (`os.homedir()`: HOME, else the account's).
    pub(super) fn new(window: &'a Window<'a>, host: &Folded) -> Self {
        let system = window.context.system;
        let name = if system.os() == Os::Windows { "USERPROFILE" } else { "HOME" };
        let home = host.value(name).map(|v| v.to_text().into_owned());
        let home = home.unwrap_or_else(|| window.context.user.home.clone());
        Self { window, folder: folder(window), home }
    }

    pub(super) fn system(&self) -> &'a dyn System {
        self.window.context.system
    }

    pub(super) fn os(&self) -> Os {
        self.window.context.system.os()
    }

    pub(super) fn setting(&self, key: &str) -> Option<Setting> {
        self.window.settings.get(key, self.folder)
    }

    /// A setting that is text and not empty: JavaScript takes an empty one for no value.
    pub(super) fn text(&self, key: &str) -> Option<(String, Origin)> {
        of_text(self.setting(key)?)
    }

    /// Whether a setting that is on by default has been switched off.
    pub(super) fn is_off(&self, key: &str) -> Option<Origin> {
        let setting = self.setting(key)?;
        let off = match &setting.value {
            Json::Bool(on) => !on,
            Json::Null => true,
            Json::Text(text) => text.is_empty(),
            _ => false,
        };
        off.then_some(setting.origin)
    }

    pub(super) fn words(&self) -> Words<'_> {
        Words { os: self.os(), home: &self.home, folder: self.folder }
    }

    /// `resolvePath(substituteEnv(text))`, by the host's environment at that moment.
    pub(super) fn expand(&self, text: &str, host: &Folded) -> String {
        self.resolve(&expand::substitute_env(text, |name| value(host, name)))
    }

    /// `resolvePath(text)`: `${env:NAME}` stays.
    pub(super) fn resolve(&self, text: &str) -> String {
        expand::resolve_path(text, self.words())
    }
}

/// The folder that holds the project, else the first.
fn folder<'a>(window: &'a Window<'a>) -> Option<&'a str> {
    let project = window.context.project;
    let holds = |path: &str| {
        let rest = project.strip_prefix(path.trim_end_matches(['/', '\\']));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
    };
    let folders = &window.workspace.folders;
    let nearest = folders.iter().filter(|f| holds(&f.path)).max_by_key(|f| f.path.len());
    nearest.map_or_else(|| window.workspace.first(), |f| Some(f.path.as_str()))
}

/// A setting's text, unless it is empty.
pub(super) fn of_text(setting: Setting) -> Option<(String, Origin)> {
    match setting.value {
        Json::Text(text) if !text.is_empty() => Some((text, setting.origin)),
        _ => None,
    }
}

/// What a variable of the host is to JavaScript; what cannot be read is taken for unset.
pub(super) fn value(host: &Folded, name: &str) -> Option<String> {
    host.value(name).map(|v| v.to_text().into_owned())
}

/// The same where an empty value counts as none (`process.env.X || …`).
pub(super) fn non_empty(host: &Folded, name: &str) -> Option<String> {
    value(host, name).filter(|v| !v.is_empty())
}

/// Who decided a variable of the host.
pub(super) fn origin_of(host: &Folded, name: &str) -> Option<Origin> {
    let history = host.get(&Name::from(name))?;
    (history.state != State::Unset).then(|| history.winner().map(|step| step.origin.clone()))?
}

/// A rule of the extension's own.
pub(super) fn rule(text: impl Into<String>, reference: &str) -> Origin {
    Origin::rule(text, format!("vscode-go: {reference}"))
}
