//! A write-ahead log (`FILE-wal`): pages that are newer than those of the file (sqlite: "Database File Format", §4).
//!
//! Not here: the shared index beside it, which only saves looking for a page.

use super::Read;
use std::collections::HashMap;

/// The pages that stand in a log, as of its last transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    page_size: usize,
    /// Where in the log the newest copy of a page begins.
    pages: HashMap<u32, usize>,
    bytes: Vec<u8>,
}

/// Bytes of the log's header, and of that of a page in it.
const HEADER: usize = 32;
const FRAME: usize = 24;

impl Log {
    /// Reads a log. One that is broken, or not of this kind, holds nothing from there on.
    pub fn new(bytes: Vec<u8>) -> Self {
        let mut log = Self { bytes, ..Self::default() };
        log.index();
        log
    }

    /// The file as it is with the log.
    pub fn over<'a>(&'a self, read: &'a mut Read<'_>) -> impl FnMut(u64, usize) -> Option<Vec<u8>> + 'a {
        move |offset, length| {
            let size = u64::try_from(self.page_size).ok()?;
            let in_log = offset.checked_div(size).and_then(|page| {
                let at =
                    *self.pages.get(&u32::try_from(page + 1).ok()?)? + usize::try_from(offset % size).ok()?;
                self.bytes.get(at..at + length).map(<[u8]>::to_vec)
            });
            in_log.or_else(|| read(offset, length))
        }
    }

    fn word(&self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?))
    }

    fn index(&mut self) -> Option<()> {
        let big_endian = match self.word(0)? {
            0x377f_0682 => false,
            0x377f_0683 => true,
            _ => return None,
        };
        let page_size = usize::try_from(self.word(8)?).ok()?;
        if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
            return None;
        }
        let mut sum = checksum(self.bytes.get(..24)?, (0, 0), big_endian);
        if sum != (self.word(24)?, self.word(28)?) {
            return None;
        }
        self.page_size = page_size;
        let salts = (self.word(16)?, self.word(20)?);
        // Pages of a transaction count when its last one is there.
        let mut open = Vec::new();
        let mut at = HEADER;
        while let Some(page) = self.bytes.get(at + FRAME..at + FRAME + page_size) {
            sum = checksum(self.bytes.get(at..at + 8)?, sum, big_endian);
            sum = checksum(page, sum, big_endian);
            if salts != (self.word(at + 8)?, self.word(at + 12)?)
                || sum != (self.word(at + 16)?, self.word(at + 20)?)
            {
                return None;
            }
            open.push((self.word(at)?, at + FRAME));
            if self.word(at + 4)? != 0 {
                self.pages.extend(open.drain(..));
            }
            at += FRAME + page_size;
        }
        Some(())
    }
}

/// sqlite: wal.c `walChecksumBytes`.
fn checksum(bytes: &[u8], (mut a, mut b): (u32, u32), big_endian: bool) -> (u32, u32) {
    let word = |four: &[u8]| {
        let four = [four[0], four[1], four[2], four[3]];
        if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    };
    for eight in bytes.chunks_exact(8) {
        a = a.wrapping_add(word(&eight[..4])).wrapping_add(b);
        b = b.wrapping_add(word(&eight[4..])).wrapping_add(a);
    }
    (a, b)
}
