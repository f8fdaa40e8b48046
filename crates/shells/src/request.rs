//! Which shell is asked about, in which mode, starting from which environment.

use model::{Name, Value};
use serde::{Deserialize, Serialize};
use system::{Limits, Size};

/// The language and start-up rules that a shell program follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShellKind {
    Bash,
    /// bash called `sh`: posix mode, its own start-up files.
    BashAsSh,
    Zsh,
    Fish,
    /// dash, also as `sh`.
    Dash,
    /// busybox ash.
    Ash,
    Ksh,
    Mksh,
    Tcsh,
    Nu,
    Pwsh,
}

impl ShellKind {
    /// Whether the first prompt is a space of its own: the shell has a line editor and hooks that run before it.
    pub fn has_prompt(self) -> bool {
        matches!(self, ShellKind::Bash | ShellKind::Zsh | ShellKind::Fish)
    }
}

/// A shell program found on the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    pub kind: ShellKind,
    /// Family in space ids: the program's name (`bash`, `sh`, `zsh`).
    pub family: String,
    /// Absolute path as it is run.
    pub path: String,
}

/// Login × interactive, or the first prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mode {
    pub login: bool,
    pub interactive: bool,
    /// After the hooks of the first prompt; implies interactive.
    pub prompt: bool,
}

impl Mode {
    pub const COMMAND: Mode = Mode { login: false, interactive: false, prompt: false };
    pub const LOGIN: Mode = Mode { login: true, interactive: false, prompt: false };
    pub const INTERACTIVE: Mode = Mode { login: false, interactive: true, prompt: false };
    pub const LOGIN_INTERACTIVE: Mode = Mode { login: true, interactive: true, prompt: false };
    pub const FOUR: [Mode; 4] = [Mode::COMMAND, Mode::LOGIN, Mode::INTERACTIVE, Mode::LOGIN_INTERACTIVE];

    /// The first prompt of a login (macOS) or other interactive shell.
    pub fn prompt(login: bool) -> Mode {
        Mode { login, interactive: true, prompt: true }
    }

    /// The variant in a space id.
    pub fn variant(self) -> &'static str {
        match self {
            Mode { prompt: true, .. } => "prompt",
            Mode { login: false, interactive: false, .. } => "command",
            Mode { login: true, interactive: false, .. } => "login",
            Mode { login: false, interactive: true, .. } => "interactive",
            Mode { login: true, interactive: true, .. } => "login-interactive",
        }
    }
}

/// One start of a shell that is to be explained.
#[derive(Clone, Debug)]
pub struct Request {
    pub shell: Shell,
    pub mode: Mode,
    /// Exactly what the space gives the shell.
    pub base: Vec<(Name, Value)>,
    /// The working folder: the user's home, or the project for `prompt`.
    pub cwd: String,
    /// `argv[0]` where the space gives another one than the mode would (`-bash` by login and sshd).
    pub arg0: Option<String>,
    /// A private terminal of this size; `None` where the real space has none. Interactive modes have one.
    pub terminal: Option<Size>,
    /// No terminal, though the mode is interactive: an editor asks a shell so for its environment.
    pub detached: bool,
    /// Options of the space's own, before those of the mode. bash: `--norc`, `--noprofile`.
    pub options: Vec<String>,
    /// Effective user, for rules that ask (bash ignores PS4 for root).
    pub uid: u32,
    pub limits: Limits,
}

impl Request {
    /// The terminal of an interactive run.
    pub fn interactive_terminal(&self) -> Option<Size> {
        (self.mode.interactive && !self.detached).then(|| self.terminal.unwrap_or_default())
    }

    pub fn base_value(&self, name: &str) -> Option<&Value> {
        self.base.iter().rev().find(|(n, _)| n.is(name)).map(|(_, v)| v)
    }

    /// `$HOME` as the shell sees it.
    pub fn home(&self) -> String {
        self.base_value("HOME").map(|v| v.to_text().into_owned()).unwrap_or_default()
    }
}
