//! # A variable of the environment hides what `go env -w` wrote
//!
//! ## What it does
//! Finds variables that go's env file sets to one value and a start-up file to another.
//!
//! ## Why it matters
//! A variable of the environment is stronger than the env file: `go env -w` says nothing of that at the time (it warns
//! since Go 1.14 only where it runs itself), and its value is used in no place that the start-up file reaches.
//!
//! ## Fix
//! The assignment in the start-up file is removed, so that every place has the value that was written last. Which of the
//! two is wanted cannot be told from the files, so that the fix is not safe; the other way is `go env -u NAME`.
//!
//! ## Sources
//! - go: src/cmd/go/internal/cfg/cfg.go `Getenv`
//! - golang/go#68270, golang/go#44061

use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment};
use model::{Applicability, Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW140",
    name: "env-file-masked",
    area: Area::Settings,
    severity: Severity::Warning,
    status: Status::Stable,
    platforms: &[],
    depth: 40,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let file = seen.go()?.env_file.as_deref()?;
        let text = look.text(file)?;
        let read = go::env_file::EnvFile::parse(file, &text);
        read.effective().find_map(|line| {
            let name = String::from_utf8_lossy(&line.key).into_owned();
            let (value, origin) = seen.variable(&name).filter(|(value, _)| !value.is_empty())?;
            (*value != line.value).then(|| ((name, line.origin()), Some(origin)))
        })
    });
    groups
        .into_iter()
        .map(|group| {
            let (name, line) = group.what;
            let edit = group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, &name));
            let message = format!("`{name}` that `go env -w` wrote has no effect here");
            RULE.finding(message, group.origin.clone(), group.spaces)
                .variable(&name)
                .label("is stronger than the env file")
                .related(line, "was written by `go env -w`")
                .happens("go uses the value of the environment")
                .help(format!("remove one of the two: the assignment, or `go env -u {name}`"))
                .fix(edit.filter(|_| matches!(group.origin, Some(Origin::File(_)))).map(|edit| {
                    let mut fix = look.fix(
                        format!("remove the assignment of {name}"),
                        Applicability::Unsafe,
                        vec![edit],
                    );
                    fix.reason = Some("which of the two values is wanted cannot be told".to_owned());
                    fix
                }))
        })
        .collect()
}
