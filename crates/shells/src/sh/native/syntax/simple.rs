//! Commands of words, their redirections, and functions, which begin as such a command does.

use super::reader::{Document, Parser, Read, Unreadable};
use super::{Body, Errors, Node, Simple, Word, with};

impl Parser<'_> {
    pub(super) fn simple(&mut self) -> Read<Node> {
        let start = self.at;
        let line = if self.skimming { 0 } else { self.line() };
        let mut end = start;
        let mut before = Vec::new();
        let mut simple = Simple {
            line,
            source: Vec::new(),
            assignments: Vec::new(),
            words: Vec::new(),
            errors: Errors::Kept,
        };
        loop {
            self.blanks();
            match self.peek() {
                Some(b'(') if simple.words.len() == 1 && simple.assignments.is_empty() => {
                    return self.function(&simple, line);
                }
                Some(b'(') => return Err(Unreadable),
                None | Some(b'\n' | b';' | b'&' | b'|' | b')') => break,
                _ => {}
            }
            if !self.redirection(&mut simple.errors, &mut before)? {
                let assigns = simple.words.is_empty() && begins_assignment(&self.text[self.at..]);
                let word = self.word(assigns || begins_assignment(&self.text[self.at..]), &mut before)?;
                if assigns { &mut simple.assignments } else { &mut simple.words }.push(word);
            }
            end = self.at;
        }
        if end == start {
            return Err(Unreadable);
        }
        let source = &self.text[start..end];
        if self.skimming {
            let reads = source.split(|b| b" \t".contains(b)).any(|word| word == b".");
            self.notable |= reads || simple.errors != Errors::Kept;
            return Ok(with(before, Node::Sequence(Vec::new())));
        }
        simple.source = source.to_vec();
        for &joint in self.joints.iter().rev().take_while(|&&joint| joint > start) {
            if let Some(bytes) = simple.source.get_mut(joint - start..joint - start + 2) {
                bytes.fill(b' ');
            }
        }
        Ok(with(before, Node::Simple(simple)))
    }

    pub(super) fn function(&mut self, head: &Simple, line: u32) -> Read<Node> {
        let name = head.words.first().and_then(Word::literal).ok_or(Unreadable)?.to_vec();
        self.at += 1;
        self.close(b')')?;
        self.newlines()?;
        let (start, first) = (self.at, self.line());
        let outer = (self.skimming, self.notable);
        (self.skimming, self.notable) = (true, false);
        self.command()?;
        let notable = self.notable;
        (self.skimming, self.notable) = (outer.0, outer.1 || notable);
        if self.skimming {
            return Ok(Node::Sequence(Vec::new()));
        }
        let text = self.text[start..self.at].to_vec();
        Ok(Node::Function { name, line, body: Body { text, line: first, notable } })
    }

    /// One redirection, if one stands here.
    pub(super) fn redirection(&mut self, errors: &mut Errors, before: &mut Vec<Node>) -> Read<bool> {
        let digits = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let sign = match self.after(digits) {
            Some(sign @ (b'<' | b'>')) => sign,
            _ => return Ok(false),
        };
        let number = &self.text[self.at..self.at + digits];
        let is_errors = number == b"2";
        self.at += digits + 1;
        if sign == b'<' && self.peek() == Some(b'<') {
            self.at += 1;
            let strip_tabs = self.peek() == Some(b'-');
            self.at += usize::from(strip_tabs);
            self.blanks();
            let start = self.at;
            self.word(false, &mut Vec::new())?;
            let delimiter = unquoted(&self.text[start..self.at]);
            self.documents.push(Document { delimiter, strip_tabs });
            return Ok(true);
        }
        if matches!(self.peek(), Some(b'&' | b'>' | b'|')) {
            self.at += 1;
        }
        self.blanks();
        let target = self.word(false, before)?;
        if is_errors {
            let to = if target.literal() == Some(b"/dev/null") { Errors::ToNull } else { Errors::Elsewhere };
            *errors = (*errors).max(to);
        }
        Ok(true)
    }
}

/// Whether `NAME=` stands at the beginning.
fn begins_assignment(text: &[u8]) -> bool {
    let name = crate::bash::xtrace::name_len(text);
    name > 0 && text.get(name) == Some(&b'=')
}

fn unquoted(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|b| !b"'\"\\".contains(b)).collect()
}
