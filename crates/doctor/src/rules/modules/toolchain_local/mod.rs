//! # GOTOOLCHAIN keeps the project from the go that it asks for
//!
//! ## What it does
//! Finds places where go.mod or go.work asks for a newer go than the one that runs, and GOTOOLCHAIN forbids to hand over.
//!
//! ## Why it matters
//! With `local` go stops: `go.mod requires go >= 1.26.1 (running go 1.24.13; GOTOOLCHAIN=local)`, even where that
//! toolchain is installed.
//!
//! ## Fix
//! The assignment is removed, so that GOTOOLCHAIN is what the SDK's own go.env says (`auto` in those from go.dev). That
//! may download a toolchain, so that the fix is not safe.
//!
//! ## Sources
//! - go: src/cmd/go/internal/toolchain/select.go, src/cmd/go/internal/gover/toolchain.go `TooNewError`
//! - mongodb/mongodb-atlas-cli#2779, werf/trdl#349

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Origin, ReasonKind, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW210",
    name: "toolchain-local",
    area: Area::Modules,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let go = seen.go()?;
        let choice = go.toolchain.as_ref()?;
        let problem = choice.problem.as_ref().filter(|p| p.code == "go-too-old")?;
        let setting = seen.setting("GOTOOLCHAIN")?;
        setting.value.to_text().starts_with("local").then_some(())?;
        let asks = go.decision.iter().find(|r| r.kind == ReasonKind::Asks).and_then(|r| r.origin.clone());
        Some(((problem.message.clone(), asks), Some(setting.origin.clone())))
    });
    groups
        .into_iter()
        .map(|group| {
            let (message, asks) = group.what;
            let edit =
                group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GOTOOLCHAIN"));
            let finding = RULE
                .finding(message, group.origin.clone(), group.spaces)
                .variable("GOTOOLCHAIN")
                .label("forbids to hand over to another go")
                .happens("go stops: \"go.mod requires go >= …; GOTOOLCHAIN=local\"")
                .help("remove the assignment, or install and use the go that is asked for")
                .fix(edit.filter(|_| matches!(group.origin, Some(Origin::File(_)))).map(|edit| {
                    let mut fix =
                        look.fix("remove the assignment of GOTOOLCHAIN", Applicability::Unsafe, vec![edit]);
                    fix.reason = Some("a toolchain may be downloaded then".to_owned());
                    fix
                }));
            match asks {
                Some(origin) => finding.related(origin, "asks for a newer go"),
                None => finding,
            }
        })
        .collect()
}
