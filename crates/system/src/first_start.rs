//! What a shell's very first start leaves in a home, taken away again where only we started it.
//!
//! fish keeps its universal variables in a file that it makes when there is none; a look at the machine is no reason for it
//! to be there. What the file holds then is the same at every first start, so that nothing is lost. Not here: files that a
//! start-up file makes, which are the user's own doing.

use std::path::PathBuf;

/// Lines of that file that a first start writes; any other is the user's.
const FIRST: [&str; 3] = ["#", "SETUVAR __fish_init", "SETUVAR fish_"];

/// Looks before shells are started; when it is dropped, what has come into being since is taken away.
#[derive(Debug)]
pub struct FirstStart {
    absent: Vec<PathBuf>,
}

impl FirstStart {
    /// `find` gives variables of the environment that shells start from.
    pub fn before(home: &str, find: impl Fn(&str) -> Option<String>) -> Self {
        let config = find("XDG_CONFIG_HOME").filter(|path| path.starts_with('/'));
        let config = config.unwrap_or_else(|| format!("{home}/.config"));
        // In a folder that is not there fish makes more than this file, and who knows what else is then wanted.
        let path = PathBuf::from(format!("{config}/fish/fish_variables"));
        let absent =
            path.parent().is_some_and(std::path::Path::is_dir) && std::fs::symlink_metadata(&path).is_err();
        Self { absent: if absent { vec![path] } else { Vec::new() } }
    }
}

impl Drop for FirstStart {
    fn drop(&mut self) {
        for path in &self.absent {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            let first = |line: &str| line.is_empty() || FIRST.iter().any(|start| line.starts_with(start));
            if text.lines().all(first) {
                // It may be gone by now; then nothing is to be done.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FirstStart;

    #[test]
    fn what_a_first_start_left_goes_and_what_is_the_users_stays() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let folder = home.path().join(".config/fish");
        std::fs::create_dir_all(&folder).expect("made");
        let file = folder.join("fish_variables");
        let home = home.path().to_string_lossy().into_owned();
        let text = "# VERSION: 3.0\nSETUVAR __fish_initialized:3400\n";
        for (added, stays) in [("", false), ("SETUVAR --export GOPATH:/go\n", true)] {
            let before = FirstStart::before(&home, |_| None);
            std::fs::write(&file, format!("{text}{added}")).expect("written");
            drop(before);
            assert_eq!(file.exists(), stays);
        }
        drop(FirstStart::before(&home, |_| None));
        assert!(file.exists(), "what was there before stays");
    }
}
