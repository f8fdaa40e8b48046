//! The traced run as a whole: phases, changes, end.
//!
//! One run is enough for most homes. Where the start-up changes `PS4` or switches tracing off, another run has a trap
//! that sets it right again; where several commands between two comparisons could have changed a variable, another
//! run compares those variables at every command.

use super::calls::Calls;
use super::place::Finder;
use super::records::{self, Parsed, Record};
use super::source::Sources;
use super::walk::{Change, EXPORTED, Walk};
use super::watch::Watch;
use super::{emulate, end, files, instrument, phases, source};
use crate::{Request, Trace, TraceEnd, TracedChange};
use model::{After, Effect, Layer, Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use system::{RunEnd, RunOutcome, System};

pub(super) fn trace(system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
    let run = |watch: &Watch| {
        let outcome = system.run(&instrument::traced(request, plain, watch));
        (read(system, request, plain, watch, &outcome), outcome.end)
    };
    let mut watch = Watch::of(request, plain);
    let (mut seen, mut end) = run(&watch);
    if let RunEnd::NotStarted(reason) = end {
        return Trace::unavailable(phases::of(system, request), reason);
    }
    if seen.garbled && !watch.frame.has_word() {
        watch = watch.with_word(request, plain);
        (seen, end) = run(&watch);
    }
    if end == RunEnd::HandedOver && seen.trace.end != TraceEnd::Complete {
        watch = watch.guarded();
        let (guarded, _) = run(&watch);
        if guarded.trace.end == TraceEnd::Complete {
            seen = guarded;
        }
    }
    let several = known(std::mem::take(&mut seen.ambiguous), plain);
    if !several.is_empty() && seen.trace.end == TraceEnd::Complete {
        let (closer, _) = run(&watch.only(several.iter().cloned()));
        if closer.trace.end == TraceEnd::Complete {
            seen.changes.retain(|(_, c)| !several.contains(&c.effect.name));
            seen.changes.extend(closer.changes.into_iter().filter(|(_, c)| several.contains(&c.effect.name)));
            seen.changes.sort_by_key(|(maker, _)| *maker);
        }
    }
    seen.trace.changes = seen.changes.into_iter().map(|(_, change)| change).collect();
    seen.trace
}

/// What one traced run told.
struct Seen {
    /// Without the changes.
    trace: Trace,
    /// Each with the index of its record, by which those of two runs are put in order.
    changes: Vec<(usize, TracedChange)>,
    /// Variables for which several commands between two comparisons could have done it.
    ambiguous: BTreeSet<Name>,
    /// The frame's bytes were met where they are not the frame.
    garbled: bool,
}

/// The variables that the plain run ended with: others are not worth another run.
fn known(names: BTreeSet<Name>, plain: &RunOutcome) -> BTreeSet<Name> {
    let environment = plain.environment.as_deref().unwrap_or_default();
    names.into_iter().filter(|name| environment.iter().any(|(n, _)| n == name)).collect()
}

fn read(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    watch: &Watch,
    outcome: &RunOutcome,
) -> Seen {
    let Parsed { records, garbled } = records::parse(&outcome.stderr, watch);
    let calls = Calls::of(&records);
    let sources = Sources::new(system);
    let emulated = emulate::emulated(&calls);
    let finder = Finder { calls: &calls, sources: &sources, cwd: &request.cwd, emulated: &emulated };

    let base = request.base.iter().cloned().collect();
    let mut walk = Walk::new(watch, &finder, base, plain.environment.is_none());
    walk.all();
    let Walk { changes, values, ambiguous, .. } = walk;

    let mut phases = phases::of(system, request);
    let phase_of = phases_of(&finder, &phases);
    let seen = phases::Seen::of(&finder, &phases, request, &changes);
    phases::correct(system, request, &mut phases, &seen);
    let mut files: Vec<String> = phases
        .iter()
        .map(|p| p.title.clone())
        .filter(|t| t.starts_with('/'))
        .chain(read_files(&finder))
        .collect();
    files.sort();
    files.dedup();
    let changes = exported(changes, plain, &values)
        .into_iter()
        .map(|change| (change.maker, traced(change, &phase_of)))
        .collect();
    let until = outcome.read_terminal_at.min(outcome.stderr.len());
    let before = || records::parse(&outcome.stderr[..until], watch).records.len();
    let waited = outcome.read_terminal.then(|| end::terminal_read(&finder, &records, before()));
    let waited = waited.flatten().into_iter().collect();
    let trace = Trace {
        changes: Vec::new(),
        last: watch.names().map(|n| (n.clone(), values.get(n).cloned())).collect(),
        shadow: request.mode.interactive.then(|| end::shadow(&records)).flatten(),
        end: end::of(&finder, &records, outcome),
        phases,
        files,
        problems: waited,
    };
    Seen { trace, changes, ambiguous, garbled }
}

/// Drops what was never exported: variables that are shell variables to the end (one that was unset in the end may
/// have been exported in between, and stays), and zsh's own values that a command replaced.
fn exported(changes: Vec<Change>, plain: &RunOutcome, last: &BTreeMap<Name, Value>) -> Vec<Change> {
    let Some(environment) = &plain.environment else { return changes };
    let in_the_end = |name: &Name| environment.iter().any(|(n, _)| n == name);
    let replaced = |at: usize, name: &Name| changes[at + 1..].iter().any(|c| c.name == *name);
    let kept: Vec<bool> = changes
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let own = c.own && !EXPORTED.iter().any(|n| c.name.is(n));
            (!last.contains_key(&c.name) || in_the_end(&c.name)) && !(own && replaced(at, &c.name))
        })
        .collect();
    changes.into_iter().zip(kept).filter_map(|(change, kept)| kept.then_some(change)).collect()
}

fn traced(change: Change, phase_of: &[usize]) -> TracedChange {
    let after = change.after.map_or(After::Unset, After::Set);
    let mut effect = Effect::new(change.name, after, change.found.origin, change.found.confidence);
    effect.via = change.found.via;
    effect.reason = change.found.reason;
    TracedChange { phase: if change.own { 0 } else { phase_of[change.maker] }, effect }
}

/// The phase of each live record, by the start-up file at the bottom of its call chain.
fn phases_of(finder: &Finder<'_>, phases: &[Layer]) -> Vec<usize> {
    let calls = finder.calls;
    let prompt = phases.iter().position(|p| p.id == files::PROMPT_PHASE);
    let mut current = 0;
    let mut before = None;
    (0..calls.live.len())
        .map(|at| {
            let bottom = calls.bottom(at);
            if before.replace(bottom) == Some(bottom) {
                return current;
            }
            let record: &Record<'_> = calls.live[bottom];
            let of_a_file = record.depth > 0 && record.is_of_file();
            if !of_a_file {
                current = prompt.unwrap_or(current);
            } else if let Some(phase) = phases::of_file(phases, &finder.file(bottom)) {
                current = phase;
            }
            current
        })
        .collect()
}

/// Every file that a command was traced in.
fn read_files(finder: &Finder<'_>) -> Vec<String> {
    let live = &finder.calls.live;
    let mut seen = BTreeSet::new();
    let mut new = |at: &usize| {
        let record = live[*at];
        let again = *at > 0 && record.file == live[*at - 1].file;
        // What a relative name means depends on who used it.
        record.depth > 0 && !again && (seen.insert(&record.file) || !record.file.starts_with(b"/"))
    };
    let files = (0..live.len()).filter(|at| new(at)).map(|at| finder.file(at));
    files.filter(|f| !source::is_pipe(f)).collect()
}
