//! The survey: every space of the machine, assembled into the atlas.
//!
//! First what shells start from, then the shells (different ones side by side, one shell's starts one after another:
//! they write the same home), and beside those still under way what starts from the everyday one; then the caller and
//! live processes; last what go makes of each.

mod begun;
mod plan;
mod rounds;

use crate::derived::{Context, Derive, Derived, Stage, ThenShell};
use crate::folds::Folds;
use crate::shell::{self, Sources, Start, Started};
use crate::{FAMILIES, baseline, go_children, here, live, probes, vscode};
use begun::Ready;
use model::{Atlas, Baseline, Evidence, Folded, GoView, Name, Problem, Shadow, Space, SpaceId, Value};
use serde::{Deserialize, Serialize};
use shells::{Mode, Shell, ShellKind};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use system::store::Store;
use system::{Limits, Still, System};

/// What shells (and what hangs under them) start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// What a login on this machine gives before any shell.
    Login,
    /// The caller's own environment.
    Here,
    /// Another space's environment.
    Space(SpaceId),
    /// Given variables; `source` names the file that they were read from.
    Block { source: String, variables: Vec<(Name, Value)> },
}

/// For which spaces it is told what go makes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoOf {
    Every,
    /// These alone; for the others there is no view.
    These(Vec<SpaceId>),
}

impl GoOf {
    /// What the variables are is all that is asked.
    pub const NONE: GoOf = GoOf::These(Vec::new());

    fn includes(&self, id: &SpaceId) -> bool {
        match self {
            GoOf::Every => true,
            GoOf::These(ids) => ids.contains(id),
        }
    }
}

/// What is to be looked at.
#[expect(missing_debug_implementations, reason = "holds a callback")]
pub struct Options<'a> {
    /// Every shell found and every mode.
    pub all: bool,
    pub base: Base,
    /// The project's folder.
    pub project: String,
    /// Only these spaces and what they hang under; `None`: all that `all` says.
    pub spaces: Option<Vec<SpaceId>>,
    pub limits: Limits,
    /// Do not use stored probes.
    pub refresh: bool,
    pub probes: Option<&'a Store>,
    /// Called with what is being done, from several threads.
    pub progress: Option<&'a (dyn Fn(&str) + Sync)>,
    /// Look at live processes.
    pub live: bool,
    pub go: GoOf,
    /// What an editor has open.
    pub open: vscode::Open,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Survey {
    pub atlas: Atlas,
    /// Named spaces that this machine has not got, or that could not be had, with the reason.
    pub could_not_check: Vec<(SpaceId, String)>,
    /// Age of the oldest stored probe that was used, milliseconds.
    pub stored_age_ms: Option<i64>,
    /// The user's everyday shell space.
    pub everyday: Option<SpaceId>,
    /// What shells run instead of a file when `go` is typed.
    pub shadows: BTreeMap<SpaceId, Shadow>,
}

struct Work<'a> {
    system: &'a dyn System,
    /// The spaces that are wanted, and those that children of go among them hang under; `None`: the usual ones, or all.
    wanted: Option<Vec<SpaceId>>,
    /// The machine as it stands before the shells are started, later as it stands after that.
    still: &'a dyn System,
    options: &'a Options<'a>,
    sources: &'a Sources<'a>,
    atlas: Atlas,
    folds: Folds,
    shadows: BTreeMap<SpaceId, Shadow>,
    files: Vec<String>,
    stored_ms: Option<i64>,
    user: system::User,
    editors: OnceCell<vscode::Found>,
}

/// Looks at the machine.
pub fn survey(system: &dyn System, options: &Options<'_>) -> Survey {
    let (before, between, after) = (Still::new(system), Still::new(system), Still::new(system));
    let sources = Sources {
        system,
        still: &before,
        ran: AtomicBool::new(false),
        seen: probes::Seen::default(),
        store: options.probes,
        refresh: options.refresh,
        limits: options.limits,
        progress: options.progress,
    };
    let mut work = Work::new(system, &before, options, &sources);
    if work.reads_processes_only() {
        return work.of_processes();
    }
    work.families(Stage::BeforeShells, &SpaceId::of("login"));
    if work.wants_here() {
        work.here();
    }
    work.base_space();
    work.atlas.baseline = baseline::baseline(system, &options.base, &mut work.atlas.spaces);
    let plan = work.plan();
    let everyday = work.shells(plan, &between);
    // Where nothing was run, the answers about files still hold.
    work.still = if sources.ran.load(Ordering::Acquire) { &after } else { &before };
    let caller = work.caller(everyday.as_ref());
    work.live();
    work.rounds(&caller);
    work.families(Stage::OnDemand, &caller);
    if let Some(store) = options.probes
        && sources.ran.load(Ordering::Acquire)
    {
        probes::forget(system, store);
    }
    work.finish(everyday)
}

impl<'a> Work<'a> {
    fn new(
        system: &'a dyn System,
        still: &'a dyn System,
        options: &'a Options<'a>,
        sources: &'a Sources<'a>,
    ) -> Self {
        let baseline =
            Baseline { space: SpaceId::of("login"), evidence: Evidence::Derived, reason: String::new() };
        let atlas = Atlas {
            machine: format!("{}/{}", system.os().goos(), system.arch()),
            project: Some(options.project.clone()),
            project_asks: None,
            wishes: Vec::new(),
            baseline,
            spaces: Vec::new(),
        };
        let user = system.user();
        Work {
            system,
            wanted: options.spaces.clone().map(go_children::with_parents).map(vscode::with_parents),
            still,
            options,
            sources,
            atlas,
            folds: Folds::default(),
            shadows: BTreeMap::new(),
            files: Vec::new(),
            stored_ms: None,
            user,
            editors: OnceCell::new(),
        }
    }

    /// Whether a space of this family may be wanted.
    fn wants_family(&self, family: &str) -> bool {
        self.wanted.as_ref().is_none_or(|ids| ids.iter().any(|id| id.family() == family))
    }

    fn wants(&self, id: &SpaceId) -> bool {
        self.wanted.as_ref().is_none_or(|ids| ids.contains(id))
    }

    fn wants_here(&self) -> bool {
        self.options.base == Base::Here || self.wants_family("here")
    }

    fn here(&mut self) {
        let probes = self.options.probes.map(|store| probes::fresh_interactive_probes(self.still, store));
        self.atlas.spaces.push(here::here(self.system, &probes.unwrap_or_default()));
    }

    /// Whether all that is wanted is read from processes: nothing starts from `login` then, and it is not computed.
    fn reads_processes_only(&self) -> bool {
        let Some(ids) = &self.wanted else { return false };
        let of_process = |id: &SpaceId| match id.family() {
            "here" | "pid" => true,
            family => is_on_demand(family) && id.which().is_some(),
        };
        self.options.base == Base::Login && !ids.is_empty() && ids.iter().all(of_process)
    }

    fn of_processes(mut self) -> Survey {
        if self.wants_here() {
            self.here();
        }
        self.live();
        let first = self.atlas.spaces.first().map(|space| space.id.clone());
        self.families(Stage::OnDemand, &SpaceId::of("login"));
        self.atlas.baseline = Baseline {
            space: first.unwrap_or_else(|| SpaceId::of("here")),
            evidence: Evidence::Observed,
            reason: "what the process was given when it was executed".to_owned(),
        };
        self.finish(None)
    }

    /// Every variable of a space of the atlas.
    fn fold(&self, id: &SpaceId) -> Arc<Folded> {
        self.folds.of(&self.atlas, id)
    }

    /// Adds the spaces of a stage in which no shell runs meanwhile, one family after the other.
    fn families(&mut self, stage: Stage, caller: &SpaceId) {
        for family in self.families_of(stage) {
            let folded = self.fold(caller);
            for derived in self.derived(family, caller, &folded) {
                let done = self.prepare(derived).done(self.sources);
                self.add(done);
            }
        }
    }

    /// The families of a stage of which something is wanted.
    fn families_of(&self, stage: Stage) -> Vec<&'static Derive> {
        if stage == Stage::OnDemand && !self.options.all && self.wanted.is_none() {
            return Vec::new();
        }
        let wanted = |family: &str| {
            // `login` is what everything hangs under.
            family == "login" || self.wants_family(family) || self.is_base(family)
        };
        FAMILIES.iter().filter(|f| f.stage == stage && wanted(f.family)).collect()
    }

    fn derived(&self, family: &Derive, caller: &SpaceId, environment: &Folded) -> Vec<Derived> {
        (family.spaces)(&Context {
            system: self.still,
            user: &self.user,
            atlas: &self.atlas,
            caller,
            caller_environment: environment,
            project: &self.options.project,
            which: &self.which(family.family),
            wanted: self.options.spaces.as_deref(),
            all: self.options.all,
            base: &self.options.base,
            open: &self.options.open,
            editors: &self.editors,
        })
    }

    /// What stands between `@` and `:` of the wanted spaces of a family, each once.
    fn which(&self, family: &str) -> Vec<String> {
        let ids = self.wanted.iter().flatten().filter(|id| id.family() == family);
        let mut all: Vec<String> = ids.filter_map(|id| id.which().map(str::to_owned)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The space that `--base` names, if it is none of those that come before shells: surveyed from `login` first.
    fn base_space(&mut self) {
        let Base::Space(id) = &self.options.base else { return };
        if self.atlas.space(id).is_some() {
            return;
        }
        let options = Options {
            all: true,
            base: Base::Login,
            project: self.options.project.clone(),
            spaces: Some(vec![id.clone()]),
            limits: self.options.limits,
            refresh: self.options.refresh,
            probes: self.options.probes,
            progress: self.options.progress,
            live: false,
            go: GoOf::NONE,
            open: self.options.open.clone(),
        };
        let below = survey(self.system, &options);
        for space in below.atlas.chain(id) {
            if self.atlas.space(&space.id).is_none() {
                self.atlas.spaces.push(space.clone());
            }
        }
    }

    fn is_base(&self, family: &str) -> bool {
        matches!(&self.options.base, Base::Space(id) if id.family() == family)
    }

    /// A derived space; the shell that is started in it is really run if it would run as the present user.
    fn prepare(&self, derived: Derived) -> Ready {
        let Derived { mut space, then } = derived;
        let Some(then) = then else { return Ready::Space(Box::new(space)) };
        let Some(shell) = shells::identify(self.still, &then.shell) else {
            space.problems.push(Problem::warning(
                "shell-unknown",
                format!("`{}` is started there, a shell whose start-up files are not known", then.shell),
            ));
            return Ready::Space(Box::new(space));
        };
        if then.user.uid != self.user.uid && space.evidence.has_values() {
            if reads_files(&shell, &then) {
                let reason = format!(
                    "{} starts there as {}, whose start-up files are not run: what they change is not in it",
                    then.shell, then.user.name
                );
                space.problems.push(Problem::info("shell-not-run", reason.clone()));
                space.evidence = Evidence::Assumed { reason };
            }
            return Ready::Space(Box::new(space));
        }
        let prompt = then.ways.prompt && shell.kind.has_prompt();
        let mode = Mode { login: then.login, interactive: then.interactive, prompt };
        let start = Start {
            id: space.id.clone(),
            title: space.title.clone(),
            shell,
            mode,
            cwd: then.cwd,
            arg0: then.arg0,
            terminal: then.terminal || then.interactive,
            emulator: false,
            own: false,
            ways: then.ways,
        };
        let given = self
            .folds
            .on_top(&self.atlas, &space)
            .environment()
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        let prepared = shell::prepare_in(self.sources, space, given, &start);
        Ready::Start(start.shell.family, Box::new(prepared))
    }

    fn add(&mut self, mut started: Started) {
        if let Some(after) = started.after.take()
            && started.space.evidence.has_values()
        {
            let folded = self.folds.on_top(&self.atlas, &started.space);
            started.space.layers.extend((after.0)(&folded));
        }
        if let Some(shadow) = started.shadow {
            self.shadows.insert(started.space.id.clone(), shadow);
        }
        self.files.extend(started.files);
        if let Some(ms) = started.stored_ms {
            self.stored_ms = Some(self.stored_ms.map_or(ms, |oldest| oldest.min(ms)));
        }
        self.atlas.spaces.push(started.space);
    }

    /// Where the user calls `su`, `sudo` and the like.
    fn caller(&self, everyday: Option<&SpaceId>) -> SpaceId {
        match &self.options.base {
            Base::Here => SpaceId::of("here"),
            _ => everyday.unwrap_or(&self.atlas.baseline.space).clone(),
        }
    }

    fn live(&mut self) {
        let mut files = std::mem::take(&mut self.files);
        files.sort();
        files.dedup();
        if let Some(ids) = &self.wanted {
            let pids = ids.iter().filter(|id| id.family() == "pid");
            for id in pids {
                let pid = id.variant().and_then(|v| v.parse().ok());
                if let Some(space) = pid.and_then(|pid| live::one(self.system, pid, &files)) {
                    self.atlas.spaces.push(space);
                }
            }
        } else if self.options.live {
            self.atlas.spaces.extend(live::live(self.still, &files));
        }
    }

    fn finish(mut self, everyday: Option<SpaceId>) -> Survey {
        self.go_views();
        let could_not_check = self.could_not_check();
        Survey {
            atlas: self.atlas,
            could_not_check,
            stored_age_ms: self.stored_ms.map(|ms| self.system.now_ms() - ms),
            everyday,
            shadows: self.shadows,
        }
    }

    /// What go makes of each space that is asked about and whose variables are known.
    fn go_views(&mut self) {
        let wanted = &self.options.go;
        if *wanted == GoOf::NONE {
            return;
        }
        let programs = go::Programs::new(self.still);
        // Many places differ in nothing that go asks for.
        let mut told: Vec<(Arc<Folded>, &Space, GoView)> = Vec::new();
        let mut views = Vec::new();
        for space in &self.atlas.spaces {
            if !space.evidence.has_values() || !wanted.includes(&space.id) {
                views.push(None);
                continue;
            }
            let env = self.fold(&space.id);
            let shadow = |space: &Space| self.shadows.get(&space.id);
            let same = |(seen, at, _): &&(Arc<Folded>, &Space, GoView)| {
                at.cwd == space.cwd
                    && at.go_start == space.go_start
                    && shadow(at) == shadow(space)
                    && go::alike(seen, &env)
            };
            let view = match told.iter().find(same) {
                Some((.., view)) => view.clone(),
                None => {
                    let (cwd, start) = (space.cwd.as_deref(), space.go_start.as_ref());
                    let (project, shadow) = (&self.options.project, shadow(space).cloned());
                    let view = go::describe(&programs, &env, cwd, project, shadow, start);
                    told.push((env, space, view.clone()));
                    view
                }
            };
            views.push(Some(view));
        }
        for (space, view) in self.atlas.spaces.iter_mut().zip(views) {
            space.go = view;
        }
        self.atlas.project_asks = go::project::asks(self.still, &self.options.project).map(|a| a.summary());
    }

    fn could_not_check(&self) -> Vec<(SpaceId, String)> {
        let base = match &self.options.base {
            Base::Space(id) => Some(id),
            _ => None,
        };
        let wanted = self.options.spaces.iter().flatten().chain(base);
        wanted
            .filter_map(|id| match self.atlas.space(id) {
                None => Some((id.clone(), "this machine has no such space".to_owned())),
                Some(Space { evidence, .. }) if !evidence.has_values() => {
                    Some((id.clone(), evidence.reason().unwrap_or_default().to_owned()))
                }
                Some(_) => None,
            })
            .collect()
    }
}

/// Whether the spaces of a family are there only for who asks for them.
fn is_on_demand(family: &str) -> bool {
    FAMILIES.iter().any(|f| f.family == family && f.stage == Stage::OnDemand)
}

/// Whether that start of the shell reads any start-up file by itself (bash and the Bourne shells read none with `-c`,
/// unless a variable names one).
fn reads_files(shell: &Shell, then: &ThenShell) -> bool {
    let bourne = matches!(
        shell.kind,
        ShellKind::Bash
            | ShellKind::BashAsSh
            | ShellKind::Dash
            | ShellKind::Ash
            | ShellKind::Ksh
            | ShellKind::Mksh
    );
    then.login || then.interactive || !bourne
}
