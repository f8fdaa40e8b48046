//! A machine in a folder: what `--machine DIR` reads, recorded or written by hand.
//!
//! ```text
//! DIR/machine.toml      os, arch, host, user, cwd, now, [environment], [files]
//! DIR/root/             its files: root/etc/environment; on Windows root/C/Users/ann, root/UNC/server/share
//! DIR/proc/4711.toml    a process; DIR/proc/4711.environ: its environment as Linux keeps it (NUL after each)
//! DIR/runs/bash+login   what a run gave; `:` in its key is `+` in the file name; an extension is ignored
//! DIR/runs/base.json    what its shells started from, where that was not `login`
//! DIR/registry.toml     keys of a Windows registry
//! DIR/environ           [environment], as Linux keeps it
//! ```
//!
//! All but `machine.toml` may be absent, and in it all but `os`:
//!
//! ```toml
//! os = "linux"                      # linux, macos, windows
//! arch = "amd64"
//! host = "laptop"
//! cwd = "/home/ann/shop"            # default: the home
//! now = 2026-03-01T10:00:00Z
//! user = { name = "ann", uid = 1000, gid = 1000, home = "/home/ann", shell = "/bin/bash" }
//!
//! [environment]
//! PATH = "/usr/bin:/bin"
//!
//! [files]                           # what root/ cannot hold, or is shorter said here
//! "/bin" = { link = "usr/bin" }
//! "/etc/hostname" = { text = "laptop\n" }
//! "/etc/sudoers" = { mode = 0o440, uid = 0, gid = 0 }
//! "/usr/bin/bash" = { mode = 0o755, size = 1265648 }
//! "/proc/1/environ" = { unreadable = "denied" }
//! ```
//!
//! A character of a file name that some file system refuses may be written `%` and two hexadecimal digits, and
//! `%` itself must be. Run bits and symlinks that stand in `root/` count; `[files]` goes before them.
//!
//! Not here: writing such a folder (`record`), and the meaning of what a run gave.

mod clock;
mod draft;
mod file_name;
mod toml_text;

pub use draft::{Draft, Fault};

pub use clock::to_rfc3339;
pub(crate) use file_name::{path_to_file_name, run_key_to_file_name};

use crate::memory::{Entry, MemorySystem};
use std::fs;
use std::path::{Path, PathBuf};

/// What is wrong with a machine's folder: file, line, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {fault}", place(.file, .fault.line))]
pub struct MachineError {
    pub file: PathBuf,
    pub fault: Fault,
}

fn place(file: &Path, line: Option<usize>) -> String {
    line.map_or_else(|| file.display().to_string(), |line| format!("{}:{line}", file.display()))
}

/// Reads a machine. Nothing in it is ever executed.
pub fn read(dir: &Path) -> Result<MemorySystem, MachineError> {
    let machine = dir.join("machine.toml");
    let text = read_text(&machine, "a machine's folder holds at least this file with `os = \"linux\"`")?;
    let mut draft = Draft::new(&text).map_err(at(&machine))?;
    let root = dir.join("root");
    read_tree(&root, &mut Vec::new(), &mut draft)?;
    read_processes(&dir.join("proc"), &mut draft)?;
    for (path, stem) in files_in(&dir.join("runs"))? {
        draft.run(file_name::decode_run_key(&stem), read_bytes(&path)?);
    }
    let registry = dir.join("registry.toml");
    if registry.exists() {
        draft.registry(&read_text(&registry, READABLE)?).map_err(at(&registry))?;
    }
    let environ = dir.join("environ");
    if environ.exists() {
        draft.environment(&read_bytes(&environ)?);
    }
    draft.build().map_err(at(&machine))
}

const READABLE: &str = "make it readable for you";

fn at(file: &Path) -> impl FnOnce(Fault) -> MachineError {
    let file = file.to_owned();
    move |fault| MachineError { file, fault }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, MachineError> {
    fs::read(path).map_err(|e| at(path)(Fault::new(format!("cannot be read ({e}) – {READABLE}"))))
}

fn read_text(path: &Path, remedy: &str) -> Result<String, MachineError> {
    fs::read_to_string(path).map_err(|e| at(path)(Fault::new(format!("cannot be read ({e}) – {remedy}"))))
}

/// Files of a folder with their names less the extension, sorted; none if there is no folder.
fn files_in(folder: &Path) -> Result<Vec<(PathBuf, String)>, MachineError> {
    let mut found = Vec::new();
    for name in names_in(folder)? {
        let path = folder.join(&name);
        if path.is_file() && !name.starts_with('.') {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
            found.push((path, stem));
        }
    }
    Ok(found)
}

fn names_in(folder: &Path) -> Result<Vec<String>, MachineError> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(at(folder)(Fault::new(format!("cannot be listed ({e}) – {READABLE}")))),
    };
    let mut names = Vec::new();
    for entry in listing {
        let entry =
            entry.map_err(|e| at(folder)(Fault::new(format!("cannot be listed ({e}) – {READABLE}"))))?;
        let name = entry.file_name().into_string().map_err(|name| {
            let what = "has a name that is not UTF-8 – write such bytes as `%` and two hexadecimal digits";
            at(&folder.join(name))(Fault::new(what))
        })?;
        names.push(name);
    }
    names.sort();
    Ok(names)
}

fn read_tree(folder: &Path, inside: &mut Vec<String>, draft: &mut Draft) -> Result<(), MachineError> {
    for name in names_in(folder)? {
        let path = folder.join(&name);
        let meta = fs::symlink_metadata(&path)
            .map_err(|e| at(&path)(Fault::new(format!("cannot be looked at ({e}) – {READABLE}"))))?;
        inside.push(name);
        let there = file_name::file_name_to_path(draft.os(), inside);
        if meta.is_symlink() {
            let target = fs::read_link(&path)
                .map_err(|e| at(&path)(Fault::new(format!("cannot be read ({e}) – {READABLE}"))))?;
            draft.file(&there, Entry::link(target.to_string_lossy()));
        } else if meta.is_dir() {
            if let Some(there) = Some(there).filter(|t| !t.is_empty()) {
                draft.file(&there, Entry::folder());
            }
            read_tree(&path, inside, draft)?;
        } else {
            let entry = Entry::file(read_bytes(&path)?);
            draft.file(&there, if has_run_bit(&meta) { entry.mode(0o755) } else { entry });
        }
        inside.pop();
    }
    Ok(())
}

#[cfg(unix)]
fn has_run_bit(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn has_run_bit(_meta: &fs::Metadata) -> bool {
    false
}

fn read_processes(folder: &Path, draft: &mut Draft) -> Result<(), MachineError> {
    let files = files_in(folder)?;
    let (descriptions, rest): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| path.extension().is_some_and(|e| e == "toml"));
    let pid = |path: &Path, stem: &str| {
        stem.parse::<u32>().map_err(|_| {
            let what = "is not named after a process – name it `PID.toml` or `PID.environ`";
            at(path)(Fault::new(what))
        })
    };
    for (path, stem) in descriptions {
        let text = read_text(&path, READABLE)?;
        draft.process(pid(&path, &stem)?, &text).map_err(at(&path))?;
    }
    for (path, stem) in rest {
        let bytes = read_bytes(&path)?;
        draft.process_environment(pid(&path, &stem)?, &bytes).map_err(at(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
