//! The last resort: which line of the files that were read assigns to a variable, by their text alone.

use super::place::Texts;
use model::{Confidence, Effect, Name, Origin, Value};
use system::System;

/// The variable as it is at the end, from the only line that assigns to it, or from the only file that does.
pub(crate) fn by_text(
    system: &dyn System,
    name: &str,
    files: &[String],
    end: Option<&[(Name, Value)]>,
) -> Option<Effect> {
    let texts = Texts::new(system);
    let (_, value) = end?.iter().find(|(n, _)| n.is(name))?;
    let places: Vec<_> = files.iter().flat_map(|path| texts.assignments(path, name.as_bytes())).collect();
    let effect = |origin, confidence| Effect::set(name, value.clone(), origin, confidence);
    match &places[..] {
        [] => None,
        [only] => Some(
            effect(Origin::File(only.clone()), Confidence::Static)
                .because("found by its text: the start-up hides this line from the trace"),
        ),
        [first, rest @ ..] => rest.iter().all(|p| p.path == first.path).then(|| {
            effect(Origin::file(first.path.clone()), Confidence::File).because(
                "several lines of this file assign to it, and the start-up hides them from the trace",
            )
        }),
    }
}
