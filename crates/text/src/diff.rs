//! What differs between two texts, line by line: as hunks, and as a unified diff.
//!
//! Lines are bytes with their end, so that a changed line end is a changed line. Not here: colours, and hiding secrets
//! within lines; who prints hunks does that.

use similar::{Algorithm, ChangeTag, capture_diff_slices, group_diff_ops};
use std::ops::Range;

/// Unchanged lines around a change, as diff(1) -u and git show them.
pub const CONTEXT: usize = 3;

/// How a line stands in a hunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Kept,
    Removed,
    Added,
}

impl Change {
    /// The character before the line in a unified diff.
    pub fn sign(self) -> char {
        match self {
            Change::Kept => ' ',
            Change::Removed => '-',
            Change::Added => '+',
        }
    }
}

/// One line of a hunk, its end included; the last line of a file may have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub change: Change,
    pub text: &'a [u8],
}

/// Changes that stand near each other, with the lines around them. Lines count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk<'a> {
    pub before: Range<usize>,
    pub after: Range<usize>,
    pub lines: Vec<Line<'a>>,
}

impl Hunk<'_> {
    /// `@@ -1,3 +1,4 @@`, numbers as POSIX' diff(1) writes them: a range of one line without its length, an empty one
    /// by the line before it.
    pub fn head(&self) -> String {
        format!("@@ -{} +{} @@", numbers(&self.before), numbers(&self.after))
    }
}

fn numbers(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => (range.start + 1).to_string(),
        len => format!("{},{len}", range.start + 1),
    }
}

/// What a unified diff says after a line that has no end.
pub const NO_END: &str = "\\ No newline at end of file";

/// The changes between two texts; none where they are equal.
pub fn hunks<'a>(before: &'a [u8], after: &'a [u8], context: usize) -> Vec<Hunk<'a>> {
    let (old, new) = (lines(before), lines(after));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let groups = group_diff_ops(ops, context);
    groups
        .into_iter()
        .filter_map(|group| {
            let (first, last) = (group.first()?, group.last()?);
            let lines = group.iter().flat_map(|op| op.iter_changes(&old, &new)).map(|change| {
                let kind = match change.tag() {
                    ChangeTag::Equal => Change::Kept,
                    ChangeTag::Delete => Change::Removed,
                    ChangeTag::Insert => Change::Added,
                };
                Line { change: kind, text: change.value() }
            });
            Some(Hunk {
                before: first.old_range().start..last.old_range().end,
                after: first.new_range().start..last.new_range().end,
                lines: lines.collect(),
            })
        })
        .collect()
}

/// A unified diff that patch(1) takes; empty where nothing differs. A name is a path, or `/dev/null` for a file that is
/// not there.
pub fn unified(before: &[u8], after: &[u8], names: [&str; 2]) -> Vec<u8> {
    let hunks = hunks(before, after, CONTEXT);
    let mut out = Vec::new();
    if hunks.is_empty() {
        return out;
    }
    out.extend_from_slice(format!("--- {}\n+++ {}\n", names[0], names[1]).as_bytes());
    for hunk in hunks {
        out.extend_from_slice(hunk.head().as_bytes());
        out.push(b'\n');
        for Line { change, text } in hunk.lines {
            out.push(change.sign() as u8);
            out.extend_from_slice(text);
            if text.last() != Some(&b'\n') {
                out.push(b'\n');
                out.extend_from_slice(NO_END.as_bytes());
                out.push(b'\n');
            }
        }
    }
    out
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|&b| b == b'\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        String::from_utf8(unified(before.as_bytes(), after.as_bytes(), ["a", "b"])).expect("text")
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(diff("a\n", "a\n"), "");
        assert_eq!(diff("", ""), "");
    }

    #[test]
    fn as_diff_u_writes_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n";
        let wanted = "--- a\n+++ b\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n";
        assert_eq!(diff(before, after), wanted);
        assert_eq!(diff("", "a\n"), "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(diff("a\n", ""), "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n");
    }

    #[test]
    fn a_missing_or_other_line_end_is_a_difference() {
        assert_eq!(
            diff("a\nb", "a\nb\n"),
            "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
        );
        assert_eq!(diff("a\r\n", "a\n"), "--- a\n+++ b\n@@ -1 +1 @@\n-a\r\n+a\n");
    }
}
