//! The shell and command of the tests: writes the environment that it was given, byte for byte, and ends.

use std::path::Path;

/// How the program is called when it is to do that.
pub(super) const NAME: &str = "dump-env";
/// The folder that holds it inside of the namespaces, and what it writes.
pub(super) const FOLDER: &str = "/run/probe";

pub(super) fn program() -> String {
    format!("{FOLDER}/{NAME}")
}

pub(super) fn output() -> String {
    format!("{FOLDER}/seen")
}

/// Does it if this program was called by that name; to be asked before anything else.
pub(crate) fn dump_if_asked() -> bool {
    let name = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name.trim_start_matches('-') != NAME {
        return false;
    }
    let Ok(block) = std::fs::read("/proc/self/environ") else { return true };
    let fresh = format!("{}.new", output());
    if std::fs::write(&fresh, block).is_ok() {
        // What reads it waits for the name to appear, so it must appear whole.
        drop(std::fs::rename(&fresh, output()));
    }
    true
}
