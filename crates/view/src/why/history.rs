//! The way to a value, layer by layer, along the chain of spaces: what changed it, and what was passed over.
//!
//! Layers that were applied and did not touch the variable are left out, but for a space that would otherwise not
//! be named at all. Not here: layout.

use model::{Atlas, Folded, Layer, LayerStatus, Name, Space, SpaceId, Step};

/// One line of the way.
pub(crate) enum Stage<'a> {
    /// A change.
    Changed { space: &'a Space, layer: &'a Layer, step: &'a Step, won: bool },
    /// Skipped or unreadable.
    Passed { space: &'a Space, layer: &'a Layer, reason: &'a str, unreadable: bool },
    /// A layer that was applied and did not touch it.
    Untouched { space: &'a Space, layer: Option<&'a Layer> },
}

impl<'a> Stage<'a> {
    pub(crate) fn space(&self) -> &'a Space {
        match self {
            Stage::Changed { space, .. } | Stage::Passed { space, .. } | Stage::Untouched { space, .. } => {
                space
            }
        }
    }
}

/// The stages of `name` on the way to `space`, root first. With `every`, also each layer that did nothing.
pub(crate) fn stages<'a>(
    atlas: &'a Atlas,
    folded: &'a Folded,
    name: &Name,
    space: &SpaceId,
    every: bool,
) -> Vec<Stage<'a>> {
    let history = folded.get(name);
    let steps = history.map(|h| h.steps.as_slice()).unwrap_or_default();
    let winner = history.and_then(model::History::winner);
    let mut out = Vec::new();
    for space in atlas.chain(space) {
        let before = out.len();
        for (index, layer) in space.layers.iter().enumerate() {
            match &layer.status {
                LayerStatus::Skipped { reason } => {
                    out.push(Stage::Passed { space, layer, reason, unreadable: false });
                }
                LayerStatus::Unreadable { reason } => {
                    out.push(Stage::Passed { space, layer, reason, unreadable: true });
                }
                LayerStatus::Applied => {
                    let own = steps.iter().filter(|s| s.space == space.id && s.layer_index == index);
                    let found = out.len();
                    out.extend(own.map(|step| Stage::Changed {
                        space,
                        layer,
                        step,
                        won: winner.is_some_and(|w| std::ptr::eq(w, &**step)),
                    }));
                    if every && out.len() == found {
                        out.push(Stage::Untouched { space, layer: Some(layer) });
                    }
                }
            }
        }
        if out.len() == before {
            let only = (space.layers.len() == 1).then(|| &space.layers[0]);
            out.push(Stage::Untouched { space, layer: only });
        }
    }
    out
}
