//! Looks through the start-up files, and those that they read, before dash is traced: whether its trace would get
//! where it does not belong.
//!
//! dash prints its trace to standard error as it is at that moment. A function or a group of commands whose standard
//! error is a file would have it written there; one whose standard error is thrown away would hide it. A file that
//! cannot be told from the text (`. "$1"`) cannot be looked through. Text that `eval` will be given is not known.

use super::known::{self, Text};
use super::pattern::assigned_name;
use super::syntax::{Errors, Node, Piece, Simple, Variable, Word, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use system::System;

/// Files that a start may read; more are no start-up files.
const FILES_AT_MOST: usize = 2_000;

/// The files that were looked through; `None` where there is none.
pub(super) type Files = BTreeMap<String, Option<Rc<Text>>>;

pub(super) struct Scan<'s> {
    system: &'s dyn System,
    cwd: &'s str,
    /// Values that a variable may have.
    values: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    functions: BTreeSet<Vec<u8>>,
    /// Commands whose standard error goes elsewhere, to be held against the functions.
    sent: Vec<(Vec<u8>, Errors, bool)>,
    files: Files,
    unsuitable: bool,
}

impl<'s> Scan<'s> {
    pub(super) fn new<'v>(
        system: &'s dyn System,
        cwd: &'s str,
        values: impl Iterator<Item = (&'v [u8], &'v [u8])>,
    ) -> Self {
        let mut known: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for (name, value) in values {
            known.entry(name.to_vec()).or_default().insert(value.to_vec());
        }
        let (files, functions) = (Files::new(), BTreeSet::new());
        Self { system, cwd, values: known, functions, sent: Vec::new(), files, unsuitable: false }
    }

    /// What a value of ENV names (POSIX.1-2017 XCU sh, ENV: it is expanded once more).
    pub(super) fn named(&self, value: &str) -> Vec<String> {
        let Node::Sequence(nodes) = parse(format!(": \"{value}\"").as_bytes()) else { return Vec::new() };
        let Some(Node::Simple(simple)) = nodes.first() else { return Vec::new() };
        simple.words.get(1).and_then(|word| self.expand(word)).unwrap_or_default()
    }

    /// The files, if the trace is as good as another's.
    pub(super) fn run(mut self, startups: &[Vec<String>]) -> Option<Files> {
        for path in startups.iter().flatten() {
            self.file(path);
        }
        let lost = self.sent.iter().any(|(word, errors, forked)| {
            let runs_more = self.functions.contains(word) || matches!(&word[..], b"eval" | b"." | b"command");
            let shown = *errors == Errors::ToNull && *forked;
            match &word[..] {
                // Until the end of the shell.
                b"exec" => !forked || *errors == Errors::Elsewhere,
                b"" => *errors == Errors::Elsewhere,
                _ => runs_more && !shown,
            }
        });
        (!lost && !self.unsuitable).then_some(self.files)
    }

    fn file(&mut self, path: &str) {
        if self.unsuitable || self.files.contains_key(path) {
            return;
        }
        if self.files.len() > FILES_AT_MOST {
            self.unsuitable = true;
            return;
        }
        let Ok(bytes) = self.system.read(path) else {
            self.files.insert(path.to_owned(), None);
            return;
        };
        let text = known::text(path, bytes);
        self.unsuitable |= holds_unknown(&text.node) && sends_errors(&text.bytes);
        // A file that reads itself is not looked through for ever.
        self.files.insert(path.to_owned(), None);
        self.node(&text.node, false);
        self.files.insert(path.to_owned(), Some(text));
    }

    fn node(&mut self, node: &Node, forked: bool) {
        match node {
            Node::Simple(simple) => self.simple(simple, forked),
            Node::Sequence(nodes) | Node::Case { arms: nodes } => {
                nodes.iter().for_each(|node| self.node(node, forked));
            }
            Node::Maybe(first, second) => {
                self.node(first, forked);
                self.node(second, forked);
            }
            Node::Forked(nodes) => nodes.iter().for_each(|node| self.node(node, true)),
            Node::Substitution(node) => self.node(node, true),
            Node::If { condition, then, otherwise } => {
                self.node(condition, forked);
                self.node(then, forked);
                if let Some(otherwise) = otherwise {
                    self.node(otherwise, forked);
                }
            }
            Node::Loop { condition, body } => {
                self.node(condition, forked);
                self.node(body, forked);
            }
            Node::For { name, words, body, .. } => {
                self.set(name, words);
                self.node(body, forked);
            }
            Node::Function { name, body, .. } => {
                self.functions.insert(name.clone());
                if body.notable {
                    self.node(&parse(&body.text), forked);
                }
            }
            Node::Redirected(node, errors) => {
                self.unsuitable |= !forked || *errors == Errors::Elsewhere;
                self.node(node, forked);
            }
            // Of the file that it ends only the words were looked at.
            Node::Unknown => {}
        }
    }

    fn set(&mut self, name: &[u8], words: &[Word]) {
        let found: Vec<String> = words.iter().filter_map(|word| self.expand(word)).flatten().collect();
        self.values.entry(name.to_vec()).or_default().extend(found.into_iter().map(String::into_bytes));
    }

    fn simple(&mut self, simple: &Simple, forked: bool) {
        let declares = |word: Option<&[u8]>| matches!(word, Some(b"export" | b"readonly" | b"local"));
        let word = simple.words.first().and_then(Word::literal);
        let declared = simple.words.iter().filter(|_| declares(word));
        for assigned in simple.assignments.iter().chain(declared) {
            self.assigned(assigned);
        }
        if simple.errors != Errors::Kept {
            self.sent.push((word.unwrap_or_default().to_vec(), simple.errors, forked));
        }
        let mut words = simple.words.iter().skip_while(|word| word.literal() == Some(b"command"));
        if words.next().and_then(Word::literal) != Some(b".") {
            return;
        }
        match words.next().map(|word| self.expand(word)) {
            Some(Some(paths)) => paths.iter().for_each(|path| self.read(path)),
            Some(None) => self.unsuitable = true,
            None => {}
        }
    }

    fn read(&mut self, path: &str) {
        if path.starts_with('/') {
            self.file(path);
        } else if path.contains('/') {
            self.file(&format!("{}/{}", self.cwd.trim_end_matches('/'), path.trim_start_matches("./")));
        } else {
            // It is searched for in PATH.
            self.unsuitable = true;
        }
    }

    /// `NAME=value` of which the value can be told.
    fn assigned(&mut self, word: &Word) {
        let Some(name) = assigned_name(word) else { return };
        let mut value = word.clone();
        if let Some(Piece::Literal(text)) = value.pieces.first_mut() {
            text.drain(..=name.len());
        }
        if let Some(found) = self.expand(&value) {
            self.values.entry(name.to_vec()).or_default().extend(found.into_iter().map(String::into_bytes));
        }
    }

    /// What a word may come out as; `None` if that cannot be told.
    fn expand(&self, word: &Word) -> Option<Vec<String>> {
        /// Ways that variables with several values make.
        const MOST: usize = 500;
        let mut found = vec![String::new()];
        for piece in &word.pieces {
            let name = match piece {
                Piece::Expanded(Some(Variable::Named(name))) => &name[..],
                Piece::Expanded(Some(Variable::Home)) => b"HOME",
                Piece::Literal(_) | Piece::Pattern(b'*') => b"",
                Piece::Expanded(None) | Piece::Pattern(_) => return None,
            };
            let values: Vec<&[u8]> = match piece {
                Piece::Literal(text) => vec![text],
                Piece::Pattern(_) => vec![b"*"],
                Piece::Expanded(_) => self.values.get(name)?.iter().map(Vec::as_slice).collect(),
            };
            let texts: Vec<&str> =
                values.into_iter().map(std::str::from_utf8).collect::<Result<_, _>>().ok()?;
            found = found.iter().flat_map(|begun| texts.iter().map(move |t| format!("{begun}{t}"))).collect();
            if found.len() > MOST {
                return None;
            }
        }
        let star = word.pieces.contains(&Piece::Pattern(b'*'));
        if !star {
            return Some(found);
        }
        let mut files = Vec::new();
        for pattern in found {
            files.extend(self.files_like(&pattern)?);
        }
        Some(files)
    }

    /// The files that a pattern with one `*` in its last part names; the pattern itself where there are none.
    fn files_like(&self, pattern: &str) -> Option<Vec<String>> {
        let (folder, name) = pattern.rsplit_once('/')?;
        let (before, after) = name.split_once('*')?;
        if folder.contains('*') || after.contains('*') {
            return None;
        }
        let names = self.system.read_dir(folder).unwrap_or_default();
        let fits = |name: &&String| {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
                && (before.starts_with('.') || !name.starts_with('.'))
        };
        let mut found: Vec<String> =
            names.iter().filter(fits).map(|name| format!("{folder}/{name}")).collect();
        if found.is_empty() {
            found.push(pattern.to_owned());
        }
        Some(found)
    }
}

/// Whether a text has commands that could not be read (those of other shells, mostly, which dash never comes to).
fn holds_unknown(node: &Node) -> bool {
    matches!(node, Node::Sequence(nodes) if matches!(nodes.last(), Some(Node::Unknown)))
}

/// Whether standard error is sent to anything but `/dev/null` or another descriptor, by the look of it.
fn sends_errors(text: &[u8]) -> bool {
    text.windows(2).enumerate().filter(|(_, sign)| *sign == b"2>").any(|(at, _)| {
        let target = text[at + 2..].trim_ascii_start();
        !target.starts_with(b"/dev/null") && !target.starts_with(b"&")
    })
}
