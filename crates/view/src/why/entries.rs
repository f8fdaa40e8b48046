//! The entries of a list variable, each with who added it and what is odd about it.
//!
//! Odd are: a folder that does not exist, an entry that was there before, an empty one, a `go` that another one hides.
//! Not here: judging; these are facts a reader of PATH wants beside it.

use crate::json::names_folders;
use crate::layout::{Cell, Keep, table};
use crate::paint::Ink;
use crate::{Look, Options, spell};
use model::{Entry, GoView, Name};
use std::sync::Arc;

pub(crate) fn entries_table(
    name: &Name,
    entries: &[Arc<Entry>],
    go: Option<&GoView>,
    look: &Look<'_>,
    options: &Options,
) -> String {
    let rows: Vec<Vec<Cell>> = entries
        .iter()
        .enumerate()
        .map(|(n, entry)| {
            let origin = spell::origin_via(&entry.origin, entry.via.as_ref(), options);
            let sure = spell::confidence(entry.confidence).map(|c| format!(" ({c})")).unwrap_or_default();
            vec![
                Cell::fixed(format!("{:>2}", n + 1)),
                Cell::new(spell::entry(name, &entry.bytes, options), Ink::Plain, Keep::Ends),
                Cell::new(format!("{origin}{sure}"), Ink::Faint, Keep::End).or(spell::origin_short(
                    &entry.origin,
                    entry.via.as_ref(),
                    options,
                )),
                Cell::new(remarks(name, entries, n, go, look), Ink::Differs, Keep::All),
            ]
        })
        .collect();
    table(&rows, 1, options.columns(), options.color)
}

fn remarks(name: &Name, entries: &[Arc<Entry>], n: usize, go: Option<&GoView>, look: &Look<'_>) -> String {
    let bytes = &entries[n].bytes;
    let mut out: Vec<String> = Vec::new();
    if let Some(first) = entries[..n].iter().position(|e| e.bytes == *bytes) {
        out.push(format!("again: as {}", first + 1));
    } else if names_folders(name) {
        // A search of PATH takes an empty entry for the current folder (execvp(3)).
        if bytes.is_empty() {
            out.push("the current folder".to_owned());
        } else if bytes.starts_with(b"~") {
            out.push("a literal ~: no program expands it".to_owned());
        } else if std::str::from_utf8(bytes).ok().and_then(|folder| (look.exists)(folder)) == Some(false) {
            out.push("does not exist".to_owned());
        }
    }
    if name.to_text().eq_ignore_ascii_case("PATH")
        && let Some(words) = go.and_then(|go| go_here(go, n + 1))
    {
        out.push(words);
    }
    out.join(", ")
}

/// `go 1.26.3`, or that it is hidden by an earlier one.
fn go_here(go: &GoView, entry: usize) -> Option<String> {
    let here = go.candidates.iter().find(|c| c.entry == entry)?;
    let words = |c: &model::Candidate| match (&c.version, &c.shim) {
        (Some(version), None) => format!("go {version}"),
        (None, None) => "a go".to_owned(),
        (Some(version), Some(shim)) => format!("go {version} ({})", crate::go::shim_words(shim)),
        (None, Some(shim)) => format!("go ({})", crate::go::shim_words(shim)),
    };
    let first = go.candidates.first()?;
    if first.entry == entry {
        return Some(words(here));
    }
    if first.entry == 0 {
        return Some(format!("{} ◀ passed over: another is started by its path", words(here)));
    }
    Some(format!("{} ◀ shadowed: {} has {}", words(here), first.entry, words(first)))
}
