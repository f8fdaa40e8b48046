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
//! `$PATH` is put at the end of the later line. It may have been left out on purpose, so that the fix is not safe.
//!
//! ## Sources
//! - FiloSottile/mkcert#190

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use model::{Applicability, FileEdit, Finding, Name, Origin, Severity, Step};

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
            let edit = group.origin.as_ref().and_then(|origin| with_path(look, origin));
            let finding = RULE
                .finding(
                    format!("`{folder}`, where go is, is taken off PATH again"),
                    group.origin,
                    group.spaces,
                )
                .variable("PATH")
                .label("sets PATH without what was in it")
                .happens("go is not found: \"go: command not found\"")
                .help("put $PATH into the line, or move the line that adds go below it")
                .fix(edit.map(|edit| look.fix("put $PATH into the line", Applicability::Unsafe, vec![edit])));
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

/// `:$PATH` at the end of the value.
fn with_path(look: &Look<'_>, origin: &Origin) -> Option<FileEdit> {
    let place = origin.place()?;
    let (offset, line) = look.line(place)?;
    let dialect = text::shell::Dialect::of_file(&place.path);
    let read = text::shell::line(&line, dialect)?;
    let mut all = read.commands.iter().flat_map(|c| &c.assignments).filter(|a| a.name == "PATH");
    let (assignment, None) = (all.next()?, all.next()) else { return None };
    let word = &line[assignment.value.clone()];
    let new = match dialect {
        text::shell::Dialect::Fish => " $PATH",
        _ => ":$PATH",
    };
    // In single quotes it would be only text.
    let at = match (word.first(), word.last()) {
        (Some(b'\''), _) => return None,
        (Some(b'"'), Some(b'"')) if dialect != text::shell::Dialect::Fish => assignment.value.end - 1,
        (None, _) => return None,
        _ => assignment.value.end,
    };
    let at = offset + at;
    Some(FileEdit { path: place.path.clone(), range: at..at, new: new.as_bytes().to_vec() })
}
