//! # GOCACHE is `off`
//!
//! ## What it does
//! Finds places where GOCACHE is `off`.
//!
//! ## Why it matters
//! Go 1.10 and 1.11 could work without a build cache. Since 1.12 every command that builds stops with
//! `build cache is disabled by GOCACHE=off, but required as of Go 1.12`.
//!
//! ## Fix
//! The assignment is removed; go then keeps its cache where the platform keeps caches. Whoever wanted tests to run anew
//! each time has `go test -count=1` for it.
//!
//! ## Sources
//! - go: src/cmd/go/internal/cache/default.go
//! - golang/go#29378, gruntwork-io/terratest#362

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW130",
    name: "gocache-off",
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
        let (value, origin) = seen.configured("GOCACHE")?;
        let old = seen.go().and_then(|go| go::Version::parse(go.version.as_deref()?));
        let old = old.is_some_and(|v| !v.minor_at_least(12));
        (value.as_bytes() == b"off" && !old).then_some(((), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let origin = group.origin.clone();
            let edit = origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GOCACHE"));
            RULE.finding("GOCACHE is `off`, which no go since 1.12 works with", group.origin, group.spaces)
                .variable("GOCACHE")
                .label("switches the build cache off")
                .happens("whatever builds stops: \"build cache is disabled by GOCACHE=off, but required as of Go 1.12\"")
                .help("remove the assignment; `go test -count=1` runs tests anew")
                .fix(edit.map(|edit| {
                    look.fix("remove the assignment of GOCACHE", Applicability::Safe, vec![edit])
                }))
        })
        .collect()
}
