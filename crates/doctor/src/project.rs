//! What the project's own files say that rules ask for: imports of "C", the modules of a go.work.
//!
//! Not here: toolchain lines (`go::project`).

use crate::Look;
use model::Place;

/// Where the package in the project's folder imports "C".
pub(crate) fn imports_c(look: &Look<'_>) -> Option<Place> {
    let folder = look.project().trim_end_matches('/');
    let names = look.system().read_dir(folder).ok()?;
    let sources = names.iter().filter(|name| name.ends_with(".go") && !name.ends_with("_test.go"));
    sources
        .filter_map(|name| {
            let path = format!("{folder}/{name}");
            let text = look.text(&path)?;
            let number = text.split(|&b| b == b'\n').position(is_import_of_c)?;
            Some(Place::line(path, u32::try_from(number + 1).unwrap_or_default()))
        })
        .next()
}

/// `import "C"` (cmd/cgo wants it alone in its import declaration).
fn is_import_of_c(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
    matches!(words.as_slice(), [b"import", b"\"C\"", ..])
}

/// Folders that a go.work uses, as written, each with its line; `None` where it cannot be read.
pub(crate) fn uses(look: &Look<'_>, path: &str) -> Option<Vec<(String, Place)>> {
    let text = look.text(path)?;
    let mut found = Vec::new();
    let mut block = false;
    for (n, line) in text.split(|&b| b == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.split("//").next().unwrap_or_default().trim();
        let folder = match line {
            ")" => {
                block = false;
                continue;
            }
            _ if block => line,
            _ => match line.strip_prefix("use").filter(|rest| rest.starts_with([' ', '\t', '('])) {
                Some(rest) if rest.trim() == "(" => {
                    block = true;
                    continue;
                }
                Some(rest) => rest.trim(),
                None => continue,
            },
        };
        let folder = folder.trim_matches(['"', '`']);
        if !folder.is_empty() {
            found.push((folder.to_owned(), Place::line(path, u32::try_from(n + 1).unwrap_or_default())));
        }
    }
    Some(found)
}
