//! Pages, cells and records of an SQLite table (sqlite: "Database File Format", §1.5, §1.6, §2.1).
//!
//! Not here: which table, and which row.

use super::Read;

/// Sizes of a database.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) page_size: usize,
    /// Without what is reserved at the end of each page.
    pub(super) usable: usize,
}

impl Shape {
    /// Where a page begins; pages count from 1.
    pub(super) fn offset(self, page: u32) -> Option<u64> {
        Some(u64::from(page.checked_sub(1)?) * self.page_size as u64)
    }

    /// How much of a row of `length` bytes lies in its own page.
    pub(super) fn local(self, length: usize) -> usize {
        let most = self.usable - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fits = least + (length - least) % (self.usable - 4);
        if fits <= most { fits } else { least }
    }
}

/// A page of a tree.
pub(super) struct Page {
    pub(super) bytes: Vec<u8>,
    /// Where its header begins: behind the file's own on the first page.
    header: usize,
}

impl Page {
    pub(super) fn read(read: &mut Read<'_>, shape: Shape, number: u32) -> Option<Self> {
        let bytes = read(shape.offset(number)?, shape.page_size)?;
        Some(Self { bytes, header: if number == 1 { 100 } else { 0 } })
    }

    fn u16(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at + 2)?;
        Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?))
    }
}

/// A row of a leaf.
pub(super) struct Cell {
    pub(super) at: usize,
}

/// The pages below, and the rows of a leaf; `None` for a page of anything else than a table.
pub(super) fn read_cells(page: &Page) -> Option<(Vec<u32>, Vec<Cell>)> {
    let header = page.header;
    let (is_leaf, pointers) = match page.bytes.get(header)? {
        0x0d => (true, header + 8),
        0x05 => (false, header + 12),
        _ => return None,
    };
    let count = page.u16(header + 3)?;
    let places: Option<Vec<usize>> = (0..count).map(|n| page.u16(pointers + 2 * n)).collect();
    let places = places?;
    if is_leaf {
        return Some((Vec::new(), places.into_iter().map(|at| Cell { at }).collect()));
    }
    let mut children: Vec<u32> = places.into_iter().filter_map(|at| page.u32(at)).collect();
    children.push(page.u32(header + 8)?);
    Some((children, Vec::new()))
}

/// A number of one to nine bytes, and how many they were.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (n, byte) in bytes.iter().take(9).enumerate() {
        if n == 8 {
            return Some((value << 8 | u64::from(*byte), 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, n + 1));
        }
    }
    None
}

/// The columns of a row, as their bytes; a number keeps its own.
pub(super) fn record(payload: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (header, mut at) = varint(payload)?;
    let header = usize::try_from(header).ok()?;
    let mut body = header;
    let mut columns = Vec::new();
    while at < header {
        let (kind, used) = varint(payload.get(at..)?)?;
        at += used;
        if kind == 9 {
            columns.push(vec![1]);
            continue;
        }
        let length = match kind {
            0 | 8 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            text => usize::try_from((text - 12) / 2).ok()?,
        };
        columns.push(payload.get(body..body.checked_add(length)?)?.to_vec());
        body += length;
    }
    Some(columns)
}

/// A column that is a number.
pub(super) fn integer(column: &[u8]) -> u64 {
    column.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
