//! Which go runs in a space, as JSON.

use crate::Options;
use crate::json::{self, Origin, Problem, SCHEMA_VERSION};
use model::{Atlas, SpaceId};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence go --in SPACE --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "which_go")]
pub struct WhichGo {
    pub schema_version: u32,
    pub space: String,
    pub project_asks: Option<String>,
    /// Null where nobody looked for go.
    pub go: Option<GoFound>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_found")]
pub struct GoFound {
    /// Null where no go is found.
    pub path: Option<String>,
    pub version: Option<String>,
    /// The file that the version was read from.
    pub version_origin: Option<Origin>,
    pub goroot: Option<String>,
    /// Where GOROOT comes from.
    pub origin: Option<Origin>,
    /// The go env file that this go reads.
    pub env_file: Option<String>,
    /// Which variable or rule names that file, or switched it off.
    pub env_file_origin: Option<Origin>,
    pub env_file_exists: bool,
    /// Every `go` on PATH in order.
    pub candidates: Vec<Candidate>,
    /// An alias or function that an interactive shell runs instead.
    pub shadow: Option<Shadow>,
    pub conflicts: Vec<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "candidate")]
pub struct Candidate {
    pub path: String,
    /// With every symlink resolved, where that differs.
    pub resolved: Option<String>,
    /// Position of the PATH entry, from 1.
    pub entry: usize,
    pub version: Option<String>,
    pub version_origin: Option<Origin>,
    pub goroot: Option<String>,
    /// Who keeps the SDK it belongs to, where the folder tells.
    pub keeper: Option<String>,
    /// The version manager whose shim this is.
    pub shim: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "shadow")]
pub struct Shadow {
    /// `alias` or `function`.
    pub kind: String,
    pub text: String,
    pub origin: Option<Origin>,
}

/// Which go runs there.
pub fn go_json(atlas: &Atlas, space: &SpaceId, options: &Options) -> WhichGo {
    let go = atlas.space(space).and_then(|s| s.go.as_ref());
    WhichGo {
        schema_version: SCHEMA_VERSION,
        space: space.to_string(),
        project_asks: atlas.project_asks.clone(),
        go: go.map(|go| found(go, options)),
    }
}

fn found(go: &model::GoView, options: &Options) -> GoFound {
    let candidate = |c: &model::Candidate| Candidate {
        path: c.path.clone(),
        resolved: c.resolved.clone(),
        entry: c.entry,
        version: c.version.clone(),
        version_origin: c.version_origin.as_ref().map(Origin::from),
        goroot: c.goroot.clone(),
        keeper: c.keeper.clone(),
        shim: c.shim.clone(),
    };
    GoFound {
        path: go.path.clone(),
        version: go.version.clone(),
        version_origin: go.version_origin.as_ref().map(Origin::from),
        goroot: go.goroot.clone(),
        origin: go.goroot_origin.as_ref().map(Origin::from),
        env_file: go.env_file.clone(),
        env_file_origin: go.env_file_origin.as_ref().map(Origin::from),
        env_file_exists: go.env_file_exists,
        candidates: go.candidates.iter().map(candidate).collect(),
        shadow: go.shadow.as_ref().map(|s| Shadow {
            kind: s.kind.clone(),
            text: json::free(&s.text, options),
            origin: s.origin.as_ref().map(Origin::from),
        }),
        conflicts: go.conflicts.iter().map(|p| json::problem(p, options)).collect(),
    }
}
