//! A fake machine whose files can be changed, and on which steps fail when a test wants it.
//!
//! Not here: hard links and extended attributes; every file has one name.

use super::tree::{Content, Entry};
use super::{DEFAULT_NOW_MS, MemorySystem};
use crate::write::{Disk, Held, Standing, WriteError};
use crate::{Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};
use model::{Name, Value};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What happens at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed: neither this step nor any later one is done.
    Killed,
    /// The process is killed in the middle of it: half of the bytes that the step writes are written.
    Torn,
    /// This step alone fails.
    Once(WriteError),
    /// This one and all later ones fail that need space.
    Full,
}

/// See the module.
#[derive(Debug)]
pub struct MemoryDisk {
    machine: RwLock<MemorySystem>,
    locked: Arc<AtomicBool>,
    /// Steps that were asked for.
    steps: AtomicU64,
    /// At which step, counted from 1, which fault.
    fault: Option<(u64, Fault)>,
    /// Whether two files can change places in one step.
    swaps: bool,
}

struct Unlock(Arc<AtomicBool>);

impl Drop for Unlock {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// What a step that is to be done is to do.
#[derive(PartialEq, Eq)]
enum Go {
    Whole,
    Half,
}

impl MemoryDisk {
    pub fn new(machine: MemorySystem) -> Self {
        Self {
            machine: RwLock::new(machine),
            locked: Arc::default(),
            steps: AtomicU64::new(0),
            fault: None,
            swaps: true,
        }
    }

    /// The same machine, on which this happens at that step, counted from 1.
    #[must_use]
    pub fn failing(mut self, step: u64, fault: Fault) -> Self {
        self.fault = Some((step, fault));
        self
    }

    /// The same machine, on whose file system two files cannot change places.
    #[must_use]
    pub fn without_swap(mut self) -> Self {
        self.swaps = false;
        self
    }

    /// How many steps were asked for.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// The machine as it is now.
    pub fn machine(&self) -> MemorySystem {
        self.read_lock().clone()
    }

    fn read_lock(&self) -> RwLockReadGuard<'_, MemorySystem> {
        self.machine.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_lock(&self) -> RwLockWriteGuard<'_, MemorySystem> {
        self.machine.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, needs_space: bool) -> Result<Go, WriteError> {
        let now = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
        let killed = || WriteError::Other("the process was killed".to_owned());
        match &self.fault {
            Some((at, Fault::Killed)) if now >= *at => Err(killed()),
            Some((at, Fault::Torn)) if now == *at => Ok(Go::Half),
            Some((at, Fault::Torn)) if now > *at => Err(killed()),
            Some((at, Fault::Once(error))) if now == *at => Err(error.clone()),
            Some((at, Fault::Full)) if now >= *at && needs_space => Err(WriteError::Full),
            _ => Ok(Go::Whole),
        }
    }

    /// Puts bytes where `make` says, whole or by half.
    fn put(
        &self,
        bytes: &[u8],
        change: impl FnOnce(&mut MemorySystem, &[u8]) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let go = self.step(true)?;
        let bytes = if go == Go::Half { &bytes[..bytes.len() / 2] } else { bytes };
        change(&mut self.write_lock(), bytes)
    }

    /// A step on names: done, or (killed in the middle) not done.
    fn on_names(
        &self,
        needs_space: bool,
        change: impl FnOnce(&mut MemorySystem) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        match self.step(needs_space)? {
            Go::Whole => change(&mut self.write_lock()),
            Go::Half => Err(WriteError::Other("the process was killed".to_owned())),
        }
    }
}

fn unread(error: ReadError) -> WriteError {
    match error {
        ReadError::NotFound => WriteError::NotFound,
        ReadError::Denied => WriteError::Denied,
        ReadError::Other(text) => WriteError::Other(text),
    }
}

impl MemorySystem {
    /// The folder of a path in which names may be changed, and the key of the name.
    fn changeable(&self, path: &str) -> Result<(Vec<String>, String), WriteError> {
        let (folder, name) = self.tree.place(self.viewer(), path).map_err(unread)?;
        let found =
            self.tree.walk(self.viewer(), &super::render_path(self.os, &folder), true).map_err(unread)?;
        if !self.tree.allows(self.viewer(), &found.parts, found.entry, 2) {
            return Err(WriteError::Denied);
        }
        Ok((folder, name))
    }

    fn take(&mut self, path: &str) -> Result<Entry, WriteError> {
        let (folder, name) = self.changeable(path)?;
        let key = self.tree.key(&name);
        self.tree.names_mut(&folder).remove(&key).map(|(_, entry)| entry).ok_or(WriteError::NotFound)
    }

    fn give(&mut self, path: &str, mut entry: Entry) -> Result<(), WriteError> {
        let (folder, name) = self.changeable(path)?;
        entry.uid = entry.uid.or(Some(self.user.uid));
        entry.gid = entry.gid.or(Some(self.user.gid));
        let key = self.tree.key(&name);
        self.tree.names_mut(&folder).insert(key, (name, entry));
        Ok(())
    }

    fn entry_mut(&mut self, path: &str) -> Result<&mut Entry, WriteError> {
        let (folder, name) = self.tree.place(self.viewer(), path).map_err(unread)?;
        let key = self.tree.key(&name);
        self.tree.names_mut(&folder).get_mut(&key).map(|(_, entry)| entry).ok_or(WriteError::NotFound)
    }

    fn is_there(&self, path: &str) -> bool {
        self.tree.walk(self.viewer(), path, false).is_ok()
    }

    /// The bytes of a file that the user may write.
    fn bytes_mut(&mut self, path: &str) -> Result<&mut Vec<u8>, WriteError> {
        let found = self.tree.walk(self.viewer(), path, false).map_err(unread)?;
        if !self.tree.allows(self.viewer(), &found.parts, found.entry, 2) {
            return Err(WriteError::Denied);
        }
        match &mut self.entry_mut(path)?.content {
            Content::File(bytes) => Ok(bytes),
            _ => Err(WriteError::Other("is not a regular file".to_owned())),
        }
    }
}

impl Disk for MemoryDisk {
    fn standing(&self, path: &str) -> Result<Standing, ReadError> {
        let Metadata { kind, mode, uid, gid, .. } = self.symlink_metadata(path)?;
        Ok(Standing { kind, mode, uid, gid, links: 1 })
    }

    fn may_write(&self, path: &str) -> bool {
        let machine = self.read_lock();
        let found = machine.tree.walk(machine.viewer(), path, true);
        found.is_ok_and(|f| machine.tree.allows(machine.viewer(), &f.parts, f.entry, 2))
    }

    fn is_read_only(&self, _path: &str) -> bool {
        false
    }

    fn create(&self, path: &str, bytes: &[u8], mode: Option<u32>) -> Result<(), WriteError> {
        self.put(bytes, |machine, bytes| {
            if machine.is_there(path) {
                return Err(WriteError::Exists);
            }
            machine.give(path, Entry::file(bytes).mode(mode.unwrap_or(0o644)))
        })
    }

    fn copy_attributes(&self, from: &str, to: &str) -> Result<(), WriteError> {
        let standing = self.standing(from).map_err(unread)?;
        self.on_names(false, |machine| {
            if machine.user.uid != 0 && standing.uid != machine.user.uid {
                return Err(WriteError::Denied);
            }
            let entry = machine.entry_mut(to)?;
            (entry.mode, entry.uid, entry.gid) =
                (Some(standing.mode), Some(standing.uid), Some(standing.gid));
            Ok(())
        })
    }

    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        match self.step(true)? {
            Go::Whole => *self.write_lock().bytes_mut(path)? = bytes.to_vec(),
            // The length is set last.
            Go::Half => {
                let mut machine = self.write_lock();
                let old = machine.bytes_mut(path)?;
                let written = bytes.len() / 2;
                old.splice(..written.min(old.len()), bytes[..written].iter().copied());
            }
        }
        Ok(())
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.put(bytes, |machine, bytes| {
            if !machine.is_there(path) {
                machine.give(path, Entry::file("").mode(0o600))?;
            }
            machine.bytes_mut(path)?.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn swap(&self, a: &str, b: &str) -> Result<(), WriteError> {
        self.on_names(false, |machine| {
            if !self.swaps {
                return Err(WriteError::Unsupported);
            }
            if !machine.is_there(a) || !machine.is_there(b) {
                return Err(WriteError::NotFound);
            }
            let (first, second) = (machine.take(a)?, machine.take(b)?);
            machine.give(a, second)?;
            machine.give(b, first)
        })
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), WriteError> {
        self.on_names(false, |machine| {
            let entry = machine.take(from)?;
            machine.give(to, entry)
        })
    }

    fn rename_new(&self, from: &str, to: &str) -> Result<(), WriteError> {
        self.on_names(false, |machine| {
            if machine.is_there(to) {
                return Err(WriteError::Exists);
            }
            let entry = machine.take(from)?;
            machine.give(to, entry)
        })
    }

    fn remove(&self, path: &str) -> Result<(), WriteError> {
        self.on_names(false, |machine| machine.take(path).map(drop))
    }

    fn make_folder(&self, path: &str, mode: Option<u32>) -> Result<(), WriteError> {
        self.on_names(true, |machine| {
            if machine.is_there(path) {
                return Err(WriteError::Exists);
            }
            machine.give(path, Entry::folder().mode(mode.unwrap_or(0o755)))
        })
    }

    fn remove_folder(&self, path: &str) -> Result<(), WriteError> {
        self.on_names(false, |machine| match &machine.entry_mut(path)?.content {
            Content::Folder(names) if names.is_empty() => machine.take(path).map(drop),
            Content::Folder(_) => Err(WriteError::Exists),
            _ => Err(WriteError::NotFound),
        })
    }

    fn sync_folder(&self, path: &str) -> Result<(), WriteError> {
        self.on_names(
            false,
            |machine| if machine.is_there(path) { Ok(()) } else { Err(WriteError::NotFound) },
        )
    }

    fn lock(&self, _path: &str, go_on: &mut dyn FnMut(u64) -> bool) -> Result<Held, WriteError> {
        let mut waited = 0;
        while self.locked.swap(true, Ordering::Acquire) {
            if !go_on(waited) {
                return Err(WriteError::Busy);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
            waited += 1;
        }
        Ok(Held::new(Unlock(Arc::clone(&self.locked))))
    }
}

impl System for MemoryDisk {
    fn os(&self) -> Os {
        self.read_lock().os
    }

    fn arch(&self) -> String {
        self.read_lock().arch()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_lock().read(path)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.read_lock().metadata(path)
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.read_lock().symlink_metadata(path)
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        self.read_lock().read_link(path)
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        self.read_lock().canonicalize(path)
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        self.read_lock().read_dir(path)
    }

    fn is_executable(&self, path: &str) -> bool {
        self.read_lock().is_executable(path)
    }

    fn environment(&self) -> Vec<(Name, Value)> {
        self.read_lock().environment()
    }

    fn current_dir(&self) -> Result<String, ReadError> {
        self.read_lock().current_dir()
    }

    fn user(&self) -> User {
        self.read_lock().user()
    }

    fn pid(&self) -> u32 {
        self.read_lock().pid()
    }

    fn host_name(&self) -> String {
        self.read_lock().host_name()
    }

    fn processes(&self) -> Vec<Process> {
        self.read_lock().processes()
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        self.read_lock().process_environment(pid)
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        self.read_lock().registry_values(key)
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        self.read_lock().registry_subkeys(key)
    }

    fn now_ms(&self) -> i64 {
        DEFAULT_NOW_MS.max(self.read_lock().now_ms)
    }

    fn can_run(&self) -> bool {
        false
    }

    fn run(&self, spec: &RunSpec) -> RunOutcome {
        self.read_lock().run(spec)
    }

    fn recorded_run(&self, key: &str) -> Option<Vec<u8>> {
        self.read_lock().recorded_run(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bytes_change_step_by_step() {
        let disk = MemoryDisk::new(
            MemorySystem::linux().folder("/etc").file("/home/ann/a", "old").link("/home/ann/l", "a"),
        );
        disk.create("/home/ann/b", b"new", Some(0o600)).expect("made");
        assert_eq!(disk.create("/home/ann/l", b"", None), Err(WriteError::Exists));
        disk.swap("/home/ann/a", "/home/ann/b").expect("both are there");
        assert_eq!(disk.read("/home/ann/l"), Ok(b"new".to_vec()));
        assert_eq!(disk.standing("/home/ann/a").map(|s| s.mode), Ok(0o600));
        assert_eq!(disk.rename_new("/home/ann/b", "/home/ann/a"), Err(WriteError::Exists));
        disk.rename("/home/ann/b", "/home/ann/a").expect("replaced");
        assert_eq!(disk.read_dir("/home/ann"), Ok(vec!["a".to_owned(), "l".to_owned()]));
        assert_eq!(disk.create("/etc/x", b"", None), Err(WriteError::Denied));
    }

    #[test]
    fn a_step_fails_where_a_test_wants_it() {
        let disk = MemoryDisk::new(MemorySystem::linux()).failing(2, Fault::Torn);
        disk.append("/home/ann/j", b"1234").expect("the first step");
        let _ = disk.append("/home/ann/j", b"5678");
        assert!(disk.append("/home/ann/j", b"9").is_err());
        assert_eq!(disk.machine().read("/home/ann/j"), Ok(b"123456".to_vec()));
    }
}
