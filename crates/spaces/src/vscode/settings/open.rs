//! The files of a window's settings, in their order.
//!
//! Not here: what stands in them, and what a window has open.

use super::in_force::InForce;
use super::paths::join;
use super::policy;
use super::profile::{self, Profile};
use super::scope::{Level, Reading};
use super::source::{Rules, Source};
use super::trust;
use crate::vscode::{Json, Kind, Setting, Settings as _, Trust, Workspace};
use model::{Origin, Problem};
use system::{Os, ReadError, System};

/// A window's settings.
#[derive(Debug)]
pub struct Opened {
    pub settings: InForce,
    /// Of a server the default one: a browser or a client elsewhere keeps profiles itself.
    pub profile: Profile,
    /// Where the workspace given leaves it open, what the editor has stored.
    pub trust: Trust,
    pub problems: Vec<Problem>,
}

/// Reads the settings of a window of the editor whose user data lie in `user_data` (the folder that holds `User/`, and
/// `Machine/` of a server). Never fails: files that are not there set nothing, others that cannot be read are problems.
pub fn open(system: &dyn System, user_data: &str, kind: Kind, workspace: &Workspace) -> Opened {
    let mut files = Files { system, problems: Vec::new() };
    let user = join(system, user_data, &["User"]);
    let profile = match kind {
        Kind::Desktop => profile::of(system, user_data, workspace),
        Kind::Server => profile::default(system, &user, profile::Why::Default),
    };
    let reading = Reading { remote: kind == Kind::Server, default_profile: profile.default_settings };
    let rules = Rules { level: Level::User, reading, trusted: true, for_all_profiles: Vec::new() };
    let mut sources = files.of_user(user_data, &profile, rules);
    let trust = match workspace.trust {
        Trust::Assumed if kind == Kind::Desktop => {
            let users = InForce::new(sources);
            let enabled = users.get("security.workspace.trust.enabled", None);
            sources = users.into_sources();
            match enabled.and_then(|setting| setting.bool()) {
                Some(false) => Trust::Known(true),
                _ => trust::stored(system, user_data, workspace),
            }
        }
        ref known => known.clone(),
    };
    let trusted = trust != Trust::Known(false);
    let rules = Rules { level: Level::Workspace, reading, trusted, for_all_profiles: Vec::new() };
    sources.extend(files.of_workspace(workspace, &rules));
    if kind == Kind::Desktop && system.os() == Os::Linux {
        sources.extend(files.source(policy::FILE, &[], rules.at(Level::Policy), None));
    }
    Opened { settings: InForce::new(sources), profile, trust, problems: files.problems }
}

/// Keys that all profiles take from the default profile's file, by that file itself.
fn for_all_profiles(path: &str, bytes: &[u8], rules: &Rules) -> Vec<String> {
    let source = Source::new(path, bytes, &[], rules.at(Level::Application), None);
    let listed = InForce::new(vec![source]).get("workbench.settings.applyToAllProfiles", None);
    let Some(Setting { value: Json::List(items), .. }) = listed else { return Vec::new() };
    items.iter().filter_map(Setting::text).map(str::to_owned).collect()
}

struct Files<'a> {
    system: &'a dyn System,
    problems: Vec<Problem>,
}

impl Files<'_> {
    /// Of the user, and of the server's machine.
    fn of_user(&mut self, user_data: &str, profile: &Profile, mut rules: Rules) -> Vec<Source> {
        let mut sources = Vec::new();
        if !profile.default_settings {
            let default = join(self.system, user_data, &["User", "settings.json"]);
            if let Some(bytes) = self.read(&default) {
                rules.for_all_profiles = for_all_profiles(&default, &bytes, &rules);
                sources.push(self.of_bytes(&default, &bytes, &[], rules.at(Level::Application), None));
            }
        }
        sources.extend(self.source(&profile.settings, &[], rules.at(Level::User), None));
        if rules.reading.remote {
            let machine = join(self.system, user_data, &["Machine", "settings.json"]);
            sources.extend(self.source(&machine, &[], rules.at(Level::Machine), None));
        }
        sources
    }

    fn of_workspace(&mut self, workspace: &Workspace, rules: &Rules) -> Vec<Source> {
        let mut sources = Vec::new();
        if let Some(path) = &workspace.file {
            sources.extend(self.source(path, &["settings"], rules.at(Level::Workspace), None));
        }
        for folder in &workspace.folders {
            let path = join(self.system, &folder.path, &[".vscode", "settings.json"]);
            let (level, of) = match workspace.file {
                Some(_) => (Level::Folder, Some(folder.path.as_str())),
                None => (Level::Workspace, None),
            };
            sources.extend(self.source(&path, &[], rules.at(level), of));
        }
        sources
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.system.read(path) {
            Ok(bytes) => Some(bytes),
            Err(ReadError::NotFound) => None,
            Err(error) => {
                let message = format!("{path} {error}: its settings are unknown");
                self.problems.push(Problem::warning("settings-unreadable", message).at(Origin::file(path)));
                None
            }
        }
    }

    fn source(&mut self, path: &str, base: &[&str], rules: Rules, folder: Option<&str>) -> Option<Source> {
        let bytes = self.read(path)?;
        Some(self.of_bytes(path, &bytes, base, rules, folder))
    }

    fn of_bytes(
        &mut self,
        path: &str,
        bytes: &[u8],
        base: &[&str],
        rules: Rules,
        folder: Option<&str>,
    ) -> Source {
        let source = Source::new(path, bytes, base, rules, folder.map(str::to_owned));
        if let [first, more @ ..] = source.document.problems.as_slice() {
            let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
            let message = format!("{path}:{}:{}: {}{more}", first.line, first.column, first.kind);
            let origin = Origin::line(path, first.line);
            self.problems.push(Problem::warning("settings-broken", message).at(origin));
        }
        source
    }
}
