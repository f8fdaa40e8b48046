//! What is asked of a run of a program, and what came of it.
//!
//! A run is done in a session of its own and leaves no process behind. It ends when the program hands over its
//! environment, when it exits, or when it stands still: judged by the CPU time of its whole tree and by what it
//! writes, not by wall time alone.

use model::{Name, Value};

/// A program to run.
#[derive(Clone, Debug, Default)]
pub struct RunSpec {
    /// Absolute path.
    pub program: String,
    /// `argv[0]`, if not `program` (`-bash`).
    pub arg0: Option<String>,
    /// [`Scratch`] files stand in for `@SCRATCH@` in arguments and environment values, and the hand-over command
    /// for `@HANDOVER@` (quoted for a POSIX shell; `@HANDOVER_PROGRAM@` and `@HANDOVER_FIFO@` are the bare parts).
    /// Running the hand-over command gives its environment to the runner and ends the run.
    pub args: Vec<Value>,
    /// Exactly the environment; nothing of ours is added.
    pub env: Vec<(Name, Value)>,
    pub cwd: String,
    /// A private terminal as standard input, output and error, and as controlling terminal. Without: standard
    /// input is `/dev/null`, output is read and thrown away.
    pub terminal: Option<Size>,
    /// With a terminal: keep standard error out of it, on a pipe of its own.
    pub separate_stderr: bool,
    /// Descriptor number on which the program finds a pipe for trace records.
    pub trace_fd: Option<i32>,
    /// Bytes to type when the program's line editor waits at its prompt (the terminal is out of canonical mode).
    pub typed: Option<Typed>,
    pub scratch: Vec<Scratch>,
    pub limits: Limits,
    /// Bytes kept of trace and of standard error each; what is beyond is counted only.
    pub keep: usize,
    /// What standard input gives instead of `/dev/null` (no terminal).
    pub stdin: Option<Value>,
    /// Keep standard output (up to `keep`), for programs whose output is the answer.
    pub keep_stdout: bool,
}

/// Columns and rows of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

impl Default for Size {
    fn default() -> Self {
        Self { columns: 80, rows: 24 }
    }
}

#[derive(Clone, Debug)]
pub struct Typed {
    pub bytes: Vec<u8>,
}

/// A file (or symlink) laid into the private folder of the run before it starts; `path` is relative to it.
#[derive(Clone, Debug)]
pub enum Scratch {
    File { path: String, bytes: Vec<u8> },
    Link { path: String, target: String },
}

/// When a run is ended by force.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// CPU milliseconds of the whole tree.
    pub cpu_ms: u64,
    /// Milliseconds without any CPU use, output or trace record of the tree.
    pub idle_ms: u64,
    /// Milliseconds in all.
    pub wall_ms: u64,
    /// Bytes written to standard output and error together.
    pub output: u64,
}

impl Default for Limits {
    /// The slowest real start measured took 18.7 s of wall time for a few seconds of CPU, on a busy machine.
    fn default() -> Self {
        Self { cpu_ms: 20_000, idle_ms: 4_000, wall_ms: 60_000, output: 64 << 20 }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// The environment was handed over.
    HandedOver,
    /// Exit status.
    Exited(i32),
    /// Killed by this signal (not by us).
    Signalled(i32),
    /// Ended by us: it used up `cpu`, stood still (`idle`), ran too long (`wall`), wrote too much (`output`) or
    /// started too much (`processes`).
    Limit(&'static str),
    NotStarted(String),
}

#[derive(Clone, Debug)]
pub struct RunOutcome {
    pub end: RunEnd,
    /// What was handed over, in the order of the block.
    pub environment: Option<Vec<(Name, Value)>>,
    /// Records written to `trace_fd`.
    pub trace: Vec<u8>,
    pub stderr: Vec<u8>,
    pub stdout: Vec<u8>,
    /// Bytes of output in all (terminal, stdout, stderr).
    pub output_bytes: u64,
    /// The program waited for input on its terminal (outside of a line editor) and was given end of file.
    pub read_terminal: bool,
    /// How many bytes of trace (of standard error, in a run without a trace descriptor) had come when it first did so.
    pub read_terminal_at: usize,
    /// Processes that outlived the program and were ended.
    pub left_behind: Vec<String>,
    pub wall_ms: u64,
    /// Of the whole tree, as far as it was waited for.
    pub cpu_ms: u64,
}

impl RunOutcome {
    pub fn not_started(reason: impl Into<String>) -> Self {
        Self {
            end: RunEnd::NotStarted(reason.into()),
            environment: None,
            trace: Vec::new(),
            stderr: Vec::new(),
            stdout: Vec::new(),
            output_bytes: 0,
            read_terminal: false,
            read_terminal_at: 0,
            left_behind: Vec::new(),
            wall_ms: 0,
            cpu_ms: 0,
        }
    }
}
