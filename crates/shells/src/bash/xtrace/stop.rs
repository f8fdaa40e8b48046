//! Where a start-up ended that never came to its end.

use super::frames::Frames;
use super::record::Record;
use super::words::source_words;
use crate::TraceEnd;
use model::Place;
use system::RunEnd;

/// Characters of a command's name that are shown.
const SHOWN: usize = 60;

/// The last command of the shell, and in words what it did. Arguments may hold secrets; only names of commands and
/// exit statuses are told.
pub(crate) fn stopped(records: &[Record<'_>], cwd: &str, end: &RunEnd) -> TraceEnd {
    let Some(main) = records.first().map(|r| r.pid) else {
        return TraceEnd::Stopped { at: None, what: "no command was seen".to_owned() };
    };
    let mut frames = Frames::new(records.first(), cwd);
    let mut last = None;
    for record in records.iter().filter(|r| r.pid == main) {
        frames.enter(record);
        last = Some(record);
    }
    let Some(last) = last else { return TraceEnd::Stopped { at: None, what: String::new() } };
    let site = frames.site(last);
    let words = source_words(last.command);
    let word =
        |index: usize| words.get(index).map(|w| String::from_utf8_lossy(w).into_owned()).unwrap_or_default();
    let ended = !matches!(end, RunEnd::Limit(_));
    let what = match &word(0)[..] {
        "exec" => format!("`exec {}`", program(&words)),
        "exit" | "logout" => {
            let status = words.get(1).filter(|s| s.iter().all(u8::is_ascii_digit));
            status.map_or(format!("`{}`", word(0)), |s| format!("`exit {}`", String::from_utf8_lossy(s)))
        }
        _ if ended => format!("it ends at or after `{}`", name_of(&words)),
        _ => {
            // A child of this very command (a command substitution, a pipe) knows better what is being done.
            let child = records.last().filter(|r| r.pid != main && r.level > last.level);
            let command = child.map_or(words, |child| source_words(child.command));
            format!("it stands in `{}`", name_of(&command))
        }
    };
    let site = match records.last() {
        Some(child) if !ended && child.pid != main && child.level > last.level => Some(super::frames::Site {
            path: String::from_utf8_lossy(child.file).into_owned(),
            line: child.line,
            generated_line: None,
            within: None,
        })
        .filter(|s| s.path.starts_with('/'))
        .or(site),
        _ => site,
    };
    TraceEnd::Stopped { at: site.map(|s| Place::line(s.path, s.line)), what }
}

/// The command's name, without its arguments and the assignments before it.
fn name_of(words: &[&[u8]]) -> String {
    let name = words.iter().find(|w| super::words::split_assignment(w).is_none());
    name.map_or_else(|| "an assignment".to_owned(), |w| short(w))
}

/// A word that is itself an expansion may be long, and stand on several lines.
fn short(word: &[u8]) -> String {
    let line = word.split(|&b| b == b'\n').next().unwrap_or_default();
    let text: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
    if line.len() < word.len() || text.chars().count() == SHOWN { format!("{text}…") } else { text }
}

/// The program that `exec` starts, without options and arguments.
fn program(words: &[&[u8]]) -> String {
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        match *word {
            b"-a" => drop(rest.next()),
            option if option.starts_with(b"-") => {}
            program => return short(program),
        }
    }
    String::new()
}
