//! `why VAR --in SPACE`: the value and the way to it; for a list variable, its entries.
//!
//! Not here: the other spaces, but for the one that the reader is told to compare with.

use super::entries::entries_table;
use super::history::{Stage, stages};
use crate::folded::{FoldedAtlas, reference};
use crate::groups::Group;
use crate::layout::{Cell, Keep, hanging, table};
use crate::map::baseline_line;
use crate::paint::{Ink, paint};
use crate::{Look, Options, spell};
use model::{Atlas, EntryChange, History, Name, Origin, SettingSource, Space, SpaceId, State, Step};

/// The history of a variable in a space. `space` is one of the atlas.
pub fn why_in_text(
    atlas: &Atlas,
    name: &Name,
    space: &SpaceId,
    look: &Look<'_>,
    options: &Options,
) -> String {
    let folded = atlas.fold(space);
    let history = folded.get(name);
    let state = folded.state(name);
    let Some(place) = atlas.space(space) else { return String::new() };
    let mut parts =
        vec![baseline_line(atlas, options) + &heading(name, &state, place, history, look, options)];
    if !place.evidence.has_values() {
        // What it would inherit is no answer: what it changes is not known.
        parts.push(instead(name, place, options));
        parts.retain(|p| !p.is_empty());
        return parts.join("\n");
    }
    if let Some(history) = history.filter(|h| !h.entries.is_empty()) {
        parts.push(entries_table(name, &history.entries, place.go.as_ref(), look, options));
    }
    parts.push(way(&stages(atlas, &folded, name, space, options.verbose), name, options));
    if !options.quiet {
        parts.push(next_step(atlas, name, place, options));
    }
    parts.retain(|p| !p.is_empty());
    parts.join("\n")
}

fn heading(
    name: &Name,
    state: &State,
    space: &Space,
    history: Option<&History>,
    look: &Look<'_>,
    options: &Options,
) -> String {
    let shown = spell::name(name);
    if !space.evidence.has_values() {
        let why = spell::evidence(&space.evidence, options);
        return format!("{shown} in {} is not known: {why}\n", space.id);
    }
    let list = history.filter(|h| !h.entries.is_empty());
    let answer = match (list, state) {
        (Some(history), _) => format!("has {}", spell::count(history.entries.len(), "entry", "entries")),
        (None, State::Unreadable { reason }) => {
            format!("could not be read: {}", spell::words(reason, options))
        }
        (None, State::Set(value)) if !value.is_empty() => {
            format!("is \"{}\"", spell::value(name, value, options))
        }
        (None, _) => format!("is {}", spell::state(name, state, options)),
    };
    let mut out = paint(options.color, Ink::Strong, &format!("{shown} {answer} in {}", space.id)) + "\n";
    if let Some(line) = what_go_takes(name, space, options) {
        out.push_str(&hanging(" ", &line, options.columns()));
    }
    if list.is_none()
        && let Some(winner) = history.and_then(History::winner)
    {
        out.push_str(&set_by(name, winner, look, options));
    }
    out
}

/// Where go has the value from, if not from the environment.
pub(crate) fn what_go_takes(name: &Name, space: &Space, options: &Options) -> Option<String> {
    let setting = space.go.as_ref()?.settings.iter().find(|s| name.is(&s.name))?;
    let value = spell::state(name, &State::Set(setting.value.clone()), options);
    let origin = spell::origin(&setting.origin, options);
    match setting.source {
        // A hand-over sets it for the toolchain that is chosen.
        SettingSource::Environment if matches!(setting.origin, Origin::Rule { .. }) => {
            Some(format!("go has \"{value}\": {origin}"))
        }
        SettingSource::Environment => None,
        _ if setting.value.is_empty() => None,
        SettingSource::EnvFile => Some(format!("go has \"{value}\" from its env file, {origin}")),
        SettingSource::GoEnv => Some(format!("go has \"{value}\" from the go.env of its SDK, {origin}")),
        SettingSource::Default => Some(format!("go takes its default, \"{value}\"")),
        SettingSource::Computed => Some(format!("go computes \"{value}\": {origin}")),
    }
}

/// Who decided it, with the line that did.
pub(crate) fn set_by(name: &Name, step: &Step, look: &Look<'_>, options: &Options) -> String {
    let origin = spell::origin_via(&step.origin, step.via.as_ref(), options);
    let line = step.origin.place().filter(|at| at.line > 0).and_then(|at| (look.line)(at));
    let line = line.and_then(|line| spell::source_line(name, &line, options));
    let line = line.map(|line| format!("   {line}")).unwrap_or_default();
    let unsure = spell::confidence(step.confidence);
    let sure = unsure.and(step.reason.as_deref()).or(unsure);
    let sure = sure.map(|why| format!(" ({})", spell::words(why, options))).unwrap_or_default();
    hanging(" ", &format!("{origin}{sure}{line}"), options.columns())
}

fn way(stages: &[Stage<'_>], name: &Name, options: &Options) -> String {
    let mut last: Option<(&SpaceId, String)> = None;
    let mut rows = Vec::new();
    for (n, stage) in stages.iter().enumerate() {
        let space = &stage.space().id;
        let [mut title, what, whence] = stage_cells(stage, name, options);
        let layer = title.text.clone();
        // What stands above is not said again.
        let same_space = last.as_ref().is_some_and(|(id, _)| *id == space);
        if same_space && last.as_ref().is_some_and(|(_, above)| *above == layer) {
            title.text.clear();
        }
        let shown = if same_space { String::new() } else { space.to_string() };
        rows.push(vec![Cell::fixed(format!("{:>2}", n + 1)), Cell::fixed(shown), title, what, whence]);
        last = Some((space, layer));
    }
    table(&rows, 1, options.columns(), options.color)
}

fn stage_cells(stage: &Stage<'_>, name: &Name, options: &Options) -> [Cell; 3] {
    match stage {
        Stage::Changed { layer, step, won, .. } => {
            // Of an origin that was seen, the call site says all that a reason could.
            let unsure = spell::confidence(step.confidence);
            let sure = unsure.and(step.reason.as_deref()).or(unsure);
            let sure = sure.map(|why| format!(" ({})", spell::words(why, options))).unwrap_or_default();
            let mark = if *won { " ◀" } else { "" };
            let origin = spell::origin_via(&step.origin, step.via.as_ref(), options);
            let ink = if *won { Ink::Strong } else { Ink::Plain };
            [
                Cell::new(spell::words(&layer.title, options), Ink::Plain, Keep::Ends),
                Cell::new(change(name, step, options) + mark, ink, Keep::Ends),
                Cell::new(format!("{origin}{sure}"), Ink::Faint, Keep::Wrap),
            ]
        }
        Stage::Passed { layer, reason, unreadable, .. } => [
            Cell::new(spell::words(&layer.title, options), Ink::Plain, Keep::Ends),
            Cell::fixed(if *unreadable { "could not be read" } else { "skipped" }),
            Cell::new(spell::words(reason, options), Ink::Faint, Keep::Wrap),
        ],
        Stage::Untouched { layer, .. } => [
            Cell::new(
                layer.map(|l| spell::words(&l.title, options)).unwrap_or_default(),
                Ink::Plain,
                Keep::Ends,
            ),
            Cell::fixed("–"),
            Cell::new("does not touch it", Ink::Faint, Keep::Wrap),
        ],
    }
}

/// What a step made of the variable: the value, or for lists what was added and taken away.
fn change(name: &Name, step: &Step, options: &Options) -> String {
    match (&step.entries, &step.after) {
        (Some(EntryChange { added, removed }), State::Set(value)) if !value.is_empty() => match step.op {
            model::StepOp::Same => "the same again".to_owned(),
            model::StepOp::Reorder => "other order".to_owned(),
            _ => format!("+{} −{}", added.len(), removed.len()),
        },
        _ if step.op == model::StepOp::Same => "the same again".to_owned(),
        _ => spell::state(name, &step.after, options),
    }
}

/// Where to look for a space whose values could not be had: at what it starts from.
fn instead(name: &Name, space: &Space, options: &Options) -> String {
    let Some(parent) = space.parent.as_ref().filter(|_| !options.quiet) else { return String::new() };
    let text = format!("gowhence why {} --in {parent}", spell::name(name));
    let command = paint(options.color, Ink::Command, &text);
    format!(" what it starts from  {command}\n")
}

/// Where what a process was given may be followed further: to the process that it came from, or to what its shell
/// would give now.
fn dig(folded: &FoldedAtlas<'_>, space: usize, name: &Name) -> Option<String> {
    let Origin::Process { pid } = folded.fold(space).get(name)?.winner()?.origin else { return None };
    let (id, there) = (&folded.spaces()[space].id, SpaceId::pid(pid));
    Some(if *id == there {
        format!("gowhence verify --in {id}")
    } else {
        format!("gowhence why {} --in {there}", spell::name(name))
    })
}

/// How it is elsewhere, and the command that tells more.
fn next_step(atlas: &Atlas, name: &Name, space: &Space, options: &Options) -> String {
    let shown = spell::name(name);
    let folded = FoldedAtlas::new(atlas);
    let Some(own) = folded.index(&space.id) else { return String::new() };
    let state = folded.state(own, name);
    let differs = |&i: &usize| i != own && folded.state(i, name) != state;
    let others: Vec<usize> = folded.valued().into_iter().filter(differs).collect();
    let command = |text: String| format!("   {}\n", paint(options.color, Ink::Command, &text));
    if others.is_empty() {
        let further = dig(&folded, own, name).map(command).unwrap_or_default();
        return format!(" elsewhere\n{further}") + &command(format!("gowhence why {shown}"));
    }
    let count = spell::count(others.len(), "other place differs", "other places differ");
    let other = Group { members: others }.speaker(reference(atlas), folded.spaces());
    let there = &folded.spaces()[other].id;
    let how = match folded.fold(other).get(name) {
        Some(h) if !h.entries.is_empty() => spell::count(h.entries.len(), "entry", "entries"),
        _ => spell::state(name, &folded.state(other, name), options),
    };
    let by = folded.fold(other).get(name).and_then(History::winner);
    let by = by
        .map(|s| format!(", by {}", spell::origin_via(&s.origin, s.via.as_ref(), options)))
        .unwrap_or_default();
    let text = format!("{count}. In {there}: {how}{by}.");
    hanging(" ", &text, options.columns())
        + &dig(&folded, own, name).map(command).unwrap_or_default()
        + &command(format!("gowhence diff {} {there}", space.id))
        + &command(format!("gowhence why {shown}"))
}
