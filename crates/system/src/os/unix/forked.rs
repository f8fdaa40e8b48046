//! The supervisor of a run as a fork of ours, for systems on which none can stand beside us (`beside`).
//!
//! It is the forked child that does not go on to `exec`: it adopts every orphan of the run (Linux), tells the end of
//! the program through a pipe, and lives until the last descendant is gone.

// `fork`, `setsid`, `ioctl` and `dup2` between fork and exec have no safe form.
#![expect(unsafe_code, reason = "what happens between fork and exec; each block says why it is sound")]

use super::laid::Laid;
use super::start::{Standard, read_number};
use crate::RunSpec;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// A running supervisor.
#[derive(Debug)]
pub(super) struct Supervisor {
    pub(super) pid: u32,
}

impl Supervisor {
    /// To be called once it was waited for.
    pub(super) fn has_ended(&mut self) {}
}

/// Starts a supervisor and, below it, the program; gives both.
pub(super) fn supervise(
    spec: &RunSpec,
    laid: &Laid,
    standard: &Standard,
    trace: Option<(libc::c_int, libc::c_int)>,
    status: OwnedFd,
    told: &OwnedFd,
) -> io::Result<(Supervisor, u32)> {
    let mut command = Command::new(std::ffi::OsStr::from_bytes(&laid.fill(spec.program.as_bytes())));
    if let Some(arg0) = &spec.arg0 {
        command.arg0(arg0);
    }
    for arg in &spec.args {
        command.arg(std::ffi::OsString::from_vec(laid.fill(arg.as_bytes())));
    }
    command.env_clear();
    for (name, value) in &spec.env {
        command.env(
            std::ffi::OsStr::from_bytes(name.as_bytes()),
            std::ffi::OsString::from_vec(laid.fill(value.as_bytes())),
        );
    }
    command.current_dir(if spec.cwd.is_empty() { "/" } else { &spec.cwd });
    command.stdin(Stdio::from(standard.input.try_clone()?));
    command.stdout(Stdio::from(standard.output.try_clone()?));
    command.stderr(Stdio::from(standard.error.try_clone()?));
    let status_fd = status.as_raw_fd();
    let has_terminal = spec.terminal.is_some();
    // SAFETY: the closure runs in the forked child before exec and calls async-signal-safe functions only.
    unsafe {
        command.pre_exec(move || {
            fork_supervisor(status_fd)?;
            begin_session(has_terminal)?;
            if let Some((write, fd)) = trace {
                // The copy has no close-on-exec flag.
                if libc::dup2(write, fd) < 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            Ok(())
        });
    }
    let child = command.spawn()?;
    drop(status);
    let program = read_number(told)?;
    Ok((Supervisor { pid: child.id() }, program.unsigned_abs()))
}

/// Forks: the parent of the two becomes the supervisor and never returns; the child goes on to `exec`.
fn fork_supervisor(status: libc::c_int) -> io::Result<()> {
    // SAFETY: async-signal-safe system calls on plain integers; the process has one thread, being freshly forked.
    unsafe {
        #[cfg(target_os = "linux")]
        {
            libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
            // If we are ended, the supervisor ends the run (`watch`).
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
        }
        match libc::fork() {
            -1 => Err(io::Error::last_os_error()),
            0 => {
                #[cfg(target_os = "linux")]
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            }
            program => watch(program, status),
        }
    }
}

/// The supervisor's whole life.
///
/// # Safety
/// To be called in a freshly forked process only.
unsafe fn watch(program: libc::pid_t, status: libc::c_int) -> ! {
    // SAFETY: system calls on integers and on a local buffer; nothing is allocated.
    unsafe {
        // A key on the caller's terminal must not end it before its descendants.
        libc::setsid();
        // Without SA_RESTART: the signal is to wake `waitpid`.
        let on_term = SigAction::new(SigHandler::Handler(begin_ending), SaFlags::empty(), SigSet::empty());
        let _ = sigaction(Signal::SIGTERM, &on_term);
        // Nobody reads the status any more then.
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        close_all_but(status);
        libc::write(status, (&raw const program).cast(), size_of::<libc::pid_t>());
        loop {
            if ENDING.load(Ordering::Relaxed) {
                end_children();
            }
            let mut how: libc::c_int = 0;
            let ended = libc::waitpid(-1, &raw mut how, 0);
            if ended == program {
                libc::write(status, (&raw const how).cast(), size_of::<libc::c_int>());
            } else if ended < 0 && io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
                libc::_exit(0);
            }
        }
    }
}

/// Set when the process that wanted the run is gone.
static ENDING: AtomicBool = AtomicBool::new(false);

extern "C" fn begin_ending(_signal: libc::c_int) {
    ENDING.store(true, Ordering::Relaxed);
}

/// Ends the supervisor's children; what they leave comes to the supervisor, which is woken for each and comes here
/// again. Without an allocation: `/proc/thread-self/children` (proc_pid_task(5)) is read into a local buffer.
fn end_children() {
    // SAFETY: system calls on a literal path and a local buffer.
    unsafe {
        let fd = libc::open(c"/proc/thread-self/children".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        if fd < 0 {
            return;
        }
        let mut text = [0u8; 4096];
        let length = libc::read(fd, text.as_mut_ptr().cast(), text.len());
        libc::close(fd);
        let mut pid: libc::pid_t = 0;
        for &byte in text.iter().take(usize::try_from(length).unwrap_or(0)) {
            if byte.is_ascii_digit() {
                pid = pid.saturating_mul(10).saturating_add(libc::pid_t::from(byte - b'0'));
            } else if pid > 1 {
                libc::kill(pid, libc::SIGKILL);
                pid = 0;
            }
        }
    }
}

/// # Safety
/// To be called in a freshly forked process only.
unsafe fn close_all_but(keep: libc::c_int) {
    // SAFETY: closes descriptors of this process, which uses none but `keep` from here on.
    unsafe {
        #[cfg(target_os = "linux")]
        {
            let keep = keep.unsigned_abs();
            let below = keep == 0 || libc::syscall(libc::SYS_close_range, 0u32, keep - 1, 0u32) == 0;
            let above = libc::syscall(libc::SYS_close_range, keep + 1, u32::MAX, 0u32) == 0;
            if below && above {
                return;
            }
        }
        // Kernels before 5.9 have no close_range(2); what was opened here has small numbers.
        for fd in (0..4096).filter(|&fd| fd != keep) {
            libc::close(fd);
        }
    }
}

fn begin_session(terminal: bool) -> io::Result<()> {
    // SAFETY: async-signal-safe system calls on integers.
    unsafe {
        if libc::setsid() < 0 {
            return Err(io::Error::last_os_error());
        }
        if terminal && libc::ioctl(0, libc::TIOCSCTTY as _, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}
