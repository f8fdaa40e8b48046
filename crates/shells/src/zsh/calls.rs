//! Who called whom: the chain of functions, files and evaluations above each record.

use super::records::Record;

/// The name of an evaluated text as a scope (zsh: Src/builtin.c `bin_eval`, with EVAL_LINENO).
pub(super) const EVAL: &[u8] = b"(eval)";

/// Records of the shell itself, without those of its subshells, and the caller of each.
pub(super) struct Calls<'a> {
    pub(super) live: Vec<&'a Record<'a>>,
    caller: Vec<Option<usize>>,
    bottom: Vec<usize>,
}

/// What a record's command is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// A file that was sourced or read at the start.
    File,
    Eval,
    Function,
    /// `-c`, or a line that was typed.
    CommandLine,
}

impl<'a> Calls<'a> {
    pub(super) fn of(records: &'a [Record<'a>]) -> Self {
        let live: Vec<&Record<'_>> = records.iter().filter(|r| !r.subshell).collect();
        let mut caller = Vec::with_capacity(live.len());
        let mut bottom: Vec<usize> = Vec::with_capacity(live.len());
        // The last record of each depth that is still open.
        let mut open: Vec<Option<usize>> = Vec::new();
        for (at, record) in live.iter().enumerate() {
            let depth = usize::try_from(record.depth).unwrap_or(0);
            open.resize(depth + 1, None);
            let above =
                open[..depth].iter().rev().find_map(|o| *o).filter(|&n| live[n].depth > 0 || depth == 1);
            let above = above.filter(|&n| live[n].depth > 0 || record.depth == 0);
            caller.push(above);
            bottom.push(above.map_or(at, |n| bottom[n]));
            open[depth] = Some(at);
        }
        Self { live, caller, bottom }
    }

    pub(super) fn caller(&self, at: usize) -> Option<usize> {
        self.caller.get(at).copied().flatten()
    }

    /// The record at the bottom of the chain.
    pub(super) fn bottom(&self, at: usize) -> usize {
        self.bottom.get(at).copied().unwrap_or(at)
    }

    /// Whether a record's command is in a function, which has variables of its own, at any height.
    pub(super) fn in_function(&self, at: usize) -> bool {
        let mut next = Some(at);
        while let Some(n) = next {
            if self.scope(n) == Scope::Function {
                return true;
            }
            next = self.caller(n);
        }
        false
    }

    pub(super) fn scope(&self, at: usize) -> Scope {
        let record = self.live[at];
        if record.depth == 0 {
            Scope::CommandLine
        } else if *record.scope == *EVAL {
            Scope::Eval
        } else if record.is_of_file() && record.inner_line == record.line {
            Scope::File
        } else {
            Scope::Function
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(depth: u32) -> Record<'static> {
        Record { depth, file: b"/f".as_slice().into(), scope: b"/f".as_slice().into(), ..Record::default() }
    }

    #[test]
    fn callers_are_the_last_records_one_level_up() {
        let records = [record(1), record(2), record(2), record(3), record(1), record(2)];
        let calls = Calls::of(&records);
        let callers: Vec<_> = (0..6).map(|n| calls.caller(n)).collect();
        assert_eq!(callers, [None, Some(0), Some(0), Some(2), None, Some(4)]);
        assert_eq!(calls.bottom(3), 0);
        assert_eq!(calls.bottom(5), 4);
    }
}
