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
    /// An expansion, and of what if that is a variable as it is.
    Expanded(Option<Variable>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Word {
    pub(in super::super) pieces: Vec<Piece>,
    /// An expansion outside of quotes, or `"$@"`: may come out as several words, or as none.
    pub(in super::super) splits: bool,
    /// Nothing was kept of it.
    pub(in super::super) skimmed: bool,
}

/// What can be expanded by who knows its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Variable {
    Named(Vec<u8>),
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
        self.literal_bytes(&[byte]);
    }

    fn literal_bytes(&mut self, more: &[u8]) {
        if self.skimmed || more.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Literal(bytes)) => bytes.extend_from_slice(more),
            _ => self.pieces.push(Piece::Literal(more.to_vec())),
        }
    }

    fn expanded(&mut self, quoted: bool, variable: Option<Variable>) {
        if self.skimmed {
            return;
        }
        self.pieces.push(Piece::Expanded(variable));
        self.splits |= !quoted;
    }
}

/// Whether a byte of a word outside of quotes may be more than itself, or end the word.
const fn is_special(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b',' | b'+' | b'%' | b'@'))
}

impl Parser<'_> {
    /// One word. `assigns`: `~` may stand behind its `=` and `:`.
    pub(super) fn word(&mut self, assigns: bool, before: &mut Vec<Node>) -> Read<Word> {
        let start = self.at;
        let mut word = Word { skimmed: self.skimming, ..Word::default() };
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
                    word.literal_bytes(&rest[..len]);
                    self.at += len + 2;
                }
                b'"' => self.double(&mut word, before)?,
                b'$' | b'`' => self.expansion(&mut word, false, before)?,
                b'~' if self.at == start || assigns && matches!(self.text[self.at - 1], b'=' | b':') => {
                    let rest = &self.text[self.at + 1..];
                    let len =
                        rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b)).count();
                    let part = (len == 0 && self.at == start).then_some(Variable::Home);
                    word.expanded(true, part);
                    self.at += 1 + len;
                }
                b'*' | b'?' | b'[' => {
                    if !word.skimmed {
                        word.pieces.push(Piece::Pattern(byte));
                    }
                    self.at += 1;
                }
                _ => {
                    let rest = &self.text[self.at..];
                    let more = rest[1..].iter().position(|&b| is_special(b)).unwrap_or(rest.len() - 1);
                    word.literal_bytes(&rest[..=more]);
                    self.at += 1 + more;
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
                _ => {
                    let rest = &self.text[self.at..];
                    let len = rest.iter().position(|b| b"\"\\$`".contains(b)).unwrap_or(rest.len());
                    word.literal_bytes(&rest[..len]);
                    self.at += len;
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
                let part = is_name(inside).then(|| Variable::Named(inside.to_vec()));
                word.splits |= inside == b"@";
                word.expanded(quoted, part);
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.text[self.at + 1..];
                let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                let name = rest[..len].to_vec();
                word.expanded(quoted, Some(Variable::Named(name)));
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
