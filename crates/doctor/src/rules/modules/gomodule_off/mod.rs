//! # GO111MODULE is `off` in a project with a go.mod
//!
//! ## What it does
//! Finds places where GO111MODULE is `off` while the project has a go.mod or go.work.
//!
//! ## Why it matters
//! Modules have been the default since Go 1.16. With `off` go looks for packages below GOPATH alone, `go mod` refuses
//! (`modules disabled by GO111MODULE=off`), and go.mod, its toolchain line too, is not read.
//!
//! ## Fix
//! The assignment is removed. Whoever works on projects without modules, too, may want it there; hence it is not safe.
//!
//! ## Sources
//! - go: src/cmd/go/internal/modload/init.go `Init`
//! - bootdotdev/bootdev#94, alibaba/loongsuite-go#232

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW202",
    name: "modules-off",
    area: Area::Modules,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let project = look.project().trim_end_matches('/');
    let file = ["go.mod", "go.work"].iter().find(|f| look.system().exists(&format!("{project}/{f}")));
    let Some(file) = file else { return Vec::new() };
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("GO111MODULE")?;
        (value.as_bytes() == b"off").then_some(((), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let edit =
                group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GO111MODULE"));
            RULE.finding(
                format!("GO111MODULE is `off`, and the project has a {file}"),
                group.origin,
                group.spaces,
            )
            .variable("GO111MODULE")
            .label("switches modules off")
            .happens(format!("{file} is not read; `go mod` stops: \"modules disabled by GO111MODULE=off\""))
            .help("remove the assignment; modules are the default since Go 1.16")
            .fix(edit.map(|edit| {
                look.fix("remove the assignment of GO111MODULE", Applicability::Unsafe, vec![edit])
            }))
        })
        .collect()
}
