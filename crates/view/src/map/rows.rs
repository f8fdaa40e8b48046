//! What the matrix is made of: rows, their cells space by space, and the columns that agree.
//!
//! Not here: any layout.

use super::interest::{ALWAYS, matters, rank};
use crate::folded::{FoldedAtlas, reference};
use crate::groups::{Group, group};
use model::{GoView, Name, Setting, SettingSource, State, Value};
use std::collections::BTreeMap;

/// Which variables are rows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Rows {
    /// Those that matter to Go: the usual ones, and any other of Go, cgo and proxies that is set somewhere.
    #[default]
    Usual,
    /// Every variable of every space.
    All,
    /// These.
    Named(Vec<Name>),
}

/// What a space has in a row. Equal cells are one column's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The go that runs there.
    Go { path: Option<String>, version: Option<String>, shadow: Option<String> },
    /// Nobody looked for go there.
    GoUnknown,
    Variable {
        state: State,
        inferred: Option<String>,
        /// What go takes where the environment says nothing: from the env file, go.env or a default. Where that
        /// stands makes no difference of cells.
        configured: Option<Value>,
    },
}

pub(crate) struct Row {
    /// `None`: the row of go itself.
    pub(crate) name: Option<Name>,
    /// By index of space.
    pub(crate) cells: BTreeMap<usize, Cell>,
}

impl Row {
    pub(crate) fn label(&self) -> String {
        self.name.as_ref().map_or_else(|| "go".to_owned(), |n| n.to_text().into_owned())
    }
}

/// Everything that the matrix shows, before it is drawn.
pub(crate) struct Matrix<'a> {
    pub(crate) folded: FoldedAtlas<'a>,
    pub(crate) rows: Vec<Row>,
    pub(crate) groups: Vec<Group>,
    pub(crate) reference: Option<usize>,
}

impl Matrix<'_> {
    /// How many places differ from the reference.
    pub(crate) fn differing(&self) -> usize {
        self.groups.iter().skip(1).map(|g| g.members.len()).sum()
    }
}

pub(crate) fn matrix<'a>(atlas: &'a model::Atlas, rows: &Rows) -> Matrix<'a> {
    let folded = FoldedAtlas::new(atlas);
    let valued = folded.valued();
    let reference = reference(atlas);
    let names = names(&folded, &valued, rows);
    let with_go = !matches!(rows, Rows::Named(_)) && atlas.spaces.iter().any(|s| s.go.is_some());
    let mut out = Vec::new();
    if with_go {
        let cells = valued.iter().map(|&i| (i, go_cell(folded.spaces()[i].go.as_ref()))).collect();
        out.push(Row { name: None, cells });
    }
    for name in names {
        let cells = valued.iter().map(|&i| (i, variable_cell(&folded, i, &name))).collect();
        out.push(Row { name: Some(name), cells });
    }
    let groups = group(&valued, reference, |i| out.iter().map(|row| &row.cells[&i]).collect::<Vec<_>>());
    Matrix { folded, rows: out, groups, reference }
}

fn go_cell(go: Option<&GoView>) -> Cell {
    match go {
        None => Cell::GoUnknown,
        Some(go) => Cell::Go {
            path: go.path.clone(),
            version: go.version.clone(),
            shadow: go.shadow.as_ref().map(|s| s.kind.clone()),
        },
    }
}

fn variable_cell(folded: &FoldedAtlas<'_>, space: usize, name: &Name) -> Cell {
    let state = folded.state(space, name);
    let go = folded.spaces()[space].go.as_ref();
    // An empty GOROOT is inferred as well: go reads the empty string as unset (cmd/go: cfg.EnvOrAndChanged).
    let nothing =
        state.value().is_none_or(model::Value::is_empty) && !matches!(state, State::Unreadable { .. });
    let inferred = go.filter(|_| name.is("GOROOT") && nothing).and_then(|g| g.goroot.clone());
    let setting = go.filter(|_| nothing).and_then(|g| setting(g, name));
    let configured = setting
        .filter(|s| inferred.is_none() && s.source != SettingSource::Environment && !s.value.is_empty())
        .map(|s| s.value.clone());
    Cell::Variable { state, inferred, configured }
}

pub(crate) fn setting<'a>(go: &'a GoView, name: &Name) -> Option<&'a Setting> {
    go.settings.iter().find(|s| name.is(&s.name))
}

fn names(folded: &FoldedAtlas<'_>, valued: &[usize], rows: &Rows) -> Vec<Name> {
    if let Rows::Named(names) = rows {
        return names.clone();
    }
    let mut names: Vec<Name> = ALWAYS.iter().map(|&n| Name::from(n)).collect();
    for &space in valued {
        let settings = folded.spaces()[space].go.iter().flat_map(|go| &go.settings);
        for setting in settings.filter(|s| s.source == SettingSource::EnvFile) {
            let name = Name::from(setting.name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for history in folded.fold(space).histories() {
            let wanted = match rows {
                Rows::All => true,
                _ => matters(&history.name) && history.state != State::Unset,
            };
            if wanted && !names.contains(&history.name) {
                names.push(history.name.clone());
            }
        }
    }
    names.sort_by_cached_key(rank);
    names
}
