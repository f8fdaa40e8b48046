//! VS Code and its kin: every place inside such an editor, from its main process to terminals and tasks.
//!
//! The chain is `vscode:main` (the first process), `vscode:shell-env` (a hidden login shell whose environment is taken
//! over), `vscode:window`, then `vscode:host` (extensions, and what they start) and, beside it, terminals and tasks. A
//! server has the same places; what it does otherwise stands in each of them. Rules are cited from VS Code's own
//! sources (paths below `src/vs/`).
//!
//! What extensions do is theirs: the Go extension's part is `go`. Not here: reading settings files (`settings`).

mod collection;
mod editor;
mod find;
pub mod go;
mod host;
mod live;
mod main_process;
mod open;
mod products;
mod setting;
pub mod settings;
mod shell_env;
mod stored;
mod task;
mod terminal;
mod window;
mod window_env;
mod workspace;

pub use collection::{Change, Mutator};
pub use editor::{Editor, Flavour, Kind, Launch};
pub use find::Found;
pub use open::Open;
pub use setting::{Defaults, Json, Setting, Settings};
pub use window::{Known, Window};
pub use workspace::{Folder, Trust, Workspace};

use crate::{Context, Derive, Derived, Stage};
use find::Opened;
use model::{Folded, SpaceId};
use std::cell::OnceCell;
use terminal::Ground;

/// The family `vscode`.
pub(crate) const FAMILY: Derive = Derive { family: "vscode", stage: Stage::InRounds, spaces: derive };

/// These spaces, and what spaces of editors among them may start from.
pub(crate) fn with_parents(ids: Vec<SpaceId>) -> Vec<SpaceId> {
    let desktop = SpaceId::of("desktop");
    let needs = ids.iter().any(|id| id.family() == FAMILY.family) && !ids.contains(&desktop);
    needs.then_some(desktop).into_iter().chain(ids).collect()
}

/// What can be had now; asked again when that is there.
fn derive(context: &Context<'_>) -> Vec<Derived> {
    let found = context.editors.get_or_init(|| find::find(context));
    found.opened.iter().flat_map(|opened| round(context, opened)).collect()
}

fn round(context: &Context<'_>, opened: &Opened) -> Vec<Derived> {
    let Opened { editor, workspace, open, go } = opened;
    let window = Window { context, editor, workspace, settings: &open.settings };
    let wanted = Wanted::of(context, editor);
    if !wanted.anything() {
        return Vec::new();
    }
    let known = |variant: &str| {
        let id = editor.id(variant);
        context.atlas.space(&id).map(|space| (space.evidence.has_values(), id))
    };
    let Some((main_has_values, main_id)) = known("main") else {
        return main_process::space(&window).into_iter().collect();
    };
    if !main_has_values {
        return Vec::new();
    }
    let main = context.atlas.fold(&main_id);
    if known("shell-env").is_none() {
        if wanted.only(&main_id) {
            return Vec::new();
        }
        return vec![shell_env::space(&window, &main)];
    }
    let Some((true, window_id)) = known("window") else {
        return match known("window") {
            None if wanted.only(&editor.id("shell-env")) => Vec::new(),
            None => {
                let mut spaces: Vec<Derived> = window_env::space(&window, &main).into_iter().collect();
                spaces.iter_mut().for_each(|s| s.space.problems.extend(open.problems.iter().cloned()));
                spaces
            }
            Some(_) => Vec::new(),
        };
    };
    let environment = context.atlas.fold(&window_id);
    let Some((true, host_id)) = known("host") else {
        return vec![with_extensions(&window, &environment, go)];
    };
    let host = context.atlas.fold(&host_id);
    let host = Known { id: &host_id, environment: &host };
    let before = Before { main: &main, window: &environment, host };
    let go = go.get_or_init(|| go::activation(&window, host.environment));
    let mut out = beside_host(&window, &wanted, &open.profile.tasks, &before, go);
    let terminal = known("debug-terminal");
    // A session in a terminal is told once that has been run.
    let waits = terminal.is_none() && debugs_in_terminal(&window, &wanted, go);
    if !waits && wanted.any_of(&["gopls", "test", "dlv", "debuggee"]) {
        let terminal = terminal.map(|(_, id)| (context.atlas.fold(&id), id));
        let terminal = terminal.as_ref().map(|(environment, id)| Known { id, environment });
        out.extend(wanted.of_extension(go::spaces(&window, host, terminal, go)));
    }
    out
}

/// Whether a debug session is asked for that starts in a terminal.
fn debugs_in_terminal(window: &Window<'_>, wanted: &Wanted<'_>, go: &go::Activation) -> bool {
    go.refused.is_none() && wanted.any_of(&["dlv", "debuggee"]) && go::needs_terminal(window)
}

/// The host, with what the Go extension changes in it.
fn with_extensions(window: &Window<'_>, environment: &Folded, go: &OnceCell<go::Activation>) -> Derived {
    let mut host = host::space(window, environment);
    let before = Folded::over(Some(environment), &host.space);
    let activation = go.get_or_init(|| go::activation(window, &before));
    host.space.layers.extend(activation.layers.iter().cloned());
    host.space.problems.extend(activation.problems.iter().cloned());
    host
}

/// What terminals and tasks hang under.
struct Before<'a> {
    main: &'a Folded,
    window: &'a Folded,
    host: Known<'a>,
}

/// Terminals and tasks.
fn beside_host(
    window: &Window<'_>,
    wanted: &Wanted<'_>,
    user_tasks: &str,
    before: &Before<'_>,
    go: &go::Activation,
) -> Vec<Derived> {
    let mut out = Vec::new();
    let editor = window.editor;
    if !wanted.any_of(&["terminal", "task", "automation", "debug-terminal", "dlv", "debuggee"]) {
        return out;
    }
    let mut of_extensions = stored::mutators(window);
    // What is left of an earlier start of the Go extension is its own business.
    of_extensions.retain(|m| m.extension != "golang.go" || !m.variable.is("PATH"));
    of_extensions.extend(go::terminal_prefix(window, go));
    let host = before.host.environment;
    let ground = Ground::new(window, before.main, before.window, host, of_extensions);
    let terminal = editor.id("terminal");
    if wanted.usual(&terminal) {
        out.push(ground.terminal(terminal, &ground.usual()));
    }
    for profile in &ground.profiles {
        let Some(name) = &profile.name else { continue };
        let id = editor.named("terminal", name);
        if wanted.named(&id) {
            out.push(ground.terminal(id, profile));
        }
    }
    let automation = editor.id("automation");
    if wanted.named(&automation) {
        out.push(task::automation(&ground));
    }
    if wanted.any_of(&["task"]) {
        let of_user = wanted.everything().then_some(user_tasks);
        for task in task::tasks(window, of_user) {
            if wanted.usual(&task.id(window)) {
                out.push(task::space(&ground, &task, &go::task_environment(window, before.host)));
            }
        }
    }
    if wanted.named(&editor.id("debug-terminal")) || debugs_in_terminal(window, wanted, go) {
        out.push(ground.debug_terminal());
    }
    out
}

/// Which of an editor's spaces are asked for.
struct Wanted<'a> {
    /// By name; `None`: the usual ones, or all.
    ids: Option<Vec<&'a SpaceId>>,
    all: bool,
}

impl<'a> Wanted<'a> {
    fn of(context: &Context<'a>, editor: &Editor) -> Self {
        let ids = context.wanted.map(|ids| ids.iter().filter(|id| editor.has(id)).collect());
        Self { ids, all: context.all }
    }

    fn anything(&self) -> bool {
        self.ids.as_ref().is_none_or(|ids| !ids.is_empty())
    }

    fn everything(&self) -> bool {
        self.all || self.ids.is_some()
    }

    /// A space that the map shows without being asked.
    fn usual(&self, id: &SpaceId) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(&id))
    }

    /// One that it shows only among all.
    fn named(&self, id: &SpaceId) -> bool {
        self.ids.as_ref().map_or(self.all, |ids| ids.contains(&id))
    }

    /// Those of an extension's spaces that are asked for, and what they hang under.
    fn of_extension(&self, all: Vec<Derived>) -> Vec<Derived> {
        let asked = |id: &SpaceId| match &self.ids {
            Some(ids) => ids.contains(&id),
            None => self.all || go::is_usual(id),
        };
        let mut kept: Vec<SpaceId> = Vec::new();
        for derived in all.iter().rev() {
            let id = &derived.space.id;
            if asked(id) || kept.contains(id) {
                kept.extend(derived.space.parent.clone());
                kept.push(id.clone());
            }
        }
        all.into_iter().filter(|derived| kept.contains(&derived.space.id)).collect()
    }

    /// Whether nothing but this one is asked for.
    fn only(&self, id: &SpaceId) -> bool {
        self.ids.as_ref().is_some_and(|ids| ids.iter().all(|wanted| *wanted == id))
    }

    /// Whether a space of one of these variants may be wanted.
    fn any_of(&self, variants: &[&str]) -> bool {
        let Some(ids) = &self.ids else { return true };
        ids.iter().any(|id| id.variant().is_some_and(|v| variants.contains(&v)))
    }
}
