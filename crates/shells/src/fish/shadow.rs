//! The shadow configuration folder of the second way, and what shadows `go`.

use model::{Origin, Place, Shadow};
use system::{Scratch, System};

/// The user's folder as links, but for `fish_variables`, of which the traced run writes a copy.
pub(super) fn links(system: &dyn System, config: &str) -> Vec<Scratch> {
    let mut scratch = Vec::new();
    for name in system.read_dir(config).unwrap_or_default() {
        let target = format!("{config}/{name}");
        match name.as_str() {
            "conf.d" => {
                for snippet in system.read_dir(&target).unwrap_or_default() {
                    scratch.push(Scratch::Link {
                        path: format!("fish/conf.d/{snippet}"),
                        target: format!("{target}/{snippet}"),
                    });
                }
            }
            "fish_variables" => {
                if let Ok(bytes) = system.read(&target) {
                    scratch.push(Scratch::File { path: "fish/fish_variables".to_owned(), bytes });
                }
            }
            _ => scratch.push(Scratch::Link { path: format!("fish/{name}"), target }),
        }
    }
    scratch
}

/// A function named `go`, from what `functions --details --verbose` (file, whether autoloaded, line, scope,
/// description) and `functions` print. `alias` makes functions whose description begins with `alias`.
pub(super) fn of_go(
    details: &[u8],
    text: &[u8],
    alias: Option<Place>,
    absolute: impl Fn(&str) -> String,
) -> Option<Shadow> {
    let details = String::from_utf8_lossy(details);
    let mut lines = details.lines();
    let file = lines.next()?;
    let line = lines.nth(1).and_then(|line| line.parse::<u32>().ok());
    let description = lines.nth(1).unwrap_or_default();
    if description.starts_with("alias ") {
        let origin = alias.map(Origin::File);
        return Some(Shadow { kind: "alias".to_owned(), text: description.to_owned(), origin });
    }
    let origin = match (file, line) {
        ("-" | "stdin" | "n/a", _) | (_, None) => None,
        (file, Some(line)) => Some(Origin::line(absolute(file), line)),
    };
    let text = String::from_utf8_lossy(text);
    let first = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    Some(Shadow { kind: "function".to_owned(), text: first.to_owned(), origin })
}
