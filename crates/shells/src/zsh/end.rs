//! How the traced run ended, and what an interactive shell runs in the place of `go`.

use super::instrument::{COMPARE_ALL, END_MARK, SHADOW_MARK};
use super::place::{Finder, text};
use super::records::{Compared, Record};
use super::{calls, words};
use crate::TraceEnd;
use crate::capture::READS_TERMINAL;
use model::{Origin, Problem, Shadow};
use system::{RunEnd, RunOutcome};

/// Commands whose first argument says what happened.
const TELLING: &[&str] =
    &["exec", "exit", "return", "kill", "source", ".", "command", "builtin", "sudo", "logout"];

pub(super) fn of(finder: &Finder<'_>, records: &[Record<'_>], outcome: &RunOutcome) -> TraceEnd {
    let asked = records.iter().position(|r| r.text == COMPARE_ALL.as_bytes());
    let told = |from: usize| records[from + 1..].iter().any(|r| r.close != Compared::NotNow);
    if asked.is_some_and(told) && records.iter().any(|r| marked(r, END_MARK).is_some()) {
        return TraceEnd::Complete;
    }
    let Some(last) = records.last() else {
        let what = match &outcome.end {
            RunEnd::HandedOver => "the shell traced nothing".to_owned(),
            end => format!("ended before the first traced command ({})", ending(end)),
        };
        return TraceEnd::Stopped { at: None, what };
    };
    let at = Some(site(finder, last));
    if outcome.end == RunEnd::HandedOver {
        let told = records.iter().rposition(|r| r.close != Compared::NotNow).unwrap_or(0);
        let at = records.get(told).map(|r| site(finder, r));
        return TraceEnd::Stopped { at, what: "tracing was switched off there, or soon after".to_owned() };
    }
    let replaced = at.as_ref().is_some_and(|place| finder.has_word(place, b"exec"));
    let exec = if replaced { "exec " } else { "" };
    TraceEnd::Stopped { at, what: format!("last command `{exec}{}`", brief(last.text)) }
}

/// The place of the last record. An external program's record is printed by the process that becomes it, which
/// counts as a subshell.
fn site(finder: &Finder<'_>, last: &Record<'_>) -> model::Place {
    let live = &finder.calls.live;
    let newest = live.iter().rposition(|r| std::ptr::eq(*r, last)).or(live.len().checked_sub(1));
    match newest {
        Some(at) if !last.subshell || *last.scope == *calls::EVAL => finder.site(at),
        _ => model::Place::line(finder.absolute(&text(&last.file), newest), last.line),
    }
}

/// The command at which the shell waited for input on its terminal: the last one that was traced before.
pub(super) fn terminal_read(finder: &Finder<'_>, records: &[Record<'_>], before: usize) -> Option<Problem> {
    let last = records.get(before.checked_sub(1)?)?;
    let message = "a start-up file waits for input on the terminal; it was given end of file";
    Some(Problem::warning(READS_TERMINAL, message).at(Origin::File(site(finder, last))))
}

fn ending(end: &RunEnd) -> String {
    match end {
        RunEnd::HandedOver => "complete".to_owned(),
        RunEnd::Exited(status) => format!("exit status {status}"),
        RunEnd::Signalled(signal) => format!("signal {signal}"),
        RunEnd::Limit(limit) => format!("{limit} limit"),
        RunEnd::NotStarted(reason) => reason.clone(),
    }
}

/// The command's name, and its first argument where that tells what happened. The rest may be secret.
fn brief(traced: &[u8]) -> String {
    let words = words::split(traced);
    let first = words.first().map(|w| text(w)).unwrap_or_default();
    if let Some((name, _)) = first.split_once('=') {
        return format!("{name}=…");
    }
    match words.get(1) {
        Some(second) if TELLING.contains(&first.as_str()) => format!("{first} {}", text(second)),
        _ => first,
    }
}

/// The words after a mark, if the record is that mark's.
fn marked(record: &Record<'_>, mark: &str) -> Option<Vec<Vec<u8>>> {
    let command = record.text;
    // Nearly all records are told apart without being taken to words.
    if !command.starts_with(b": ") {
        return None;
    }
    let words = words::split(command);
    match words.as_slice() {
        [colon, word, rest @ ..] if colon == b":" && word == mark.as_bytes() => Some(rest.to_vec()),
        _ => None,
    }
}

/// An alias or function named `go`; an alias goes first, as in zsh.
pub(super) fn shadow(records: &[Record<'_>]) -> Option<Shadow> {
    let words = records.iter().find_map(|r| marked(r, SHADOW_MARK))?;
    let [alias, is_alias, is_function, file] = words.as_slice() else { return None };
    if is_alias == b"1" {
        return Some(Shadow { kind: "alias".to_owned(), text: first_line(alias), origin: None });
    }
    (is_function == b"1").then(|| Shadow {
        kind: "function".to_owned(),
        text: "go ()".to_owned(),
        origin: (!file.is_empty()).then(|| Origin::file(text(file))),
    })
}

fn first_line(bytes: &[u8]) -> String {
    text(bytes).lines().next().unwrap_or_default().to_owned()
}
