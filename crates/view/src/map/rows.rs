//! What the matrix is made of: rows, their cells space by space, and the columns that agree.
//!
//! Not here: any layout.

use super::interest::{ALWAYS, matters, rank};
use crate::folded::{FoldedAtlas, reference};
use crate::groups::{Group, group};
use crate::spell;
use model::{GoView, Name, Origin, SettingSource, State, Value};
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

/// What the map is to show.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Chosen {
    pub rows: Rows,
    /// The environment itself instead of what go makes of it.
    pub raw: bool,
}

/// What a space has in a row. Cells that agree are one column's.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// The go that runs there.
    Go {
        path: Option<String>,
        version: Option<String>,
        shadow: Option<String>,
        /// Version and file of the go that was found, where it hands over to that one.
        found: Option<(String, String)>,
    },
    /// Nobody looked for go there.
    GoUnknown,
    Variable {
        state: State,
        /// Why it is that, where go has it from elsewhere than the environment.
        told: Option<Told>,
    },
}

/// Where go has a value from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// GOROOT, from the place of the binary.
    Inferred,
    /// GOROOT of the toolchain that go hands over to.
    Toolchain,
    Default,
    Computed,
    /// The env file or GOROOT/go.env.
    File(Origin),
}

/// Cells agree where a go command is told the same, wherever from.
impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Cell::Go { path: a, version: x, shadow: s, found: f },
                Cell::Go { path: b, version: y, shadow: t, found: g },
            ) => (a, x, s, f) == (b, y, t, g),
            (Cell::GoUnknown, Cell::GoUnknown) => true,
            (Cell::Variable { state: a, .. }, Cell::Variable { state: b, .. }) => a == b,
            _ => false,
        }
    }
}

pub(crate) struct Row {
    /// `None`: the row of go itself.
    pub(crate) name: Option<Name>,
    /// By index of space.
    pub(crate) cells: BTreeMap<usize, Cell>,
}

impl Row {
    pub(crate) fn label(&self) -> String {
        self.name.as_ref().map_or_else(|| "go".to_owned(), spell::name)
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

pub(crate) fn matrix<'a>(atlas: &'a model::Atlas, chosen: &Chosen) -> Matrix<'a> {
    let Chosen { rows, raw } = chosen;
    let folded = FoldedAtlas::new(atlas);
    let valued = folded.valued();
    let reference = reference(atlas);
    let names = names(&folded, &valued, rows, *raw);
    let with_go = !matches!(rows, Rows::Named(_)) && atlas.spaces.iter().any(|s| s.go.is_some());
    let mut out = Vec::new();
    if with_go {
        let cells = valued.iter().map(|&i| (i, go_cell(folded.spaces()[i].go.as_ref()))).collect();
        out.push(Row { name: None, cells });
    }
    for name in names {
        let cells = valued.iter().map(|&i| (i, variable_cell(&folded, i, &name, *raw))).collect();
        out.push(Row { name: Some(name), cells });
    }
    let groups = group(&valued, reference, |i| out.iter().map(|row| &row.cells[&i]).collect::<Vec<_>>());
    Matrix { folded, rows: out, groups, reference }
}

fn go_cell(go: Option<&GoView>) -> Cell {
    match go {
        None => Cell::GoUnknown,
        Some(go) => {
            let shadow = go.shadow.as_ref().map(|s| s.kind.clone());
            let (path, version) = (go.path.clone(), go.version.clone());
            match go.answers.as_ref().filter(|a| a.handed_over) {
                None => Cell::Go { path, version, shadow, found: None },
                Some(other) => Cell::Go {
                    path: Some(other.program.clone()),
                    version: Some(other.version.clone()),
                    shadow,
                    found: version.zip(path),
                },
            }
        }
    }
}

fn variable_cell(folded: &FoldedAtlas<'_>, space: usize, name: &Name, raw: bool) -> Cell {
    let state = folded.state(space, name);
    let go = folded.spaces()[space].go.as_ref().filter(|_| !raw);
    // go reads the empty string as unset (cmd/go: cfg.EnvOrAndChanged), a value that cannot be read is not unset.
    let overruled = go.and_then(|go| overruled(go, name));
    if let Some((state, told)) = overruled {
        return Cell::Variable { state, told: Some(told) };
    }
    let nothing = state.value().is_none_or(Value::is_empty) && !matches!(state, State::Unreadable { .. });
    let Some(go) = go.filter(|_| nothing) else { return Cell::Variable { state, told: None } };
    if name.is("GOROOT") {
        let inferred = go.goroot.as_deref().map(|root| (State::Set(Value::from(root)), Told::Inferred));
        let (state, told) = inferred.map_or((state, None), |(state, told)| (state, Some(told)));
        return Cell::Variable { state, told };
    }
    match go.settings.iter().find(|s| name.is(&s.name)) {
        Some(setting) if !setting.value.is_empty() => {
            let told = match setting.source {
                SettingSource::Environment => None,
                SettingSource::EnvFile | SettingSource::GoEnv => Some(Told::File(setting.origin.clone())),
                SettingSource::Default => Some(Told::Default),
                SettingSource::Computed => Some(Told::Computed),
            };
            Cell::Variable { state: State::Set(setting.value.clone()), told }
        }
        _ => Cell::Variable { state, told: None },
    }
}

/// What go has in the place of the environment's value, whatever that is.
fn overruled(go: &GoView, name: &Name) -> Option<(State, Told)> {
    let answers = go.answers.as_ref()?;
    if name.is("GOROOT") && answers.handed_over {
        return answers.goroot.as_deref().map(|root| (State::Set(Value::from(root)), Told::Toolchain));
    }
    let setting = go.settings.iter().find(|s| name.is(&s.name) && s.source == SettingSource::Computed)?;
    // GOROOT is told apart below, whether it was set or inferred.
    let computed = !name.is("GOROOT") && !setting.value.is_empty();
    computed.then(|| (State::Set(setting.value.clone()), Told::Computed))
}

fn names(folded: &FoldedAtlas<'_>, valued: &[usize], rows: &Rows, raw: bool) -> Vec<Name> {
    if let Rows::Named(names) = rows {
        return names.clone();
    }
    let mut names: Vec<Name> = ALWAYS.iter().map(|&n| Name::from(n)).collect();
    for &space in valued {
        for history in folded.fold(space).histories() {
            let wanted = match rows {
                Rows::All => true,
                _ => matters(&history.name) && history.state != State::Unset,
            };
            if wanted && !names.contains(&history.name) {
                names.push(history.name.clone());
            }
        }
        let settings = folded.spaces()[space].go.as_ref().filter(|_| !raw).map(|go| go.settings.as_slice());
        for setting in settings.unwrap_or_default().iter().filter(|s| s.source == SettingSource::EnvFile) {
            let name = Name::from(setting.name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.sort_by_cached_key(rank);
    names
}
