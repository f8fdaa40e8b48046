//! Which go a space runs and why.
//!
//! Not here: finding out (crate `go`); what `go env` prints there.

mod json;
mod text;

pub use json::{WhichGo, go_json};
pub use text::go_text;
pub(crate) use text::shim_words;

#[cfg(test)]
mod tests;
