//! The commands of a text as steps with jumps, for the walk (`walk`).

use super::pattern::Pattern;
use super::syntax::{Body, Node, Simple, parse};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// A simple command: the shell tells of it when it runs.
    Run(usize),
    /// Goes on with the next, or there.
    Split(usize),
    Jump(usize),
    /// A function is defined.
    Define(usize),
    /// A turn of a `for` begins, of which the shell tells nothing.
    Turn(usize),
    /// What follows cannot be told.
    GiveUp,
    /// Reads one of these files, if it is there (`walk` alone writes this).
    Enter(usize),
    End,
}

#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) ops: Vec<Op>,
    pub(super) simples: Vec<(Simple, Pattern)>,
    /// Name, line and body.
    pub(super) functions: Vec<(Vec<u8>, u32, Rc<Function>)>,
    /// Variable and line of each `for`.
    pub(super) turns: Vec<(Vec<u8>, u32)>,
}

/// A function's commands, read when it is called first.
#[derive(Debug)]
pub(super) struct Function {
    body: Body,
    code: OnceCell<Rc<Code>>,
}

impl Function {
    pub(super) fn code(&self) -> Rc<Code> {
        Rc::clone(self.code.get_or_init(|| Rc::new(of_text(&self.body.text))))
    }

    /// What is added to a line of the body to make it one of the text around.
    pub(super) fn base(&self) -> u32 {
        self.body.line - 1
    }
}

/// A loop that is being written: where `continue` goes, and the jumps to its end that are still to be filled in.
struct Loop {
    again: usize,
    ends: Vec<usize>,
}

/// The code of each file; `None` where there is none.
pub(super) type Files = BTreeMap<String, Option<Rc<Code>>>;

pub(super) fn of_files(files: super::scan::Files) -> Files {
    files.into_iter().map(|(path, text)| (path, text.map(|text| text.code()))).collect()
}

pub(super) fn of_text(text: &[u8]) -> Code {
    of_node(&parse(text))
}

pub(super) fn of_node(node: &Node) -> Code {
    let mut code = Code::default();
    code.write(node, &mut Vec::new());
    code.ops.push(Op::End);
    code
}

impl Code {
    pub(super) fn run(&mut self, simple: Simple) {
        let pattern = Pattern::new(&simple);
        self.simples.push((simple, pattern));
        self.ops.push(Op::Run(self.simples.len() - 1));
    }

    fn place(&mut self) -> usize {
        self.ops.push(Op::GiveUp);
        self.ops.len() - 1
    }

    fn write(&mut self, node: &Node, loops: &mut Vec<Loop>) {
        match node {
            Node::Simple(simple) => self.simple(simple.clone(), loops),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.write(node, loops)),
            Node::Maybe(first, second) => {
                self.write(first, loops);
                let split = self.place();
                self.write(second, loops);
                self.ops[split] = Op::Split(self.ops.len());
            }
            Node::Forked(_) | Node::Substitution(_) => {}
            Node::If { condition, then, otherwise } => {
                self.write(condition, loops);
                let split = self.place();
                self.write(then, loops);
                let over = self.place();
                self.ops[split] = Op::Split(self.ops.len());
                if let Some(otherwise) = otherwise {
                    self.write(otherwise, loops);
                }
                self.ops[over] = Op::Jump(self.ops.len());
            }
            Node::Loop { condition, body } => {
                let again = self.ops.len();
                loops.push(Loop { again, ends: Vec::new() });
                self.write(condition, loops);
                self.rest_of_loop(body, loops);
            }
            Node::For { name, line, body, .. } => {
                let again = self.place();
                self.turns.push((name.clone(), *line));
                loops.push(Loop { again, ends: vec![again] });
                self.ops.push(Op::Turn(self.turns.len() - 1));
                self.write(body, loops);
                self.ops.push(Op::Jump(again));
                self.end_of_loop(loops);
                self.ops[again] = Op::Split(self.ops.len());
            }
            Node::Case { arms } => {
                let mut overs = Vec::new();
                for arm in arms {
                    let split = self.place();
                    self.write(arm, loops);
                    overs.push(self.place());
                    self.ops[split] = Op::Split(self.ops.len());
                }
                for over in overs {
                    self.ops[over] = Op::Jump(self.ops.len());
                }
            }
            Node::Function { name, line, body } => {
                let function = Function { body: body.clone(), code: OnceCell::new() };
                self.functions.push((name.clone(), *line, Rc::new(function)));
                self.ops.push(Op::Define(self.functions.len() - 1));
            }
            Node::Redirected(..) | Node::Unknown => self.ops.push(Op::GiveUp),
        }
    }

    fn rest_of_loop(&mut self, body: &Node, loops: &mut Vec<Loop>) {
        let split = self.place();
        self.write(body, loops);
        let again = loops.last().map_or(0, |l| l.again);
        self.ops.push(Op::Jump(again));
        self.ops[split] = Op::Split(self.ops.len());
        self.end_of_loop(loops);
    }

    fn end_of_loop(&mut self, loops: &mut Vec<Loop>) {
        let Some(done) = loops.pop() else { return };
        for jump in done.ends {
            self.ops[jump] = Op::Jump(self.ops.len());
        }
    }

    /// `break` and `continue` go where the loops of this text say.
    fn simple(&mut self, simple: Simple, loops: &mut [Loop]) {
        let mut words = simple.words.iter().map(|word| word.literal());
        let word = words.next().flatten();
        let is_break = word == Some(b"break");
        if !is_break && word != Some(b"continue") {
            self.run(simple);
            return;
        }
        let count = match words.next() {
            None => Some(1),
            Some(number) => number.and_then(|n| std::str::from_utf8(n).ok()?.parse::<usize>().ok()),
        };
        self.run(simple);
        let index = count.filter(|&count| count > 0).and_then(|count| loops.len().checked_sub(count));
        let jump = self.place();
        if let Some(target) = index.and_then(|index| loops.get_mut(index)) {
            if is_break {
                target.ends.push(jump);
            } else {
                self.ops[jump] = Op::Jump(target.again);
            }
        }
    }
}
