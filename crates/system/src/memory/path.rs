//! Path rules of a machine that is not this one: what separates, what is absolute, which names are the same.
//!
//! Not here: symlinks, which need the tree (`tree`).

use crate::Os;

/// A path taken apart. On Windows the first part is the volume (`C:`, `\\server\share`); elsewhere every path
/// starts at the one root and there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) absolute: bool,
    pub(crate) parts: Vec<String>,
    /// A separator stood at the end: what is named must be a folder.
    pub(crate) folder: bool,
}

/// Takes a path apart; `.` and empty parts are gone. `..` stays in on Unix, where it means the parent of what a
/// symlink leads to (path_resolution(7)), and is worked off on Windows, where the text is normalised before
/// anything is opened (`GetFullPathNameW`).
pub(crate) fn split(os: Os, path: &str) -> Parts {
    if os == Os::Windows { split_windows(path) } else { split_unix(path) }
}

fn split_unix(path: &str) -> Parts {
    let parts = path.split('/').filter(|p| !p.is_empty() && *p != ".").map(str::to_owned).collect();
    Parts { absolute: path.starts_with('/'), parts, folder: path.ends_with('/') }
}

fn split_windows(path: &str) -> Parts {
    let path = path.replace('/', "\\");
    let path = match path.strip_prefix(r"\\?\") {
        Some(rest) => {
            rest.strip_prefix(r"UNC\").map_or_else(|| rest.to_owned(), |share| format!(r"\\{share}"))
        }
        None => path,
    };
    let (volume, rest) = split_volume(&path);
    // The volume, or (a path from the root of the current drive) an empty name that `resolve` fills in.
    let absolute = rest.starts_with('\\') || volume.as_ref().is_some_and(|v| v.starts_with('\\'));
    let mut parts: Vec<String> = Vec::new();
    let kept = usize::from(absolute || volume.is_some());
    if kept == 1 {
        parts.push(volume.unwrap_or_default());
    }
    let ends_open = !rest.ends_with('\\');
    let mut rest_parts = rest.split('\\').peekable();
    while let Some(part) = rest_parts.next() {
        match part {
            "" | "." => {}
            ".." if parts.len() > kept => {
                parts.pop();
            }
            ".." if absolute => {}
            ".." => parts.push(part.to_owned()),
            // Dots and spaces at the end of a path are dropped, elsewhere one dot at the end of a name
            // (Microsoft: "File path formats on Windows systems", trimming of characters).
            part if ends_open && rest_parts.peek().is_none() => {
                parts.push(part.trim_end_matches(['.', ' ']).to_owned());
            }
            part => match part.strip_suffix('.') {
                Some(name) if !name.ends_with('.') => parts.push(name.to_owned()),
                _ => parts.push(part.to_owned()),
            },
        }
    }
    Parts { absolute, parts, folder: rest.len() > 1 && rest.ends_with('\\') }
}

/// `C:` or `\\server\share`, and what follows.
fn split_volume(path: &str) -> (Option<String>, &str) {
    if let Some(rest) = path.strip_prefix(r"\\") {
        let server = rest.find('\\').map_or(rest.len(), |at| at + 1);
        let share = rest[server..].find('\\').map_or(rest.len(), |at| server + at);
        return (Some(format!(r"\\{}", &rest[..share])), &rest[share..]);
    }
    match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => {
            (Some(path[..2].to_ascii_uppercase()), &path[2..])
        }
        _ => (None, path),
    }
}

/// The parts of `path` from the root on, relative ones against `cwd` (absolute).
pub(crate) fn resolve(os: Os, path: &str, cwd: &str) -> Parts {
    let own = split(os, path);
    let base = || split(os, cwd).parts;
    if os != Os::Windows {
        let mut parts = if own.absolute { Vec::new() } else { base() };
        parts.extend(own.parts);
        return Parts { absolute: true, parts, folder: own.folder };
    }
    let mut base = base();
    let volume = base.first().cloned().unwrap_or_else(|| "C:".to_owned());
    let joined = match own.parts.split_first() {
        Some((first, rest)) if own.absolute && first.is_empty() => with_volume(&volume, rest),
        _ if own.absolute => own.parts,
        // `D:work` is relative to the current folder of that drive; only the one of `cwd` is known.
        Some((first, rest)) if is_drive(first) => {
            if key(os, first) != key(os, &volume) {
                base = vec![first.clone()];
            }
            base.extend(rest.iter().cloned());
            base
        }
        _ => {
            base.extend(own.parts);
            base
        }
    };
    let text = render(os, &joined);
    Parts { folder: own.folder, ..split_windows(&text) }
}

fn with_volume(volume: &str, rest: &[String]) -> Vec<String> {
    std::iter::once(volume.to_owned()).chain(rest.iter().cloned()).collect()
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// What names are compared by: text itself, on Windows without regard to case.
pub(crate) fn key(os: Os, part: &str) -> String {
    if os == Os::Windows { part.to_uppercase() } else { part.to_owned() }
}

/// The path of these parts from the root.
pub(crate) fn render<T: AsRef<str>>(os: Os, parts: &[T]) -> String {
    let mut out = String::new();
    if os == Os::Windows {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push('\\');
            }
            out.push_str(part.as_ref());
        }
        if parts.len() == 1 {
            out.push('\\');
        }
        return out;
    }
    for part in parts {
        out.push('/');
        out.push_str(part.as_ref());
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(path: &str) -> String {
        render(Os::Windows, &resolve(Os::Windows, path, r"C:\Users\ann").parts)
    }

    #[test]
    fn windows_takes_both_separators_and_works_dots_off_in_the_text() {
        assert_eq!(windows("c:/Go/bin/../VERSION"), r"C:\Go\VERSION");
        assert_eq!(windows(r"go\bin"), r"C:\Users\ann\go\bin");
        assert_eq!(windows(r"..\bob"), r"C:\Users\bob");
        assert_eq!(windows(r"\Windows\"), r"C:\Windows");
        assert_eq!(windows(r"C:\..\x. "), r"C:\x");
        assert_eq!(windows(r"C:\x \y.\...\z "), r"C:\x \y\...\z");
        assert_eq!(windows(r"\\server\share\a\..\b"), r"\\server\share\b");
        assert_eq!(windows(r"\\?\UNC\server\share\b"), r"\\server\share\b");
        assert_eq!(windows(r"D:work"), r"D:\work");
        assert_eq!(windows(r"C:work"), r"C:\Users\ann\work");
        assert_eq!(windows(r"C:\"), r"C:\");
    }

    #[test]
    fn unix_keeps_dots_for_the_tree() {
        let parts = resolve(Os::Linux, "a/./../b/", "/home/ann");
        assert_eq!(parts.parts, ["home", "ann", "a", "..", "b"]);
        assert!(parts.folder);
    }
}
