//! The map: variables × spaces, equal columns folded into one.
//!
//! Not here: reading a machine; the atlas comes whole.

mod blocks;
mod drawn;
mod entries;
mod graph;
mod interest;
mod json;
mod notes;
mod rows;
mod text;

pub use graph::{map_dot, map_mermaid};
pub use interest::go_variables;
pub use json::{Map, map_json};
pub use rows::{Chosen, Rows};
pub use text::map_text;

pub(crate) use entries::delta;
pub(crate) use interest::rank;
pub(crate) use text::baseline_line;

#[cfg(test)]
mod tests;
