//! Spaces of an atlas while it is put together, each folded once, on top of its parent.
//!
//! Not here: the fold itself (`model`).

use model::{Atlas, Folded, Space, SpaceId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// A space that is in the atlas does not change any more. Not taken apart at the end, which would cost as much as the
/// folding.
#[derive(Debug, Default)]
pub(crate) struct Folds(ManuallyDrop<RefCell<BTreeMap<SpaceId, Arc<Folded>>>>);

impl Folds {
    /// Every variable of a space of the atlas.
    pub(crate) fn of(&self, atlas: &Atlas, id: &SpaceId) -> Arc<Folded> {
        if let Some(known) = self.0.borrow().get(id) {
            return Arc::clone(known);
        }
        // One that is not there (yet) has no variables.
        let Some(space) = atlas.space(id) else { return Arc::new(atlas.fold(id)) };
        let folded = Arc::new(self.on_top(atlas, space));
        self.0.borrow_mut().insert(id.clone(), Arc::clone(&folded));
        folded
    }

    /// The same of a space that is not in the atlas yet, but whose parent is.
    pub(crate) fn on_top(&self, atlas: &Atlas, space: &Space) -> Folded {
        match &space.parent {
            // Among the spaces of an atlas a circle of parents cannot be excluded.
            Some(parent) if atlas.chain(parent).iter().all(|s| s.id != space.id) => {
                Folded::over(Some(&self.of(atlas, parent)), space)
            }
            Some(_) => atlas.fold(&space.id),
            None => Folded::over(None, space),
        }
    }
}
