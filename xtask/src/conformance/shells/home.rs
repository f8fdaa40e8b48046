//! A generated home: files, folders, and the environment that its shells start from.

use crate::failure::{Doing as _, Done};
use std::collections::BTreeMap;
use std::path::Path;

/// What a shell is started in. Every literal that a generated line assigns holds a *token*, a word that stands nowhere
/// else, so that a value tells which lines it was made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home {
    /// Path below the home, text.
    pub(crate) files: BTreeMap<String, String>,
    /// Folders that are there besides those of the files.
    pub(crate) folders: Vec<String>,
    /// `@HOME@` stands for the home's path.
    pub(crate) base: Vec<(String, String)>,
}

impl Home {
    /// Lays the home out afresh; what an earlier run left is gone.
    pub(crate) fn lay(&self, folder: &Path) -> Done {
        if folder.exists() {
            std::fs::remove_dir_all(folder).doing(folder.display())?;
        }
        for name in &self.folders {
            std::fs::create_dir_all(folder.join(name))?;
        }
        std::fs::create_dir_all(folder)?;
        for (name, text) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(&path, text).doing(path.display())?;
        }
        Ok(())
    }

    /// The same home as a start has left it: what the shell itself stores there (fish: universal variables) belongs to
    /// what the next start reads.
    pub(crate) fn settled(&self, folder: &Path) -> Done<Home> {
        let mut home = self.clone();
        home.files.clear();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(&next).doing(next.display())? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if let (Ok(name), Ok(text)) =
                    (path.strip_prefix(folder), std::fs::read_to_string(&path))
                {
                    home.files.insert(name.display().to_string(), text);
                }
            }
        }
        Ok(home)
    }

    /// The environment that shells of this home start from.
    pub(crate) fn environment(&self, folder: &Path) -> Vec<(String, String)> {
        let home = folder.display().to_string();
        let own = self.base.iter().map(|(name, value)| (name.clone(), value.replace("@HOME@", &home)));
        let fixed = [
            ("HOME", home.as_str()),
            ("USER", "ann"),
            ("LOGNAME", "ann"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
        ];
        fixed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).chain(own).collect()
    }

    /// A line of a file, counted from 1.
    pub(crate) fn line(&self, file: &str, line: u32) -> Option<&str> {
        self.files.get(file)?.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)
    }

    /// The same home with a token changed, on one line of a file (`None`: wherever the file has it). `None` where it
    /// does not stand there.
    pub(crate) fn with_token_changed(&self, file: &str, line: Option<u32>, token: &str) -> Option<Home> {
        let text = self.files.get(file)?;
        let mut found = false;
        let mut changed = String::new();
        for (content, number) in text.split_inclusive('\n').zip(1..) {
            if line.is_none_or(|l| l == number) && content.contains(token) {
                found = true;
                changed.push_str(&content.replace(token, &format!("changed{token}")));
            } else {
                changed.push_str(content);
            }
        }
        let mut home = self.clone();
        home.files.insert(file.to_owned(), changed);
        found.then_some(home)
    }
}

/// The tokens in a text: `tk`, a number, `z`.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("tk") {
        let digits: String = text[at + 2..].chars().take_while(char::is_ascii_digit).collect();
        if !digits.is_empty() && text[at + 2 + digits.len()..].starts_with('z') {
            let token = format!("tk{digits}z");
            if !found.contains(&token) {
                found.push(token);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_and_changed_on_one_line() {
        assert_eq!(tokens("/a/tk1z:tk12z:tk1z:tk"), ["tk1z", "tk12z"]);
        let mut home = Home::default();
        home.files.insert("f".into(), "x=tk1z\ny=tk1z\n".into());
        let changed = home.with_token_changed("f", Some(2), "tk1z").expect("it is there");
        assert_eq!(changed.files["f"], "x=tk1z\ny=changedtk1z\n");
        assert!(home.with_token_changed("f", Some(2), "tk2z").is_none());
    }
}
