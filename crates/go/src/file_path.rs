//! Names of files by the rules of the machine that is looked at, which need not be the one this runs on.
//!
//! A port of what go's `path/filepath` does with text (`Clean`, `Join`, `IsAbs`, `Dir`, `SplitList`); nothing here
//! looks at a disk.

use system::Os;

/// Go's `filepath.IsAbs`. On Windows a drive or a UNC volume followed by a separator; `\x` and `C:x` are relative.
pub fn is_absolute(os: Os, path: &str) -> bool {
    if os != Os::Windows {
        return path.starts_with('/');
    }
    let volume = volume_len(path);
    volume > 0 && (path[volume..].starts_with(['\\', '/']) || path.starts_with("\\\\"))
}

/// Go's `filepath.Clean`: `.` and `..` folded, doubled and trailing separators dropped, backslashes on Windows.
/// An empty path is `.`.
pub fn clean(os: Os, path: &str) -> String {
    if os != Os::Windows && is_clean(path) {
        return path.to_owned();
    }
    let volume_len = if os == Os::Windows { volume_len(path) } else { 0 };
    let (volume, rest) = path.split_at(volume_len);
    let rooted = rest.starts_with(|c| is_separator(os, c));
    let mut kept: Vec<&str> = Vec::new();
    for part in rest.split(|c| is_separator(os, c)) {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => drop(kept.pop()),
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    let mut out = if os == Os::Windows { volume.replace('/', "\\") } else { String::new() };
    if rooted {
        out.push(separator(os));
    }
    out.push_str(&kept.join(if os == Os::Windows { "\\" } else { "/" }));
    if out.is_empty() || (!rooted && kept.is_empty()) {
        out.push('.');
    }
    out
}

/// Whether there is nothing to fold in a path of Unix; also no where this is only not seen at once.
fn is_clean(path: &str) -> bool {
    let bytes = path.as_bytes();
    let special = |pair: &[u8]| pair[0] == b'/' && matches!(pair[1], b'/' | b'.');
    match bytes {
        [] | [.., b'/'] | [b'.', ..] => bytes == b"/",
        _ => !bytes.windows(2).any(special),
    }
}

/// Go's `filepath.Join` of two parts: empty ones do not count, the result is cleaned.
pub fn join(os: Os, base: &str, more: &str) -> String {
    match (base.is_empty(), more.is_empty()) {
        (true, true) => String::new(),
        (true, false) => clean(os, more),
        (false, true) => clean(os, base),
        (false, false) => {
            let mut joined = String::with_capacity(base.len() + 1 + more.len());
            joined.push_str(base);
            joined.push(separator(os));
            joined.push_str(more);
            if os != Os::Windows && is_clean(&joined) { joined } else { clean(os, &joined) }
        }
    }
}

/// An entry of a list and a name in it, the entry's spelling kept (as shells print what they found).
pub fn append(os: Os, folder: &str, name: &str) -> String {
    let glue = if folder.ends_with(|c| is_separator(os, c)) {
        ""
    } else if os == Os::Windows {
        "\\"
    } else {
        "/"
    };
    format!("{folder}{glue}{name}")
}

/// The path as seen from `cwd`; `None` where it is relative and no folder is known. Only Windows cleans what it is asked
/// to open: elsewhere `x/../y` is not there unless `x` is.
pub fn absolute(os: Os, cwd: Option<&str>, path: &str) -> Option<String> {
    if is_absolute(os, path) {
        return Some(path.to_owned());
    }
    cwd.map(
        |cwd| if os == Os::Windows || path.is_empty() { join(os, cwd, path) } else { append(os, cwd, path) },
    )
}

/// The folder it lies in: everything before the last separator, cleaned.
pub fn parent(os: Os, path: &str) -> String {
    join(os, path, "..")
}

/// What stands behind the last separator.
pub fn base(os: Os, path: &str) -> &str {
    path.rsplit(|c| is_separator(os, c)).next().unwrap_or(path)
}

/// Entries of a PATH-like value, as `filepath.SplitList`: on Windows double quotes group and are dropped.
pub fn split_list(os: Os, separator: char, value: &str) -> Vec<String> {
    if value.is_empty() {
        return Vec::new();
    }
    if os != Os::Windows {
        return value.split(separator).map(str::to_owned).collect();
    }
    let mut quoted = false;
    let mut entries = vec![String::new()];
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && !quoted => entries.push(String::new()),
            c => entries.last_mut().expect("starts with one").push(c),
        }
    }
    entries
}

fn separator(os: Os) -> char {
    if os == Os::Windows { '\\' } else { '/' }
}

fn is_separator(os: Os, c: char) -> bool {
    c == '/' || (os == Os::Windows && c == '\\')
}

/// Length of `C:` or `\\server\share`.
fn volume_len(path: &str) -> usize {
    let bytes = path.as_bytes();
    let slash = |b: u8| b == b'\\' || b == b'/';
    if bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
        return 2;
    }
    if bytes.len() < 2 || !slash(bytes[0]) || !slash(bytes[1]) {
        return 0;
    }
    let mut parts = 0;
    for (at, &b) in bytes.iter().enumerate().skip(2) {
        if slash(b) {
            parts += 1;
            if parts == 2 {
                return at;
            }
        }
    }
    path.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_names() {
        let clean = |path: &str| super::clean(Os::Linux, path);
        // go: src/path/filepath/path_test.go cleantests.
        for (path, want) in [
            ("", "."),
            ("/", "/"),
            ("abc", "abc"),
            ("abc/def/", "abc/def"),
            ("..", ".."),
            ("../../abc", "../../abc"),
            ("/..", "/"),
            ("/../abc", "/abc"),
            ("abc//def//ghi", "abc/def/ghi"),
            ("abc/./../def", "def"),
            ("abc/..", "."),
            ("abc/def/../../..", ".."),
            ("//abc", "/abc"),
            ("./", "."),
            ("/a b/ ", "/a b/ "),
        ] {
            assert_eq!(clean(path), want, "{path}");
        }
        assert_eq!(join(Os::Linux, "/usr/bin/go", "../.."), "/usr");
        assert_eq!(append(Os::Linux, "/usr/bin/", "go"), "/usr/bin/go");
        assert_eq!(split_list(Os::Linux, ':', ":a:\"b"), ["", "a", "\"b"]);
    }

    #[test]
    fn windows_names() {
        let clean = |path: &str| super::clean(Os::Windows, path);
        for (path, want) in [
            (r"c:", "c:."),
            (r"c:\", r"c:\"),
            (r"c:/x\..\y/", r"c:\y"),
            (r"c:abc\..\..\.\def", r"c:..\def"),
            (r"\\srv\share\a\..", r"\\srv\share\"),
            (r"\..\abc", r"\abc"),
            ("a/b", r"a\b"),
        ] {
            assert_eq!(clean(path), want, "{path}");
        }
        let absolute = |path: &str| is_absolute(Os::Windows, path);
        assert!(
            absolute(r"C:\x") && absolute("C:/x") && absolute(r"\\srv\share\x") && absolute(r"\\srv\share")
        );
        assert!(!absolute(r"\x") && !absolute("C:x") && !absolute("x"));
        assert_eq!(split_list(Os::Windows, ';', r#""C:\a;b";C:\c"#), [r"C:\a;b", r"C:\c"]);
    }
}
