//! The records in a trace: place, scope, values where they changed, and the text of the command.
//!
//! What the start-up itself writes to standard error stands between records and is taken for their text; it is never
//! taken for a record, because the frame's bytes are in no known value.

use super::instrument::GUARD_MARK;
use super::watch::Watch;
use std::borrow::Cow;

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
    /// `%N`: file, function, `(eval)` or `(anon)`.
    pub(super) scope: Cow<'a, [u8]>,
    /// `%e`: how deep functions, files and evaluations are nested.
    pub(super) depth: u32,
    /// In a forked subshell, whose changes are lost with it.
    pub(super) subshell: bool,
    pub(super) close: Compared<'a>,
    pub(super) loose: Compared<'a>,
    /// The expanded command as zsh prints it, without its end of line. What it printed itself may follow in further
    /// lines.
    pub(super) text: &'a [u8],
    /// The command's line goes on in the next record: this was an assignment in front of a command, or the left side
    /// of one whose value is still being computed.
    pub(super) unfinished: bool,
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

pub(super) fn parse<'a>(trace: &'a [u8], watch: &Watch) -> Vec<Record<'a>> {
    let starts = positions(trace, &watch.frame.start);
    let ends = starts.iter().skip(1).copied().chain([trace.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(&start, end)| record(&trace[start + watch.frame.start.len()..end], watch))
        .collect()
}

fn record<'a>(bytes: &'a [u8], watch: &Watch) -> Option<Record<'a>> {
    let frame = &watch.frame;
    let head_end = find(bytes, &frame.end)?;
    let text = &bytes[head_end + frame.end.len()..];
    let fields = split(&bytes[..head_end], &frame.field);
    let [file, inner, line, scope, depth, subshell, rest @ ..] = fields.as_slice() else { return None };
    let mut record = Record {
        file: raw(file),
        inner_line: number(inner)?,
        line: number(line)?,
        scope: raw(scope),
        depth: number(depth)?,
        text: without_guard(text.trim_ascii()),
        unfinished: !text.contains(&b'\n'),
        ..Record::default()
    };
    // With PROMPT_SUBST off the expansions stand there as they are written: a place without values.
    let Some(subshell) = number(subshell) else { return Some(record) };
    record.subshell = subshell > 0;
    let Some(first) = rest.first().and_then(|f| f.strip_prefix(b"C")) else { return Some(record) };
    let close_fields = if first.is_empty() { 1 } else { watch.close.len() };
    record.close = tier(first, rest.get(1..close_fields)?, watch);
    record.loose = match rest.get(close_fields + 1..)? {
        [first, others @ ..] => first.strip_prefix(b"D").map(|f| tier(f, others, watch)).unwrap_or_default(),
        [] => Compared::NotNow,
    };
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
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn positions(haystack: &[u8], needle: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&haystack[from..], needle) {
        found.push(from + at);
        from += at + needle.len();
    }
    found
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

/// The first place of a needle whose first byte is rare.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut from = 0;
    loop {
        let at = from + haystack[from..].iter().position(|&b| b == first)?;
        if haystack[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}
