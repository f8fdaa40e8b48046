//! The runs that a survey of all shells makes, noted by a machine that stands before the real one.
//!
//! Not here: how they are made again (`plainly`).

use crate::failure::Done;
use model::{Name, Value};
use spaces::{Base, GoOf, Options, survey};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;
use system::os::{HandOver, Real};
use system::{Limits, Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User};

/// One start of a shell as the map explains it.
#[derive(Debug)]
pub(super) struct Captured {
    /// The uninstrumented run.
    pub(super) plain: RunSpec,
    /// Those that followed it, for origins.
    pub(super) others: Vec<RunSpec>,
}

impl Captured {
    pub(super) fn runs(&self) -> usize {
        1 + self.others.len()
    }
}

/// What a survey ran: the starts of each shell in their order, and programs that it asked something.
#[derive(Debug, Default)]
pub(super) struct Runs {
    pub(super) by_shell: BTreeMap<String, Vec<Captured>>,
    pub(super) others: Vec<RunSpec>,
}

impl Runs {
    pub(super) fn count(&self) -> usize {
        self.by_shell.values().flatten().map(Captured::runs).sum::<usize>() + self.others.len()
    }
}

/// Surveys all shells once, started from these variables.
pub(super) fn runs(program: &str, home: &Path, base: Vec<(Name, Value)>) -> Done<Runs> {
    let machine = Noting {
        inner: Real::with_hand_over(HandOver::Program(program.to_owned())),
        noted: Mutex::default(),
    };
    // Said by the thread that then makes the runs.
    let say = |_: &str| machine.note(Noted::Start);
    let options = Options {
        all: true,
        base: Base::Block { source: "the bench".to_owned(), variables: base },
        project: home.display().to_string(),
        spaces: None,
        limits: Limits::default(),
        refresh: true,
        probes: None,
        progress: Some(&say),
        live: false,
        go: GoOf::Every,
        open: spaces::vscode::Open::default(),
    };
    survey(&machine, &options);
    let noted = machine.noted.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(sorted(noted))
}

#[derive(Debug)]
enum Noted {
    /// The next run of this thread is a plain one, those after it are for its origins.
    Start,
    Run(Box<RunSpec>),
}

fn sorted(noted: Vec<(ThreadId, Noted)>) -> Runs {
    /// What the thread's next run is.
    enum Next {
        Plain,
        OriginsOf(String),
    }
    let mut runs = Runs::default();
    let mut threads: Vec<(ThreadId, Next)> = Vec::new();
    for (thread, noted) in noted {
        let known = threads.iter().position(|(t, _)| *t == thread);
        match (noted, known) {
            (Noted::Start, Some(at)) => threads[at].1 = Next::Plain,
            (Noted::Start, None) => threads.push((thread, Next::Plain)),
            (Noted::Run(spec), Some(at)) if hands_over(&spec) => match &threads[at].1 {
                Next::Plain => {
                    let shell = spec.program.clone();
                    threads[at].1 = Next::OriginsOf(shell.clone());
                    let captured = Captured { plain: *spec, others: Vec::new() };
                    runs.by_shell.entry(shell).or_default().push(captured);
                }
                Next::OriginsOf(shell) => {
                    if let Some(last) = runs.by_shell.get_mut(shell).and_then(|all| all.last_mut()) {
                        last.others.push(*spec);
                    }
                }
            },
            // dash is traced by a thread beside the one that tells of the start.
            (Noted::Run(spec), None) if hands_over(&spec) && runs.by_shell.contains_key(&spec.program) => {
                if let Some(last) = runs.by_shell.get_mut(&spec.program).and_then(|all| all.last_mut()) {
                    last.others.push(*spec);
                }
            }
            (Noted::Run(spec), _) => runs.others.push(*spec),
        }
    }
    runs
}

/// Whether the run is a shell's start; the others ask a program something.
fn hands_over(spec: &RunSpec) -> bool {
    !spec.keep_stdout
}

struct Noting {
    inner: Real,
    noted: Mutex<Vec<(ThreadId, Noted)>>,
}

impl Noting {
    fn note(&self, what: Noted) {
        let thread = std::thread::current().id();
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).push((thread, what));
    }
}

impl System for Noting {
    fn run(&self, spec: &RunSpec) -> RunOutcome {
        self.note(Noted::Run(Box::new(spec.clone())));
        self.inner.run(spec)
    }
    fn os(&self) -> Os {
        self.inner.os()
    }
    fn arch(&self) -> String {
        self.inner.arch()
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.inner.read(path)
    }
    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        self.inner.read_at(path, offset, len)
    }
    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.inner.metadata(path)
    }
    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.inner.symlink_metadata(path)
    }
    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        self.inner.read_link(path)
    }
    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        self.inner.canonicalize(path)
    }
    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        self.inner.read_dir(path)
    }
    fn is_executable(&self, path: &str) -> bool {
        self.inner.is_executable(path)
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
    fn pid(&self) -> u32 {
        self.inner.pid()
    }
    fn host_name(&self) -> String {
        self.inner.host_name()
    }
    fn processes(&self) -> Vec<Process> {
        self.inner.processes()
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
        true
    }
    fn recorded_run(&self, key: &str) -> Option<Vec<u8>> {
        self.inner.recorded_run(key)
    }
}
