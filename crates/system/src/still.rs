//! A machine that stands still: each question about files is asked once, and answered the same from then on.
//!
//! For stretches of work in which nothing is run that could change a file: several spaces read the same PAM stacks and
//! look for `go` in the same folders. Not here: runs, processes and the clock, which go through.

use crate::{Glimpse, Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};
use model::{Name, Value};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Answers<T> = Mutex<HashMap<String, Result<T, ReadError>>>;

/// What was made of files, by path and type.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<(String, TypeId), Arc<dyn Any + Send + Sync>>>);

/// A file as `parse` understands it: on a machine that stands still it is read and parsed once. A type is parsed in
/// one way only.
pub fn read_as<T: Any + Send + Sync>(
    system: &dyn System,
    path: &str,
    parse: impl FnOnce(&[u8]) -> T,
) -> Result<Arc<T>, ReadError> {
    let Some(memory) = system.memory() else { return Ok(Arc::new(parse(&system.read(path)?))) };
    let key = (path.to_owned(), TypeId::of::<T>());
    let known = memory.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(parsed) = known.and_then(|any| any.downcast::<T>().ok()) {
        return Ok(parsed);
    }
    let parsed = Arc::new(parse(&system.read(path)?));
    memory.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&parsed) as _);
    Ok(parsed)
}

/// See the module.
#[expect(missing_debug_implementations, reason = "a machine has no useful Debug form")]
pub struct Still<'a> {
    inner: &'a dyn System,
    content: Answers<Vec<u8>>,
    metadata: Answers<Metadata>,
    symlink_metadata: Answers<Metadata>,
    links: Answers<String>,
    canonical: Answers<String>,
    folders: Answers<Vec<String>>,
    executable: Answers<bool>,
    memory: Memory,
}

impl<'a> Still<'a> {
    pub fn new(inner: &'a dyn System) -> Self {
        Self {
            inner,
            content: Mutex::default(),
            metadata: Mutex::default(),
            symlink_metadata: Mutex::default(),
            links: Mutex::default(),
            canonical: Mutex::default(),
            folders: Mutex::default(),
            executable: Mutex::default(),
            memory: Memory::default(),
        }
    }
}

/// The answer that was given before, or the one that is given now.
fn once<T: Clone>(
    answers: &Answers<T>,
    path: &str,
    ask: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    if let Some(answer) = answers.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
        return answer.clone();
    }
    let answer = ask();
    answers.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), answer.clone());
    answer
}

impl System for Still<'_> {
    fn os(&self) -> Os {
        self.inner.os()
    }

    fn arch(&self) -> String {
        self.inner.arch()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        once(&self.content, path, || self.inner.read(path))
    }

    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        self.inner.read_at(path, offset, len)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        once(&self.metadata, path, || self.inner.metadata(path))
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        once(&self.symlink_metadata, path, || self.inner.symlink_metadata(path))
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        once(&self.links, path, || self.inner.read_link(path))
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        once(&self.canonical, path, || self.inner.canonicalize(path))
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        once(&self.folders, path, || self.inner.read_dir(path))
    }

    fn is_executable(&self, path: &str) -> bool {
        once(&self.executable, path, || Ok(self.inner.is_executable(path))).unwrap_or(false)
    }

    fn environment(&self) -> Vec<(Name, Value)> {
        self.inner.environment()
    }

    fn current_dir(&self) -> Result<String, ReadError> {
        self.inner.current_dir()
    }

    fn user(&self) -> User {
        self.inner.user()
    }

    fn user_id(&self) -> u32 {
        self.inner.user_id()
    }

    fn pid(&self) -> u32 {
        self.inner.pid()
    }

    fn host_name(&self) -> String {
        self.inner.host_name()
    }

    fn processes(&self) -> Vec<Process> {
        self.inner.processes()
    }

    fn glimpses(&self) -> Vec<Glimpse> {
        self.inner.glimpses()
    }

    fn process(&self, pid: u32) -> Option<Process> {
        self.inner.process(pid)
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        self.inner.process_environment(pid)
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        self.inner.registry_values(key)
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        self.inner.registry_subkeys(key)
    }

    fn now_ms(&self) -> i64 {
        self.inner.now_ms()
    }

    fn can_run(&self) -> bool {
        self.inner.can_run()
    }

    fn run(&self, spec: &RunSpec) -> RunOutcome {
        self.inner.run(spec)
    }

    fn recorded_run(&self, key: &str) -> Option<Vec<u8>> {
        self.inner.recorded_run(key)
    }

    fn note_run(&self, key: &str, bytes: &[u8]) {
        self.inner.note_run(key, bytes);
    }

    fn keeps_runs(&self) -> bool {
        self.inner.keeps_runs()
    }

    fn memory(&self) -> Option<&Memory> {
        Some(&self.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemorySystem;
    use crate::record::Recorder;

    #[test]
    fn answers_are_those_of_the_machine() {
        let machine = MemorySystem::linux().file("/etc/a", "1").link("/b", "/etc/a").executable("/bin/go");
        let recorder = Recorder::new(&machine);
        let still = Still::new(&recorder);
        for _ in 0..2 {
            assert_eq!(still.read("/etc/a"), machine.read("/etc/a"));
            assert_eq!(still.read("/nowhere"), Err(ReadError::NotFound));
            assert_eq!(still.canonicalize("/b"), machine.canonicalize("/b"));
            assert_eq!(still.read_dir("/etc"), machine.read_dir("/etc"));
            assert!(still.is_executable("/bin/go") && !still.is_executable("/etc/a"));
        }
    }
}
