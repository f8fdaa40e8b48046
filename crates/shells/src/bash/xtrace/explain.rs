//! From records to changes: who wrote what, and which variables the records do not explain.

use super::frames::{FrameKind, Frames};
use super::note::{Note, Origins};
use super::place::Texts;
use super::record::Record;
use super::variables::{Seen, Step, Variables};
use super::words::{name_len, printed_words};
use super::writes::{Declared, Write, Written, writes};
use crate::TracedChange;
use model::{After, Confidence, Effect, Layer, Name, Origin, Shadow, Value};
use std::collections::{BTreeMap, BTreeSet};
use system::System;

/// What is asked of a trace.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) system: &'q dyn System,
    pub(crate) base: &'q [(Name, Value)],
    /// The environment at the end of the traced run, if it came so far.
    pub(crate) end: Option<&'q [(Name, Value)]>,
    pub(crate) cwd: &'q str,
    /// Names whose values are in the records.
    pub(crate) watched: &'q [String],
    /// Start-up files in their order; a prompt's hooks are the last.
    pub(crate) phases: &'q [Layer],
    pub(crate) prompt_phase: Option<usize>,
    pub(crate) posix: bool,
}

#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) changes: Vec<TracedChange>,
    /// Variables whose end differs from what the records say.
    pub(crate) unexplained: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) shadow: Option<Shadow>,
}

/// Variables that bash keeps itself (bash: variables.c initialize_shell_variables), or that the trace changes.
const OWN: &[&[u8]] = &[
    b"_",
    b"SHLVL",
    b"PWD",
    b"OLDPWD",
    b"PS4",
    b"SHELLOPTS",
    b"BASHOPTS",
    b"BASH_XTRACEFD",
    b"BASH_ENV",
    b"ENV",
];

pub(crate) fn explain(question: &Question<'_>, records: &[Record<'_>]) -> Explained {
    let mut walk = Walk::new(question, records);
    let main = records.first().map_or(&b""[..], |r| r.pid);
    for record in records.iter().filter(|r| r.pid == main && !is_guard(r)) {
        walk.follow(record);
    }
    walk.finish()
}

/// The second run's own trap (`script`). In a trap BASH_COMMAND is the command before which it runs.
fn is_guard(record: &Record<'_>) -> bool {
    record.text == b"builtin set +x" && record.command != record.text
}

struct Walk<'q, 'a> {
    question: &'q Question<'q>,
    frames: Frames<'a>,
    variables: Variables,
    declared: Declared,
    notes: Vec<Note<'a>>,
    watched: BTreeSet<&'q [u8]>,
    before: Option<Record<'a>>,
    /// Note of the command before.
    before_note: usize,
    phase: usize,
    shadow: Option<(Shadow, Option<usize>)>,
}

impl<'q, 'a> Walk<'q, 'a> {
    fn new(question: &'q Question<'q>, records: &[Record<'a>]) -> Self {
        let base = question.base.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes()));
        Self {
            question,
            frames: Frames::new(records.first(), question.cwd),
            variables: Variables::new(base),
            declared: Declared::default(),
            notes: Vec::new(),
            watched: question.watched.iter().map(|n| n.as_bytes()).collect(),
            before: None,
            before_note: 0,
            phase: 0,
            shadow: None,
        }
    }

    fn follow(&mut self, record: &Record<'a>) {
        let was_outside = self.frames.stack.is_empty();
        let started = self.frames.enter(record);
        self.variables.leave(self.frames.stack.len());
        self.set_phase(started.as_deref(), was_outside);
        self.compare_watched(record);

        if let Some(options) = record.text.strip_prefix(b"set ") {
            self.note_allexport(options);
        }
        if record.text.starts_with(b"alias ") || record.text.starts_with(b"builtin ") {
            self.note_shadow(record);
        }
        let scope = self.frames.function_scope();
        let writes = writes(record, scope.is_some(), self.question.posix, &mut self.declared);
        if !writes.is_empty() {
            let note = self.note(record);
            for write in writes.iter().filter(|w| w.local || !self.watched.contains(&w.name[..])) {
                self.variables.apply(write, note, scope, record.command);
            }
        }
        self.before = Some(record.clone());
    }

    fn note(&mut self, record: &Record<'a>) -> usize {
        self.notes.push(Note::new(&mut self.frames, record, self.phase));
        self.notes.len() - 1
    }

    fn set_phase(&mut self, started: Option<&str>, was_outside: bool) {
        if let Some(path) = started {
            let same =
                |layer: &Layer| layer.source.as_ref().and_then(Origin::place).is_some_and(|p| p.path == path);
            // A file that ENV names may be known only when it is read.
            let late =
                || self.question.phases.iter().position(|l| l.id == "env-file" && path_of(l).is_none());
            if let Some(phase) = self.question.phases.iter().position(same).or_else(late) {
                self.phase = phase;
            }
        } else if was_outside
            && let (Some(prompt), Some(frame)) = (self.question.prompt_phase, self.frames.stack.last())
            && !matches!(frame.kind, FrameKind::Source { .. })
        {
            self.phase = prompt;
        }
    }

    /// Values in the records: a change between two records was made by the first, or by the expansions of the second.
    fn compare_watched(&mut self, record: &Record<'a>) {
        if self.watched.is_empty() {
            return;
        }
        let question = self.question;
        let changed: Vec<usize> = match &self.before {
            Some(before) => (0..question.watched.len())
                .filter(|&i| before.watched.get(i) != record.watched.get(i))
                .collect(),
            None => Vec::new(),
        };
        let mut here = None;
        for index in changed {
            let name = question.watched[index].as_bytes();
            if self.variables.is_local(name) {
                continue;
            }
            let by_expansion = writes(record, false, false, &mut Declared::default())
                .iter()
                .any(|w| w.name == name && matches!(w.written, Written::Default { .. }));
            let writer =
                if by_expansion { *here.get_or_insert_with(|| self.note(record)) } else { self.before_note };
            let written = match record.watched.get(index) {
                Some(Some(value)) => Written::Set(value.as_bytes().to_vec()),
                _ => Written::Unset,
            };
            let write = Write { name: name.to_vec(), written, export: Some(true), local: false };
            self.variables.apply(&write, writer, None, b"");
        }
        self.before_note = self.note(record);
    }

    fn note_allexport(&mut self, options: &[u8]) {
        let words = printed_words(options);
        for (index, word) in words.iter().enumerate() {
            let by_name = words.get(index + 1).is_some_and(|w| w == b"allexport");
            match word.split_first() {
                Some((b'-', letters)) if letters.contains(&b'a') || letters == b"o" && by_name => {
                    self.variables.set_allexport(true);
                }
                Some((b'+', letters)) if letters.contains(&b'a') || letters == b"o" && by_name => {
                    self.variables.set_allexport(false);
                }
                _ => {}
            }
        }
    }

    /// `alias go=…` in a start-up file, and what our own script asked of the shell at the end.
    fn note_shadow(&mut self, record: &Record<'a>) {
        let words = printed_words(record.text);
        if let Some(text) = words.iter().find_map(|w| w.strip_prefix(b"go=")) {
            let shadow = Shadow { kind: "alias".to_owned(), text: first_line(text), origin: None };
            let note = self.note(record);
            self.shadow = Some((shadow, Some(note)));
        } else if let Some(answer) = record.text.strip_prefix(b"builtin declare -f go\n") {
            if self.shadow.as_ref().is_none_or(|(s, _)| s.kind != "alias") && !answer.is_empty() {
                let shadow = Shadow { kind: "function".to_owned(), text: first_line(answer), origin: None };
                self.shadow = Some((shadow, None));
            }
        } else if let Some(answer) = record.text.strip_prefix(b"builtin declare -F go\n") {
            // With `extdebug`: name, line and file (bash(1), declare).
            let answer = String::from_utf8_lossy(answer);
            let mut parts = answer.trim_end().splitn(3, ' ').skip(1);
            if let (Some((shadow, _)), Some(line), Some(file)) =
                (&mut self.shadow, parts.next(), parts.next())
                && shadow.kind == "function"
            {
                shadow.origin = Some(Origin::line(file, line.parse().unwrap_or(0)));
            }
        } else if record.text == b"builtin :"
            && self.before.as_ref().is_some_and(|b| b.text == b"builtin alias go")
        {
            // Our question found none: it was there once and is no longer.
            self.shadow = self.shadow.take().filter(|(s, _)| s.kind != "alias");
        }
    }

    fn finish(mut self) -> Explained {
        let question = self.question;
        let end: Option<BTreeMap<&[u8], &[u8]>> =
            question.end.map(|e| e.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect());
        let steps = std::mem::take(&mut self.variables.steps);
        let mut by_name: BTreeMap<Vec<u8>, Vec<(usize, Step)>> = BTreeMap::new();
        for (index, step) in steps.into_iter().enumerate() {
            by_name.entry(step.name.clone()).or_default().push((index, step));
        }
        let base: BTreeMap<&[u8], &[u8]> =
            question.base.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        let mut unexplained = Vec::new();
        if let Some(end) = &end {
            for &name in end.keys().chain(base.keys().filter(|n| !end.contains_key(*n))) {
                if OWN.contains(&name) && !by_name.contains_key(name) {
                    continue;
                }
                self.add_unexported(name, end.get(name).copied(), &base, &mut by_name);
                let last = by_name.get(name).and_then(|s| s.last()).map(|(_, s)| s);
                let told = match last.map(|s| &s.after) {
                    Some(Seen::Unseen) => {
                        end.get(name).copied().filter(|_| last.is_some_and(|s| !s.unwritten))
                    }
                    Some(Seen::Set(value)) => Some(&value[..]),
                    Some(Seen::Unset) => None,
                    None => base.get(name).copied(),
                };
                let can_be_watched = name_len(name) == name.len();
                if told != end.get(name).copied() && !OWN.contains(&name) && can_be_watched {
                    unexplained.push(String::from_utf8_lossy(name).into_owned());
                }
            }
        }
        let mut steps: Vec<(usize, Step)> = by_name
            .into_iter()
            .flat_map(|(name, steps)| {
                let end = end.as_ref().map(|e| e.get(&name[..]).copied());
                settle(steps, base.get(&name[..]).copied(), end)
            })
            .collect();
        steps.sort_by_key(|&(index, _)| index);
        let texts = Texts::new(question.system);
        let origins = Origins { frames: &self.frames, texts: &texts, notes: &self.notes };
        let hook = self.variables.writer(b"PROMPT_COMMAND");
        let mut changes = self.own_changes(&base, end.as_ref());
        changes.extend(steps.into_iter().map(|(_, step)| TracedChange {
            phase: self.notes[step.writer].phase.max(step.exporter.map_or(0, |e| self.notes[e].phase)),
            effect: origins.effect(&step, hook),
        }));
        let shadow = self.shadow.take().map(|(mut shadow, note)| {
            shadow.origin = note.map(|n| origins.origin(n, b"go", hook).0).or(shadow.origin);
            shadow
        });
        Explained { changes, unexplained, files: self.frames.files(), shadow }
    }

    /// A variable that is exported at the end by a way that was not seen comes from its last write.
    fn add_unexported(
        &self,
        name: &[u8],
        end: Option<&[u8]>,
        base: &BTreeMap<&[u8], &[u8]>,
        by_name: &mut BTreeMap<Vec<u8>, Vec<(usize, Step)>>,
    ) {
        if by_name.contains_key(name) || base.contains_key(name) {
            return;
        }
        if let (Some(end), Some((Seen::Set(value), writer))) = (end, self.variables.unexported(name))
            && end == &value[..]
        {
            let after = Seen::Set(value.clone());
            let step = Step { name: name.to_vec(), after, writer, exporter: None, unwritten: false };
            by_name.insert(name.to_vec(), vec![(usize::MAX, step)]);
        }
    }

    /// What the shell sets before it reads any file (bash: variables.c set_pwd).
    fn own_changes(
        &self,
        base: &BTreeMap<&[u8], &[u8]>,
        end: Option<&BTreeMap<&[u8], &[u8]>>,
    ) -> Vec<TracedChange> {
        let Some(end) = end else { return Vec::new() };
        let written = |name: &[u8]| self.variables.writer(name).is_some();
        [&b"PWD"[..], b"OLDPWD"]
            .into_iter()
            .filter(|name| !written(name) && base.get(name) != end.get(name))
            .map(|name| {
                let after = end.get(name).map_or(After::Unset, |v| After::Set(Value::from(*v)));
                let origin = Origin::rule("set by the shell when it starts", "POSIX.1-2017 XCU 2.5.3, PWD");
                TracedChange { phase: 0, effect: Effect::new(name, after, origin, Confidence::Baseline) }
            })
            .collect()
    }
}

/// Fills in what only the end tells, and leaves out what was not seen to do anything. `end`: `None` if it is not known.
fn settle(
    mut steps: Vec<(usize, Step)>,
    base: Option<&[u8]>,
    end: Option<Option<&[u8]>>,
) -> Vec<(usize, Step)> {
    // A value that nobody saw and that another write replaced says nothing.
    let last = steps.len().saturating_sub(1);
    let mut index = 0;
    steps.retain(|(_, step)| {
        index += 1;
        step.after != Seen::Unseen || index > last
    });
    let before_last = steps.len().checked_sub(2).map(|i| steps[i].1.after.clone());
    let before_last = before_last.unwrap_or_else(|| base.map_or(Seen::Unset, |v| Seen::Set(v.to_vec())));
    if let (Some((_, step)), Some(end)) = (steps.last_mut(), end)
        && step.after == Seen::Unseen
    {
        step.after = end.map_or(Seen::Unset, |value| Seen::Set(value.to_vec()));
        if step.after == before_last {
            steps.pop();
        }
    }
    steps
}

/// The file of a phase; none for one whose name is not known before it is read.
fn path_of(layer: &Layer) -> Option<&str> {
    let place = layer.source.as_ref().and_then(Origin::place)?;
    place.path.starts_with('/').then_some(&place.path[..])
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text.split(|&b| b == b'\n').next().unwrap_or_default()).into_owned()
}
