//! # A go.work in a parent folder does not use this module
//!
//! ## What it does
//! Finds a project whose go.mod lies below a go.work that does not list it.
//!
//! ## Why it matters
//! go takes the nearest go.work above it. A module that is not listed there cannot be built: `current directory is contained
//! in a module that is not one of the workspace modules listed in go.work`.
//!
//! ## Fix
//! Told by hand: list the module (`go work use .`), or remove a go.work that was forgotten, or set GOWORK=off.
//!
//! ## Sources
//! - go: src/cmd/go/internal/modload/load.go, src/cmd/go/internal/modload/init.go
//! - TrueBlocks/trueblocks-core#3825, golang/go#57086, golang/vscode-go#2160

use crate::rule::With;
use crate::{Area, Look, Rule, Status, project};
use model::{Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW205",
    name: "workspace-excludes",
    area: Area::Modules,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let folder = look.project().trim_end_matches('/').to_owned();
    if !look.system().exists(&format!("{folder}/go.mod")) {
        return Vec::new();
    }
    let groups = look.groups(|seen| {
        let setting = seen.setting("GOWORK")?;
        let work = setting.value.to_text().into_owned();
        let base = work.rsplit_once('/').filter(|_| work.ends_with(".work"))?.0.to_owned();
        let uses = project::uses(look, &work)?;
        let listed = uses.iter().any(|(used, _)| look.same_folder(&base, used, &folder));
        (!listed).then_some((work, None))
    });
    groups
        .into_iter()
        .map(|group| {
            let work = group.what;
            RULE.finding(format!("`{work}` does not use the module in `{folder}`"), Some(Origin::file(work)), group.spaces)
                .variable("GOWORK")
                .label("is the workspace of every module below it")
                .related(Origin::file(format!("{folder}/go.mod")), "is not listed there")
                .happens(
                    "builds stop: \"current directory is contained in a module that is not one of the workspace modules listed in \
                     go.work\"",
                )
                .help("list it: go work use . – or remove a go.work that is not wanted – or GOWORK=off for one command")
        })
        .collect()
}
