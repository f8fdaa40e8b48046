//! The difference of two spaces: which variables differ, and where the two parted.

use crate::{Atlas, Name, Origin, SpaceId, State, Step};
use std::sync::Arc;

/// A variable that differs between two spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: Name,
    pub a: State,
    pub b: State,
    /// The first step after which the two were no longer the same: `b`'s, if it has one there, else `a`'s.
    pub parted_at: Option<Parting>,
    /// Where both sides went their own way, `a`'s step.
    pub other_at: Option<Parting>,
}

/// Where two histories parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    pub space: SpaceId,
    pub layer: String,
    pub origin: Origin,
}

impl From<&Step> for Parting {
    fn from(step: &Step) -> Self {
        Self { space: step.space.clone(), layer: step.layer.clone(), origin: step.origin.clone() }
    }
}

/// Every variable in which the two spaces differ, by name. Both are read by `a`'s case rule.
pub fn diff(atlas: &Atlas, a: &SpaceId, b: &SpaceId) -> Vec<Difference> {
    let (left, right) = (atlas.fold(a), atlas.fold(b));
    let mut names: Vec<&Name> = left.histories().map(|h| &h.name).collect();
    names.extend(right.histories().filter(|h| left.get(&h.name).is_none()).map(|h| &h.name));
    names.sort();
    names
        .into_iter()
        .filter_map(|name| {
            let (sa, sb) = (left.state(name), right.state(name));
            if sa == sb {
                return None;
            }
            let steps =
                |folded: &crate::Folded| folded.get(name).map(|h| h.steps.clone()).unwrap_or_default();
            let (own, other) = parting(&steps(&left), &steps(&right));
            Some(Difference { name: name.clone(), a: sa, b: sb, parted_at: own, other_at: other })
        })
        .collect()
}

/// Walks the states that both sides went through in step, as long as they are the same states, and gives the first
/// steps that lead away: the one that names the parting, and the other side's, if it has one too.
fn parting(a: &[Arc<Step>], b: &[Arc<Step>]) -> (Option<Parting>, Option<Parting>) {
    let changing = |steps: &[Arc<Step>]| -> Vec<Arc<Step>> {
        steps.iter().filter(|s| s.before != s.after).cloned().collect()
    };
    let (a, b) = (changing(a), changing(b));
    let common = a.iter().zip(&b).take_while(|(x, y)| x.after == y.after).count();
    let (left, right) =
        (a.get(common).map(|s| Parting::from(&**s)), b.get(common).map(|s| Parting::from(&**s)));
    match right {
        Some(_) => (right, left),
        None => (left, None),
    }
}
