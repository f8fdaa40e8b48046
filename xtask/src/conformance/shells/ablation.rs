//! Whether a claimed origin is one: its literal is changed on that line, and the value must change.

use super::claims::Claim;
use super::home::Home;
use super::plain::{self, Block};
use crate::failure::Done;
use model::Confidence;
use shells::Mode;
use std::path::Path;

/// What came of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The value changed with the claimed line.
    Confirmed,
    /// The value changed with the claimed file, where no line was claimed.
    FileConfirmed,
    /// It did not change, or the line assigns another literal.
    Refuted(String),
    /// The line assigns no literal: what it computes was written elsewhere.
    NoLiteral,
    /// No place was claimed.
    Unplaced,
}

/// One start of a shell, with which others are compared.
pub(crate) struct Start<'a> {
    pub(crate) shell: &'a str,
    pub(crate) program: &'a str,
    pub(crate) mode: Mode,
    pub(crate) home: &'a Home,
    pub(crate) folder: &'a Path,
    /// What the plain run gave.
    pub(crate) plain: &'a Block,
}

/// Puts a claim to the test.
pub(crate) fn verdict(start: &Start<'_>, claim: &Claim) -> Done<Verdict> {
    let Some((file, place)) = &claim.place else { return Ok(Verdict::Unplaced) };
    // Only an exact origin promises its line; any other is asked for its file.
    let line = (place.line > 0 && promises_a_line(claim)).then_some(place.line);
    let Some(changed) = start.home.with_token_changed(file, line, &claim.token) else {
        return Ok(without_literal(start.home, file, line));
    };
    changed.lay(start.folder)?;
    let environment = changed.environment(start.folder);
    let after = plain::run(start.shell, start.program, start.mode, &environment, start.folder)?;
    let before = start.plain.get(&claim.name);
    let moved = after.is_some_and(|block| block.get(&claim.name) != before);
    Ok(match (moved, line) {
        (true, Some(_)) => Verdict::Confirmed,
        (true, None) => Verdict::FileConfirmed,
        (false, _) => Verdict::Refuted("the value stays when its literal is changed there".to_owned()),
    })
}

/// A line that does not have the token: fine where it takes its value from elsewhere, wrong where it says its own.
fn without_literal(home: &Home, file: &str, line: Option<u32>) -> Verdict {
    const TAKES_FROM_ELSEWHERE: &[&str] = &["$", "`", "(", "read", "source", "eval", "<<", "set -e"];
    let text = line.and_then(|l| home.line(file, l)).unwrap_or_default();
    let opens_quotation = text.matches('\'').count() % 2 == 1;
    let last_of_quotation = line.is_some_and(|l| {
        l > 1 && home.line(file, l - 1).is_some_and(|before| before.matches('\'').count() % 2 == 1)
    });
    let elsewhere = TAKES_FROM_ELSEWHERE.iter().any(|sign| text.contains(sign));
    if line.is_none() || elsewhere || opens_quotation || last_of_quotation {
        return Verdict::NoLiteral;
    }
    Verdict::Refuted(format!("that line does not assign it: `{text}`"))
}

/// Whether claims of this confidence are promises of one line.
pub(crate) fn promises_a_line(claim: &Claim) -> bool {
    claim.confidence == Some(Confidence::Exact)
}
