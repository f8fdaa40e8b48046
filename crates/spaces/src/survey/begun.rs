//! Starts that are begun side by side, one shell's one after another, and what comes of each.
//!
//! Deliberately not here: which shells are started (`plan`), and how one start is run (`crate::shell`).

use crate::chains::{Chains, joined};
use crate::shell::{self, Prepared, Sources, Started};
use model::Space;
use std::collections::BTreeMap;
use std::thread::ScopedJoinHandle;

/// A derived space: whole, or lacking only what the shell of that family does that is started in it.
pub(super) enum Ready {
    Space(Box<Space>),
    Start(String, Box<Prepared>),
}

impl Ready {
    fn must_run(&self) -> bool {
        matches!(self, Ready::Start(_, prepared) if prepared.must_run())
    }

    pub(super) fn done(self, sources: &Sources<'_>) -> Started {
        match self {
            Ready::Space(space) => {
                Started { space: *space, shadow: None, files: Vec::new(), stored_ms: None, after: None }
            }
            Ready::Start(_, prepared) => shell::finish(sources, *prepared),
        }
    }
}

/// By the shell that is started, each with its place in the whole.
pub(super) fn by_family(all: Vec<Ready>) -> BTreeMap<String, Vec<(usize, Ready)>> {
    let mut groups: BTreeMap<String, Vec<(usize, Ready)>> = BTreeMap::new();
    for (at, ready) in all.into_iter().enumerate() {
        let family = match &ready {
            Ready::Space(_) => String::new(),
            Ready::Start(family, _) => family.clone(),
        };
        groups.entry(family).or_default().push((at, ready));
    }
    groups
}

/// Starts of one shell under way, or done where none of them needs a run: a thread costs more than that.
pub(super) enum Begun<'scope, T> {
    Running(ScopedJoinHandle<'scope, Vec<T>>),
    Done(Vec<T>),
}

impl<T> Begun<'_, T> {
    pub(super) fn done(self) -> Vec<T> {
        match self {
            Begun::Running(thread) => joined(thread),
            Begun::Done(done) => done,
        }
    }
}

/// What can be begun, and what comes of it.
pub(super) trait Begin: Send {
    type Done: Send;
    fn must_run(&self) -> bool;
    fn finish(self, sources: &Sources<'_>) -> Self::Done;
}

impl Begin for Prepared {
    type Done = Started;
    fn must_run(&self) -> bool {
        Prepared::must_run(self)
    }
    fn finish(self, sources: &Sources<'_>) -> Started {
        shell::finish(sources, self)
    }
}

impl Begin for (usize, Ready) {
    type Done = (usize, Started);
    fn must_run(&self) -> bool {
        self.1.must_run()
    }
    fn finish(self, sources: &Sources<'_>) -> (usize, Started) {
        (self.0, self.1.done(sources))
    }
}

pub(super) fn begun<'scope, B: Begin + 'scope>(
    chains: &mut Chains<'scope, '_>,
    sources: &'scope Sources<'scope>,
    family: &str,
    starts: Vec<B>,
) -> Begun<'scope, B::Done>
where
    B::Done: 'scope,
{
    let must_run = starts.iter().any(B::must_run);
    let finish = move || starts.into_iter().map(|start| start.finish(sources)).collect();
    if must_run { Begun::Running(chains.run(family, finish)) } else { Begun::Done(finish()) }
}
