//! The atlas with every space folded, and the spaces that stand for it: the reader's own, the one compared with.
//!
//! Not here: any text.

use model::{Atlas, Folded, Name, Space, SpaceId, State};
use std::mem::ManuallyDrop;

/// Every space of an atlas with its variables. Each space is folded once, on top of its parent.
#[derive(Debug)]
pub(crate) struct FoldedAtlas<'a> {
    pub(crate) atlas: &'a Atlas,
    /// Never freed: a command answers once and ends, and to take thousands of small things apart before that costs as
    /// much as to make them.
    folds: ManuallyDrop<Vec<Folded>>,
}

impl<'a> FoldedAtlas<'a> {
    pub(crate) fn new(atlas: &'a Atlas) -> Self {
        let mut folds: Vec<Folded> = Vec::with_capacity(atlas.spaces.len());
        for space in &atlas.spaces {
            // Parents come before their children; where one does not, the chain is walked from its root.
            let parent = space.parent.as_ref().map(|id| atlas.spaces.iter().position(|s| s.id == *id));
            let fold = match parent {
                None => Folded::over(None, space),
                Some(Some(at)) if at < folds.len() => Folded::over(Some(&folds[at]), space),
                Some(_) => atlas.fold(&space.id),
            };
            folds.push(fold);
        }
        Self { atlas, folds: ManuallyDrop::new(folds) }
    }

    pub(crate) fn spaces(&self) -> &'a [Space] {
        &self.atlas.spaces
    }

    pub(crate) fn fold(&self, index: usize) -> &Folded {
        &self.folds[index]
    }

    pub(crate) fn state(&self, index: usize, name: &Name) -> State {
        self.folds[index].state(name)
    }

    pub(crate) fn index(&self, id: &SpaceId) -> Option<usize> {
        self.atlas.spaces.iter().position(|s| s.id == *id)
    }

    /// Indexes of the spaces that have values at all.
    pub(crate) fn valued(&self) -> Vec<usize> {
        (0..self.folds.len()).filter(|&i| self.atlas.spaces[i].evidence.has_values()).collect()
    }
}

/// The space that others are compared with: the user's everyday shell as it is at its prompt, else in its everyday
/// mode (login-interactive on macOS, interactive elsewhere), else any of the user's own, else the first.
pub(crate) fn reference(atlas: &Atlas) -> Option<usize> {
    let everyday: [&str; 3] = if atlas.machine.starts_with("darwin") {
        ["prompt", "login-interactive", "interactive"]
    } else {
        ["prompt", "interactive", "login-interactive"]
    };
    let usable = |s: &Space| s.evidence.has_values();
    let own = |s: &Space| s.own && usable(s) && !matches!(s.id.family(), "here" | "pid");
    let spaces = &atlas.spaces;
    everyday
        .iter()
        .find_map(|mode| spaces.iter().position(|s| own(s) && s.id.variant() == Some(mode)))
        .or_else(|| spaces.iter().position(own))
        .or_else(|| spaces.iter().position(|s| s.id.family() == "here" && usable(s)))
        .or_else(|| spaces.iter().position(usable))
}

/// The user's own shell by name, as far as a space of it is known.
pub(crate) fn own_shell(atlas: &Atlas) -> Option<&str> {
    atlas.spaces.iter().find(|s| s.own && is_shell_mode(&s.id)).map(|s| s.id.family())
}

/// Whether a space is one of the modes of a shell (`zsh:login`).
pub(crate) fn is_shell_mode(id: &SpaceId) -> bool {
    matches!(id.variant(), Some("command" | "login" | "interactive" | "login-interactive" | "prompt"))
        && !matches!(id.family(), "sudo" | "su" | "ssh")
        && !id.as_str().contains('/')
}
