//! A whole fake machine of any OS on any OS: [`MemorySystem`].
//!
//! Tests build one line by line, `machine_dir` builds one from a folder. It answers by the path rules,
//! permissions and case rule of its own OS, never by those of the machine that the program runs on.
//!
//! Deliberately not here: running anything. A run's result is there if it was recorded, else not at all.

mod disk;
mod path;
mod registry;
mod tree;

pub use disk::{Fault, MemoryDisk};
pub use tree::Entry;

pub(crate) use path::render as render_path;
pub(crate) use tree::{Content, default_owner, mode_allows};

use crate::{Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};
use model::{CaseRule, Name, Value};
use registry::Registry;
use std::collections::BTreeMap;
use tree::{Tree, Viewer};

/// 2026-01-01T00:00:00Z: what the clock shows, and the age of every file, unless the machine says otherwise.
const DEFAULT_NOW_MS: i64 = 1_767_225_600_000;

/// The environment block of a process, or why it may not be had.
pub(crate) type ProcessEnvironment = Result<Vec<(Name, Value)>, ReadError>;

/// A fake machine.
///
/// ```
/// use system::{System, memory::MemorySystem};
/// let machine = MemorySystem::linux()
///     .file("/etc/environment", "PATH=\"/usr/bin\"\n")
///     .link("/usr/local/go", "/opt/go1.26")
///     .executable("/opt/go1.26/bin/go")
///     .env("PATH", "/usr/local/go/bin:/usr/bin");
/// assert!(machine.is_executable("/usr/local/go/bin/go"));
/// ```
#[derive(Clone, Debug)]
pub struct MemorySystem {
    os: Os,
    arch: String,
    user: User,
    host_name: String,
    pid: u32,
    cwd: Option<String>,
    now_ms: i64,
    environment: Vec<(Name, Value)>,
    tree: Tree,
    processes: BTreeMap<u32, (Process, ProcessEnvironment)>,
    registry: Registry,
    runs: BTreeMap<String, Vec<u8>>,
}

impl MemorySystem {
    /// A Linux of the user `ann` (1000) in `/home/ann`, with bash, and nothing else.
    pub fn linux() -> Self {
        let user = user("ann", 1000, 1000, "/home/ann", "/bin/bash");
        Self::new(Os::Linux, user)
    }

    /// A macOS of the user `ann` (501) in `/Users/ann`, with zsh, and nothing else.
    pub fn macos() -> Self {
        Self::new(Os::Macos, user("ann", 501, 20, "/Users/ann", "/bin/zsh"))
    }

    /// A Windows of the user `ann` in `C:\Users\ann`, and nothing else.
    pub fn windows() -> Self {
        Self::new(Os::Windows, user("ann", 0, 0, r"C:\Users\ann", r"C:\Windows\System32\cmd.exe"))
    }

    pub fn new(os: Os, user: User) -> Self {
        let machine = Self {
            os,
            arch: "amd64".to_owned(),
            user: user.clone(),
            host_name: "machine".to_owned(),
            pid: 1,
            cwd: None,
            now_ms: DEFAULT_NOW_MS,
            environment: Vec::new(),
            tree: Tree::new(os),
            processes: BTreeMap::new(),
            registry: Registry::default(),
            runs: BTreeMap::new(),
        };
        // Programs count on a folder for temporary files; without, `go env` refuses to work.
        let machine = if os == Os::Windows { machine } else { machine.folder("/tmp") };
        machine.as_user(user)
    }

    #[must_use]
    pub fn goarch(mut self, goarch: impl Into<String>) -> Self {
        self.arch = goarch.into();
        self
    }

    /// Whose machine it is; the home folder is made.
    #[must_use]
    pub fn as_user(mut self, user: User) -> Self {
        self.tree.remove_empty(&self.user.home);
        self.user = user;
        let home = self.user.home.clone();
        self.entry(&home, Entry::folder())
    }

    /// The user's login shell.
    #[must_use]
    pub fn shell(mut self, path: impl Into<String>) -> Self {
        self.user.shell = path.into();
        self
    }

    #[must_use]
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.host_name = name.into();
        self
    }

    /// The process that asks.
    #[must_use]
    pub fn own_pid(mut self, pid: u32) -> Self {
        self.pid = pid;
        self
    }

    /// The current folder (the home by default); it is made.
    #[must_use]
    pub fn cwd(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.cwd = Some(path.clone());
        self.entry(&path, Entry::folder())
    }

    #[must_use]
    pub fn now(mut self, ms: i64) -> Self {
        self.now_ms = ms;
        self
    }

    /// A variable of the environment of the process that asks.
    #[must_use]
    pub fn env(mut self, name: impl Into<Name>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        let case = if self.os == Os::Windows { CaseRule::Insensitive } else { CaseRule::Sensitive };
        match self.environment.iter_mut().find(|(n, _)| n.key(case) == name.key(case)) {
            Some(found) => found.1 = value,
            None => self.environment.push((name, value)),
        }
        self
    }

    /// The environment block as it is, duplicates and order kept.
    #[must_use]
    pub fn environment_block(mut self, block: Vec<(Name, Value)>) -> Self {
        self.environment = block;
        self
    }

    /// A file (0644); folders above it are implied.
    #[must_use]
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.entry(path, Entry::file(bytes))
    }

    #[must_use]
    pub fn folder(self, path: &str) -> Self {
        self.entry(path, Entry::folder())
    }

    /// A symlink; what it leads to need not exist.
    #[must_use]
    pub fn link(self, path: &str, target: impl Into<String>) -> Self {
        self.entry(path, Entry::link(target))
    }

    /// A program without content (0755).
    #[must_use]
    pub fn executable(self, path: &str) -> Self {
        self.entry(path, Entry::file("").mode(0o755))
    }

    /// A program with this text (0755).
    #[must_use]
    pub fn script(self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.entry(path, Entry::file(text).mode(0o755))
    }

    /// Anything else that stands at a path.
    #[must_use]
    pub fn entry(mut self, path: &str, entry: Entry) -> Self {
        let cwd = self.cwd.clone().unwrap_or_else(|| self.user.home.clone());
        self.tree.insert(&cwd, path, entry);
        self
    }

    /// A running process and its environment.
    #[must_use]
    pub fn process(self, process: Process, environment: Vec<(Name, Value)>) -> Self {
        self.process_with(process, Ok(environment))
    }

    /// A running process whose environment may not be had.
    #[must_use]
    pub fn process_with(
        mut self,
        process: Process,
        environment: Result<Vec<(Name, Value)>, ReadError>,
    ) -> Self {
        self.processes.insert(process.pid, (process, environment));
        self
    }

    /// A text value of the registry (`REG_SZ`, `REG_EXPAND_SZ`).
    #[must_use]
    pub fn registry(mut self, key: &str, name: &str, value_type: &str, data: impl Into<Value>) -> Self {
        let (name, value_type) = (name.to_owned(), value_type.to_owned());
        self.registry.set(key, RegistryValue { name, value_type, data: data.into() });
        self
    }

    /// A key of the registry that may hold no value.
    #[must_use]
    pub fn registry_key(mut self, key: &str) -> Self {
        self.registry.entry(key);
        self
    }

    /// What a run under this key gave when it was recorded.
    #[must_use]
    pub fn run_result(mut self, key: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.runs.insert(key.into(), bytes.into());
        self
    }

    /// Keys of the recorded runs, sorted.
    pub fn run_keys(&self) -> impl Iterator<Item = &str> {
        self.runs.keys().map(String::as_str)
    }

    fn folder_now(&self) -> &str {
        self.cwd.as_deref().unwrap_or(&self.user.home)
    }

    fn viewer(&self) -> Viewer<'_> {
        Viewer { user: &self.user, cwd: self.folder_now() }
    }
}

/// The parts of a path from the root on, a relative one against `cwd`.
pub(crate) fn path_parts(os: Os, path: &str, cwd: &str) -> Vec<String> {
    path::resolve(os, path, cwd).parts
}

/// Whether a path (of a symlink's target) is absolute, and its parts.
pub(crate) fn split_path(os: Os, path: &str) -> (bool, Vec<String>) {
    let split = path::split(os, path);
    (split.absolute, split.parts)
}

fn user(name: &str, uid: u32, gid: u32, home: &str, shell: &str) -> User {
    User { name: name.to_owned(), uid, gid, home: home.to_owned(), shell: shell.to_owned() }
}

impl System for MemorySystem {
    fn os(&self) -> Os {
        self.os
    }

    fn arch(&self) -> String {
        self.arch.clone()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.tree.read(self.viewer(), path)
    }

    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        self.tree.read_at(self.viewer(), path, offset, len)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        let found = self.tree.walk(self.viewer(), path, true)?;
        Ok(self.tree.metadata(self.viewer(), &found, DEFAULT_NOW_MS))
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        let found = self.tree.walk(self.viewer(), path, false)?;
        Ok(self.tree.metadata(self.viewer(), &found, DEFAULT_NOW_MS))
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        match &self.tree.walk(self.viewer(), path, false)?.entry.content {
            Content::Link(target) => Ok(target.clone()),
            _ => Err(ReadError::Other("is not a symlink".to_owned())),
        }
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        Ok(path::render(self.os, &self.tree.walk(self.viewer(), path, true)?.parts))
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        self.tree.list(self.viewer(), path)
    }

    fn is_executable(&self, path: &str) -> bool {
        self.tree.walk(self.viewer(), path, true).is_ok_and(|found| {
            let file = matches!(found.entry.content, Content::File(_) | Content::Partial(..));
            file && self.tree.allows(self.viewer(), &found.parts, found.entry, 1)
        })
    }

    fn environment(&self) -> Vec<(Name, Value)> {
        self.environment.clone()
    }

    fn current_dir(&self) -> Result<String, ReadError> {
        Ok(self.folder_now().to_owned())
    }

    fn user(&self) -> User {
        self.user.clone()
    }

    fn pid(&self) -> u32 {
        self.pid
    }

    fn host_name(&self) -> String {
        self.host_name.clone()
    }

    fn processes(&self) -> Vec<Process> {
        self.processes.values().map(|(process, _)| process.clone()).collect()
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        self.processes.get(&pid).map_or(Err(ReadError::NotFound), |(_, environment)| environment.clone())
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        self.registry.values(key)
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        self.registry.subkeys(key)
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn can_run(&self) -> bool {
        false
    }

    fn run(&self, _spec: &RunSpec) -> RunOutcome {
        RunOutcome::not_started("nothing is run on a recorded machine")
    }

    fn recorded_run(&self, key: &str) -> Option<Vec<u8>> {
        self.runs.get(key).cloned()
    }
}

#[cfg(test)]
mod tests;
