//! Programs that a test needs on the machine.
//!
//! A test that needs a shell runs wherever that shell is installed and says so where it is not. `cargo xtask test`
//! installs them all and lets none be skipped.

use std::path::{Path, PathBuf};

/// Set by `cargo xtask test`: a missing program is then a failure.
const NO_SKIP: &str = "GOWHENCE_TEST_NO_SKIP";

/// Folders that a plain user's PATH may lack.
const SYSTEM_FOLDERS: &[&str] =
    &["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Where a program lies. `None`, said on standard error, where it is not installed: the test then returns.
///
/// # Panics
/// Where it is not installed and the caller's environment says that nothing may be skipped.
pub fn need(program: &str) -> Option<String> {
    let found = find(program);
    if found.is_none() {
        assert!(std::env::var_os(NO_SKIP).is_none(), "`{program}` is not installed: see `cargo xtask test`");
        eprintln!("skipped: `{program}` is not installed");
    }
    found
}

fn find(program: &str) -> Option<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        std::env::split_paths(&path).chain(SYSTEM_FOLDERS.iter().map(PathBuf::from)).collect();
    let file = folders.iter().map(|folder| folder.join(program)).find(|file| Path::is_file(file))?;
    file.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::need;

    #[test]
    fn a_program_of_every_system_is_found() {
        assert!(need("sh").is_some_and(|path| path.ends_with("/sh")));
    }
}
