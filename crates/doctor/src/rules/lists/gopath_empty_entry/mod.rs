//! # GOPATH begins with an empty entry
//!
//! ## What it does
//! Finds values of GOPATH whose first entry is empty, as `GOPATH=$GOPATH:$HOME/go` makes where GOPATH was unset.
//!
//! ## Why it matters
//! The module cache and installed programs go to the first entry: `module cache not found: neither GOMODCACHE nor GOPATH is
//! set`.
//!
//! ## Fix
//! The part that was empty is taken out of the line.
//!
//! ## Sources
//! - go: src/cmd/go/internal/modload/init.go, src/cmd/go/internal/cfg/cfg.go `gopath`
//! - 869413421/chatgpt-web#114, anthony-chaudhary/fak#3160, pote/gvp#39

use crate::rule::With;
use crate::{Area, Look, Rule, Status};
use model::{Applicability, FileEdit, Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW420",
    name: "gopath-empty-entry",
    area: Area::Lists,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 10,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("GOPATH")?;
        let text = value.to_text().into_owned();
        (text.starts_with(':') && text.len() > 1).then_some((text, Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let right: Vec<&str> = group.what.split(':').filter(|entry| !entry.is_empty()).collect();
            let right = right.join(":");
            let edit = group.origin.as_ref().and_then(|origin| without_itself(look, origin));
            RULE.finding("GOPATH begins with an empty entry", group.origin, group.spaces)
                .variable("GOPATH")
                .label("GOPATH was unset or empty when this line ran")
                .happens("the module cache is not found: \"neither GOMODCACHE nor GOPATH is set\"")
                .help(format!("write GOPATH={right}"))
                .fix(edit.map(|edit| {
                    look.fix("take the empty part out of the line", Applicability::Safe, vec![edit])
                }))
        })
        .collect()
}

/// Takes `$GOPATH:` out of the line.
fn without_itself(look: &Look<'_>, origin: &Origin) -> Option<FileEdit> {
    let place = origin.place()?;
    let (offset, line) = look.line(place)?;
    let find = |part: &str| {
        line.windows(part.len()).position(|w| w == part.as_bytes()).map(|at| at..at + part.len())
    };
    let range = ["$GOPATH:", "${GOPATH}:"].iter().find_map(|part| find(part))?;
    let new = Vec::new();
    Some(FileEdit { path: place.path.clone(), range: offset + range.start..offset + range.end, new })
}
