//! Profiles of terminals: which there are, which is the default one, and which tasks use.
//!
//! vscode: platform/terminal/common/terminalPlatformConfiguration.ts, platform/terminal/node/terminalProfiles.ts
//! detectAvailableUnixProfiles, workbench/contrib/terminal/browser/terminalProfileResolverService.ts.
//! Not here: profiles that extensions contribute.

use super::resolve::Resolver;
use crate::vscode::{Json, Setting, Window, shell_env};
use model::{Folded, Origin};
use system::Os;

/// A shell that a terminal may run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// As the menu shows it; none for what is run without a profile.
    pub(crate) name: Option<String>,
    /// Absolute path.
    pub(crate) path: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, Setting)>,
    pub(crate) origin: Option<Origin>,
}

/// Profiles that are there without any setting, and whether macOS gives `-l` to them.
const USUAL: &[(&str, bool)] =
    &[("bash", true), ("zsh", true), ("fish", true), ("tmux", false), ("pwsh", false)];

/// The profiles whose program is found.
pub(crate) fn all(window: &Window<'_>, environment: &Folded, resolver: &Resolver<'_>) -> Vec<Profile> {
    let set = window.settings.get(&key(window, "profiles"), None);
    let of_settings = set.as_ref().map(Setting::entries).unwrap_or_default();
    let usual = USUAL.iter().map(|(name, _)| *name).filter(|n| !of_settings.iter().any(|(set, _)| set == n));
    let mut out: Vec<Profile> =
        usual.filter_map(|name| profile(window, name, None, environment, resolver)).collect();
    out.extend(
        of_settings
            .iter()
            // `null` takes one away.
            .filter(|(_, setting)| matches!(setting.value, Json::Object(_)))
            .filter_map(|(name, setting)| profile(window, name, Some(setting), environment, resolver)),
    );
    out
}

/// The one that a new terminal has.
pub(crate) fn usual(window: &Window<'_>, main: &Folded, profiles: &[Profile]) -> Profile {
    let named = window.settings.get(&key(window, "defaultProfile"), None);
    let by_name = named.as_ref().and_then(Setting::text);
    if let Some(found) = by_name.and_then(|name| profiles.iter().find(|p| p.name.as_deref() == Some(name))) {
        return found.clone();
    }
    let shell = shell_env::system_shell(window, main);
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(found) = profiles.iter().find(|p| base(&p.path) == base(&shell)) {
        return found.clone();
    }
    let macos = window.context.system.os() == Os::Macos && matches!(base(&shell).as_str(), "zsh" | "bash");
    let args = if macos { vec!["--login".to_owned()] } else { Vec::new() };
    Profile { name: None, path: shell, args, env: Vec::new(), origin: None }
}

/// The one that tasks and terminals of debuggers have in the place of the usual one.
pub(crate) fn automation(
    window: &Window<'_>,
    environment: &Folded,
    resolver: &Resolver<'_>,
) -> Option<Profile> {
    let set = window.settings.get(&key(window, "automationProfile"), None)?;
    // A list of paths is for profiles that are looked for; this one is not (isValidAutomationProfile).
    set.get("path").and_then(Setting::text)?;
    let mut profile = profile(window, "", Some(&set), environment, resolver)?;
    profile.name = None;
    Some(profile)
}

/// `terminal.integrated.profiles.linux`.
pub(super) fn key(window: &Window<'_>, what: &str) -> String {
    let os = match window.context.system.os() {
        Os::Linux => "linux",
        Os::Macos => "osx",
        Os::Windows => "windows",
    };
    format!("terminal.integrated.{what}.{os}")
}

fn profile(
    window: &Window<'_>,
    name: &str,
    setting: Option<&Setting>,
    environment: &Folded,
    resolver: &Resolver<'_>,
) -> Option<Profile> {
    let usual = USUAL.iter().find(|(usual, _)| *usual == name);
    let of = |key: &str| setting.and_then(|s| s.get(key));
    let paths: Vec<String> = match of("path").map(|p| &p.value) {
        Some(Json::Text(path)) => vec![path.clone()],
        Some(Json::List(paths)) => paths.iter().filter_map(|p| p.text().map(str::to_owned)).collect(),
        _ => usual.map(|(name, _)| (*name).to_owned()).into_iter().collect(),
    };
    let path = paths
        .iter()
        .find_map(|path| found(window, &String::from_utf8_lossy(&resolver.resolve(path)), environment))?;
    let macos = window.context.system.os() == Os::Macos;
    let args = match of("args").map(|a| &a.value) {
        Some(Json::List(items)) => items
            .iter()
            .filter_map(|a| a.text())
            .map(|a| String::from_utf8_lossy(&resolver.resolve(a)).into_owned())
            .collect(),
        None if macos && usual.is_some_and(|(_, login)| *login) => vec!["-l".to_owned()],
        // Anything else than a list is not heeded here.
        _ => Vec::new(),
    };
    Some(Profile {
        name: Some(name.to_owned()),
        path,
        args,
        env: of("env").map(|env| env.entries().to_vec()).unwrap_or_default(),
        origin: setting.map(|s| s.origin.clone()),
    })
}

/// A path, or a name that is looked for on PATH.
pub(crate) fn found(window: &Window<'_>, path: &str, environment: &Folded) -> Option<String> {
    let system = window.context.system;
    if path.contains('/') {
        return system.exists(path).then(|| path.to_owned());
    }
    let folders = environment.value("PATH").map(|p| p.to_text().into_owned()).unwrap_or_default();
    let candidates =
        folders.split(':').filter(|f| f.starts_with('/')).map(|folder| format!("{folder}/{path}"));
    candidates.into_iter().find(|file| system.is_executable(file))
}
