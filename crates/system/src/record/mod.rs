//! Noting what an analysis asked a machine, so that the same questions can be asked again anywhere.
//!
//! [`Recorder`] stands between an analysis and a machine. [`Recorder::recording`] lays what was asked and answered out
//! as a machine's folder (`machine_dir`) with stand-ins for secrets; [`Recording::listing`] tells what would be
//! written, [`Recording::write`] writes it.
//!
//! Not here: the runs of programs themselves. What a run came to is noted by who understands it
//! ([`System::note_run`]).

mod layout;
mod secrets;

pub use layout::{Recording, RecordingError};

use crate::memory::{ProcessEnvironment, path_parts, render_path, split_path};
use crate::{FileKind, Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};
use model::{Name, Value};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files beyond this many bytes are not kept whole; parts that were asked for are.
const LARGEST_FILE: usize = 4 << 20;
/// The same of programs: what is told from a shell's whole program concerns its runs, and those are recorded.
const LARGEST_PROGRAM: usize = 256 << 10;
/// What is kept of a program's head: enough to see what kind of file it is.
const PROGRAM_HEAD: usize = 4096;
/// Linux follows no more symlinks than this in one path (kernel: include/linux/namei.h MAXSYMLINKS).
const MOST_LINKS: usize = 40;

/// A machine that notes what it is asked. `P` is a box, a reference or an `Arc` of it.
#[derive(Debug)]
pub struct Recorder<P> {
    inner: P,
    notes: Mutex<Notes>,
}

/// What was asked, and the answers.
#[derive(Debug, Default)]
struct Notes {
    /// By canonical path; for a symlink, of the folder that it stands in.
    files: BTreeMap<String, FileNote>,
    processes: Option<Vec<Process>>,
    environments: BTreeMap<u32, ProcessEnvironment>,
    pid: Option<u32>,
    registry: BTreeMap<String, Result<Vec<RegistryValue>, ReadError>>,
    subkeys: BTreeMap<String, Result<Vec<String>, ReadError>>,
    runs: BTreeMap<String, Vec<u8>>,
    now_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct FileNote {
    /// Of the entry itself, not of what a symlink leads to.
    metadata: Option<Metadata>,
    link: Option<String>,
    /// What looking at it gave, if that failed.
    unseen: Option<ReadError>,
    content: Option<Result<Vec<u8>, ReadError>>,
    parts: Vec<(u64, Vec<u8>)>,
    names: Option<Result<Vec<String>, ReadError>>,
    executable: Option<bool>,
}

impl<P> Recorder<P>
where
    P: Deref + Send + Sync,
    P::Target: System,
{
    pub fn new(inner: P) -> Self {
        Self { inner, notes: Mutex::default() }
    }

    /// What was asked up to now.
    pub fn recording(&self) -> Recording {
        layout::lay_out(&*self.inner, &self.notes())
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Walks a path as the machine does, notes folders and symlinks on the way, and gives the note of what it leads
    /// to; nothing where there is nothing.
    fn note(&self, path: &str, follow_last: bool, fill: impl FnOnce(&mut FileNote)) {
        let os = self.inner.os();
        let cwd = self.inner.current_dir().unwrap_or_else(|_| self.inner.user().home);
        let mut pending: VecDeque<String> = path_parts(os, path, &cwd).into();
        let mut done: Vec<String> = Vec::new();
        let mut notes = self.notes();
        let mut links = 0;
        let mut at = render_path(os, &done);
        if os != Os::Windows {
            self.look_at(&mut notes, &at);
        }
        while let Some(part) = pending.pop_front() {
            if part == ".." {
                done.pop();
                at = render_path(os, &done);
                continue;
            }
            done.push(part);
            at = render_path(os, &done);
            let Some(note) = self.look_at(&mut notes, &at) else { return };
            if note.unseen.is_some() {
                return;
            }
            if let Some(target) = note.link.clone().filter(|_| follow_last || !pending.is_empty()) {
                links += 1;
                if links > MOST_LINKS {
                    return;
                }
                done.pop();
                let (absolute, parts) = split_path(os, &target);
                if absolute {
                    done.clear();
                }
                for part in parts.into_iter().rev() {
                    pending.push_front(part);
                }
            }
        }
        fill(notes.files.entry(at).or_default());
    }

    /// The note of one entry, made at the first look; `None` where nothing is there.
    fn look_at<'a>(&self, notes: &'a mut Notes, at: &str) -> Option<&'a mut FileNote> {
        if !notes.files.contains_key(at) {
            let mut note = FileNote::default();
            match self.inner.symlink_metadata(at) {
                Ok(metadata) => {
                    if metadata.kind == FileKind::Symlink {
                        note.link = self.inner.read_link(at).ok();
                    }
                    note.metadata = Some(metadata);
                }
                Err(ReadError::NotFound) => return None,
                Err(error) => note.unseen = Some(error),
            }
            notes.files.insert(at.to_owned(), note);
        }
        notes.files.get_mut(at)
    }
}

impl<P> System for Recorder<P>
where
    P: Deref + Send + Sync,
    P::Target: System,
{
    fn os(&self) -> Os {
        self.inner.os()
    }

    fn arch(&self) -> String {
        self.inner.arch()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let answer = self.inner.read(path);
        self.note(path, true, |note| note.content = Some(answer.clone()));
        answer
    }

    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        let answer = self.inner.read_at(path, offset, len);
        self.note(path, true, |note| match &answer {
            Ok(bytes) => note.parts.push((offset, bytes.clone())),
            Err(error) => note.content = Some(Err(error.clone())),
        });
        answer
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.note(path, true, |_| {});
        self.inner.metadata(path)
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.note(path, false, |_| {});
        self.inner.symlink_metadata(path)
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        self.note(path, false, |_| {});
        self.inner.read_link(path)
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        self.note(path, true, |_| {});
        self.inner.canonicalize(path)
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        let answer = self.inner.read_dir(path);
        self.note(path, true, |note| note.names = Some(answer.clone()));
        answer
    }

    fn is_executable(&self, path: &str) -> bool {
        let answer = self.inner.is_executable(path);
        self.note(path, true, |note| note.executable = Some(answer));
        answer
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
        let pid = self.inner.pid();
        self.notes().pid = Some(pid);
        pid
    }

    fn host_name(&self) -> String {
        self.inner.host_name()
    }

    /// The first answer is kept and given again: a recording shows one moment.
    fn processes(&self) -> Vec<Process> {
        let mut notes = self.notes();
        notes.processes.get_or_insert_with(|| self.inner.processes()).clone()
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        let answer = self.inner.process_environment(pid);
        self.notes().environments.insert(pid, answer.clone());
        answer
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        let answer = self.inner.registry_values(key);
        self.notes().registry.insert(key.to_owned(), answer.clone());
        answer
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        let answer = self.inner.registry_subkeys(key);
        self.notes().subkeys.insert(key.to_owned(), answer.clone());
        answer
    }

    fn now_ms(&self) -> i64 {
        let now = self.inner.now_ms();
        self.notes().now_ms.get_or_insert(now);
        now
    }

    fn can_run(&self) -> bool {
        self.inner.can_run()
    }

    fn run(&self, spec: &RunSpec) -> RunOutcome {
        self.inner.run(spec)
    }

    fn recorded_run(&self, key: &str) -> Option<Vec<u8>> {
        let answer = self.inner.recorded_run(key);
        if let Some(bytes) = &answer {
            self.notes().runs.insert(key.to_owned(), bytes.clone());
        }
        answer
    }

    fn keeps_runs(&self) -> bool {
        true
    }

    fn note_run(&self, key: &str, bytes: &[u8]) {
        self.notes().runs.insert(key.to_owned(), bytes.to_vec());
        self.inner.note_run(key, bytes);
    }
}

#[cfg(test)]
mod tests;
