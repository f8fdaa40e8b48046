//! One value of a table of two columns in an SQLite database, as programs keep their state in (`ItemTable` of VS
//! Code: key, value). The file is read page by page, as far as the key's row lies in (sqlite: "Database File Format").
//!
//! Deliberately not here: SQL, indices, texts in UTF-16.

mod log;
mod page;

pub use log::Log;

use page::{Cell, Page, Shape, integer, read_cells, record, varint};

/// More pages than this are not walked.
const MOST_PAGES: usize = 200_000;
/// Bytes of the longest value that is read. What editors keep is some kilobytes.
const LONGEST: usize = 64 << 20;

use std::collections::HashSet;

/// Reads bytes of the file: offset and length; `None` where they cannot be had.
pub type Read<'a> = dyn FnMut(u64, usize) -> Option<Vec<u8>> + 'a;

/// What stands in the second column of the row of `table` whose first column is `key`. `None` also where the file is
/// no such database.
pub fn lookup(read: &mut Read<'_>, table: &str, key: &str) -> Option<Vec<u8>> {
    let header = read(0, 100).filter(|h| h.starts_with(b"SQLite format 3\0") && h.len() == 100)?;
    let page_size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65536,
        size => usize::from(size),
    };
    let usable = page_size.checked_sub(usize::from(header[20])).filter(|usable| *usable >= 480)?;
    let shape = Shape { page_size, usable };
    let root = find(read, shape, 1, &mut |columns| {
        // type, name, tbl_name, rootpage, sql
        let is_it = columns.first()?.as_slice() == b"table" && columns.get(1)?.as_slice() == table.as_bytes();
        is_it.then(|| columns.get(3).map(|page| integer(page)))?
    })?;
    find(read, shape, u32::try_from(root).ok()?, &mut |columns| {
        (columns.first()?.as_slice() == key.as_bytes()).then(|| columns.get(1).cloned())?
    })
}

/// The first row of a table's tree that `pick` makes something of.
fn find<T>(
    read: &mut Read<'_>,
    shape: Shape,
    root: u32,
    pick: &mut dyn FnMut(&[Vec<u8>]) -> Option<T>,
) -> Option<T> {
    let mut next = vec![root];
    // No circle of pages is walked for ever.
    let mut seen = HashSet::from([root]);
    while seen.len() < MOST_PAGES {
        let page = Page::read(read, shape, next.pop()?)?;
        let (children, cells) = read_cells(&page)?;
        // The last child is popped last of all.
        next.extend(children.into_iter().rev().filter(|child| seen.insert(*child)));
        for Cell { at } in cells {
            let Some(payload) = payload(read, shape, &page, at) else { continue };
            if let Some(found) = record(&payload).and_then(|columns| pick(&columns)) {
                return Some(found);
            }
        }
    }
    None
}

/// The bytes of a row, with what did not fit into its page.
fn payload(read: &mut Read<'_>, shape: Shape, page: &Page, at: usize) -> Option<Vec<u8>> {
    let (length, used) = varint(page.bytes.get(at..)?)?;
    let (_, rowid) = varint(page.bytes.get(at + used..)?)?;
    let start = at + used + rowid;
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
    let local = shape.local(length);
    let mut out = page.bytes.get(start..start + local)?.to_vec();
    let mut next = match page.bytes.get(start + local..start + local + 4) {
        Some(bytes) if local < length => u32::from_be_bytes(bytes.try_into().ok()?),
        _ => 0,
    };
    while next != 0 && out.len() < length {
        let bytes = read(shape.offset(next)?, shape.page_size)?;
        next = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let more = (length - out.len()).min(shape.usable - 4);
        out.extend_from_slice(bytes.get(4..4 + more)?);
    }
    (out.len() == length).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Log, lookup};

    /// Made by sqlite3 with pages of 512 bytes: 40 rows `key N`, one value of 3000 bytes, one BLOB.
    const DATABASE: &[u8] = include_bytes!("rows.sqlite");

    fn ask(bytes: &[u8], table: &str, key: &str) -> Option<Vec<u8>> {
        let mut read = |offset: u64, length: usize| {
            let start = usize::try_from(offset).ok()?;
            bytes.get(start..(start + length).min(bytes.len())).map(<[u8]>::to_vec)
        };
        lookup(&mut read, table, key)
    }

    #[test]
    fn a_row_is_found_by_its_key() {
        assert_eq!(ask(DATABASE, "ItemTable", "key 0").as_deref(), Some(&b"value 0"[..]));
        assert_eq!(ask(DATABASE, "ItemTable", "key 39").as_deref(), Some(&b"value 39"[..]));
        assert_eq!(ask(DATABASE, "ItemTable", "long"), Some(b"0123456789".repeat(300)));
        assert_eq!(ask(DATABASE, "ItemTable", "blob").as_deref(), Some(&b"\0\x01\xff"[..]));
        assert_eq!(ask(DATABASE, "ItemTable", "none"), None);
        assert_eq!(ask(DATABASE, "Other", "key 0"), None);
    }

    #[test]
    fn what_is_broken_or_cut_gives_nothing() {
        for cut in 0..DATABASE.len() {
            let _ = ask(&DATABASE[..cut], "ItemTable", "long");
        }
        for at in 0..DATABASE.len() {
            let mut broken = DATABASE.to_vec();
            broken[at] ^= 0xff;
            let _ = ask(&broken, "ItemTable", "long");
        }
        assert_eq!(ask(b"no database", "ItemTable", "long"), None);
    }

    /// Made by sqlite3 in WAL mode: `old` and `both` (1) in the file, `both` (2) and `new` only in the log.
    const LOGGED: &[u8] = include_bytes!("logged.sqlite");
    const LOG: &[u8] = include_bytes!("logged.sqlite-wal");

    fn ask_logged(log: &[u8], key: &str) -> Option<Vec<u8>> {
        let mut read = |offset: u64, length: usize| {
            let start = usize::try_from(offset).ok()?;
            LOGGED.get(start..(start + length).min(LOGGED.len())).map(<[u8]>::to_vec)
        };
        let log = Log::new(log.to_vec());
        let mut over = log.over(&mut read);
        lookup(&mut over, "ItemTable", key)
    }

    #[test]
    fn a_log_is_newer_than_its_file() {
        let text =
            |log: &[u8], key: &str| ask_logged(log, key).map(|v| String::from_utf8_lossy(&v).into_owned());
        assert_eq!(text(LOG, "old").as_deref(), Some("1"));
        assert_eq!(text(LOG, "both").as_deref(), Some("2"));
        assert_eq!(text(LOG, "new"), Some("n".repeat(1200)));
        assert_eq!(text(b"", "both").as_deref(), Some("1"));
        assert_eq!(text(b"", "new"), None);
        // A transaction that was not written to its end does not count.
        assert_eq!(text(&LOG[..LOG.len() - 1], "both").as_deref(), Some("2"));
        assert_eq!(text(&LOG[..LOG.len() - 1], "new"), None);
        for at in 0..LOG.len() {
            let mut broken = LOG.to_vec();
            broken[at] ^= 0xff;
            let _ = ask_logged(&broken, "new");
        }
    }

    #[test]
    fn pages_in_a_circle_come_to_an_end() {
        // Every page is the inner page 1 of itself.
        let mut page = vec![0; 512];
        page[..16].copy_from_slice(b"SQLite format 3\0");
        page[16..18].copy_from_slice(&512_u16.to_be_bytes());
        page[100] = 5;
        page[108..112].copy_from_slice(&1_u32.to_be_bytes());
        assert_eq!(ask(&page, "ItemTable", "x"), None);
    }
}
