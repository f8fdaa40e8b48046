//! Bytes in JSON: a string, `{"bytes": "base64…"}` where they are not UTF-8, `{"redacted": true}` where they are secret.
//!
//! Not here: what is secret (`model::Shown`).

use crate::Options;
use model::{Name, Reveal, Shown, State, Value, to_json_bytes};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::borrow::Cow;

/// A value, an entry or a name.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct JsonText(serde_json::Value);

impl JsonText {
    /// Bytes that are never secret (names).
    pub fn plain(bytes: &[u8]) -> Self {
        Self(to_json_bytes(bytes))
    }

    /// Text of no variable, in which secrets may stand.
    pub(crate) fn of(bytes: &[u8], options: &Options) -> Self {
        let value = Value::from(bytes);
        let shown = Shown::free_text(&value, options.reveal);
        Self(shown.bytes().map_or_else(|| serde_json::json!({ "redacted": true }), to_json_bytes))
    }
}

impl JsonSchema for JsonText {
    fn schema_name() -> Cow<'static, str> {
        "text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a string; base64 of the bytes where they are not UTF-8; or that it is a secret",
            "oneOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": { "bytes": { "type": "string", "contentEncoding": "base64" } },
                    "required": ["bytes"],
                    "additionalProperties": false
                },
                {
                    "type": "object",
                    "properties": { "redacted": { "const": true } },
                    "required": ["redacted"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// Turns values of one variable into JSON, secrets hidden.
#[derive(Debug)]
pub struct Shade<'a> {
    name: &'a Name,
    reveal: Reveal,
}

impl<'a> Shade<'a> {
    pub(crate) fn of(name: &'a Name, options: &Options) -> Self {
        Self { name, reveal: options.reveal }
    }

    pub(crate) fn value(&self, value: &Value) -> JsonText {
        let shown = Shown::new(self.name, value, self.reveal);
        JsonText(shown.bytes().map_or_else(|| serde_json::json!({ "redacted": true }), to_json_bytes))
    }

    pub(crate) fn bytes(&self, bytes: &[u8]) -> JsonText {
        self.value(&Value::from(bytes))
    }

    /// The value of a state; `None` where there is none.
    pub(crate) fn state(&self, state: &State) -> Option<JsonText> {
        state.value().map(|value| self.value(value))
    }
}

/// Words of others, passwords inside URLs hidden.
pub(crate) fn free(text: &str, options: &Options) -> String {
    Shown::free_text(&Value::from(text), options.reveal).to_string()
}
