//! From words to a tree, with what VS Code does at each fault (vscode: base/common/json.ts `visit`); without recursion, so
//! that no file is too deep.

use super::scan::{Scanner, Token};
use super::{Document, Node, Object, Problem, ProblemKind, Property, Value};
use crate::lines::Lines;
use std::ops::Range;

/// Levels that are kept. VS Code gives up a file where its stack ends, at some thousands; no settings come near this.
pub const MAX_DEPTH: usize = 256;
/// Problems that are kept: a file of another format has one a word.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// Reads a file. Never fails.
pub fn read(bytes: &[u8]) -> Document {
    let mut reader = Reader {
        scanner: Scanner::new(bytes),
        token: Token::End,
        stack: Vec::new(),
        root: None,
        faults: Vec::new(),
    };
    reader.document();
    let lines = (!reader.faults.is_empty()).then(|| Lines::of(bytes));
    let problem = |(kind, range): (ProblemKind, Range<usize>)| {
        let (line, column) = lines.as_ref().map_or((1, 1), |lines| lines.place(range.start));
        Problem { kind, range, line, column }
    };
    Document { root: reader.root, problems: reader.faults.into_iter().map(problem).collect() }
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    token: Token<'a>,
    stack: Vec<Open>,
    root: Option<Node>,
    faults: Vec<(ProblemKind, Range<usize>)>,
}

/// An object or array whose end was not yet read.
struct Open {
    start: usize,
    kind: Kind,
    needs_comma: bool,
}

enum Kind {
    Object(Vec<Property>),
    Array(Vec<Node>),
}

impl Open {
    fn closing(&self) -> (Token<'static>, ProblemKind) {
        match self.kind {
            Kind::Object(_) => (Token::CloseBrace, ProblemKind::CloseBraceExpected),
            Kind::Array(_) => (Token::CloseBracket, ProblemKind::CloseBracketExpected),
        }
    }
}

impl Reader<'_> {
    fn fault(&mut self, kind: ProblemKind) {
        if self.faults.len() < MAX_PROBLEMS {
            self.faults.push((kind, self.scanner.range()));
        }
    }

    /// The next word that is no blank and no comment; what is no word of JSON is passed over.
    fn next(&mut self) {
        loop {
            let token = self.scanner.scan();
            if let Some(error) = self.scanner.error() {
                self.fault(error);
            }
            match token {
                Token::LineComment | Token::BlockComment | Token::LineBreak | Token::Blank => {}
                Token::Unknown => self.fault(ProblemKind::InvalidSymbol),
                token => {
                    self.token = token;
                    return;
                }
            }
        }
    }

    fn document(&mut self) {
        self.next();
        if self.token == Token::End || !self.value() {
            self.fault(ProblemKind::ValueExpected);
            return;
        }
        while let Some(open) = self.stack.last_mut() {
            let (closing, missing) = open.closing();
            if self.token == closing || self.token == Token::End {
                self.close(missing);
                continue;
            }
            let needs_comma = std::mem::replace(&mut open.needs_comma, true);
            let is_object = matches!(open.kind, Kind::Object(_));
            if self.token == Token::Comma {
                if !needs_comma {
                    self.fault(ProblemKind::ValueExpected);
                }
                self.next();
                if self.token == closing {
                    continue;
                }
            } else if needs_comma {
                self.fault(ProblemKind::CommaExpected);
            }
            if is_object {
                self.property();
            } else if !self.value() {
                self.fault(ProblemKind::ValueExpected);
                self.skip_to(&Token::CloseBracket);
            }
        }
        if self.token != Token::End {
            self.fault(ProblemKind::EndOfFileExpected);
        }
    }

    fn skip_to(&mut self, closing: &Token<'static>) {
        while self.token != Token::End && self.token != *closing && self.token != Token::Comma {
            self.next();
        }
    }

    fn property(&mut self) {
        let Token::String(key) = &self.token else {
            self.fault(ProblemKind::NameExpected);
            self.skip_to(&Token::CloseBrace);
            return;
        };
        let property = Property { key: key.to_string(), key_range: self.scanner.range(), value: None };
        if let Some(Kind::Object(properties)) = self.innermost() {
            properties.push(property);
        }
        self.next();
        if self.token != Token::Colon {
            self.fault(ProblemKind::ColonExpected);
            self.skip_to(&Token::CloseBrace);
            return;
        }
        self.next();
        if !self.value() {
            self.fault(ProblemKind::ValueExpected);
            self.skip_to(&Token::CloseBrace);
        }
    }

    /// Reads a literal, or opens an object or array. False, and nothing read, where no value begins.
    fn value(&mut self) -> bool {
        let value = match &self.token {
            Token::OpenBrace => return self.open(Kind::Object(Vec::new())),
            Token::OpenBracket => return self.open(Kind::Array(Vec::new())),
            Token::String(text) => Value::String(text.to_string()),
            // `JSON.parse` refuses `1.`, and 0 stands in for it.
            Token::Number(text) if text.ends_with('.') => {
                self.fault(ProblemKind::InvalidNumber);
                Value::Number(0.0)
            }
            Token::Number(text) => Value::Number(text.parse().unwrap_or_default()),
            Token::True => Value::Bool(true),
            Token::False => Value::Bool(false),
            Token::Null => Value::Null,
            _ => return false,
        };
        self.deliver(Node { range: self.scanner.range(), value });
        self.next();
        true
    }

    fn open(&mut self, kind: Kind) -> bool {
        if self.stack.len() == MAX_DEPTH {
            self.fault(ProblemKind::TooDeep);
        }
        self.stack.push(Open { start: self.scanner.range().start, kind, needs_comma: false });
        self.next();
        true
    }

    /// Ends the innermost object or array, at its closing bracket or at the end of the file.
    fn close(&mut self, missing: ProblemKind) {
        let Some(open) = self.stack.pop() else { return };
        let range = open.start..self.scanner.range().end;
        let value = match open.kind {
            Kind::Object(properties) => Value::Object(Object { properties }),
            Kind::Array(items) => Value::Array(items),
        };
        if self.stack.len() < MAX_DEPTH {
            self.deliver(Node { range, value });
        }
        if self.token == Token::End {
            self.fault(missing);
        } else {
            self.next();
        }
    }

    /// What is being filled, if it is not too deep to be kept.
    fn innermost(&mut self) -> Option<&mut Kind> {
        if self.stack.len() > MAX_DEPTH {
            return None;
        }
        self.stack.last_mut().map(|open| &mut open.kind)
    }

    fn deliver(&mut self, node: Node) {
        if self.stack.is_empty() {
            self.root = Some(node);
            return;
        }
        match self.innermost() {
            Some(Kind::Array(items)) => items.push(node),
            Some(Kind::Object(properties)) => {
                if let Some(property) = properties.last_mut() {
                    property.value = Some(node);
                }
            }
            None => {}
        }
    }
}
