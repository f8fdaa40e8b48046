//! A start in stages: the environment is noted between the start-up files, and what differs came from the file in
//! between.
//!
//! The notes and, where a shell can give them, places of single commands come through one descriptor as fields ended
//! by NUL: `D`, the block as `env -0` writes it, and last a variable that names the stage; `A`, file, line, function
//! and command that is about to run; `V` and the values of the watched variables.

use super::places::{At, NO_FILE, Places};
use super::search::Search;
use crate::trace::file_phase;
use crate::{PER_RUN_NAMES, Request, StartupFile, Trace, TraceEnd, TracedChange};
use model::{After, Confidence, Effect, Layer, LayerStatus, Name, Origin, Place, Value};
use std::collections::{BTreeMap, BTreeSet};
use system::{RunEnd, RunOutcome, System};

pub(super) const FD: i32 = 198;
const STAGE: &str = "GOWHENCE_STAGE";
/// The stage of what the shell itself sets before any file.
pub(super) const START: &str = "start";

/// The command that notes the environment after the stage `label`: an index into the start-up files, or [`START`].
/// `into` is the redirection to where the stream is read, in the words of `/bin/sh`.
pub(super) fn note(label: &str, into: &str) -> String {
    format!("/bin/sh -c '(printf \"\\0D\\0\"; exec /usr/bin/env -0 {STAGE}={label}) {into}'")
}

/// For [`note`]: the descriptor of the trace.
pub(super) const INTO_TRACE: &str = ">/dev/fd/198";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Stage { label: String, environment: BTreeMap<Name, Value> },
    At(At),
    Values(Vec<Option<Value>>),
}

/// Reads the stream; a record cut off at the end is left out.
pub(super) fn parse(stream: &[u8], watched: usize) -> Vec<Event> {
    let mut fields = stream.split(|&b| b == 0);
    let mut events = Vec::new();
    let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
    while let Some(kind) = fields.next() {
        match kind {
            b"D" => {
                let mut environment = BTreeMap::new();
                for entry in fields.by_ref() {
                    let Some(equals) = entry.iter().position(|&b| b == b'=') else { break };
                    let (name, value) = (&entry[..equals], &entry[equals + 1..]);
                    if name == STAGE.as_bytes() {
                        events.push(Event::Stage { label: text(value), environment });
                        break;
                    }
                    environment.insert(Name::from(name), Value::from(value));
                }
            }
            b"A" => {
                let mut next = || fields.next().map(text);
                let (Some(file), Some(line), Some(function), Some(command)) =
                    (next(), next(), next(), next())
                else {
                    break;
                };
                events.push(Event::At(At { file, line: line.parse().unwrap_or(0), function, command }));
            }
            b"V" => {
                let values: Vec<_> =
                    fields.by_ref().take(watched).map(|f| f.strip_prefix(b"=").map(Value::from)).collect();
                if values.len() == watched {
                    events.push(Event::Values(values));
                }
            }
            _ => {}
        }
    }
    events
}

/// The phases of a staged start: the shell itself, then its files.
pub(super) fn phases(request: &Request, files: &[StartupFile]) -> Vec<Layer> {
    let mut phases = vec![Layer::applied("built-in", format!("{} itself", request.shell.family), Vec::new())];
    phases.extend(files.iter().map(|f| file_phase(&f.id, &f.path, f.status.clone())));
    phases
}

/// Makes a trace of the stages.
pub(super) struct Explainer<'a> {
    pub search: Search<'a>,
    request: &'a Request,
    plain: &'a RunOutcome,
    phases: Vec<Layer>,
    watched: Vec<String>,
    interesting: BTreeSet<Name>,
    values: BTreeMap<Name, Value>,
    changes: Vec<TracedChange>,
    /// Changes that were seen at a command since the last stage.
    seen: BTreeMap<Name, Vec<Effect>>,
    last_values: Vec<Option<Value>>,
    places: Places,
    reached: usize,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(
        system: &'a dyn System,
        request: &'a Request,
        plain: &'a RunOutcome,
        files: &[StartupFile],
        watched: Vec<String>,
    ) -> Self {
        let given = request.base.iter().chain(plain.environment.iter().flatten());
        let last_values = watched.iter().map(|name| request.base_value(name).cloned()).collect();
        Self {
            search: Search::new(system, request.shell.kind, request.home()),
            request,
            plain,
            phases: phases(request, files),
            watched,
            interesting: given
                .map(|(name, _)| name.clone())
                .filter(|name| !PER_RUN_NAMES.iter().any(|n| name.is(n)))
                .collect(),
            values: request.base.iter().cloned().collect(),
            changes: Vec::new(),
            seen: BTreeMap::new(),
            last_values,
            places: Places::default(),
            reached: 0,
        }
    }

    /// For shells that tell every command before it runs, assignments too.
    pub(super) fn told_before(mut self) -> Self {
        self.places.told_before = true;
        self
    }

    pub(super) fn take(&mut self, event: Event) {
        match event {
            Event::At(at) => {
                self.again(&at);
                self.place(Some(&at));
                self.places.next(at);
            }
            Event::Values(values) => self.seen_values(values),
            Event::Stage { label, environment } => self.stage(&label, &environment),
        }
    }

    /// The end: a trace whose last effects are the plain run's values, as far as a line can be found for them.
    pub(super) fn finish(mut self, complete: bool, run: &RunOutcome) -> Trace {
        self.by_reading();
        let end = if complete { TraceEnd::Complete } else { self.stopped(run) };
        Trace {
            last: self.interesting.iter().map(|n| (n.clone(), self.values.get(n).cloned())).collect(),
            phases: self.phases,
            changes: self.changes,
            end,
            files: Vec::new(),
            shadow: None,
            problems: Vec::new(),
        }
    }

    /// The environment after a stage: what differs from before belongs to it.
    pub(super) fn stage(&mut self, label: &str, environment: &BTreeMap<Name, Value>) {
        // A file whose path is only known when it is read follows its index.
        let (index, path) = label.split_once(':').map_or((label, None), |(i, p)| (i, Some(p)));
        let phase = index.parse::<usize>().map_or(0, |index| (index + 1).min(self.phases.len() - 1));
        if let Some(path) = path.filter(|p| !p.is_empty()) {
            let layer = &mut self.phases[phase];
            path.clone_into(&mut layer.title);
            layer.source = Some(Origin::file(path));
            layer.status = LayerStatus::Applied;
        }
        self.stage_among(&[phase], environment);
    }

    /// The same where several files were read since the last stage, given by their phases: which of them it was is
    /// told by reading.
    pub(super) fn stage_among(&mut self, phases: &[usize], environment: &BTreeMap<Name, Value>) {
        self.place(None);
        let Some(&last) = phases.last() else { return };
        self.reached = self.reached.max(last + 1);
        let names: Vec<Name> = self.interesting.iter().cloned().collect();
        for name in names {
            let after = environment.get(&name).cloned();
            if self.values.get(&name) != after.as_ref() || self.seen.contains_key(&name) {
                self.changed(phases, &name, after);
            }
        }
        self.seen.clear();
    }

    /// Who assigns the value that the variable has already decides it from now on, unless it is made from the
    /// variable itself.
    fn again(&mut self, at: &At) {
        let Some(index) = self.places.assigned(self.search.system, at, &self.watched) else { return };
        let name = &self.watched[index];
        let is_new = self.places.unplaced.iter().any(|(unplaced, _)| unplaced.is(name));
        if let Some(value) = self.last_values[index].clone().filter(|_| !is_new) {
            self.places.unplaced.push((Name::from(name.as_str()), After::Set(value)));
        }
    }

    /// Gives the changes that were seen last their places, `next` being the command that comes now.
    fn place(&mut self, next: Option<&At>) {
        for (name, after) in std::mem::take(&mut self.places.unplaced) {
            if let Some(effect) = self.places.effect(self.search.system, &name, after, next) {
                self.seen.entry(name).or_default().push(effect);
            }
        }
    }

    fn changed(&mut self, phases: &[usize], name: &Name, value: Option<Value>) {
        let after = value.clone().map_or(After::Unset, After::Set);
        let seen = self.seen.remove(name).unwrap_or_default();
        let explained = seen.last().is_some_and(|effect| effect.after == after);
        let last = phases.last().copied().unwrap_or(0);
        if explained || self.values.get(name) != value.as_ref() {
            self.changes.extend(seen.into_iter().map(|effect| TracedChange { phase: last, effect }));
        }
        if !explained && self.values.get(name) != value.as_ref() {
            let phase = self.likely(phases, name, value.as_ref()).unwrap_or(last);
            let mut effect = self.found(phase, name, after, value.as_ref());
            if phases.len() > 1 && effect.confidence == Confidence::File {
                effect.confidence = Confidence::Static;
            }
            self.changes.push(TracedChange { phase, effect });
        }
        match value {
            Some(value) => drop(self.values.insert(name.clone(), value)),
            None => drop(self.values.remove(name)),
        }
    }

    /// The last of several files that has a line for the change.
    fn likely(&self, phases: &[usize], name: &Name, value: Option<&Value>) -> Option<usize> {
        let value = value.map(Value::to_text);
        phases.iter().copied().filter(|_| phases.len() > 1).rev().find(|&phase| {
            let applied = self.phases[phase].status == LayerStatus::Applied;
            applied
                && self.search.find(&self.phases[phase].title, &name.to_text(), value.as_deref()).is_some()
        })
    }

    /// The effect of a stage, its line found by reading.
    fn found(&self, phase: usize, name: &Name, after: After, value: Option<&Value>) -> Effect {
        if phase == 0 {
            let rule = format!("set by {} before it reads a file", self.request.shell.family);
            return Effect::new(
                name.clone(),
                after,
                Origin::rule(rule, "seen by running it"),
                Confidence::Baseline,
            );
        }
        let path = self.phases[phase].title.clone();
        let value = value.map(Value::to_text);
        match self.search.find(&path, &name.to_text(), value.as_deref()) {
            Some(found) => {
                let confidence = if found.nested { Confidence::Static } else { Confidence::File };
                Effect::new(name.clone(), after, Origin::File(found.place), confidence)
                    .because("the file was told by running the start in stages, the line by reading it")
            }
            None => Effect::new(name.clone(), after, Origin::file(path), Confidence::File)
                .because("told by running the start in stages; no line of the file names the variable"),
        }
    }

    /// What the stages do not account for, found by reading all files that are there, the last one first.
    fn by_reading(&mut self) {
        let Some(environment) = &self.plain.environment else { return };
        for (name, value) in environment {
            if self.values.get(name) == Some(value) || !self.interesting.contains(name) {
                continue;
            }
            let found = (1..self.phases.len()).rev().find_map(|phase| {
                let layer = &self.phases[phase];
                let applied = layer.status == LayerStatus::Applied;
                let found = self.search.find(&layer.title, &name.to_text(), Some(&value.to_text()));
                found.filter(|_| applied).map(|found| (phase, found.place))
            });
            if let Some((phase, place)) = found {
                let effect =
                    Effect::set(name.clone(), value.clone(), Origin::File(place), Confidence::Static)
                        .because("found by reading; the start in stages did not show it");
                self.changes.push(TracedChange { phase, effect });
            }
        }
    }

    /// New values of the watched variables; the command that is told next says where.
    fn seen_values(&mut self, values: Vec<Option<Value>>) {
        for (index, value) in values.iter().enumerate() {
            if self.last_values.get(index) != Some(value) {
                let after = value.clone().map_or(After::Unset, After::Set);
                self.places.unplaced.push((Name::from(self.watched[index].as_str()), after));
            }
        }
        self.last_values = values;
    }

    fn stopped(&mut self, run: &RunOutcome) -> TraceEnd {
        let Some(layer) = (self.reached.max(1)..self.phases.len())
            .map(|phase| &self.phases[phase])
            .find(|layer| layer.status == LayerStatus::Applied)
        else {
            return TraceEnd::Stopped { at: None, what: String::new() };
        };
        let path = layer.title.clone();
        if let Some(at) = self.places.now.clone().filter(|at| at.file != NO_FILE) {
            let what = format!("`{}`", at.command.lines().next().unwrap_or_default());
            return TraceEnd::Stopped { at: Some(Place::line(at.file, at.line)), what };
        }
        let words: Vec<String> = match run.end {
            RunEnd::Exited(_) | RunEnd::Signalled(_) => vec!["exec".to_owned(), "exit".to_owned()],
            _ => run.left_behind.clone(),
        };
        let found = words.iter().find_map(|word| Some((word, self.search.find(&path, word, None)?)));
        match found {
            Some((word, found)) => TraceEnd::Stopped { at: Some(found.place), what: format!("in `{word}`") },
            None => TraceEnd::Stopped { at: Some(Place::file(path)), what: "in this file".to_owned() },
        }
    }
}
