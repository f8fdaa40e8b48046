//! The difference of two spaces as text, Go's variables first.

use crate::layout::{Cell, Keep, hanging, table};
use crate::map::{baseline_line, delta, rank};
use crate::paint::{Ink, paint};
use crate::{Options, spell};
use model::{Atlas, Difference, Folded, Name, SpaceId, State, diff, list_separator};

/// Every variable in which two spaces differ. Both are spaces of the atlas that have values.
pub fn diff_text(atlas: &Atlas, a: &SpaceId, b: &SpaceId, options: &Options) -> String {
    let mut found = diff(atlas, a, b);
    found.sort_by_cached_key(|d| rank(&d.name));
    let (left, right) = (atlas.fold(a), atlas.fold(b));
    let all = names(&left, &right);
    let heading = match found.len() {
        0 => format!("{a} and {b} have the same {}", spell::count(all, "variable", "variables")),
        n => format!("{a} and {b} differ in {n} of {}", spell::count(all, "variable", "variables")),
    };
    let mut parts = vec![baseline_line(atlas, options) + &paint(options.color, Ink::Strong, &heading) + "\n"];
    for difference in &found {
        parts.push(one(atlas, difference, (a, &left), (b, &right), options));
    }
    if !options.quiet
        && let Some(first) = found.first()
    {
        let why = format!("gowhence why {} --in {b}", spell::name(&first.name));
        parts.push(format!(" the way there  {}\n", paint(options.color, Ink::Command, &why)));
    }
    parts.join("\n")
}

/// How many variables are set in either.
fn names(left: &Folded, right: &Folded) -> usize {
    let more = right.environment().filter(|(name, _)| left.state(name).value().is_none()).count();
    left.environment().count() + more
}

fn one(
    atlas: &Atlas,
    difference: &Difference,
    (a, left): (&SpaceId, &Folded),
    (b, right): (&SpaceId, &Folded),
    options: &Options,
) -> String {
    let name = &difference.name;
    let separator = atlas.space(a).and_then(|s| list_separator(name, s.path_separator));
    let mut out = paint(options.color, Ink::Strong, &format!(" {}", spell::name(name))) + "\n";
    match (&difference.a, &difference.b, separator) {
        (State::Set(x), State::Set(y), Some(separator)) => {
            let delta = delta(Some(x), Some(y), separator);
            if delta.more.is_empty() && delta.fewer.is_empty() {
                out.push_str("   the same entries in another order\n");
            }
            out.push_str(&only(name, a, left, &delta.fewer, options));
            out.push_str(&only(name, b, right, &delta.more, options));
        }
        _ => {
            let row = |id: &SpaceId, folded: &Folded, state: &State| {
                let winner = folded.get(name).and_then(model::History::winner);
                let by = winner.map(|s| spell::origin_via(&s.origin, s.via.as_ref(), options));
                vec![
                    Cell::fixed(id.to_string()),
                    Cell::new(spell::state(name, state, options), Ink::Differs, Keep::Ends),
                    Cell::new(by.unwrap_or_default(), Ink::Faint, Keep::End),
                ]
            };
            let rows = [row(a, left, &difference.a), row(b, right, &difference.b)];
            out.push_str(&table(&rows, 3, options.columns(), options.color));
        }
    }
    if let Some(parting) = &difference.parted_at {
        let space = atlas.space(&parting.space);
        let layer = space.and_then(|s| s.layers.iter().find(|l| l.id == parting.layer));
        let title = spell::words(layer.map_or(parting.layer.as_str(), |l| l.title.as_str()), options);
        let at = spell::origin(&parting.origin, options);
        let of = if at.starts_with(&title) { "in".to_owned() } else { format!("{title} of") };
        let text = format!("parted at {at} ({of} {})", parting.space);
        let lines = hanging("   ", &text, options.columns());
        out.extend(lines.lines().map(|l| format!("{}\n", paint(options.color, Ink::Faint, l))));
    }
    out
}

/// The entries that only one side has, with who added them.
fn only(name: &Name, id: &SpaceId, folded: &Folded, entries: &[Vec<u8>], options: &Options) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let known = folded.get(name).map(|h| h.entries.as_slice()).unwrap_or_default();
    let row = |bytes: &Vec<u8>| {
        let entry = known.iter().find(|e| e.bytes == *bytes);
        let by = entry.map(|e| spell::origin_via(&e.origin, e.via.as_ref(), options)).unwrap_or_default();
        let short =
            entry.map(|e| spell::origin_short(&e.origin, e.via.as_ref(), options)).unwrap_or_default();
        vec![
            Cell::new(spell::entry(name, bytes, options), Ink::Differs, Keep::Ends),
            Cell::new(by, Ink::Faint, Keep::End).or(short),
        ]
    };
    let rows: Vec<Vec<Cell>> = entries.iter().map(row).collect();
    format!("   only in {id}\n{}", table(&rows, 5, options.columns(), options.color))
}
