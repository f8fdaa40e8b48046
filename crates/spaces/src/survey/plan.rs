//! Which shells a survey starts and in which modes, and starting them.
//!
//! Deliberately not here: the threads that starts run in (`begun`), and how one start is run (`crate::shell`).

use super::Work;
use super::begun::{Begun, begun, by_family};
use crate::chains::Chains;
use crate::derived::{Stage, Ways};
use crate::shell::{self, Prepared, Start, Started};
use crate::{Base, FAMILIES};
use model::SpaceId;
use shells::{Mode, Shell};
use std::sync::atomic::Ordering;
use system::{Os, System};

/// The shells that are started.
pub(super) struct Plan {
    /// The starts of each, by family.
    by_shell: Vec<(String, Vec<Prepared>)>,
    everyday: Option<SpaceId>,
}

impl<'a> Work<'a> {
    /// Which shells are started, and how; prepared as far as it goes without running them.
    pub(super) fn plan(&self) -> Plan {
        let parent = self.atlas.baseline.space.clone();
        // From a base that cannot be had nothing can start.
        if !self.atlas.space(&parent).is_some_and(|s| s.evidence.has_values()) {
            return Plan { by_shell: Vec::new(), everyday: None };
        }
        let environment = self.fold(&parent);
        let own_path = environment
            .value("SHELL")
            .map(|v| v.to_text().into_owned())
            .filter(|p| p.starts_with('/'))
            .unwrap_or_else(|| self.user.shell.clone());
        let own = shells::identify(self.still, &own_path);
        let everyday_login = self.system.os() == Os::Macos;
        let everyday_mode = if everyday_login { Mode::LOGIN_INTERACTIVE } else { Mode::INTERACTIVE };
        let everyday = own.as_ref().map(|s| SpaceId::new(&s.family, everyday_mode.variant()));

        let home =
            environment.value("HOME").map_or_else(|| self.user.home.clone(), |v| v.to_text().into_owned());
        let cwd = if self.system.is_folder(&home) { home } else { "/".to_owned() };
        let needs_everyday = FAMILIES.iter().any(|f| {
            // An editor that a command starts is started from there, too.
            let wanted = |id: &SpaceId| {
                id.family() == f.family
                    && match f.stage {
                        Stage::InRounds => id.which().is_some_and(|which| which.ends_with("cli")),
                        _ => id.which().is_none(),
                    }
            };
            f.stage != Stage::BeforeShells && self.wanted.iter().flatten().any(wanted)
        }) && self.options.base != Base::Here;
        let mut by_shell: Vec<Vec<Start>> = Vec::new();
        for shell in self.shells_to_start(own.as_ref(), &environment) {
            let is_own = own.as_ref().is_some_and(|o| o.path == shell.path || o.family == shell.family);
            let starts: Vec<Start> = self
                .modes(&shell, is_own, everyday_login)
                .into_iter()
                .map(|mode| Start {
                    id: SpaceId::new(&shell.family, mode.variant()),
                    title: shell::title(&shell, mode),
                    shell: shell.clone(),
                    mode,
                    cwd: if mode.prompt { self.options.project.clone() } else { cwd.clone() },
                    arg0: None,
                    terminal: mode.interactive,
                    emulator: mode.interactive && self.options.base == Base::Login,
                    own: is_own,
                    ways: Ways::default(),
                })
                .filter(|s| self.atlas.space(&s.id).is_none())
                .filter(|s| self.wants(&s.id) || (needs_everyday && Some(&s.id) == everyday.as_ref()))
                .collect();
            if !starts.is_empty() {
                by_shell.push(starts);
            }
        }
        let prepared = |starts: Vec<Start>| -> Vec<Prepared> {
            starts.iter().map(|s| shell::prepare(self.sources, &parent, &environment, s)).collect()
        };
        let by_shell = by_shell
            .into_iter()
            .filter_map(|starts| Some((starts.first()?.shell.family.clone(), prepared(starts))))
            .collect();
        Plan { by_shell, everyday }
    }

    /// Starts the shells, and what starts from the everyday one as soon as that is done; the everyday one's id.
    pub(super) fn shells(&mut self, plan: Plan, meanwhile: &'a dyn System) -> Option<SpaceId> {
        let Plan { by_shell, everyday } = plan;
        let sources = self.sources;
        std::thread::scope(|scope| {
            let mut chains = Chains::new(scope);
            // The everyday one comes first in the map as well.
            let (first, others): (Vec<_>, Vec<_>) = by_shell
                .into_iter()
                .map(|(family, starts)| {
                    let is_everyday = everyday.as_ref().is_some_and(|id| id.family() == family);
                    (is_everyday, begun(&mut chains, sources, &family, starts))
                })
                .partition(|(is_everyday, _)| *is_everyday);
            first.into_iter().flat_map(|(_, begun)| begun.done()).for_each(|started| self.add(started));
            let everyday = everyday.filter(|id| self.atlas.space(id).is_some());

            if sources.ran.load(Ordering::Acquire) {
                self.still = meanwhile;
            }
            let caller = self.caller(everyday.as_ref());
            let folded = self.fold(&caller);
            let mut ready = Vec::new();
            for family in self.families_of(Stage::AfterShells) {
                let derived = self.derived(family, &caller, &folded);
                ready.extend(derived.into_iter().map(|d| self.prepare(d)));
            }
            let groups = by_family(ready);
            let groups =
                groups.into_iter().map(|(family, group)| begun(&mut chains, sources, &family, group));
            let groups: Vec<_> = groups.collect();
            others.into_iter().flat_map(|(_, begun)| begun.done()).for_each(|started| self.add(started));
            let mut after: Vec<(usize, Started)> = groups.into_iter().flat_map(Begun::done).collect();
            after.sort_by_key(|(at, _)| *at);
            after.into_iter().for_each(|(_, started)| self.add(started));
            everyday
        })
    }

    fn shells_to_start(&self, own: Option<&Shell>, environment: &model::Folded) -> Vec<Shell> {
        let folders: Vec<String> = environment
            .value("PATH")
            .map(|v| v.to_text().split(':').filter(|f| f.starts_with('/')).map(str::to_owned).collect())
            .unwrap_or_default();
        let mut found = shells::find_all(self.still, &folders);
        if let Some(own) = own {
            found.retain(|s| s.family != own.family);
            found.insert(0, own.clone());
        }
        if self.options.all || self.wanted.is_some() {
            return found;
        }
        found.retain(|s| {
            own.is_some_and(|o| o.family == s.family) || matches!(s.family.as_str(), "sh" | "bash")
        });
        found
    }

    fn modes(&self, shell: &Shell, own: bool, everyday_login: bool) -> Vec<Mode> {
        let everything = self.options.all || self.wanted.is_some();
        // Other spaces start `sh` with `-c` and for logins; nobody works in it.
        if shell.family == "sh" && !own && !everything {
            return vec![Mode::COMMAND, Mode::LOGIN];
        }
        let mut modes = Mode::FOUR.to_vec();
        if shell.kind.has_prompt() && (own || everything) {
            modes.push(Mode::prompt(everyday_login));
        }
        modes
    }
}
