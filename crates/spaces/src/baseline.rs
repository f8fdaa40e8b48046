//! The environment that chains of spaces start from.
//!
//! Never silently our own: `login` unless another base is asked for. Not here: how `login` is derived (its family).

use crate::survey::Base;
use model::{Baseline, Confidence, Effect, Evidence, Layer, Name, Origin, Space, SpaceId, Value};
use system::System;

/// The space that shells start from, and its naming in every output.
pub(crate) fn baseline(system: &dyn System, base: &Base, spaces: &mut Vec<Space>) -> Baseline {
    match base {
        Base::Login => login(system, spaces),
        Base::Here => Baseline {
            space: SpaceId::of("here"),
            evidence: Evidence::Observed,
            reason: "the caller's own environment (--base here)".to_owned(),
        },
        Base::Space(id) => Baseline {
            space: id.clone(),
            evidence: Evidence::Derived,
            reason: format!("the environment of {id} (--base {id})"),
        },
        Base::Block { source, variables } => {
            spaces.push(block(source, variables));
            Baseline {
                space: SpaceId::of("base"),
                evidence: Evidence::Observed,
                reason: format!("the variables in {source} (--base)"),
            }
        }
    }
}

fn login(system: &dyn System, spaces: &mut Vec<Space>) -> Baseline {
    let id = SpaceId::of("login");
    if let Some(space) = spaces.iter().find(|s| s.id == id) {
        // The one layer of an observed login is titled by who gave it to which process.
        let given = space.layers.first().filter(|_| space.evidence == Evidence::Observed);
        let words = given.map_or_else(
            || "computed from the files that a login reads".to_owned(),
            |layer| format!("what was {}", layer.title),
        );
        let reason = space.evidence.reason().map_or(words, str::to_owned);
        return Baseline { space: id, evidence: space.evidence.clone(), reason };
    }
    let reason = "no rule for a login of this system: the user's entry in the user database alone".to_owned();
    let evidence = Evidence::Assumed { reason: reason.clone() };
    let mut space = Space::new(id.clone(), "login", None, evidence.clone());
    let user = system.user();
    let effects =
        [("HOME", &user.home), ("USER", &user.name), ("LOGNAME", &user.name), ("SHELL", &user.shell)]
            .into_iter()
            .map(|(name, value)| {
                let origin = Origin::rule("user database", "passwd(5)");
                Effect::set(name, value.as_str(), origin, Confidence::Baseline)
            })
            .collect();
    space.layers.push(Layer::applied("user", "entry in the user database", effects));
    spaces.push(space);
    Baseline { space: id, evidence, reason }
}

fn block(source: &str, variables: &[(Name, Value)]) -> Space {
    let mut space = Space::new(SpaceId::of("base"), "given environment", None, Evidence::Observed);
    let effects = variables
        .iter()
        .map(|(n, v)| Effect::set(n.clone(), v.clone(), Origin::file(source), Confidence::Baseline))
        .collect();
    space.layers.push(Layer::applied("given", source, effects));
    space
}
