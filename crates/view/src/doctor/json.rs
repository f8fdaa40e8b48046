//! Findings as JSON.
//!
//! Not here: SARIF.

use crate::Options;
use crate::json::{JsonText, Origin, SCHEMA_VERSION, Severity, free};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence doctor --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "doctor")]
pub struct Doctor {
    pub schema_version: u32,
    pub findings: Vec<JsonFinding>,
    pub could_not_check: Vec<NotChecked>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "finding")]
pub struct JsonFinding {
    pub code: String,
    pub name: String,
    pub severity: Severity,
    pub message: String,
    /// What happens to a Go command because of it.
    pub consequence: String,
    pub help: String,
    pub spaces: Vec<String>,
    pub variable: Option<JsonText>,
    pub origin: Option<Origin>,
    /// What the cause does, beside its line.
    pub label: String,
    pub related: Vec<JsonRelated>,
    pub fixes: Vec<JsonFix>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "related")]
pub struct JsonRelated {
    pub origin: Origin,
    pub label: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "fix")]
pub struct JsonFix {
    pub title: String,
    /// `safe`, `unsafe` or `manual`.
    pub applicability: &'static str,
    pub reason: Option<String>,
    /// `project`, `user`, `machine` or `team`.
    pub reach: &'static str,
    pub edits: Vec<JsonEdit>,
    /// What must be started anew before it is seen.
    pub restart: Vec<String>,
}

/// Bytes of a file and what stands there instead.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "edit")]
pub struct JsonEdit {
    pub path: String,
    /// Offset of the first byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    pub new: JsonText,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "not_checked")]
pub struct NotChecked {
    pub space: String,
    pub reason: String,
}

/// Every finding, in order.
pub fn doctor_json(
    findings: &[model::Finding],
    could_not_check: &[(String, String)],
    options: &Options,
) -> Doctor {
    let severity = |severity: model::Severity| match severity {
        model::Severity::Error => Severity::Error,
        model::Severity::Warning => Severity::Warning,
        model::Severity::Info => Severity::Info,
        model::Severity::Hint => Severity::Hint,
    };
    let fix = |fix: &model::Fix| JsonFix {
        title: free(&fix.title, options),
        applicability: fix.applicability.as_str(),
        reason: fix.reason.as_ref().map(|text| free(text, options)),
        reach: fix.reach.as_str(),
        edits: fix
            .edits
            .iter()
            .map(|edit| JsonEdit {
                path: edit.path.clone(),
                start: edit.range.start,
                end: edit.range.end,
                new: JsonText::of(&edit.new, options),
            })
            .collect(),
        restart: fix.restart.clone(),
    };
    let finding = |f: &model::Finding| JsonFinding {
        code: f.code.clone(),
        name: f.name.clone(),
        severity: severity(f.severity),
        message: free(&f.message, options),
        consequence: free(&f.consequence, options),
        help: free(&f.help, options),
        spaces: f.spaces.iter().map(ToString::to_string).collect(),
        variable: f.variable.as_ref().map(|name| JsonText::plain(name.as_bytes())),
        origin: f.origin.as_ref().map(Origin::from),
        label: free(&f.label, options),
        related: f
            .related
            .iter()
            .map(|r| JsonRelated { origin: (&r.origin).into(), label: free(&r.label, options) })
            .collect(),
        fixes: f.fixes.iter().map(fix).collect(),
    };
    Doctor {
        schema_version: SCHEMA_VERSION,
        findings: findings.iter().map(finding).collect(),
        could_not_check: could_not_check
            .iter()
            .map(|(space, reason)| NotChecked { space: space.clone(), reason: free(reason, options) })
            .collect(),
    }
}
