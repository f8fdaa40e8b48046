//! `why VAR`: the spaces that agree, and what decided the value of each group.
//!
//! Not here: the way to a value, which `--in` shows.

use super::inside::{set_by, what_go_takes};
use crate::folded::{FoldedAtlas, reference};
use crate::groups::{Group, group, legend, letter, silent};
use crate::layout::{hanging, pad};
use crate::map::{baseline_line, delta};
use crate::paint::{Ink, paint};
use crate::{Look, Options, spell};
use model::{Atlas, History, Name, SettingSource, Space, State, Value, list_separator};

/// The groups of spaces that agree on a variable.
pub fn why_text(atlas: &Atlas, name: &Name, look: &Look<'_>, options: &Options) -> String {
    let folded = FoldedAtlas::new(atlas);
    let reference = reference(atlas);
    let valued = folded.valued();
    let groups = group(&valued, reference, |i| agrees_by(&folded, i, name));
    let shown = spell::name(name);
    let places = spell::count(valued.len(), "place", "places");
    let heading = match groups.len() {
        0 => format!("{shown}: no place could be looked at"),
        1 => format!("{shown} is the same in all {places}"),
        n => format!("{shown} has {n} values in {places}"),
    };
    let mut parts = vec![baseline_line(atlas, options) + &paint(options.color, Ink::Strong, &heading) + "\n"];
    for (n, group) in groups.iter().enumerate() {
        parts.push(one(&folded, name, (n, group, groups.first()), reference, look, options));
    }
    parts.push(silent(&atlas.spaces, 1, options));
    if !options.quiet {
        parts.push(next_steps(&folded, name, &groups, reference, options));
    }
    parts.retain(|p| !p.is_empty());
    parts.join("\n")
}

/// What spaces agree in: what the environment says, and what a go command has from its env file instead.
pub(super) fn agrees_by(folded: &FoldedAtlas<'_>, space: usize, name: &Name) -> (State, Option<Value>) {
    let settings = folded.spaces()[space].go.iter().flat_map(|go| &go.settings);
    let file = settings.filter(|s| s.source == SettingSource::EnvFile).find(|s| name.is(&s.name));
    (folded.state(space, name), file.map(|s| s.value.clone()))
}

fn one(
    folded: &FoldedAtlas<'_>,
    name: &Name,
    (n, group, first): (usize, &Group, Option<&Group>),
    reference: Option<usize>,
    look: &Look<'_>,
    options: &Options,
) -> String {
    let speaker = group.speaker(reference, folded.spaces());
    let state = folded.state(speaker, name);
    let history = folded.fold(speaker).get(name);
    let head = letter(n);
    let value = match history.filter(|h| !h.entries.is_empty()) {
        Some(h) => list_words(folded, name, h, (speaker, first), reference),
        None => spell::state(name, &state, options),
    };
    let mut out = hanging(&format!(" {head}  "), &value, options.columns());
    let indent = |text: &str| text.lines().map(|l| format!("   {l}\n")).collect::<String>();
    if let Some(winner) = history.and_then(History::winner) {
        out.push_str(&paint_lines(&indent(&set_by(name, winner, look, options)), options));
    } else if state == State::Unset {
        out.push_str(&paint_lines("    nothing sets it\n", options));
    }
    if let Some(line) = what_go_takes(name, &folded.spaces()[speaker], options) {
        out.push_str(&paint_lines(&hanging("    ", &line, options.columns()), options));
    }
    let members: Vec<&Space> = group.members.iter().map(|&i| &folded.spaces()[i]).collect();
    out.push_str(&legend(&pad("", head.len()), &members, options.columns()));
    out
}

fn paint_lines(text: &str, options: &Options) -> String {
    text.lines().map(|l| format!("{}\n", paint(options.color, Ink::Faint, l))).collect()
}

/// `5 entries`, and how they differ from the first group's.
fn list_words(
    folded: &FoldedAtlas<'_>,
    name: &Name,
    history: &History,
    (speaker, first): (usize, Option<&Group>),
    reference: Option<usize>,
) -> String {
    let entries = spell::count(history.entries.len(), "entry", "entries");
    let first = first.map(|g| g.speaker(reference, folded.spaces()));
    let separator = list_separator(name, folded.spaces()[speaker].path_separator);
    match (first, separator) {
        (Some(first), Some(separator)) if first != speaker => {
            let (a, b) = (folded.state(first, name), folded.state(speaker, name));
            format!("{entries} ({} against A)", delta(a.value(), b.value(), separator).words())
        }
        _ => entries,
    }
}

fn next_steps(
    folded: &FoldedAtlas<'_>,
    name: &Name,
    groups: &[Group],
    reference: Option<usize>,
    options: &Options,
) -> String {
    let id = |g: &Group| &folded.spaces()[g.speaker(reference, folded.spaces())].id;
    let command = |text: String| paint(options.color, Ink::Command, &text);
    let shown = spell::name(name);
    let Some(first) = groups.first() else { return String::new() };
    let mut out =
        format!(" the way there    {}\n", command(format!("gowhence why {shown} --in {}", id(first))));
    if let Some(second) = groups.get(1) {
        let diff = command(format!("gowhence diff {} {}", id(first), id(second)));
        out.push_str(&format!(" where they part  {diff}\n"));
    }
    out
}
