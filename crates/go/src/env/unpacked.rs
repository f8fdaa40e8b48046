//! What go does with an unpacked toolchain before it starts it for the first time, and whether the checksum database
//! is asked about it (go: src/cmd/go/internal/toolchain/select.go `Exec`, src/cmd/go/internal/modfetch/sumdb.go
//! `useSumDB`).
//!
//! Deliberately not here: that the bits cannot be set for want of permission.

use super::fatal::{Refusal, refuse};
use super::go::Go;
use system::Os;

/// The path of the module of all toolchains.
pub(super) const MODULE: &str = "golang.org/toolchain";

/// Any of the bits that let a program be run.
const EXECUTE: u32 = 0o111;

/// Archives of modules carry no modes, so go sets the bits itself, in folders that must all be there.
pub(super) fn check_first_use(go: &Go<'_>, name: &str, folder: &str) -> Result<(), Refusal> {
    if go.os == Os::Windows {
        return Ok(());
    }
    let missing = |call: &str, file: &str| {
        let file = go.join(folder, file);
        refuse(1, format!("go: download {name}: {call} {file}: no such file or directory"))
    };
    let Ok(program) = go.system.metadata(&go.join(folder, "bin/go")) else {
        return Err(missing("stat", "bin/go"));
    };
    if program.mode & EXECUTE != 0 {
        return Ok(());
    }
    let needed = ["pkg/tool", "lib", "bin/gofmt"];
    let needed = needed.into_iter().filter(|file| *file != "lib" || go.since(LIB_SINCE));
    match needed.into_iter().find(|file| !go.system.exists(&go.join(folder, file))) {
        Some(file) => Err(missing("lstat", file)),
        None => Ok(()),
    }
}

/// The minor since which programs in `lib` are among them.
const LIB_SINCE: u8 = 24;

/// Whether the database is asked: always, unless the one proxy is a folder, or a server is what asks.
pub(super) fn is_looked_up(proxies: &str, database: &str, excepted: &str, is_server: bool) -> bool {
    let folder_alone = proxies.starts_with("file://") && !proxies.contains([',', '|']);
    !(folder_alone || is_server) || (database != "off" && !matches_prefix(excepted, MODULE))
}

/// Whether a pattern of the list matches as many leading elements of the path as it has itself (go:
/// golang.org/x/mod/module/module.go `MatchPrefixPatterns`).
pub(super) fn matches_prefix(patterns: &str, path: &str) -> bool {
    let one = |pattern: &str| {
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let elements = pattern.matches('/').count() + 1;
        let prefix: Vec<&str> = path.split('/').take(elements).collect();
        let prefix = prefix.join("/");
        !pattern.is_empty()
            && path.split('/').count() >= elements
            && matches(&pattern.chars().collect::<Vec<_>>(), &prefix.chars().collect::<Vec<_>>())
    };
    patterns.split(',').any(one)
}

/// `path.Match` (go: src/path/match.go); a malformed pattern matches nothing.
fn matches(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => {
            let reach = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=reach).any(|n| matches(rest, &text[n..]))
        }
        ['[', rest @ ..] => {
            let Some((first, behind)) = text.split_first() else { return false };
            class(rest, *first).is_some_and(|(holds, rest)| holds && matches(rest, behind))
        }
        ['\\', c, rest @ ..] => text.split_first().is_some_and(|(t, behind)| t == c && matches(rest, behind)),
        ['\\'] => false,
        [c, rest @ ..] => text
            .split_first()
            .is_some_and(|(t, behind)| (t == c || (*c == '?' && *t != '/')) && matches(rest, behind)),
    }
}

/// Whether a class of characters holds one, and the pattern behind the class.
fn class(mut pattern: &[char], wanted: char) -> Option<(bool, &[char])> {
    let negated = pattern.first() == Some(&'^');
    pattern = if negated { &pattern[1..] } else { pattern };
    let mut holds = false;
    let mut ranges = 0;
    loop {
        if let [']', rest @ ..] = pattern
            && ranges > 0
        {
            return Some((holds != negated, rest));
        }
        let (low, rest) = class_end(pattern)?;
        let (high, rest) = match rest {
            ['-', rest @ ..] => class_end(rest)?,
            rest => (low, rest),
        };
        holds |= (low..=high).contains(&wanted);
        ranges += 1;
        pattern = rest;
    }
}

/// `getEsc`: one end of a range.
fn class_end(pattern: &[char]) -> Option<(char, &[char])> {
    let (c, rest) = match pattern {
        ['-' | ']', ..] | [] => return None,
        ['\\', c, rest @ ..] | [c, rest @ ..] => (*c, rest),
    };
    (!rest.is_empty()).then_some((c, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_leading_elements() {
        for (patterns, want) in [
            ("golang.org", true),
            ("golang.org/", true),
            ("x,*.org", true),
            ("golang.[a-z]rg/tool*", true),
            ("golang.[^o]rg", false),
            ("golang", false),
            ("golang.org/toolchain/x", false),
            ("golang?org/toolch\\ain", true),
            ("golang.[", false),
            ("", false),
            (",", false),
        ] {
            assert_eq!(matches_prefix(patterns, MODULE), want, "{patterns}");
        }
    }

    #[test]
    fn one_folder_as_proxy_lets_the_database_be_left_out() {
        assert!(is_looked_up("off", "off", "*", false));
        assert!(is_looked_up("file:///p,off", "off", "", false));
        assert!(is_looked_up("file:///p", "sum.example", "", false));
        assert!(!is_looked_up("file:///p", "off", "", false));
        assert!(!is_looked_up("file:///p", "sum.example", "golang.org", false));
    }
}
