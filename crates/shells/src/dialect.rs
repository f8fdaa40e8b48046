//! What each shell must tell: one implementation a folder.

use crate::{Request, ShellKind, Trace};
use model::LayerStatus;
use system::{RunOutcome, RunSpec, System};

/// A file that a start of the shell reads, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupFile {
    /// Kebab-case layer id (`etc-profile`, `bashrc`).
    pub id: String,
    pub path: String,
    /// Applied if it is there and read in this mode; skipped (absent, hidden by another, not read in this mode) or
    /// unreadable with the reason.
    pub status: LayerStatus,
}

/// The rules of one shell.
pub trait Dialect: Sync {
    /// The files in the order in which this mode reads them, the skipped ones in their place.
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile>;

    /// The uninstrumented run that ends in the hand-over of the environment.
    fn plain(&self, request: &Request) -> RunSpec;

    /// Origins, by a traced run (or several). `plain` is what the plain run gave: its environment names what is
    /// worth watching.
    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace;
}

/// The rules of a shell.
pub fn dialect(kind: ShellKind) -> &'static dyn Dialect {
    match kind {
        ShellKind::Bash => &crate::bash::Bash,
        ShellKind::Zsh => &crate::zsh::Zsh,
        ShellKind::Fish => &crate::fish::Fish,
        ShellKind::BashAsSh | ShellKind::Dash | ShellKind::Ash => &crate::sh::Sh,
        ShellKind::Ksh | ShellKind::Mksh | ShellKind::Tcsh | ShellKind::Nu | ShellKind::Pwsh => {
            &crate::staged::Staged
        }
    }
}
