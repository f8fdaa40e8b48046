//! What a traced run tells: changes of variables in order, each with its place.

use model::{Effect, Layer, LayerStatus, Name, Origin, Place, Problem, Shadow, Value};
use std::collections::BTreeMap;

/// Variables that differ from one run to the next by their nature; never compared between runs.
///
/// `_` is set by the shell for each command; `SHLVL` counts shells, and the traced run may stand one deeper.
pub const PER_RUN_NAMES: &[&str] = &["_", "SHLVL"];

/// One observed change, and the start-up phase (index into [`Trace::phases`]) in which it happened.
#[derive(Clone, Debug)]
pub struct TracedChange {
    pub phase: usize,
    pub effect: Effect,
}

/// How a traced run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceEnd {
    /// It reached the end of the start-up files.
    Complete,
    /// It ended before; the last place that was seen, and in words what happened (`exec tmux`, `exit 3`, `hangs`).
    Stopped { at: Option<Place>, what: String },
}

/// The result of a traced run.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Start-up phases in order, each a layer without effects: its files' status (applied, skipped, unreadable).
    pub phases: Vec<Layer>,
    pub changes: Vec<TracedChange>,
    pub end: TraceEnd,
    /// Values of watched variables at the end of the traced run (`None`: unset), for the comparison with the plain
    /// run. Names that were not watched are absent.
    pub last: BTreeMap<Name, Option<Value>>,
    /// Every file that the start-up read, as far as it was seen, for the key of a stored probe.
    pub files: Vec<String>,
    /// An alias or function named `go` (interactive modes).
    pub shadow: Option<Shadow>,
    pub problems: Vec<Problem>,
}

impl Trace {
    /// Nothing could be traced; origins are unknown for this reason.
    pub fn unavailable(phases: Vec<Layer>, what: impl Into<String>) -> Self {
        Self {
            phases,
            changes: Vec::new(),
            end: TraceEnd::Stopped { at: None, what: what.into() },
            last: BTreeMap::new(),
            files: Vec::new(),
            shadow: None,
            problems: Vec::new(),
        }
    }
}

/// The phases with their effects filled in. Effects of a phase that was thought skipped make it applied.
pub fn phases_to_layers(trace: &Trace) -> Vec<Layer> {
    let mut layers = trace.phases.clone();
    for change in &trace.changes {
        if layers.is_empty() {
            layers.push(Layer::applied("start-up", "start-up", Vec::new()));
        }
        let at = change.phase.min(layers.len() - 1);
        layers[at].status = LayerStatus::Applied;
        layers[at].effects.push(change.effect.clone());
    }
    layers
}

/// A phase made from one start-up file.
pub(crate) fn file_phase(id: &str, path: &str, status: LayerStatus) -> Layer {
    Layer {
        id: id.to_owned(),
        title: path.to_owned(),
        status,
        source: Some(Origin::file(path)),
        effects: Vec::new(),
    }
}
