//! `exec.LookPath`: where the go command finds gcc, gccgo and toolchains (go: src/os/exec/lp_unix.go, lp_windows.go,
//! src/internal/execabs).
//!
//! Deliberately not here: what shells find, which is another rule (`lookup`).

use super::go::Go;
use crate::file_path;
use model::Name;
use system::{FileKind, Os};

/// Nothing is found, or only through a relative entry of PATH, which go refuses to run but still names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotFound {
    /// The relative path that `LookPath` gives back beside its error, since 1.19.
    pub(super) relative: Option<String>,
}

pub(super) fn look_path(go: &Go<'_>, file: &str) -> Result<String, NotFound> {
    if go.os == Os::Windows { windows(go, file) } else { unix(go, file) }
}

const NOT_FOUND: NotFound = NotFound { relative: None };

fn unix(go: &Go<'_>, file: &str) -> Result<String, NotFound> {
    if file.is_empty() {
        return Err(NOT_FOUND);
    }
    if file.contains('/') {
        return if is_executable(go, file) { Ok(file.to_owned()) } else { Err(NOT_FOUND) };
    }
    for folder in go.split_list(&go.os_text("PATH")) {
        let folder = if folder.is_empty() { "." } else { folder.as_str() };
        let path = go.join(folder, file);
        if !is_executable(go, &path) {
            continue;
        }
        return match go.is_absolute(&path) || allows_relative(go) {
            true => Ok(path),
            // 1.14 to 1.18 used a package that forgot the path (internal/execabs); 1.11 to 1.13 took it.
            false if go.since(19) => Err(NotFound { relative: Some(path) }),
            false if go.since(14) => Err(NOT_FOUND),
            false => Ok(path),
        };
    }
    Err(NOT_FOUND)
}

/// `GODEBUG=execerrdot=0`, since 1.19.
fn allows_relative(go: &Go<'_>) -> bool {
    go.since(19) && debug_setting(&go.os_text("GODEBUG"), "execerrdot").as_deref() == Some("0")
}

/// The last setting of a name in GODEBUG (go: src/internal/godebug/godebug.go).
fn debug_setting(text: &str, name: &str) -> Option<String> {
    text.split(',').rev().find_map(|word| {
        let (key, value) = word.split_once('=')?;
        // A suffix `#N` limits a setting to some places (go: internal/bisect).
        (key == name).then(|| value.split('#').next().unwrap_or_default().to_owned())
    })
}

/// Unix: not a folder, and executable for this user; up to 1.19 for anybody.
fn is_executable(go: &Go<'_>, path: &str) -> bool {
    let path = go.seen(path);
    match go.system.metadata(&path) {
        Ok(data) if data.kind == FileKind::Folder => false,
        Ok(data) if !go.since(20) => data.mode & 0o111 != 0,
        Ok(_) => go.system.is_executable(&path),
        Err(_) => false,
    }
}

fn windows(go: &Go<'_>, file: &str) -> Result<String, NotFound> {
    let endings = endings(go);
    if file.contains([':', '\\', '/']) {
        return with_ending(go, file, &endings).ok_or(NOT_FOUND);
    }
    let skips_folder = go.env.value_is_set("NoDefaultCurrentDirectoryInExePath");
    let mut dot = if skips_folder { None } else { with_ending(go, &go.join(".", file), &endings) };
    if dot.is_some() && allows_relative(go) {
        return dot.ok_or(NOT_FOUND);
    }
    for folder in go.split_list(&go.os_text("PATH")).into_iter().filter(|f| !f.is_empty()) {
        let Some(path) = with_ending(go, &go.join(&folder, file), &endings) else { continue };
        let same = |a: &str| {
            let real = |path: &str| go.system.canonicalize(&go.seen(path)).ok();
            real(a).is_some_and(|a| real(&path) == Some(a))
        };
        if dot.as_deref().is_some_and(|dot| !same(dot)) {
            return Err(NotFound { relative: dot });
        }
        if go.is_absolute(&path) {
            return Ok(path);
        }
        dot = dot.or(Some(path));
    }
    Err(NotFound { relative: dot })
}

/// PATHEXT.
fn endings(go: &Go<'_>) -> Vec<String> {
    let text =
        go.os_env("PATHEXT").map_or_else(|| ".com;.exe;.bat;.cmd".to_owned(), |f| f.text.to_lowercase());
    let dotted = |e: &str| if e.starts_with('.') { e.to_owned() } else { format!(".{e}") };
    text.split(';').filter(|e| !e.is_empty()).map(dotted).collect()
}

fn with_ending(go: &Go<'_>, path: &str, endings: &[String]) -> Option<String> {
    let is_there = |path: &str| go.system.metadata(&go.seen(path)).is_ok_and(|d| d.kind != FileKind::Folder);
    let has_ending = file_path::base(go.os, path).contains('.');
    if has_ending && is_there(path) {
        return Some(path.to_owned());
    }
    endings.iter().map(|e| format!("{path}{e}")).find(|path| is_there(path))
}

/// Whether a variable exists, be it empty.
trait IsSet {
    fn value_is_set(&self, name: &str) -> bool;
}

impl IsSet for model::Folded {
    fn value_is_set(&self, name: &str) -> bool {
        self.get(&Name::from(name)).is_some_and(|history| history.state.value().is_some())
    }
}
