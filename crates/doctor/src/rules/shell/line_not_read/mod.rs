//! # The line that puts go on PATH stands in a file that this shell does not read
//!
//! ## What it does
//! Finds the user's own shells in which go is not found, although a start-up file in the home has a line that would put it
//! on PATH: a file of another shell, one that is hidden by another (`~/.bash_profile` hides `~/.profile`), or one that
//! ZDOTDIR leads away from.
//!
//! ## Why it matters
//! `go: command not found`, however often the line is written there.
//!
//! ## Fix
//! The hiding file is made to read the hidden one; else the line is added to a file that the shell does read. The line may
//! have been left behind on purpose, so that the fix is not safe.
//!
//! ## Sources
//! - bash(1) INVOCATION, zsh(1) STARTUP/SHUTDOWN FILES
//! - meteor/meteor#12172, ohmyzsh/ohmyzsh#3765, sdkman/sdkman-cli#328, junegunn/fzf#414

use crate::rule::With;
use crate::startup::{self, GoLine};
use crate::{Area, Look, Rule, Seen, Status};
use model::{Applicability, FileEdit, Finding, Fix, LayerStatus, Origin, Severity, SpaceId};

pub(crate) const RULE: Rule = Rule {
    code: "GOW301",
    name: "line-not-read",
    area: Area::Shell,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 15,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let Some(everyday) = look.everyday() else { return Vec::new() };
    let own: Vec<Seen<'_>> = look.places().filter(|seen| look.is_own(seen)).collect();
    let lacks =
        |seen: &Seen<'_>| seen.space.go.as_ref().is_some_and(|go| go.path.is_none() && go.shadow.is_none());
    if !lacks(&everyday) {
        return Vec::new();
    }
    let without: Vec<&Seen<'_>> = own.iter().filter(|seen| lacks(seen)).collect();
    // A line that some start of the shell comes to is not lost; why the others do not is another rule's.
    let reached = |line: &GoLine| own.iter().any(|seen| startup::was_read(seen, &line.place.path));
    let lines: Vec<GoLine> = startup::go_lines(look).into_iter().filter(|line| !reached(line)).collect();
    let Some(line) = lines.into_iter().next() else { return Vec::new() };
    let spaces: Vec<SpaceId> = without.iter().map(|seen| seen.id().clone()).collect();
    let reason = startup::why_not_read(look, &line.place.path);
    let shell = everyday.id().family().to_owned();
    let name = line.place.path.rsplit('/').next().unwrap_or_default().to_owned();
    let why = match &reason {
        Some(reason) if reason.starts_with("hidden") => format!("it is {reason}"),
        Some(reason) => reason.clone(),
        None => format!("{shell} does not read that file"),
    };
    let finding = RULE
        .finding(
            format!("go is put on PATH in {name}, which is not read: {why}"),
            Some(Origin::File(line.place.clone())),
            spaces,
        )
        .variable("PATH")
        .label("no start of this shell comes here")
        .happens("go is not found: \"go: command not found\"")
        .help(help(look, &everyday, &line, reason.as_deref()))
        .fix(fix(look, &everyday, &line, reason.as_deref()));
    vec![match hiding(look, &own, &line) {
        Some(path) => finding.related(Origin::file(path), "is read in its place"),
        None => finding,
    }]
}

/// The file that hides the one with the line.
fn hiding(look: &Look<'_>, own: &[Seen<'_>], line: &GoLine) -> Option<String> {
    let reason = startup::why_not_read(look, &line.place.path)?;
    let hider = reason.strip_prefix("hidden by ")?.replacen('~', look.home().trim_end_matches('/'), 1);
    let read = |seen: &Seen<'_>| startup::was_read(seen, &hider);
    own.iter().any(read).then_some(hider)
}

fn help(look: &Look<'_>, everyday: &Seen<'_>, line: &GoLine, reason: Option<&str>) -> String {
    if reason.is_some_and(|r| r.starts_with("hidden")) {
        return format!("let the file that hides it read it: [ -r {0} ] && . {0}", line.place.path);
    }
    match target(look, everyday) {
        Some(path) => format!("write the line into {path}: {}", String::from_utf8_lossy(&line.text)),
        None => "write the line into a file that the shell reads".to_owned(),
    }
}

fn fix(look: &Look<'_>, everyday: &Seen<'_>, line: &GoLine, reason: Option<&str>) -> Option<Fix> {
    let own: Vec<Seen<'_>> = look.places().filter(|seen| look.is_own(seen)).collect();
    let append = |path: String, text: Vec<u8>| -> FileEdit {
        let bytes = look.text(&path);
        let edit = text::edit::append_lines(bytes.as_deref().unwrap_or_default(), [text.as_slice()]);
        FileEdit { path, range: edit.range, new: edit.new }
    };
    if let Some(hider) = hiding(look, &own, line).filter(|_| reason.is_some()) {
        let name = line.place.path.rsplit('/').next()?;
        let text = format!("[ -r ~/{name} ] && . ~/{name}");
        let edit = append(hider, text.into_bytes());
        return Some(look.fix(format!("let it read ~/{name}"), Applicability::Unsafe, vec![edit]));
    }
    let path = target(look, everyday)?;
    let text = path_line(everyday, line);
    let edit = append(path.clone(), text);
    Some(look.fix(format!("add the line to {path}"), Applicability::Unsafe, vec![edit]))
}

/// The line in the language of the shell.
fn path_line(everyday: &Seen<'_>, line: &GoLine) -> Vec<u8> {
    match everyday.id().family() {
        "fish" => format!("fish_add_path {}", line.folder).into_bytes(),
        "tcsh" | "csh" => format!("setenv PATH \"${{PATH}}:{}\"", line.folder).into_bytes(),
        _ => format!("export PATH=\"$PATH:{}\"", line.folder).into_bytes(),
    }
}

/// The start-up file of the everyday shell that its interactive starts read and that users write to.
fn target(look: &Look<'_>, everyday: &Seen<'_>) -> Option<String> {
    let wanted: &[&str] = match everyday.id().family() {
        "bash" => &[".bashrc"],
        "zsh" => &[".zshrc"],
        "fish" => &["config.fish"],
        "tcsh" | "csh" => &[".tcshrc", ".cshrc"],
        "ksh" | "mksh" => &[".kshrc", ".mkshrc"],
        _ => &[".profile"],
    };
    let read = everyday.space.layers.iter().filter(|l| l.status == LayerStatus::Applied);
    let known =
        read.filter_map(|layer| layer.source.as_ref().and_then(Origin::place).map(|p| p.path.clone()));
    let fits =
        |path: &String| wanted.iter().any(|name| path.ends_with(name)) && path.starts_with(&look.home());
    let found = known.into_iter().find(fits);
    found.or_else(|| {
        let file = match everyday.id().family() {
            "fish" => ".config/fish/config.fish",
            _ => wanted[0],
        };
        let folder = everyday.env.value("ZDOTDIR").filter(|_| everyday.id().family() == "zsh");
        let folder = folder.map_or_else(|| look.home(), |v| v.to_text().into_owned());
        Some(format!("{}/{file}", folder.trim_end_matches('/')))
    })
}
