//! The comparison of the plain and the traced run: values from the one, origins from the other.

use crate::{PER_RUN_NAMES, Request, Trace, TraceEnd, phases_to_layers};
use model::{After, Confidence, Effect, Layer, Name, Origin, Value};
use std::collections::BTreeMap;
use system::RunOutcome;

/// Layers whose fold over the request's base is exactly the plain run's environment.
///
/// Where the traced run ended with another value, a last effect sets the plain one: it keeps the origin of the last
/// traced change of that variable, with less confidence and the reason. What no traced change explains is unknown.
pub fn reconcile(request: &Request, plain: &RunOutcome, trace: &Trace) -> Vec<Layer> {
    let mut layers = phases_to_layers(trace);
    let Some(environment) = &plain.environment else { return layers };

    let real: BTreeMap<&Name, &Value> = environment.iter().map(|(n, v)| (n, v)).collect();
    let mut folded: BTreeMap<Name, Value> = request.base.iter().cloned().collect();
    let mut last: BTreeMap<Name, Effect> = BTreeMap::new();
    for effect in layers.iter().flat_map(|l| &l.effects) {
        match &effect.after {
            After::Set(value) => drop(folded.insert(effect.name.clone(), value.clone())),
            After::Unset | After::Unreadable { .. } => drop(folded.remove(&effect.name)),
        }
        last.insert(effect.name.clone(), effect.clone());
    }

    let mut corrections = Vec::new();
    for (&name, &value) in &real {
        if folded.get(name) != Some(value) {
            corrections.push(correct(name, After::Set(value.clone()), last.get(name), trace));
        }
    }
    for name in folded.keys().filter(|n| !real.contains_key(n)) {
        corrections.push(correct(name, After::Unset, last.get(name), trace));
    }
    if !corrections.is_empty() {
        layers.push(Layer::applied("observed", "what the plain run ended with", corrections));
    }
    layers
}

fn correct(name: &Name, after: After, traced: Option<&Effect>, trace: &Trace) -> Effect {
    if PER_RUN_NAMES.iter().any(|n| name.is(n)) {
        let origin =
            Origin::rule("set by the shell itself", "POSIX.1-2017 XCU 2.5.3; bash(1) Shell Variables");
        return Effect::new(name.clone(), after, origin, Confidence::Baseline);
    }
    let unexplained = match &trace.end {
        TraceEnd::Complete => "the traced run did not see this change".to_owned(),
        TraceEnd::Stopped { what, .. } => format!("the traced run ended before this change ({what})"),
    };
    match traced {
        Some(effect) => {
            let mut corrected = Effect::new(name.clone(), after, effect.origin.clone(), Confidence::File);
            corrected.via = effect.via.clone();
            corrected.because("the traced run ended with another value than the plain run")
        }
        None => Effect::new(name.clone(), after, Origin::unknown(unexplained.clone()), Confidence::File)
            .because(unexplained),
    }
}
