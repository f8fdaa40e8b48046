//! # An older go stands before a newer one on PATH
//!
//! ## What it does
//! Finds the user's own shells in which a line of a start-up file puts a go on PATH behind an older one.
//!
//! ## Why it matters
//! The upgrade has no effect: `go version` still prints the old release.
//!
//! ## Fix
//! Where the line says `PATH=$PATH:FOLDER`, the folder is put before `$PATH`. Other programs of that folder come first
//! then, too; hence it is not safe.
//!
//! ## Sources
//! - go: src/os/exec/lp_unix.go `LookPath`
//! - golang/go#33208

use crate::rule::With;
use crate::{Area, Look, Rule, Seen, Status};
use go::Version;
use model::{Applicability, Candidate, Entry, FileEdit, Finding, Name, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW402",
    name: "older-go-first",
    area: Area::Lists,
    severity: Severity::Warning,
    status: Status::Stable,
    platforms: &[],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

/// What is told of one place: the older and the newer go, and where the older one's folder comes from.
#[derive(PartialEq)]
struct Pair {
    older: (String, String),
    newer: (String, String),
    before: Option<Origin>,
}

fn check(look: &Look<'_>) -> Vec<Finding> {
    look.groups(|seen| pair(look, seen))
        .into_iter()
        .map(|group| {
            let Pair { older, newer, before } = group.what;
            let edit = group.origin.as_ref().and_then(|origin| before_the_rest(look, origin, &newer.0));
            let message =
                format!("go {} (`{}`) runs, and not the newer {} behind it", older.1, older.0, newer.1);
            let finding = RULE
                .finding(message, group.origin, group.spaces)
                .variable("PATH")
                .label(format!("puts go {} behind the older one", newer.1))
                .happens(format!("`go version` prints go{}", older.1))
                .help("put the folder of the newer go before $PATH, or remove the older go")
                .fix(edit.map(|edit| {
                    let mut fix = look.fix("put the folder before $PATH", Applicability::Unsafe, vec![edit]);
                    fix.reason = Some("the older go may be wanted".to_owned());
                    fix
                }));
            match before {
                Some(origin) => finding.related(origin, format!("puts go {} there", older.1)),
                None => finding,
            }
        })
        .collect()
}

fn pair(look: &Look<'_>, seen: &Seen<'_>) -> Option<(Pair, Option<Origin>)> {
    let view = seen.go().filter(|view| look.is_own(seen) && view.shadow.is_none())?;
    let (first, rest) = view.candidates.split_first()?;
    let version = |c: &Candidate| Version::parse(c.version.as_deref()?);
    let own = version(first).filter(|_| first.shim.is_none())?;
    let newer = rest.iter().find(|c| c.shim.is_none() && version(c).is_some_and(|v| v > own))?;
    let history = seen.env.get(&Name::from("PATH"))?;
    let entry =
        |c: &Candidate| -> Option<&Entry> { history.entries.get(c.entry.checked_sub(1)?).map(AsRef::as_ref) };
    // Only what the user wrote: distributions put their own folders there.
    let by_hand = entry(newer)
        .map(|e| &e.origin)
        .filter(|o| o.place().is_some_and(|p| p.path.starts_with(&look.home())))?;
    let folder = newer.path.rsplit_once('/').map(|(folder, _)| folder.to_owned())?;
    let before = entry(first).map(|e| e.origin.clone()).filter(|o| o.place().is_some());
    let told = |c: &Candidate| c.version.clone().unwrap_or_default();
    let pair = Pair { older: (first.path.clone(), told(first)), newer: (folder, told(newer)), before };
    Some((pair, Some(by_hand.clone())))
}

/// `$PATH:FOLDER` turned round.
fn before_the_rest(look: &Look<'_>, origin: &Origin, folder: &str) -> Option<FileEdit> {
    let place = origin.place()?;
    let (offset, line) = look.line(place)?;
    let dialect = text::shell::Dialect::of_file(&place.path);
    let read = text::shell::line(&line, dialect)?;
    let assignment = read.commands.iter().flat_map(|c| &c.assignments).find(|a| a.name == "PATH")?;
    let word = &line[assignment.value.clone()];
    let text = std::str::from_utf8(word).ok()?;
    let (quote, bare) = match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(bare) => ("\"", bare),
        None => ("", text),
    };
    let added = bare.strip_prefix("$PATH:").or_else(|| bare.strip_prefix("${PATH}:"))?;
    let last = folder.rsplit('/').next()?;
    (added.ends_with(last) && !added.contains("PATH")).then(|| FileEdit {
        path: place.path.clone(),
        range: offset + assignment.value.start..offset + assignment.value.end,
        new: format!("{quote}{added}:$PATH{quote}").into_bytes(),
    })
}
