//! # A later line takes the folder with go off PATH
//!
//! ## What it does
//! Finds places where go is not found, although the start-up put a folder with a go on PATH and a later line set PATH
//! anew without it.
//!
//! ## Why it matters
//! `go: command not found`, with the right line plainly there in the same file.
//!
//! ## Fix
//! Told by hand: `$PATH` belongs into the later line, or the line with go below it.
//!
//! ## Sources
//! - FiloSottile/mkcert#190

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use model::{Finding, Name, Origin, Severity, Step};

pub(crate) const RULE: Rule = Rule {
    code: "GOW401",
    name: "path-lost",
    area: Area::Lists,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 10,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups =
        look.groups(|seen| lost(look, seen).map(|(folder, step, added)| ((folder, added), Some(step))));
    groups
        .into_iter()
        .map(|group| {
            let (folder, added) = group.what;
            let finding = RULE
                .finding(
                    format!("`{folder}`, where go is, is taken off PATH again"),
                    group.origin,
                    group.spaces,
                )
                .variable("PATH")
                .label("sets PATH without what was in it")
                .happens("go is not found: \"go: command not found\"")
                .help("put $PATH into the line, or move the line that adds go below it");
            match added {
                Some(origin) => finding.related(origin, "had put it there"),
                None => finding,
            }
        })
        .collect()
}

/// The folder with go that was on PATH, the line that took it away, and the one that had added it.
fn lost(look: &Look<'_>, seen: &Seen<'_>) -> Option<(String, Origin, Option<Origin>)> {
    let view = seen.space.go.as_ref().filter(|_| look.is_own(seen))?;
    if view.path.is_some() || view.shadow.is_some() {
        return None;
    }
    let history = seen.env.get(&Name::from("PATH"))?;
    // Only what the place's own start-up did: a program that starts with a short PATH (cron, sudo) means it.
    let own =
        |step: &&std::sync::Arc<Step>| step.space == *seen.id() && matches!(step.origin, Origin::File(_));
    history.steps.iter().rev().filter(own).find_map(|step| {
        let removed = &step.entries.as_ref()?.removed;
        let folder = removed.iter().filter_map(|bytes| std::str::from_utf8(bytes).ok()).find(|folder| {
            folder.starts_with('/')
                && look.system().is_executable(&format!("{}/go", folder.trim_end_matches('/')))
        })?;
        let adds = |earlier: &&std::sync::Arc<Step>| {
            earlier.entries.as_ref().is_some_and(|change| change.added.iter().any(|e| e == folder.as_bytes()))
        };
        // What the session brought along is the session's: /etc/profile of Debian sets PATH anew for every login.
        let added = history.steps.iter().filter(own).find(adds)?.origin.clone();
        Some((folder.to_owned(), step.origin.clone(), Some(added)))
    })
}
