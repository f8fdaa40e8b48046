//! Words and what is expanded in them (POSIX.1-2017 XCU 2.2, 2.6), as far as that can be told from the text.
//!
//! Not here: commands.

use super::{Node, Parser, Read, Unreadable, is_name, parse};

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Piece {
    /// Bytes as they come out.
    Literal(Vec<u8>),
    /// A character of a pattern that no quote protects: itself in an assignment, and else perhaps names of files.
    Pattern(u8),
    /// An expansion.
    Expanded,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Word {
    pub(in super::super) pieces: Vec<Piece>,
    /// An expansion outside of quotes, or `"$@"`: may come out as several words, or as none.
    pub(in super::super) splits: bool,
    /// Variables and literals only, as written, for who wants to expand it: `None` for other expansions.
    pub(in super::super) simple: Option<Vec<Part>>,
    /// Nothing was kept of it.
    pub(in super::super) skimmed: bool,
}

/// A word of which every part is a literal or a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Part {
    Text(Vec<u8>),
    Variable(Vec<u8>),
    /// A `*` outside of quotes.
    Star,
    /// `~` at the beginning.
    Home,
}

impl Word {
    /// The bytes, if no expansion is in it.
    pub(in super::super) fn literal(&self) -> Option<&[u8]> {
        match &self.pieces[..] {
            [] => Some(b""),
            [Piece::Literal(bytes)] => Some(bytes),
            _ => None,
        }
    }

    fn literal_byte(&mut self, byte: u8) {
        if self.skimmed {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Literal(bytes)) => bytes.push(byte),
            _ => self.pieces.push(Piece::Literal(vec![byte])),
        }
        if let Some(parts) = &mut self.simple {
            match parts.last_mut() {
                Some(Part::Text(bytes)) => bytes.push(byte),
                _ => parts.push(Part::Text(vec![byte])),
            }
        }
    }

    fn expanded(&mut self, quoted: bool, part: Option<Part>) {
        if self.skimmed {
            return;
        }
        self.pieces.push(Piece::Expanded);
        self.splits |= !quoted;
        match (&mut self.simple, part) {
            (Some(parts), Some(part)) => parts.push(part),
            (simple, _) => *simple = None,
        }
    }
}

impl Parser<'_> {
    /// One word. `assigns`: `~` may stand behind its `=` and `:`.
    pub(super) fn word(&mut self, assigns: bool, before: &mut Vec<Node>) -> Read<Word> {
        let start = self.at;
        let mut word =
            Word { simple: (!self.skimming).then(Vec::new), skimmed: self.skimming, ..Word::default() };
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'\\' => {
                    match self.after(1) {
                        Some(b'\n') => {}
                        Some(next) => word.literal_byte(next),
                        None => word.literal_byte(b'\\'),
                    }
                    self.at = (self.at + 2).min(self.text.len());
                }
                b'\'' => {
                    let rest = &self.text[self.at + 1..];
                    let len = rest.iter().position(|&b| b == b'\'').ok_or(Unreadable)?;
                    if len == 0 && word.pieces.is_empty() && !word.skimmed {
                        word.pieces.push(Piece::Literal(Vec::new()));
                    }
                    rest[..len].iter().for_each(|&b| word.literal_byte(b));
                    self.at += len + 2;
                }
                b'"' => self.double(&mut word, before)?,
                b'$' | b'`' => self.expansion(&mut word, false, before)?,
                b'~' if self.at == start || assigns && matches!(self.text[self.at - 1], b'=' | b':') => {
                    let rest = &self.text[self.at + 1..];
                    let len =
                        rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b)).count();
                    let part = (len == 0 && self.at == start).then_some(Part::Home);
                    word.expanded(true, part);
                    self.at += 1 + len;
                }
                b'*' | b'?' | b'[' => {
                    if !word.skimmed {
                        word.pieces.push(Piece::Pattern(byte));
                    }
                    match (&mut word.simple, byte) {
                        (Some(parts), b'*') => parts.push(Part::Star),
                        (simple, _) => *simple = None,
                    }
                    self.at += 1;
                }
                _ => {
                    word.literal_byte(byte);
                    self.at += 1;
                }
            }
        }
        if self.at == start { Err(Unreadable) } else { Ok(word) }
    }

    fn double(&mut self, word: &mut Word, before: &mut Vec<Node>) -> Read<()> {
        self.at += 1;
        if word.pieces.is_empty() && !word.skimmed {
            word.pieces.push(Piece::Literal(Vec::new()));
        }
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    let next = self.after(1).ok_or(Unreadable)?;
                    match next {
                        b'\n' => {}
                        b'$' | b'`' | b'"' | b'\\' => word.literal_byte(next),
                        _ => {
                            word.literal_byte(b'\\');
                            word.literal_byte(next);
                        }
                    }
                    self.at += 2;
                }
                b'$' | b'`' => self.expansion(word, true, before)?,
                byte => {
                    word.literal_byte(byte);
                    self.at += 1;
                }
            }
        }
    }

    /// `$…` or a backquoted command.
    fn expansion(&mut self, word: &mut Word, quoted: bool, before: &mut Vec<Node>) -> Read<()> {
        self.deeper()?;
        self.expansion_here(word, quoted, before)?;
        self.depth -= 1;
        Ok(())
    }

    fn expansion_here(&mut self, word: &mut Word, quoted: bool, before: &mut Vec<Node>) -> Read<()> {
        if self.peek() == Some(b'`') {
            before.push(self.backquoted()?);
            word.expanded(quoted, None);
            return Ok(());
        }
        match self.after(1) {
            Some(b'(') => {
                if self.after(2) == Some(b'(') && self.arithmetic()? {
                    word.expanded(quoted, None);
                    return Ok(());
                }
                self.at += 2;
                let list = self.list()?;
                self.close(b')')?;
                before.push(Node::Substitution(Box::new(Node::Sequence(list))));
                word.expanded(quoted, None);
            }
            Some(b'{') => {
                self.at += 2;
                let start = self.at;
                self.braces(before)?;
                let inside = &self.text[start..self.at - 1];
                let part = is_name(inside).then(|| Part::Variable(inside.to_vec()));
                word.splits |= inside == b"@";
                word.expanded(quoted, part);
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.text[self.at + 1..];
                let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                let name = rest[..len].to_vec();
                word.expanded(quoted, Some(Part::Variable(name)));
                self.at += 1 + len;
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => {
                word.splits |= byte == b'@';
                word.expanded(quoted, None);
                self.at += 2;
            }
            _ => {
                word.literal_byte(b'$');
                self.at += 1;
            }
        }
        Ok(())
    }

    /// `$((…))`; false (and nothing read) if it is a command substitution that begins with a subshell.
    fn arithmetic(&mut self) -> Read<bool> {
        let start = self.at;
        self.at += 3;
        let mut open = 0usize;
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b')' if self.after(1) == Some(b')') => {
                    self.at += 2;
                    return Ok(true);
                }
                b')' => {
                    self.at = start;
                    return Ok(false);
                }
                b'$' | b'`' => {
                    self.expansion(&mut Word::default(), true, &mut Vec::new())?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// From behind `${` to behind its `}`.
    fn braces(&mut self, before: &mut Vec<Node>) -> Read<()> {
        let mut scrap = Word::default();
        if self.peek() == Some(b'#') {
            self.at += 1;
        }
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.at = (self.at + 2).min(self.text.len()),
                b'"' => self.double(&mut scrap, before)?,
                b'\'' => {
                    // In double quotes an apostrophe is no quote; if there is none before the brace it is one.
                    let rest = &self.text[self.at + 1..];
                    let next = rest.iter().position(|&b| b == b'\'');
                    let brace = rest.iter().position(|&b| b == b'}');
                    match (next, brace) {
                        (Some(next), Some(brace)) if next < brace => self.at += next + 2,
                        _ => self.at += 1,
                    }
                }
                b'$' | b'`' => self.expansion(&mut scrap, true, before)?,
                _ => self.at += 1,
            }
        }
    }

    fn backquoted(&mut self) -> Read<Node> {
        self.at += 1;
        let mut inside = Vec::new();
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'`' => break,
                b'\\' => {
                    let next = self.after(1).ok_or(Unreadable)?;
                    if !matches!(next, b'`' | b'$' | b'\\') {
                        inside.push(b'\\');
                    }
                    inside.push(next);
                    self.at += 2;
                }
                byte => {
                    inside.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        Ok(Node::Substitution(Box::new(parse(&inside))))
    }
}
