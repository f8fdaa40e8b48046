//! The journal of changes, and what a change did: as data, as JSON, as text.
//!
//! Not here: reading the journal, and making diffs; both come as they are to be shown.

mod data;
mod text;

pub use data::{Change, ChangeKind, ChangeState, ChangedFile, Conflicting, Log, Recovery, TakenBack};
pub use text::{conflicts_text, log_text, patch_text, taken_back_text};

#[cfg(test)]
mod tests;
