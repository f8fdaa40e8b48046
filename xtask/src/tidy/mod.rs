//! Tests of the repository itself: what its source files look like, and which crate may use which.
//!
//! Not here: what rustfmt and clippy see.

mod arrows;
mod sources;
