//! Bytes of values, names and paths, and their JSON shape.
//!
//! Not here: redaction, which is decided where a value is shown (`secret`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The bytes of an environment variable's value. They need not be UTF-8.
///
/// `Debug` tells only the length, and there is no `Display`: a value reaches output through
/// [`crate::Shown`] alone. Serialisation is exact and meant for the program's own private files.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Value(Vec<u8>);

impl Value {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value as text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The value as text for computing (never for output), U+FFFD in the place of what is not UTF-8.
    pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes)", self.0.len())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// A string where the bytes are UTF-8, else `{"bytes": "base64…"}`.
pub fn to_json_bytes(bytes: &[u8]) -> serde_json::Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::Value::String(text.to_owned()),
        Err(_) => serde_json::json!({ "bytes": STANDARD.encode(bytes) }),
    }
}

/// The inverse of [`to_json_bytes`]; `None` for any other shape.
pub fn from_json_bytes(json: &serde_json::Value) -> Option<Vec<u8>> {
    match json {
        serde_json::Value::String(text) => Some(text.clone().into_bytes()),
        serde_json::Value::Object(map) => STANDARD.decode(map.get("bytes")?.as_str()?).ok(),
        _ => None,
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        to_json_bytes(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        from_json_bytes(&json)
            .map(Value)
            .ok_or_else(|| serde::de::Error::custom("expected a string or {\"bytes\": base64}"))
    }
}
