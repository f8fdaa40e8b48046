//! Files of words: `.go-version`, `.tool-versions`, `.gvmrc`.

use super::{Wanted, offset};

/// `.go-version`: the first word of the first line that is not a comment (go-nv/goenv: libexec/goenv-version-file-read).
pub fn go_version(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let found = text.lines().enumerate().find_map(|(n, line)| {
        let word = line.split_whitespace().next()?;
        let at = offset(line, word);
        (!word.starts_with('#')).then(|| Wanted::new("version", word, n, at, at + word.len()))
    });
    found.into_iter().collect()
}

/// `.tool-versions`: lines of a tool and its versions, the first of which that is installed counts (asdf-vm:
/// docs/manage/configuration). Those of `golang` and, as mise calls it, `go`.
pub fn tool_versions(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let plain = line.split('#').next().unwrap_or_default();
        let mut words = plain.split_whitespace();
        let Some(tool) = words.next().filter(|t| matches!(*t, "golang" | "go")) else { continue };
        for word in words {
            let at = offset(line, word);
            out.push(Wanted::new(tool, word, n, at, at + word.len()));
        }
    }
    out
}

/// `.gvmrc`, a shell script by custom: the versions of its `gvm use` commands.
pub fn gvmrc(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace().skip_while(|w| *w != "gvm").skip(1);
        let Some("use") = words.next() else { continue };
        let Some(word) = words.find(|w| !w.starts_with('-')) else { continue };
        let word = word.trim_end_matches([';', '&']).trim_matches(['"', '\'']);
        let at = offset(line, word);
        if !line.trim_start().starts_with('#') {
            out.push(Wanted::new("gvm use", word, n, at, at + word.len()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(found: &[Wanted]) -> Vec<(&str, u32, u32, u32)> {
        found.iter().map(|w| (w.value.as_str(), w.line, w.column, w.end_column)).collect()
    }

    #[test]
    fn the_first_word_of_go_version() {
        assert_eq!(spans(&go_version(b"# ours\n\n  1.22.3 1.21\n")), [("1.22.3", 3, 3, 9)]);
        assert_eq!(spans(&go_version(b"1.22.3\r\n")), [("1.22.3", 1, 1, 7)]);
        assert!(go_version(b"\n \n").is_empty());
    }

    #[test]
    fn go_among_the_tools() {
        let found = tool_versions(b"nodejs 22.0.0\ngolang 1.22.3 1.21.0 # both\n#golang 1.1\n");
        assert_eq!(spans(&found), [("1.22.3", 2, 8, 14), ("1.21.0", 2, 15, 21)]);
    }

    #[test]
    fn gvm_use_in_a_script() {
        let found = gvmrc(b"#!/bin/bash\n# gvm use go1.1\n[[ -s x ]] && gvm use go1.22.3 --default;\n");
        assert_eq!(spans(&found), [("go1.22.3", 3, 23, 31)]);
    }
}
