//! # `$PATH` in the editor's settings is only text
//!
//! ## What it does
//! Finds values of `terminal.integrated.env.*` and of profiles' `env` that hold `$PATH`, `${PATH}` or `%PATH%`.
//!
//! ## Why it matters
//! VS Code replaces `${env:PATH}` there and nothing else: the terminal's PATH holds a folder named `$PATH`, and no
//! program is found.
//!
//! ## Fix
//! `${env:PATH}` is written in its place. On the desktop that is PATH of the process that VS Code was started from, without
//! what start-up files add; the terminal's shell reads them again.
//!
//! ## Sources
//! - vscode: workbench/contrib/terminal/common/terminalEnvironment.ts `createTerminalEnvironment`
//! - microsoft/vscode#115553, microsoft/vscode#90257, microsoft/vscode#45090

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status, replace_value};
use model::{After, Applicability, Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW510",
    name: "terminal-path-literal",
    area: Area::Editor,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 10,
    source: include_str!("mod.rs"),
    check,
};

/// How PATH is written elsewhere.
const ELSEWHERE: [&str; 4] = ["${PATH}", "$PATH", "%PATH%", "%Path%"];

fn check(look: &Look<'_>) -> Vec<Finding> {
    look.groups(|seen| literal(seen).map(|(value, origin)| (value, Some(origin))))
        .into_iter()
        .map(|group| {
            let right =
                ELSEWHERE.iter().fold(group.what.clone(), |text, word| text.replace(word, "${env:PATH}"));
            let edit = group
                .origin
                .as_ref()
                .and_then(|origin| replace_value(look, origin, "PATH", right.as_bytes()));
            RULE.finding(
                "PATH of the terminal holds text that stands for nothing there",
                group.origin,
                group.spaces,
            )
            .variable("PATH")
            .label("only ${env:PATH} is replaced in settings")
            .happens("no program is found in the terminal, unless a start-up file sets PATH anew")
            .help(format!(
                "write {right}, or remove the setting and put the folder on PATH in a start-up file"
            ))
            .fix(edit.map(|edit| {
                let mut fix = look.fix("write ${env:PATH}", Applicability::Unsafe, vec![edit]);
                fix.restart = vec!["the terminal".to_owned()];
                fix
            }))
        })
        .collect()
}

/// The value that settings give PATH in a terminal, with such text in it.
fn literal(seen: &Seen<'_>) -> Option<(String, Origin)> {
    let terminal = seen.id().variant().is_some_and(|v| v == "terminal" || v == "task" || v == "automation");
    let effects = seen.space.layers.iter().flat_map(|layer| &layer.effects).filter(|_| terminal);
    effects.filter(|effect| effect.name.is("PATH")).find_map(|effect| {
        let Origin::Setting { .. } = &effect.origin else { return None };
        let After::Set(value) = &effect.after else { return None };
        let text = value.to_text().into_owned();
        ELSEWHERE.iter().any(|word| text.contains(word)).then(|| (text, effect.origin.clone()))
    })
}
