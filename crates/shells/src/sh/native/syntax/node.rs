//! What a text in the language of dash is read into.

use super::Word;

/// Where standard error is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Errors {
    Kept,
    ToNull,
    Elsewhere,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Simple {
    /// Of its first byte, from 1.
    pub(in super::super) line: u32,
    /// As it is written, without line continuations between its words.
    pub(in super::super) source: Vec<u8>,
    /// `NAME=value` before the command.
    pub(in super::super) assignments: Vec<Word>,
    pub(in super::super) words: Vec<Word>,
    pub(in super::super) errors: Errors,
}

#[derive(Clone, Debug)]
pub(in super::super) enum Node {
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
pub(in super::super) struct Body {
    pub(in super::super) text: Vec<u8>,
    /// Of its first byte, from 1.
    pub(in super::super) line: u32,
    /// A command in it sends standard error elsewhere, or reads a file.
    pub(in super::super) notable: bool,
}
