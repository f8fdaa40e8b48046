//! # CGO_ENABLED is 0, and the project's package needs cgo
//!
//! ## What it does
//! Finds places where CGO_ENABLED is set to 0 while the package in the project's folder imports "C".
//!
//! ## Why it matters
//! Files that import "C" are left out then: `build constraints exclude all Go files`, or names that are missing.
//!
//! ## Fix
//! The assignment is removed; cgo is on by default where a C compiler is found. It may have been written for static
//! programs, so that the fix is not safe.
//!
//! ## Sources
//! - go: src/go/build/build.go `goFilesForPkg`
//! - go-gorm/gorm#6468, mattn/go-sqlite3#855

use crate::project;
use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW133",
    name: "cgo-disabled",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let Some(import) = project::imports_c(look) else { return Vec::new() };
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("CGO_ENABLED")?;
        (value.as_bytes() == b"0").then_some(((), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let edit =
                group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "CGO_ENABLED"));
            RULE.finding("CGO_ENABLED is 0, and this package imports \"C\"", group.origin, group.spaces)
                .variable("CGO_ENABLED")
                .label("switches cgo off")
                .related(Origin::File(import.clone()), "needs cgo")
                .happens("files that import \"C\" are left out: \"build constraints exclude all Go files\"")
                .help("remove the assignment; set CGO_ENABLED=0 only in the commands that want it")
                .fix(edit.map(|edit| {
                    let mut fix =
                        look.fix("remove the assignment of CGO_ENABLED", Applicability::Unsafe, vec![edit]);
                    fix.reason = Some("other projects may rely on it".to_owned());
                    fix
                }))
        })
        .collect()
}
