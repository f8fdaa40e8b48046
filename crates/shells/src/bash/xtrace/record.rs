//! The stream that bash writes under `set -x` with our `PS4`, cut into records.
//!
//! `PS4` frames each record with a mark that no start-up file can know, so that values, commands and file names may
//! hold any byte. Not here: what a record means.

use model::Value;

/// The first byte of the mark. bash repeats the first character of `PS4` once for each level of `eval`, sourced file
/// and command substitution (bash(1), PS4).
const LEVEL: u8 = 0x1e;
const FIELD: u8 = 0x1f;

/// A mark for one run, from what differs between runs. Short, since it is written twice for each command.
#[derive(Clone, Debug)]
pub(crate) struct Mark(String);

const MARK_LEN: usize = 5;

impl Mark {
    pub(crate) fn new(now_ms: i64, pid: u32) -> Self {
        const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        // Fibonacci hashing spreads neighbouring times and process numbers.
        let mut bits =
            (now_ms.unsigned_abs() ^ u64::from(pid).rotate_left(40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let letters = (0..MARK_LEN).map(|_| {
            let letter = LETTERS[(bits >> 58) as usize % LETTERS.len()];
            bits = bits.rotate_left(7);
            char::from(letter)
        });
        Self(letters.collect())
    }

    /// What no start-up file can know.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The text for `$'…'` that assigns `PS4`: process, place, the command as it is written, the watched values, and
    /// then bash itself prints the command as it is run.
    pub(crate) fn ps4(&self, watched: &[String]) -> String {
        let mark = &self.0;
        let mut text = format!(
            "\\x1e{mark} ${{BASHPID-$BASH_SUBSHELL}} ${{#BASH_SOURCE[@]}} ${{LINENO-}} ${{FUNCNAME-}}\\x1f\
             ${{BASH_SOURCE-}}\\x1f${{BASH_COMMAND-}}"
        );
        for name in watched {
            text.push_str(&format!("\\x1e{mark}${{{name}++}}${{{name}--}}"));
        }
        text.push_str(&format!("\\x1e{mark}\\x1f"));
        text
    }
}

/// One command that the shell was about to run. Lines count from 1.
#[derive(Clone, Debug)]
pub(crate) struct Record<'a> {
    /// How many evals, sourced files and command substitutions deep, from 1.
    pub(crate) level: usize,
    pub(crate) pid: &'a [u8],
    /// Number of active functions and sourced files.
    pub(crate) depth: usize,
    pub(crate) line: u32,
    /// Innermost function; `source` for the top of a sourced file.
    pub(crate) function: &'a [u8],
    pub(crate) file: &'a [u8],
    /// The simple command as it is written. Stale for `case`, `for` and `((`, which are no simple commands.
    pub(crate) command: &'a [u8],
    /// What is run, after expansion, quoted by bash.
    pub(crate) text: &'a [u8],
    /// Values of the watched variables (`None`: unset).
    pub(crate) watched: Vec<Option<Value>>,
}

/// Every whole record of a trace; other text between them (errors of other programs) is skipped.
pub(crate) fn records<'a>(trace: &'a [u8], mark: &Mark) -> Vec<Record<'a>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(at) = find_mark(&trace[start..], &mark.0) {
        pieces.push(start + at);
        start += at + 1 + mark.0.len();
    }
    let mut records = Vec::new();
    let mut current: Option<Record<'a>> = None;
    for (index, &at) in pieces.iter().enumerate() {
        let begin = at + 1 + mark.0.len();
        let end = pieces.get(index + 1).copied().unwrap_or(trace.len());
        let Some((&kind, rest)) = trace[begin..end].split_first() else { continue };
        match kind {
            b' ' => current = head(rest, level_at(trace, at)),
            b'+' | b'-' => {
                if let Some(record) = &mut current {
                    record.watched.push((kind == b'+').then(|| Value::from(rest)));
                }
            }
            FIELD => {
                if let Some(mut record) = current.take() {
                    record.text = text_of(rest);
                    records.push(record);
                }
            }
            _ => {}
        }
    }
    records
}

/// Whether there is any whole record; nearly always the beginning tells.
pub(crate) fn has_record(trace: &[u8], mark: &Mark) -> bool {
    const BEGINNING: usize = 16 << 10;
    let beginning = &trace[..trace.len().min(BEGINNING)];
    !records(beginning, mark).is_empty() || beginning.len() < trace.len() && !records(trace, mark).is_empty()
}

fn find_mark(bytes: &[u8], mark: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr::memchr(LEVEL, &bytes[from..]) {
        if bytes[from + at + 1..].starts_with(mark.as_bytes()) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn level_at(trace: &[u8], at: usize) -> usize {
    1 + trace[..at].iter().rev().take_while(|&&b| b == LEVEL).count()
}

fn head(rest: &[u8], level: usize) -> Option<Record<'_>> {
    let mut fields = rest.splitn(3, |&b| b == FIELD);
    let (place, file, command) = (fields.next()?, fields.next()?, fields.next()?);
    let mut place = place.splitn(4, |&b| b == b' ');
    let number = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse::<u32>().ok();
    Some(Record {
        level,
        // bash before 4.0 has no BASHPID; there the depth of subshells tells the shell from its children.
        pid: place.next()?,
        depth: number(place.next()?)? as usize,
        line: number(place.next()?).unwrap_or(0),
        function: place.next()?,
        file,
        command,
        text: b"",
        watched: Vec::new(),
    })
}

/// Without the line's end and the level characters of the next record.
fn text_of(rest: &[u8]) -> &[u8] {
    let end = rest.iter().rposition(|&b| b != LEVEL).map_or(0, |i| i + 1);
    rest[..end].strip_suffix(b"\n").unwrap_or(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_commands_may_hold_the_separators_and_newlines() {
        let mark = Mark("1.2".to_owned());
        let trace = b"noise\n\x1e\x1e1.2 77 1 3 source\x1f/h/.bashrc\x1fexport A='\x1e\x1f\nb'\x1e1.2+v\x1e\x1e1.2-\x1e1.2\x1fexport 'A=\x1e\x1f\nb'\n\x1e1.2 78 0 1 \x1f\x1f:\x1e1.2\x1f:\n";
        let got = records(trace, &mark);
        assert_eq!(got.len(), 2);
        assert_eq!((got[0].level, got[0].depth, got[0].line, got[0].pid), (2, 1, 3, &b"77"[..]));
        assert_eq!(got[0].file, b"/h/.bashrc");
        assert_eq!(got[0].command, b"export A='\x1e\x1f\nb'");
        assert_eq!(got[0].text, b"export 'A=\x1e\x1f\nb'");
        assert_eq!(got[0].watched, vec![Some(Value::from("v\x1e")), None]);
        assert_eq!((got[1].level, got[1].text), (1, &b":"[..]));
    }
}
