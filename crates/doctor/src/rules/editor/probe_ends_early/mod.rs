//! # The shell that VS Code asks for its environment ends early
//!
//! ## What it does
//! Finds a start-up file in which the shell that VS Code starts, to take over its environment, ends or becomes another program
//! (`exec fish`, `exec tmux`) before it can answer.
//!
//! ## Why it matters
//! VS Code takes over nothing then and says nothing of it: the Go extension, gopls and tests have the environment of the
//! session alone, in which go may not be found.
//!
//! ## Fix
//! The command is left out where VSCODE_RESOLVING_ENVIRONMENT is set, which VS Code sets for that one start. The line does
//! something that is wanted, so that the fix is not safe.
//!
//! ## Sources
//! - vscode: platform/shell/node/shellEnv.ts `doResolveUnixShellEnv`
//! - microsoft/vscode#74933, microsoft/vscode#249424

use crate::rule::With;
use crate::{Area, Look, Rule, Status};
use model::{Applicability, FileEdit, Finding, Origin, Problem, Severity, SpaceId};

pub(crate) const RULE: Rule = Rule {
    code: "GOW501",
    name: "probe-ends-early",
    area: Area::Editor,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 5,
    source: include_str!("mod.rs"),
    check,
};

/// What VS Code sets for the shell that it asks.
const MARK: &str = "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] || ";

fn check(look: &Look<'_>) -> Vec<Finding> {
    let probes = look.atlas().spaces.iter().filter(|space| space.id.variant() == Some("shell-env"));
    let early = |problem: &&Problem| problem.code == "start-up-exits";
    probes
        .filter_map(|space| {
            let problem = space.problems.iter().find(early)?;
            let family = space.id.as_str().split(':').next()?;
            let parts = ["window", "host", "gopls", "test"].map(|part| SpaceId::new(family, part));
            let spaces = parts.into_iter().filter(|id| look.place(id).is_some()).collect();
            let edit = problem.origin.as_ref().and_then(|origin| guarded(look, origin));
            Some(
                RULE.finding(
                    "the shell that VS Code asks for its environment ends here",
                    problem.origin.clone(),
                    spaces,
                )
                .variable("PATH")
                .label("what follows is never asked for")
                .happens("nothing of the start-up files reaches the Go extension, gopls and tests; go may not be found there")
                .help(format!("leave the command out where VSCODE_RESOLVING_ENVIRONMENT is set: {}", look.told(problem.origin.as_ref())))
                .fix(edit.map(|edit| {
                    let mut fix = look.fix("leave the command out for VS Code's question", Applicability::Unsafe, vec![edit]);
                    fix.restart = vec!["VS Code (all windows)".to_owned()];
                    fix
                })),
            )
        })
        .collect()
}

/// The mark before a command that is the whole of its line.
fn guarded(look: &Look<'_>, origin: &Origin) -> Option<FileEdit> {
    let place = origin.place()?;
    let (offset, line) = look.line(place)?;
    let dialect = text::shell::Dialect::of_file(&place.path);
    if dialect != text::shell::Dialect::Posix {
        return None;
    }
    let read = text::shell::line(&line, dialect)?;
    let [command] = read.commands.as_slice() else { return None };
    let first = command.words.first().map(|word| &line[word.clone()])?;
    matches!(first, b"exec" | b"exit").then(|| {
        let at = offset + command.range.start;
        FileEdit { path: place.path.clone(), range: at..at, new: MARK.as_bytes().to_vec() }
    })
}
