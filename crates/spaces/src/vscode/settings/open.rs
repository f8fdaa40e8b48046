//! The files of a window's settings, in their order.
//!
//! Not here: what stands in them, and what a window has open.

use super::in_force::InForce;
use super::paths::join;
use super::policy;
use super::profile::{self, Profile};
use super::scope::{Level, Reading};
use super::source::{Rules, Source};
use crate::vscode::{Json, Kind, Setting, Settings as _, Workspace};
use model::{Origin, Problem};
use system::{Os, ReadError, System};

/// A window's settings.
#[derive(Debug)]
pub struct Opened {
    pub settings: InForce,
    /// Of a server the default one: a browser or a client elsewhere keeps profiles itself.
    pub profile: Profile,
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
    let mut rules =
        Rules { level: Level::User, reading, trusted: workspace.is_trusted(), for_all_profiles: Vec::new() };
    let mut sources = Vec::new();
    if !profile.default_settings {
        let default = join(system, &user, &["settings.json"]);
        if let Some(bytes) = files.read(&default) {
            rules.for_all_profiles = for_all_profiles(&default, &bytes, &rules);
            sources.extend(files.source(&default, &bytes, &[], rules.at(Level::Application), None));
        }
    }
    let mut add = |files: &mut Files<'_>, path: &str, level, folder: Option<&str>| {
        if let Some(bytes) = files.read(path) {
            sources.extend(files.source(path, &bytes, &[], rules.at(level), folder));
        }
    };
    add(&mut files, &profile.settings, Level::User, None);
    if kind == Kind::Server {
        add(&mut files, &join(system, user_data, &["Machine", "settings.json"]), Level::Machine, None);
    }
    if let Some(path) = &workspace.file
        && let Some(bytes) = files.read(path)
    {
        sources.extend(files.source(path, &bytes, &["settings"], rules.at(Level::Workspace), None));
    }
    for folder in &workspace.folders {
        let path = join(system, &folder.path, &[".vscode", "settings.json"]);
        let (level, of) = match workspace.file {
            Some(_) => (Level::Folder, Some(folder.path.as_str())),
            None => (Level::Workspace, None),
        };
        if let Some(bytes) = files.read(&path) {
            sources.extend(files.source(&path, &bytes, &[], rules.at(level), of));
        }
    }
    if kind == Kind::Desktop
        && system.os() == Os::Linux
        && let Some(bytes) = files.read(policy::FILE)
    {
        sources.extend(files.source(policy::FILE, &bytes, &[], rules.at(Level::Policy), None));
    }
    Opened { settings: InForce::new(sources), profile, problems: files.problems }
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

    fn source(
        &mut self,
        path: &str,
        bytes: &[u8],
        base: &[&str],
        rules: Rules,
        folder: Option<&str>,
    ) -> Option<Source> {
        let source = Source::new(path, bytes, base, rules, folder.map(str::to_owned));
        if let [first, more @ ..] = source.document.problems.as_slice() {
            let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
            let message = format!("{path}:{}:{}: {}{more}", first.line, first.column, first.kind);
            let origin = Origin::line(path, first.line);
            self.problems.push(Problem::warning("settings-broken", message).at(origin));
        }
        Some(source)
    }
}
