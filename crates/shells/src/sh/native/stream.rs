//! What dash prints under `set -x` with our `PS4`, and which of it the shell itself printed.
//!
//! dash tells no process in `PS4`. It counts: a command substitution, a subshell or a part of a pipeline goes on
//! counting by itself, and the shell then prints the same numbers again.

use crate::bash::xtrace::Mark;
use model::Name;

/// Counts the commands. In the environment, where an unset variable does no harm to `set -u`.
pub(super) const COUNTER: &str = "__gowhence";

/// What an interactive shell is asked at the end: whether `go` is an alias or a function.
pub(super) const QUESTION: &str = "command -V go >&2 || :\n";

/// What the shell said to that.
pub(super) fn answer(stream: &[u8], mark: &Mark) -> Option<String> {
    let text = String::from_utf8_lossy(stream);
    let (_, end) = text.rsplit_once(&format!(" {}\n", last_command(mark)))?;
    let (_, answer) = end.split_once(" command -V go\n")?;
    Some(answer.lines().next().unwrap_or_default().to_owned())
}

/// Whether the variable is only there for the trace.
pub(super) fn is_ours(name: &Name) -> bool {
    name.is(COUNTER) || name.is("PS4")
}

/// The value of `PS4`. The blank at its end makes all words alike: each has one before it.
pub(super) fn ps4(mark: &Mark) -> String {
    format!("\u{1e}{}$(({COUNTER}={COUNTER}+1))\u{1f} ", mark.text())
}

/// The words of a command that ends the start-up.
pub(super) fn last_command(mark: &Mark) -> String {
    format!(": {}", mark.text())
}

/// The commands of the shell itself up to the last one, as they were printed, each with a blank before it and with what
/// followed it; `None` if some are missing.
pub(super) fn commands<'s>(stream: &'s [u8], mark: &Mark) -> Option<Vec<&'s [u8]>> {
    let head = format!("\u{1e}{}", mark.text());
    let mut all: Vec<(u32, &[u8])> = Vec::new();
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(at) = stream[from..].iter().position(|&b| b == 0x1e).map(|at| from + at) {
        from = at + 1;
        if stream[at..].starts_with(head.as_bytes()) {
            starts.push(at);
        }
    }
    for (index, &at) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(stream.len());
        let record = &stream[at + head.len()..end];
        // Cut off where another process wrote into it: then it is none of the shell's.
        let Some(sign) = record.iter().position(|&b| b == 0x1f) else { continue };
        let number = std::str::from_utf8(&record[..sign]).ok().and_then(|n| n.parse().ok());
        if let Some(number) = number {
            all.push((number, &record[sign + 1..]));
        }
    }
    let last_command = format!(" {}", last_command(mark));
    let last = all.iter().rposition(|(_, text)| text.starts_with(last_command.as_bytes()))?;
    let mut commands = Vec::new();
    let mut wanted = all[last].0;
    for (number, text) in all[..=last].iter().rev() {
        if *number == wanted {
            commands.push(*text);
            wanted -= 1;
            if wanted == 0 {
                break;
            }
        }
    }
    commands.reverse();
    (wanted == 0).then_some(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_subshells_print_is_left_out() {
        let mark = Mark::new(1, 1);
        let record = |number: u32, text: &str| format!("\u{1e}{}{number}\u{1f} {text}\n", mark.text());
        let end = last_command(&mark);
        let stream = [
            record(1, "A=1"),
            record(2, "echo a"),
            record(3, "echo b"),
            "noise\n".to_owned(),
            record(2, "X=a\nb"),
            record(3, &end),
            record(4, "hand over"),
        ]
        .concat();
        let found = commands(stream.as_bytes(), &mark);
        let last = format!(" {end}\n");
        assert_eq!(found, Some(vec![&b" A=1\n"[..], b" X=a\nb\n", last.as_bytes()]));
        let lost = [record(1, "A=1"), record(3, &end)].concat();
        assert_eq!(commands(lost.as_bytes(), &mark), None);
    }
}
