//! The variables of the shell, followed from write to write, and the changes of its environment that come of it.
//!
//! Not here: where a write stands in a file (`frames`, `place`).

use super::words::name_len;
use super::writes::{Write, Written};
use std::collections::BTreeMap;

/// A value as far as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Set(Vec<u8>),
    Unset,
    Unseen,
}

/// One change of the environment. `writer` and `exporter` are numbers that the caller gave its writes.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) name: Vec<u8>,
    pub(crate) after: Seen,
    pub(crate) writer: usize,
    /// Where it was exported, if that was another command.
    pub(crate) exporter: Option<usize>,
    /// It was exported, but what wrote it was not seen.
    pub(crate) unwritten: bool,
}

/// What bash sets for itself and does not export (bash: variables.c initialize_shell_variables).
const MADE_BY_BASH: &[&[u8]] = &[
    b"BASH",
    b"BASH_VERSION",
    b"COLUMNS",
    b"EUID",
    b"HISTFILE",
    b"HISTFILESIZE",
    b"HISTSIZE",
    b"HOME",
    b"HOSTNAME",
    b"HOSTTYPE",
    b"IFS",
    b"LINES",
    b"MACHTYPE",
    b"MAILCHECK",
    b"OPTERR",
    b"OPTIND",
    b"OSTYPE",
    b"PATH",
    b"PPID",
    b"PS1",
    b"PS2",
    b"SHELL",
    b"TERM",
    b"UID",
];

#[derive(Clone, Debug)]
struct Variable {
    value: Seen,
    exported: bool,
    writer: Option<usize>,
    /// What the environment holds.
    in_environment: Seen,
    /// Declared local by this scope; the environment after the function is as before.
    local: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Variables {
    all: BTreeMap<Vec<u8>, Variable>,
    saved: Vec<(usize, Vec<u8>, Option<Variable>)>,
    allexport: bool,
    pub(crate) steps: Vec<Step>,
}

impl Variables {
    pub(crate) fn new<'a>(base: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let all = base
            .map(|(name, value)| {
                let value = Seen::Set(value.to_vec());
                let in_environment = value.clone();
                let variable = Variable { value, exported: true, writer: None, in_environment, local: false };
                (name.to_vec(), variable)
            })
            .collect();
        Self { all, ..Self::default() }
    }

    pub(crate) fn set_allexport(&mut self, on: bool) {
        self.allexport = on;
    }

    /// Ends the functions above the innermost `frames` frames: what was local to them is as it was before.
    pub(crate) fn leave(&mut self, frames: usize) {
        while self.saved.last().is_some_and(|(scope, ..)| *scope >= frames) {
            let Some((_, name, before)) = self.saved.pop() else { return };
            match before {
                Some(variable) => drop(self.all.insert(name, variable)),
                None => drop(self.all.remove(&name)),
            }
        }
    }

    pub(crate) fn is_local(&self, name: &[u8]) -> bool {
        self.all.get(name).is_some_and(|v| v.local)
    }

    /// `scope`: the number of the running function's frame. `source`: the command as it is written.
    pub(crate) fn apply(&mut self, write: &Write, writer: usize, scope: Option<usize>, source: &[u8]) {
        if write.local
            && let Some(scope) = scope
        {
            self.make_local(&write.name, scope);
        }
        let known = self.all.contains_key(&write.name);
        let variable = self.all.entry(write.name.clone()).or_insert(Variable {
            value: Seen::Unset,
            exported: false,
            writer: None,
            in_environment: Seen::Unset,
            local: false,
        });
        let Some(value) = written(&variable.value, &write.written, known) else { return };
        if write.written != Written::Nothing {
            variable.writer = Some(writer);
            variable.exported |= self.allexport;
        }
        variable.value = value;
        variable.exported = write.export.unwrap_or(variable.exported);
        if variable.value == Seen::Unset && write.written == Written::Unset {
            variable.exported = false;
        }
        if !variable.local {
            // Who sets the same bytes again decides from now on, unless they are made from the variable itself.
            let again = matches!(write.written, Written::Set(_)) && !expands(source, &write.name);
            step(&mut self.steps, &write.name, variable, writer, again);
        }
    }

    fn make_local(&mut self, name: &[u8], scope: usize) {
        if self.saved.iter().any(|(s, n, _)| *s == scope && n == name) {
            return;
        }
        let before = self.all.get(name).cloned();
        let exported = before.as_ref().is_some_and(|v| v.exported);
        let in_environment = before.as_ref().map_or(Seen::Unset, |v| v.in_environment.clone());
        self.saved.push((scope, name.to_vec(), before));
        let local = Variable { value: Seen::Unset, exported, writer: None, in_environment, local: true };
        self.all.insert(name.to_vec(), local);
    }

    /// The last write of a variable that was not exported as far as it was seen, with its value.
    pub(crate) fn unexported(&self, name: &[u8]) -> Option<(&Seen, usize)> {
        let variable = self.all.get(name)?;
        Some((&variable.value, variable.writer?))
    }

    /// The last command that wrote the variable.
    pub(crate) fn writer(&self, name: &[u8]) -> Option<usize> {
        self.all.get(name)?.writer
    }
}

/// The new value; `None`: nothing is written.
fn written(old: &Seen, written: &Written, known: bool) -> Option<Seen> {
    Some(match (written, old) {
        (Written::Set(value), _) => Seen::Set(value.clone()),
        (Written::Append(value), Seen::Set(old)) => Seen::Set([&old[..], value].concat()),
        (Written::Append(value), Seen::Unset) => Seen::Set(value.clone()),
        (Written::Append(_) | Written::Unseen, _) => Seen::Unseen,
        (Written::Unset, _) => Seen::Unset,
        (Written::Default { .. }, Seen::Unseen) => return None,
        (Written::Default { colon, .. }, Seen::Set(old)) if !colon || !old.is_empty() => return None,
        (Written::Default { value, .. }, _) => value.clone().map_or(Seen::Unseen, Seen::Set),
        // A variable that the shell itself made (HOSTNAME) has a value that no command showed.
        (Written::Nothing, Seen::Unset) if !known => Seen::Unseen,
        (Written::Nothing, old) => old.clone(),
    })
}

/// Whether the text has `$NAME` or `${NAME`.
fn expands(source: &[u8], name: &[u8]) -> bool {
    let mut rest = source;
    while let Some(at) = rest.iter().position(|&b| b == b'$') {
        rest = &rest[at + 1..];
        let word = rest.strip_prefix(b"{").unwrap_or(rest);
        if name_len(word) == name.len() && word.starts_with(name) {
            return true;
        }
    }
    false
}

fn step(steps: &mut Vec<Step>, name: &[u8], variable: &mut Variable, writer: usize, again: bool) {
    let now = if variable.exported { variable.value.clone() } else { Seen::Unset };
    let unchanged = now == variable.in_environment && now != Seen::Unseen;
    if unchanged && !(again && variable.exported) {
        return;
    }
    variable.in_environment = now.clone();
    let by = match now {
        Seen::Unset => writer,
        _ => variable.writer.unwrap_or(writer),
    };
    let exporter = (by != writer).then_some(writer);
    let unwritten = variable.writer.is_none() && now == Seen::Unseen && !MADE_BY_BASH.contains(&name);
    steps.push(Step { name: name.to_vec(), after: now, writer: by, exporter, unwritten });
}
