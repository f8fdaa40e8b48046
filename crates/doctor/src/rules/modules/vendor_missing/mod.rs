//! # `-mod=vendor` in GOFLAGS, and the project has no vendor folder
//!
//! ## What it does
//! Finds places where GOFLAGS holds `-mod=vendor` while the project's go.mod requires modules and there is no
//! vendor/modules.txt beside it.
//!
//! ## Why it matters
//! go looks for every dependency in vendor: `inconsistent vendoring`, `cannot find module providing package`.
//!
//! ## Fix
//! The flag is taken out of GOFLAGS. Projects with a vendor folder use it by themselves since Go 1.14.
//!
//! ## Sources
//! - go: src/cmd/go/internal/modload/vendor.go `checkVendorConsistency`
//! - golang/vscode-go#515, golang/vscode-go#1595

use crate::edits::without_flag;
use crate::rule::With;
use crate::{Area, Look, Rule, Status};
use model::{Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW204",
    name: "vendor-missing",
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
    let Some(text) = look.text(&format!("{project}/go.mod")) else { return Vec::new() };
    let requires = text.split(|&b| b == b'\n').any(|line| line.trim_ascii_start().starts_with(b"require"));
    if !requires || look.system().exists(&format!("{project}/vendor/modules.txt")) {
        return Vec::new();
    }
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("GOFLAGS")?;
        let text = value.to_text().into_owned();
        text.split_whitespace().any(|word| word == "-mod=vendor").then_some((text, Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let fix = group
                .origin
                .as_ref()
                .and_then(|origin| without_flag(look, origin, &group.what, "-mod=vendor"));
            RULE.finding(
                "`-mod=vendor` in GOFLAGS, and the project has no vendor folder",
                group.origin,
                group.spaces,
            )
            .variable("GOFLAGS")
            .label("makes go look for dependencies in vendor alone")
            .happens("whatever builds stops: \"inconsistent vendoring\"")
            .help("take -mod=vendor out of GOFLAGS; go uses a vendor folder by itself where there is one")
            .fix(fix)
        })
        .collect()
}
