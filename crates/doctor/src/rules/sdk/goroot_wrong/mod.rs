//! # GOROOT is not the tree of the go that runs
//!
//! ## What it does
//! Finds places where GOROOT, set by a variable or in go's env file, names nothing, a file, a list, a tree with parts
//! missing, or the tree of another version than the go that is found on PATH.
//!
//! ## Why it matters
//! go takes GOROOT as it is given and looks for its compiler and its library there. It refuses to run (`cannot find
//! GOROOT directory`), or the compiler does: `compile: version "go1.22.1" does not match go tool version "go1.26.3"`.
//!
//! ## Fix
//! The assignment is removed. go finds its own tree from where its program lies; since Go 1.10 nobody needs GOROOT.
//!
//! ## Sources
//! - go: src/cmd/go/internal/cfg/cfg.go `findGOROOT`, src/cmd/compile/internal/base/flag.go `-goversion`
//! - DisposaBoy/GoSublime#800, ubuntu/ubuntu-make#176, go-nv/goenv#367

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment, startup};
use model::{Applicability, Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW010",
    name: "goroot-wrong",
    area: Area::Sdk,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 10,
    source: include_str!("mod.rs"),
    check,
};

const CODES: &[&str] =
    &["go-goroot-missing", "go-goroot-not-folder", "go-goroot-mismatch", "go-goroot-incomplete"];

fn check(look: &Look<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for mut group in look.conflicts(CODES) {
        // What was inherited and is set again by a line is the line's.
        let seen = group.spaces.first().and_then(|id| look.place(id));
        if group.origin.as_ref().is_none_or(|o| o.place().is_none())
            && let Some((_, origin)) = seen.and_then(|seen| seen.variable("GOROOT"))
        {
            group.origin = Some(origin);
        }
        if group.origin.as_ref().is_none_or(|o| o.place().is_none())
            && let Some((value, _)) = seen.and_then(|seen| seen.variable("GOROOT"))
            && let Some(place) = startup::assigned(look, "GOROOT", &value.to_text())
        {
            group.origin = Some(Origin::File(place));
        }
        let told = look.told(group.origin.as_ref());
        let edit = group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GOROOT"));
        // Of one line with several consequences the first is told.
        if let Some(first) = findings.iter_mut().find(|f| f.origin.is_some() && f.origin == group.origin) {
            let new: Vec<_> = group.spaces.into_iter().filter(|s| !first.spaces.contains(s)).collect();
            first.spaces.extend(new);
            continue;
        }
        let happens = match group.what.code.as_str() {
            "go-goroot-mismatch" => "builds stop: \"version does not match go tool version\"",
            _ => "go refuses to run, or finds no compiler",
        };
        findings.push(
            RULE.finding(group.what.message, group.origin, group.spaces)
                .variable("GOROOT")
                .label("go takes this for its own tree")
                .happens(happens)
                .help(format!("remove the assignment, go finds its own GOROOT: {told}"))
                .fix(edit.map(|edit| {
                    look.fix("remove the assignment of GOROOT", Applicability::Safe, vec![edit])
                })),
        );
    }
    findings
}
