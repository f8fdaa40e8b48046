//! Man pages and completion scripts, from the command line's own definition.

use super::Generated;
use crate::failure::Done;
use std::path::Path;

pub(super) const MAN: &str = "docs/man";
pub(super) const COMPLETIONS: &str = "docs/completions";

pub(super) fn man() -> Done<Vec<Generated>> {
    Ok(below(MAN, gowhence::man_pages()))
}

pub(super) fn completions() -> Done<Vec<Generated>> {
    Ok(below(COMPLETIONS, gowhence::completion_scripts()))
}

fn below(folder: &str, files: Vec<(String, Vec<u8>)>) -> Vec<Generated> {
    files.into_iter().map(|(name, bytes)| Generated { path: Path::new(folder).join(name), bytes }).collect()
}
