//! One run, from start to the end of its last process.

use super::laid::Laid;
use super::process_tree::{self, Look};
use super::start::{self, Started};
use crate::os::HandOver;
use crate::{RunEnd, RunOutcome, RunSpec};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::os::fd::{AsFd as _, OwnedFd};
use std::time::{Duration, Instant};

/// How often the process tree is looked at when nothing else happens.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// How often it is while the run says something: only how much it has worked and how many it is are of interest then.
const LOOK_WHILE_HEARD: Duration = Duration::from_millis(600);
/// How often the terminal is asked whether a line editor waits, at most, ...
const EDITOR_EVERY: Duration = Duration::from_millis(5);
/// ... and else each time that this part of the time until now has gone by.
const EDITOR_SHARE: u32 = 16;
/// A line editor counts as waiting when the terminal was out of canonical mode for so long.
const EDITOR_STEADY: Duration = Duration::from_millis(15);
/// Typed bytes that led to nothing are typed again after so long.
const TYPE_AGAIN: Duration = Duration::from_millis(2500);
const TYPE_AT_MOST: u32 = 3;
/// Standing still for so long in a read of the terminal is waiting for input.
const TERMINAL_IDLE: Duration = Duration::from_millis(300);
/// A terminal out of canonical mode on which nothing is said for so long has a line editor that waits.
const EDITOR_QUIET: Duration = Duration::from_millis(1000);
/// A start-up file that starts its own shell again does so for ever; no start needs so many at once.
const PROCESSES_AT_MOST: usize = 400;
/// End of file as a terminal's user types it (`VEOF`).
const END_OF_FILE: u8 = 4;
/// After bytes of trace or output came, more are let come for so long before they are read: shells write each line by
/// itself, and to be woken for each costs more than to read it.
const GATHER: Duration = Duration::from_millis(10);
/// Twice as long each time that only a few came, up to this.
const GATHER_AT_MOST: Duration = Duration::from_millis(40);
const FEW: u64 = 8 << 10;
/// Unless so many came that a pipe (64 KiB at least, pipe(7)) could run full meanwhile, ...
const GATHER_BELOW: u64 = 32 << 10;
/// ... or so many in all that the run is a flood, which is not to be dammed.
const GATHER_UP_TO: u64 = 4 << 20;
/// How long the supervisor may take to end what is left of a run before we do it ourselves.
const ENDING_AT_MOST: u16 = 500;
/// Kept of trace and standard error where the spec names no number.
const KEEP: usize = 64 << 20;
const CHUNK: usize = 64 << 10;
/// A read of less has emptied its source, or nearly: poll(2) tells what is left.
const PIECE: usize = 1024;

pub(in crate::os) fn run(spec: &RunSpec, hand_over: &HandOver) -> RunOutcome {
    let begun = Instant::now();
    // The error of `exec` would name the program.
    if !spec.cwd.is_empty() && !std::path::Path::new(&spec.cwd).is_dir() {
        return RunOutcome::not_started(format!("its working folder {} is not there", spec.cwd));
    }
    let (laid, door) = match Laid::new(spec, hand_over) {
        Ok(made) => made,
        Err(error) => return RunOutcome::not_started(format!("no private folder for the run: {error}")),
    };
    let started = match start::start(spec, &laid, door) {
        Ok(started) => started,
        Err(error) => return RunOutcome::not_started(format!("{}: {error}", spec.program)),
    };
    let mut running = Running::new(spec, &laid, started, begun);
    let end = running.until_its_end();
    running.finish(end)
}

/// What a run is heard through.
#[derive(Clone, Copy)]
enum Source {
    Status,
    Door,
    Terminal,
    Stdout,
    Stderr,
    Trace,
}

/// The sources from which there may be something to read.
#[derive(Clone, Copy, Default)]
struct Ready([bool; 6]);

impl Ready {
    const ALL: Ready = Ready([true; 6]);

    fn has(self, source: Source) -> bool {
        self.0[source as usize]
    }
}

struct Running<'a> {
    spec: &'a RunSpec,
    started: Started,
    typed: Option<Vec<u8>>,
    begun: Instant,
    outcome: RunOutcome,
    block: Vec<u8>,
    status: Vec<u8>,
    supervisor_gone: bool,
    keep: usize,
    // Progress.
    last_look: Look,
    looked: Instant,
    progress: Instant,
    bytes: u64,
    /// What comes is being gathered since then, ...
    gathering: Option<Instant>,
    /// ... and for so long.
    gather: Duration,
    // Line editor.
    editor_since: Option<Instant>,
    /// When bytes came last from any source.
    heard: Instant,
    typed_at: Option<Instant>,
    typed_times: u32,
    buffer: Vec<u8>,
}

impl<'a> Running<'a> {
    fn new(spec: &'a RunSpec, laid: &Laid, started: Started, begun: Instant) -> Self {
        Self {
            spec,
            started,
            typed: spec.typed.as_ref().map(|t| laid.fill(&t.bytes)),
            begun,
            outcome: RunOutcome::not_started(""),
            block: Vec::new(),
            status: Vec::new(),
            supervisor_gone: false,
            keep: if spec.keep == 0 { KEEP } else { spec.keep },
            last_look: Look::default(),
            looked: begun,
            progress: begun,
            bytes: 0,
            gathering: None,
            gather: GATHER / 2,
            editor_since: None,
            heard: begun,
            typed_at: None,
            typed_times: 0,
            buffer: vec![0; CHUNK],
        }
    }

    fn until_its_end(&mut self) -> RunEnd {
        loop {
            let ready = self.wait();
            self.read(ready);
            self.feed_stdin();
            if self.handed_over() {
                return RunEnd::HandedOver;
            }
            if let Some(end) = self.exited() {
                // What it wrote last may still stand in the pipes.
                self.read(Ready::ALL);
                return if self.handed_over() { RunEnd::HandedOver } else { end };
            }
            self.serve_editor();
            let every = if self.heard.elapsed() < LOOK_EVERY { LOOK_WHILE_HEARD } else { LOOK_EVERY };
            if self.looked.elapsed() >= every
                && let Some(limit) = self.look()
            {
                return RunEnd::Limit(limit);
            }
        }
    }

    fn wait(&mut self) -> Ready {
        // What was typed is typed again, if at all, much later.
        let tick = match (&self.typed, self.typed_at) {
            (Some(_), None) if self.editor_since.is_some() => EDITOR_EVERY,
            (Some(_), None) => (self.begun.elapsed() / EDITOR_SHARE).clamp(EDITOR_EVERY, LOOK_EVERY),
            _ => LOOK_EVERY,
        };
        let rest = self.gathering.map(|since| self.gather.saturating_sub(since.elapsed()));
        let timeout =
            PollTimeout::try_from(rest.map_or(tick, |rest| rest.clamp(Duration::from_millis(1), tick)));
        let started = &self.started;
        let gathered = [
            (Source::Terminal, &started.terminal),
            (Source::Stdout, &started.stdout),
            (Source::Stderr, &started.stderr),
            (Source::Trace, &started.trace),
        ];
        let gathered = gathered.into_iter().filter(|_| rest.is_none());
        let gathered = gathered.filter_map(|(source, fd)| Some((source, fd.as_ref()?)));
        let mut sources = vec![(Source::Status, &started.status), (Source::Door, &started.door.read)];
        sources.extend(gathered);
        let mut fds: Vec<PollFd<'_>> =
            sources.iter().map(|(_, fd)| PollFd::new(fd.as_fd(), PollFlags::POLLIN)).collect();
        let mut ready = Ready::default();
        if poll(&mut fds, timeout.unwrap_or(PollTimeout::ZERO)).unwrap_or(0) > 0 {
            for ((source, _), fd) in sources.iter().zip(&fds) {
                ready.0[*source as usize] = fd.any().unwrap_or(true);
            }
        } else if self.gathering.is_some_and(|since| since.elapsed() >= self.gather) {
            self.gathering = None;
            ready = Ready::ALL;
        }
        ready
    }

    /// Reads whatever is there. A source that came to its end is dropped, or `poll` would never wait again.
    fn read(&mut self, ready: Ready) {
        let before = self.bytes;
        if ready.has(Source::Status) {
            self.supervisor_gone |=
                drain(&self.started.status, &mut self.buffer, |b| self.status.extend_from_slice(b));
        }
        if ready.has(Source::Door) {
            drain(&self.started.door.read, &mut self.buffer, |b| self.block.extend_from_slice(b));
        }
        let (started, outcome, keep) = (&mut self.started, &mut self.outcome, self.keep);
        let mut kept = [
            (Source::Trace, &mut started.trace, Some(&mut outcome.trace)),
            (Source::Stderr, &mut started.stderr, Some(&mut outcome.stderr)),
            (Source::Stdout, &mut started.stdout, Some(&mut outcome.stdout)),
            (Source::Terminal, &mut started.terminal, None),
        ];
        for (source, fd, kept) in &mut kept {
            let Some(open) = fd.as_ref().filter(|_| ready.has(*source)) else { continue };
            let mut count = 0;
            let ended = drain(open, &mut self.buffer, |b| {
                count += b.len() as u64;
                if let Some(kept) = kept {
                    keep_up_to(kept, b, keep);
                }
            });
            self.bytes += count;
            if !matches!(source, Source::Trace) {
                outcome.output_bytes += count;
            }
            if ended {
                **fd = None;
            }
        }
        let came = self.bytes - before;
        if came > 0 {
            self.progress = Instant::now();
            self.heard = self.progress;
            self.gather = if came < FEW { (self.gather * 2).min(GATHER_AT_MOST) } else { GATHER };
            let few = came < GATHER_BELOW && self.bytes < GATHER_UP_TO;
            self.gathering = few.then_some(self.progress);
        }
    }

    fn feed_stdin(&mut self) {
        let Some((fd, bytes)) = &mut self.started.stdin else { return };
        match nix::unistd::write(fd, bytes) {
            Ok(n) => drop(bytes.drain(..n)),
            Err(nix::errno::Errno::EAGAIN) => {}
            Err(_) => bytes.clear(),
        }
        if bytes.is_empty() {
            self.started.stdin = None;
        }
    }

    /// A whole block came: its writer has closed the FIFO, and a block ends in NUL.
    fn handed_over(&mut self) -> bool {
        if self.block.last() != Some(&0) {
            return false;
        }
        // Then the pipe ends with its last writer.
        self.started.door.held = None;
        let mut fds = [PollFd::new(self.started.door.read.as_fd(), PollFlags::POLLIN)];
        // The last write may be followed by another until the writer has closed its end.
        while poll(&mut fds, PollTimeout::from(1000u16)).is_ok_and(|n| n > 0) {
            let more = drain(&self.started.door.read, &mut self.buffer, |b| self.block.extend_from_slice(b));
            if more {
                break;
            }
        }
        self.outcome.environment = Some(super::parse_block(&self.block));
        true
    }

    fn exited(&self) -> Option<RunEnd> {
        use nix::sys::wait::WaitStatus;
        let Some(how) = self.status.get(..4).and_then(|b| b.try_into().ok()).map(i32::from_ne_bytes) else {
            // Somebody ended the supervisor, and the kernel the program with it.
            return self.supervisor_gone.then_some(RunEnd::Signalled(nix::libc::SIGKILL));
        };
        let pid = nix::unistd::Pid::from_raw(1);
        Some(match WaitStatus::from_raw(pid, how) {
            Ok(WaitStatus::Exited(_, code)) => RunEnd::Exited(code),
            Ok(WaitStatus::Signaled(_, signal, _)) => RunEnd::Signalled(signal as i32),
            _ => RunEnd::Exited(how),
        })
    }

    /// Types what is to be typed as soon as a line editor waits: shells' editors take the terminal out of canonical
    /// mode (readline rltty.c `prepare_terminal_settings`, zsh zle_main.c `zsetterm`, fish reader), a plain `read` in
    /// a start-up file does not.
    fn serve_editor(&mut self) {
        let (Some(bytes), Some(terminal)) = (&self.typed, &self.started.terminal) else { return };
        if !is_raw(terminal) {
            self.editor_since = None;
            return;
        }
        let since = *self.editor_since.get_or_insert_with(Instant::now);
        let due = match self.typed_at {
            None => since.elapsed() >= EDITOR_STEADY,
            Some(at) => self.typed_times < TYPE_AT_MOST && at.elapsed() >= TYPE_AGAIN,
        };
        if due {
            let _ = nix::unistd::write(terminal, bytes);
            self.typed_at = Some(Instant::now());
            self.typed_times += 1;
            self.progress = Instant::now();
        }
    }

    /// Looks at the process tree; the name of the limit that it went over.
    fn look(&mut self) -> Option<&'static str> {
        let look = process_tree::look(self.started.supervisor(), self.last_look);
        let now = Instant::now();
        let limits = self.spec.limits;
        if look.cpu_ms != self.last_look.cpu_ms || look.processes != self.last_look.processes {
            self.progress = now;
        }
        self.last_look = look;
        self.looked = now;
        let idle = now - self.progress;
        self.serve_terminal_reader(look, idle);
        if look.processes > PROCESSES_AT_MOST {
            return Some("processes");
        }
        if look.cpu_ms > limits.cpu_ms {
            return Some("cpu");
        }
        if self.outcome.output_bytes > limits.output {
            return Some("output");
        }
        if idle >= Duration::from_millis(limits.idle_ms) {
            return Some("idle");
        }
        (self.begun.elapsed() >= Duration::from_millis(limits.wall_ms)).then_some("wall")
    }

    /// Gives end of file to what waits for input on the terminal outside of a line editor.
    fn serve_terminal_reader(&mut self, look: Look, idle: Duration) {
        let Some(terminal) = &self.started.terminal else { return };
        let raw = is_raw(terminal);
        let at_prompt = self.typed.is_some() && raw;
        // A line editor waits in poll(2): fish's `read`, bash's `read -e`, zsh's `vared`. What else the start has set
        // going may be busy meanwhile (fish makes its completions in its first interactive start).
        let waits = (look.waits_for_terminal || raw) && idle >= TERMINAL_IDLE;
        if (waits || raw && self.heard.elapsed() >= EDITOR_QUIET) && !at_prompt {
            self.heard = Instant::now();
            if !self.outcome.read_terminal {
                self.outcome.read_terminal = true;
                let traced = self.spec.trace_fd.is_some();
                let outcome = &mut self.outcome;
                outcome.read_terminal_at = if traced { outcome.trace.len() } else { outcome.stderr.len() };
            }
            let _ = nix::unistd::write(terminal, &[END_OF_FILE]);
        }
    }

    fn finish(mut self, end: RunEnd) -> RunOutcome {
        self.outcome.wall_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let supervisor = self.started.supervisor();
        if end == RunEnd::HandedOver {
            process_tree::settle(supervisor);
        } else if !self.supervisor_gone {
            self.outcome.left_behind = process_tree::left(supervisor);
        }
        let root = if cfg!(target_os = "linux") { supervisor } else { self.started.program };
        if matches!(end, RunEnd::Limit(_)) || !cfg!(target_os = "linux") || !self.ends_by_itself() {
            process_tree::end(root);
        }
        self.read(Ready::ALL);
        self.outcome.cpu_ms = self.started.reap();
        self.outcome.end = end;
        self.outcome
    }

    /// Asks the supervisor to end all that is left, and waits until it is gone.
    fn ends_by_itself(&mut self) -> bool {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.started.supervisor()).unwrap_or(i32::MAX));
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        while !self.supervisor_gone {
            let mut fds = [PollFd::new(self.started.status.as_fd(), PollFlags::POLLIN)];
            match poll(&mut fds, PollTimeout::from(ENDING_AT_MOST)) {
                Ok(0) => return false,
                Ok(_) => self.supervisor_gone = drain(&self.started.status, &mut self.buffer, |_| {}),
                Err(_) => {}
            }
        }
        true
    }
}

/// Reads until there is nothing more for now; whether the source came to its end.
fn drain(fd: &OwnedFd, buffer: &mut [u8], mut take: impl FnMut(&[u8])) -> bool {
    // One source that never runs dry must not keep the others waiting.
    for _ in 0..64 {
        match nix::unistd::read(fd, buffer) {
            Ok(0) => return true,
            Ok(n) => {
                take(&buffer[..n]);
                // A pipe gives all that it holds at once; a terminal does so in larger pieces than this.
                if n < PIECE {
                    return false;
                }
            }
            Err(nix::errno::Errno::EINTR) => {}
            Err(nix::errno::Errno::EAGAIN) => return false,
            // A terminal whose last user is gone answers EIO.
            Err(_) => return true,
        }
    }
    false
}

fn keep_up_to(kept: &mut Vec<u8>, bytes: &[u8], keep: usize) {
    let room = keep.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

/// Whether the terminal is out of canonical mode.
fn is_raw(terminal: &OwnedFd) -> bool {
    use nix::sys::termios::{LocalFlags, tcgetattr};
    tcgetattr(terminal).is_ok_and(|t| !t.local_flags.contains(LocalFlags::ICANON))
}
