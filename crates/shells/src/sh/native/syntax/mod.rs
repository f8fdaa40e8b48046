//! The text of a file in the language of dash, as far as it decides which simple commands may run after which.
//!
//! Follows POSIX.1-2017 XCU 2.10 and, where that leaves it open, dash (dash: src/parser.c). What cannot be read ends the
//! file there ([`Node::Unknown`]): a walk that comes to it gives up. Not here: aliases, which dash puts in while it
//! reads; a command that an alias changed is not recognized later.

mod compound;
mod node;
mod reader;
mod simple;
mod word;

pub(super) use node::{Body, Errors, Node, Simple};
use reader::{DEEPEST, Parser, Read, Unreadable};
pub(super) use word::{Piece, Variable, Word};

pub(super) fn parse(text: &[u8]) -> Node {
    let mut parser = Parser::new(text);
    let mut nodes = Vec::new();
    // Something that closes nothing ends the file as well.
    if parser.list_into(&mut nodes).is_err() || parser.at < text.len() {
        nodes.push(Node::Unknown);
    }
    Node::Sequence(nodes)
}

const CLOSING: &[&[u8]] = &[b"then", b"else", b"elif", b"fi", b"do", b"done", b"esac", b"}"];

impl Parser<'_> {
    /// Commands up to a closing word, `)`, `;;` or the end.
    pub(super) fn list(&mut self) -> Read<Vec<Node>> {
        let mut nodes = Vec::new();
        self.list_into(&mut nodes)?;
        Ok(nodes)
    }

    fn list_into(&mut self, nodes: &mut Vec<Node>) -> Read<()> {
        self.deeper()?;
        loop {
            self.newlines()?;
            match self.peek() {
                None | Some(b')') => break,
                Some(b';') if self.after(1) == Some(b';') => break,
                Some(b';' | b'&' | b'|') => return Err(Unreadable),
                Some(first) if b"tefd}".contains(&first) && CLOSING.contains(&self.bare()) => break,
                _ => {}
            }
            let node = self.and_or()?;
            self.blanks();
            match self.peek() {
                Some(b'&') => {
                    self.at += 1;
                    if !self.skimming {
                        nodes.push(Node::Forked(vec![node]));
                    }
                    continue;
                }
                Some(b';') if self.after(1) != Some(b';') => self.at += 1,
                _ => {}
            }
            if !self.skimming {
                nodes.push(node);
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn and_or(&mut self) -> Read<Node> {
        let mut node = self.pipeline()?;
        for _ in 0..DEEPEST {
            self.blanks();
            match (self.peek(), self.after(1)) {
                (Some(b'&'), Some(b'&')) | (Some(b'|'), Some(b'|')) => self.at += 2,
                _ => return Ok(node),
            }
            self.newlines()?;
            let next = self.pipeline()?;
            node = Node::Maybe(Box::new(node), Box::new(next));
        }
        Err(Unreadable)
    }

    fn pipeline(&mut self) -> Read<Node> {
        self.blanks();
        while self.peek() == Some(b'!') && self.bare() == b"!" {
            self.at += 1;
            self.blanks();
        }
        let first = self.command()?;
        self.blanks();
        if self.peek() != Some(b'|') || self.after(1) == Some(b'|') {
            return Ok(first);
        }
        let mut all = vec![first];
        loop {
            self.blanks();
            if self.peek() != Some(b'|') || self.after(1) == Some(b'|') {
                break;
            }
            self.at += 1;
            self.newlines()?;
            all.push(self.command()?);
        }
        Ok(Node::Forked(all))
    }

    pub(super) fn command(&mut self) -> Read<Node> {
        self.blanks();
        let compound = match (self.peek(), self.bare()) {
            (Some(b'('), _) => {
                self.at += 1;
                let list = self.list()?;
                self.close(b')')?;
                Node::Forked(list)
            }
            (_, b"{") => {
                self.at += 1;
                let list = self.list()?;
                self.reserved(b"}")?;
                Node::Sequence(list)
            }
            (_, b"if") => self.conditional()?,
            (_, b"while" | b"until") => {
                self.at += 5;
                let condition = Box::new(Node::Sequence(self.list()?));
                Node::Loop { condition, body: Box::new(self.body()?) }
            }
            (_, b"for") => self.counted()?,
            (_, b"case") => self.choice()?,
            _ => return self.simple(),
        };
        let mut errors = Errors::Kept;
        let mut before = Vec::new();
        loop {
            self.blanks();
            if !self.redirection(&mut errors, &mut before)? {
                break;
            }
        }
        self.notable |= errors != Errors::Kept;
        let node =
            if errors == Errors::Kept { compound } else { Node::Redirected(Box::new(compound), errors) };
        Ok(with(before, node))
    }
}

/// The substitutions of a command's words, and the command.
fn with(before: Vec<Node>, node: Node) -> Node {
    if before.is_empty() {
        return node;
    }
    Node::Sequence(before.into_iter().chain([node]).collect())
}

pub(super) fn is_name(bytes: &[u8]) -> bool {
    !bytes.is_empty() && crate::bash::xtrace::name_len(bytes) == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a() { if ! [ -n \"${A:-$(echo \"}\" ')')}\" ]; then b || c & fi; } 2>/dev/null
for i in 1 `d \\`e\\`` *; do case $i in (x|y*) f;; *) break; esac done <<-'END' | g
\t$(h
\tEND
X=$((1 + (2)))\\
 Y=~ export Z=$1\"$@\" \\
 >&2 # i
while :; do (j); done; { k; l
}
";

    fn words(node: &Node, into: &mut Vec<(u32, String)>) {
        match node {
            Node::Simple(simple) => {
                into.push((simple.line, String::from_utf8_lossy(&simple.source).into_owned()));
            }
            Node::Sequence(nodes) | Node::Forked(nodes) | Node::Case { arms: nodes } => {
                nodes.iter().for_each(|node| words(node, into));
            }
            Node::Maybe(one, two) | Node::Loop { condition: one, body: two } => {
                words(one, into);
                words(two, into);
            }
            Node::If { condition, then, otherwise } => {
                words(condition, into);
                words(then, into);
                otherwise.iter().for_each(|node| words(node, into));
            }
            Node::For { body: node, .. } | Node::Redirected(node, _) | Node::Substitution(node) => {
                words(node, into);
            }
            Node::Function { body, .. } => {
                let mut inside = Vec::new();
                words(&parse(&body.text), &mut inside);
                into.extend(inside.into_iter().map(|(line, text)| (line + body.line - 1, text)));
            }
            Node::Unknown => into.push((0, "?".to_owned())),
        }
    }

    #[test]
    fn every_command_stands_on_its_line() {
        let mut found = Vec::new();
        words(&parse(TEXT.as_bytes()), &mut found);
        let expected = [
            (1, "echo \"}\" ')'"),
            (1, "[ -n \"${A:-$(echo \"}\" ')')}\" ]"),
            (1, "b"),
            (1, "c"),
            (1, "d `e`"),
            (1, "e"),
        ];
        let found: Vec<(u32, &str)> = found.iter().map(|(line, text)| (*line, &text[..])).collect();
        assert_eq!(found[..4], expected[..4]);
        let rest: Vec<(u32, &str)> =
            found[4..].iter().copied().filter(|(_, t)| !t.starts_with(['d', 'e'])).collect();
        let expected = [
            (2, "f"),
            (2, "break"),
            (2, "g"),
            (5, "X=$((1 + (2)))\\\n Y=~ export Z=$1\"$@\"    >&2"),
            (8, ":"),
            (8, "j"),
            (8, "k"),
            (8, "l"),
        ];
        assert_eq!(rest, expected);
    }

    #[test]
    fn no_beginning_of_a_text_is_too_much() {
        for end in 0..TEXT.len() {
            parse(&TEXT.as_bytes()[..end]);
        }
        for deep in ["$(", "${a:-", "{ ", "a && ", "if a; then b; elif ", "\"$(", "((", "`", "case x in y) "]
        {
            parse(deep.repeat(20_000).as_bytes());
        }
    }
}
