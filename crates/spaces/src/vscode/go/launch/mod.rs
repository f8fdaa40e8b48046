//! `vscode:dlv/LAUNCH` and `vscode:debuggee/LAUNCH`: a debug session of the Go extension, from what launch.json says
//! to what dlv and the program have (vscode-go: goDebugConfiguration.ts, goDebugFactory.ts; delve: cmd/dlv,
//! service/dap/server.go).
//!
//! *Debug test* has a configuration of its own, made of settings. Variables of a task never get there; a file that a
//! preLaunchTask writes does. Not here: flags of the build, and the legacy adapter.

mod compose;
mod read;
mod session;

pub(super) use read::{DEBUG_TEST, needs_terminal};

use super::Place;
use crate::derived::Derived;
use crate::vscode::Known;

/// Both spaces of every launch; `terminal` is what those in a terminal start from.
pub(super) fn spaces(place: &Place<'_>, terminal: Option<Known<'_>>) -> Vec<Derived> {
    if !place.is_running() {
        return Vec::new();
    }
    let launches = read::launches(place.extension, place.host.environment);
    launches.iter().flat_map(|launch| session::spaces(place, launch, terminal)).collect()
}
