//! The map as JSON: every space with its layers, every variable with its cells.
//!
//! Not here: grouping; who reads this groups as they like.

use super::rows::{Chosen, Rows, matrix};
use crate::json::{self, Entry, JsonText, Origin, Problem, SCHEMA_VERSION, Shade, StateWord, Via};
use crate::{Look, Options};
use model::{Atlas, LayerStatus, Name, Space, State};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// `gowhence map --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "map")]
pub struct Map {
    pub schema_version: u32,
    /// `linux/amd64` and the like.
    pub machine: String,
    pub project: Option<String>,
    pub project_asks: Option<String>,
    pub baseline: Baseline,
    pub spaces: Vec<MapSpace>,
    pub variables: Vec<Variable>,
    /// What go makes of it, row by row.
    pub go_env: Vec<GoEnv>,
}

/// What chains of spaces start from.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "baseline")]
pub struct Baseline {
    pub space: String,
    pub evidence: &'static str,
    pub reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "space")]
pub struct MapSpace {
    pub id: String,
    pub title: String,
    pub parent: Option<String>,
    /// `observed`, `derived`, `assumed`, `not-checked` or `unreadable`.
    pub evidence: &'static str,
    /// Why, where it was neither observed nor derived.
    pub reason: Option<String>,
    /// The user's own shell, or the caller's own space.
    pub own: bool,
    /// How long its start took.
    pub time_ms: Option<u64>,
    pub layers: Vec<MapLayer>,
    /// Null where nobody looked for go; its `path` is null where there is none.
    pub go: Option<Go>,
    pub problems: Vec<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "layer")]
pub struct MapLayer {
    pub id: String,
    pub title: String,
    pub status: Status,
    /// Why it was skipped or could not be read.
    pub reason: Option<String>,
    pub source: Option<Origin>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "status")]
pub enum Status {
    Applied,
    Skipped,
    Unreadable,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go")]
pub struct Go {
    pub path: Option<String>,
    pub version: Option<String>,
    pub goroot: Option<String>,
    /// Where GOROOT comes from.
    pub origin: Option<Origin>,
    pub conflicts: Vec<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "variable")]
pub struct Variable {
    pub name: JsonText,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "cell")]
pub struct Cell {
    pub space: String,
    pub state: StateWord,
    pub value: Option<JsonText>,
    /// The layer that decided it, and the space in whose layers that stands.
    pub layer: Option<String>,
    pub layer_space: Option<String>,
    pub origin: Option<Origin>,
    pub via: Option<Via>,
    pub confidence: Option<&'static str>,
    /// Why the confidence is not exact, or why it could not be read.
    pub reason: Option<String>,
    /// Of a list variable that is set.
    pub entries: Vec<Entry>,
}

/// One row of what `go env` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_env")]
pub struct GoEnv {
    pub name: String,
    pub cells: Vec<GoEnvCell>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_env_cell")]
pub struct GoEnvCell {
    pub space: String,
    pub value: Option<JsonText>,
    /// `environment`, `file`, `go.env`, `default` or `computed`.
    pub source: &'static str,
    pub origin: Option<Origin>,
}

/// The map with all that is known of it. Spaces without values have no cells.
pub fn map_json(atlas: &Atlas, chosen: &Chosen, look: &Look<'_>, options: &Options) -> Map {
    let matrix = matrix(atlas, chosen);
    let names = matrix.rows.iter().filter_map(|row| row.name.as_ref());
    let variable = |name: &Name| Variable {
        name: JsonText::plain(name.as_bytes()),
        cells: matrix
            .folded
            .valued()
            .into_iter()
            .map(|space| {
                let history = matrix.folded.fold(space).get(name);
                cell(&atlas.spaces[space], name, history, look, options)
            })
            .collect(),
    };
    Map {
        schema_version: SCHEMA_VERSION,
        machine: atlas.machine.clone(),
        project: atlas.project.clone(),
        project_asks: atlas.project_asks.clone(),
        baseline: Baseline {
            space: atlas.baseline.space.to_string(),
            evidence: atlas.baseline.evidence.as_str(),
            reason: json::free(&atlas.baseline.reason, options),
        },
        spaces: atlas.spaces.iter().map(|space| map_space(space, options)).collect(),
        variables: names.map(variable).collect(),
        go_env: go_env(atlas, &chosen.rows, options),
    }
}

/// What `go env` prints, row by row, as far as it follows from what is configured.
fn go_env(atlas: &Atlas, chosen: &Rows, options: &Options) -> Vec<GoEnv> {
    let mut rows: BTreeMap<&str, Vec<GoEnvCell>> = BTreeMap::new();
    for space in atlas.spaces.iter().filter(|s| s.evidence.has_values()) {
        for setting in space.go.iter().flat_map(|go| &go.settings) {
            let name = Name::from(setting.name.as_str());
            if matches!(chosen, Rows::Named(names) if !names.contains(&name)) {
                continue;
            }
            rows.entry(&setting.name).or_default().push(GoEnvCell {
                space: space.id.to_string(),
                value: Some(Shade::of(&name, options).value(&setting.value)),
                source: setting.source.as_str(),
                origin: Some((&setting.origin).into()),
            });
        }
    }
    rows.into_iter().map(|(name, cells)| GoEnv { name: name.to_owned(), cells }).collect()
}

fn map_space(space: &Space, options: &Options) -> MapSpace {
    let layer = |layer: &model::Layer| {
        let (status, reason) = match &layer.status {
            LayerStatus::Applied => (Status::Applied, None),
            LayerStatus::Skipped { reason } => (Status::Skipped, Some(json::free(reason, options))),
            LayerStatus::Unreadable { reason } => (Status::Unreadable, Some(json::free(reason, options))),
        };
        let source = layer.source.as_ref().map(Origin::from);
        MapLayer { id: layer.id.clone(), title: layer.title.clone(), status, reason, source }
    };
    MapSpace {
        id: space.id.to_string(),
        title: space.title.clone(),
        parent: space.parent.as_ref().map(ToString::to_string),
        evidence: space.evidence.as_str(),
        reason: space.evidence.reason().map(|reason| json::free(reason, options)),
        own: space.own,
        time_ms: space.time_ms,
        layers: space.layers.iter().map(layer).collect(),
        go: space.go.as_ref().map(|go| Go {
            path: go.path.clone(),
            version: go.version.clone(),
            goroot: go.goroot.clone(),
            origin: go.goroot_origin.as_ref().map(Origin::from),
            conflicts: go.conflicts.iter().map(|p| json::problem(p, options)).collect(),
        }),
        problems: space.problems.iter().map(|p| json::problem(p, options)).collect(),
    }
}

fn cell(
    space: &Space,
    name: &Name,
    history: Option<&model::History>,
    look: &Look<'_>,
    options: &Options,
) -> Cell {
    let state = history.map_or(State::Unset, |h| h.state.clone());
    let winner = history.and_then(model::History::winner);
    let unreadable = match &state {
        State::Unreadable { reason } => Some(json::free(reason, options)),
        _ => None,
    };
    Cell {
        space: space.id.to_string(),
        state: (&state).into(),
        value: Shade::of(name, options).state(&state),
        layer: winner.map(|s| s.layer.clone()),
        layer_space: winner.map(|s| s.space.to_string()),
        origin: winner.map(|s| (&s.origin).into()),
        via: winner.and_then(|s| s.via.as_ref()).map(Via::from),
        confidence: winner.map(|s| s.confidence.as_str()),
        reason: unreadable.or_else(|| winner?.reason.as_deref().map(|reason| json::free(reason, options))),
        entries: json::entries(
            name,
            history.map(|h| h.entries.as_slice()).unwrap_or_default(),
            look.exists,
            options,
        ),
    }
}
