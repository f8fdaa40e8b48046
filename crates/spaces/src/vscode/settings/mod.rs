//! Settings as VS Code reads them: which files, what of them counts, and where each value is written.
//!
//! [`open`] finds the files of a window and what is in force by them. Every key keeps its place, every part of an object
//! its own, and what does not count is kept with its reason ([`InForce::occurrences`]).
//!
//! Deliberately not here: which editors there are, what a window has open, defaults (whoever asks for a key knows them), what a key means, and settings of an extension
//! that come from elsewhere.

mod in_force;
mod open;
pub(super) mod paths;
mod policy;
mod profile;
mod scope;
mod source;
#[cfg(test)]
mod tests;
mod tree;
mod trust;
pub(super) mod uri;

pub use in_force::{File, InForce, Occurrence, Standing};
pub use open::{Opened, open};
pub use profile::{Profile, Why};
pub use scope::{Level, Registered, Scope, registered};
pub use source::Ignored;
pub(crate) use tree::document;
