//! Where and how a traced start ended before its end.
//!
//! `fish_trace` tells every command before it runs, but not `exec`, which leaves the shell without a word (fish:
//! src/exec.cpp `exec_job`): it is looked for in the files that were being read, after the last line that was seen.

use super::attribute::{Reader, not_reached};
use super::calls::Kind;
use crate::TraceEnd;
use crate::capture::READS_TERMINAL;
use model::{Origin, Place, Problem};
use system::{RunEnd, RunOutcome};

pub(super) fn find(reader: &mut Reader<'_>, run: &RunOutcome) -> TraceEnd {
    let files = reader.calls.files.clone();
    not_reached(reader.phases_mut(), &files);
    let ended = matches!(run.end, RunEnd::Exited(_) | RunEnd::Signalled(_) | RunEnd::HandedOver);
    if ended && let Some((place, text)) = exec(reader) {
        return TraceEnd::Stopped { at: Some(place), what: text };
    }
    let Some(last) = reader.calls.stack.len().checked_sub(1) else {
        return TraceEnd::Stopped { at: None, what: "the traced run told no command".to_owned() };
    };
    let command = crop(&reader.calls.stack[last].words.join(" "));
    let at =
        (0..=last).rev().find_map(|index| reader.calls.site(index).filter(|site| !reader.is_own(&site.path)));
    let what = match &run.end {
        RunEnd::Limit("output") => format!("`{command}` writes without end"),
        RunEnd::Limit(_) if run.read_terminal => format!("`{command}` waits for input"),
        RunEnd::Limit(_) => format!("hangs in `{command}`"),
        _ => format!("ends in `{command}`"),
    };
    TraceEnd::Stopped { at, what }
}

/// The command that waits for input on the terminal, as a problem.
pub(super) fn terminal_read(reader: &mut Reader<'_>) -> Option<Problem> {
    let at = here(reader)?;
    let message = "a start-up file waits for input on the terminal; it was given end of file";
    Some(Problem::warning(READS_TERMINAL, message).at(Origin::File(at)))
}

/// Where the command that runs now, or the innermost around it that is not of fish itself, is written.
fn here(reader: &mut Reader<'_>) -> Option<Place> {
    (0..reader.calls.stack.len())
        .rev()
        .find_map(|index| reader.calls.site(index).filter(|site| !reader.is_own(&site.path)))
}

/// The first `exec` after what was reached, in the innermost file that has one.
fn exec(reader: &mut Reader<'_>) -> Option<(Place, String)> {
    let files: Vec<String> = reader
        .calls
        .stack
        .iter()
        .rev()
        .filter_map(|frame| match &frame.kind {
            Kind::Source(path) => Some(path.clone()),
            _ => None,
        })
        .collect();
    for path in files {
        let reached = reader.calls.reached(&path);
        let own = reader.is_own(&path);
        let script = reader.calls.script(&path);
        let found = script.commands.iter().find(|c| !own && c.word == "exec" && c.line >= reached);
        if let Some(command) = found {
            let place = Place { column: command.column, ..Place::line(path, command.line) };
            return Some((place, crop(&command.text)));
        }
    }
    None
}

/// Enough of a command to know it by.
fn crop(text: &str) -> String {
    const KEEP: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(KEEP) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
