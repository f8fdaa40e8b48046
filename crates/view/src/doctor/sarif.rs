//! Findings as SARIF 2.1.0 (OASIS), for code scanning; fixes are in it.
//!
//! Not here: which rules there are; their metadata comes from the caller.

use crate::Options;
use crate::json::free;
use model::{Finding, Origin, Severity};
use serde_json::{Value, json};
use std::fmt::Write as _;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What SARIF tells of a rule.
#[derive(Clone, Debug)]
pub struct RuleMetadata {
    pub code: &'static str,
    pub name: &'static str,
    pub summary: String,
    /// Markdown.
    pub page: String,
    pub severity: Severity,
}

/// One run of the doctor as a SARIF log.
pub fn doctor_sarif(findings: &[Finding], rules: &[RuleMetadata], version: &str, options: &Options) -> Value {
    let rule = |rule: &RuleMetadata| {
        json!({
            "id": rule.code,
            "name": pascal(rule.name),
            "shortDescription": { "text": rule.summary },
            "help": { "text": rule.page, "markdown": rule.page },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    };
    let result = |finding: &Finding| result(finding, rules, options);
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gowhence",
                "version": version,
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding, rules: &[RuleMetadata], options: &Options) -> Value {
    let mut text = free(&finding.message, options);
    if !finding.help.is_empty() {
        let _ = write!(text, " – {}", free(&finding.help, options));
    }
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": finding.origin.iter().filter_map(location).collect::<Vec<_>>(),
        "properties": {
            "spaces": finding.spaces.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "partialFingerprints": { "cause/v1": fingerprint(finding) },
    });
    if let Some(index) = rules.iter().position(|rule| rule.code == finding.code) {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .filter_map(|related| {
            let mut at = location(&related.origin)?;
            at["message"] = json!({ "text": free(&related.label, options) });
            Some(at)
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    let fixes: Vec<Value> = finding.fixes.iter().filter_map(|fix| self::fix(fix, options)).collect();
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

/// `note` is what SARIF calls all that is less than a warning.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn pascal(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

fn location(origin: &Origin) -> Option<Value> {
    let place = origin.place()?;
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if place.line > 0 {
        let mut region = json!({ "startLine": place.line });
        if place.end_line >= place.line {
            region["endLine"] = json!(place.end_line);
        }
        physical["region"] = region;
    }
    Some(json!({ "physicalLocation": physical }))
}

/// A file's URI (RFC 8089).
fn uri(path: &str) -> String {
    let mut out = String::from("file://");
    let windows = path.as_bytes().get(1) == Some(&b':');
    if windows {
        out.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'\\' if windows => out.push('/'),
            b if b.is_ascii_alphanumeric() || b"-._~/:".contains(&b) => out.push(char::from(b)),
            b => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
    out
}

/// The same cause has the same print, whatever line it has moved to.
fn fingerprint(finding: &Finding) -> String {
    let path = finding.origin.as_ref().and_then(Origin::place).map(|place| place.path.as_str());
    let variable = finding.variable.as_ref().map(|name| name.to_text().into_owned()).unwrap_or_default();
    format!("{}:{variable}:{}", finding.code, path.unwrap_or_default())
}

/// A fix whose bytes are text and hold no secret.
fn fix(fix: &model::Fix, options: &Options) -> Option<Value> {
    let mut changes = Vec::new();
    for edit in &fix.edits {
        let text = std::str::from_utf8(&edit.new).ok().filter(|text| free(text, options) == *text)?;
        changes.push(json!({
            "artifactLocation": { "uri": uri(&edit.path) },
            "replacements": [{
                "deletedRegion": { "byteOffset": edit.range.start, "byteLength": edit.range.len() },
                "insertedContent": { "text": text },
            }],
        }));
    }
    let description = format!("{} ({})", free(&fix.title, options), fix.applicability.as_str());
    (!changes.is_empty())
        .then(|| json!({ "description": { "text": description }, "artifactChanges": changes }))
}

#[cfg(test)]
mod tests {
    use super::{pascal, uri};

    #[test]
    fn names_and_uris() {
        assert_eq!(pascal("goroot-wrong"), "GorootWrong");
        assert_eq!(uri("/home/ann/a b"), "file:///home/ann/a%20b");
        assert_eq!(uri("C:\\Users\\ann"), "file:///C:/Users/ann");
    }
}
