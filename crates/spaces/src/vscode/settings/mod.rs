//! Settings as VS Code reads them: which files, what of them counts, and where each value is written.
//!
//! [`open`] finds out what a window has open and which settings are in force in it. Every key keeps its place, every
//! part of an object its own, and what does not count is kept with its reason ([`InForce::occurrences`]).
//!
//! Deliberately not here: defaults (whoever asks for a key knows them), what a key means, and settings of an extension
//! that come from elsewhere.

mod in_force;
mod open;
mod scope;
mod source;
#[cfg(test)]
mod tests;
mod tree;

pub use in_force::{File, InForce, Occurrence, Standing};
pub use open::{Ask, AskTrust, Opened, open};
pub use scope::{Level, Registered, Scope, registered};
pub use source::Ignored;
