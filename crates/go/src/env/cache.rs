//! GOCACHE, and the build cache as far as it can refuse to work (go: src/cmd/go/internal/cache/default.go).
//!
//! Deliberately not here: what is in the cache.

use super::errors::{Trouble, is_bad_name};
use super::fatal::{Refusal, refuse, unknown};
use super::go::{Found, Go};
use super::words;
use crate::{file_path, text};
use model::{Origin, SettingSource};
use system::{FileKind, Os, ReadError};

/// `cache.DefaultDir`.
pub(super) struct Folder {
    pub(super) value: Found,
    pub(super) changed: bool,
    /// Why it is `off`, in go's words; `None` where it was switched off by that word.
    error: Option<String>,
}

const RULE: &str = "go: src/cmd/go/internal/cache/default.go DefaultDir";

pub(super) fn folder(go: &Go<'_>) -> Folder {
    let default = match default_folder(go) {
        Ok(folder) => (go.join(&folder, "go-build"), None),
        Err(text) => ("off".to_owned(), Some(format!("GOCACHE is not defined and {text}"))),
    };
    let found = |text: &str, source, origin| Found { text: text.to_owned(), source, origin };
    let Some(set) = go.get("GOCACHE") else {
        let rule = if default.1.is_some() {
            "off: the user's cache folder cannot be told"
        } else {
            "os.UserCacheDir, go-build"
        };
        let value = found(&default.0, SettingSource::Default, Origin::rule(rule, RULE));
        // 1.23 and 1.24 call it changed where it cannot be told.
        let changed = default.1.is_some() && go.since(23) && !go.since(25);
        return Folder { value, changed, error: default.1 };
    };
    let changed = !go.since(25) || set.text != default.0;
    // 1.11 prints what is set, whatever it is.
    if go.is_absolute(&set.text) || set.text == "off" || !go.since(12) {
        return Folder { value: set, changed, error: None };
    }
    let value = found("off", set.source, set.origin);
    Folder { value, changed, error: Some("GOCACHE is not an absolute path".to_owned()) }
}

fn default_folder(go: &Go<'_>) -> Result<String, String> {
    // 1.11 fell back to the folder of Windows XP.
    if go.os == Os::Windows && !go.since(12) {
        let set = go.os_env("LocalAppData").or_else(|| go.os_env("AppData"));
        return set.map(|found| found.text).ok_or_else(String::new);
    }
    go.user_cache_dir()
}

/// `cache.Default`: makes the folders. Nothing is made here; what would be in the way is looked for.
pub(super) fn open(go: &Go<'_>) -> Result<(), Refusal> {
    let Folder { value, error, .. } = folder(go);
    if value.text == "off" {
        let text = match error {
            Some(error) => format!("build cache is required, but could not be located: {error}"),
            None => "build cache is disabled by GOCACHE=off, but required as of Go 1.12".to_owned(),
        };
        return Err(refuse(1, text).because(Some(value.origin)));
    }
    if let Some(reason) = cannot_make(go, &value.text) {
        let text = format!("failed to initialize build cache at {}: {reason}", value.text);
        return Err(refuse(1, text).because(Some(value.origin)));
    }
    if go.since(24) { program(go) } else { Ok(()) }
}

/// `os.MkdirAll`: why the folder cannot be made, in its words.
pub(super) fn cannot_make(go: &Go<'_>, folder: &str) -> Option<String> {
    let mut path = folder.to_owned();
    let mut missing = None;
    let refused = |path: &str, trouble: Trouble| format!("mkdir {path}: {}", trouble.text(go.os));
    loop {
        match go.system.metadata(&go.seen(&path)) {
            Ok(data) if data.kind == FileKind::Folder => {
                let missing: String = missing?;
                if go.os == Os::Windows && is_bad_name(&missing) {
                    return Some(refused(&missing, Trouble::BadName));
                }
                let user = go.system.user_id();
                let may = user == 0
                    || if data.uid == user { data.mode & 0o200 != 0 } else { data.mode & 0o022 != 0 };
                return (!may).then(|| refused(&missing, Trouble::Denied));
            }
            // Windows has no error of its own for that (go: src/syscall/zerrors_windows.go `ENOTDIR`).
            Ok(_) if go.os == Os::Windows => return Some(refused(&path, Trouble::NoWay)),
            Ok(_) => return Some(refused(&path, Trouble::NotFolder)),
            Err(ReadError::Denied) => return Some(refused(&path, Trouble::Denied)),
            Err(_) => {}
        }
        let Some(parent) = parent_as_written(go.os, &path) else {
            // No such drive, or no such share.
            let there = |missing: &String| go.os == Os::Windows && go.is_absolute(missing);
            return missing.filter(there).map(|missing| refused(&missing, Trouble::NoWay));
        };
        missing = Some(path);
        path = parent;
    }
}

/// The path without its last part, as `os.MkdirAll` cuts it.
fn parent_as_written(os: Os, path: &str) -> Option<String> {
    let is_separator = |c: char| c == '/' || (os == Os::Windows && c == '\\');
    let trimmed = path.trim_end_matches(is_separator);
    let cut = trimmed.rfind(is_separator)?;
    let parent = trimmed[..cut].trim_end_matches(is_separator);
    if parent.is_empty() || file_path::clean(os, parent) == file_path::clean(os, path) {
        return (!trimmed.is_empty()).then(|| "/".to_owned()).filter(|root| root != path);
    }
    Some(parent.to_owned())
}

/// GOCACHEPROG is started together with the cache.
fn program(go: &Go<'_>) -> Result<(), Refusal> {
    let Some(found) = go.get("GOCACHEPROG") else { return Ok(()) };
    let origin = Some(found.origin);
    let words = match words::split(&found.text) {
        Ok(words) => words,
        Err(error) => return Err(refuse(1, format!("GOCACHEPROG args: {error}")).because(origin)),
    };
    let program = words.first().cloned().unwrap_or_default();
    let refused = |reason: String| {
        let quoted = text::quote(&program);
        refuse(1, format!("error starting GOCACHEPROG program {quoted}: {reason}")).because(origin.clone())
    };
    if program.is_empty() {
        return Err(refused("exec: no command".to_owned()));
    }
    if super::look_path::look_path(go, &program).is_ok() {
        return Err(unknown(format!(
            "go starts the program of GOCACHEPROG (`{program}`) and does as it says"
        ))
        .because(origin));
    }
    let has_separator = program.contains('/') || (go.os == Os::Windows && program.contains('\\'));
    if !has_separator || go.os == Os::Windows {
        let list = if go.os == Os::Windows { "%PATH%" } else { "$PATH" };
        let quoted = text::quote(&program);
        return Err(refused(format!("exec: {quoted}: executable file not found in {list}")));
    }
    let reason = match go.system.metadata(&go.seen(&program)) {
        Err(ReadError::NotFound) => "no such file or directory",
        Err(ReadError::Other(_)) => "not a directory",
        _ => "permission denied",
    };
    Err(refused(format!("fork/exec {program}: {reason}")))
}
