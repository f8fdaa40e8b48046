//! # `-mod=mod` in GOFLAGS, and the project is in a workspace
//!
//! ## What it does
//! Finds places where GOFLAGS holds `-mod=mod` (or another value than `readonly` and `vendor`) while a go.work is in effect.
//!
//! ## Why it matters
//! In a workspace go refuses it: `go: -mod may only be set to readonly or vendor when in workspace mode`.
//!
//! ## Fix
//! The flag is taken out of GOFLAGS. Other projects may rely on it, so that the fix is not safe.
//!
//! ## Sources
//! - go: src/cmd/go/internal/modload/init.go `setDefaultBuildMod`
//! - NethermindEth/starknet.go#247, kubernetes/kubernetes#124395, google/wire#405

use crate::edits::without_flag;
use crate::rule::With;
use crate::{Area, Look, Rule, Status};
use model::{Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW203",
    name: "mod-in-workspace",
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
        let work = seen.setting("GOWORK")?.value.to_text().into_owned();
        let (value, origin) = seen.configured("GOFLAGS").filter(|_| work.ends_with(".work"))?;
        let text = value.to_text().into_owned();
        let flag = text.split_whitespace().rfind(|word| word.starts_with("-mod="))?.to_owned();
        (!matches!(flag.as_str(), "-mod=readonly" | "-mod=vendor"))
            .then_some(((text, flag, work), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let (value, flag, work) = group.what;
            let fix = group.origin.as_ref().and_then(|origin| without_flag(look, origin, &value, &flag));
            RULE.finding(format!("`{flag}` in GOFLAGS, and the project is in a workspace"), group.origin, group.spaces)
                .variable("GOFLAGS")
                .label("sets -mod for every command")
                .related(Origin::file(work), "makes this a workspace")
                .happens("whatever builds stops: \"-mod may only be set to readonly or vendor when in workspace mode\"")
                .help(format!("take {flag} out of GOFLAGS; give it to the commands that want it"))
                .fix(fix)
        })
        .collect()
}
