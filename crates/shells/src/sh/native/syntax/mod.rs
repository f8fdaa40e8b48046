//! The text of a file in the language of dash, as far as it decides which simple commands may run after which.
//!
//! Follows POSIX.1-2017 XCU 2.10 and, where that leaves it open, dash (dash: src/parser.c). What cannot be read ends the
//! file there ([`Node::Unknown`]): a walk that comes to it gives up. Not here: aliases, which dash puts in while it
//! reads; a command that an alias changed is not recognized later.

mod word;

pub(super) use word::{Part, Piece, Word};

/// Where standard error is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Errors {
    Kept,
    ToNull,
    Elsewhere,
}

#[derive(Clone, Debug)]
pub(super) struct Simple {
    /// Of its first byte, from 1.
    pub(super) line: u32,
    /// As it is written, without line continuations between its words.
    pub(super) source: Vec<u8>,
    /// `NAME=value` before the command.
    pub(super) assignments: Vec<Word>,
    pub(super) words: Vec<Word>,
    pub(super) errors: Errors,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Simple(Simple),
    Sequence(Vec<Node>),
    /// The second may run after the first.
    Maybe(Box<Node>, Box<Node>),
    /// What runs in a process of its own.
    Forked(Vec<Node>),
    If {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    Loop {
        condition: Box<Node>,
        body: Box<Node>,
    },
    For {
        name: Vec<u8>,
        line: u32,
        words: Vec<Word>,
        body: Box<Node>,
    },
    Case {
        arms: Vec<Node>,
    },
    Function {
        name: Vec<u8>,
        line: u32,
        body: Body,
    },
    /// A compound command whose standard error goes elsewhere.
    Redirected(Box<Node>, Errors),
    /// A command substitution or a here-document's, before the command that it stands in.
    Substitution(Box<Node>),
    Unknown,
}

/// What a function runs: most are never called, so it is only skimmed until then.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) text: Vec<u8>,
    /// Of its first byte, from 1.
    pub(super) line: u32,
    /// A command in it sends standard error elsewhere, or reads a file.
    pub(super) notable: bool,
}

pub(super) fn parse(text: &[u8]) -> Node {
    let mut parser = Parser {
        text,
        at: 0,
        line_starts: std::iter::once(0)
            .chain(text.iter().enumerate().filter(|&(_, &b)| b == b'\n').map(|(i, _)| i + 1))
            .collect(),
        documents: Vec::new(),
        joints: Vec::new(),
        depth: 0,
        skimming: false,
        notable: false,
    };
    let mut nodes = Vec::new();
    // Something that closes nothing ends the file as well.
    if parser.list_into(&mut nodes).is_err() || parser.at < text.len() {
        nodes.push(Node::Unknown);
    }
    Node::Sequence(nodes)
}

struct Unreadable;
type Read<T> = Result<T, Unreadable>;

struct Document {
    delimiter: Vec<u8>,
    strip_tabs: bool,
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
    line_starts: Vec<usize>,
    documents: Vec<Document>,
    /// Where a line was continued between two words.
    joints: Vec<usize>,
    depth: usize,
    /// Only the end of what is read is wanted, and whether there is something notable in it.
    skimming: bool,
    notable: bool,
}

/// Deeper nesting than any start-up file has.
const DEEPEST: usize = 200;

const CLOSING: &[&[u8]] = &[b"then", b"else", b"elif", b"fi", b"do", b"done", b"esac", b"}"];

impl Parser<'_> {
    /// One more level of commands in commands.
    fn deeper(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(Unreadable) } else { Ok(()) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn after(&self, count: usize) -> Option<u8> {
        self.text.get(self.at + count).copied()
    }

    fn line(&self) -> u32 {
        u32::try_from(self.line_starts.partition_point(|&start| start <= self.at)).unwrap_or(u32::MAX)
    }

    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.after(1) == Some(b'\n') => {
                    self.joints.push(self.at);
                    self.at += 2;
                }
                Some(b'#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn newline(&mut self) -> Read<()> {
        self.at += 1;
        for document in std::mem::take(&mut self.documents) {
            self.skip_document(&document)?;
        }
        Ok(())
    }

    fn skip_document(&mut self, document: &Document) -> Read<()> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return Ok(());
            }
            let end = rest.iter().position(|&b| b == b'\n');
            let line = &rest[..end.unwrap_or(rest.len())];
            self.at += end.map_or(rest.len(), |end| end + 1);
            let tabs = if document.strip_tabs { line.iter().take_while(|&&b| b == b'\t').count() } else { 0 };
            if line[tabs..] == document.delimiter[..] {
                return Ok(());
            }
        }
    }

    fn newlines(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return Ok(());
            }
            self.newline()?;
        }
    }

    /// The unquoted word that stands here, for reserved words.
    fn bare(&self) -> &[u8] {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|b| b" \t\n;&|()<>".contains(b)).unwrap_or(rest.len());
        &rest[..end]
    }

    fn reserved(&mut self, word: &[u8]) -> Read<()> {
        self.newlines()?;
        if self.bare() != word {
            return Err(Unreadable);
        }
        self.at += word.len();
        Ok(())
    }

    /// Commands up to a closing word, `)`, `;;` or the end.
    fn list(&mut self) -> Read<Vec<Node>> {
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
                _ if CLOSING.contains(&self.bare()) => break,
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
        while self.bare() == b"!" {
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

    fn command(&mut self) -> Read<Node> {
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

    fn close(&mut self, byte: u8) -> Read<()> {
        self.newlines()?;
        if self.peek() != Some(byte) {
            return Err(Unreadable);
        }
        self.at += 1;
        Ok(())
    }

    fn body(&mut self) -> Read<Node> {
        self.reserved(b"do")?;
        let list = self.list()?;
        self.reserved(b"done")?;
        Ok(Node::Sequence(list))
    }

    fn conditional(&mut self) -> Read<Node> {
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

    fn counted(&mut self) -> Read<Node> {
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

    fn choice(&mut self) -> Read<Node> {
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

    fn simple(&mut self) -> Read<Node> {
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

    fn function(&mut self, head: &Simple, line: u32) -> Read<Node> {
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
    fn redirection(&mut self, errors: &mut Errors, before: &mut Vec<Node>) -> Read<bool> {
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

/// Whether `NAME=` stands at the beginning.
fn begins_assignment(text: &[u8]) -> bool {
    let name = crate::bash::xtrace::name_len(text);
    name > 0 && text.get(name) == Some(&b'=')
}

fn unquoted(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|b| !b"'\"\\".contains(b)).collect()
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
