//! Spaces: the places where a Go tool runs, each with its ordered layers, assembled into the atlas.
//!
//! One folder a family ([`families`] lists them); shells, live processes and the caller's own space have files of
//! their own here. Adding a family touches its folder and that list.
//!
//! Deliberately not here: how a shell is run and traced (`shells`), what go makes of an environment (`go`), and any
//! rendering.

mod accounts;
mod agent;
mod baseline;
mod block;
mod chains;
pub mod container;
pub mod cron;
mod derived;
mod desktop;
mod families;
mod folds;
mod go_children;
mod here;
mod lineage;
mod live;
pub mod login;
mod pam;
mod probes;
mod secure_execution;
mod shell;
pub mod ssh;
pub mod su;
pub mod sudo;
mod survey;
pub mod systemd;
pub mod tmux;
mod trace;
pub mod vscode;

pub use derived::{After, Context, Derive, Derived, Stage, ThenShell, Ways};
pub use families::FAMILIES;
pub use here::caller;
pub use lineage::started_by;
pub use probes::{StoredProbe, fresh_interactive_probes, stored_probes};
pub use survey::{Base, GoOf, Options, Survey, survey};
