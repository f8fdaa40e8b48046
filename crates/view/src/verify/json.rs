//! Prediction against observation as JSON.

use super::Verified;
use crate::Options;
use crate::json::{JsonText, SCHEMA_VERSION, Shade, StateWord};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence verify --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "verify")]
pub struct Verification {
    pub schema_version: u32,
    pub spaces: Vec<VerifiedSpace>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "verified_space")]
pub struct VerifiedSpace {
    pub space: String,
    pub predicted_from: String,
    pub observed_from: String,
    /// How many variables are as predicted.
    pub agreed: usize,
    pub differences: Vec<NotAsPredicted>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "not_as_predicted")]
pub struct NotAsPredicted {
    pub name: JsonText,
    pub predicted: Option<JsonText>,
    pub observed: Option<JsonText>,
    pub predicted_state: StateWord,
    pub observed_state: StateWord,
}

/// Each place with what is not as predicted.
pub fn verify_json(all: &[Verified], options: &Options) -> Verification {
    let one = |verified: &Verified| VerifiedSpace {
        space: verified.space.to_string(),
        predicted_from: verified.predicted_from.clone(),
        observed_from: verified.observed_from.clone(),
        agreed: verified.agreed,
        differences: verified
            .differences
            .iter()
            .map(|d| NotAsPredicted {
                name: JsonText::plain(d.name.as_bytes()),
                predicted: Shade::of(&d.name, options).state(&d.predicted),
                observed: Shade::of(&d.name, options).state(&d.observed),
                predicted_state: (&d.predicted).into(),
                observed_state: (&d.observed).into(),
            })
            .collect(),
    };
    Verification { schema_version: SCHEMA_VERSION, spaces: all.iter().map(one).collect() }
}
