//! The readers that are tried, with seeds, words of their formats, and what must hold of any input.

use super::{editor, reference};
use crate::conformance::folded;
use go::Programs;
use go::env::Query;
use go::env_file::EnvFile;
use std::path::{Path, PathBuf};
use system::memory::{Entry, MemorySystem};

/// A reader.
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) seeds: Vec<Vec<u8>>,
    pub(super) words: &'static [&'static str],
    pub(super) check: fn(&[u8]) -> Result<(), String>,
}

pub(super) fn all() -> Vec<Target> {
    let mut all = of_go();
    all.extend(editor::targets());
    all
}

fn of_go() -> Vec<Target> {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    vec![
        Target {
            name: "env-file",
            seeds: texts(&[
                "GOPROXY=off\nGOFLAGS=-mod=mod -v\n\n# x\nGOOS=linux\r\n",
                "\u{feff}GOROOT=/sdk\nGOTOOLCHAIN=auto\nGOROOT=\nGOPATH=/a:/b",
                "CC=gcc -m64\nCGO_CFLAGS='-DX=a b' -g\nGOEXPERIMENT=none\nGOAMD64=v3\nGOARCH=arm\nGOARM=7\nGOWORK=off\n",
            ]),
            words: &[
                "GOROOT=",
                "GOPATH=",
                "GOFLAGS=",
                "GOENV=",
                "GOTOOLCHAIN=",
                "go1.26.3+path",
                "GO111MODULE=",
                "CGO_CFLAGS=",
                "CC=",
                "'",
                "GOEXPERIMENT=",
                "GOOS=",
                "GOARCH=",
                "GOWORK=",
                "/sdk",
                "GOCACHE=",
                "auto",
                "-json",
                "PKG_CONFIG=",
                "GOFIPS140=",
            ],
            check: env_file,
        },
        Target {
            name: "go-mod",
            seeds: texts(&[
                "module m\n\ngo 1.26.0\ntoolchain go1.26.3 // x\r\n\nrequire a.example/b v1.0.0\n",
                "\u{feff}go 1.21rc2\n// go 1.22\n\tgo\t1.24\n",
                "use (\n./a\n)\ntoolchain default\n",
            ]),
            words: &[
                "go ",
                "toolchain ",
                "go1.26.3",
                "1.27",
                "default",
                "local",
                "//",
                "module m\n",
                "use ./a\n",
                "1.99999999999999999999",
            ],
            check: go_mod,
        },
        Target {
            name: "version",
            seeds: texts(&[
                "go1.26.3\ntime 2026-08-28T16:20:06Z\n",
                "go1.19.8",
                "devel go1.27-abc X:x",
                "go1.24.4 (Red Hat 1)",
            ]),
            words: &["go1.", "rc1", "beta", ".0", "1.21", "devel ", "time ", "-corp", " X:y", "go2"],
            check: version,
        },
        Target {
            name: "build-info",
            seeds: program_seeds(),
            words: &["\u{fffd} Go buildinf:", "go1.26.3", "path\tcmd/go\n"],
            check: build_info,
        },
    ]
}

/// A machine with an SDK of 1.26 that has no sources and a program without build information.
fn machine() -> MemorySystem {
    MemorySystem::linux()
        .script("/sdk/bin/go", "no program")
        .file("/sdk/VERSION", "go1.26.3\n")
        .file("/sdk/go.env", "GOPROXY=direct\nGOSUMDB=off\nGOTOOLCHAIN=auto\n")
        .folder("/sdk/pkg/tool/linux_amd64")
        .folder("/home/ann/w")
}

fn environment() -> Vec<(String, String)> {
    [("PATH", "/sdk/bin"), ("HOME", "/home/ann")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

/// All that is made of a machine, for the sake of panics and hangs.
fn make_all_of(machine: &MemorySystem) {
    let programs = Programs::new(machine);
    let env = folded(&environment());
    let words = ["env".to_owned(), "-json".to_owned()];
    let query =
        Query { programs: &programs, env: &env, cwd: Some("/home/ann/w"), words: &words, probe: false };
    let _ = go::env::evaluate(&query);
    let _ = go::view(machine, &env, Some("/home/ann/w"), None);
}

fn env_file(bytes: &[u8]) -> Result<(), String> {
    let file = EnvFile::parse("/home/ann/.config/go/env", bytes);
    let pairs = file.assignments.iter().map(|a| (a.key.clone(), a.value.as_bytes().to_vec()));
    same("assignments", &pairs.collect::<Vec<_>>(), &reference::env_file(bytes))?;
    make_all_of(&machine().file("/home/ann/.config/go/env", bytes));
    Ok(())
}

fn go_mod(bytes: &[u8]) -> Result<(), String> {
    for name in ["go.mod", "go.work"] {
        let machine = machine().file(&format!("/home/ann/w/{name}"), bytes);
        let asks = go::project::asks(&machine, "/home/ann/w").ok_or("the file was not found")?;
        for (key, asked) in [("go", &asks.go), ("toolchain", &asks.toolchain)] {
            let text = |value: Vec<u8>| value.escape_ascii().to_string();
            let read = asked.as_ref().map(|asked| text(asked.bytes()));
            same(key, &read, &reference::go_mod(bytes, key).map(text))?;
        }
        make_all_of(&machine);
    }
    Ok(())
}

fn version(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    for word in [text.as_ref(), text.lines().next().unwrap_or_default()] {
        if let Some(version) = go::Version::parse(word) {
            same(
                "a version that is shown and read again",
                &go::Version::parse(&version.to_string()),
                &Some(version),
            )?;
        }
        let _ = go::Version::from_toolchain(word);
    }
    make_all_of(&machine().file("/sdk/VERSION", bytes));
    Ok(())
}

/// Bytes of a program: its front, what is around its build information, and its end. The lengths of the pieces come
/// first, so that they are mutated, too.
fn build_info(bytes: &[u8]) -> Result<(), String> {
    let Some((head, mut rest)) = bytes.split_at_checked(PIECES * 16) else { return Ok(()) };
    let mut parts = Vec::new();
    for piece in head.chunks_exact(16) {
        let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).unwrap_or_default();
        let (at, len) = (number(&piece[..8]), usize::try_from(number(&piece[8..])).unwrap_or_default());
        let (part, behind) = rest.split_at(len.min(rest.len()));
        rest = behind;
        parts.push((at % LARGEST, part.to_vec()));
    }
    parts.sort();
    let entry = Entry::partial(LARGEST, parts).mode(0o755);
    let machine = machine().entry("/sdk/bin/go", entry);
    let _ = go::binary::read(&machine, "/sdk/bin/go");
    make_all_of(&machine);
    Ok(())
}

const PIECES: usize = 3;
/// Longer than any go command of the SDKs. Bytes.
const LARGEST: u64 = 64 << 20;
/// Bytes of each piece of a program.
const PIECE: usize = 16 << 10;

/// Pieces of programs that are here: go commands of the SDKs in our cache and that of PATH.
fn program_seeds() -> Vec<Vec<u8>> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).map(|folder| folder.join("go")).find(|file| file.is_file());
    let sdks = std::fs::read_dir(crate::root::cache().join("sdks")).into_iter().flatten();
    let files: Vec<PathBuf> = sdks.flatten().map(|sdk| sdk.path().join("bin/go")).chain(on_path).collect();
    let mut seeds: Vec<Vec<u8>> = files.iter().filter_map(|file| pieces(file)).collect();
    seeds.push(vec![0; PIECES * 16]);
    seeds
}

fn pieces(file: &Path) -> Option<Vec<u8>> {
    let bytes = std::fs::read(file).ok()?;
    const MAGIC: &[u8] = b"\xff Go buildinf:";
    let magic = bytes.chunks_exact(16).position(|chunk| chunk.starts_with(MAGIC)).unwrap_or_default() * 16;
    let end = bytes.len().saturating_sub(PIECE);
    let mut seed = Vec::new();
    let mut behind = Vec::new();
    for at in [0, magic, end] {
        let piece = &bytes[at..(at + PIECE).min(bytes.len())];
        seed.extend_from_slice(&(at as u64).to_le_bytes());
        seed.extend_from_slice(&(piece.len() as u64).to_le_bytes());
        behind.extend_from_slice(piece);
    }
    seed.extend(behind);
    Some(seed)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, read: &T, wanted: &T) -> Result<(), String> {
    if read == wanted { Ok(()) } else { Err(format!("{what}: read {read:?}, go reads {wanted:?}")) }
}
