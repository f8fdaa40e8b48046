//! Changes between two records whose commands do not have the name: commands without records stand between (a block
//! whose standard error is redirected, a function that switches tracing off), and are looked for in the text.

use super::place::Finder;
use super::walk::Found;
use super::words;
use model::{Confidence, Origin, Place};

/// How far a file is searched behind the last record in it, in lines.
const REST: u32 = 4000;

/// What stands between the record `last` (or the very start) and the record `next`, if its text may change the name.
pub(super) fn between(
    finder: &Finder<'_>,
    last: Option<usize>,
    next: usize,
    spellings: &[Vec<u8>],
) -> Option<Found> {
    let next_site = finder.site(next);
    for (path, from, to) in gaps(finder, last, &next_site) {
        let test = |text: &[u8]| words::changes(text, spellings);
        let Some(first) = finder.sources.first(&path, from, to, test) else { continue };
        let mut place = finder.place(&path, first, spellings);
        let more = finder.sources.last(&path, first + 1, to, test);
        let reason = match more {
            None => "no trace of the command itself; found by its text between the traced commands around it",
            Some(_) => {
                "no trace of the command itself; several lines between the traced ones around it may have done it"
            }
        };
        if let Some(end) = more {
            place.column = 0;
            place.end_line = end;
        }
        return Some(Found {
            origin: Origin::File(place),
            via: None,
            confidence: Confidence::Range,
            reason: Some(reason.to_owned()),
        });
    }
    None
}

/// A change whose command cannot be told: by what the command of `last` runs, or shortly after it.
pub(super) fn unnamed(finder: &Finder<'_>, last: usize) -> Found {
    let spot = finder.spot(last, &[]);
    Found {
        origin: Origin::File(spot.place),
        via: spot.via,
        confidence: Confidence::Range,
        reason: Some(
            "changed by what this command runs, or shortly after it; its text does not name it".to_owned(),
        ),
    }
}

/// Lines between two records: what is left of each file or function that was left, and what stands before the next
/// record.
fn gaps(finder: &Finder<'_>, last: Option<usize>, next: &Place) -> Vec<(String, u32, u32)> {
    let mut gaps = Vec::new();
    let mut at = last;
    while let Some(n) = at {
        let site = finder.site(n);
        if site.path == next.path && site.line <= next.line {
            gaps.push((site.path, site.line, next.line));
            return gaps;
        }
        gaps.push((site.path, site.line, site.line.saturating_add(REST)));
        at = finder.calls.caller(n);
    }
    gaps.push((next.path.clone(), 1, next.line));
    gaps
}
