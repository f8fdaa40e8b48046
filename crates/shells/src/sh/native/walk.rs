//! Walks the texts of the start-up files along what the shell printed, and so tells of each command where it stands.
//!
//! All ways through the texts that fit are followed at once (as a regular expression is matched), for nothing tells
//! which way a condition went but the command that was run next. Where two ways fit and differ in a command, that
//! command is [`Walked::doubtful`]. Not here: what the commands do to variables (`crate::bash::xtrace`).

use super::code::{Code, Files, Function, Op, of_text};
use super::syntax::{Errors, Word};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;
use system::System;

/// A file, function or evaluated text that is being run.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    code: Rc<Code>,
    parent: usize,
    /// Where the parent goes on.
    back: usize,
    /// As bash counts them: files and evaluated texts, files and functions.
    pub(super) level: usize,
    pub(super) depth: usize,
    pub(super) file: Rc<str>,
    /// What is added to a line of the text to make it a line of the file.
    pub(super) base: u32,
    /// Number of the start-up file around.
    pub(super) startup: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Source,
    Function(Rc<str>),
    Eval,
}

/// One command that was run, or what the shell does not tell of.
#[derive(Clone, Copy, Debug)]
struct Step {
    before: usize,
    /// The last of these that the shell told of.
    told: usize,
    kind: StepKind,
    frame: usize,
    /// Index into the frame's simple commands, turns or functions.
    index: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StepKind {
    /// A command, by the index into what was printed.
    Printed(usize),
    Turn,
    Definition,
}

#[derive(Clone, Copy)]
struct State {
    frame: usize,
    at: usize,
    step: usize,
}

/// A function and where its text stands.
#[derive(Clone)]
struct Defined {
    function: Rc<Function>,
    file: Rc<str>,
    base: u32,
    /// The step that defined it last.
    step: usize,
}

/// A command in its place.
pub(super) struct At<'w> {
    pub(super) frame: &'w Frame,
    /// Tells one call from another.
    pub(super) number: usize,
    pub(super) what: What<'w>,
}

pub(super) enum What<'w> {
    /// The words, each with the blank before it, assignments first.
    Command {
        simple: &'w super::syntax::Simple,
        printed: &'w [u8],
        words: Vec<Range<usize>>,
    },
    Turn {
        name: &'w [u8],
        line: u32,
    },
}

/// Ways that are followed at once; more than a few are a text that repeats itself.
const STATES_AT_MOST: usize = 64;

pub(super) struct Walk<'w> {
    system: &'w dyn System,
    cwd: &'w str,
    printed: &'w [&'w [u8]],
    startups: &'w [Vec<String>],
    frames: Vec<Frame>,
    steps: Vec<Step>,
    functions: HashMap<Vec<u8>, Vec<Defined>>,
    files: Files,
    doubtful: BTreeSet<usize>,
    /// Room for what `advance` has come by.
    seen: Vec<State>,
}

pub(super) struct Walked {
    pub(super) frames: Vec<Frame>,
    steps: Vec<Step>,
    /// The steps of the way that was taken.
    way: Vec<usize>,
    /// Indices of printed commands for which another place fits as well.
    pub(super) doubtful: BTreeSet<usize>,
    /// What was read.
    pub(super) files: Vec<String>,
}

impl<'w> Walk<'w> {
    /// `startups`: for each start-up file the paths that it may have. `files`: texts that were read before.
    pub(super) fn new(
        system: &'w dyn System,
        cwd: &'w str,
        printed: &'w [&'w [u8]],
        startups: &'w [Vec<String>],
        files: Files,
    ) -> Self {
        Self {
            system,
            cwd,
            printed,
            startups,
            frames: Vec::new(),
            steps: Vec::new(),
            functions: HashMap::new(),
            files,
            doubtful: BTreeSet::new(),
            seen: Vec::new(),
        }
    }

    /// `None` if no way fits.
    pub(super) fn run(mut self, last_command: &str) -> Option<Walked> {
        let mut root = Code::default();
        root.ops.extend((0..self.startups.len()).map(Op::Enter));
        // The root ends with the command that ends the start-up.
        let last = of_text(last_command.as_bytes());
        for (simple, _) in last.simples {
            root.run(simple);
        }
        root.ops.push(Op::End);
        self.frames.push(Frame {
            kind: Kind::Root,
            code: Rc::new(root),
            parent: 0,
            back: 0,
            level: 1,
            depth: 0,
            file: "".into(),
            base: 0,
            startup: 0,
        });
        self.steps.push(Step { before: 0, told: 0, kind: StepKind::Turn, frame: 0, index: 0 });
        let mut states = vec![State { frame: 0, at: 0, step: 0 }];
        for index in 0..self.printed.len() {
            states = self.advance(&states, index);
            if states.is_empty() || states.len() > STATES_AT_MOST {
                return None;
            }
        }
        let (first, others) = states.split_first()?;
        for other in others {
            self.part(first.step, other.step);
        }
        Some(self.finish(first.step))
    }

    fn finish(self, last: usize) -> Walked {
        let mut way = Vec::new();
        let mut at = last;
        while at != 0 {
            way.push(at);
            at = self.steps[at].before;
        }
        way.reverse();
        let files = self.files.into_iter().filter(|(_, code)| code.is_some()).map(|(path, _)| path).collect();
        Walked { frames: self.frames, steps: self.steps, way, doubtful: self.doubtful, files }
    }

    /// The states after the printed command, from those before it.
    fn advance(&mut self, states: &[State], index: usize) -> Vec<State> {
        // Few: between two commands that are told there are not many others.
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        let mut found = Vec::new();
        let mut open: Vec<State> = states.iter().rev().copied().collect();
        while let Some(state) = open.pop() {
            let again = seen.iter().find(|known| known.frame == state.frame && known.at == state.at);
            if let Some(&State { step: other, .. }) = again {
                if self.steps[other].told != self.steps[state.step].told {
                    self.part(other, state.step);
                }
                continue;
            }
            seen.push(state);
            let next = State { at: state.at + 1, ..state };
            match self.frames[state.frame].code.ops[state.at] {
                Op::Run(simple) => self.try_command(state, simple, index, &mut found),
                Op::Split(there) => open.extend([State { at: there, ..state }, next]),
                Op::Jump(there) => open.push(State { at: there, ..state }),
                Op::Define(function) => {
                    let next = self.untold(next, StepKind::Definition, function);
                    self.define(next, function);
                    open.push(next);
                }
                Op::Turn(turn) => {
                    open.push(self.untold(next, StepKind::Turn, turn));
                }
                Op::GiveUp => {}
                Op::Enter(number) => {
                    let startups = self.startups;
                    open.push(next);
                    for path in startups.get(number).into_iter().flatten() {
                        if let Some(code) = self.code_of(path) {
                            open.push(State { frame: self.source(path, code, next, number), at: 0, ..state });
                        }
                    }
                }
                Op::End => {
                    let frame = &self.frames[state.frame];
                    if frame.kind != Kind::Root {
                        open.push(State { frame: frame.parent, at: frame.back, ..state });
                    }
                }
            }
        }
        self.seen = seen;
        found
    }

    fn untold(&mut self, state: State, kind: StepKind, index: usize) -> State {
        let told = self.steps[state.step].told;
        self.steps.push(Step { before: state.step, told, kind, frame: state.frame, index });
        State { step: self.steps.len() - 1, ..state }
    }

    /// Two ways to the same point: every printed command that they place differently is doubtful.
    fn part(&mut self, mut one: usize, mut other: usize) {
        while one != other {
            // Steps are numbered as they are made: the later one cannot be before the earlier.
            let later = if one > other { &mut one } else { &mut other };
            let step = self.steps[*later];
            if let StepKind::Printed(index) = step.kind {
                self.doubtful.insert(index);
            }
            *later = step.before;
        }
    }

    fn define(&mut self, state: State, function: usize) {
        let (frame, step) = (&self.frames[state.frame], state.step);
        let (name, _, function) = &frame.code.functions[function];
        let known = self.functions.entry(name.clone()).or_default();
        known.retain(|d| !Rc::ptr_eq(&d.function, function));
        let (function, file) = (Rc::clone(function), Rc::clone(&frame.file));
        known.push(Defined { function, file, base: frame.base, step });
    }

    /// The definitions of a function that may hold after a step: the last one on the way there.
    fn defined(&self, word: &[u8], step: usize) -> Vec<Defined> {
        let known = self.functions.get(word).map(Vec::as_slice).unwrap_or_default();
        let is_on_way = |defined: &&Defined| {
            let mut at = step;
            while at > defined.step {
                at = self.steps[at].before;
            }
            at == defined.step
        };
        match known {
            [] => Vec::new(),
            [only] => vec![only.clone()],
            several => several
                .iter()
                .rev()
                .find(is_on_way)
                .map_or_else(|| several.to_vec(), |defined| vec![defined.clone()]),
        }
    }

    fn code_of(&mut self, path: &str) -> Option<Rc<Code>> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        let code = self.system.read(path).ok().map(|text| Rc::new(of_text(&text)));
        self.files.insert(path.to_owned(), code.clone());
        code
    }

    fn push(&mut self, frame: Frame) -> usize {
        self.frames.push(frame);
        self.frames.len() - 1
    }

    fn source(&mut self, path: &str, code: Rc<Code>, back: State, startup: usize) -> usize {
        let parent = &self.frames[back.frame];
        let (level, depth) = (parent.level + 1, parent.depth + 1);
        let kind = Kind::Source;
        let (parent, back, file) = (back.frame, back.at, path.into());
        self.push(Frame { kind, code, parent, back, level, depth, file, base: 0, startup })
    }

    /// Where the command of a state is the one that was printed, the states after it.
    fn try_command(&mut self, state: State, index: usize, printed: usize, found: &mut Vec<State>) {
        let code = Rc::clone(&self.frames[state.frame].code);
        let (simple, pattern) = &code.simples[index];
        let Some((text, words)) = fit(pattern, self.printed[printed]) else { return };
        self.steps.push(Step {
            before: state.step,
            told: self.steps.len(),
            kind: StepKind::Printed(printed),
            frame: state.frame,
            index,
        });
        let next = State { frame: state.frame, at: state.at + 1, step: self.steps.len() - 1 };
        let start = words.get(simple.assignments.len()).map_or(text.len(), |range| range.start);
        let mut rest = &text[start..];
        let mut word = take_word(&mut rest);
        let mut arguments = &simple.words[1.min(simple.words.len())..];
        let plain = word != b"command";
        if !plain {
            word = take_word(&mut rest);
            arguments = &arguments[1.min(arguments.len())..];
        }
        match word {
            b"eval" => self.eval(next, simple.line, simple.errors, rest, found),
            b"." => self.dot(next, simple.errors, arguments, rest, found),
            b"return" => {
                let mut frame = &self.frames[state.frame];
                while frame.kind == Kind::Eval {
                    frame = &self.frames[frame.parent];
                }
                if frame.kind != Kind::Root {
                    found.push(State { frame: frame.parent, at: frame.back, ..next });
                }
            }
            b"exit" => {}
            b"exec" if !rest.is_empty() || simple.errors != Errors::Kept => {}
            _ => {
                if plain {
                    self.call(next, word, simple.errors, found);
                }
                found.push(next);
            }
        }
    }

    fn call(&mut self, next: State, word: &[u8], errors: Errors, found: &mut Vec<State>) {
        if errors != Errors::Kept {
            return;
        }
        let known = self.defined(word, next.step);
        let (level, depth) = (self.frames[next.frame].level, self.frames[next.frame].depth + 1);
        let startup = self.frames[next.frame].startup;
        for Defined { function, file, base, .. } in known.into_iter().rev() {
            let (code, base) = (function.code(), base + function.base());
            let kind = Kind::Function(String::from_utf8_lossy(word).into());
            let (parent, back) = (next.frame, next.at);
            let frame = self.push(Frame { kind, code, parent, back, level, depth, file, base, startup });
            found.push(State { frame, at: 0, ..next });
        }
    }

    fn eval(&mut self, next: State, line: u32, errors: Errors, text: &[u8], found: &mut Vec<State>) {
        if errors != Errors::Kept {
            return;
        }
        let around = &self.frames[next.frame];
        let frame = Frame {
            kind: Kind::Eval,
            code: Rc::new(of_text(text.strip_prefix(b" ").unwrap_or(text))),
            parent: next.frame,
            back: next.at,
            level: around.level + 1,
            depth: around.depth,
            file: Rc::clone(&around.file),
            base: around.base + line - 1,
            startup: around.startup,
        };
        let frame = self.push(frame);
        found.push(State { frame, at: 0, ..next });
    }

    fn dot(&mut self, next: State, errors: Errors, words: &[Word], text: &[u8], found: &mut Vec<State>) {
        let text = text.strip_prefix(b" ").unwrap_or(text);
        let whole = matches!(words, [word] if !word.splits);
        let name = if whole { text } else { text.split(|&b| b == b' ').next().unwrap_or_default() };
        let Some(path) = std::str::from_utf8(name).ok().filter(|name| name.contains('/')) else { return };
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}/{}", self.cwd.trim_end_matches('/'), path.trim_start_matches("./"))
        };
        match self.code_of(&path) {
            Some(_) if errors != Errors::Kept => {}
            Some(code) => {
                let startup = self.frames[next.frame].startup;
                let frame = self.source(&path, code, next, startup);
                found.push(State { frame, at: 0, ..next });
            }
            None => found.push(next),
        }
    }
}

impl Walked {
    pub(super) fn commands<'w>(&'w self, printed: &'w [&'w [u8]]) -> impl Iterator<Item = At<'w>> {
        self.way.iter().filter_map(move |&step| self.command(&self.steps[step], printed))
    }

    fn command<'w>(&'w self, step: &Step, printed: &'w [&'w [u8]]) -> Option<At<'w>> {
        let frame = &self.frames[step.frame];
        let what = match step.kind {
            StepKind::Printed(index) => {
                let (simple, pattern) = &frame.code.simples[step.index];
                let (printed, words) = fit(pattern, printed[index])?;
                What::Command { simple, printed, words }
            }
            StepKind::Turn => {
                let (name, line) = frame.code.turns.get(step.index)?;
                What::Turn { name, line: *line }
            }
            StepKind::Definition => return None,
        };
        Some(At { frame, number: step.frame, what })
    }

    /// File and line of the definition of a function that was made last.
    pub(super) fn function(&self, name: &str) -> Option<(String, u32)> {
        self.way.iter().rev().map(|&step| &self.steps[step]).find_map(|step| {
            let frame = &self.frames[step.frame];
            let (defined, line, _) = frame.code.functions.get(step.index)?;
            let fits = step.kind == StepKind::Definition && defined == name.as_bytes();
            fits.then(|| (frame.file.to_string(), frame.base + line))
        })
    }

    /// The printed text of a doubtful command.
    pub(super) fn doubtful<'w>(&'w self, printed: &'w [&'w [u8]]) -> impl Iterator<Item = &'w [u8]> {
        self.doubtful.iter().map(move |&index| printed[index])
    }
}

/// The text of a command with a blank before it, without what other programs wrote behind it, and its words.
fn fit<'p>(pattern: &super::pattern::Pattern, printed: &'p [u8]) -> Option<(&'p [u8], Vec<Range<usize>>)> {
    let mut end = printed.strip_suffix(b"\n").map_or(printed.len(), <[u8]>::len);
    let mut first = true;
    loop {
        let text = if end <= 1 { &printed[..0] } else { &printed[..end] };
        if let Some(words) = pattern.find(text) {
            return Some((text, words));
        }
        // Values may hold newlines, and other programs write to standard error as well.
        end = if first {
            first = false;
            printed[..end].iter().position(|&b| b == b'\n')?
        } else {
            end + 1 + printed[end + 1..].iter().position(|&b| b == b'\n')?
        };
        if end >= printed.len() {
            return None;
        }
    }
}

/// The next word, with the blank before it left out.
fn take_word<'t>(rest: &mut &'t [u8]) -> &'t [u8] {
    let text = rest.strip_prefix(b" ").unwrap_or(rest);
    let end = text.iter().position(|&b| b == b' ').unwrap_or(text.len());
    *rest = &text[end..];
    &text[..end]
}
