//! # A pattern of GOPRIVATE has a scheme
//!
//! ## What it does
//! Finds entries of GOPRIVATE, GONOPROXY, GONOSUMDB and GOINSECURE that begin with `https://`, `http://`, `git@` or `ssh://`.
//!
//! ## Why it matters
//! The entries are glob patterns of *module paths* (`git.acme.example/team`), compared element by element. With a scheme
//! they match nothing: private modules are asked of the public proxy and the checksum database, which learn their names
//! and cannot have them.
//!
//! ## Fix
//! The scheme is taken away.
//!
//! ## Sources
//! - golang.org/x/mod/module `MatchPrefixPatterns`
//! - golang/go#48513, golang/go#45611

use crate::edits::stands_there;
use crate::rule::With;
use crate::{Area, Look, Rule, Status, replace_value};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW201",
    name: "goprivate-scheme",
    area: Area::Modules,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

const LISTS: [&str; 4] = ["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"];

fn check(look: &Look<'_>) -> Vec<Finding> {
    LISTS.iter().flat_map(|name| of(look, name)).collect()
}

fn of(look: &Look<'_>, name: &str) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured(name)?;
        let text = value.as_str()?;
        let right = without_schemes(text);
        (right != text).then(|| ((text.to_owned(), right), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let (wrong, right) = group.what;
            let edit = group
                .origin
                .as_ref()
                .and_then(|origin| replace_value(look, origin, name, right.as_bytes()))
                .filter(|edit| stands_there(look, edit, &wrong));
            RULE.finding(
                format!("{name} matches no module: its patterns are module paths, without a scheme"),
                group.origin,
                group.spaces,
            )
            .variable(name)
            .label("a module path has no scheme")
            .happens(
                "private modules are asked of the proxy and the checksum database, which cannot have them",
            )
            .help(format!("write it as {name}={right}"))
            .fix(edit.map(|edit| look.fix("take the scheme away", Applicability::Safe, vec![edit])))
        })
        .collect()
}

fn without_schemes(text: &str) -> String {
    let entry = |entry: &str| {
        let bare = ["https://", "http://", "ssh://", "git://"].iter().find_map(|s| entry.strip_prefix(s));
        let bare = bare.unwrap_or(entry);
        let bare = bare.strip_prefix("git@").unwrap_or(bare);
        // `git@host:team/x`: what git calls a path of scp.
        let bare = if bare.len() < entry.len() { bare.replacen(':', "/", 1) } else { bare.to_owned() };
        bare.trim_end_matches('/').to_owned()
    };
    let changed = |entry: &str| entry.contains("://") || entry.starts_with("git@");
    text.split(',').map(|e| if changed(e) { entry(e) } else { e.to_owned() }).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::without_schemes;

    #[test]
    fn schemes_are_taken_away() {
        assert_eq!(
            without_schemes("https://a.example/x/,b.example,git@c.example:t"),
            "a.example/x,b.example,c.example/t"
        );
        assert_eq!(without_schemes("*.corp.example"), "*.corp.example");
    }
}
