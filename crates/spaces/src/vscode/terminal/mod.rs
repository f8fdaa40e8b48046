//! `vscode:terminal`, `vscode:terminal/PROFILE`, `vscode:debug-terminal`: terminals, from the creation of the process to
//! the shell's first prompt.
//!
//! Not here: tasks, which have no integration and whose shells are not interactive (`task`).

mod collections;
mod create;
mod integration;
mod locale;
pub(super) mod profile;
pub(super) mod resolve;
mod sanitize;

use super::main_process::PER_RUN;
use super::{Mutator, Setting, Window};
use crate::derived::{After, Derived, ThenShell, Ways};
use crate::lineage;
use create::Base;
pub(super) use create::Own;
use integration::Injected;
use model::{Evidence, Folded, Origin, Problem, Space, SpaceId};
use profile::Profile;
use std::sync::Arc;

/// What terminals and tasks are made from.
pub(super) struct Ground<'a> {
    pub(super) window: &'a Window<'a>,
    /// The first process.
    pub(super) main: &'a Folded,
    /// With the shell's environment.
    pub(super) environment: &'a Folded,
    /// In the order of registration.
    pub(super) mutators: Vec<Mutator>,
    pub(super) profiles: Vec<Profile>,
}

impl<'a> Ground<'a> {
    /// `host`: the extension host's variables after extensions have changed them.
    pub(super) fn new(
        window: &'a Window<'a>,
        main: &'a Folded,
        environment: &'a Folded,
        host: &Folded,
        of_extensions: Vec<Mutator>,
    ) -> Self {
        let of_main = |name: &str| main.value(name).map(|v| v.as_bytes().to_vec());
        let resolver = resolve::Resolver {
            env: &of_main,
            workspace: window.workspace,
            settings: window.settings,
            home: None,
        };
        let profiles = profile::all(window, environment, &resolver);
        let mut mutators = collections::git(window, host);
        mutators.extend(of_extensions);
        let mutators = collections::merged(mutators, Some(0));
        Self { window, main, environment, mutators, profiles }
    }

    /// The profile of new terminals.
    pub(super) fn usual(&self) -> Profile {
        profile::usual(self.window, self.main, &self.profiles)
    }

    /// The profile of tasks, and whether a setting says so.
    pub(super) fn automation(&self) -> Option<Profile> {
        let of_main = |name: &str| self.main.value(name).map(|v| v.as_bytes().to_vec());
        let resolver = resolve::Resolver {
            env: &of_main,
            workspace: self.window.workspace,
            settings: self.window.settings,
            home: None,
        };
        profile::automation(self.window, self.environment, &resolver)
    }

    /// `terminal.integrated.cwd`, else the workspace, else the home.
    fn cwd(&self) -> String {
        let set = self.window.settings.get("terminal.integrated.cwd", self.window.workspace.first());
        let of_main = |name: &str| self.main.value(name).map(|v| v.as_bytes().to_vec());
        let resolver = resolve::Resolver {
            env: &of_main,
            workspace: self.window.workspace,
            settings: self.window.settings,
            home: None,
        };
        let first = self.window.workspace.first();
        let set = set.as_ref().and_then(Setting::text).filter(|t| !t.is_empty());
        let set = set.map(|text| String::from_utf8_lossy(&resolver.resolve(text)).into_owned());
        let whole = match (set, first) {
            (Some(set), Some(first)) if !set.starts_with('/') => Some(format!("{first}/{set}")),
            (Some(set), _) => Some(set),
            (None, first) => first.map(str::to_owned),
        };
        let folder = whole.filter(|folder| self.window.context.system.is_folder(folder));
        folder.unwrap_or_else(|| self.window.context.user.home.clone())
    }

    /// A process of a task: `profile` is the shell that runs it, if one does.
    pub(super) fn task(
        &self,
        id: SpaceId,
        title: String,
        profile: Option<Profile>,
        own: &Own,
        cwd: &str,
    ) -> Derived {
        let window = self.window;
        let base = Base { environment: self.environment, bare_server: false, main: self.main };
        let mut trace = create::create(window, &base, own, &self.mutators, cwd);
        let rule = Origin::rule("given to terminals without integration, too", NONCE);
        trace.stand_in(b"VSCODE_NONCE", b"nonce", PER_RUN, rule);
        let mut space = Space::new(id, title, Some(window.editor.id("window")), Evidence::Derived);
        space.cwd = Some(cwd.to_owned());
        space.layers = trace.into_layers();
        let then = profile.map(|profile| {
            unfollowed(&mut space, &profile);
            let options = bash_options(&profile);
            // What is behind `-c` is the task's command.
            let given: Vec<String> = profile.args.iter().filter(|a| *a != "-c").cloned().collect();
            let has = |long: &str, short: char| {
                given
                    .iter()
                    .any(|a| a == long || (a.starts_with('-') && !a.starts_with("--") && a.contains(short)))
            };
            ThenShell {
                login: has("--login", 'l'),
                interactive: has("--interactive", 'i'),
                shell: profile.path,
                arg0: None,
                terminal: true,
                cwd: cwd.to_owned(),
                user: window.context.user.clone(),
                ways: Ways { options, ..Ways::default() },
            }
        });
        Derived { space, then }
    }

    /// The variables of a profile.
    pub(super) fn profile_variables(&self, profile: &Profile) -> Vec<(String, Option<Vec<u8>>, Origin)> {
        create::of_profile(self.window, &profile.env, self.main)
    }

    pub(super) fn home(&self) -> String {
        let home = self.main.value("HOME").map(|h| h.to_text().into_owned());
        home.unwrap_or_else(|| self.window.context.user.home.clone())
    }

    /// A terminal with a profile.
    pub(super) fn terminal(&self, id: SpaceId, profile: &Profile) -> Derived {
        let inherit = self.window.settings.get("terminal.integrated.inheritEnv", None);
        let inherits = inherit.and_then(|s| s.bool()).unwrap_or(true);
        let own = Own {
            id: "profile-env",
            title: format!("profile {}", profile.name.as_deref().unwrap_or("of the system")),
            variables: create::of_profile(self.window, &profile.env, self.main),
        };
        let title = match &profile.name {
            Some(name) => format!("{} terminal ({name})", self.window.editor.name),
            None => format!("{} terminal", self.window.editor.name),
        };
        self.started(id, title, profile, inherits, &own)
    }

    /// The terminal of a debugger: never a profile's variables, always the shell's environment.
    pub(super) fn debug_terminal(&self) -> Derived {
        let profile = self.automation().unwrap_or_else(|| self.usual());
        let own = Own { id: "profile-env", title: String::new(), variables: Vec::new() };
        let title = format!("{} terminal of a debug session", self.window.editor.name);
        self.started(self.window.editor.id("debug-terminal"), title, &profile, true, &own)
    }

    fn started(&self, id: SpaceId, title: String, profile: &Profile, inherits: bool, own: &Own) -> Derived {
        let window = self.window;
        let editor = window.editor;
        let parent = editor.id(if inherits { "window" } else { "main" });
        let base = Base {
            environment: if inherits { self.environment } else { self.main },
            bare_server: !inherits && editor.is_server(),
            main: self.main,
        };
        let cwd = self.cwd();
        let mut trace = create::create(window, &base, own, &self.mutators, &cwd);
        let mut space = Space::new(id, title, Some(parent), Evidence::Derived);
        space.cwd = Some(cwd.clone());
        let injected = integration::injected(window, profile);
        match &injected {
            Ok(injected) => integration::inject(&mut trace, window, *injected, &self.mutators, &self.home()),
            Err(reason) => {
                let rule = Origin::rule("given to terminals without integration, too", NONCE);
                trace.stand_in(b"VSCODE_NONCE", b"nonce", PER_RUN, rule);
                if self.mutators.iter().any(|m| m.at_integration) {
                    let message = format!(
                        "what extensions change is not applied once more after the start-up files: {reason}"
                    );
                    space.problems.push(Problem::info("no-shell-integration", message));
                }
            }
        }
        space.layers = trace.into_layers();
        let mode = lineage::mode(&profile.args, false);
        unfollowed(&mut space, profile);
        let login = injected.as_ref().map_or(mode.login, |i| i.login);
        let then = ThenShell {
            shell: profile.path.clone(),
            arg0: None,
            login,
            interactive: injected.is_ok() || mode.interactive,
            terminal: true,
            cwd,
            user: window.context.user.clone(),
            ways: Ways {
                prompt: injected.is_ok() || mode.interactive,
                after: injected.ok().map(after),
                options: bash_options(profile),
                ..Ways::default()
            },
        };
        Derived { space, then: Some(then) }
    }
}

const NONCE: &str = "vscode: platform/terminal/node/terminalProcess.ts start";

fn after(injected: Injected) -> After {
    After(Arc::new(move |folded| integration::after(folded, injected)))
}

/// Which of its files bash is told not to read.
fn bash_options(profile: &Profile) -> Vec<String> {
    let is_bash = profile.path.rsplit('/').next() == Some("bash");
    profile.args.iter().filter(|a| is_bash && BASH_OPTIONS.contains(&a.as_str())).cloned().collect()
}

const BASH_OPTIONS: &[&str] = &["--norc", "--noprofile"];

/// Arguments beyond login and interactive.
fn unfollowed(space: &mut Space, profile: &Profile) {
    const FOLLOWED: &[&str] = &["-l", "--login", "-i", "--interactive", "-il", "-li", "-c"];
    let of_bash = bash_options(profile);
    let followed = |a: &&String| FOLLOWED.contains(&a.as_str()) || of_bash.contains(a);
    if let Some(argument) = profile.args.iter().find(|a| !followed(a)) {
        let message = format!("the profile's argument `{argument}` is not followed");
        let mut problem = Problem::warning("profile-arguments", message.clone());
        problem.origin.clone_from(&profile.origin);
        space.problems.push(problem);
        space.evidence = Evidence::Assumed { reason: message };
    }
}
