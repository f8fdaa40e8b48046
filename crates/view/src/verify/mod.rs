//! What was predicted against what was observed, difference by difference.
//!
//! Not here: observing.

mod json;
mod text;

pub use json::{Verification, verify_json};
pub use text::verify_text;

use model::{Folded, Name, SpaceId, State};

/// One place: what was predicted of it, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub space: SpaceId,
    /// Whence the prediction, in words.
    pub predicted_from: String,
    /// Whence the observation, in words.
    pub observed_from: String,
    pub agreed: usize,
    pub differences: Vec<Mismatch>,
}

/// A variable that is not as predicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub name: Name,
    pub predicted: State,
    pub observed: State,
}

impl Verified {
    /// Compares all variables but those in `but` (which change with every run).
    pub fn new(
        space: SpaceId,
        (predicted_from, predicted): (String, &Folded),
        (observed_from, observed): (String, &Folded),
        but: &[&str],
    ) -> Self {
        let mut names: Vec<&Name> = predicted.environment().map(|(name, _)| name).collect();
        names.extend(observed.environment().map(|(name, _)| name).filter(|n| predicted.get(n).is_none()));
        // What the prediction cannot know is a difference too, unless it is not there.
        names.extend(predicted.histories().filter(|h| h.state.value().is_none()).map(|h| &h.name));
        names.sort();
        names.dedup();
        let mut out = Self { space, predicted_from, observed_from, agreed: 0, differences: Vec::new() };
        for name in names.into_iter().filter(|n| !but.iter().any(|b| n.is(b))) {
            let (predicted, observed) = (predicted.state(name), observed.state(name));
            match (&predicted, &observed) {
                (State::Unset, State::Unset) => {}
                (a, b) if a == b => out.agreed += 1,
                _ => out.differences.push(Mismatch { name: name.clone(), predicted, observed }),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
