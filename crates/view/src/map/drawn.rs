//! One cell of the matrix as text: the value, beneath it where it comes from, and its mark.
//!
//! Not here: columns and widths.

use super::entries::{count, delta};
use super::rows::{Cell, Matrix, Row, setting};
use crate::Options;
use crate::spell;
use model::{Name, SettingSource, State, Step, Value, list_separator};

/// How a cell stands out, in black and white too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Same,
    /// Not as in the first column.
    Differs,
    /// There is none.
    Missing,
}

impl Mark {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Mark::Same => "",
            Mark::Differs => "◀",
            Mark::Missing => "✗",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) text: String,
    /// Where it comes from; empty where there is nothing to say.
    pub(crate) source: String,
    pub(crate) mark: Mark,
}

/// A row drawn for each group, in their order.
pub(crate) fn drawn_row(matrix: &Matrix<'_>, row: &Row, options: &Options) -> Vec<Drawn> {
    let speakers: Vec<usize> =
        matrix.groups.iter().map(|g| g.speaker(matrix.reference, matrix.folded.spaces())).collect();
    let Some(&first) = speakers.first() else { return Vec::new() };
    speakers.iter().map(|&space| draw(matrix, row, space, first, options)).collect()
}

fn draw(matrix: &Matrix<'_>, row: &Row, space: usize, first: usize, options: &Options) -> Drawn {
    let cell = &row.cells[&space];
    let mark = if *cell == row.cells[&first] { Mark::Same } else { Mark::Differs };
    match (cell, &row.name) {
        (Cell::Go { path, version, shadow }, _) => {
            go(path.as_deref(), version.as_deref(), shadow.as_deref(), mark, options)
        }
        (Cell::GoUnknown, _) | (Cell::Variable { .. }, None) => {
            Drawn { text: "not looked up".to_owned(), source: String::new(), mark }
        }
        (Cell::Variable { configured: Some(value), .. }, Some(name)) => {
            configured(matrix, name, value, space, mark, options)
        }
        (Cell::Variable { state, inferred, configured: None }, Some(name)) => {
            variable(matrix, name, state, inferred.as_deref(), (space, first), mark, options)
        }
    }
}

fn go(
    path: Option<&str>,
    version: Option<&str>,
    shadow: Option<&str>,
    mark: Mark,
    options: &Options,
) -> Drawn {
    let Some(path) = path else {
        let text = shadow.unwrap_or("none").to_owned();
        return Drawn { text, source: String::new(), mark: Mark::Missing };
    };
    let version = version.unwrap_or("unknown version");
    let text = shadow.map_or_else(|| version.to_owned(), |kind| format!("{kind}, {version}"));
    Drawn { text, source: spell::path(path, options), mark }
}

/// A value that go takes from its own configuration.
fn configured(
    matrix: &Matrix<'_>,
    name: &Name,
    value: &Value,
    space: usize,
    mark: Mark,
    options: &Options,
) -> Drawn {
    let setting = matrix.folded.spaces()[space].go.as_ref().and_then(|go| setting(go, name));
    let place = || {
        let place = setting?.origin.place()?;
        Some(spell::place(&model::Place { column: 0, ..place.clone() }, options))
    };
    let source = match setting.map(|s| s.source) {
        Some(SettingSource::EnvFile) => place().unwrap_or_else(|| "go env file".to_owned()),
        Some(SettingSource::GoEnv) => "(go.env)".to_owned(),
        _ => "(default)".to_owned(),
    };
    Drawn { text: spell::value(name, value, options), source, mark }
}

fn variable(
    matrix: &Matrix<'_>,
    name: &Name,
    state: &State,
    inferred: Option<&str>,
    (space, first): (usize, usize),
    mark: Mark,
    options: &Options,
) -> Drawn {
    if let Some(goroot) = inferred {
        return Drawn { text: spell::path(goroot, options), source: "(inferred)".to_owned(), mark };
    }
    let separator = list_separator(name, matrix.folded.spaces()[space].path_separator);
    let text = match (state, separator) {
        (State::Set(value), Some(separator)) if is_path(name) && !value.is_empty() => {
            let base = matrix.folded.state(first, name);
            if mark == Mark::Same || base.value().is_none() {
                spell::count(count(value, separator), "entry", "entries")
            } else {
                delta(base.value(), Some(value), separator).words()
            }
        }
        _ => spell::state(name, state, options),
    };
    let history = matrix.folded.fold(space).get(name);
    let source = match (state, history.and_then(model::History::winner)) {
        (State::Unset, None) => String::new(),
        (State::Unreadable { reason }, _) => spell::words(reason, options),
        (_, Some(step)) => source(step, options),
        (_, None) => String::new(),
    };
    Drawn { text, source, mark }
}

/// Where the winning step stands, as short as it can be.
fn source(step: &Step, options: &Options) -> String {
    match (&step.origin, &step.via) {
        (origin, Some(via)) if origin.place().is_none() => spell::place(&via.place, options),
        (origin, _) => match origin.place() {
            Some(at) => spell::place(&model::Place { column: 0, ..at.clone() }, options),
            None => spell::origin(origin, options),
        },
    }
}

/// `PATH`, or as Windows spells it, `Path`.
pub(crate) fn is_path(name: &Name) -> bool {
    name.to_text().eq_ignore_ascii_case("PATH")
}
