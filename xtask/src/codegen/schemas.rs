//! JSON schemas of what `--format json` prints, from the types that print it.

use super::Generated;
use crate::failure::Done;
use std::path::Path;

pub(super) const FOLDER: &str = "docs/schemas";

pub(super) fn files() -> Done<Vec<Generated>> {
    let file = |(name, text): (String, String)| Generated {
        path: Path::new(FOLDER).join(format!("{name}.json")),
        bytes: text.into_bytes(),
    };
    Ok(view::schemas().into_iter().map(file).collect())
}
