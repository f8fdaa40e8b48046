//! # A line asks go for GOPATH before go is on PATH
//!
//! ## What it does
//! Finds lines such as `PATH=$PATH:$(go env GOPATH)/bin` that run while no go is on PATH, which a later line adds.
//!
//! ## Why it matters
//! The answer is empty, and `/bin` is added in the place of `~/go/bin`: what `go install` built is not found. On a terminal
//! `go: command not found` is seen at every start.
//!
//! ## Fix
//! The line is moved behind the one that makes go findable.
//!
//! ## Sources
//! - ibnaleem/gosearch#73, boyter/cs#20, tiagorlampert/CHAOS#20

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use model::{Applicability, FileEdit, Finding, Name, Origin, Place, Severity, State};

pub(crate) const RULE: Rule = Rule {
    code: "GOW403",
    name: "go-asked-too-early",
    area: Area::Lists,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    look.groups(|seen| early(look, seen).map(|(line, later)| (later, Some(line))))
        .into_iter()
        .map(|group| {
            let later = group.what;
            let edits = group.origin.as_ref().and_then(|origin| moved(look, origin.place()?, later.place()?));
            RULE.finding("`go env` is asked here before go is on PATH", group.origin, group.spaces)
                .variable("PATH")
                .label("go is not found yet, and its answer is empty")
                .related(later, "puts go on PATH")
                .happens("`/bin` is added in the place of GOPATH/bin: what `go install` built is not found")
                .help("move the line below the one that puts go on PATH")
                .fix(
                    edits.map(|edits| {
                        look.fix("move the line behind the other", Applicability::Unsafe, edits)
                    }),
                )
        })
        .collect()
}

/// The line that asks too early, and the later one that adds go.
fn early(look: &Look<'_>, seen: &Seen<'_>) -> Option<(Origin, Origin)> {
    let history = seen.env.get(&Name::from("PATH")).filter(|_| look.is_own(seen))?;
    let has_go = |state: &State| {
        let Some(value) = state.value() else { return false };
        value.to_text().split(':').any(|folder| {
            folder.starts_with('/')
                && look.system().is_executable(&format!("{}/go", folder.trim_end_matches('/')))
        })
    };
    let (at, step) = history.steps.iter().enumerate().find(|(_, step)| {
        let Origin::File(place) = &step.origin else { return false };
        let asks = look.line(place).is_some_and(|(_, line)| asks_go(&line));
        asks && !has_go(&step.before)
    })?;
    let later = history.steps[at + 1..].iter().find(|s| has_go(&s.after) && !has_go(&s.before))?;
    matches!(later.origin, Origin::File(_)).then(|| (step.origin.clone(), later.origin.clone()))
}

fn asks_go(line: &[u8]) -> bool {
    ["$(go env", "`go env", "(go env"]
        .iter()
        .any(|part| line.windows(part.len()).any(|w| w == part.as_bytes()))
}

/// The whole line taken out, and put in behind the other, which stands below it in the same file.
fn moved(look: &Look<'_>, line: &Place, later: &Place) -> Option<Vec<FileEdit>> {
    if line.path != later.path || later.line <= line.line {
        return None;
    }
    let all = look.text(&line.path)?;
    let end_of =
        |from: usize| all[from..].iter().position(|&b| b == b'\n').map_or(all.len(), |n| from + n + 1);
    let (start, _) = look.line(line)?;
    let (other, _) = look.line(later)?;
    let (end, behind) = (end_of(start), end_of(other));
    let mut text = all[start..end].to_vec();
    if all[..behind].last() != Some(&b'\n') {
        text.insert(0, b'\n');
        text.pop();
    }
    let path = line.path.clone();
    Some(vec![
        FileEdit { path: path.clone(), range: start..end, new: Vec::new() },
        FileEdit { path, range: behind..behind, new: text },
    ])
}
