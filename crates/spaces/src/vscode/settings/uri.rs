//! Files as the editor names them in what it stores: `file:` URIs (vscode: base/common/uri.ts).
//!
//! Not here: other schemes, which name files of other machines.

use system::Os;

/// The path of a `file:` URI, in the spelling of the machine; none for another scheme or another machine's file.
pub(crate) fn path_of(os: Os, uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    // What is not the three characters of an escape stands for itself, as there.
    let (bytes, mut decoded, mut at) = (rest.as_bytes(), Vec::with_capacity(rest.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        match escape.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(code) => {
                decoded.push(code);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    let path = String::from_utf8(decoded).ok()?;
    path_in(os, &path)
}

/// The path part of a URI as a path of the machine.
pub(crate) fn path_in(os: Os, path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    if os != Os::Windows {
        return Some(path.to_owned());
    }
    let bytes = path.as_bytes();
    let drive = bytes.get(1).is_some_and(u8::is_ascii_alphabetic) && bytes.get(2) == Some(&b':');
    let path = if drive { &path[1..] } else { path };
    Some(path.replace('/', "\\"))
}

/// Whether two paths are one to the editor: without a last separator, and without regard to case but on Linux (vscode:
/// base/common/resources.ts `extUri.isEqual`).
pub(crate) fn same(os: Os, a: &str, b: &str) -> bool {
    folded(os, a) == folded(os, b)
}

/// Whether `path` is `folder` or in it.
pub(crate) fn is_in(os: Os, path: &str, folder: &str) -> bool {
    let (path, folder) = (folded(os, path), folded(os, folder));
    path.strip_prefix(&folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder == "/")
}

fn folded(os: Os, path: &str) -> String {
    let path = if os == Os::Windows { path.replace('\\', "/") } else { path.to_owned() };
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    if os == Os::Linux { path.to_owned() } else { path.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_uris() {
        let linux = |uri: &str| path_of(Os::Linux, uri);
        assert_eq!(linux("file:///home/ann/my%20shop").as_deref(), Some("/home/ann/my shop"));
        assert_eq!(linux("file:///a%2").as_deref(), Some("/a%2"));
        assert_eq!(linux("vscode-remote://ssh-remote%2Bbox/p"), None);
        assert_eq!(linux("file://server/share"), None);
        assert_eq!(path_of(Os::Windows, "file:///c%3A/Users/ann").as_deref(), Some("c:\\Users\\ann"));
    }

    #[test]
    fn the_same_path() {
        assert!(same(Os::Linux, "/p/", "/p"));
        assert!(!same(Os::Linux, "/P", "/p"));
        assert!(same(Os::Windows, "C:\\P", "c:/p/"));
        assert!(is_in(Os::Linux, "/p/a", "/p") && is_in(Os::Linux, "/p", "/"));
        assert!(!is_in(Os::Linux, "/pa", "/p"));
    }
}
