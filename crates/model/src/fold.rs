//! The fold: layers in order give every variable's value and its full history.
//!
//! Total and deterministic: same layers, same answer; nothing here can fail.

use crate::{
    After, CaseRule, Confidence, Entry, EntryChange, Evidence, LayerStatus, Name, Origin, Space, SpaceId,
    Value, Via, list_separator, split_list,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All spaces of one machine and one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atlas {
    /// `linux/amd64` and the like.
    pub machine: String,
    /// The project's folder, if there is one.
    pub project: Option<String>,
    /// What the project asks of go, in words (`go 1.26.0, toolchain go1.26.3`).
    pub project_asks: Option<String>,
    /// What the project's files ask of other programs than go, where that was looked for.
    pub wishes: Vec<crate::Wish>,
    pub baseline: Baseline,
    /// Parents come before their children.
    pub spaces: Vec<Space>,
}

/// The environment that chains of spaces start from, named in every output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    pub space: SpaceId,
    pub evidence: Evidence,
    /// In words: whence it was taken.
    pub reason: String,
}

/// What a variable is in a space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Set(Value),
    Unset,
    Unreadable { reason: String },
}

impl State {
    pub fn value(&self) -> Option<&Value> {
        match self {
            State::Set(value) => Some(value),
            _ => None,
        }
    }

    /// `set`, `empty`, `unset` or `unreadable`.
    pub fn as_str(&self) -> &'static str {
        match self {
            State::Set(value) if value.is_empty() => "empty",
            State::Set(_) => "set",
            State::Unset => "unset",
            State::Unreadable { .. } => "unreadable",
        }
    }
}

impl From<&After> for State {
    fn from(after: &After) -> Self {
        match after {
            After::Set(value) => State::Set(value.clone()),
            After::Unset => State::Unset,
            After::Unreadable { reason } => State::Unreadable { reason: reason.clone() },
        }
    }
}

/// What kind of change a step is; derived from before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOp {
    Set,
    Unset,
    Prepend,
    Append,
    Remove,
    Reorder,
    /// Written again with the value it had.
    Same,
    Unreadable,
}

impl StepOp {
    pub fn as_str(self) -> &'static str {
        match self {
            StepOp::Set => "set",
            StepOp::Unset => "unset",
            StepOp::Prepend => "prepend",
            StepOp::Append => "append",
            StepOp::Remove => "remove",
            StepOp::Reorder => "reorder",
            StepOp::Same => "same",
            StepOp::Unreadable => "unreadable",
        }
    }
}

/// One change of a variable on the way to its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The space in whose layers the change stands (the space itself or an ancestor).
    pub space: SpaceId,
    /// Layer id and its index in that space.
    pub layer: String,
    pub layer_index: usize,
    pub op: StepOp,
    pub before: State,
    pub after: State,
    pub origin: Origin,
    pub via: Option<Via>,
    pub confidence: Confidence,
    pub reason: Option<String>,
    /// For list variables.
    pub entries: Option<EntryChange>,
}

/// A variable's value in a space and how it came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// First spelling.
    pub name: Name,
    pub state: State,
    /// Shared, as the entries are, with the spaces that inherit them and go on from there.
    pub steps: Vec<Arc<Step>>,
    /// For list variables that are set: entries in order, each with who added it.
    pub entries: Vec<Arc<Entry>>,
}

impl History {
    /// The step that decided the present state: the last one that changed it.
    pub fn winner(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|s| s.op != StepOp::Same).or_else(|| self.steps.last()).map(Arc::as_ref)
    }
}

/// Every variable of one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    case: CaseRule,
    path_separator: u8,
    /// Shared with the spaces that inherit them: most are never touched again.
    variables: BTreeMap<Vec<u8>, Arc<History>>,
}

impl Folded {
    fn empty(case: CaseRule, path_separator: u8) -> Self {
        Self { case, path_separator, variables: BTreeMap::new() }
    }

    /// Applies a space's own layers on top of what it inherited.
    #[must_use]
    pub fn over(inherited: Option<&Folded>, space: &Space) -> Folded {
        Folded::apply(inherited.cloned(), space)
    }

    fn apply(inherited: Option<Folded>, space: &Space) -> Folded {
        let mut folded = match inherited {
            Some(parent) if parent.case == space.case => parent,
            Some(parent) => parent.rekeyed(space.case),
            None => Folded::empty(space.case, space.path_separator),
        };
        folded.path_separator = space.path_separator;
        for (index, layer) in space.layers.iter().enumerate() {
            if layer.status != LayerStatus::Applied {
                continue;
            }
            for effect in &layer.effects {
                let key = effect.name.key(space.case);
                let history = folded.variables.entry(key).or_insert_with(|| {
                    Arc::new(History {
                        name: effect.name.clone(),
                        state: State::Unset,
                        steps: Vec::new(),
                        entries: Vec::new(),
                    })
                });
                let history = Arc::make_mut(history);
                let after = State::from(&effect.after);
                let separator = list_separator(&history.name, space.path_separator);
                let (op, change) = classify(&history.state, &after, separator);
                let step = Step {
                    space: space.id.clone(),
                    layer: layer.id.clone(),
                    layer_index: index,
                    op,
                    before: std::mem::replace(&mut history.state, after.clone()),
                    after,
                    origin: effect.origin.clone(),
                    via: effect.via.clone(),
                    confidence: effect.confidence,
                    reason: effect.reason.clone(),
                    entries: change,
                };
                history.entries = entries_after(std::mem::take(&mut history.entries), &step, separator);
                history.steps.push(Arc::new(step));
            }
        }
        folded
    }

    fn rekeyed(&self, case: CaseRule) -> Folded {
        let mut out = Folded::empty(case, self.path_separator);
        for history in self.variables.values() {
            out.variables.entry(history.name.key(case)).or_insert_with(|| Arc::clone(history));
        }
        out
    }

    /// How names of variables compare there.
    pub fn case(&self) -> CaseRule {
        self.case
    }

    /// What separates the entries of PATH there.
    pub fn path_separator(&self) -> u8 {
        self.path_separator
    }

    pub fn get(&self, name: &Name) -> Option<&History> {
        match self.case {
            CaseRule::Sensitive => self.variables.get(name.as_bytes()),
            CaseRule::Insensitive => self.variables.get(&name.key(self.case)),
        }
        .map(Arc::as_ref)
    }

    /// The history of the variable of that name, for which no [`Name`] has to be made.
    pub fn history(&self, name: &str) -> Option<&History> {
        match self.case {
            CaseRule::Sensitive => self.variables.get(name.as_bytes()).map(Arc::as_ref),
            CaseRule::Insensitive => self.get(&Name::from(name)),
        }
    }

    /// The value, if the variable is set.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.history(name).and_then(|h| h.state.value())
    }

    pub fn state(&self, name: &Name) -> State {
        self.get(name).map_or(State::Unset, |h| h.state.clone())
    }

    /// All variables that ever had an effect, in the order of their names.
    pub fn histories(&self) -> impl Iterator<Item = &History> {
        self.variables.values().map(Arc::as_ref)
    }

    /// What a process there is given: names and values of all that is set.
    pub fn environment(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.variables.values().filter_map(|h| h.state.value().map(|v| (&h.name, v)))
    }
}

impl Atlas {
    pub fn space(&self, id: &SpaceId) -> Option<&Space> {
        self.spaces.iter().find(|s| s.id == *id)
    }

    /// The space and its ancestors, root first. A parent that is missing, or a circle, ends the chain.
    pub fn chain(&self, id: &SpaceId) -> Vec<&Space> {
        let mut chain: Vec<&Space> = Vec::new();
        let mut next = Some(id.clone());
        while let Some(space) = next.and_then(|id| self.space(&id)) {
            if chain.iter().any(|s| s.id == space.id) {
                break;
            }
            chain.push(space);
            next = space.parent.clone();
        }
        chain.reverse();
        chain
    }

    /// Every variable of a space with its history.
    pub fn fold(&self, id: &SpaceId) -> Folded {
        let mut folded: Option<Folded> = None;
        for space in self.chain(id) {
            folded = Some(Folded::apply(folded, space));
        }
        folded.unwrap_or_else(|| Folded::empty(CaseRule::Sensitive, b':'))
    }
}

fn classify(before: &State, after: &State, separator: Option<u8>) -> (StepOp, Option<EntryChange>) {
    let change = separator.map(|sep| entry_change(before, after, sep));
    let op = match (before, after) {
        (_, State::Unreadable { .. }) => StepOp::Unreadable,
        (b, a) if b == a => StepOp::Same,
        (_, State::Unset) => StepOp::Unset,
        (State::Set(b), State::Set(a)) => separator.map_or(StepOp::Set, |sep| list_op(b, a, sep)),
        _ => StepOp::Set,
    };
    (op, change)
}

fn list_op(before: &Value, after: &Value, separator: u8) -> StepOp {
    let b = split_list(before.as_bytes(), separator);
    let a = split_list(after.as_bytes(), separator);
    if b.is_empty() || a.is_empty() {
        return StepOp::Set;
    }
    if a.len() > b.len() && a.ends_with(&b) {
        return StepOp::Prepend;
    }
    if a.len() > b.len() && a.starts_with(&b) {
        return StepOp::Append;
    }
    if a.len() < b.len() && is_subsequence(&a, &b) {
        return StepOp::Remove;
    }
    let (mut sorted_a, mut sorted_b) = (a, b);
    sorted_a.sort_unstable();
    sorted_b.sort_unstable();
    if sorted_a == sorted_b { StepOp::Reorder } else { StepOp::Set }
}

fn is_subsequence(small: &[&[u8]], large: &[&[u8]]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|x| rest.any(|y| x == y))
}

fn entries_of(state: &State, separator: u8) -> Vec<&[u8]> {
    state.value().map(|v| split_list(v.as_bytes(), separator)).unwrap_or_default()
}

fn entry_change(before: &State, after: &State, separator: u8) -> EntryChange {
    let (b, a) = (entries_of(before, separator), entries_of(after, separator));
    let missing = |from: &[&[u8]], to: &[&[u8]]| {
        let mut pool: Vec<&[u8]> = to.to_vec();
        let mut out = Vec::new();
        for entry in from {
            match pool.iter().position(|p| p == entry) {
                Some(at) => drop(pool.swap_remove(at)),
                None => out.push(entry.to_vec()),
            }
        }
        out
    };
    EntryChange { added: missing(&a, &b), removed: missing(&b, &a) }
}

/// Entries that stay keep who added them; new ones belong to this step. Equal entries are matched from the left.
fn entries_after(before: Vec<Arc<Entry>>, step: &Step, separator: Option<u8>) -> Vec<Arc<Entry>> {
    let Some(separator) = separator else { return Vec::new() };
    let mut pool: Vec<Option<Arc<Entry>>> = before.into_iter().map(Some).collect();
    entries_of(&step.after, separator)
        .into_iter()
        .map(|bytes| {
            let same = |e: &&mut Option<Arc<Entry>>| e.as_ref().is_some_and(|e| e.bytes == bytes);
            pool.iter_mut().find(same).and_then(Option::take).unwrap_or_else(|| {
                Arc::new(Entry {
                    bytes: bytes.to_vec(),
                    space: step.space.clone(),
                    layer: step.layer.clone(),
                    origin: step.origin.clone(),
                    via: step.via.clone(),
                    confidence: step.confidence,
                })
            })
        })
        .collect()
}
