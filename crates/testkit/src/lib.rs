//! What tests stand on: programs that must be there, temporary homes, fake machines.
//!
//! Not here: anything that the product itself needs.
#![expect(clippy::disallowed_methods, clippy::print_stderr, reason = "tests are laid out on the real disk")]

mod need;
pub mod spec;

pub use need::need;
