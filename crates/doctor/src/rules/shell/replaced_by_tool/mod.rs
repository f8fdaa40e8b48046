//! # A version manager replaces a GOPATH of your own
//!
//! ## What it does
//! Finds the user's own shells in which a start-up file sets GOPATH or GOBIN, and a file of another tool that is read later
//! sets it to something else.
//!
//! ## Why it matters
//! `go env GOPATH` does not print what ~/.zshrc says: modules and programs go to the tool's folder. gvm does so for each of
//! its package sets.
//!
//! ## Fix
//! The own line is repeated at the end of the file. The tool's value may be the one that is wanted; hence it is not safe.
//!
//! ## Sources
//! - moovweb/gvm#277, moovweb/gvm#189, moovweb/gvm#245

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use model::{Applicability, FileEdit, Finding, Name, Origin, Severity, State};

pub(crate) const RULE: Rule = Rule {
    code: "GOW303",
    name: "replaced-by-tool",
    area: Area::Shell,
    severity: Severity::Warning,
    status: Status::Stable,
    platforms: &[],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    ["GOPATH", "GOBIN"].iter().flat_map(|name| of(look, name)).collect()
}

fn of(look: &Look<'_>, name: &str) -> Vec<Finding> {
    look.groups(|seen| replaced(look, seen, name).map(|(winner, own)| (own, Some(winner))))
        .into_iter()
        .map(|group| {
            let own = group.what;
            let edit = repeated(look, &own);
            RULE.finding(format!("{name} of your own is replaced by a tool's"), group.origin, group.spaces)
                .variable(name)
                .label("sets it to the tool's own folder")
                .related(own, "had set it")
                .happens(format!("`go env {name}` prints the tool's folder"))
                .help("move your line below the one that reads the tool's file, or remove it")
                .fix(edit.map(|edit| {
                    let mut fix =
                        look.fix("repeat the line at the end of the file", Applicability::Unsafe, vec![edit]);
                    fix.reason = Some("the tool's value may be wanted".to_owned());
                    fix
                }))
        })
        .collect()
}

/// The line of a tool's file that decided, and the line of the start-up file that it overrode.
fn replaced(look: &Look<'_>, seen: &Seen<'_>, name: &str) -> Option<(Origin, Origin)> {
    let history = seen.env.get(&Name::from(name)).filter(|_| look.is_own(seen))?;
    let winner = history.winner().filter(|step| step.space == *seen.id() && step.after.value().is_some())?;
    let winner_at = winner.origin.place().filter(|_| matches!(winner.origin, Origin::File(_)))?;
    let home = look.home();
    let start_up = |path: &str| {
        let name = path.strip_prefix(home.trim_end_matches('/')).map(|rest| rest.trim_start_matches('/'));
        name.is_some_and(|name| !name.contains('/') && name.starts_with('.'))
    };
    if start_up(&winner_at.path) {
        return None;
    }
    let own = history.steps.iter().rev().find(|step| {
        step.space == *seen.id()
            && step.origin.place().is_some_and(|place| start_up(&place.path))
            && matches!(&step.after, State::Set(value) if !value.is_empty() && Some(value) != winner.after.value())
    })?;
    Some((winner.origin.clone(), own.origin.clone()))
}

fn repeated(look: &Look<'_>, own: &Origin) -> Option<FileEdit> {
    let place = own.place()?;
    let (_, line) = look.line(place)?;
    let all = look.text(&place.path)?;
    let edit = text::edit::append_lines(&all, [line.trim_ascii()]);
    Some(FileEdit { path: place.path.clone(), range: edit.range, new: edit.new })
}
