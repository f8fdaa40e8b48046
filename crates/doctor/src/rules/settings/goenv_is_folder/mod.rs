//! # GOENV names a folder
//!
//! ## What it does
//! Finds places where GOENV is set to a folder.
//!
//! ## Why it matters
//! GOENV is the *file* that `go env -w` writes. A folder cannot be read as one: go goes on without a word and without
//! any of the settings that were written to the usual file, and `go env -w` fails.
//!
//! ## Fix
//! The assignment is removed, so that go reads the usual file again.
//!
//! ## Sources
//! - go: src/cmd/go/internal/cfg/cfg.go `EnvFile`, `initEnvCache`
//! - golang/go#73695

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW132",
    name: "goenv-is-folder",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 5,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let (value, origin) = seen.variable("GOENV")?;
        let path = value.as_str().filter(|path| path.starts_with('/'))?;
        look.system().is_folder(path).then(|| (path.to_owned(), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let edit = group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "GOENV"));
            let message = format!("GOENV is `{}`, a folder – it must be a file", group.what);
            RULE.finding(message, group.origin, group.spaces)
                .variable("GOENV")
                .label("names a folder as go's env file")
                .happens("nothing that `go env -w` wrote is read, and `go env -w` fails")
                .help("remove the assignment; the usual file is read then")
                .fix(
                    edit.map(|edit| {
                        look.fix("remove the assignment of GOENV", Applicability::Safe, vec![edit])
                    }),
                )
        })
        .collect()
}
