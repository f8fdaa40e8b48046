//! Lines of the files that the trace names, read once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use system::System;

/// How many lines a statement may go on over, when it is followed through continuation lines.
pub(super) const STATEMENT_LINES: u32 = 200;

type Lines = Rc<Vec<Vec<u8>>>;

pub(super) struct Sources<'a> {
    system: &'a dyn System,
    read: RefCell<BTreeMap<String, Lines>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(system: &'a dyn System) -> Self {
        Self { system, read: RefCell::default() }
    }

    fn lines(&self, path: &str) -> Lines {
        if let Some(lines) = self.read.borrow().get(path) {
            return Rc::clone(lines);
        }
        // A name under /proc or /dev is a pipe of a process that is gone, and of ours if it is read now.
        let bytes = if is_pipe(path) { Vec::new() } else { self.system.read(path).unwrap_or_default() };
        let lines: Lines = Rc::new(bytes.split(|&b| b == b'\n').map(<[u8]>::to_vec).collect());
        self.read.borrow_mut().insert(path.to_owned(), Rc::clone(&lines));
        lines
    }

    /// A line, from 1; empty where there is none.
    pub(super) fn line(&self, path: &str, line: u32) -> Vec<u8> {
        let at = line.checked_sub(1).and_then(|n| usize::try_from(n).ok());
        at.and_then(|n| self.lines(path).get(n).cloned()).unwrap_or_default()
    }

    /// The first line in `from..=to` for which `test` holds; comments do not count.
    pub(super) fn first(&self, path: &str, from: u32, to: u32, test: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let last = u32::try_from(self.lines(path).len()).unwrap_or(u32::MAX);
        (from.max(1)..=to.min(last)).find(|&n| holds(&self.line(path, n), &test))
    }

    /// The last line in `from..=to` for which `test` holds; comments do not count.
    pub(super) fn last(&self, path: &str, from: u32, to: u32, test: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let last = u32::try_from(self.lines(path).len()).unwrap_or(u32::MAX);
        (from.max(1)..=to.min(last)).rev().find(|&n| holds(&self.line(path, n), &test))
    }

    /// The last line of the statement that begins at `line`, followed through trailing backslashes, open quotes and
    /// open brackets. Counting characters is enough: it only bounds a search for a name.
    pub(super) fn statement_end(&self, path: &str, line: u32) -> u32 {
        let (mut open, mut quote) = (0i32, None);
        for n in line..line.saturating_add(STATEMENT_LINES) {
            let text = self.line(path, n);
            let mut bytes = text.iter().copied().peekable();
            let mut escaped_end = false;
            while let Some(byte) = bytes.next() {
                match (quote, byte) {
                    (None | Some(b'"'), b'\\') => escaped_end = bytes.next().is_none(),
                    (Some(q), b) if q == b => quote = None,
                    (None, b'\'' | b'"') => quote = Some(byte),
                    (None, b'(') => open += 1,
                    (None, b')') => open -= 1,
                    (None, b'#') if text.trim_ascii_start().first() == Some(&b'#') => break,
                    _ => {}
                }
            }
            if !escaped_end && quote.is_none() && open <= 0 {
                return n;
            }
        }
        line
    }
}

fn holds(line: &[u8], test: &impl Fn(&[u8]) -> bool) -> bool {
    line.trim_ascii_start().first() != Some(&b'#') && test(line)
}

/// Whether a file name stands for the output of a command: `<(…)`.
pub(super) fn is_pipe(path: &str) -> bool {
    ["/proc/self/fd/", "/dev/fd/"].iter().any(|p| path.starts_with(p)) || path == "/dev/stdin"
}
