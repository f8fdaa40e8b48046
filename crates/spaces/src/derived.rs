//! What a family of derived spaces gives, and what it is given.

use model::{Atlas, Folded, Space, SpaceId};
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
}

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
}

/// When a family is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What shells start from: `login`, `desktop`, `container`, `systemd:user`.
    BeforeShells,
    /// What starts from a shell, or needs none.
    AfterShells,
    /// The same, where every space is asked for, or one of these by name.
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
