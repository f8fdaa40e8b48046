//! A simple command as it is written, held against what `set -x` printed of it.
//!
//! dash prints the expanded words with a blank between them and no quotes (dash: src/eval.c eprintlist): the literal
//! parts of the command tell where its words begin and end in that.

use super::syntax::{Piece, Simple, Word};
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Literal bytes, with an expansion between each two.
    runs: Vec<Vec<u8>>,
    /// Of each word: its parts in order, a literal's length or an expansion.
    words: Vec<Vec<Option<usize>>>,
}

impl Pattern {
    pub(super) fn new(simple: &Simple) -> Self {
        let mut pattern = Pattern { runs: vec![Vec::new()], words: Vec::new() };
        for word in &simple.assignments {
            pattern.word(word, true);
        }
        // dash: src/eval.c evalcommand: words of these that look like assignments are expanded as such.
        let first = simple.words.first().and_then(Word::literal);
        let declares = matches!(first, Some(b"export" | b"readonly" | b"local"));
        for word in &simple.words {
            pattern.word(word, declares && assigned_name(word).is_some());
        }
        pattern
    }

    /// Each word with the blank before it.
    fn word(&mut self, word: &Word, assigns: bool) {
        let files = !assigns && word.pieces.iter().any(|p| matches!(p, Piece::Pattern(_)));
        let mut parts = Vec::new();
        if files || !assigns && word.splits {
            self.runs.push(Vec::new());
            parts.push(None);
        } else {
            parts.push(Some(1));
            self.literal(b" ");
            for piece in &word.pieces {
                match piece {
                    Piece::Literal(bytes) => {
                        self.literal(bytes);
                        parts.push(Some(bytes.len()));
                    }
                    Piece::Pattern(byte) => {
                        self.literal(&[*byte]);
                        parts.push(Some(1));
                    }
                    Piece::Expanded(_) => {
                        self.runs.push(Vec::new());
                        parts.push(None);
                    }
                }
            }
        }
        self.words.push(parts);
    }

    fn literal(&mut self, bytes: &[u8]) {
        if let Some(run) = self.runs.last_mut() {
            run.extend_from_slice(bytes);
        }
    }

    /// Where each word stands in `text`, with the blank before it. `text` begins with a blank, unless it is empty.
    pub(super) fn find(&self, text: &[u8]) -> Option<Vec<Range<usize>>> {
        let (first, rest) = self.runs.split_first()?;
        if !text.starts_with(first) {
            return None;
        }
        let mut at = first.len();
        let mut expanded = Vec::with_capacity(rest.len());
        if let Some((last, middle)) = rest.split_last() {
            for run in middle {
                let start = at;
                at += position(&text[at..], run)?;
                expanded.push(start..at);
                at += run.len();
            }
            let end = text.len().checked_sub(last.len()).filter(|&end| end >= at)?;
            if !text.ends_with(last) {
                return None;
            }
            expanded.push(at..end);
        } else if at != text.len() {
            return None;
        }
        let mut expanded = expanded.into_iter();
        let mut at = 0;
        let mut words = Vec::with_capacity(self.words.len());
        for parts in &self.words {
            let start = at;
            for part in parts {
                at = match part {
                    Some(len) => at + len,
                    None => expanded.next()?.end,
                };
            }
            words.push(start..at);
        }
        Some(words)
    }
}

/// `NAME` of a word that begins with the literal text `NAME=`.
pub(super) fn assigned_name(word: &Word) -> Option<&[u8]> {
    let Some(Piece::Literal(bytes)) = word.pieces.first() else { return None };
    let len = crate::bash::xtrace::name_len(bytes);
    (len > 0 && bytes.get(len) == Some(&b'=')).then(|| &bytes[..len])
}

fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some(&first) = part.first() else { return Some(0) };
    let mut from = 0;
    loop {
        from += text[from..].iter().position(|&b| b == first)?;
        if text[from..].starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}
