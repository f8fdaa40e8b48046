//! What a family of derived spaces gives, and what it is given.

use crate::survey::Base;
use crate::vscode;
use model::{Atlas, Folded, Layer, Space, SpaceId};
use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;
use system::{System, User};

/// A space computed by rules, and the shell that is then started in it, whose start-up files act there too.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Its own layers, on top of its parent's.
    pub space: Space,
    pub then: Option<ThenShell>,
}

/// A shell that a program starts at the end of its own rules (`ssh`: the user's shell with `-c`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThenShell {
    /// Absolute path.
    pub shell: String,
    pub arg0: Option<String>,
    pub login: bool,
    pub interactive: bool,
    pub terminal: bool,
    pub cwd: String,
    /// The user as whom it runs. It is really run only where that is the present user.
    pub user: User,
    pub ways: Ways,
}

/// What is out of the usual about a start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// It ends at the first prompt, in the folder where it was started.
    pub prompt: bool,
    /// Interactive without any terminal.
    pub detached: bool,
    /// The program gives it up after so many milliseconds.
    pub gives_up_ms: Option<u64>,
    pub after: Option<After>,
    /// As in [`shells::Request::options`].
    pub options: Vec<String>,
}

/// What the program does with the environment that the shell ended with: layers on top of it.
#[derive(Clone)]
pub struct After(pub Arc<Afterwards>);

type Afterwards = dyn Fn(&Folded) -> Vec<Layer> + Send + Sync;

impl fmt::Debug for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("After(..)")
    }
}

impl PartialEq for After {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for After {}

/// What is known when a family is asked.
#[expect(missing_debug_implementations, reason = "a machine has no useful Debug form")]
pub struct Context<'a> {
    pub system: &'a dyn System,
    pub user: &'a User,
    /// The spaces so far: parents of new ones must be among them.
    pub atlas: &'a Atlas,
    /// The space from which the user calls `su`, `sudo`, `tmux` and agents: the everyday shell, or the caller itself
    /// with `--base here`. Only in [`Stage::AfterShells`].
    pub caller: &'a SpaceId,
    pub caller_environment: &'a Folded,
    /// The project's folder.
    pub project: &'a str,
    /// What stands between `@` and `:` of the spaces of this family that were asked for by name.
    pub which: &'a [String],
    /// The spaces that were asked for by name; `None`: the usual ones, or with `all` every one.
    pub wanted: Option<&'a [SpaceId]>,
    pub all: bool,
    pub base: &'a Base,
    /// What an editor has open, as the caller says.
    pub open: &'a vscode::Open,
    /// The editors of the machine, found once.
    pub editors: &'a OnceCell<vscode::Found>,
}

/// When a family is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What shells start from: `login`, `desktop`, `container`, `systemd:user`.
    BeforeShells,
    /// What starts from a shell, or needs none.
    AfterShells,
    /// After the shells, again and again until it has no more spaces: of editors each place hangs under what a shell
    /// did in the one before.
    InRounds,
    /// What starts from a shell, where every space is asked for, or one of these by name.
    OnDemand,
}

/// One family: its name, when it is asked, and the function that yields its spaces (none where the machine has not
/// got the program).
#[derive(Clone, Copy, Debug)]
pub struct Derive {
    pub family: &'static str,
    pub stage: Stage,
    pub spaces: fn(&Context<'_>) -> Vec<Derived>,
}

/// Where a program is, at one of the places where distributions put it.
pub(crate) fn installed(system: &dyn System, name: &str) -> Option<String> {
    const FOLDERS: &[&str] =
        &["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
    FOLDERS.iter().map(|folder| format!("{folder}/{name}")).find(|path| system.exists(path))
}
