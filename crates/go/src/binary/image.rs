//! The parts of an ELF, PE or Mach-O file that lead from an address to bytes in the file.
//!
//! Only headers are read. As `debug/buildinfo` does, the data to search is the section made for build information
//! or else the first writable one.

use std::cell::RefCell;
use system::System;

/// An executable file with its address ranges.
pub(super) struct Image<'a> {
    file: File<'a>,
    ranges: Vec<Range>,
    /// Address and size of the part that holds build information.
    pub(super) data_start: (u64, u64),
}

/// The file, of which what was read last is kept: headers lie beside each other, and so do the texts.
struct File<'a> {
    system: &'a dyn System,
    path: &'a str,
    last: RefCell<(u64, Vec<u8>)>,
}

/// Bytes that are read at least.
const AT_ONCE: usize = 4096;

impl File<'_> {
    /// At most `len` bytes from an offset on, fewer where the file ends.
    fn read(&self, offset: u64, len: usize) -> Option<Vec<u8>> {
        let mut last = self.last.borrow_mut();
        let kept = |(start, bytes): &(u64, Vec<u8>)| {
            let from = usize::try_from(offset.checked_sub(*start)?).ok()?;
            bytes.get(from..from.checked_add(len)?).map(<[u8]>::to_vec)
        };
        if let Some(bytes) = kept(&last) {
            return Some(bytes);
        }
        let mut bytes = self.system.read_at(self.path, offset, len.max(AT_ONCE)).ok()?;
        *last = (offset, bytes.clone());
        bytes.truncate(len);
        Some(bytes)
    }
}

/// Addresses that are backed by bytes of the file.
struct Range {
    address: u64,
    size: u64,
    offset: u64,
}

/// Bytes of a symbol table or its names that are read.
const SYMBOLS_LIMIT: usize = 16 << 20;

/// More headers than this are not believed.
const HEADERS_LIMIT: u64 = 4096;

impl<'a> Image<'a> {
    pub(super) fn open(system: &'a dyn System, path: &'a str) -> Option<Self> {
        let image = File { system, path, last: RefCell::default() };
        let head = image.read(0, AT_ONCE)?;
        let file = |offset: u64, len: u64| {
            let len = usize::try_from(len).ok()?;
            image.read(offset, len).filter(|bytes| bytes.len() == len)
        };
        let (ranges, data_start) = match head.get(..4)? {
            b"\x7fELF" => elf(&head, &file)?,
            [b'M', b'Z', ..] => pe(&head, &file)?,
            [0xcf | 0xce, 0xfa, 0xed, 0xfe] => mach_o(&head, &file)?,
            _ => return None,
        };
        Some(Self { file: image, ranges, data_start })
    }

    /// At most `len` bytes at an address, fewer where its range ends.
    pub(super) fn data(&self, address: u64, len: usize) -> Option<Vec<u8>> {
        let range = self.ranges.iter().find(|r| address >= r.address && address - r.address < r.size)?;
        let into = address - range.address;
        let len = len.min(usize::try_from(range.size - into).ok()?);
        self.file.read(range.offset.checked_add(into)?, len)
    }

    /// A text with its length as a variable-length number in front; also the address behind it.
    pub(super) fn counted_text(&self, address: u64) -> Option<(Vec<u8>, u64)> {
        let head = self.data(address, 10)?;
        let mut len = 0_u64;
        for (n, &byte) in head.iter().enumerate().take(9) {
            len |= u64::from(byte & 0x7f) << (7 * n);
            if byte & 0x80 == 0 {
                let start = address + n as u64 + 1;
                return Some((self.exactly(start, len)?, start + len));
            }
        }
        None
    }

    /// Where a section of an ELF file begins in the file.
    pub(super) fn section_offset(&self, wanted: &str) -> Option<u64> {
        let (head, wide, big) = self.elf_head()?;
        let file = |offset, len| self.bytes(offset, len);
        elf_section(&head, &file, wanted, wide, big).map(|s| s.offset)
    }

    /// The first bytes of an ELF file, whether it is of 64 bits, and whether big-endian.
    fn elf_head(&self) -> Option<(Vec<u8>, bool, bool)> {
        let head = self.file.read(0, 64)?;
        let (wide, big) = (*head.get(4)? == 2, *head.get(5)? == 2);
        head.starts_with(b"\x7fELF").then_some((head, wide, big))
    }

    /// Go's name of the architecture of an ELF file (System V ABI, `e_machine`).
    pub(super) fn elf_architecture(&self) -> Option<&'static str> {
        let (head, wide, big) = self.elf_head()?;
        let machine = number(head.get(18..20)?, big)?;
        Some(match (machine, wide, big) {
            (3, ..) => "386",
            (62, ..) => "amd64",
            (40, ..) => "arm",
            (183, ..) => "arm64",
            (8, false, true) => "mips",
            (8, false, false) => "mipsle",
            (8, true, true) => "mips64",
            (8, true, false) => "mips64le",
            (21, _, true) => "ppc64",
            (21, _, false) => "ppc64le",
            (22, ..) => "s390x",
            (243, ..) => "riscv64",
            (258, ..) => "loong64",
            _ => return None,
        })
    }

    fn bytes(&self, offset: u64, len: u64) -> Option<Vec<u8>> {
        let len = usize::try_from(len).ok().filter(|len| *len <= SYMBOLS_LIMIT)?;
        self.file.read(offset, len).filter(|bytes| bytes.len() == len)
    }

    /// The Go string that a symbol of an ELF file names, by its symbol table (which `-ldflags=-s` leaves out).
    pub(super) fn symbol_text(&self, wanted: &str) -> Option<Vec<u8>> {
        let (head, wide, big) = self.elf_head()?;
        let file = |offset, len| self.bytes(offset, len);
        let address = elf_symbol(&head, &file, wanted, wide, big)?;
        self.pointed_text(address, if wide { 8 } else { 4 }, big)
    }

    /// The Go string whose header (pointer and length) is at an address.
    pub(super) fn pointed_text(&self, address: u64, width: usize, big_endian: bool) -> Option<Vec<u8>> {
        let header = self.data(address, 2 * width)?;
        let start = number(header.get(..width)?, big_endian)?;
        let len = number(header.get(width..2 * width)?, big_endian)?;
        if len == 0 { Some(Vec::new()) } else { self.exactly(start, len) }
    }

    fn exactly(&self, address: u64, len: u64) -> Option<Vec<u8>> {
        let len = usize::try_from(len).ok().filter(|len| *len <= super::TEXT_LIMIT)?;
        self.data(address, len).filter(|bytes| bytes.len() == len)
    }
}

/// An unsigned number of up to eight bytes.
pub(super) fn number(bytes: &[u8], big_endian: bool) -> Option<u64> {
    let push = |n: u64, b: &u8| n << 8 | u64::from(*b);
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    Some(if big_endian { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) })
}

type Reader<'a> = &'a dyn Fn(u64, u64) -> Option<Vec<u8>>;
type Layout = (Vec<Range>, (u64, u64));

/// Cuts equal records out of a table.
fn table(file: Reader<'_>, offset: u64, count: u64, size: u64) -> Option<Vec<Vec<u8>>> {
    if count > HEADERS_LIMIT || size == 0 || size > HEADERS_LIMIT {
        return None;
    }
    let bytes = file(offset, count * size)?;
    Some(bytes.chunks_exact(usize::try_from(size).ok()?).map(<[u8]>::to_vec).collect())
}

/// ELF, both widths and byte orders (System V ABI, chapters 4 and 5).
fn elf(head: &[u8], file: Reader<'_>) -> Option<Layout> {
    let wide = *head.get(4)? == 2;
    let big = *head.get(5)? == 2;
    let field = |bytes: &[u8], at: usize, len: usize| number(bytes.get(at..at + len)?, big);
    // Each pair: offset in the 64-bit form, in the 32-bit form.
    let pick = |w: usize, n: usize| if wide { w } else { n };
    let word = pick(8, 4);
    let programs = table(
        file,
        field(head, pick(32, 28), word)?,
        field(head, pick(56, 44), 2)?,
        field(head, pick(54, 42), 2)?,
    )?;
    let mut ranges = Vec::new();
    let mut writable = None;
    for p in &programs {
        const LOAD: u64 = 1;
        if field(p, 0, 4)? != LOAD {
            continue;
        }
        let flags = field(p, pick(4, 24), 4)?;
        let range = Range {
            offset: field(p, pick(8, 4), word)?,
            address: field(p, pick(16, 8), word)?,
            size: field(p, pick(32, 16), word)?,
        };
        // Writable and not executable.
        if flags & 3 == 2 && writable.is_none() {
            writable = Some((range.address, range.size));
        }
        ranges.push(range);
    }
    let named = elf_section(head, file, ".go.buildinfo", wide, big).map(|s| (s.address, s.size));
    Some((ranges, named.or(writable)?))
}

/// A section: where its name stands in the table of names, its type, address, place and size, and the section it
/// belongs to.
struct Section {
    name: usize,
    kind: u64,
    address: u64,
    offset: u64,
    size: u64,
    link: usize,
}

/// The sections of an ELF file and the place of their names.
fn elf_sections(head: &[u8], file: Reader<'_>, wide: bool, big: bool) -> Option<(Vec<Section>, usize)> {
    let field = |bytes: &[u8], at: usize, len: usize| number(bytes.get(at..at + len)?, big);
    let pick = |w: usize, n: usize| if wide { w } else { n };
    let word = pick(8, 4);
    let index = |n: u64| usize::try_from(n).ok();
    let rows = table(
        file,
        field(head, pick(40, 32), word)?,
        field(head, pick(60, 48), 2)?,
        field(head, pick(58, 46), 2)?,
    )?;
    let section = |s: &Vec<u8>| {
        Some(Section {
            name: index(field(s, 0, 4)?)?,
            kind: field(s, 4, 4)?,
            address: field(s, pick(16, 12), word)?,
            offset: field(s, pick(24, 16), word)?,
            size: field(s, pick(32, 20), word)?,
            link: index(field(s, pick(40, 24), 4)?)?,
        })
    };
    let sections = rows.iter().map(section).collect::<Option<Vec<_>>>()?;
    Some((sections, index(field(head, pick(62, 50), 2)?)?))
}

fn is_named(names: &[u8], at: usize, wanted: &str) -> bool {
    let rest = names.get(at..).and_then(|rest| rest.strip_prefix(wanted.as_bytes()));
    rest.is_some_and(|rest| rest.first() == Some(&0))
}

fn elf_section(head: &[u8], file: Reader<'_>, wanted: &str, wide: bool, big: bool) -> Option<Section> {
    let (sections, names) = elf_sections(head, file, wide, big)?;
    let names = sections.get(names)?;
    let names = file(names.offset, names.size)?;
    sections.into_iter().find(|s| is_named(&names, s.name, wanted))
}

fn elf_symbol(head: &[u8], file: Reader<'_>, wanted: &str, wide: bool, big: bool) -> Option<u64> {
    const SYMBOL_TABLE: u64 = 2;
    let (sections, _) = elf_sections(head, file, wide, big)?;
    let symbols = sections.iter().find(|s| s.kind == SYMBOL_TABLE)?;
    let names = sections.get(symbols.link)?;
    let names = file(names.offset, names.size)?;
    let (row, value, word) = if wide { (24, 8, 8) } else { (16, 4, 4) };
    file(symbols.offset, symbols.size)?.chunks_exact(row).find_map(|symbol| {
        let name = usize::try_from(number(symbol.get(..4)?, big)?).ok()?;
        let address = number(symbol.get(value..value + word)?, big)?;
        is_named(&names, name, wanted).then_some(address)
    })
}

/// PE (Microsoft: PE Format, "COFF File Header", "Section Table").
fn pe(head: &[u8], file: Reader<'_>) -> Option<Layout> {
    let field = |bytes: &[u8], at: usize, len: usize| number(bytes.get(at..at + len)?, false);
    let start = field(head, 0x3c, 4)?;
    let coff = file(start, 24)?;
    if !coff.starts_with(b"PE\0\0") {
        return None;
    }
    let optional_size = field(&coff, 20, 2)?;
    let optional = file(start + 24, optional_size)?;
    const PE32_PLUS: u64 = 0x20b;
    let base = if field(&optional, 0, 2)? == PE32_PLUS {
        field(&optional, 24, 8)?
    } else {
        field(&optional, 28, 4)?
    };
    let sections = table(file, start + 24 + optional_size, field(&coff, 6, 2)?, 40)?;
    let mut ranges = Vec::new();
    let mut data = None;
    for s in &sections {
        let raw_size = field(s, 16, 4)?;
        let range = Range { address: base + field(s, 12, 4)?, size: raw_size, offset: field(s, 20, 4)? };
        // Initialised data, readable, writable, aligned to 32 bytes: what go's linker writes (buildinfo.go `peExe`).
        const DATA: u64 = 0x40 | 0x4000_0000 | 0x8000_0000;
        if field(s, 36, 4)? & DATA == DATA && raw_size > 0 && data.is_none() {
            data = Some((range.address, raw_size));
        }
        ranges.push(range);
    }
    Some((ranges, data?))
}

/// Mach-O, little-endian (Apple: mach-o/loader.h).
fn mach_o(head: &[u8], file: Reader<'_>) -> Option<Layout> {
    let wide = *head.first()? == 0xcf;
    let field = |bytes: &[u8], at: usize, len: usize| number(bytes.get(at..at + len)?, false);
    let pick = |w: usize, n: usize| if wide { w } else { n };
    let word = pick(8, 4);
    let commands = file(pick(32, 28) as u64, field(head, 20, 4)?.min(1 << 20))?;
    let (mut ranges, mut named, mut writable) = (Vec::new(), None, None);
    let mut at = 0;
    for _ in 0..field(head, 16, 4)?.min(HEADERS_LIMIT) {
        let command = commands.get(at..)?;
        let size = usize::try_from(field(command, 4, 4)?).ok().filter(|s| *s >= 8)?;
        at += size;
        const SEGMENT: u64 = 1;
        const SEGMENT_64: u64 = 0x19;
        if field(command, 0, 4)? != if wide { SEGMENT_64 } else { SEGMENT } {
            continue;
        }
        let range = Range {
            address: field(command, 24, word)?,
            offset: field(command, 24 + 2 * word, word)?,
            size: field(command, 24 + 3 * word, word)?,
        };
        let protection = field(command, 24 + 4 * word + 4, 4)?;
        if range.address != 0 && range.size > 0 && protection & 3 == 3 && writable.is_none() {
            writable = Some((range.address, range.size));
        }
        let first = pick(72, 56);
        let each = pick(80, 68);
        for n in 0..usize::try_from(field(command, 24 + 4 * word + 8, 4)?.min(HEADERS_LIMIT)).ok()? {
            let section = command.get(first + n * each..first + (n + 1) * each)?;
            if section.starts_with(b"__go_buildinfo\0") {
                named = Some((field(section, 32, word)?, field(section, 32 + word, word)?));
            }
        }
        ranges.push(range);
    }
    Some((ranges, named.or(writable)?))
}
