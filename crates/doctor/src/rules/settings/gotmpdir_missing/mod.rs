//! # GOTMPDIR names a folder that is not there
//!
//! ## What it does
//! Finds places where GOTMPDIR is set to something that is no folder.
//!
//! ## Why it matters
//! go makes its work folder below GOTMPDIR and does not create GOTMPDIR itself: whatever builds stops with
//! `go: creating work dir: stat …: no such file or directory`.
//!
//! ## Fix
//! The assignment is removed; go then uses the system's folder for temporary files. To create the folder again is the
//! other way, if the place was chosen for a reason (a disk with more room, one that may hold programs).
//!
//! ## Sources
//! - go: src/cmd/go/internal/work/action.go `NewBuilder`
//! - golang/go#32320, golang/go#32429

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW131",
    name: "gotmpdir-missing",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 10,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("GOTMPDIR")?;
        let path = value.as_str()?;
        (path.starts_with('/') && !look.system().is_folder(path)).then(|| (path.to_owned(), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let edit = group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GOTMPDIR"));
            let message = format!("GOTMPDIR is `{}`, which is no folder", group.what);
            RULE.finding(message, group.origin, group.spaces)
                .variable("GOTMPDIR")
                .label("go makes its work folder there")
                .happens("whatever builds stops: \"go: creating work dir: stat: no such file or directory\"")
                .help(format!("remove the assignment, or create the folder: mkdir -p {}", group.what))
                .fix(edit.map(|edit| {
                    look.fix("remove the assignment of GOTMPDIR", Applicability::Unsafe, vec![edit])
                }))
        })
        .collect()
}
