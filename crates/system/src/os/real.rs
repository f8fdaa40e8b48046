//! [`Real`]: this machine.

use super::contents::Contents;
use super::files;
use crate::{Glimpse, Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};
use model::{Name, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

#[cfg(target_os = "linux")]
use super::linux as platform;
#[cfg(target_os = "macos")]
use super::macos as platform;
#[cfg(windows)]
use super::windows as platform;

/// How a run hands its environment over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// By this program, which answers to the argument `__environment FIFO` with [`hand_over`].
    Program(String),
    /// By `/bin/sh` and `/bin/cat`, for callers that are not the `gowhence` program (tests): two more processes, and
    /// Linux only.
    Shell,
}

/// This machine.
#[derive(Clone, Debug)]
pub struct Real {
    hand_over: HandOver,
    /// Whether programs may be run; found out when first asked.
    run: OnceLock<bool>,
    seen: Arc<Seen>,
}

/// What is looked at once: a command answers for one moment, and who runs it does not change. And files, read again
/// only where they have changed.
#[derive(Debug, Default)]
struct Seen {
    processes: OnceLock<Vec<Process>>,
    glimpses: OnceLock<Vec<Glimpse>>,
    single: Mutex<HashMap<u32, Option<Process>>>,
    user: OnceLock<User>,
    host_name: OnceLock<String>,
    contents: Contents,
}

impl Real {
    /// For the `gowhence` program itself: its own file hands the environment over.
    pub fn new() -> Self {
        let hand_over = match std::env::current_exe() {
            Ok(path) => HandOver::Program(path.to_string_lossy().into_owned()),
            Err(_) => HandOver::Shell,
        };
        Self { hand_over, run: OnceLock::new(), seen: Arc::default() }
    }

    pub fn with_hand_over(hand_over: HandOver) -> Self {
        Self { hand_over, run: OnceLock::from(true), seen: Arc::default() }
    }

    /// For tests in crates whose program is not `gowhence`.
    pub fn for_tests() -> Self {
        Self::with_hand_over(HandOver::Shell)
    }

    /// The same machine, on which nothing is executed (`--no-run`).
    #[must_use]
    pub fn without_runs(mut self) -> Self {
        self.run = OnceLock::from(false);
        self
    }
}

impl Default for Real {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes this process's environment block to the FIFO and waits to be ended. The process never goes on: what
/// would come after it in the shell does not happen. Returns only if the FIFO cannot be written.
pub fn hand_over(fifo: &std::ffi::OsStr) -> std::io::Error {
    match platform::hand_over(fifo) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

impl System for Real {
    fn os(&self) -> Os {
        if cfg!(target_os = "macos") {
            Os::Macos
        } else if cfg!(windows) {
            Os::Windows
        } else {
            Os::Linux
        }
    }

    fn arch(&self) -> String {
        match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            other => other,
        }
        .to_owned()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        files::read(&self.seen.contents, path)
    }

    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        files::read_at(path, offset, len)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        files::metadata(path)
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        files::symlink_metadata(path)
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        files::read_link(path)
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        files::canonicalize(path)
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        files::read_dir(path)
    }

    fn is_executable(&self, path: &str) -> bool {
        platform::is_executable(path)
    }

    fn environment(&self) -> Vec<(Name, Value)> {
        platform::environment()
    }

    fn current_dir(&self) -> Result<String, ReadError> {
        files::current_dir()
    }

    fn user(&self) -> User {
        self.seen.user.get_or_init(platform::user).clone()
    }

    fn user_id(&self) -> u32 {
        platform::user_id()
    }

    fn pid(&self) -> u32 {
        std::process::id()
    }

    fn host_name(&self) -> String {
        self.seen.host_name.get_or_init(platform::host_name).clone()
    }

    fn processes(&self) -> Vec<Process> {
        self.seen.processes.get_or_init(platform::processes).clone()
    }

    fn glimpses(&self) -> Vec<Glimpse> {
        self.seen.glimpses.get_or_init(platform::glimpses).clone()
    }

    fn process(&self, pid: u32) -> Option<Process> {
        let mut single = self.seen.single.lock().unwrap_or_else(PoisonError::into_inner);
        single.entry(pid).or_insert_with(|| platform::one_process(pid)).clone()
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        platform::process_environment(pid)
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        platform::registry_values(key)
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        platform::registry_subkeys(key)
    }

    fn now_ms(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    fn can_run(&self) -> bool {
        // A start-up file that starts this program would otherwise start shells that start it again, for ever.
        *self.run.get_or_init(|| !platform::inside_own_run())
    }

    fn run(&self, spec: &RunSpec) -> RunOutcome {
        if !self.can_run() {
            return RunOutcome::not_started("nothing is run (--no-run)");
        }
        platform::run(spec, &self.hand_over)
    }

    fn recorded_run(&self, _key: &str) -> Option<Vec<u8>> {
        None
    }
}
