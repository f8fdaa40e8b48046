//! The order of findings: what explains others comes before them, and what is explained is not told again.
//!
//! Not here: what is wrong.

use crate::{Look, Rule};
use model::{Finding, Origin};
use std::cmp::Reverse;

/// By severity, then what the user's own shells have before what only other places have, then the nearer to the root,
/// then as many places as are affected. Of two findings about the same line and variable only the first stays.
pub(crate) fn ordered(look: &Look<'_>, found: Vec<(&'static Rule, Finding)>) -> Vec<Finding> {
    let own = |finding: &Finding| {
        finding
            .spaces
            .iter()
            .filter_map(|id| look.place(id))
            .any(|seen| look.is_own(&seen) || is_session(look, &seen))
    };
    let mut found = found;
    found.sort_by_cached_key(|(rule, finding)| {
        let (path, line, column) = place(finding);
        let places = Reverse(finding.spaces.len());
        (finding.severity, !own(finding), rule.depth, places, path, line, column, finding.code.clone())
    });
    let mut kept: Vec<Finding> = Vec::new();
    for (_, finding) in found {
        let same = |k: &&mut Finding| {
            let same_line =
                k.origin.is_some() && k.origin == finding.origin && k.variable == finding.variable;
            same_line || inherited(k, &finding) || inherited(&finding, k)
        };
        match kept.iter_mut().find(same) {
            Some(told) if told.code == finding.code => merge(told, finding),
            Some(_) => {}
            None => kept.push(finding),
        }
    }
    kept
}

/// The caller's own place, an editor's, what all shells start from: what the user works in besides shells.
fn is_session(look: &Look<'_>, seen: &crate::Seen<'_>) -> bool {
    let baseline = &look.atlas().baseline.space;
    // A session that came over ssh; else nobody works there.
    let over_ssh = || look.place(baseline).is_some_and(|base| base.env.value("SSH_CONNECTION").is_some());
    match seen.id().family() {
        "here" | "vscode" => true,
        "ssh" => over_ssh(),
        _ => seen.id() == baseline,
    }
}

/// Whether the second is the first seen where its line can no longer be told (an inherited variable).
fn inherited(line: &Finding, elsewhere: &Finding) -> bool {
    line.code == elsewhere.code
        && line.variable == elsewhere.variable
        && line.message == elsewhere.message
        && line.origin.as_ref().is_some_and(|o| o.place().is_some())
        && elsewhere.origin.as_ref().is_none_or(|o| o.place().is_none())
}

/// One finding of the two; the one that names a line speaks.
fn merge(told: &mut Finding, other: Finding) {
    let mut spaces = std::mem::take(&mut told.spaces);
    spaces.extend(other.spaces.iter().filter(|id| !spaces.contains(id)).cloned().collect::<Vec<_>>());
    if told.origin.as_ref().is_none_or(|o| o.place().is_none()) {
        *told = other;
    }
    told.spaces = spaces;
}

fn place(finding: &Finding) -> (String, u32, u32) {
    match finding.origin.as_ref().and_then(Origin::place) {
        Some(place) => (place.path.clone(), place.line, place.column),
        None => (String::new(), 0, 0),
    }
}
