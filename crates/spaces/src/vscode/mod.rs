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
use terminal::Ground;

/// The family `vscode`.
pub(crate) const FAMILY: Derive = Derive { family: "vscode", stage: Stage::InRounds, spaces: derive };

// The Go extension (`go`) is asked in this order, each time with what is known by then:
//
//   activation(&Window, host: &Folded) -> Vec<Layer>          at the end of `vscode:host`
//   terminal_prefix(&Window, host: Known) -> Option<Mutator>  its collection, from the host after activation
//   task_environment(&Window, host: Known) -> Vec<(String, Setting)>
//                                                             of a task of type `go`, below its `options.env`
//   needs_terminal(&Window) -> bool                           whether a launch wants `vscode:debug-terminal`
//   spaces(&Window, host: Known, terminal: Option<Known>) -> Vec<Derived>
//                                                             gopls, test, test/binary, dlv/LAUNCH, debuggee/LAUNCH;
//                                                             asked once more when `vscode:debug-terminal` has been run

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
    let Opened { editor, workspace, open } = opened;
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
        return vec![shell_env::space(&window, &main)];
    }
    let Some((true, window_id)) = known("window") else {
        return match known("window") {
            None => window_env::space(&window, &main).into_iter().collect(),
            Some(_) => Vec::new(),
        };
    };
    let environment = context.atlas.fold(&window_id);
    let Some((true, host_id)) = known("host") else {
        return vec![host::space(&window, &environment)];
    };
    let host = context.atlas.fold(&host_id);
    beside_host(&window, &wanted, &open.profile.tasks, (&main, &environment, &host))
}

/// Terminals, tasks and what extensions start.
fn beside_host(
    window: &Window<'_>,
    wanted: &Wanted<'_>,
    user_tasks: &str,
    (main, environment, host): (&Folded, &Folded, &Folded),
) -> Vec<Derived> {
    let mut out = Vec::new();
    let editor = window.editor;
    if !wanted.any_of(&["terminal", "task", "automation", "debug-terminal", "dlv", "debuggee"]) {
        return out;
    }
    let ground = Ground::new(window, main, environment, host, Vec::new());
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
                out.push(task::space(&ground, &task, &[]));
            }
        }
    }
    if wanted.named(&editor.id("debug-terminal")) {
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

    /// Whether a space of one of these variants may be wanted.
    fn any_of(&self, variants: &[&str]) -> bool {
        let Some(ids) = &self.ids else { return true };
        ids.iter().any(|id| id.variant().is_some_and(|v| variants.contains(&v)))
    }
}
