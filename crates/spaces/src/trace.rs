//! An environment while a program builds it: every change goes into a layer and into the state at once.
//!
//! The rules of programs ask what is set at that moment (`if PATH is not set yet`), so the state is kept beside the
//! layers instead of being folded again for each question.

use model::{After, Confidence, Effect, Folded, Layer, LayerStatus, Name, Origin, Value, list_separator};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// `None`: set, but the value cannot be had.
    now: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    layers: Vec<Layer>,
}

impl Trace {
    /// From nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// On top of what is inherited.
    pub(crate) fn over(caller: &Folded) -> Self {
        let mut now = BTreeMap::new();
        for history in caller.histories() {
            match &history.state {
                model::State::Set(value) => {
                    now.insert(history.name.as_bytes().to_vec(), Some(value.as_bytes().to_vec()));
                }
                model::State::Unreadable { .. } => {
                    now.insert(history.name.as_bytes().to_vec(), None);
                }
                model::State::Unset => {}
            }
        }
        Self { now, layers: Vec::new() }
    }

    /// Begins a layer; what is set from now on belongs to it.
    pub(crate) fn begin(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    pub(crate) fn layer(&mut self, id: &str, title: impl Into<String>, source: Origin) {
        self.begin(Layer::applied(id, title, Vec::new()).from_source(source));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.value(name.as_bytes())
    }

    pub(crate) fn value(&self, name: &[u8]) -> Option<&[u8]> {
        self.now.get(name).and_then(|v| v.as_deref())
    }

    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.now.contains_key(name)
    }

    pub(crate) fn names(&self) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        self.now.iter().map(|(n, v)| (n.clone(), v.clone())).collect()
    }

    /// A list that is replaced, not extended, is first unset: of its new entries none is owed to who set the old ones,
    /// even where they look the same.
    pub(crate) fn set(&mut self, name: &[u8], value: &[u8], origin: Origin) {
        if let Some(Some(old)) = self.now.get(name)
            && list_separator(&Name::from(name), b':').is_some()
            && !old.is_empty()
            && !value.windows(old.len()).any(|w| w == old.as_slice())
        {
            let confidence = confidence_of(&origin);
            self.push(Effect::unset(Name::from(name), origin.clone(), confidence));
        }
        self.now.insert(name.to_vec(), Some(value.to_vec()));
        let confidence = confidence_of(&origin);
        self.push(Effect::set(Name::from(name), Value::from(value), origin, confidence));
    }

    pub(crate) fn unset(&mut self, name: &[u8], origin: Origin) {
        if self.now.remove(name).is_some() {
            let confidence = confidence_of(&origin);
            self.push(Effect::unset(Name::from(name), origin, confidence));
        }
    }

    /// The variable is set to something that cannot be known from here.
    pub(crate) fn unreadable(&mut self, name: &[u8], reason: &str, origin: Origin) {
        self.now.insert(name.to_vec(), None);
        let confidence = confidence_of(&origin);
        let after = After::Unreadable { reason: reason.to_owned() };
        self.push(Effect::new(Name::from(name), after, origin, confidence).because(reason));
    }

    /// A value that stands for one that differs from run to run.
    pub(crate) fn stand_in(&mut self, name: &[u8], value: &[u8], reason: &str, origin: Origin) {
        self.now.insert(name.to_vec(), Some(value.to_vec()));
        let confidence = confidence_of(&origin);
        self.push(Effect::set(Name::from(name), Value::from(value), origin, confidence).because(reason));
    }

    /// Why the last effect is what it is.
    pub(crate) fn because(&mut self, reason: impl Into<String>) {
        let last = self.layers.last_mut().and_then(|layer| layer.effects.last_mut());
        if let Some(effect) = last {
            effect.reason = Some(reason.into());
        }
    }

    fn push(&mut self, effect: Effect) {
        match self.layers.last_mut() {
            Some(layer) if layer.status == LayerStatus::Applied => layer.effects.push(effect),
            _ => self.layers.push(Layer::applied("rules", "rules", vec![effect])),
        }
    }

    /// The environment so far, in the layers of a space.
    pub(crate) fn folded(&self, caller: &Folded, space: &model::Space) -> Folded {
        let mut space = space.clone();
        space.layers.extend(self.layers.iter().cloned());
        Folded::over(Some(caller), &space)
    }

    pub(crate) fn into_layers(self) -> Vec<Layer> {
        self.layers
    }
}

fn confidence_of(origin: &Origin) -> Confidence {
    match origin {
        Origin::File(_) | Origin::Setting { .. } | Origin::Registry { .. } => Confidence::Static,
        Origin::Process { .. } | Origin::Rule { .. } | Origin::Unknown { .. } => Confidence::Baseline,
    }
}
