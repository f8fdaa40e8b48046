//! From the stream of a traced start to changes of variables with their places.

mod source;

use super::calls::{Calls, Kind};
use super::probe::{self, Way};
use super::records::{self, Call, Event};
use super::startup::{self, Folders};
use super::universal::{self, Universal};
use super::{shadow, stop};
use crate::trace::file_phase;
use crate::{Request, Trace, TraceEnd, TracedChange};
use model::{After, Confidence, Effect, Layer, LayerStatus, Name, Origin, Place, Shadow, Value, Via};
use std::collections::BTreeMap;
use system::{RunOutcome, System};

/// Index of the phase of what fish does before it reads any file.
const BUILT_IN: usize = 0;

/// Runs fish traced and reads what it tells.
pub(super) fn trace(system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
    let names = probe::watched(request, plain);
    let expected = startup::folders(system, request);
    let ways = match request.base_value("fish_function_path") {
        Some(_) => &[Way::Shadow][..],
        None => &[Way::Function, Way::Shadow],
    };
    for &way in ways {
        let links = match way {
            Way::Function => Vec::new(),
            Way::Shadow => shadow::links(system, &expected.config),
        };
        let run = system.run(&probe::spec(request, &names, way, links));
        let events = records::parse(&run.trace);
        if events.iter().any(|event| matches!(event, Event::First { .. })) {
            let until = &run.trace[..run.read_terminal_at.min(run.trace.len())];
            let read_terminal = run.read_terminal.then(|| records::parse(until).len());
            return Reader::new(system, request, expected, way).read(&names, &events, read_terminal, &run);
        }
    }
    Trace::unavailable(phases(system, request, &expected), "fish did not read the script of the traced run")
}

fn phases(system: &dyn System, request: &Request, folders: &Folders) -> Vec<Layer> {
    let mut phases = vec![Layer::applied("built-in", "fish itself", Vec::new()).from_source(built_in())];
    let files = startup::files_of(system, folders);
    phases.extend(files.iter().map(|file| file_phase(&file.id, &file.path, file.status.clone())));
    if request.mode.prompt {
        phases.push(Layer::applied("prompt", "hooks of the first prompt", Vec::new()));
    }
    phases
}

fn built_in() -> Origin {
    Origin::rule("set by fish before it reads a file", "fish: src/env.cpp env_init")
}

/// Where a change came from.
struct Source {
    origin: Origin,
    via: Option<Via>,
    confidence: Confidence,
    reason: Option<String>,
}

impl Source {
    fn new(origin: Origin, confidence: Confidence) -> Self {
        Self { origin, via: None, confidence, reason: None }
    }
}

pub(super) struct Reader<'s> {
    system: &'s dyn System,
    request: &'s Request,
    pub(super) calls: Calls<'s>,
    folders: Folders,
    /// What the shadow folder stands for: its own path and the real one.
    shadowed: Option<(String, String)>,
    phases: Vec<Layer>,
    at_prompt: bool,
    universal: Vec<Universal>,
    values: BTreeMap<Name, Value>,
    changes: Vec<TracedChange>,
    last: BTreeMap<Name, Option<Value>>,
    /// Global values that a local variable hides: the phase, what was written, and where.
    hidden: BTreeMap<Name, (usize, Value, Source)>,
    go: Option<Shadow>,
    alias_of_go: Option<Place>,
    complete: bool,
    way: Way,
}

impl<'s> Reader<'s> {
    fn new(system: &'s dyn System, request: &'s Request, folders: Folders, way: Way) -> Self {
        let variables = system.read(&format!("{}/fish_variables", folders.config)).unwrap_or_default();
        Self {
            system,
            request,
            calls: Calls::new(system),
            folders,
            shadowed: None,
            phases: Vec::new(),
            at_prompt: false,
            universal: universal::parse(&variables),
            values: request.base.iter().cloned().collect(),
            changes: Vec::new(),
            last: BTreeMap::new(),
            hidden: BTreeMap::new(),
            go: None,
            alias_of_go: None,
            complete: false,
            way,
        }
    }

    /// `read_terminal`: the first event after the terminal was read.
    fn read(
        mut self,
        names: &[String],
        events: &[Event<'_>],
        read_terminal: Option<usize>,
        run: &RunOutcome,
    ) -> Trace {
        for event in events {
            if let Event::Folder { name, value } = event {
                self.folder(name, value);
            }
        }
        self.phases = phases(self.system, self.request, &self.folders);
        self.first_values(names, events);
        let mut problems = Vec::new();
        for (index, event) in events.iter().enumerate() {
            if Some(index) == read_terminal {
                problems.extend(stop::terminal_read(&mut self));
            }
            self.take(event);
        }
        if let Some(environment) = run.environment.as_ref().filter(|_| self.complete) {
            let at_end: BTreeMap<&Name, &Value> = environment.iter().map(|(n, v)| (n, v)).collect();
            for name in names.iter().map(|name| Name::from(name.as_str())) {
                let value = at_end.get(&name).map(|&value| value.clone());
                self.last(name, value);
            }
        }
        let end = match self.complete {
            true => TraceEnd::Complete,
            false => stop::find(&mut self, run),
        };
        let mut files = std::mem::take(&mut self.calls.files);
        files.sort();
        Trace {
            phases: self.phases,
            changes: self.changes,
            end,
            last: self.last,
            files,
            shadow: self.go,
            problems,
        }
    }

    /// What this fish says of its own folders goes before what was expected.
    fn folder(&mut self, name: &[u8], value: &[u8]) {
        let Ok(value) = std::str::from_utf8(value) else { return };
        if value.is_empty() {
            return;
        }
        match name {
            b"__fish_config_dir" if self.way == Way::Shadow => {
                self.shadowed = Some((value.to_owned(), self.folders.config.clone()));
            }
            b"__fish_config_dir" => value.clone_into(&mut self.folders.config),
            b"__fish_sysconf_dir" => value.clone_into(&mut self.folders.sysconf),
            b"__fish_data_dir" => value.clone_into(&mut self.folders.data),
            b"__fish_vendor_confdirs" => {
                self.folders.vendor = value.split(':').map(str::to_owned).collect();
            }
            _ => {}
        }
    }

    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Folder { .. } | Event::First { .. } => {}
            Event::Step { depth, text } => self.step(*depth, text),
            Event::Changed { name, value, calls } => self.changed(name, *value, calls),
            Event::AddPath { calls } => {
                let calls: Vec<Call> = calls.iter().map(|c| self.absolute_call(c)).collect();
                if let Some(frame) = self.calls.stack.iter_mut().rev().find(|f| f.word() == "fish_add_path") {
                    frame.told = calls;
                }
            }
            Event::Go { details, text } => {
                self.go = shadow::of_go(details, text, self.alias_of_go.clone(), |path| self.absolute(path));
            }
            Event::Phase(b"prompt") => {
                self.at_prompt = true;
                self.calls.stack.clear();
            }
            Event::Phase(_) => self.complete = true,
        }
    }

    fn step(&mut self, depth: usize, text: &str) {
        let Self { calls, values, shadowed, .. } = self;
        calls.step(depth, text, |path| {
            absolute(path, &value_of(values, "HOME"), &value_of(values, "PWD"), shadowed.as_ref())
        });
        let last = self.calls.stack.len() - 1;
        let words = &self.calls.stack[last].words;
        if words.first().is_some_and(|w| w == "alias")
            && words.get(1).is_some_and(|w| w == "go" || w.starts_with("go="))
        {
            self.alias_of_go = self.calls.site(last);
        }
    }

    fn value(&self, name: &str) -> String {
        value_of(&self.values, name)
    }

    fn home(&self) -> String {
        self.value("HOME")
    }

    fn absolute(&self, path: &str) -> String {
        absolute(path, &self.home(), &self.value("PWD"), self.shadowed.as_ref())
    }

    fn absolute_call(&self, call: &Call) -> Call {
        Call {
            line: call.line,
            file: if call.file == "-" { "-".to_owned() } else { self.absolute(&call.file) },
        }
    }

    fn first_values(&mut self, names: &[String], events: &[Event<'_>]) {
        let exported: BTreeMap<&[u8], &[u8]> = events
            .iter()
            .filter_map(|event| match event {
                Event::First { name, value } => Some((*name, (*value)?)),
                _ => None,
            })
            .collect();
        for name in names {
            let value = exported.get(name.as_bytes()).map(|&value| Value::from(value));
            self.first(Name::from(name.as_str()), value);
        }
    }

    /// What is different from the base before any file was read: universal variables, or fish itself.
    fn first(&mut self, name: Name, value: Option<Value>) {
        // The hand-over of our script itself.
        if self.values.get(&name) == value.as_ref() || (self.way == Way::Shadow && name.is("XDG_CONFIG_HOME"))
        {
            return;
        }
        let stored = self.universal.iter().find(|u| {
            u.exported && name.is(&u.name) && value.as_ref().is_some_and(|v| v.as_bytes() == u.joined())
        });
        let (phase, source) = match stored {
            Some(stored) => {
                let place = Place::line(format!("{}/fish_variables", self.folders.config), stored.line);
                (self.phase_of(&place.path), Source::new(Origin::File(place), Confidence::Exact))
            }
            None => (Some(BUILT_IN), Source::new(built_in(), Confidence::Baseline)),
        };
        self.push(phase.unwrap_or(BUILT_IN), name, value, source);
    }

    fn changed(&mut self, name: &[u8], value: Option<&[u8]>, calls: &[Call]) {
        let name = Name::from(name);
        let value = value.map(Value::from);
        if self.way == Way::Shadow && name.is("XDG_CONFIG_HOME") && calls.is_empty() {
            return;
        }
        let same = self.values.get(&name) == value.as_ref();
        let written = self.written_globally();
        if same && written.is_none() {
            return;
        }
        let phase = self.phase();
        let source = match calls.last() {
            Some(call) => {
                let call = self.absolute_call(call);
                self.source_of(&name, &call)
            }
            // The body of a function that was copied (`functions -c`) has no file.
            None => self.of_fish(&name, &Call { line: 0, file: String::new() }),
        };
        match written.filter(|written| same && value.as_ref() != Some(written)) {
            // A local exported variable hides the one that was written; its end is told by nobody.
            Some(written) => drop(self.hidden.insert(name, (phase, written, source))),
            None if same && !self.decides(&name, &source) => {}
            None => self.push(phase, name, value, source),
        }
    }

    /// Whether who wrote the same value again decides it from now on: not fish itself, and not a line that makes it
    /// from the variable.
    fn decides(&mut self, name: &Name, source: &Source) -> bool {
        let Some(place) = source.origin.place().cloned() else { return false };
        if self.is_own(&place.path) {
            return false;
        }
        let expansion = format!("${}", name.to_text());
        !self.calls.script(&place.path).line(place.line).is_some_and(|text| text.contains(&expansion))
    }

    /// What the last command wrote into a variable that is not a new local one.
    fn written_globally(&self) -> Option<Value> {
        let frame = self.calls.stack.last().filter(|frame| frame.word() == "set")?;
        let options = frame.words.iter().skip(1).take_while(|w| w.starts_with('-')).count();
        // Without a scope `set` writes the variable that is there (fish: doc cmds/set.rst).
        let elsewhere = frame.words[1..=options].iter().any(|option| match option.strip_prefix("--") {
            Some(long) => matches!(long, "local" | "function" | "erase" | "query" | "names" | "show"),
            None => option.contains(['l', 'f', 'e', 'q', 'n', 'S']),
        });
        let (name, values) = frame.words[1 + options..].split_first().filter(|_| !elsewhere)?;
        let separator = if name.ends_with("PATH") { ":" } else { " " };
        Some(Value::from(values.join(separator)))
    }

    /// The value at the end: one that was hidden by a local variable comes to light again.
    fn last(&mut self, name: Name, value: Option<Value>) {
        self.last.insert(name.clone(), value.clone());
        if self.values.get(&name) == value.as_ref() {
            return;
        }
        if let Some((phase, written, source)) = self.hidden.remove(&name)
            && value.as_ref() == Some(&written)
        {
            self.push(phase, name, value, source);
        }
    }

    fn push(&mut self, phase: usize, name: Name, value: Option<Value>, source: Source) {
        let after = match value {
            Some(value) => {
                self.values.insert(name.clone(), value.clone());
                After::Set(value)
            }
            None => {
                self.values.remove(&name);
                After::Unset
            }
        };
        let mut effect = Effect::new(name, after, source.origin, source.confidence);
        effect.via = source.via;
        effect.reason = source.reason;
        self.changes.push(TracedChange { phase, effect });
    }

    fn phase_of(&self, path: &str) -> Option<usize> {
        self.phases
            .iter()
            .position(|layer| layer.source.as_ref().and_then(Origin::place).is_some_and(|p| p.path == path))
    }

    /// The start-up file that is being read: the outermost `source`.
    fn phase(&self) -> usize {
        if self.at_prompt {
            return self.phases.len() - 1;
        }
        let reading = self.calls.stack.iter().find_map(|frame| match &frame.kind {
            Kind::Source(path) => self.phase_of(path),
            _ => None,
        });
        reading.or_else(|| self.phase_of(&format!("{}/config.fish", self.folders.data))).unwrap_or(BUILT_IN)
    }

    /// Whether the file is a part of fish itself.
    pub(super) fn is_own(&self, path: &str) -> bool {
        path.starts_with("embedded:")
            || path.starts_with(&format!("{}/", self.folders.data)) && !path.contains("/vendor_")
    }

    pub(super) fn phases_mut(&mut self) -> &mut [Layer] {
        &mut self.phases
    }
}

fn value_of(values: &BTreeMap<Name, Value>, name: &str) -> String {
    values.get(&Name::from(name)).map(|v| v.to_text().into_owned()).unwrap_or_default()
}

/// `~`, relative paths, and the shadow folder undone.
fn absolute(path: &str, home: &str, here: &str, shadowed: Option<&(String, String)>) -> String {
    let path = match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        _ if path.starts_with('/') || path.starts_with("embedded:") => path.to_owned(),
        _ => format!("{}/{path}", here.trim_end_matches('/')),
    };
    match shadowed.and_then(|(shadow, real)| Some((path.strip_prefix(shadow.as_str())?, real))) {
        Some((rest, real)) => format!("{real}{rest}"),
        None => path,
    }
}

/// A phase that was read although it was not expected to be there counts as applied in `phases_to_layers`; one that
/// is there but was not reached says so.
pub(super) fn not_reached(phases: &mut [Layer], files: &[String]) {
    for layer in phases.iter_mut().filter(|layer| layer.status == LayerStatus::Applied) {
        let path = layer.source.as_ref().and_then(Origin::place).map(|p| p.path.clone());
        if path.is_some_and(|p| p.ends_with(".fish") && !files.contains(&p)) {
            layer.status = LayerStatus::Skipped { reason: "the start-up ended before it".to_owned() };
        }
    }
}
