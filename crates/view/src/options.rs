//! How an answer is to look: width, colour, secrets, how much.
//!
//! Not here: what is asked (each view has its own parameters) and where the answer goes.

use model::{Place, Reveal};
use std::fmt;

/// What every view needs to know of the reader.
#[derive(Clone, Debug)]
pub struct Options {
    pub reveal: Reveal,
    /// Columns of the terminal; `None` where the answer goes to a file or a pipe and nothing needs shortening.
    pub width: Option<usize>,
    /// Whether SGR sequences may be used. Colour only supports what the text already says.
    pub color: bool,
    /// The user's home, shown as `~`.
    pub home: Option<String>,
    /// The answer alone: no advice, no next step.
    pub quiet: bool,
    /// The reasoning too: layers that did nothing, all problems.
    pub verbose: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { reveal: Reveal::No, width: None, color: false, home: None, quiet: false, verbose: false }
    }
}

impl Options {
    /// The width that text is wrapped to: the terminal's, else lines are left whole.
    pub(crate) fn columns(&self) -> usize {
        self.width.map_or(usize::MAX, |w| w.max(MIN_WIDTH))
    }
}

/// Narrower than this nothing can be laid out; a terminal that says so is taken to be this wide.
pub(crate) const MIN_WIDTH: usize = 40;

/// Looks into the machine for what the atlas does not carry. Both answers may be "unknown" (`None`).
pub struct Look<'a> {
    /// Whether a folder exists.
    pub exists: &'a dyn Fn(&str) -> Option<bool>,
    /// The text of one line of a file.
    pub line: &'a dyn Fn(&Place) -> Option<String>,
}

impl Look<'_> {
    /// Knows nothing but the atlas.
    pub fn nowhere() -> Look<'static> {
        Look { exists: &|_| None, line: &|_| None }
    }
}

impl fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Look")
    }
}
