//! `agent`: a command as coding agents and editors' helpers start it, `$SHELL -c`, from the user's everyday shell.
//!
//! Not here: agents that start another shell, or a login shell, by a setting of their own.

use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways};
use model::{Evidence, Space, SpaceId};
use system::Os;

/// The family `agent`.
pub(crate) const FAMILY: Derive = Derive { family: "agent", stage: Stage::AfterShells, spaces: derive };

fn derive(context: &Context<'_>) -> Vec<Derived> {
    if context.system.os() == Os::Windows {
        return Vec::new();
    }
    let shell = context.caller_environment.value("SHELL").map(|v| v.to_text().into_owned());
    let shell = shell.filter(|s| s.starts_with('/')).unwrap_or_else(|| context.user.shell.clone());
    let title = "$SHELL -c COMMAND, from the everyday shell";
    let space = Space::new(SpaceId::of("agent"), title, Some(context.caller.clone()), Evidence::Derived);
    let then = ThenShell {
        shell,
        arg0: None,
        login: false,
        interactive: false,
        terminal: false,
        cwd: context.user.home.clone(),
        user: context.user.clone(),
        ways: Ways::default(),
    };
    vec![Derived { space, then: Some(then) }]
}
