//! Families whose spaces hang under what a shell did in an earlier one: asked again until there are no more.
//!
//! Deliberately not here: which spaces those are.

use super::Work;
use super::begun::{Begun, begun, by_family};
use crate::chains::Chains;
use crate::derived::{Derived, Stage};
use crate::shell::Started;
use model::SpaceId;

impl Work<'_> {
    /// Adds the spaces of such families, the shells of one round side by side.
    pub(super) fn rounds(&mut self, caller: &SpaceId) {
        for family in self.families_of(Stage::InRounds) {
            let folded = self.fold(caller);
            loop {
                let mut derived = self.derived(family, caller, &folded);
                // A space that is there already was had in an earlier round.
                derived.retain(|d| self.atlas.space(&d.space.id).is_none());
                if derived.is_empty() {
                    break;
                }
                self.round(derived);
            }
        }
    }

    fn round(&mut self, derived: Vec<Derived>) {
        let ready = derived.into_iter().map(|d| self.prepare(d)).collect();
        let sources = self.sources;
        let mut done: Vec<(usize, Started)> = std::thread::scope(|scope| {
            let mut chains = Chains::new(scope);
            let groups: Vec<_> = by_family(ready)
                .into_iter()
                .map(|(family, group)| begun(&mut chains, sources, &family, group))
                .collect();
            groups.into_iter().flat_map(Begun::done).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().for_each(|(_, started)| self.add(started));
    }
}
