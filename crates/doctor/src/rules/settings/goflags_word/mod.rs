//! # A word of GOFLAGS is no flag
//!
//! ## What it does
//! Finds values of GOFLAGS in which a word does not begin with a dash, as `-tags six`.
//!
//! ## Why it matters
//! GOFLAGS is a list of flags separated by blanks: a flag and its value are one word, `-tags=six`. `go env` and `go version`
//! take no notice, everything that builds stops: `go: parsing $GOFLAGS: non-flag "six"`.
//!
//! ## Fix
//! The value is joined to its flag: `-tags=six`. Where that cannot be told the assignment is left to you.
//!
//! ## Sources
//! - go: src/cmd/go/internal/base/goflags.go `InitGOFLAGS`
//! - Jguer/yay#1525, microsoft/vscode-go#2177

use crate::edits::stands_there;
use crate::rule::With;
use crate::{Area, Look, Rule, Status, remove_assignment, replace_value};
use model::{Applicability, Finding, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW102",
    name: "goflags-word",
    area: Area::Settings,
    severity: Severity::Error,
    status: Status::Stable,
    platforms: &[],
    depth: 5,
    source: include_str!("mod.rs"),
    check,
};

fn check(look: &Look<'_>) -> Vec<Finding> {
    let groups = look.groups(|seen| {
        let (value, origin) = seen.configured("GOFLAGS")?;
        let text = value.to_text().into_owned();
        let word = text.split_whitespace().find(|word| !word.starts_with(['-', '\'', '"']))?.to_owned();
        // In quotes a word may hold blanks (Go 1.15 and later); what is in them is not looked at.
        (!text.contains(['\'', '"'])).then(|| ((text.clone(), word), Some(origin)))
    });
    groups
        .into_iter()
        .map(|group| {
            let (value, word) = group.what;
            let right = joined(&value);
            let origin = group.origin.as_ref();
            let better = origin.zip(right.as_ref()).and_then(|(origin, right)| {
                replace_value(look, origin, "GOFLAGS", right.as_bytes())
                    .filter(|e| stands_there(look, e, &value))
            });
            let fix = match (better, &right) {
                (Some(edit), Some(right)) => {
                    Some(look.fix(format!("write GOFLAGS={right}"), Applicability::Safe, vec![edit]))
                }
                _ => origin.and_then(|origin| remove_assignment(look, origin, "GOFLAGS")).map(|edit| {
                    look.fix("remove the assignment of GOFLAGS", Applicability::Unsafe, vec![edit])
                }),
            };
            let help = match &right {
                Some(right) => format!("a flag and its value are one word: {right}"),
                None => "a flag and its value are one word, joined by `=`".to_owned(),
            };
            RULE.finding(format!("`{word}` in GOFLAGS is no flag"), group.origin, group.spaces)
                .variable("GOFLAGS")
                .label("every word must begin with a dash")
                .happens(format!("whatever builds stops: \"go: parsing $GOFLAGS: non-flag \"{word}\"\""))
                .help(help)
                .fix(fix)
        })
        .collect()
}

/// Each word without a dash joined to the flag before it.
fn joined(value: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for word in value.split_whitespace() {
        match words.last_mut() {
            Some(flag) if !word.starts_with('-') && !flag.contains('=') => flag.push_str(&format!("={word}")),
            _ => words.push(word.to_owned()),
        }
    }
    words.iter().all(|word| word.starts_with('-')).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn values_are_joined_to_their_flags() {
        assert_eq!(joined("-trimpath -tags six").as_deref(), Some("-trimpath -tags=six"));
        assert_eq!(joined("six"), None);
        assert_eq!(joined("-tags=a b"), None);
    }
}
