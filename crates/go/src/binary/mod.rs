//! What a program file tells of itself: the Go version it was built with, its main package, and the GOROOT that
//! is baked into it.
//!
//! Ports `debug/buildinfo` (go: src/debug/buildinfo/buildinfo.go `readRawBuildInfo`) for ELF, PE and Mach-O.
//! ELF programs of Go 1.12 and older carry no build information; there the symbol that `runtime.Version` reads
//! is looked up. Deliberately not here: XCOFF and Plan 9 objects, fat Mach-O files.

mod image;

use image::Image;
use system::System;

/// Build information of a program written in Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// As `runtime.Version` gives it: `go1.26.3`, `go1.27.3 X:exp`, `devel go1.27-…`.
    pub go_version: String,
    /// The main package (`cmd/go`); not told by the go command itself before 1.18.
    pub package: Option<String>,
    /// Built with `-trimpath`: no GOROOT is baked in. Not told before 1.18.
    pub trimmed: bool,
    /// GOOS and GOARCH that it was built for. Before 1.18 the architecture of an ELF file alone is told.
    pub os: Option<String>,
    pub arch: Option<String>,
    /// The setting of that architecture (`v1` of GOAMD64). Not told before 1.18.
    pub level: Option<String>,
}

/// The build information starts with this and is aligned to [`ALIGN`] bytes.
const MAGIC: &[u8] = b"\xff Go buildinf:";
const ALIGN: u64 = 16;
const HEADER: usize = 32;
/// The linker gives the build information a section of its own, so that the first bytes mostly do.
const FIRST_CHUNK: usize = 4 << 10;
const CHUNK: usize = 64 << 10;
/// Go searches the whole data segment; its own linker puts the blob near the beginning, so that a large program of
/// another language need not be read to the end.
const SEARCHED: u64 = 4 << 20;
/// Longest version or module text believed.
const TEXT_LIMIT: usize = 1 << 20;

/// Build information of the program at `path`; `None` where it is no Go program.
pub fn read(system: &dyn System, path: &str) -> Option<Program> {
    let image = Image::open(system, path)?;
    let mut program = match find_magic(&image) {
        Some(at) => build_info(&image, at)?,
        None => {
            let go_version = String::from_utf8(image.symbol_text("runtime.buildVersion")?).ok()?;
            Program { go_version, package: None, trimmed: false, os: None, arch: None, level: None }
        }
    };
    program.arch = program.arch.or_else(|| image.elf_architecture().map(str::to_owned));
    Some(program)
}

fn build_info(image: &Image<'_>, at: u64) -> Option<Program> {
    let header = image.data(at, HEADER)?;
    if header.len() < HEADER {
        return None;
    }
    // Bit 1 of the flags: the two texts follow the header (1.18 and later), else the header holds pointers to them.
    let (version, module) = if header[15] & 2 != 0 {
        let (version, next) = image.counted_text(at + HEADER as u64)?;
        let module = image.counted_text(next).map(|(text, _)| text);
        (version, module.unwrap_or_default())
    } else {
        let width = usize::from(header[14]);
        if width != 4 && width != 8 {
            return None;
        }
        let big_endian = header[15] & 1 != 0;
        let pointer = |at: usize| image::number(header.get(at..at + width)?, big_endian);
        let text = |at: u64| image.pointed_text(at, width, big_endian);
        (text(pointer(16)?)?, text(pointer(16 + width)?).unwrap_or_default())
    };
    let go_version = String::from_utf8(version).ok().filter(|v| !v.is_empty())?;
    let module = unframe(&module);
    let line = |prefix: &str| module.lines().find_map(|l| l.strip_prefix(prefix)).map(str::to_owned);
    let arch = line("build\tGOARCH=");
    let level = arch.as_deref().and_then(architecture_variable);
    Some(Program {
        go_version,
        package: line("path\t").filter(|p| !p.is_empty()),
        trimmed: line("build\t-trimpath=").is_some_and(|v| v == "true"),
        os: line("build\tGOOS="),
        level: level.and_then(|name| line(&format!("build\t{name}="))),
        arch,
    })
}

/// The variable that settles which instructions of an architecture are used (go: src/cmd/go/internal/cfg/cfg.go
/// `GetArchEnv`).
pub(crate) fn architecture_variable(goarch: &str) -> Option<&'static str> {
    Some(match goarch {
        "386" => "GO386",
        "amd64" => "GOAMD64",
        "arm" => "GOARM",
        "arm64" => "GOARM64",
        "mips" | "mipsle" => "GOMIPS",
        "mips64" | "mips64le" => "GOMIPS64",
        "ppc64" | "ppc64le" => "GOPPC64",
        "riscv64" => "GORISCV64",
        "wasm" => "GOWASM",
        _ => return None,
    })
}

/// The module text stands between two markers of 16 bytes (go: cmd/go/internal/modload/build.go `infoStart`).
fn unframe(module: &[u8]) -> String {
    if module.len() < 33 || module[module.len() - 17] != b'\n' {
        return String::new();
    }
    String::from_utf8_lossy(&module[16..module.len() - 16]).into_owned()
}

fn find_magic(image: &Image<'_>) -> Option<u64> {
    let (start, size) = image.data_start;
    let mut at = start;
    let end = start.saturating_add(size.min(SEARCHED));
    let mut len = FIRST_CHUNK;
    while at < end {
        let chunk = image.data(at, len)?;
        let found = memchr::memmem::find_iter(&chunk, MAGIC).find(|n| (*n as u64).is_multiple_of(ALIGN));
        if let Some(found) = found {
            return Some(at + found as u64);
        }
        if chunk.len() < len {
            return None;
        }
        at += len as u64;
        len = CHUNK;
    }
    None
}

/// The GOROOT baked into a program that was built without `-trimpath`: its tables name every source file, the
/// runtime's own `proc.go` among them, below the root that `runtime.GOROOT` falls back to (go: cmd/go
/// internal/work/gc.go passes one and the same root to `-trimpath` of the compiler and to
/// `-X runtime.defaultGOROOT` of the linker).
pub(crate) fn baked_goroot(system: &dyn System, path: &str) -> Option<String> {
    let table = Image::open(system, path).and_then(|image| image.section_offset(".gopclntab"));
    let near = table.and_then(|start| file_table_root(system, path, start));
    near.or_else(|| file_table_root(system, path, 0))
}

/// The default of GOPROXY or GOSUMDB in a go command of 1.13 to 1.20 whose source is not there. Texts stand in its
/// file one behind the other: GOPROXY's begins with the scheme and the name `proxy` and ends with `,direct`, and the
/// checksum database is `sum` in the same domain.
pub(crate) fn built_in_remote(system: &dyn System, path: &str, name: &str) -> Option<String> {
    const START: &[u8] = b"https://proxy.";
    const END: &[u8] = b",direct";
    /// Longest name of a host (RFC 1035).
    const LIMIT: usize = 253;
    let bytes = system.read(path).ok()?;
    let proxy = memchr::memmem::find_iter(&bytes, START).find_map(|start| {
        let rest = &bytes[start..];
        let rest = &rest[..rest.len().min(LIMIT)];
        let end = memchr::memmem::find(rest, END)?;
        let text = std::str::from_utf8(&rest[..end + END.len()]).ok()?;
        text.bytes().all(|b| b.is_ascii_graphic()).then(|| text.to_owned())
    })?;
    match name {
        "GOPROXY" => Some(proxy),
        _ => Some(format!("sum.{}", proxy.get(START.len()..proxy.len() - END.len())?)),
    }
}

/// The folder of the runtime's `proc.go` in a table of file names at or behind `offset`.
fn file_table_root(system: &dyn System, path: &str, mut offset: u64) -> Option<String> {
    const FILE: &[u8] = b"/src/runtime/proc.go\0";
    const STEP: usize = 1 << 20;
    /// Longest root believed.
    const BEFORE: usize = 4096;
    let finder = memchr::memmem::Finder::new(FILE);
    loop {
        let bytes = system.read_at(path, offset, STEP + BEFORE + FILE.len()).ok()?;
        if let Some(end) = finder.find(&bytes) {
            let start = memchr::memrchr(0, &bytes[..end]).map(|nul| nul + 1);
            // Names are ended by NUL, so without one in reach it is not the table of files.
            let root = std::str::from_utf8(&bytes[start?..end]).ok()?;
            return (!root.is_empty()).then(|| root.to_owned());
        }
        if bytes.len() < STEP {
            return None;
        }
        offset += STEP as u64;
    }
}
