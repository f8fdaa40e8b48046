//! The doctor: rules over the atlas, each a folder with its code, its public page and its spec.
//!
//! [`examine`] runs the rules and orders what they find: the cause before its symptoms, one finding a cause. A rule is
//! pure: it looks at the atlas and may read files through [`Look`], and never runs anything.
//!
//! Deliberately not here: making edits (`apply`), trying them, and rendering findings (`view`).

mod edits;
mod look;
mod project;
mod rank;
mod rule;
mod rules;
mod startup;

pub use edits::{remove_assignment, replace_value};
pub use look::{Group, Look, Seen};
pub use rule::{Area, Check, Rule, Status};
pub use rules::RULES;

use model::Finding;

/// The rule of a code (`GOW021`) or a name, in any spelling of the letters.
pub fn rule(text: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|r| r.code.eq_ignore_ascii_case(text) || r.name.eq_ignore_ascii_case(text))
}

/// Whether a rule is selected by codes, prefixes of codes (`GOW1`) or names.
pub fn selects(rule: &Rule, selectors: &[String]) -> bool {
    selectors.iter().any(|text| {
        let upper = text.to_ascii_uppercase();
        rule.code.starts_with(&upper) || rule.name.eq_ignore_ascii_case(text)
    })
}

/// Every finding of these rules, ordered.
pub fn examine(look: &Look<'_>, rules: &[&'static Rule]) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in rules {
        if !rule.platforms.is_empty() && !rule.platforms.contains(&look.system().os()) {
            continue;
        }
        found.extend((rule.check)(look).into_iter().map(|finding| (*rule, finding)));
    }
    rank::ordered(look, found)
}
