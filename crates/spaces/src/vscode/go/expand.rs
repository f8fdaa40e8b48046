//! The two replacements that the Go extension makes in its settings: `${env:NAME}` by the extension host's own
//! environment, and the workspace folder and `~` (vscode-go: util.ts `substituteEnv`, `resolvePath`,
//! utils/pathUtils.ts `resolveHomeDir`).
//!
//! Which setting gets which of them is the business of who reads it. Not here: what VS Code itself replaces in
//! launch.json (`launch::variables`).

use system::Os;

/// By what is replaced.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) os: Os,
    /// `os.homedir()` of the extension host.
    pub(super) home: &'a str,
    /// The folder that the active editor's file belongs to.
    pub(super) folder: Option<&'a str>,
}

/// `${env:NAME}`: what `value` has, else nothing. A form that is not closed, or names nothing, stays.
pub(super) fn substitute_env(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    const OPEN: &str = "${env:";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let inner = &rest[at + OPEN.len()..];
        let Some(end) = inner.find('}') else { break };
        if end == 0 {
            out.push_str(&rest[..at + OPEN.len()]);
            rest = inner;
            continue;
        }
        out.push_str(&rest[..at]);
        out.push_str(&value(inner[..end].trim()).unwrap_or_default());
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    out
}

/// `${workspaceFolder}`, `${workspaceRoot}`, `${workspaceFolderBasename}`, and a `~` at the beginning.
pub(super) fn resolve_path(text: &str, words: Words<'_>) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    if let Some(folder) = words.folder {
        let name = folder.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
        text = text.replace("${workspaceFolder}", folder).replace("${workspaceRoot}", folder);
        text = text.replace("${workspaceFolderBasename}", name);
    }
    match text.strip_prefix('~') {
        Some(rest) => join(words.os, &[words.home, rest]),
        None => text,
    }
}

/// `path.join` of Node (lib/path.js): joined and normalized, empty parts left out.
pub(super) fn join(os: Os, parts: &[&str]) -> String {
    let windows = os == Os::Windows;
    let separator = if windows { '\\' } else { '/' };
    let is_separator = |c: char| c == '/' || (windows && c == '\\');
    let parts: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    let joined = parts.join(&separator.to_string());
    if joined.is_empty() {
        return ".".to_owned();
    }
    let drive = if windows && joined.as_bytes().get(1) == Some(&b':') { 2 } else { 0 };
    let (drive, path) = joined.split_at(drive);
    let absolute = path.starts_with(is_separator);
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split(is_separator) {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => drop(kept.pop()),
            ".." if absolute => {}
            part => kept.push(part),
        }
    }
    let mut out = drive.to_owned();
    if absolute {
        out.push(separator);
    }
    out.push_str(&kept.join(&separator.to_string()));
    if out.is_empty() {
        out.push('.');
    }
    if path.ends_with(is_separator) && !kept.is_empty() {
        out.push(separator);
    }
    out
}

/// `path.isAbsolute` of Node.
pub(super) fn is_absolute(os: Os, path: &str) -> bool {
    if os != Os::Windows {
        return path.starts_with('/');
    }
    let bytes = path.as_bytes();
    let slash = |at: usize| matches!(bytes.get(at), Some(b'/' | b'\\'));
    slash(0) || (bytes.get(1) == Some(&b':') && slash(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words { os: Os::Linux, home: "/home/ann", folder: Some("/p/shop") };

    #[test]
    fn a_variable_of_the_host_or_nothing() {
        let value = |name: &str| (name == "A").then(|| "1".to_owned());
        let of = |text: &str| substitute_env(text, value);
        assert_eq!(of("x${env:A}y${env: A }"), "x1y1");
        assert_eq!(of("${env:MISSING}/x"), "/x");
        assert_eq!(of("${env:}"), "${env:}");
        assert_eq!(of("${env:A"), "${env:A");
        assert_eq!(of("$A ${A} ${env:}${env:A}"), "$A ${A} ${env:}1");
    }

    #[test]
    fn the_folder_and_the_home() {
        let of = |text: &str| resolve_path(text, WORDS);
        assert_eq!(of("${workspaceFolder}/go"), "/p/shop/go");
        assert_eq!(of("${workspaceRoot}:${workspaceFolderBasename}"), "/p/shop:shop");
        assert_eq!(of("~/go"), "/home/ann/go");
        assert_eq!(of("~"), "/home/ann");
        // The whole text is one path to Node, also where it is a list.
        assert_eq!(of("~/a//b:~/c"), "/home/ann/a/b:~/c");
        assert_eq!(of("~bob/go"), "/home/ann/bob/go");
        assert_eq!(of("${userHome}/x"), "${userHome}/x");
        assert_eq!(of("  "), "  ");
    }

    #[test]
    fn joined_as_node_does() {
        assert_eq!(join(Os::Linux, &["/a", "", "go"]), "/a/go");
        assert_eq!(join(Os::Linux, &["", "", "go"]), "go");
        assert_eq!(join(Os::Linux, &["/a/../../b/", "./c/"]), "/b/c/");
        assert_eq!(join(Os::Linux, &["a", "../.."]), "..");
        assert_eq!(join(Os::Windows, &["C:\\Go", "bin", "go.exe"]), "C:\\Go\\bin\\go.exe");
        assert_eq!(join(Os::Windows, &["C:/Users/ann", "/go"]), "C:\\Users\\ann\\go");
    }
}
