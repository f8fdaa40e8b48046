//! # A setting with which go refuses to work
//!
//! ## What it does
//! Finds a variable, or a line of go's env file, with which every go command stops before it does anything: a relative
//! GOPATH or one that begins with `~`, an unknown GOEXPERIMENT, a GOARCH that go does not know, an invalid GOTOOLCHAIN.
//!
//! ## Why it matters
//! Nothing works, and the message names the variable but never the line that set it.
//!
//! ## Fix
//! Where the right value follows from the wrong one it is put in its place: the home for `~`. Else the assignment is removed.
//!
//! ## Sources
//! - go: src/cmd/go/main.go, src/internal/buildcfg/exp.go
//! - golang/go#35338, golang/go#66883, VictoriaMetrics/VictoriaMetrics#10448

use crate::edits::stands_there;
use crate::rule::With;
use crate::{Area, Group, Look, Rule, Seen, Status, remove_assignment, replace_value};
use model::{Applicability, FileEdit, Finding, Origin, Problem, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW101",
    name: "go-refuses",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 5,
    source: include_str!("mod.rs"),
    check,
};

/// Settings that have a rule of their own, which knows more of them.
const OTHERS: &[&str] = &["GOCACHE", "GOFLAGS", "GOTMPDIR"];

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.conflicts(&["go-refuses", "go-toolchain-refused"]).into_iter();
    let findings = groups.map(|group| finding(look, group));
    let other =
        |f: &Finding| f.variable.as_ref().is_some_and(|name| OTHERS.iter().any(|other| name.is(other)));
    findings.filter(|finding| !other(finding)).collect()
}

fn finding(look: &Look<'_>, group: Group<Problem>) -> Finding {
    let seen = group.spaces.first().and_then(|id| look.place(id));
    let cause = group.origin.clone().zip(seen).and_then(|(origin, seen)| {
        let name = variable_at(&seen, &origin, &group.what.message)?;
        let value = seen.configured(&name).map(|(value, _)| value.to_text().into_owned());
        Some((origin, name, value.unwrap_or_default()))
    });
    let happens = if group.what.message.starts_with("go refuses to build") {
        "whatever builds stops"
    } else {
        "every go command stops before it does anything"
    };
    let mut finding = RULE
        .finding(group.what.message, group.origin, group.spaces)
        .label("go refuses to work with this")
        .happens(happens);
    let Some((origin, name, value)) = cause else { return finding.help("change or remove the assignment") };
    let right = corrected(look, &name, &value);
    let better = right.as_ref().and_then(|right| replaced(look, &origin, &name, &value, right));
    finding = finding.variable(&name);
    match (better, right) {
        (Some(edit), Some(right)) => finding.help(format!("write {name}={right}")).fix(Some(look.fix(
            format!("write {name}={right}"),
            Applicability::Safe,
            vec![edit],
        ))),
        (None, right) => {
            let help = match right {
                Some(right) => format!("write {name}={right}, or remove the assignment"),
                None => "remove the assignment".to_owned(),
            };
            let edit = remove_assignment(look, &origin, &name);
            finding.help(help).fix(edit.map(|edit| {
                look.fix(format!("remove the assignment of {name}"), Applicability::Safe, vec![edit])
            }))
        }
        (Some(_), None) => finding,
    }
}

/// The variable that is decided at a place; of several the one that the message names.
fn variable_at(seen: &Seen<'_>, origin: &Origin, message: &str) -> Option<String> {
    if let Some(Origin::File(place)) = Some(origin)
        && seen.space.go.as_ref().is_some_and(|go| go.env_file.as_deref() == Some(&place.path))
    {
        let known = go::variables::known_variables().iter().map(|v| v.name);
        return known.filter(|name| message.contains(name)).max_by_key(|name| name.len()).map(str::to_owned);
    }
    let here = |history: &&model::History| history.winner().is_some_and(|step| step.origin == *origin);
    let names: Vec<String> =
        seen.env.histories().filter(here).map(|history| history.name.to_text().into_owned()).collect();
    names.iter().find(|name| message.contains(name.as_str())).or_else(|| names.first()).cloned()
}

/// What was meant, where that can be told.
fn corrected(look: &Look<'_>, name: &str, value: &str) -> Option<String> {
    match name {
        "GOPATH" => {
            let home = look.home();
            let entries: Vec<String> = value
                .split(':')
                .filter(|entry| !entry.is_empty())
                .map(|entry| match entry.strip_prefix('~') {
                    Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
                    _ => entry.to_owned(),
                })
                .collect();
            let right = entries.join(":");
            (right != value && entries.iter().all(|e| e.starts_with('/'))).then_some(right)
        }
        _ => None,
    }
}

/// The edit, where the value stands in the line as it is.
fn replaced(look: &Look<'_>, origin: &Origin, name: &str, value: &str, right: &str) -> Option<FileEdit> {
    let edit = replace_value(look, origin, name, right.as_bytes())?;
    stands_there(look, &edit, value).then_some(edit)
}
