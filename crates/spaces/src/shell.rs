//! Shell spaces: a start of a shell from the environment of another space.
//!
//! The capture comes from a fresh run, a stored probe or a recorded machine; without any of them the space is "not
//! checked". Not here: how a shell is traced (`shells`).

use crate::derived::{After, Ways};
use crate::probes;
use model::{
    Confidence, Effect, Evidence, Folded, Layer, Name, Origin, Problem, Shadow, Space, SpaceId, Value,
};
use shells::{CAPTURE_VERSION, Capture, Mode, Request, Shell};
use std::sync::atomic::{AtomicBool, Ordering};
use system::store::Store;
use system::{Limits, Size, System};

/// What terminal emulators name themselves where the caller has no terminal of its own to go by: the most usual.
const USUAL_TERM: &str = "xterm-256color";

/// One start that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) id: SpaceId,
    pub(crate) title: String,
    pub(crate) shell: Shell,
    pub(crate) mode: Mode,
    pub(crate) cwd: String,
    pub(crate) arg0: Option<String>,
    pub(crate) terminal: bool,
    /// A terminal emulator stands between the parent and the shell, and says what terminal it is.
    pub(crate) emulator: bool,
    pub(crate) own: bool,
    pub(crate) ways: Ways,
}

/// What a start is called in words.
pub(crate) fn title(shell: &Shell, mode: Mode) -> String {
    let kind = match mode.variant() {
        "command" => "not login, not interactive (-c)",
        "login" => "login, not interactive",
        "interactive" => "interactive",
        "login-interactive" => "login, interactive",
        _ => "at its first prompt",
    };
    format!("{} {kind}", shell.family)
}

/// Where captures may come from.
pub(crate) struct Sources<'a> {
    pub(crate) system: &'a dyn System,
    /// The machine as it stands before anything is run.
    pub(crate) still: &'a dyn System,
    /// Whether a shell was run since then.
    pub(crate) ran: AtomicBool,
    pub(crate) seen: probes::Seen,
    pub(crate) store: Option<&'a Store>,
    pub(crate) refresh: bool,
    pub(crate) limits: Limits,
    pub(crate) progress: Option<&'a (dyn Fn(&str) + Sync)>,
}

/// A shell space together with how its capture was had.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) space: Space,
    pub(crate) shadow: Option<Shadow>,
    pub(crate) files: Vec<String>,
    /// Milliseconds since 1970 at which a stored probe was taken.
    pub(crate) stored_ms: Option<i64>,
    pub(crate) after: Option<After>,
}

impl Sources<'_> {
    /// The machine for questions about files, each asked once as long as nothing has changed it.
    fn files(&self) -> &dyn System {
        if self.ran.load(Ordering::Acquire) { self.system } else { self.still }
    }
}

/// A start of which all is known but what the shell does.
pub(crate) struct Prepared {
    space: Space,
    request: Request,
    had: Had,
    after: Option<After>,
}

/// Whether a capture is at hand.
enum Had {
    /// With the time at which a stored probe was taken.
    Capture(Box<Capture>, Option<i64>),
    /// The shell must be run for it.
    ByRunning,
    Nowhere,
}

impl Prepared {
    pub(crate) fn must_run(&self) -> bool {
        matches!(self.had, Had::ByRunning)
    }
}

/// A shell that starts from `parent`'s environment, as far as it goes without running it.
pub(crate) fn prepare(
    sources: &Sources<'_>,
    parent: &SpaceId,
    environment: &Folded,
    start: &Start,
) -> Prepared {
    let mut space =
        Space::new(start.id.clone(), start.title.clone(), Some(parent.clone()), Evidence::Observed);
    space.own = start.own;
    space.cwd = Some(start.cwd.clone());
    let terminal = terminal_layer(sources.system, environment, start);
    let given = given(environment, terminal.as_ref());
    space.layers.extend(terminal);
    prepare_in(sources, space, given, start)
}

/// Of a space that is there already: what the shell does in it when it is given `given`.
pub(crate) fn prepare_in(
    sources: &Sources<'_>,
    space: Space,
    given: Vec<(Name, Value)>,
    start: &Start,
) -> Prepared {
    let request = Request {
        shell: start.shell.clone(),
        mode: start.mode,
        base: given,
        cwd: start.cwd.clone(),
        arg0: start.arg0.clone(),
        terminal: (start.terminal && !start.ways.detached).then(Size::default),
        detached: start.ways.detached,
        options: start.ways.options.clone(),
        uid: sources.system.user().uid,
        limits: limits(sources.limits, start.ways.gives_up_ms),
    };
    let had = at_hand(sources, &start.id, &request);
    Prepared { space, request, had, after: start.ways.after.clone() }
}

/// Where the program gives the start up, there is nothing to be waited for after that.
fn limits(usual: Limits, gives_up_ms: Option<u64>) -> Limits {
    let Some(ms) = gives_up_ms else { return usual };
    Limits { wall_ms: usual.wall_ms.min(ms), idle_ms: usual.idle_ms.min(ms), ..usual }
}

/// Appends what the shell does, which is run if it must be.
pub(crate) fn finish(sources: &Sources<'_>, prepared: Prepared) -> Started {
    let Prepared { mut space, request, had, after } = prepared;
    let found = match had {
        Had::Capture(capture, stored_ms) => Some((*capture, stored_ms)),
        Had::ByRunning => Some((run(sources, &space.id, &request), None)),
        Had::Nowhere => None,
    };
    let Some((capture, stored_ms)) = found else {
        let reason = if sources.system.can_run() {
            "there is no run of it".to_owned()
        } else {
            "nothing is run here, and there is no record of a run".to_owned()
        };
        space.evidence = Evidence::NotChecked { reason };
        return Started { space, shadow: None, files: Vec::new(), stored_ms: None, after: None };
    };
    space.time_ms = Some(capture.time_ms);
    space.problems.extend(capture.problems.iter().cloned());
    if capture.environment.is_none() {
        let reason = capture.problems.first().map_or_else(
            || "the start-up did not come to its end".to_owned(),
            |p: &Problem| p.message.clone(),
        );
        space.evidence = Evidence::Unreadable { reason };
    }
    let Capture { base, layers, shadow, files, .. } = capture;
    space.layers.extend(rebased(&base, &request.base));
    space.layers.extend(layers);
    Started { space, shadow, files, stored_ms, after }
}

fn at_hand(sources: &Sources<'_>, id: &SpaceId, request: &Request) -> Had {
    let system = sources.system;
    if let Some(bytes) = system.recorded_run(id.as_str()) {
        let capture: Option<Capture> = serde_json::from_slice(&bytes).ok();
        let usable = capture.filter(|c| c.version == CAPTURE_VERSION);
        return usable.map_or(Had::Nowhere, |capture| Had::Capture(Box::new(capture), None));
    }
    if !system.can_run() {
        return Had::Nowhere;
    }
    if let Some(store) = sources.store.filter(|_| !sources.refresh)
        && let Some((capture, taken_ms)) = probes::load(sources.files(), store, id.as_str(), request)
    {
        note(system, id, &capture);
        return Had::Capture(Box::new(capture), Some(taken_ms));
    }
    Had::ByRunning
}

fn run(sources: &Sources<'_>, id: &SpaceId, request: &Request) -> Capture {
    let system = sources.system;
    sources.ran.store(true, Ordering::Release);
    if let Some(progress) = sources.progress {
        progress(&format!("starting {id}"));
    }
    let capture = shells::capture(system, request);
    if let Some(store) = sources.store {
        probes::keep(system, store, &sources.seen, id.as_str(), request, &capture);
    }
    note(system, id, &capture);
    capture
}

fn note(system: &dyn System, id: &SpaceId, capture: &Capture) {
    if system.keeps_runs()
        && let Ok(bytes) = serde_json::to_vec(capture)
    {
        system.note_run(id.as_str(), &bytes);
    }
}

/// A layer before those of a capture, which says in what the environment given then differs from the one computed now
/// (a recording made elsewhere); empty differences make no layer.
fn rebased(base: &[(Name, Value)], given: &[(Name, Value)]) -> Option<Layer> {
    if base == given {
        return None;
    }
    let find =
        |list: &[(Name, Value)], name: &Name| list.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let origin = || Origin::unknown("the recorded run was given this");
    let mut effects: Vec<Effect> = base
        .iter()
        .filter(|(n, v)| find(given, n).as_ref() != Some(v))
        .map(|(n, v)| Effect::set(n.clone(), v.clone(), origin(), Confidence::Baseline))
        .collect();
    effects.extend(
        given
            .iter()
            .filter(|(n, _)| find(base, n).is_none())
            .map(|(n, _)| Effect::unset(n.clone(), origin(), Confidence::Baseline)),
    );
    let title = "what the recorded run was given";
    (!effects.is_empty()).then(|| Layer::applied("recorded-base", title, effects))
}

fn given(environment: &Folded, terminal: Option<&Layer>) -> Vec<(Name, Value)> {
    let mut given: Vec<(Name, Value)> =
        environment.environment().map(|(n, v)| (n.clone(), v.clone())).collect();
    for effect in terminal.iter().flat_map(|l| &l.effects) {
        if let model::After::Set(value) = &effect.after {
            given.retain(|(name, _)| *name != effect.name);
            given.push((effect.name.clone(), value.clone()));
        }
    }
    given
}

/// An interactive shell runs in a terminal emulator, which names the terminal's kind. The caller's own TERM is the
/// best witness of it.
fn terminal_layer(system: &dyn System, environment: &Folded, start: &Start) -> Option<Layer> {
    if !start.emulator && (!start.terminal || environment.value("TERM").is_some()) {
        return None;
    }
    let own = system.environment().into_iter().find(|(n, _)| n.is("TERM")).map(|(_, v)| v);
    let value =
        own.filter(|v| !v.is_empty() && v.as_bytes() != b"dumb").unwrap_or_else(|| Value::from(USUAL_TERM));
    let origin = Origin::rule("set by the terminal emulator", "environ(7): TERM");
    let effects = vec![Effect::set("TERM", value, origin, Confidence::Baseline)];
    Some(Layer::applied("terminal", "terminal emulator", effects))
}
