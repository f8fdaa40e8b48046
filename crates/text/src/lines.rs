//! Where a byte of a file is for a person: line and column. Not here: how wide a character is on a screen.

use crate::edit::BOM;

/// Where the lines of a text begin. A line ends at LF, CRLF or a CR alone, as editors count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<usize>,
    /// Bytes before the first column of the first line: a byte order mark.
    mark: usize,
    len: usize,
}

impl Lines {
    pub fn of(bytes: &[u8]) -> Self {
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        let mark = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        Self { starts, mark, len: bytes.len() }
    }

    /// Line and column of an offset, both from 1, columns in bytes. Past the end is the end.
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.len);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        let mark = if line <= 1 { self.mark } else { 0 };
        (number(line.max(1)), number((offset - start).saturating_sub(mark) + 1))
    }

    /// Where a line, counted from 1, begins.
    pub fn start(&self, line: u32) -> Option<usize> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let lines = Lines::of(b"\xEF\xBB\xBFab\r\nc\rd\n");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(3), (1, 1));
        assert_eq!(lines.place(4), (1, 2));
        assert_eq!(lines.place(7), (2, 1));
        assert_eq!(lines.place(9), (3, 1));
        assert_eq!(lines.place(11), (4, 1));
        assert_eq!(lines.place(99), (4, 1));
        assert_eq!(lines.start(3), Some(9));
        assert_eq!((lines.start(0), lines.start(9)), (None, None));
    }
}
