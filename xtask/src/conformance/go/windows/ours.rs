//! The same Windows machine in memory, and what is told of it.

use super::super::ours::{Told, tell_of};
use super::RELEASES;
use super::machine::Machine;
use super::prefix::{Prefix, SDKS};
use crate::failure::{Doing as _, Done};
use model::{CaseRule, Confidence, Effect, Evidence, Folded, Layer, Name, Origin, Space, SpaceId};
use std::fs;
use std::path::Path;
use system::memory::{Entry, MemorySystem};

/// What is read of an SDK without running it.
const READ: &[&str] = &[
    "VERSION",
    "go.env",
    "bin",
    "pkg/tool",
    "lib/fips140",
    "src/internal/buildcfg",
    "src/internal/goexperiment",
    "src/internal/goversion",
    "src/internal/platform",
    "src/cmd/go/internal/cfg",
    "src/go/build",
];

/// Files above this size are programs of which only one is read.
const LARGE: u64 = 1 << 20;

/// A machine with the SDKs alone.
pub(super) fn base(prefix: &Prefix) -> Done<MemorySystem> {
    let mut machine = MemorySystem::windows().folder(r"C:\windows\system32");
    for release in RELEASES {
        machine = with_sdk(machine, prefix, release, &format!(r"{SDKS}\{release}"))?;
    }
    Ok(machine)
}

fn with_sdk(mut machine: MemorySystem, prefix: &Prefix, release: &str, root: &str) -> Done<MemorySystem> {
    for name in READ {
        let path = prefix.sdk(release).join(name);
        if path.exists() {
            machine = with(machine, &path, &format!(r"{root}\{}", name.replace('/', "\\")))?;
        }
    }
    Ok(machine)
}

/// A file or folder of this disk, and all below it.
fn with(mut machine: MemorySystem, path: &Path, own: &str) -> Done<MemorySystem> {
    let data = fs::metadata(path).doing(path.display())?;
    if data.is_dir() {
        machine = machine.folder(own);
        for entry in fs::read_dir(path).doing(path.display())? {
            let entry = entry?;
            machine =
                with(machine, &entry.path(), &format!(r"{own}\{}", entry.file_name().to_string_lossy()))?;
        }
        return Ok(machine);
    }
    let entry = if data.len() > LARGE && path.file_name().is_none_or(|name| name != "go.exe") {
        Entry::size(data.len())
    } else {
        Entry::file(fs::read(path).doing(path.display())?)
    };
    Ok(machine.entry(own, entry))
}

pub(super) fn lay_out(base: &MemorySystem, prefix: &Prefix, machine: &Machine) -> Done<MemorySystem> {
    with(base.clone(), &prefix.unix(&machine.folder), &machine.folder)
}

pub(super) fn tell(system: &MemorySystem, machine: &Machine, words: &[String]) -> Told {
    tell_of(system, &folded(&machine.env), &machine.cwd, words)
}

/// A block of Windows: of two spellings of a name the first one counts.
fn folded(env: &[(String, String)]) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    (space.case, space.path_separator) = (CaseRule::Insensitive, b';');
    let mut seen = Vec::new();
    let mut effects = Vec::new();
    for (name, value) in env {
        let key = Name::from(name.as_str()).key(CaseRule::Insensitive);
        if !seen.contains(&key) {
            seen.push(key);
            let origin = Origin::Process { pid: 1 };
            effects.push(Effect::set(name.as_str(), value.as_str(), origin, Confidence::Baseline));
        }
    }
    space.layers.push(Layer::applied("observed", "observed", effects));
    Folded::over(None, &space)
}
