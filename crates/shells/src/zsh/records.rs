//! The records in a trace: place, scope, values where they changed, and the text of the command.
//!
//! What the start-up itself writes to standard error stands between records and is taken for their text. The frame's
//! bytes are in no known value; what else has them makes no record, and is told.

use super::instrument::GUARD_MARK;
use super::watch::Watch;
use std::borrow::Cow;

/// About how long a record is.
const RECORD_BYTES: usize = 64;

/// One traced command, in the order of printing. A record's values are those *before* its command, but after the
/// expansions of its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// `%x`: the file that the command stands in.
    pub(super) file: Cow<'a, [u8]>,
    /// `%i`: line within the function or the evaluated text, or of the file.
    pub(super) inner_line: u32,
    /// `%I`: line in the file.
    pub(super) line: u32,
    /// `%2N`: the end of the file's path, function, `(eval)` or `(anon)`.
    pub(super) scope: Cow<'a, [u8]>,
    /// `%e`: how deep functions, files and evaluations are nested.
    pub(super) depth: u32,
    /// In a forked subshell, whose changes are lost with it.
    pub(super) subshell: bool,
    pub(super) close: Compared<'a>,
    pub(super) loose: Compared<'a>,
    /// The expanded command as zsh prints it, without its end of line: what the command printed itself comes after
    /// that, and zsh prints a newline in a word as `\n`.
    pub(super) text: &'a [u8],
    /// The command's line goes on in the next record: this was an assignment in front of a command, or the left side
    /// of one whose value is still being computed.
    pub(super) unfinished: bool,
}

impl Record<'_> {
    /// Whether the scope is the file itself: the two last parts of its path.
    pub(super) fn is_of_file(&self) -> bool {
        let tail = |scope: &[u8]| self.file.strip_suffix(scope).is_some_and(|head| head.ends_with(b"/"));
        self.scope == self.file || self.scope.contains(&b'/') && tail(&self.scope)
    }
}

/// A comparison of the variables of one tier with the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Compared<'a> {
    #[default]
    NotNow,
    Same,
    /// All values (`None`: unset); at least one differs.
    Values(Vec<Option<&'a [u8]>>),
}

/// What a trace was read as.
pub(super) struct Parsed<'a> {
    pub(super) records: Vec<Record<'a>>,
    /// Something that begins like a record is none: a value, or what the start-up printed, has the bytes of the frame.
    pub(super) garbled: bool,
}

pub(super) fn parse<'a>(trace: &'a [u8], watch: &Watch) -> Parsed<'a> {
    let start = &watch.frame.start;
    let mut records = Vec::with_capacity(trace.len() / RECORD_BYTES);
    let mut garbled = false;
    let mut next = find(trace, start);
    while let Some(at) = next {
        let rest = &trace[at + start.len()..];
        let length = find(rest, start);
        next = length.map(|n| at + start.len() + n);
        match record(&rest[..length.unwrap_or(rest.len())], watch) {
            Some(record) => records.push(record),
            // The last one may have been cut off.
            None => garbled |= next.is_some(),
        }
    }
    Parsed { records, garbled }
}

fn record<'a>(bytes: &'a [u8], watch: &Watch) -> Option<Record<'a>> {
    let frame = &watch.frame;
    let head_end = find(bytes, &frame.end)?;
    let text = &bytes[head_end + frame.end.len()..];
    let (place, rest) = cut(&bytes[..head_end], &frame.field)?;
    let (file, rest) = cut(rest, &frame.field)?;
    let mut place = place.splitn(5, |&b| b == b' ');
    let mut next = || place.next();
    let (inner_line, line, depth) = (number(next()?)?, number(next()?)?, number(next()?)?);
    let (subshell, scope) = (next()?, next()?);
    let mut record = Record {
        file: raw(file),
        inner_line,
        line,
        scope: raw(scope),
        depth,
        text: without_guard(first_line(text)),
        unfinished: memchr::memchr(b'\n', text).is_none(),
        ..Record::default()
    };
    // With PROMPT_SUBST off the expansions stand there as they are written: a place without values.
    let Some(subshell) = number(subshell) else { return Some(record) };
    record.subshell = subshell > 0;
    let Some(rest) = rest.strip_prefix(b"C") else { return Some(record) };
    let fields = split(rest, &frame.field);
    let [first, rest @ ..] = fields.as_slice() else { return None };
    let others = if first.is_empty() { 0 } else { watch.close.len().checked_sub(1)? };
    record.close = tier(first, rest.get(..others)?, watch);
    // A value with our own separators in it makes another count of fields.
    let [separator, rest @ ..] = rest.get(others..)? else { return None };
    let loose_fields = if rest.first()?.starts_with(b"DV") { watch.loose.len() } else { 1 };
    if !separator.is_empty() || rest.len() != loose_fields {
        return None;
    }
    if let Some(first) = rest.first()?.strip_prefix(b"D") {
        record.loose = tier(first, &rest[1..], watch);
    }
    Some(record)
}

/// What stands behind zsh's visible form of a name: outside a UTF-8 locale each byte above 127 is shown as `\M-` and
/// the byte without its highest bit (zsh: Src/utils.c `nicechar_sel`).
fn raw(shown: &[u8]) -> Cow<'_, [u8]> {
    const META: &[u8] = b"\\M-";
    if find(shown, META).is_none() {
        return Cow::Borrowed(shown);
    }
    let mut bytes = Vec::with_capacity(shown.len());
    let mut rest = shown;
    loop {
        rest = match rest {
            [b'\\', b'M', b'-', b'^', b'?', after @ ..] => push(&mut bytes, 0xff, after),
            [b'\\', b'M', b'-', b'^', c, after @ ..] => push(&mut bytes, (c & 31) | 0x80, after),
            [b'\\', b'M', b'-', c, after @ ..] => push(&mut bytes, c | 0x80, after),
            [c, after @ ..] => push(&mut bytes, *c, after),
            [] => break,
        };
    }
    Cow::Owned(bytes)
}

fn push<'a>(bytes: &mut Vec<u8>, byte: u8, rest: &'a [u8]) -> &'a [u8] {
    bytes.push(byte);
    rest
}

fn first_line(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    memchr::memchr(b'\n', text).map_or(text, |end| &text[..end]).trim_ascii_end()
}

/// What the guard's trap does is no command of the start-up.
fn without_guard(text: &[u8]) -> &[u8] {
    let test = text.strip_prefix(b"[[ ").is_some_and(|rest| rest.starts_with(GUARD_MARK.as_bytes()));
    if test || text == b"setopt xtrace promptsubst" { b"" } else { text }
}

fn tier<'a>(first: &'a [u8], others: &[&'a [u8]], watch: &Watch) -> Compared<'a> {
    let Some(first) = first.strip_prefix(b"V") else { return Compared::Same };
    let values = std::iter::once(first).chain(others.iter().copied());
    Compared::Values(values.map(|value| (value != watch.frame.unset).then_some(value)).collect())
}

fn number(bytes: &[u8]) -> Option<u32> {
    let digit = |number: u32, b: &u8| {
        b.is_ascii_digit().then(|| number.checked_mul(10)?.checked_add(u32::from(b - b'0'))).flatten()
    };
    if bytes.is_empty() { None } else { bytes.iter().try_fold(0, digit) }
}

/// What stands before a separator, and what after.
fn cut<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    find(bytes, separator).map(|at| (&bytes[..at], &bytes[at + separator.len()..]))
}

fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], separator) {
        parts.push(&bytes[from..from + at]);
        from += at + separator.len();
    }
    parts.push(&bytes[from..]);
    parts
}

pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    memchr::memchr_iter(first, haystack).find(|at| haystack[at + 1..].starts_with(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_the_two_last_parts_of_its_path() {
        let is_of_file = |file: &str, scope: &str| {
            let (file, scope) = (file.as_bytes().into(), scope.as_bytes().into());
            Record { file, scope, ..Record::default() }.is_of_file()
        };
        assert!(is_of_file("/home/ann/.zshrc", "ann/.zshrc") && is_of_file("/zshrc", "/zshrc"));
        assert!(is_of_file("x.sh", "x.sh"));
        // An autoloaded function has the name of its file.
        assert!(!is_of_file("/usr/share/zsh/functions/Misc/colors", "colors"));
        assert!(!is_of_file("/home/joann/.zshrc", "ann/.zshrc") && !is_of_file("/f", "(eval)"));
    }
}
