//! The difference of two spaces as JSON.

use crate::Options;
use crate::json::{JsonText, Origin, SCHEMA_VERSION, Shade, StateWord};
use model::{Atlas, SpaceId, diff};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence diff A B --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "diff")]
pub struct Diff {
    pub schema_version: u32,
    pub a: String,
    pub b: String,
    pub variables: Vec<Differing>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "differing")]
pub struct Differing {
    pub name: JsonText,
    /// Null where it is unset or could not be read there.
    pub a: Option<JsonText>,
    pub b: Option<JsonText>,
    pub a_state: StateWord,
    pub b_state: StateWord,
    /// The first change on either side after which the two were no longer the same.
    pub parted_at: Option<PartedAt>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "parted_at")]
pub struct PartedAt {
    pub layer: String,
    /// The space in whose layers that layer stands.
    pub layer_space: String,
    pub origin: Origin,
}

/// Every variable in which two spaces differ, by name.
pub fn diff_json(atlas: &Atlas, a: &SpaceId, b: &SpaceId, options: &Options) -> Diff {
    let one = |d: model::Difference| {
        let shade = Shade::of(&d.name, options);
        Differing {
            name: JsonText::plain(d.name.as_bytes()),
            a: shade.state(&d.a),
            b: shade.state(&d.b),
            a_state: (&d.a).into(),
            b_state: (&d.b).into(),
            parted_at: d.parted_at.as_ref().map(|p| PartedAt {
                layer: p.layer.clone(),
                layer_space: p.space.to_string(),
                origin: (&p.origin).into(),
            }),
        }
    };
    Diff {
        schema_version: SCHEMA_VERSION,
        a: a.to_string(),
        b: b.to_string(),
        variables: diff(atlas, a, b).into_iter().map(one).collect(),
    }
}
