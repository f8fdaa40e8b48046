//! `login`: what a login on this machine gives before any shell.
//!
//! Taken from a live session where there is one; in a container from process 1; else computed from passwd, PAM and
//! login.defs, and then assumed. Not here: what the login shell's start-up files add.

mod live;
pub mod rules;

use crate::derived::{Context, Derive, Derived, Stage};
use model::{Evidence, Space, SpaceId};
use system::Os;

/// The family `login`.
pub(crate) const FAMILY: Derive = Derive { family: "login", stage: Stage::BeforeShells, spaces: derive };

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let space = match context.system.os() {
        Os::Windows => return Vec::new(),
        Os::Macos => rules::macos(context.user),
        Os::Linux => linux(context),
    };
    vec![Derived { space, then: None }]
}

fn linux(context: &Context<'_>) -> Space {
    if let Some(space) = live::session(context.system, context.user) {
        return space;
    }
    let container = crate::container::sign(context.system);
    if container.is_some()
        && let Ok(space) = crate::container::process_1(context.system, SpaceId::of("login"), "login")
    {
        return space;
    }
    let start = rules::Start { term: Some("linux"), tty: Some("/dev/tty1") };
    let mut space = rules::derive(context.system, context.user, &start);
    let why = match container {
        Some(sign) => format!("this is a container ({sign}) whose process 1 may not be read"),
        None => "no live session of the user is to be seen".to_owned(),
    };
    let reason = format!("computed from passwd, PAM and login.defs – {why}");
    space.evidence = Evidence::Assumed { reason };
    space
}

#[cfg(test)]
mod tests;
