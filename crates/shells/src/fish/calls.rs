//! The commands that are under way at a moment of the traced run, and where in the files they are written.
//!
//! `fish_trace` gives a command and how many blocks it stands in, not its line: the line is found in the text of the
//! file that the surrounding `source` names. Where several lines could be meant, the one whose words fit best is
//! taken, and of those the first one that has not been passed yet.

use super::records::{Call, words};
use super::script::{Command, Script, scan, word_in};
use model::Place;
use std::collections::BTreeMap;
use system::System;

/// Longest traced command whose words are looked at, bytes.
const LONGEST: usize = 16 << 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `source FILE`.
    Source(String),
    /// `source` of what a pipeline or `psub` gives.
    Generated,
    Eval,
    /// Any other command; a function call if another command is below it.
    Other,
}

/// A command that was begun.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub depth: usize,
    pub words: Vec<String>,
    pub kind: Kind,
    /// The command that ended before it in the same block: the other end of its pipe, perhaps.
    pub previous: Vec<String>,
    /// Calls that fish told us exactly, innermost first.
    pub told: Vec<Call>,
}

impl Frame {
    pub(super) fn word(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    pub(super) fn is_block(&self) -> bool {
        is_block(self.word())
    }
}

pub(super) struct Calls<'s> {
    system: &'s dyn System,
    pub(super) stack: Vec<Frame>,
    scripts: BTreeMap<String, Script>,
    /// Which file defined a function last.
    defined: BTreeMap<String, String>,
    /// The last line that is known to have been reached at the top of a file.
    reached: BTreeMap<String, u32>,
    /// Depths at which `if`, `for`, `while`, `switch` and `begin` were opened and not yet ended.
    blocks: Vec<usize>,
    /// Every file that was sourced.
    pub(super) files: Vec<String>,
}

impl<'s> Calls<'s> {
    pub(super) fn new(system: &'s dyn System) -> Self {
        Self {
            system,
            stack: Vec::new(),
            scripts: BTreeMap::new(),
            defined: BTreeMap::new(),
            reached: BTreeMap::new(),
            blocks: Vec::new(),
            files: Vec::new(),
        }
    }

    /// A command begins. `absolute` makes a path of what `source` was given.
    pub(super) fn step(&mut self, depth: usize, text: &str, absolute: impl Fn(&str) -> String) {
        let mut previous = Vec::new();
        while let Some(last) = self.stack.pop_if(|frame| frame.depth >= depth) {
            previous = if last.depth == depth { last.words } else { Vec::new() };
        }
        self.block(depth, text);
        let words = words(text.get(..LONGEST).unwrap_or(text));
        let kind = match (words.first().map(String::as_str), words.get(1).map(String::as_str)) {
            (Some("source" | "."), None | Some("-")) => Kind::Generated,
            (Some("source" | "."), Some(path)) if path.contains(".psub.") => Kind::Generated,
            (Some("source" | "."), Some(path)) => {
                let path = absolute(path);
                self.reached.remove(&path);
                if !self.files.contains(&path) {
                    self.files.push(path.clone());
                }
                Kind::Source(path)
            }
            (Some("eval"), _) => Kind::Eval,
            _ => Kind::Other,
        };
        let defines = words.first().is_some_and(|word| word == "function");
        let function = words.get(1).filter(|_| defines).cloned();
        self.stack.push(Frame { depth, words, kind, previous, told: Vec::new() });
        if let Some(function) = function
            && let Some(file) = self.file()
        {
            self.defined.insert(function, file);
        }
    }

    /// Keeps account of blocks: their heads are traced at the depth of the condition, their ends as `end if`.
    fn block(&mut self, depth: usize, text: &str) {
        self.blocks.retain(|&open| open <= depth);
        if text.starts_with("end ") {
            if self.blocks.last() == Some(&depth) {
                self.blocks.pop();
            }
        } else if text.split(' ').next().is_some_and(is_block) {
            self.blocks.push(depth);
        }
    }

    /// Whether the command that runs now stands in a command substitution: it is deeper than its file, function,
    /// `eval` and blocks account for. fish numbers the lines of a substitution from its own beginning.
    pub(super) fn in_substitution(&self) -> bool {
        let Some((now, outer)) = self.stack.split_last() else { return false };
        let around = (0..outer.len()).rev().find(|&index| match outer[index].kind {
            // Whether the line is one of an `eval` was asked before.
            Kind::Eval => false,
            Kind::Source(_) | Kind::Generated => self.is_around(index),
            Kind::Other => self.defined.contains_key(outer[index].word()) && self.is_around(index),
        });
        let Some(around) = around.map(|index| outer[index].depth) else { return false };
        let blocks = self.blocks.iter().filter(|&&open| around < open && open < now.depth).count();
        now.depth > around + 2 + blocks
    }

    /// Whether the next deeper command really runs inside this one. One that has ended stays on the stack while the
    /// substitutions of its successor run, which are one block deeper; a `source` and a function make two blocks, the
    /// call and its body. An `eval` makes one, so its text must hold the command.
    fn is_around(&self, index: usize) -> bool {
        let (Some(frame), Some(inner)) = (self.stack.get(index), self.stack.get(index + 1)) else {
            return false;
        };
        match frame.kind {
            Kind::Eval => frame.words[1..].iter().any(|text| word_in(text, inner.word()).is_some()),
            _ => inner.depth >= frame.depth + 2,
        }
    }

    /// The innermost file, generated text or `eval` around the command that runs now.
    pub(super) fn text_around(&self) -> Option<&Frame> {
        let last = self.stack.len().checked_sub(1)?;
        let index =
            (0..last).rev().find(|&index| self.stack[index].kind != Kind::Other && self.is_around(index))?;
        self.stack.get(index)
    }

    /// The place of the command that runs now in a command substitution of `path`.
    pub(super) fn substituted(&mut self, path: &str) -> Option<Place> {
        let frame = self.stack.last()?.clone();
        let reached = self.reached(path);
        let script = self.script(path);
        let fitting = script.commands.iter().filter(|c| c.substituted && c.word == frame.word());
        let best = fitting.max_by_key(|c| (fit(c, &frame), c.line >= reached, std::cmp::Reverse(c.line)))?;
        Some(Place { column: best.column, ..Place::line(path, best.line) })
    }

    /// The file that is being read.
    fn file(&self) -> Option<String> {
        let last = self.stack.len().checked_sub(1)?;
        (0..last).rev().filter(|&index| self.is_around(index)).find_map(|index| {
            match &self.stack[index].kind {
                Kind::Source(path) => Some(path.clone()),
                _ => None,
            }
        })
    }

    pub(super) fn script(&mut self, path: &str) -> &Script {
        self.scripts
            .entry(path.to_owned())
            .or_insert_with(|| self.system.read(path).map(|bytes| scan(&bytes)).unwrap_or_default())
    }

    /// The file that defined a function.
    pub(super) fn defined_in(&self, function: &str) -> Option<&str> {
        self.defined.get(function).map(String::as_str)
    }

    /// Notes that a line at the top of a file was reached.
    pub(super) fn reach(&mut self, path: &str, line: u32) {
        if self.script(path).function_at(line).is_none() {
            self.reached.insert(path.to_owned(), line);
        }
    }

    pub(super) fn reached(&self, path: &str) -> u32 {
        self.reached.get(path).copied().unwrap_or(0)
    }

    /// Where the command of that frame is written: a line of a file, a whole file (line 0), or nothing known.
    pub(super) fn site(&mut self, index: usize) -> Option<Place> {
        let frame = self.stack.get(index)?.clone();
        for outer in (0..index).rev() {
            if !self.is_around(outer) {
                continue;
            }
            let around = self.stack[outer].clone();
            match &around.kind {
                Kind::Source(path) => {
                    let found = self.find(path, &frame, None);
                    if let Some(place) = &found {
                        self.reach(path, place.line);
                    }
                    return Some(found.unwrap_or_else(|| Place::file(path)));
                }
                Kind::Generated | Kind::Eval => return self.site(outer),
                Kind::Other => {
                    if let Some(path) = self.defined.get(around.word()).cloned()
                        && let Some(place) = self.find(&path, &frame, Some(around.word()))
                    {
                        return Some(place);
                    }
                }
            }
        }
        None
    }

    /// The command of a file (or of one function in it) that fits best.
    fn find(&mut self, path: &str, frame: &Frame, function: Option<&str>) -> Option<Place> {
        let reached = if function.is_none() { self.reached(path) } else { 0 };
        let script = self.script(path);
        let inside = |command: &Command| match (function, command.function) {
            (Some(name), Some(index)) => script.functions[index].name == name,
            (Some(_), None) => false,
            (None, in_function) => in_function.is_none(),
        };
        let mut best: Option<(usize, bool, &Command)> = None;
        for command in script.commands.iter().filter(|c| c.word == frame.word() && inside(c)) {
            let rank = (fit(command, frame), command.line >= reached);
            if best.is_none_or(|(words, ahead, _)| rank > (words, ahead)) {
                best = Some((rank.0, rank.1, command));
            }
        }
        best.map(|(_, _, command)| Place { column: command.column, ..Place::line(path, command.line) })
    }
}

fn is_block(word: &str) -> bool {
    matches!(word, "if" | "for" | "while" | "switch" | "begin")
}

/// How many of the traced words stand in the text as they are, or at least their last path component does.
fn fit(command: &Command, frame: &Frame) -> usize {
    let has = |text: &str, word: &String| {
        let tail = word.rsplit(['/', '=']).find(|part| !part.is_empty()).unwrap_or("");
        !tail.is_empty() && text.contains(tail)
    };
    let own = frame.words.iter().skip(1).filter(|word| has(&command.text, word)).count();
    let piped = match frame.kind {
        Kind::Generated => frame.previous.iter().filter(|word| has(&command.before, word)).count(),
        _ => 0,
    };
    own + piped
}
