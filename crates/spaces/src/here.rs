//! `here`: the caller's own space.
//!
//! Its values are read, not computed; no shell is started for it. What they came from is told as far as a stored
//! probe of a shell among the caller's ancestors has the same value.

use crate::block;
use crate::probes::StoredProbe;
use model::{
    After, Confidence, Effect, Evidence, Folded, Layer, LayerStatus, Name, Origin, Place, Space, SpaceId,
    Value,
};
use std::collections::BTreeMap;
use system::System;

/// Every variable of the caller, without what is told of their ways: no process and no stored probe is read for it.
pub fn caller(system: &dyn System) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "the caller", None, Evidence::Observed);
    block::rules(system.os(), &mut space);
    let origin = || Origin::Process { pid: system.pid() };
    let effects = block::found(system.os(), system.environment())
        .into_iter()
        .map(|(name, value)| Effect::set(name, value, origin(), Confidence::Baseline))
        .collect();
    space.layers.push(Layer::applied("inherited", "inherited", effects));
    Folded::over(None, &space)
}

/// The caller's own environment as a space.
pub(crate) fn here(system: &dyn System, probes: &[StoredProbe]) -> Space {
    let parent = parent_of(system);
    let mut space = Space::new(SpaceId::of("here"), title(&parent), None, Evidence::Observed);
    space.own = true;
    space.cwd = system.current_dir().ok();
    let known = origins(probes);
    block::rules(system.os(), &mut space);
    let effects = block::found(system.os(), system.environment())
        .into_iter()
        .map(|(name, value)| {
            let inherited = match &parent {
                Some((pid, _)) => Origin::Process { pid: *pid },
                None => Origin::unknown("the process that started this one may not be read"),
            };
            match known.get(&name).filter(|(v, _)| *v == value) {
                Some((_, (origin, space))) => Effect::set(name, value, origin.clone(), Confidence::Static)
                    .because(format!("{space} has the same value from there (stored probe)")),
                None => Effect::set(name, value, inherited, Confidence::Baseline),
            }
        })
        .collect();
    space.layers.push(Layer {
        id: "inherited".to_owned(),
        title: match &parent {
            Some((pid, name)) => format!("inherited from {name} (pid {pid})"),
            None => "inherited".to_owned(),
        },
        status: LayerStatus::Applied,
        source: parent.as_ref().map(|(pid, _)| Origin::Process { pid: *pid }),
        effects,
    });
    space
}

fn title(parent: &Option<(u32, String)>) -> String {
    match parent {
        Some((pid, name)) => format!("the caller: child of {name} (pid {pid})"),
        None => "the caller".to_owned(),
    }
}

/// The nearest ancestor of this process, with its name.
fn parent_of(system: &dyn System) -> Option<(u32, String)> {
    let own = system.process(system.pid())?;
    let parent = system.process(own.parent)?;
    Some((parent.pid, parent.name))
}

/// Values of the newest fresh probes of interactive modes, with the file that set each.
fn origins(probes: &[StoredProbe]) -> BTreeMap<Name, (Value, (Origin, String))> {
    let mut known = BTreeMap::new();
    for probe in probes.iter().filter(|p| p.mode.interactive) {
        let Some(capture) = probe.capture() else { continue };
        let mut last: BTreeMap<&Name, (&Value, &Place)> = BTreeMap::new();
        for effect in capture.layers.iter().flat_map(|l| &l.effects) {
            match (&effect.after, effect.origin.place()) {
                (After::Set(value), Some(place)) => drop(last.insert(&effect.name, (value, place))),
                _ => drop(last.remove(&effect.name)),
            }
        }
        for (name, (value, place)) in last {
            known
                .entry(name.clone())
                .or_insert_with(|| (value.clone(), (Origin::File(place.clone()), probe.space.clone())));
        }
    }
    known
}
