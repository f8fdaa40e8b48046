//! Which machine is looked at, and what of it the views look up.
//!
//! The real one, the real one on which nothing is run, or one in a folder. Not here: what is asked of it.

use crate::arguments::{Common, Trust};
use crate::failure::Failure;
use crate::terminal;
use model::{Name, Place, Value};
use spaces::Base;
use spaces::vscode::Open;
use std::path::Path;
use system::os::Real;
use system::store::Store;
use system::{Limits, Os, ReadError, Still, System};

/// Under this name a recording keeps what its shells started from, beside the runs that it gave.
pub(crate) const RECORDED_BASE: &str = "base";

/// The machine, our store on it, and the project.
pub(crate) struct Machine {
    pub(crate) system: Box<dyn System>,
    /// Where probes are kept; none for a machine in a folder.
    pub(crate) store: Option<Store>,
    /// The folder in which a command would be run: the current one, or that of `-C`.
    pub(crate) folder: String,
    pub(crate) base: Base,
    pub(crate) limits: Limits,
    /// What an editor has open.
    pub(crate) open: Open,
}

impl Machine {
    pub(crate) fn open(common: &Common) -> Result<Self, Failure> {
        let (system, store): (Box<dyn System>, Option<Store>) = match &common.machine {
            Some(folder) => {
                let machine =
                    system::machine_dir::read(folder).map_err(|error| Failure::usage(error.to_string()))?;
                (Box::new(machine), None)
            }
            None => {
                let real = Real::new();
                let store = store(&real);
                // A start-up file may start this very program: it would call itself for ever.
                let run = !common.no_run && real.can_run();
                if !run && !common.no_run {
                    terminal::talk(
                        "gowhence: called from a shell that gowhence itself is starting – nothing is run",
                    );
                }
                (Box::new(if run { real } else { real.without_runs() }), store)
            }
        };
        let folder = folder(system.as_ref(), common.directory.as_deref())?;
        Ok(Self {
            open: open(common, &folder)?,
            folder,
            base: base(common.base.as_deref(), system.as_ref())?,
            limits: limits(common),
            system,
            store,
        })
    }

    /// The project's folder: where `go.work` or `go.mod` is, from here upwards, else the folder itself.
    pub(crate) fn project(&self) -> String {
        project(self.system.as_ref(), &self.folder)
    }
}

/// Our cache on this machine.
pub(crate) fn store(system: &dyn System) -> Option<Store> {
    let environment = system.environment();
    let find = |name: &str| {
        let (_, value) = environment.iter().find(|(n, _)| n.is(name))?;
        value.as_str().map(str::to_owned)
    };
    let home = find("HOME").unwrap_or_else(|| system.user().home);
    Store::cache(system.os(), find, &home)
}

/// The current folder, or that of `-C`.
fn folder(system: &dyn System, directory: Option<&Path>) -> Result<String, Failure> {
    let here = system.current_dir().unwrap_or_else(|_| "/".to_owned());
    let Some(path) = directory else { return Ok(here) };
    let path = path.to_str().ok_or_else(|| Failure::usage("-C: the folder's name is not UTF-8"))?;
    let drive = system.os() == Os::Windows && (path.starts_with('\\') || path.get(1..2) == Some(":"));
    let absolute = if path.starts_with('/') || drive { path.to_owned() } else { format!("{here}/{path}") };
    if !system.is_folder(&absolute) {
        return Err(Failure::usage(format!("-C: `{path}` is no folder")));
    }
    Ok(system.canonicalize(&absolute).unwrap_or(absolute))
}

/// `--workspace` and `--workspace-trust`.
fn open(common: &Common, folder: &str) -> Result<Open, Failure> {
    let trusted = match common.workspace_trust {
        Trust::Yes => Some(true),
        Trust::No => Some(false),
        Trust::Stored => None,
    };
    let Some(path) = &common.workspace else { return Ok(Open { workspace: None, trusted }) };
    let path = path.to_str().ok_or_else(|| Failure::usage("--workspace: the name is not UTF-8"))?;
    let path = path.trim_end_matches('/');
    let workspace = if path.starts_with('/') { path.to_owned() } else { format!("{folder}/{path}") };
    Ok(Open { workspace: Some(workspace), trusted })
}

/// cmd/go: modload.findWorkspaceFile, findModuleRoot.
fn project(system: &dyn System, folder: &str) -> String {
    let mut at = folder;
    loop {
        let joined = |file: &str| format!("{}/{file}", at.trim_end_matches('/'));
        if system.exists(&joined("go.work")) || system.exists(&joined("go.mod")) {
            return at.to_owned();
        }
        let separators: &[char] = if system.os() == Os::Windows { &['/', '\\'] } else { &['/'] };
        match at.rsplit_once(separators) {
            Some((up, _)) if !up.is_empty() => at = up,
            _ => return folder.to_owned(),
        }
    }
}

fn limits(common: &Common) -> Limits {
    let usual = Limits::default();
    let Some(timeout) = common.timeout else { return usual };
    let ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
    Limits { wall_ms: ms, cpu_ms: usual.cpu_ms.max(ms), idle_ms: usual.idle_ms.min(ms), ..usual }
}

/// `--base`: a file if there is one of that name, else a space. The file is this machine's, also with `--machine`.
/// Without the option, what a recording was made with.
fn base(text: Option<&str>, system: &dyn System) -> Result<Base, Failure> {
    match text {
        None => {
            let recorded = system.recorded_run(RECORDED_BASE);
            Ok(recorded.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(Base::Login))
        }
        Some("login") => Ok(Base::Login),
        Some("here") => Ok(Base::Here),
        Some(text) => match Real::new().read(text) {
            Ok(bytes) => Ok(Base::Block { source: text.to_owned(), variables: block(&bytes) }),
            Err(ReadError::NotFound) if !text.starts_with(['.', '/']) => {
                let id =
                    text.parse().map_err(|e: model::SpaceIdError| Failure::usage(format!("--base: {e}")))?;
                Ok(Base::Space(id))
            }
            Err(error) => Err(Failure::usage(format!("--base: `{text}` {error}"))),
        },
    }
}

/// `NAME=value` with NUL after each, as `env -0` and `/proc/PID/environ` have it.
fn block(bytes: &[u8]) -> Vec<(Name, Value)> {
    bytes
        .split(|&b| b == 0)
        .filter_map(|pair| {
            let at = pair.iter().position(|&b| b == b'=')?;
            Some((Name::from(&pair[..at]), Value::from(&pair[at + 1..])))
        })
        .collect()
}

/// What the views look up: folders and lines of files, each once.
pub(crate) struct Lookups<'a> {
    system: Still<'a>,
}

impl<'a> Lookups<'a> {
    pub(crate) fn new(system: &'a dyn System) -> Self {
        Self { system: Still::new(system) }
    }

    pub(crate) fn exists(&self, path: &str) -> Option<bool> {
        match self.system.metadata(path) {
            Ok(_) => Some(true),
            Err(ReadError::NotFound) => Some(false),
            Err(_) => None,
        }
    }

    pub(crate) fn line(&self, place: &Place) -> Option<String> {
        let bytes = self.system.read(&place.path).ok()?;
        let number = usize::try_from(place.line).ok()?.checked_sub(1)?;
        let line = bytes.split(|&b| b == b'\n').nth(number)?;
        Some(String::from_utf8_lossy(line).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_what_env_0_writes() {
        let read = block(b"A=1\0B=x=y\nz\0\0NOTHING\0C=\0");
        let names: Vec<String> = read.iter().map(|(n, v)| format!("{n}:{}", v.to_text())).collect();
        assert_eq!(names, ["A:1", "B:x=y\nz", "C:"]);
    }
}
