//! One cell of the matrix as text: the value, beneath it where it comes from, and its mark.
//!
//! Not here: columns and widths.

use super::entries::{count, delta};
use super::rows::{Cell, Matrix, Row, Told};
use crate::Options;
use crate::spell;
use model::{Name, Origin, Place, State, Step, list_separator};

/// What stands where there is nothing to compare.
pub(crate) const NOTHING: &str = "–";

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
    /// What is said where there is no room for that.
    pub(crate) short: Option<String>,
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
    if is_of_no_go(matrix, cell, &row.cells[&first], space) {
        return Drawn { text: NOTHING.to_owned(), short: None, source: String::new(), mark: Mark::Same };
    }
    let mark = if *cell == row.cells[&first] { Mark::Same } else { Mark::Differs };
    match (cell, &row.name) {
        (Cell::Go { path, version, shadow, found }, _) => {
            let drawn = go(path.as_deref(), version.as_deref(), shadow.as_deref(), mark, options);
            match found {
                None => drawn,
                Some((version, path)) => {
                    let source = format!("handed over by {version}, {}", spell::path(path, options));
                    Drawn { source, ..drawn }
                }
            }
        }
        (Cell::GoUnknown, _) | (Cell::Variable { .. }, None) => {
            Drawn { text: "not looked up".to_owned(), short: None, source: String::new(), mark }
        }
        (Cell::Variable { state, told }, Some(name)) => {
            variable(matrix, name, (state, told.as_ref()), (space, first), mark, options)
        }
    }
}

/// Where no go is found nothing has a default; that is no difference of its own.
fn is_of_no_go(matrix: &Matrix<'_>, cell: &Cell, first: &Cell, space: usize) -> bool {
    let no_go = matrix.folded.spaces()[space].go.as_ref().is_some_and(|go| go.path.is_none());
    let unset = matches!(cell, Cell::Variable { state: State::Unset, told: None });
    no_go && unset && matches!(first, Cell::Variable { told: Some(_), .. })
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
        return Drawn { text, short: None, source: String::new(), mark: Mark::Missing };
    };
    let version = version.unwrap_or("unknown version");
    let text = shadow.map_or_else(|| version.to_owned(), |kind| format!("{kind}, {version}"));
    Drawn { text, short: None, source: spell::path(path, options), mark }
}

fn variable(
    matrix: &Matrix<'_>,
    name: &Name,
    (state, told): (&State, Option<&Told>),
    (space, first): (usize, usize),
    mark: Mark,
    options: &Options,
) -> Drawn {
    if let Some(told) = told {
        let source = match told {
            Told::Inferred => "(inferred)".to_owned(),
            Told::Toolchain => "(of that toolchain)".to_owned(),
            Told::Default => "(default)".to_owned(),
            Told::Computed => "(computed)".to_owned(),
            Told::File(origin) => place(origin, options),
        };
        let short = (*told == Told::Default).then(|| "default".to_owned());
        return Drawn { text: spell::state(name, state, options), short, source, mark };
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
    Drawn { text, short: None, source, mark }
}

/// A place to the line.
fn place(origin: &Origin, options: &Options) -> String {
    match origin.place() {
        Some(at) => spell::place(&Place { column: 0, ..at.clone() }, options),
        None => spell::origin(origin, options),
    }
}

/// Where the winning step stands, as short as it can be.
fn source(step: &Step, options: &Options) -> String {
    match (&step.origin, &step.via) {
        (origin, Some(via)) if origin.place().is_none() => spell::place(&via.place, options),
        (origin, _) => place(origin, options),
    }
}

/// `PATH`, or as Windows spells it, `Path`.
pub(crate) fn is_path(name: &Name) -> bool {
    name.to_text().eq_ignore_ascii_case("PATH")
}
