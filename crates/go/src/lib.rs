//! What the go command makes of a space, told from files and variables alone: no go is ever run.
//!
//! [`view()`] answers which `go` is found there, which version it is and which GOROOT it uses, and names what is
//! wrong. [`project::asks`] reads what a project wants. [`variables`] is the table of everything `go env` knows.
//!
//! [`env::choose`] tells which toolchain it hands over to there.
//!
//! Deliberately not here: running anything, the values of `go env` that need the platform, the C compiler or the
//! project, and the layers by which a space came to its variables.

mod alike;
pub mod binary;
mod conflicts;
mod decision;
mod describe;
pub mod env;
pub mod env_file;
pub mod file_path;
mod goroot;
mod launch;
mod lookup;
mod programs;
pub mod project;
mod refusals;
mod rules;
mod sdk;
mod shim;
mod shim_choice;
mod text;
pub mod variables;
pub mod version;
mod view;
mod wishes;

pub use alike::alike;
pub use describe::describe;
pub use programs::Programs;
pub use version::Version;
pub use view::{view, view_started, view_with};
pub use wishes::wishes;
