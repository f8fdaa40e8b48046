//! Edits: ranges of bytes and what stands there instead.
//!
//! All bytes outside the ranges stay as they are: a byte order mark, the kind of line ends, a last line without one.
//! Not here: which file is edited, and writing it.

use std::ops::Range;

/// The bytes at `range` (offsets into what is edited) are replaced; an empty range inserts before its start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    pub range: Range<usize>,
    pub new: Vec<u8>,
}

/// Why a list of edits is none of these bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The range ends before it begins, or after the last byte.
    OutOfRange { range: Range<usize>, len: usize },
    /// Two edits want the same bytes, or one inserts within what the other replaces.
    Overlap { first: Range<usize>, second: Range<usize> },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::OutOfRange { range, len } => {
                write!(f, "bytes {}..{} are not among the {len} bytes of the file", range.start, range.end)
            }
            Problem::Overlap { first, second } => write!(
                f,
                "two edits want the same bytes ({}..{} and {}..{})",
                first.start, first.end, second.start, second.end
            ),
        }
    }
}

impl std::error::Error for Problem {}

impl Edit {
    pub fn replace(range: Range<usize>, new: impl Into<Vec<u8>>) -> Self {
        Self { range, new: new.into() }
    }

    pub fn insert(at: usize, new: impl Into<Vec<u8>>) -> Self {
        Self { range: at..at, new: new.into() }
    }

    pub fn delete(range: Range<usize>) -> Self {
        Self { range, new: Vec::new() }
    }
}

/// The bytes with all edits made. The edits' offsets are those of `bytes`, and their order matters only between
/// insertions at one place, which come out as listed.
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Result<Vec<u8>, Problem> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = Vec::with_capacity(bytes.len() + edits.iter().map(|e| e.new.len()).sum::<usize>());
    let mut done = 0;
    let mut last = 0..0;
    for Edit { range, new } in sorted {
        if range.start > range.end || range.end > bytes.len() {
            return Err(Problem::OutOfRange { range: range.clone(), len: bytes.len() });
        }
        if range.start < done {
            return Err(Problem::Overlap { first: last, second: range.clone() });
        }
        out.extend_from_slice(&bytes[done..range.start]);
        out.extend_from_slice(new);
        done = range.end;
        last = range.clone();
    }
    out.extend_from_slice(&bytes[done..]);
    Ok(out)
}

/// UTF-8's byte order mark, as Windows' editors write it before the first byte.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// What ends a line in these bytes: what ends the first one, `\n` where there is none.
pub fn line_end(bytes: &[u8]) -> &'static [u8] {
    match bytes.iter().position(|&b| b == b'\n') {
        Some(at) if at > 0 && bytes[at - 1] == b'\r' => b"\r\n",
        _ => b"\n",
    }
}

/// Adds lines at the end, with the line ends of the rest; a last line that has none is ended first.
pub fn append_lines<'a>(bytes: &[u8], lines: impl IntoIterator<Item = &'a [u8]>) -> Edit {
    let end = line_end(bytes);
    let mut new = Vec::new();
    if !bytes.is_empty() && bytes != BOM && bytes.last() != Some(&b'\n') {
        new.extend_from_slice(end);
    }
    for line in lines {
        new.extend_from_slice(line);
        new.extend_from_slice(end);
    }
    Edit::insert(bytes.len(), new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_stays() {
        let bytes = b"\xef\xbb\xbfa=1\r\nb=2\r\nc=3";
        let edits = [Edit::replace(10..11, "two"), Edit::delete(3..8)];
        assert_eq!(apply(bytes, &edits), Ok(b"\xef\xbb\xbfb=two\r\nc=3".to_vec()));
        assert_eq!(apply(bytes, &[]), Ok(bytes.to_vec()));
    }

    #[test]
    fn insertions_at_one_place_come_out_as_listed() {
        let edits =
            [Edit::replace(1..2, "X"), Edit::insert(1, "1"), Edit::insert(1, "2"), Edit::insert(2, "3")];
        assert_eq!(apply(b"abc", &edits), Ok(b"a12X3c".to_vec()));
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        let out = Problem::OutOfRange { range: 2..9, len: 3 };
        assert_eq!(apply(b"abc", &[Edit::delete(2..9)]), Err(out));
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let reversed = Edit::delete(2..1);
        assert!(apply(b"abc", &[reversed]).is_err());
        let overlap = Problem::Overlap { first: 0..2, second: 1..3 };
        assert_eq!(apply(b"abc", &[Edit::delete(1..3), Edit::delete(0..2)]), Err(overlap));
        assert!(apply(b"abc", &[Edit::insert(1, "x"), Edit::delete(0..2)]).is_err());
    }

    #[test]
    fn lines_are_added_in_the_files_own_manner() {
        let added = |bytes: &[u8]| {
            let edit = append_lines(bytes, [b"x".as_slice()]);
            apply(bytes, &[edit]).expect("in range")
        };
        assert_eq!(added(b""), b"x\n");
        assert_eq!(added(b"a\n"), b"a\nx\n");
        assert_eq!(added(b"a\r\nb"), b"a\r\nb\r\nx\r\n");
        assert_eq!(added(BOM), b"\xef\xbb\xbfx\n");
    }
}
