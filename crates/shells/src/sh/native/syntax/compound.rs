//! Commands that hold commands: conditions, loops and choices.

use super::reader::{Parser, Read, Unreadable};
use super::{Node, is_name, with};

impl Parser<'_> {
    pub(super) fn body(&mut self) -> Read<Node> {
        self.reserved(b"do")?;
        let list = self.list()?;
        self.reserved(b"done")?;
        Ok(Node::Sequence(list))
    }

    pub(super) fn conditional(&mut self) -> Read<Node> {
        // `if` and `elif`.
        self.at += self.bare().len();
        let condition = Box::new(Node::Sequence(self.list()?));
        self.reserved(b"then")?;
        let then = Box::new(Node::Sequence(self.list()?));
        self.newlines()?;
        let otherwise = match self.bare() {
            b"elif" => {
                self.deeper()?;
                let next = self.conditional()?;
                self.depth -= 1;
                Some(Box::new(next))
            }
            b"else" => {
                self.at += 4;
                let list = self.list()?;
                self.reserved(b"fi")?;
                Some(Box::new(Node::Sequence(list)))
            }
            _ => {
                self.reserved(b"fi")?;
                None
            }
        };
        Ok(Node::If { condition, then, otherwise })
    }

    pub(super) fn counted(&mut self) -> Read<Node> {
        let line = self.line();
        self.at += 3;
        self.blanks();
        let name = self.bare().to_vec();
        if !is_name(&name) {
            return Err(Unreadable);
        }
        self.at += name.len();
        self.newlines()?;
        let mut words = Vec::new();
        let mut before = Vec::new();
        if self.bare() == b"in" {
            self.at += 2;
            loop {
                self.blanks();
                match self.peek() {
                    Some(b';' | b'\n') | None => break,
                    Some(b'&' | b'|' | b'(' | b')' | b'<' | b'>') => return Err(Unreadable),
                    _ => words.push(self.word(false, &mut before)?),
                }
            }
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.at += 1;
        }
        let body = Box::new(self.body()?);
        Ok(with(before, Node::For { name, line, words, body }))
    }

    pub(super) fn choice(&mut self) -> Read<Node> {
        self.at += 4;
        self.blanks();
        let mut before = Vec::new();
        self.word(false, &mut before)?;
        self.reserved(b"in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines()?;
            if self.bare() == b"esac" {
                self.at += 4;
                return Ok(with(before, Node::Case { arms }));
            }
            if self.peek() == Some(b'(') {
                self.at += 1;
            }
            loop {
                self.blanks();
                match self.peek() {
                    Some(b')') => break,
                    Some(b'|') => self.at += 1,
                    None | Some(b'\n' | b';' | b'&' | b'(' | b'<' | b'>') => return Err(Unreadable),
                    _ => drop(self.word(false, &mut before)?),
                }
            }
            self.at += 1;
            arms.push(Node::Sequence(self.list()?));
            self.newlines()?;
            if self.peek() == Some(b';') && self.after(1) == Some(b';') {
                self.at += 2;
            } else if self.bare() != b"esac" {
                return Err(Unreadable);
            }
        }
    }
}
