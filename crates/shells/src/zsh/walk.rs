//! From records to changes: which command changed a variable.
//!
//! A record's values are those before its command, so what differs from the last comparison was done by one of the
//! commands since. What those commands spell out is tried first: if it leads to exactly the value seen, each of them
//! is a change. Otherwise the text decides, with what bends the rule: the words of a command are expanded before its
//! record is printed (`: ${X:=y}` belongs to the record that first shows it), commands may have no record (`hidden`),
//! and a function's local variables come back to what they were.

use super::pending::{Pending, Step};
use super::place::{Finder, Spot};
use super::records::Compared;
use super::watch::Watch;
use super::{assign, hidden, words};
use model::{Confidence, Name, Origin, Value, Via};
use std::collections::{BTreeMap, BTreeSet};

/// What zsh exports by itself before it reads any file; all else that it sets then is no part of the environment
/// until a command exports it (zsh: Src/params.c `createparamtable`; zshparam(1), Parameters Set By The Shell).
pub(super) const EXPORTED: &[&str] = &["PWD", "OLDPWD", "LOGNAME", "SHLVL"];

/// Commands that set PWD and OLDPWD.
const MOVES: &[&[u8]] = &[b"cd", b"chdir", b"pushd", b"popd"];

/// One change of a variable.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) name: Name,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
    /// Index of the live record whose command made it.
    pub(super) maker: usize,
    /// Made by zsh itself, before any file.
    pub(super) own: bool,
    pub(super) found: Found,
}

/// Where a change comes from, and how sure that is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) origin: Origin,
    pub(super) via: Option<Via>,
    pub(super) confidence: Confidence,
    pub(super) reason: Option<String>,
}

pub(super) struct Walk<'a> {
    watch: &'a Watch,
    finder: &'a Finder<'a>,
    /// Exports are taken from the text of the commands alone: the start-up never comes to its end, so that its
    /// variables are not known beforehand.
    by_text: bool,
    tied: Vec<(Vec<u8>, Vec<u8>)>,
    spelled: BTreeMap<Vec<u8>, Name>,
    pending: BTreeMap<Name, Pending>,
    pub(super) values: BTreeMap<Name, Value>,
    pub(super) changes: Vec<Change>,
    /// Variables for which several commands between two comparisons could have done it.
    pub(super) ambiguous: BTreeSet<Name>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        watch: &'a Watch,
        finder: &'a Finder<'a>,
        base: BTreeMap<Name, Value>,
        by_text: bool,
    ) -> Self {
        let mut walk = Self {
            watch,
            finder,
            by_text,
            tied: Vec::new(),
            spelled: BTreeMap::new(),
            pending: BTreeMap::new(),
            values: base,
            changes: Vec::new(),
            ambiguous: BTreeSet::new(),
        };
        walk.spell();
        walk
    }

    fn spell(&mut self) {
        for name in self.watch.names() {
            for spelling in words::spellings(name.as_bytes(), &self.tied) {
                self.spelled.insert(spelling, name.clone());
            }
        }
    }

    pub(super) fn all(&mut self) {
        let (mut close, mut loose) = (0, 0);
        for at in 0..self.finder.calls.live.len() {
            let record = self.finder.calls.live[at];
            if record.close != Compared::NotNow {
                self.compare(&self.watch.close, &record.close, close, at);
                close = at;
            }
            if record.loose != Compared::NotNow {
                self.compare(&self.watch.loose, &record.loose, loose, at);
                loose = at;
            }
            self.note(at);
        }
        // Where the trace broke off, what was spelled out last is all that is known.
        for (name, pending) in std::mem::take(&mut self.pending) {
            for step in pending.steps {
                self.step(&name, step);
            }
        }
        self.changes.sort_by_key(|c| c.maker);
    }

    /// Notes what a record's command spells out.
    fn note(&mut self, at: usize) {
        let record = self.finder.calls.live[at];
        let command = record.text;
        if let Some(pair) = words::tie(command) {
            self.tied.push(pair);
            self.spell();
        }
        let is_wanted = |name: &[u8]| self.by_text || self.spelled.contains_key(name);
        if record.unfinished || !assign::may_assign(command, is_wanted) {
            return;
        }
        let in_function = self.finder.calls.in_function(at);
        for assignment in assign::assignments(command, in_function) {
            if let Some(name) = self.spelled.get(&assignment.name) {
                let current = self.values.get(name);
                let pending = self
                    .pending
                    .entry(name.clone())
                    .or_insert_with(|| Pending { value: current.cloned(), steps: Vec::new() });
                let after = assignment.what.apply(pending.value.as_ref());
                pending.steps.push(Step {
                    maker: at,
                    after: after.clone(),
                    whole: assignment.what.is_whole(),
                });
                pending.value = after;
            } else if self.by_text && words::exporting(command) {
                let name = Name::new(assignment.name.clone());
                let after = assignment.what.apply(self.values.get(&name));
                self.step(&name, Step { maker: at, after, whole: assignment.what.is_whole() });
            }
        }
    }

    /// A change of a variable to a value by a command that spells it out. Who sets the same value again decides from
    /// now on, unless it is made from the variable itself.
    fn step(&mut self, name: &Name, step: Step) {
        let Step { maker, after, whole } = step;
        let before = self.values.get(name).cloned();
        let spellings = words::spellings(name.as_bytes(), &self.tied);
        let again = before == after;
        if again && !(whole && after.is_some()) {
            return;
        }
        let spot = self.finder.spot(maker, &spellings);
        if again && words::expands(&self.finder.sources.line(&spot.place.path, spot.place.line), &spellings) {
            return;
        }
        match &after {
            Some(value) => drop(self.values.insert(name.clone(), value.clone())),
            None => drop(self.values.remove(name)),
        }
        self.changes.push(Change {
            name: name.clone(),
            before,
            after,
            maker,
            own: false,
            found: found(spot),
        });
    }

    fn compare(&mut self, names: &'a [Name], compared: &Compared<'_>, from: usize, at: usize) {
        if *compared == Compared::Same && self.pending.is_empty() {
            return;
        }
        for (n, name) in names.iter().enumerate() {
            let pending = self.pending.remove(name);
            let after = match compared {
                Compared::Values(values) => values.get(n).copied().flatten().map(Value::from),
                _ if pending.is_some() => self.values.get(name).cloned(),
                _ => continue,
            };
            match pending.and_then(|pending| pending.leading_to(after.as_ref())) {
                Some(steps) => {
                    for step in steps {
                        self.step(name, step);
                    }
                }
                _ if self.values.get(name) != after.as_ref() => self.changed(name, after, from, at),
                _ => {}
            }
        }
    }

    /// A change that is not spelled out.
    fn changed(&mut self, name: &Name, after: Option<Value>, from: usize, at: usize) {
        let spellings = words::spellings(name.as_bytes(), &self.tied);
        let before = match &after {
            Some(value) => self.values.insert(name.clone(), value.clone()),
            None => self.values.remove(name),
        };
        if self.is_restored(name, &spellings, after.as_ref(), from, at) {
            return;
        }
        let (maker, own, found) = if at == 0 {
            let (own, found) = self.before_all(name, &spellings);
            (0, own, found)
        } else {
            let (maker, found) = self.maker(name, &spellings, from, at);
            (maker, false, found)
        };
        self.changes.push(Change { name: name.clone(), before, after, maker, own, found });
    }

    /// What the first record already shows: an expansion of its words, or a command before it that left no record, or
    /// zsh's own doing.
    fn before_all(&self, name: &Name, spellings: &[Vec<u8>]) -> (bool, Found) {
        let spot = self.finder.spot(0, spellings);
        if self.expands(&spot, spellings) {
            return (false, found(spot));
        }
        if !EXPORTED.iter().any(|own| name.is(own))
            && let Some(found) = hidden::between(self.finder, None, 0, spellings)
        {
            return (false, found);
        }
        let origin = Origin::rule("zsh sets it itself", "zshparam(1), Parameters Set By The Shell");
        (true, Found { origin, via: None, confidence: Confidence::Baseline, reason: None })
    }

    /// The record whose command made a change that was first seen at `at` and not yet at `from`.
    fn maker(&mut self, name: &Name, spellings: &[Vec<u8>], from: usize, at: usize) -> (usize, Found) {
        let spots: Vec<(usize, Spot)> = (from..=at).map(|n| (n, self.finder.spot(n, spellings))).collect();
        let command = |n: usize| self.finder.calls.live[n].text;
        // Expansions of a command are seen in its own record, what it does in the next.
        let by_expansion = |n: usize, spot: &Spot| n > from && self.expands(spot, spellings);
        let moved = name.is("PWD") || name.is("OLDPWD");
        let moves = |n: usize| {
            moved && words::split(command(n)).first().is_some_and(|w| MOVES.contains(&w.as_slice()))
        };
        let by_text = |n: usize, spot: &Spot| {
            let named = || words::changes(command(n), spellings) || self.line_changes(spot, spellings);
            n < at && (moves(n) || spot.fits && named())
        };
        let mut likely: Vec<&(usize, Spot)> =
            spots.iter().filter(|(n, spot)| by_expansion(*n, spot) || by_text(*n, spot)).collect();
        if likely.is_empty() {
            likely = spots.iter().filter(|(n, spot)| *n < at && spot.fits).collect();
        }
        let several = likely.len() > 1 || (likely.is_empty() && from + 1 < at);
        let expanding = likely.iter().rfind(|(n, spot)| by_expansion(*n, spot));
        let made = match expanding.or(likely.last()) {
            Some((n, spot)) => (*n, found(Spot { fits: spot.fits || moves(*n), ..spot.clone() })),
            None => {
                let found = hidden::between(self.finder, Some(at - 1), at, spellings);
                (at - 1, found.unwrap_or_else(|| hidden::unnamed(self.finder, at - 1)))
            }
        };
        if several {
            self.ambiguous.insert(name.clone());
        }
        made
    }

    fn line_changes(&self, spot: &Spot, spellings: &[Vec<u8>]) -> bool {
        words::changes(&self.finder.sources.line(&spot.place.path, spot.place.line), spellings)
    }

    fn expands(&self, spot: &Spot, spellings: &[Vec<u8>]) -> bool {
        words::changes_by_expansion(&self.finder.sources.line(&spot.place.path, spot.place.line), spellings)
    }

    /// Whether a variable only came back to what it was before a function made it local, or before an assignment in
    /// front of a function's name. What was seen in between is forgotten.
    fn is_restored(
        &mut self,
        name: &Name,
        spellings: &[Vec<u8>],
        after: Option<&Value>,
        from: usize,
        at: usize,
    ) -> bool {
        let live = &self.finder.calls.live;
        let ended = |c: &Change| {
            live[c.maker].unfinished || live[c.maker + 1..=at].iter().any(|r| r.depth < live[c.maker].depth)
        };
        let was = |c: &Change| c.name == *name && c.before.as_ref() == after && c.maker < at && ended(c);
        let Some(k) = self.changes.iter().rposition(was) else { return false };
        let explicit = (from..at).any(|n| {
            let in_function = self.finder.calls.in_function(n);
            let assigned = assign::assignments(live[n].text, in_function);
            n > self.changes[k].maker && assigned.iter().any(|a| spellings.contains(&a.name))
        });
        if explicit {
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
