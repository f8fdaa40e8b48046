//! Two spaces against each other: which variables differ, and where the two parted.
//!
//! Not here: finding the difference (`model::diff`).

mod json;
mod text;

pub use json::{Diff, diff_json};
pub use text::diff_text;

#[cfg(test)]
mod tests;
