//! Answers as text, JSON, Mermaid and DOT: functions from an atlas to what is shown.
//!
//! A value goes to output only through `model::Shown`. Deliberately not here: any I/O (what must be looked up comes
//! through [`Look`]), printing, and any decision of what is right or wrong.

mod diff;
mod doctor;
mod folded;
mod go;
mod groups;
pub mod json;
mod layout;
mod log;
mod map;
mod options;
mod paint;
mod schemas;
mod spell;
mod verify;
mod why;

pub use diff::{Diff, diff_json, diff_text};
pub use doctor::{Doctor, RuleMetadata, doctor_github, doctor_json, doctor_sarif, doctor_text};
pub use go::{WhichGo, go_json, go_text};
pub use log::{
    Change, ChangeKind, ChangeState, ChangedFile, Conflicting, Log, Recovery, TakenBack, conflicts_text,
    log_text, patch_text, taken_back_text,
};
pub use map::{Chosen, Map, Rows, go_variables, map_dot, map_json, map_mermaid, map_text};
pub use options::{Look, Options};
pub use schemas::schemas;
pub use verify::{Mismatch, Verification, Verified, verify_json, verify_text};
pub use why::{Why, WhyEverywhere, why_in_json, why_in_text, why_json, why_text};

#[cfg(test)]
mod example;
