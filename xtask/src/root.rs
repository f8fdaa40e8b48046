//! Where the repository and our own cache lie.

use std::path::{Path, PathBuf};

/// The top folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Downloads and builds that are not part of a checkout: `$GOWHENCE_XTASK_CACHE`, else `gowhence-xtask` under
/// `$XDG_CACHE_HOME` or `~/.cache`.
pub(crate) fn cache() -> PathBuf {
    if let Some(own) = std::env::var_os("GOWHENCE_XTASK_CACHE") {
        return PathBuf::from(own);
    }
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache");
    base.unwrap_or_else(home).join("gowhence-xtask")
}

/// The cargo that runs us.
pub(crate) fn cargo() -> std::process::Command {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
