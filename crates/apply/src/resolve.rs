//! Where a path leads: every symlink on the way, the file at the end, the folders that are missing.
//!
//! A file that is replaced by name would take a symlink's place (dotfiles are often links); so the end is what is
//! written. Not here: whether it may be.

use crate::Refusal;
use std::collections::VecDeque;
use system::write::{Disk, Standing};
use system::{FileKind, Os, ReadError};

/// Linux follows no more symlinks than this in one path (kernel: include/linux/namei.h MAXSYMLINKS).
const MOST_LINKS: usize = 40;

/// A symlink on the way: where it stands, what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) at: String,
    pub(crate) to: String,
}

/// The end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// No symlink is on the way to it.
    pub(crate) file: String,
    pub(crate) links: Vec<Link>,
    pub(crate) standing: Option<Standing>,
    /// Folders that must be made, outermost first.
    pub(crate) missing: Vec<String>,
}

impl Target {
    /// The folder that the file is in.
    pub(crate) fn folder(&self, os: Os) -> String {
        parent(os, &self.file).to_owned()
    }
}

pub(crate) fn separator(os: Os) -> char {
    if os == Os::Windows { '\\' } else { '/' }
}

/// What stands before the last name; the root for what stands in it.
pub(crate) fn parent(os: Os, path: &str) -> &str {
    match path.rfind(separator(os)) {
        Some(0) => &path[..1],
        Some(2) if os == Os::Windows => &path[..3],
        Some(at) => &path[..at],
        None => path,
    }
}

pub(crate) fn name(os: Os, path: &str) -> &str {
    path.rsplit(separator(os)).next().unwrap_or(path)
}

fn is_absolute(os: Os, path: &str) -> bool {
    match os {
        Os::Windows => path.as_bytes().get(1) == Some(&b':') || path.starts_with(['\\', '/']),
        _ => path.starts_with('/'),
    }
}

/// The root (`/`, `C:\`) and the names after it.
fn split(os: Os, path: &str) -> (String, VecDeque<String>) {
    let separators: &[char] = if os == Os::Windows { &['/', '\\'] } else { &['/'] };
    let mut names: VecDeque<String> =
        path.split(separators).filter(|p| !p.is_empty() && *p != ".").map(str::to_owned).collect();
    let root = match os {
        Os::Windows => format!("{}\\", names.pop_front().unwrap_or_default()),
        _ => "/".to_owned(),
    };
    (root, names)
}

fn join(os: Os, folder: &str, name: &str) -> String {
    let separator = separator(os);
    if folder.ends_with(separator) { format!("{folder}{name}") } else { format!("{folder}{separator}{name}") }
}

/// Follows a path to its end. `path` is absolute.
pub(crate) fn resolve(disk: &dyn Disk, path: &str) -> Result<Target, Refusal> {
    let os = disk.os();
    let unreadable = |error| Refusal::Unreadable { path: path.to_owned(), error };
    let (mut done, mut pending) = split(os, path);
    let mut target = Target { file: String::new(), links: Vec::new(), standing: None, missing: Vec::new() };
    while let Some(part) = pending.pop_front() {
        if part == ".." {
            done = parent(os, &done).to_owned();
            continue;
        }
        let here = join(os, &done, &part);
        let standing = match disk.standing(&here) {
            _ if !target.missing.is_empty() => None,
            Ok(standing) => Some(standing),
            Err(ReadError::NotFound) => None,
            Err(error) => return Err(unreadable(error)),
        };
        match standing.as_ref().map(|s| s.kind) {
            Some(FileKind::Symlink) => {
                let to = disk.read_link(&here).map_err(unreadable)?;
                let absolute = is_absolute(os, &to);
                let (root, names) = if absolute { split(os, &to) } else { (done, relative(os, &to)) };
                done = root;
                target.links.push(Link { at: here, to });
                if target.links.len() > MOST_LINKS {
                    return Err(unreadable(ReadError::Other("too many levels of symbolic links".to_owned())));
                }
                for name in names.into_iter().rev() {
                    pending.push_front(name);
                }
                continue;
            }
            Some(FileKind::Folder) if pending.is_empty() => {
                return Err(Refusal::NoFile { path: path.to_owned() });
            }
            Some(FileKind::Folder) => {}
            Some(_) if !pending.is_empty() => {
                return Err(unreadable(ReadError::Other(format!("leads through the file `{here}`"))));
            }
            Some(_) => {}
            None if !pending.is_empty() => target.missing.push(here.clone()),
            None => {}
        }
        target.standing = standing;
        done = here;
    }
    target.file = done;
    Ok(target)
}

fn relative(os: Os, path: &str) -> VecDeque<String> {
    let separators: &[char] = if os == Os::Windows { &['/', '\\'] } else { &['/'] };
    path.split(separators).filter(|p| !p.is_empty() && *p != ".").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::{MemoryDisk, MemorySystem};

    fn at(machine: MemorySystem, path: &str) -> Target {
        resolve(&MemoryDisk::new(machine), path).expect("it leads somewhere")
    }

    #[test]
    fn links_of_folders_and_files_are_followed_to_the_end() {
        let machine = MemorySystem::linux()
            .file("/home/ann/dot/fish/config.fish", "x")
            .link("/home/ann/.config", "dot")
            .link("/home/ann/dot/config.fish", "../dot/fish/config.fish");
        let found = at(machine, "/home/ann/.config/config.fish");
        assert_eq!(found.file, "/home/ann/dot/fish/config.fish");
        assert_eq!(found.links.len(), 2);
        assert_eq!(found.standing.map(|s| s.kind), Some(FileKind::File));
    }

    #[test]
    fn what_is_missing_is_told() {
        let machine = MemorySystem::linux().link("/home/ann/.zshrc", "dot/zsh/zshrc");
        let found = at(machine, "/home/ann/.zshrc");
        assert_eq!(found.file, "/home/ann/dot/zsh/zshrc");
        assert_eq!(found.missing, ["/home/ann/dot", "/home/ann/dot/zsh"]);
        assert_eq!(found.standing, None);
    }

    #[test]
    fn windows_has_roots_of_its_own() {
        let machine = MemorySystem::windows().file(r"C:\Users\ann\go\env", "x");
        let found = at(machine, r"C:\Users\ann\go/env");
        assert_eq!(found.file, r"C:\Users\ann\go\env");
        assert_eq!(found.folder(Os::Windows), r"C:\Users\ann\go");
    }

    #[test]
    fn a_loop_ends() {
        let machine = MemoryDisk::new(MemorySystem::linux().link("/a", "/b").link("/b", "/a"));
        assert!(resolve(&machine, "/a").is_err());
    }
}
