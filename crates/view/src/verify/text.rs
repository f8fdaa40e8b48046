//! Prediction against observation as text.

use super::{Mismatch, Verified};
use crate::groups::legend;
use crate::layout::{Cell, Keep, hanging, table};
use crate::map::{baseline_line, delta, rank};
use crate::paint::{Ink, paint};
use crate::{Options, spell};
use model::{Atlas, Space, State, list_separator};

/// Each place with what is not as predicted; last the sum.
pub fn verify_text(atlas: &Atlas, all: &[Verified], options: &Options) -> String {
    let (agreeing, others): (Vec<&Verified>, Vec<&Verified>) =
        all.iter().partition(|v| v.differences.is_empty() && all.len() > 1);
    let mut parts: Vec<String> = agreeing_places(atlas, &agreeing, options).into_iter().collect();
    parts.extend(others.into_iter().map(|one| place(one, options)));
    if parts.is_empty() {
        parts.push("nothing could be observed\n".to_owned());
    }
    if all.len() > 1 {
        let agreed: usize = all.iter().map(|v| v.agreed).sum();
        let total: usize = agreed + all.iter().map(|v| v.differences.len()).sum::<usize>();
        let differing = all.iter().filter(|v| !v.differences.is_empty()).count();
        let text = match differing {
            0 => format!("all {total} variables of {} places as predicted", all.len()),
            n => {
                format!("{agreed} of {total} variables as predicted; {n} of {} places have others", all.len())
            }
        };
        parts.push(paint(options.color, Ink::Strong, &text) + "\n");
    }
    baseline_line(atlas, options) + &parts.join("\n")
}

/// Places in which all is as predicted need no more than their names.
fn agreeing_places(atlas: &Atlas, all: &[&Verified], options: &Options) -> Option<String> {
    let spaces: Vec<&Space> = all.iter().filter_map(|v| atlas.space(&v.space)).collect();
    let total: usize = all.iter().map(|v| v.agreed).sum();
    if spaces.is_empty() {
        return None;
    }
    let heading = format!("all {} as predicted", spell::count(total, "variable", "variables"));
    Some(paint(options.color, Ink::Strong, &heading) + "\n" + &legend("✓", &spaces, options.columns()))
}

fn place(one: &Verified, options: &Options) -> String {
    let total = one.agreed + one.differences.len();
    let heading = match one.differences.len() {
        0 => format!("{}: all {} as predicted", one.space, spell::count(total, "variable", "variables")),
        n => {
            format!("{}: {n} of {} not as predicted", one.space, spell::count(total, "variable", "variables"))
        }
    };
    let mut out = paint(options.color, Ink::Strong, &heading) + "\n";
    let sources = format!("predicted: {}; observed: {}", one.predicted_from, one.observed_from);
    let lines = hanging(" ", &spell::words(&sources, options), options.columns());
    out.extend(lines.lines().map(|l| format!("{}\n", paint(options.color, Ink::Faint, l))));
    let mut differences: Vec<&Mismatch> = one.differences.iter().collect();
    differences.sort_by_cached_key(|d| rank(&d.name));
    let rows: Vec<Vec<Cell>> = differences.iter().map(|d| row(d, options)).collect();
    out.push_str(&table(&rows, 2, options.columns(), options.color));
    out
}

fn row(one: &Mismatch, options: &Options) -> Vec<Cell> {
    let (predicted, observed) = match (&one.predicted, &one.observed, list_separator(&one.name, b':')) {
        (State::Set(a), State::Set(b), Some(separator)) => {
            let delta = delta(Some(a), Some(b), separator);
            let entries: Vec<String> = (delta.more.iter().map(|e| ("+ ", e)))
                .chain(delta.fewer.iter().map(|e| ("− ", e)))
                .map(|(sign, e)| format!("{sign}{}", spell::entry(&one.name, e, options)))
                .collect();
            let entries = if entries.is_empty() { delta.words() } else { entries.join(" ") };
            ("entries".to_owned(), entries)
        }
        (a, b, _) => (spell::state(&one.name, a, options), spell::state(&one.name, b, options)),
    };
    vec![
        Cell::new(spell::name(&one.name), Ink::Plain, Keep::Ends),
        Cell::new(predicted, Ink::Plain, Keep::Ends),
        Cell::fixed("→"),
        Cell::new(observed, Ink::Differs, Keep::Ends),
    ]
}
