//! Which profile a window uses, and where its files are (vscode: platform/userDataProfile/common/userDataProfile.ts,
//! node/userDataProfile.ts).
//!
//! Deliberately not here: a browser keeps profiles itself, so that those of a server are not known; and transient
//! profiles, which are nowhere written.

use super::paths::join;
use super::uri;
use crate::vscode::Workspace;
use system::System;
use text::jsonc::{self, Node};

/// The profile of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// As the window shows it; `Default` for the one that is always there.
    pub name: String,
    pub settings: String,
    pub tasks: String,
    /// Its settings are those of the default profile.
    pub default_settings: bool,
    pub why: Why,
}

/// Why it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The editor has noted it for what is open.
    Bound,
    /// `window.newWindowProfile` names it, and nothing is noted.
    NewWindow,
    /// Nothing says otherwise. A new window takes that of the last active one, which is not known.
    Default,
}

/// The profile for what is open, and which file says so, if one does.
pub(crate) fn of(system: &dyn System, user_data: &str, workspace: &Workspace) -> Profile {
    let user = join(system, user_data, &["User"]);
    let storage = join(system, &user, &["globalStorage", "storage.json"]);
    let storage = system.read(&storage).map(|bytes| jsonc::read(&bytes)).unwrap_or_default().root;
    let profiles = storage.as_ref().and_then(|s| s.get("userDataProfiles")?.as_array()).unwrap_or_default();
    let bound = storage.as_ref().and_then(|s| s.at(&["profileAssociations", "workspaces"])?.as_object());
    let bound: Vec<(&str, &str)> = bound
        .into_iter()
        .flat_map(|workspaces| workspaces.effective())
        .filter_map(|(property, id)| Some((property.key.as_str(), id.as_str()?)))
        .collect();
    let open = workspace.file.as_deref().or(workspace.first());
    let is_open = |uri: &str| {
        uri::path_of(system.os(), uri)
            .zip(open)
            .is_some_and(|(path, open)| uri::same(system.os(), &path, open))
    };
    let is_bound = |id: &str| bound.iter().any(|(uri, bound)| *bound == id && is_open(uri));
    if is_bound(DEFAULT_ID) {
        return default(system, &user, Why::Bound);
    }
    if let Some(profile) = profiles.iter().find(|p| id(p).is_some_and(is_bound)) {
        return read(system, &user, profile, Why::Bound);
    }
    let default = default(system, &user, Why::Default);
    let settings = system.read(&default.settings).map(|bytes| jsonc::read(&bytes)).unwrap_or_default().root;
    let wanted = settings.as_ref().and_then(|s| s.get("window.newWindowProfile")?.as_str());
    let named = profiles.iter().find(|p| wanted.is_some() && p.get("name").and_then(Node::as_str) == wanted);
    named.map_or(default, |profile| read(system, &user, profile, Why::NewWindow))
}

const DEFAULT_ID: &str = "__default__profile__";

pub(crate) fn default(system: &dyn System, user: &str, why: Why) -> Profile {
    Profile {
        name: "Default".to_owned(),
        settings: join(system, user, &["settings.json"]),
        tasks: join(system, user, &["tasks.json"]),
        default_settings: true,
        why,
    }
}

/// The last part of a profile's folder. It is stored alone, or as a URI taken apart.
fn id(profile: &Node) -> Option<&str> {
    let location = profile.get("location")?;
    let path = location.as_str().or_else(|| location.get("path")?.as_str())?;
    path.rsplit('/').find(|part| !part.is_empty())
}

fn read(system: &dyn System, user: &str, profile: &Node, why: Why) -> Profile {
    let folder = join(system, user, &["profiles", id(profile).unwrap_or_default()]);
    let defaults = |what: &str| profile.at(&["useDefaultFlags", what]).and_then(Node::as_bool) == Some(true);
    let file = |what: &str, name: &str| join(system, if defaults(what) { user } else { &folder }, &[name]);
    Profile {
        name: profile.get("name").and_then(Node::as_str).unwrap_or_default().to_owned(),
        settings: file("settings", "settings.json"),
        tasks: file("tasks", "tasks.json"),
        default_settings: defaults("settings"),
        why,
    }
}
