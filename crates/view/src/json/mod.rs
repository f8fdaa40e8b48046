//! The shapes that JSON answers share: text, origins, entries, problems.
//!
//! The words of the schema live here so that the model stays free of output. Keys are only added, never changed
//! (from schema version 1 on). Not here: the answers themselves, each beside its view.

mod text;

pub(crate) use text::free;
pub use text::{JsonText, Shade};

use crate::Options;
use model::{Name, State};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// 0 until the doctor's findings have a shape, then 1 and additive changes only.
pub const SCHEMA_VERSION: u32 = 0;

/// Where a change was written down, or which rule of a program made it.
#[derive(Debug, Serialize, JsonSchema, Default)]
#[schemars(rename = "origin")]
pub struct Origin {
    pub kind: OriginKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// From 1; absent where the whole file is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// In bytes, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// One past the last byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// Registry key with its hive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Name of the registry value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `REG_SZ`, `REG_EXPAND_SZ` …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub value_type: Option<String>,
    /// JSON pointer into a settings file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// A rule of a program, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The source that defines the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "origin_kind")]
pub enum OriginKind {
    File,
    Registry,
    Setting,
    Process,
    Rule,
    #[default]
    Unknown,
}

impl From<&model::Origin> for Origin {
    fn from(origin: &model::Origin) -> Self {
        let some = |n: u32| (n > 0).then_some(n);
        let at = |kind: OriginKind, place: &model::Place| Self {
            kind,
            path: Some(place.path.clone()),
            line: some(place.line),
            column: some(place.column),
            end_line: some(place.end_line),
            end_column: some(place.end_column),
            ..Self::default()
        };
        match origin {
            model::Origin::File(place) => at(OriginKind::File, place),
            model::Origin::Setting { place, pointer } => {
                Self { pointer: Some(pointer.clone()), ..at(OriginKind::Setting, place) }
            }
            model::Origin::Registry { key, name, value_type } => Self {
                kind: OriginKind::Registry,
                key: Some(key.clone()),
                name: Some(name.clone()),
                value_type: Some(value_type.clone()),
                ..Self::default()
            },
            model::Origin::Process { pid } => {
                Self { kind: OriginKind::Process, pid: Some(*pid), ..Self::default() }
            }
            model::Origin::Rule { rule, reference } => Self {
                kind: OriginKind::Rule,
                rule: Some(rule.clone()),
                reference: (!reference.is_empty()).then(|| reference.clone()),
                ..Self::default()
            },
            model::Origin::Unknown { reason } => Self { reason: Some(reason.clone()), ..Self::default() },
        }
    }
}

/// The call site of an effect that came from `eval`, a function, a generated line or a sourced tool.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "via")]
pub struct Via {
    pub how: String,
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Line of the generated text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated_line: Option<u32>,
}

impl From<&model::Via> for Via {
    fn from(via: &model::Via) -> Self {
        let some = |n: u32| (n > 0).then_some(n);
        Self {
            how: via.how.clone(),
            path: via.place.path.clone(),
            line: some(via.place.line),
            column: some(via.place.column),
            generated_line: via.generated_line,
        }
    }
}

/// One entry of a list variable and who added it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "entry")]
pub struct Entry {
    pub value: JsonText,
    pub layer: String,
    /// The space in whose layers that layer stands.
    pub layer_space: String,
    pub origin: Origin,
    pub via: Option<Via>,
    pub confidence: &'static str,
    /// Whether the folder exists; null where that was not looked at.
    pub exists: Option<bool>,
}

/// Entries of a list variable; `exists` is asked for variables whose entries are folders.
pub(crate) fn entries(
    name: &Name,
    entries: &[Arc<model::Entry>],
    exists: &dyn Fn(&str) -> Option<bool>,
    options: &Options,
) -> Vec<Entry> {
    let one = |entry: &model::Entry| Entry {
        value: Shade::of(name, options).bytes(&entry.bytes),
        layer: entry.layer.clone(),
        layer_space: entry.space.to_string(),
        origin: (&entry.origin).into(),
        via: entry.via.as_ref().map(Via::from),
        confidence: entry.confidence.as_str(),
        exists: std::str::from_utf8(&entry.bytes).ok().filter(|_| names_folders(name)).and_then(exists),
    };
    entries.iter().map(|entry| one(entry)).collect()
}

/// Whether the entries of a list variable are folders.
pub(crate) fn names_folders(name: &Name) -> bool {
    let name = name.as_bytes();
    name.last_chunk::<4>().is_some_and(|end| end.eq_ignore_ascii_case(b"PATH"))
        || name.last_chunk::<5>().is_some_and(|end| end.eq_ignore_ascii_case(b"_DIRS"))
}

/// What went wrong while something was read.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "problem")]
pub struct Problem {
    pub code: String,
    pub severity: Severity,
    pub message: String,
    pub origin: Option<Origin>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "severity")]
pub enum Severity {
    Error,
    Warning,
    Info,
    Hint,
}

pub(crate) fn problem(problem: &model::Problem, options: &Options) -> Problem {
    Problem {
        code: problem.code.clone(),
        severity: match problem.severity {
            model::Severity::Error => Severity::Error,
            model::Severity::Warning => Severity::Warning,
            model::Severity::Info => Severity::Info,
            model::Severity::Hint => Severity::Hint,
        },
        message: free(&problem.message, options),
        origin: problem.origin.as_ref().map(Origin::from),
    }
}

/// `set`, `empty`, `unset` or `unreadable`.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "state")]
pub enum StateWord {
    Set,
    Empty,
    Unset,
    Unreadable,
}

impl From<&State> for StateWord {
    fn from(state: &State) -> Self {
        match state {
            State::Set(value) if value.is_empty() => StateWord::Empty,
            State::Set(_) => StateWord::Set,
            State::Unset => StateWord::Unset,
            State::Unreadable { .. } => StateWord::Unreadable,
        }
    }
}
