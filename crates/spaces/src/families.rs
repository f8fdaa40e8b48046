//! The families of derived spaces, in the order of the map.

use crate::Derive;

/// Every family.
pub const FAMILIES: &[Derive] = &[];
