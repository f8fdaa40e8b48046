//! The few things most worth knowing about a machine, each with the command that tells more.
//!
//! Not here: rules with codes and fixes; these are the shape of what the map already shows.

use super::interest::matters;
use super::rows::{Cell, Matrix};
use crate::groups::letter;
use crate::{Options, spell};
use model::{Name, Setting, SettingSource, Severity, Space, SpaceId, State};

/// Something worth knowing. Lower rank, earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) rank: u8,
    pub(crate) text: String,
    pub(crate) command: String,
}

pub(crate) fn notes(matrix: &Matrix<'_>, options: &Options) -> Vec<Note> {
    let mut out = Vec::new();
    out.extend(broken_starts(matrix, options));
    out.extend(go_differs(matrix, options));
    out.extend(no_go(matrix));
    out.extend(conflicts(matrix, options));
    out.extend(stale(matrix, options));
    out.extend(one_shell_only(matrix, options));
    out.sort_by_key(|n| n.rank);
    out
}

fn speakers<'m>(matrix: &'m Matrix<'_>) -> impl Iterator<Item = (usize, usize)> + 'm {
    matrix.groups.iter().enumerate().map(|(n, g)| (n, g.speaker(matrix.reference, matrix.folded.spaces())))
}

fn id<'m>(matrix: &'m Matrix<'_>, space: usize) -> &'m SpaceId {
    &matrix.folded.spaces()[space].id
}

/// Columns whose go is of another version, or another file, than the first column's.
fn go_differs(matrix: &Matrix<'_>, options: &Options) -> Option<Note> {
    let row = matrix.rows.iter().find(|r| r.name.is_none())?;
    let first = matrix.groups.first()?.speaker(matrix.reference, matrix.folded.spaces());
    let Cell::Go { path: Some(own), version: own_version, .. } = &row.cells[&first] else { return None };
    let (n, space, path, version) =
        speakers(matrix).skip(1).find_map(|(n, space)| match &row.cells[&space] {
            Cell::Go { path: Some(path), version, .. } if version != own_version || path != own => {
                Some((n, space, path, version))
            }
            _ => None,
        })?;
    let spelt = |v: &Option<String>, p: &str| match v {
        Some(v) if version != own_version => format!("go {v}"),
        _ => spell::path(p, options),
    };
    let parted = model::diff(matrix.folded.atlas, id(matrix, first), id(matrix, space))
        .into_iter()
        .find(|d| super::drawn::is_path(&d.name))
        .and_then(|d| d.parted_at);
    let because = parted
        .map(|p| format!("; their PATH parts at {}", spell::origin(&p.origin, options)))
        .unwrap_or_default();
    Some(Note {
        rank: 1,
        text: format!("{} runs {}, A {}{because}", letter(n), spelt(version, path), spelt(own_version, own)),
        command: format!("gowhence diff {} {}", id(matrix, first), id(matrix, space)),
    })
}

fn no_go(matrix: &Matrix<'_>) -> Option<Note> {
    let row = matrix.rows.iter().find(|r| r.name.is_none())?;
    let without: Vec<(usize, usize)> = speakers(matrix)
        .filter(|(_, s)| matches!(&row.cells[s], Cell::Go { path: None, shadow: None, .. }))
        .collect();
    let &(_, space) = without.first()?;
    let letters: Vec<String> = without.iter().map(|(n, _)| letter(*n)).collect();
    let verb = if letters.len() == 1 { "finds" } else { "find" };
    Some(Note {
        rank: 2,
        text: format!("{} {verb} no go on PATH", letters.join(", ")),
        command: format!("gowhence why PATH --in {}", id(matrix, space)),
    })
}

/// What the look at go itself found: a GOROOT of another version, a broken tree …
fn conflicts(matrix: &Matrix<'_>, options: &Options) -> Vec<Note> {
    let mut out: Vec<Note> = Vec::new();
    for (n, group) in matrix.groups.iter().enumerate() {
        for &space in &group.members {
            let Some(go) = &matrix.folded.spaces()[space].go else { continue };
            for problem in go.conflicts.iter().filter(|p| p.severity <= Severity::Warning) {
                let message = spell::words(&problem.message, options);
                if out.iter().any(|note| note.text.ends_with(&message)) {
                    continue;
                }
                let at = problem.origin.as_ref().map(|o| format!(" ({})", spell::origin(o, options)));
                out.push(Note {
                    rank: if problem.severity == Severity::Error { 0 } else { 3 },
                    text: format!("{}{}: {message}", letter(n), at.unwrap_or_default()),
                    command: format!("gowhence go --in {}", id(matrix, space)),
                });
            }
        }
    }
    out
}

/// A start-up that hangs, exits or runs wild: what is shown of that space is not all. The worst one, with all the
/// spaces that have it.
fn broken_starts(matrix: &Matrix<'_>, options: &Options) -> Option<Note> {
    let with_error = |s: &Space| s.problems.iter().find(|p| p.severity == Severity::Error).cloned();
    let spaces = matrix.folded.spaces();
    let (first, problem) = spaces.iter().find_map(|s| Some((s, with_error(s)?)))?;
    let all: Vec<&Space> = spaces.iter().filter(|s| with_error(s).as_ref() == Some(&problem)).collect();
    let at = problem.origin.as_ref().map(|o| format!(" ({})", spell::origin(o, options))).unwrap_or_default();
    let who = crate::groups::members(&all).join(" · ");
    Some(Note {
        rank: 0,
        text: format!("{who}: {}{at}", spell::words(&problem.message, options)),
        command: format!("gowhence why PATH --in {}", first.id),
    })
}

/// A live process that was started before its start-up files changed.
fn stale(matrix: &Matrix<'_>, options: &Options) -> Option<Note> {
    let spaces = matrix.folded.spaces();
    let is_stale = |code: &str| code.split('-').any(|word| word == "stale");
    let old: Vec<_> =
        spaces.iter().filter_map(|s| s.problems.iter().find(|p| is_stale(&p.code)).map(|p| (s, p))).collect();
    let (space, problem) = old.first()?;
    let more = if old.len() > 1 { format!(" (and {} more)", old.len() - 1) } else { String::new() };
    Some(Note {
        rank: 4,
        text: format!("{} is stale: {}{more}", space.id, spell::words(&problem.message, options)),
        command: format!("gowhence verify --in {}", space.id),
    })
}

/// A variable of Go's that only the start-up files of one shell set: whoever is not started by it lacks it.
fn one_shell_only(matrix: &Matrix<'_>, options: &Options) -> Option<Note> {
    let valued = matrix.folded.valued();
    for row in &matrix.rows {
        let Some(name) = row.name.as_ref().filter(|n| matters(n)) else { continue };
        let (set, unset): (Vec<usize>, Vec<usize>) =
            valued.iter().partition(|&&i| matches!(matrix.folded.state(i, name), State::Set(_)));
        let Some(&speaker) = set.first() else { continue };
        if unset.is_empty() || read_by_go(matrix.folded.spaces(), name) {
            continue;
        }
        if let Some(place) = common_place(matrix, &set, name, options) {
            let count = spell::count(unset.len(), "place", "places");
            let shown = spell::name(name);
            return Some(Note {
                rank: 5,
                text: format!("{shown} is set by {place} alone: {count} of {} never read it", valued.len()),
                command: format!("gowhence why {shown} --in {}", id(matrix, speaker)),
            });
        }
    }
    None
}

/// Whether go itself takes the variable from its env file or go.env somewhere: then what go starts has it in its
/// environment, and places without it there have read it all the same.
fn read_by_go(spaces: &[Space], name: &Name) -> bool {
    let from_file = |s: &Setting| matches!(s.source, SettingSource::EnvFile | SettingSource::GoEnv);
    let settings = spaces.iter().filter_map(|s| s.go.as_ref()).flat_map(|view| &view.settings);
    settings.filter(|s| from_file(s)).any(|s| name.as_bytes() == s.name.as_bytes())
}

/// The one place in a file that gave the variable to all these spaces.
fn common_place(matrix: &Matrix<'_>, spaces: &[usize], name: &Name, options: &Options) -> Option<String> {
    let place = |&space: &usize| {
        let step = matrix.folded.fold(space).get(name)?.winner()?;
        let place = step.origin.place()?;
        Some(spell::place(&model::Place { column: 0, ..place.clone() }, options))
    };
    let first = place(spaces.first()?)?;
    spaces.iter().all(|s| place(s).as_ref() == Some(&first)).then_some(first)
}
