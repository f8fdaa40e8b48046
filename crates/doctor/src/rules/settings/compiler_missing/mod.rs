//! # The C compiler that CC names is not there
//!
//! ## What it does
//! Finds places where CC is set to a program that is on no folder of PATH, while the package in the project's folder
//! imports "C" and cgo is not off.
//!
//! ## Why it matters
//! `cgo: C compiler "…" not found: exec: "…": executable file not found in $PATH`. Environments of conda and of
//! cross-compilers set CC and leave it behind.
//!
//! ## Fix
//! The assignment is removed, so that go uses the compiler that it was built for (`gcc`, `clang`).
//!
//! ## Sources
//! - go: src/cmd/cgo/gcc.go, src/cmd/go/internal/work/exec.go `gccCmd`
//! - conda-forge/go-feedstock#184

use crate::project;
use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status, remove_assignment};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW134",
    name: "compiler-missing",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    if project::imports_c(look).is_none() {
        return Vec::new();
    }
    let groups = look.groups(|seen| {
        seen.go()?;
        let off = seen.configured("CGO_ENABLED").is_some_and(|(value, _)| value.as_bytes() == b"0");
        let (value, origin) = seen.configured("CC").filter(|_| !off)?;
        let text = value.to_text().into_owned();
        let program = text.split_whitespace().next()?.trim_matches(['"', '\'']).to_owned();
        (!found(look, seen, &program)).then_some((program, Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let edit = group.origin.as_ref().and_then(|origin| remove_assignment(look, origin, "CC"));
            let program = group.what;
            RULE.finding(format!("CC is `{program}`, which is not to be found"), group.origin, group.spaces)
                .variable("CC")
                .label("names the C compiler")
                .happens(format!("builds with cgo stop: \"C compiler \"{program}\" not found\""))
                .help("install that compiler, or remove the assignment")
                .fix(
                    edit.map(|edit| {
                        look.fix("remove the assignment of CC", Applicability::Unsafe, vec![edit])
                    }),
                )
        })
        .collect()
}

fn found(look: &Look<'_>, seen: &Seen<'_>, program: &str) -> bool {
    if program.contains('/') {
        return look.system().is_executable(program);
    }
    let path = seen.env.value("PATH").map(|path| path.to_text().into_owned()).unwrap_or_default();
    path.split(':').any(|folder| {
        folder.starts_with('/')
            && look.system().is_executable(&format!("{}/{program}", folder.trim_end_matches('/')))
    })
}
