//! `envFile` of a launch and `go.testEnvFile`: what the files give, or why the extension gives up on one.
//!
//! Not here: the grammar (`text::dotenv`).

use super::environment::{Given, Kind};
use super::expand;
use super::extension::{Extension, value};
use crate::vscode::Json;
use model::{Folded, Origin, Place, Problem};
use text::dotenv;

pub(super) const FILE: Kind = Kind { id: "go-env-file", title: "env file" };

/// What a file sets, in the order of its names.
pub(super) struct Read {
    pub(super) given: Vec<Given>,
    pub(super) problems: Vec<Problem>,
}

/// Why a file could not be read.
pub(super) struct Missing {
    pub(super) reason: String,
}

/// Reads one. `globals` is the environment by which `${NAME}` is replaced where the file has not set it; `resolve`:
/// whether the folder and `~` are replaced in its values, as for tests.
pub(super) fn read(
    extension: &Extension<'_>,
    path: &str,
    globals: &Folded,
    resolve: bool,
) -> Result<Read, Missing> {
    if !expand::is_absolute(extension.os(), path) {
        let reason = format!("`{path}` is relative, and is looked for where the extension host was started");
        return Err(Missing { reason });
    }
    let bytes = match extension.system().read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Err(Missing { reason: format!("{path} {error}") }),
    };
    let assignments = dotenv::read(&bytes, &|name| value(globals, name));
    let effective = dotenv::effective(&assignments);
    let mut out = Read { given: Vec::new(), problems: Vec::new() };
    for assignment in effective {
        let text = if resolve { extension.resolve(&assignment.value) } else { assignment.value.clone() };
        let place = Place {
            path: path.to_owned(),
            line: assignment.line,
            column: assignment.column,
            end_line: assignment.line,
            end_column: assignment.end_column,
        };
        let origin = Origin::File(place);
        let line = bytes.get(assignment.range.clone()).unwrap_or_default();
        out.problems.extend(hazards(&assignment.name, &String::from_utf8_lossy(line), &text, &origin));
        let (name, value) = (assignment.name.clone(), Json::Text(text));
        out.given.push(Given { name, value, origin, layer: &FILE, reason: None });
    }
    Ok(out)
}

/// What other readers of such files would do otherwise. `written` is the line from the name on.
fn hazards(name: &str, written: &str, value: &str, origin: &Origin) -> Vec<Problem> {
    let warn = |code: &str, text: String| Problem::warning(code, text).at(origin.clone());
    let written = written.split_once('=').map_or("", |(_, value)| value.trim_start());
    let quote = |c: char| c == '"' || c == '\'';
    let mut out = Vec::new();
    if value.ends_with([' ', '\t']) {
        out.push(warn(
            "env-file-trailing-blank",
            format!("{name} ends in a blank, which belongs to its value – delete it"),
        ));
    }
    if value.contains(" #") {
        out.push(warn(
            "env-file-inline-comment",
            format!(
                "{name}: what stands behind `#` belongs to its value – put the comment on a line of its own"
            ),
        ));
    }
    let dollar = written.replace("\\$", "").replace("${", "");
    if dollar.contains('$') {
        let message = format!("{name}: `$NAME` is not replaced – write ${{NAME}}");
        out.push(warn("env-file-dollar", message));
    }
    if written.contains("${") && value.contains("${") && !written.contains("\\${") {
        let message = format!(
            "{name}: a `${{…}}` that is no plain name leaves all of them unreplaced – write plain names"
        );
        out.push(warn("env-file-malformed", message));
    }
    let (first, last) = (written.chars().next(), written.chars().last());
    let (opens, closes) = (first.filter(|c| quote(*c)), last.filter(|c| quote(*c) && written.len() > 1));
    if opens != closes {
        let message =
            format!("{name}: one quote is taken away, though no other belongs to it – write both or none");
        out.push(warn("env-file-quote", message));
    }
    out
}
