//! The environment block of a process as its space holds it: names by the case rule of the system.
//!
//! Not here: where a block is read from.

use model::{CaseRule, Name, Space, Value};
use system::Os;

/// Sets how names compare and what separates entries of PATH on that system.
pub(crate) fn rules(os: Os, space: &mut Space) {
    if os == Os::Windows {
        (space.case, space.path_separator) = (CaseRule::Insensitive, b';');
    }
}

/// The variables that a program there can have: of two spellings of a name Windows finds the first one
/// (`GetEnvironmentVariableW`; seen with go under Wine), also where it is empty.
pub(crate) fn found(os: Os, block: Vec<(Name, Value)>) -> Vec<(Name, Value)> {
    if os != Os::Windows {
        return block;
    }
    let mut seen = std::collections::BTreeSet::new();
    block.into_iter().filter(|(name, _)| seen.insert(name.key(CaseRule::Insensitive))).collect()
}
