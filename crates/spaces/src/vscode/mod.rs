//! VS Code and its kin: every place inside such an editor, from its main process to terminals and tasks.
//!
//! The chain is `vscode:main` (the first process), `vscode:shell-env` (a hidden login shell whose environment is taken
//! over), `vscode:window`, then `vscode:host` (extensions, and what they start) and, beside it, terminals and tasks. A
//! server has the same places; what it does otherwise stands in each of them. Rules are cited from VS Code's own
//! sources (paths below `src/vs/`).
//!
//! What extensions do is theirs: the Go extension's part is `go`. Not here: reading settings files (`settings`).

mod collection;
mod editor;
pub mod go;
mod setting;
pub mod settings;
mod stored;
mod window;
mod workspace;

pub use collection::{Change, Mutator};
pub use editor::{Editor, Flavour, Kind, Launch};
pub use setting::{Defaults, Json, Setting, Settings};
pub use window::{Known, Window};
pub use workspace::{Folder, Trust, Workspace};

// The Go extension (`go`) is asked in this order, each time with what is known by then:
//
//   activation(&Window, host: &Folded) -> Vec<Layer>          at the end of `vscode:host`
//   terminal_prefix(&Window, host: Known) -> Option<Mutator>  its collection, from the host after activation
//   task_environment(&Window, host: Known) -> Vec<(String, Setting)>
//                                                             of a task of type `go`, below its `options.env`
//   needs_terminal(&Window) -> bool                           whether a launch wants `vscode:debug-terminal`
//   spaces(&Window, host: Known, terminal: Option<Known>) -> Vec<Derived>
//                                                             gopls, test, test/binary, dlv/LAUNCH, debuggee/LAUNCH;
//                                                             asked once more when `vscode:debug-terminal` has been run
