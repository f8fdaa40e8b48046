//! # A line stands below a guard that ends the file for commands over ssh
//!
//! ## What it does
//! In a session that came over ssh: finds lines of ~/.bashrc that put go on PATH below a guard that returns where the shell
//! is not interactive.
//!
//! ## Why it matters
//! bash reads ~/.bashrc for `ssh host command`, too, but is not interactive there: the guard ends the file, and `ssh host go
//! version` says `go: command not found`, while it works after logging in.
//!
//! ## Fix
//! The line is moved above the guard.
//!
//! ## Sources
//! - bash: shell.c run_startup_files, SSH_SOURCE_BASHRC
//! - redwoodjs/graphql#4949, ouspg/cloudfuzzer#15, mscdex/ssh2#1382

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use model::{Applicability, FileEdit, Finding, Name, Origin, Place, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW302",
    name: "guard-before-line",
    area: Area::Shell,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let over_ssh = |seen: &Seen<'_>| {
        seen.env.value("SSH_CONNECTION").is_some()
            || seen.env.value("SSH_CLIENT").is_some()
            || seen.id().family() == "ssh"
    };
    let without: Vec<Seen<'_>> = look
        .places()
        .filter(|seen| {
            let commands = seen.id().as_str() == "bash:command" || seen.id().as_str() == "ssh";
            commands && over_ssh(seen) && seen.space.go.as_ref().is_some_and(|go| go.path.is_none())
        })
        .collect();
    let Some(interactive) = look.places().find(|seen| seen.id().as_str() == "bash:interactive") else {
        return Vec::new();
    };
    if without.is_empty() {
        return Vec::new();
    }
    let Some(line) = go_line(&interactive) else { return Vec::new() };
    let Some(guard) = guard_above(look, &line) else { return Vec::new() };
    let spaces = without.iter().map(|seen| seen.id().clone()).collect();
    let edits = moved(look, &line, &guard);
    vec![
        RULE.finding(
            "this guard ends the file for commands over ssh, before go is put on PATH",
            Some(Origin::File(guard)),
            spaces,
        )
        .variable("PATH")
        .label("nothing below is read where the shell is not interactive")
        .related(Origin::File(line), "puts go on PATH")
        .happens("`ssh host go version` says \"go: command not found\"")
        .help("move the line that puts go on PATH above the guard")
        .fix(edits.map(|edits| look.fix("move the line above the guard", Applicability::Unsafe, edits))),
    ]
}

/// The line of ~/.bashrc by which the interactive shell has its go.
fn go_line(seen: &Seen<'_>) -> Option<Place> {
    let first = seen.go()?.candidates.first()?;
    let entry = seen.env.get(&Name::from("PATH"))?.entries.get(first.entry.checked_sub(1)?)?;
    entry.origin.place().filter(|place| place.path.ends_with("/.bashrc") && place.line > 0).cloned()
}

/// Where a guard begins that stands above the line.
fn guard_above(look: &Look<'_>, line: &Place) -> Option<Place> {
    let text = look.text(&line.path)?;
    let lines: Vec<String> =
        text.split(|&b| b == b'\n').map(|l| String::from_utf8_lossy(l).trim().to_owned()).collect();
    let above = lines.iter().take(usize::try_from(line.line).ok()?.saturating_sub(1)).enumerate();
    for (n, text) in above {
        if text.starts_with('#') {
            continue;
        }
        let tests =
            text.contains("$-") || text.contains("$PS1") || text.contains("${PS1") || text.contains("[ -t ");
        let leaves = |l: &String| l.contains("return") || l.contains("exit");
        // `case $- in` and `if` say so some lines further down.
        let within = lines[n..].iter().take(5).any(leaves);
        if tests && within {
            return Some(Place::line(&line.path, u32::try_from(n + 1).unwrap_or_default()));
        }
    }
    None
}

fn moved(look: &Look<'_>, line: &Place, guard: &Place) -> Option<Vec<FileEdit>> {
    let all = look.text(&line.path)?;
    let (start, text) = look.line(line)?;
    // Only a line of its own: what stands in a condition cannot be moved without it.
    if text.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let end = all[start..].iter().position(|&b| b == b'\n').map_or(all.len(), |n| start + n + 1);
    let mut new = all[start..end].to_vec();
    if new.last() != Some(&b'\n') {
        new.push(b'\n');
    }
    let (at, _) = look.line(guard)?;
    let path = line.path.clone();
    Some(vec![
        FileEdit { path: path.clone(), range: at..at, new },
        FileEdit { path, range: start..end, new: Vec::new() },
    ])
}
