//! One window: what all of an editor's spaces are computed from.
//!
//! Not here: the spaces.

use super::{Editor, Settings, Workspace};
use crate::Context;
use model::{Folded, SpaceId};

/// An editor with a workspace open.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a machine has no useful Debug form")]
pub struct Window<'a> {
    pub context: &'a Context<'a>,
    pub editor: &'a Editor,
    pub workspace: &'a Workspace,
    pub settings: &'a dyn Settings,
}

/// A space of the window that is known already, with all its variables.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub id: &'a SpaceId,
    pub environment: &'a Folded,
}
