//! Which files a key is read from: scopes, and keys that count only in a workspace that is trusted.
//!
//! Not here: the keys of other extensions, whose scopes only their manifests tell. A key that is not in the table is
//! taken as one that nobody registered: VS Code reads it everywhere.

/// vscode: platform/configuration/common/configurationRegistry.ts `ConfigurationScope`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Application,
    Machine,
    ApplicationMachine,
    MachineOverridable,
    Window,
    Resource,
}

impl Scope {
    /// As an extension's manifest calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Application => "application",
            Scope::Machine => "machine",
            Scope::ApplicationMachine => "application-machine",
            Scope::MachineOverridable => "machine-overridable",
            Scope::Window => "window",
            Scope::Resource => "resource",
        }
    }
}

/// What a key was registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    pub scope: Scope,
    /// Values of a workspace and its folders count only once it is trusted.
    pub restricted: bool,
}

/// From where a window reads settings, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The default profile's user settings, while another profile is in use.
    Application,
    /// User settings of the profile that is in use.
    User,
    /// `Machine/settings.json` of a server.
    Machine,
    /// `.vscode/settings.json` of a single folder, or `settings` of a `.code-workspace` file.
    Workspace,
    /// `.vscode/settings.json` of one of several folders.
    Folder,
    /// What the administrator of the machine decides.
    Policy,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Application => "user settings of the default profile",
            Level::User => "user settings",
            Level::Machine => "machine settings of the server",
            Level::Workspace => "workspace settings",
            Level::Folder => "settings of a folder",
            Level::Policy => "policy",
        }
    }
}

/// Which profile is in use, and where the window's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The window's extension host is on a server.
    pub(crate) remote: bool,
    /// The default profile's settings file is the user's.
    pub(crate) default_profile: bool,
}

/// Whether a file of this level may set a key of this scope (vscode:
/// workbench/services/configuration/common/configuration.ts `APPLICATION_SCOPES` to `FOLDER_SCOPES`,
/// browser/configurationService.ts `getLocalUserConfigurationScopes`).
pub(crate) fn allowed(level: Level, scope: Scope, reading: Reading) -> bool {
    use Scope::{Application, ApplicationMachine, Machine, MachineOverridable, Resource, Window};
    match level {
        Level::Application => matches!(scope, Application | ApplicationMachine),
        Level::User if reading.default_profile && !reading.remote => true,
        Level::User if reading.default_profile => matches!(scope, Application | Window | Resource),
        Level::User if reading.remote => matches!(scope, Window | Resource),
        Level::User => matches!(scope, Machine | Window | Resource | MachineOverridable),
        Level::Machine => scope != Application,
        Level::Workspace => matches!(scope, Window | Resource | MachineOverridable),
        Level::Folder => matches!(scope, Resource | MachineOverridable),
        Level::Policy => true,
    }
}

const fn key(scope: Scope, restricted: bool) -> Registered {
    Registered { scope, restricted }
}

/// What is known of a key. Of VS Code's own (1.99.3: `restricted: true` and `scope:` where it registers them) and of
/// golang.go (0.58: package.json; it restricts none, for it does not run in an untrusted workspace at all).
pub fn registered(name: &str) -> Option<Registered> {
    use Scope::{Application, Machine, MachineOverridable, Resource, Window};
    let known = match name {
        "application.shellEnvironmentResolutionTimeout"
        | "terminal.integrated.inheritEnv"
        | "terminal.integrated.persistentSessionScrollback"
        | "security.workspace.trust.enabled"
        | "security.workspace.trust.startupPrompt"
        | "security.workspace.trust.banner"
        | "security.workspace.trust.untrustedFiles"
        | "security.workspace.trust.emptyWindow"
        | "workbench.settings.applyToAllProfiles" => key(Application, false),
        "terminal.integrated.env.linux"
        | "terminal.integrated.env.osx"
        | "terminal.integrated.env.windows"
        | "terminal.integrated.profiles.linux"
        | "terminal.integrated.profiles.osx"
        | "terminal.integrated.profiles.windows"
        | "terminal.integrated.defaultProfile.linux"
        | "terminal.integrated.defaultProfile.osx"
        | "terminal.integrated.defaultProfile.windows"
        | "terminal.integrated.automationProfile.linux"
        | "terminal.integrated.automationProfile.osx"
        | "terminal.integrated.automationProfile.windows"
        | "terminal.integrated.shellIntegration.enabled"
        | "terminal.integrated.shellIntegration.decorationsEnabled"
        | "terminal.integrated.enableImages"
        | "task.allowAutomaticTasks" => key(Window, true),
        "terminal.integrated.cwd" => key(Resource, true),
        // platform/request/common/request.ts `registerProxyConfigurations`: of the machine only where a remote window
        // does not use its host's proxy, which it does by default.
        "http.proxy"
        | "http.noProxy"
        | "http.proxySupport"
        | "http.proxyStrictSSL"
        | "http.proxyAuthorization" => key(Application, true),
        "http.useLocalProxyConfiguration" => key(Machine, true),
        "git.enabled" => key(Resource, false),
        "git.path" => key(Machine, false),
        "launch" => key(Window, false),
        "gopls" => key(Resource, false),
        "go.gopath" | "go.toolsGopath" | "go.goroot" | "go.logging.level" | "go.toolsManagement.go" => {
            key(MachineOverridable, false)
        }
        _ if GO_WINDOW.iter().any(|of| name.strip_prefix("go.").is_some_and(|rest| rest.starts_with(of))) => {
            key(Window, false)
        }
        _ if name.starts_with("go.") => key(Resource, false),
        _ if WINDOW.iter().any(|of| name.starts_with(of)) => key(Window, false),
        _ => return None,
    };
    Some(known)
}

/// Keys of golang.go that are the window's, by what follows `go.`; all that is not here and not machine-overridable is a
/// resource's.
const GO_WINDOW: &[&str] = &[
    "showWelcome",
    "coverOnTestPackage",
    "coverOnSingleTest",
    "testExplorer.enable",
    "testExplorer.showOutput",
    "experiments",
    "useLanguageServer",
    "languageServerFlags",
    "trace.server",
    "toolsManagement.checkForUpdates",
    "playground",
    "survey.prompt",
    "tasks.provideDefault",
    "inlayHints.",
];

/// VS Code's own whose scope is the default one and which are not restricted, as far as they matter to an environment.
const WINDOW: &[&str] = &[
    "terminal.integrated.",
    "git.useIntegratedAskPass",
    "git.terminal",
    "task.",
    "debug.",
    "workbench.",
    "window.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_of_keys() {
        let scope = |name: &str| registered(name).map(|r| (r.scope, r.restricted));
        assert_eq!(scope("terminal.integrated.env.linux"), Some((Scope::Window, true)));
        assert_eq!(scope("terminal.integrated.inheritEnv"), Some((Scope::Application, false)));
        assert_eq!(scope("terminal.integrated.detectLocale"), Some((Scope::Window, false)));
        assert_eq!(scope("go.goroot"), Some((Scope::MachineOverridable, false)));
        assert_eq!(scope("go.toolsEnvVars"), Some((Scope::Resource, false)));
        assert_eq!(scope("go.useLanguageServer"), Some((Scope::Window, false)));
        assert_eq!(scope("editor.fontSize"), None);
    }

    #[test]
    fn scopes_of_levels() {
        let desktop = Reading { remote: false, default_profile: true };
        let server = Reading { remote: true, ..desktop };
        let profile = Reading { default_profile: false, ..desktop };
        assert!(allowed(Level::User, Scope::MachineOverridable, desktop));
        assert!(!allowed(Level::User, Scope::MachineOverridable, server));
        assert!(allowed(Level::User, Scope::Resource, server));
        assert!(!allowed(Level::User, Scope::Application, profile));
        assert!(allowed(Level::Machine, Scope::MachineOverridable, server));
        assert!(!allowed(Level::Machine, Scope::Application, server));
        assert!(allowed(Level::Workspace, Scope::Window, desktop));
        assert!(!allowed(Level::Folder, Scope::Window, desktop));
    }
}
