//! Layers and effects: what changes variables, in order.

use crate::{Confidence, Name, Origin, Value, Via};
use serde::{Deserialize, Serialize};

/// One stage in which variables change: what is inherited, a start-up phase of a shell, a settings object, a
/// registry key, a built-in rule of a program. Files are not layers: `.zshrc` may set X, source B, set X again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Stable within its space: kebab-case (`etc-profile`, `pam-env`, `start-up`, `observed`).
    pub id: String,
    pub title: String,
    pub status: LayerStatus,
    /// The file, key or rule that the layer is made from, if it is one.
    pub source: Option<Origin>,
    pub effects: Vec<Effect>,
}

/// A layer that did nothing stays in the list with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayerStatus {
    Applied,
    Skipped { reason: String },
    Unreadable { reason: String },
}

impl Layer {
    pub fn applied(id: impl Into<String>, title: impl Into<String>, effects: Vec<Effect>) -> Self {
        Self { id: id.into(), title: title.into(), status: LayerStatus::Applied, source: None, effects }
    }

    pub fn skipped(id: impl Into<String>, title: impl Into<String>, reason: impl Into<String>) -> Self {
        let status = LayerStatus::Skipped { reason: reason.into() };
        Self { id: id.into(), title: title.into(), status, source: None, effects: Vec::new() }
    }

    pub fn unreadable(id: impl Into<String>, title: impl Into<String>, reason: impl Into<String>) -> Self {
        let status = LayerStatus::Unreadable { reason: reason.into() };
        Self { id: id.into(), title: title.into(), status, source: None, effects: Vec::new() }
    }

    #[must_use]
    pub fn from_source(mut self, origin: Origin) -> Self {
        self.source = Some(origin);
        self
    }
}

/// What a variable is after an effect. `unset`, `empty` and `could not be read` are three different things;
/// empty is `Set` of no bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum After {
    Set(Value),
    Unset,
    /// The effect happened (or may have), but the value cannot be had.
    Unreadable {
        reason: String,
    },
}

/// One change of one variable within a layer, by one origin. What it was before follows from the fold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub name: Name,
    pub after: After,
    pub origin: Origin,
    pub via: Option<Via>,
    pub confidence: Confidence,
    /// Why the confidence is not `exact`.
    pub reason: Option<String>,
}

impl Effect {
    pub fn set(
        name: impl Into<Name>,
        value: impl Into<Value>,
        origin: Origin,
        confidence: Confidence,
    ) -> Self {
        Self::new(name, After::Set(value.into()), origin, confidence)
    }

    pub fn unset(name: impl Into<Name>, origin: Origin, confidence: Confidence) -> Self {
        Self::new(name, After::Unset, origin, confidence)
    }

    pub fn new(name: impl Into<Name>, after: After, origin: Origin, confidence: Confidence) -> Self {
        Self { name: name.into(), after, origin, via: None, confidence, reason: None }
    }

    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    #[must_use]
    pub fn through(mut self, via: Via) -> Self {
        self.via = Some(via);
        self
    }
}
