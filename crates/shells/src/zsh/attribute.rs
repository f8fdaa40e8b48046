//! From records to changes: which command changed a variable.
//!
//! A record's values are those before its command, so what differs from the last record was done by the last
//! record's command. Four things bend this rule, and each is recognised by the text: the words of a command are
//! expanded before its record is printed (`: ${X:=y}` belongs to the record that first shows it), commands whose
//! standard error is redirected as a block leave no records, a function's local variables come back to what they
//! were, and the less closely watched variables are compared only now and then.

use super::calls::Calls;
use super::instrument::{OPTIONS, Watch};
use super::place::{Finder, Spot, text};
use super::records::Record;
use super::source::Sources;
use super::{end, files, phases, words};
use crate::{Request, Trace, TracedChange};
use model::{After, Confidence, Effect, Layer, Name, Origin, Place, Value, Via};
use std::collections::BTreeMap;
use system::{RunOutcome, System};

/// What zsh sets before it reads any file (zsh: Src/params.c `createparamtable`; zshparam(1), Parameters Set By The
/// Shell).
const OWN: &[&str] = &[
    "PATH",
    "PWD",
    "OLDPWD",
    "HOME",
    "LOGNAME",
    "USER",
    "USERNAME",
    "HOST",
    "TERM",
    "COLUMNS",
    "LINES",
    "SHELL",
    "MAILPATH",
    "MODULE_PATH",
    "FPATH",
    "CDPATH",
];

/// A change on its way into the trace.
struct Change {
    name: Name,
    before: Option<Value>,
    after: Option<Value>,
    /// Index of the live record that first showed it.
    at: usize,
    /// Depth of the command that made it, and of the record that showed it.
    depth: u32,
    phase: usize,
    spot: Found,
}

#[derive(Clone)]
struct Found {
    origin: Origin,
    via: Option<Via>,
    confidence: Confidence,
    reason: Option<String>,
}

pub(super) fn trace(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    watch: &Watch,
    records: &[Record<'_>],
    outcome: &RunOutcome,
) -> Trace {
    let calls = Calls::of(records);
    let sources = Sources::new(system);
    let mut phases = phases::of(system, request);
    let options = options_before(&calls, watch);
    let emulated = emulated(&calls, &options);
    let finder = Finder { calls: &calls, sources: &sources, cwd: &request.cwd, emulated: &emulated };
    let phase_of = phases_of(&calls, &finder, &phases);
    let seen = seen(&calls, watch, &finder, &phases, &options);

    let mut walk = Walk {
        watch,
        finder: &finder,
        phase_of: &phase_of,
        by_text: plain.environment.is_none(),
        tied: Vec::new(),
        values: request.base.iter().cloned().collect(),
        changes: Vec::new(),
    };
    walk.all();
    let Walk { changes, values, .. } = walk;

    phases::correct(system, request, &mut phases, &seen);
    let end = end::of(&finder, records, outcome);
    let mut files: Vec<String> =
        phases.iter().map(|p| p.title.clone()).filter(|t| t.starts_with('/')).collect();
    files.extend(read_files(&finder));
    files.sort();
    files.dedup();
    Trace {
        changes: exported(changes, plain, &values).into_iter().map(traced).collect(),
        last: watched(watch).map(|n| (n.clone(), values.get(n).cloned())).collect(),
        shadow: request.mode.interactive.then(|| end::shadow(records)).flatten(),
        phases,
        end,
        files,
        problems: Vec::new(),
    }
}

fn watched(watch: &Watch) -> impl Iterator<Item = &Name> {
    watch.close.iter().chain(&watch.loose).filter(|n| !n.is(OPTIONS))
}

struct Walk<'a> {
    watch: &'a Watch,
    finder: &'a Finder<'a>,
    phase_of: &'a [usize],
    /// Exports are taken from the text of the commands too.
    by_text: bool,
    tied: Vec<(Vec<u8>, Vec<u8>)>,
    values: BTreeMap<Name, Value>,
    changes: Vec<Change>,
}

impl Walk<'_> {
    fn all(&mut self) {
        let mut compared = 0;
        for at in 0..self.finder.calls.live.len() {
            let record = self.finder.calls.live[at];
            if let Some(values) = &record.close {
                self.compare(&self.watch.close, values, at.saturating_sub(1), at);
            }
            if let Some(values) = &record.loose {
                self.compare(&self.watch.loose, values, compared, at);
            }
            if record.compared {
                compared = at;
            }
            let command = words::command(record.text);
            self.tied.extend(words::tie(command));
            if self.by_text {
                self.exports(command, at);
            }
        }
    }

    /// Takes over what an `export` says, for a start-up that never comes to its end: its variables are not known
    /// beforehand and thus not watched.
    fn exports(&mut self, command: &[u8], at: usize) {
        for (name, value) in words::exports(command) {
            let (name, value) = (Name::new(name), Value::new(value));
            if watched(self.watch).any(|n| *n == name) || self.values.get(&name) == Some(&value) {
                continue;
            }
            let before = self.values.insert(name.clone(), value.clone());
            let spellings = words::spellings(name.as_bytes(), &self.tied);
            let spot = found(self.finder.spot(at, &spellings));
            let (phase, depth) = (self.phase_of[at], self.finder.calls.live[at].depth);
            self.changes.push(Change { name, before, after: Some(value), at, depth, phase, spot });
        }
    }

    fn compare(&mut self, names: &[Name], values: &[Option<&[u8]>], from: usize, at: usize) {
        for (name, value) in names.iter().zip(values) {
            if name.is(OPTIONS) || self.values.get(name).map(Value::as_bytes) == *value {
                continue;
            }
            let after = value.map(Value::from);
            let before = match &after {
                Some(value) => self.values.insert(name.clone(), value.clone()),
                None => self.values.remove(name),
            };
            self.changed(name, before, after, from, at);
        }
    }

    fn changed(&mut self, name: &Name, before: Option<Value>, after: Option<Value>, from: usize, at: usize) {
        let spellings = words::spellings(name.as_bytes(), &self.tied);
        if self.is_restored(name, &spellings, after.as_ref(), at) {
            return;
        }
        let first = at == 0 && from == 0;
        let (maker, spot) = if first {
            (at, self.before_all(name, &spellings))
        } else {
            self.maker(&spellings, after.as_ref(), from, at)
        };
        let phase =
            if first && matches!(spot.origin, Origin::Rule { .. }) { 0 } else { self.phase_of[maker] };
        let depth = self.finder.calls.live[maker].depth;
        self.changes.push(Change { name: name.clone(), before, after, at, depth, phase, spot });
    }

    /// What the first record already shows: zsh's own doing, or an expansion of its words, or a command before it
    /// that left no record.
    fn before_all(&self, name: &Name, spellings: &[Vec<u8>]) -> Found {
        let spot = self.finder.spot(0, spellings);
        let line = self.finder.sources.line(&spot.place.path, spot.place.line);
        if words::changes_by_expansion(&line, spellings) {
            return found(spot);
        }
        if OWN.iter().any(|own| name.is(own)) {
            let origin = Origin::rule("zsh sets it itself", "zshparam(1), Parameters Set By The Shell");
            return Found { origin, via: None, confidence: Confidence::Baseline, reason: None };
        }
        self.hidden(None, 0, spellings)
    }

    /// The record whose command made a change that was first seen at `at` and not yet at `from`.
    fn maker(&self, spellings: &[Vec<u8>], after: Option<&Value>, from: usize, at: usize) -> (usize, Found) {
        let value = after.map(Value::as_bytes);
        let command = |n: usize| words::command(self.finder.calls.live[n].text);
        // A literal assignment of exactly this value.
        for n in (from..at).rev() {
            if value.is_some() && words::assigned(command(n), spellings).as_deref() == value {
                return (n, found(self.finder.spot(n, spellings)));
            }
        }
        // Expansions of a command are seen in its own record.
        for n in (from + 1..=at).rev() {
            let spot = self.finder.spot(n, spellings);
            let line = self.finder.sources.line(&spot.place.path, spot.place.line);
            if words::changes_by_expansion(&line, spellings) {
                return (n, found(spot));
            }
        }
        for n in (from..at).rev() {
            let spot = self.finder.spot(n, spellings);
            if spot.fits && (words::changes(command(n), spellings) || self.line_changes(&spot, spellings)) {
                return (n, found(spot));
            }
        }
        for n in (from..at).rev() {
            let spot = self.finder.spot(n, spellings);
            if spot.fits {
                return (n, found(spot));
            }
        }
        let last = at.saturating_sub(1).max(from);
        (last, self.hidden(Some(last), at, spellings))
    }

    fn line_changes(&self, spot: &Spot, spellings: &[Vec<u8>]) -> bool {
        words::changes(&self.finder.sources.line(&spot.place.path, spot.place.line), spellings)
    }

    /// A change between two records whose commands do not have the name: commands without records stand between.
    fn hidden(&self, last: Option<usize>, next: usize, spellings: &[Vec<u8>]) -> Found {
        let next_site = self.finder.site(next);
        let test = |text: &[u8]| words::changes(text, spellings);
        let reason =
            "no trace of the command itself; found between the traced commands around it by its text";
        let ranges = self.gaps(last, &next_site);
        for (path, from, to) in &ranges {
            let hits: Vec<u32> = (*from..=*to)
                .filter(|&n| self.finder.sources.first(path, n, n, test).is_some())
                .take(2)
                .collect();
            if let [line] = hits.as_slice() {
                return Found {
                    origin: Origin::File(self.finder.place(path, *line, spellings)),
                    via: None,
                    confidence: Confidence::Range,
                    reason: Some(reason.to_owned()),
                };
            }
            if let [first, ..] = hits.as_slice() {
                let mut place = Place::line(path.as_str(), *first);
                place.end_line = *to;
                return Found {
                    origin: Origin::File(place),
                    via: None,
                    confidence: Confidence::Range,
                    reason: Some("several commands between two traced ones change it".to_owned()),
                };
            }
        }
        let Some(last) = last else {
            let reason = "changed before the first traced command".to_owned();
            let origin = Origin::File(next_site);
            return Found { origin, via: None, confidence: Confidence::Range, reason: Some(reason) };
        };
        let spot = self.finder.spot(last, &[]);
        Found {
            origin: Origin::File(spot.place),
            via: spot.via,
            confidence: Confidence::Range,
            reason: Some(
                "changed by what this command runs, or shortly after it; its text does not name it"
                    .to_owned(),
            ),
        }
    }

    /// Lines between two records: what is left of each file or function that was left, and what stands before the
    /// next record.
    fn gaps(&self, last: Option<usize>, next: &Place) -> Vec<(String, u32, u32)> {
        /// How far a file is searched behind the last record in it.
        const REST: u32 = 4000;
        let mut gaps = Vec::new();
        let mut at = last;
        while let Some(n) = at {
            let site = self.finder.site(n);
            if site.path == next.path && site.line <= next.line {
                gaps.push((site.path, site.line, next.line));
                return gaps;
            }
            gaps.push((site.path, site.line, site.line.saturating_add(REST)));
            at = self.finder.calls.caller(n);
        }
        gaps.push((next.path.clone(), 1, next.line));
        gaps
    }

    /// Whether a variable only came back to what it was before a function made it local, or before an assignment in
    /// front of a function's name. What was seen in between is forgotten.
    fn is_restored(&mut self, name: &Name, spellings: &[Vec<u8>], after: Option<&Value>, at: usize) -> bool {
        let Some(last) = at.checked_sub(1) else { return false };
        let (last, now) = (self.finder.calls.live[last], self.finder.calls.live[at]);
        let Some(k) = self
            .changes
            .iter()
            .rposition(|c| c.name == *name && c.before.as_ref() == after && c.depth >= now.depth)
        else {
            return false;
        };
        let left_a_scope = last.depth > now.depth;
        let same_command = self.changes[k].at + 1 == at;
        let explicit = words::changes(words::command(last.text), spellings);
        if explicit || !(left_a_scope || same_command) {
            return false;
        }
        let mut seen = 0;
        self.changes.retain(|c| {
            seen += 1;
            seen <= k || c.name != *name
        });
        true
    }
}

fn found(spot: Spot) -> Found {
    let confidence = match (&spot.via, spot.fits) {
        (Some(_), _) => Confidence::Via,
        (None, true) => Confidence::Exact,
        (None, false) => Confidence::Range,
    };
    let reason = match &spot.via {
        Some(via) if via.generated_line.is_some() => Some(format!("text generated for `{}`", via.how)),
        Some(via) => Some(format!("in {}, called at {}:{}", via.how, via.place.path, via.place.line)),
        None if spot.fits => None,
        None => Some("the text there does not name the variable".to_owned()),
    };
    Found { origin: Origin::File(spot.place), via: spot.via, confidence, reason }
}

/// Drops what was never exported: variables that are shell variables to the end. One that was unset in the end may
/// have been exported in between, and stays.
fn exported(changes: Vec<Change>, plain: &RunOutcome, last: &BTreeMap<Name, Value>) -> Vec<Change> {
    let Some(environment) = &plain.environment else { return changes };
    changes
        .into_iter()
        .filter(|c| !last.contains_key(&c.name) || environment.iter().any(|(name, _)| *name == c.name))
        .collect()
}

fn traced(change: Change) -> TracedChange {
    let after = change.after.map_or(After::Unset, After::Set);
    let mut effect = Effect::new(change.name, after, change.spot.origin, change.spot.confidence);
    effect.via = change.spot.via;
    effect.reason = change.spot.reason;
    TracedChange { phase: change.phase, effect }
}

/// The option letters as each live record found them.
fn options_before<'a>(calls: &'a Calls<'_>, watch: &Watch) -> Vec<&'a [u8]> {
    let at = watch.close.iter().position(|n| n.is(OPTIONS));
    let mut letters: &[u8] = b"";
    calls
        .live
        .iter()
        .map(|record| {
            if let (Some(at), Some(values)) = (at, &record.close) {
                letters = values.get(at).copied().flatten().unwrap_or_default();
            }
            letters
        })
        .collect()
}

/// Which records ran under the options of sh or ksh: their option letters have no digits, those of zsh do (zsh:
/// Src/options.c `zshletters`, `kshletters`).
fn emulated(calls: &Calls<'_>, options: &[&[u8]]) -> Vec<bool> {
    let emulates = |record: &Record<'_>| {
        let command = words::command(record.text);
        command.starts_with(b"emulate") && words::split(command).iter().any(|w| w == b"-c")
    };
    let started_by_emulate = |at: usize| {
        let mut next = Some(at);
        while let Some(n) = next {
            if emulates(calls.live[n]) || n.checked_sub(1).is_some_and(|n| emulates(calls.live[n])) {
                return true;
            }
            next = calls.caller(n);
        }
        false
    };
    (0..calls.live.len())
        .map(|at| {
            !options[at].is_empty() && !options[at].iter().any(u8::is_ascii_digit) && started_by_emulate(at)
        })
        .collect()
}

/// The phase of each live record, by the start-up file at the bottom of its call chain.
fn phases_of(calls: &Calls<'_>, finder: &Finder<'_>, phases: &[Layer]) -> Vec<usize> {
    let mut current = 0;
    (0..calls.live.len())
        .map(|at| {
            let bottom = calls.bottom(at);
            let record = calls.live[bottom];
            let of_file = (record.depth > 0 && record.scope == record.file)
                .then(|| phases::of_file(phases, &finder.file(bottom)))
                .flatten();
            match of_file {
                Some(phase) => current = phase,
                None if record.depth == 0 || record.scope != record.file => {
                    let prompt = phases.iter().position(|p| p.id == files::PROMPT_PHASE);
                    current = prompt.unwrap_or(current);
                }
                None => {}
            }
            current
        })
        .collect()
}

fn seen(
    calls: &Calls<'_>,
    watch: &Watch,
    finder: &Finder<'_>,
    phases: &[Layer],
    options: &[&[u8]],
) -> phases::Seen {
    let folder_at = watch.close.iter().position(|n| n.is("ZDOTDIR"));
    let mut seen = phases::Seen {
        path: vec![None; phases.len()],
        folder: vec![None; phases.len()],
        no_rcs: vec![false; phases.len()],
        no_global_rcs: vec![false; phases.len()],
    };
    let mut folder: Option<String> = None;
    let mut reached = 0;
    for (at, record) in calls.live.iter().enumerate() {
        if let (Some(n), Some(values)) = (folder_at, &record.close) {
            folder = values.get(n).copied().flatten().filter(|v| !v.is_empty()).map(text);
        }
        // Files without a command stand between the last phase and this record's: what this record shows held for
        // them. `f` stands for NO_RCS, `d` for NO_GLOBAL_RCS (zsh: Src/options.c `zshletters`).
        for later in reached + 1..phases.len() {
            seen.folder[later].clone_from(&folder);
            seen.no_rcs[later] = options[at].contains(&b'f');
            seen.no_global_rcs[later] = options[at].contains(&b'd');
        }
        if record.depth == 1
            && record.scope == record.file
            && let Some(phase) = phases::of_file(phases, &finder.file(at))
        {
            reached = reached.max(phase);
            seen.path[phase].get_or_insert_with(|| finder.file(at));
        }
    }
    seen
}

/// Every file that a command was traced in.
fn read_files(finder: &Finder<'_>) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for at in 0..finder.calls.live.len() {
        if finder.calls.live[at].depth > 0
            && (at == 0 || finder.calls.live[at].file != finder.calls.live[at - 1].file)
        {
            files.push(finder.file(at));
        }
    }
    files.retain(|f| !super::source::is_pipe(f));
    files
}
