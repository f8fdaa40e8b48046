//! Findings as commands of GitHub's workflow runner, which shows them beside the lines of a change.
//!
//! Not here: SARIF.

use crate::Options;
use crate::json::free;
use model::{Finding, Origin, Severity};

/// `::error file=…,line=…,title=…::message`, a line each (GitHub Docs: Workflow commands).
pub fn doctor_github(findings: &[Finding], options: &Options) -> String {
    findings.iter().map(|finding| one(finding, options)).collect()
}

fn one(finding: &Finding, options: &Options) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = finding.origin.as_ref().and_then(Origin::place) {
        properties.push(format!("file={}", property(&place.path)));
        if place.line > 0 {
            properties.push(format!("line={}", place.line));
        }
    }
    properties.push(format!("title={}", property(&format!("{} {}", finding.code, finding.name))));
    let message = format!("{} – {}", free(&finding.message, options), free(&finding.help, options));
    format!("::{level} {}::{}\n", properties.join(","), data(&message))
}

/// What the runner takes apart is escaped (actions/toolkit: packages/core/src/command.ts).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::property;

    #[test]
    fn nothing_ends_a_property_early() {
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
