//! The start of a run: descriptors, the supervisor, and below it the program in a session of its own.
//!
//! The supervisor adopts every orphan of the run (Linux), tells the end of the program through a pipe, and lives until
//! the last descendant is gone. So nothing that a start-up file starts can get away, and the CPU time of all is known
//! at the end. Not here: how it comes to be (`beside`, `forked`).

#![expect(unsafe_code, reason = "wait4 has no safe form")]

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::beside::Supervisor;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
use super::forked::{Supervisor, supervise};
use super::laid::{Door, Laid};
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::words::supervise;
use crate::RunSpec;
use nix::libc;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

/// A running run, with our ends of its descriptors, all non-blocking.
pub(super) struct Started {
    supervisor: Supervisor,
    /// The program's pid.
    pub(super) program: u32,
    /// The program's wait status, four bytes in the machine's order.
    pub(super) status: OwnedFd,
    /// The hand-over.
    pub(super) door: Door,
    pub(super) terminal: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
    pub(super) trace: Option<OwnedFd>,
    /// What is to be written to standard input.
    pub(super) stdin: Option<(OwnedFd, Vec<u8>)>,
}

impl Started {
    pub(super) fn supervisor(&self) -> u32 {
        self.supervisor.pid
    }

    /// Waits for the supervisor; its CPU time with all descendants, in milliseconds.
    pub(super) fn reap(&mut self) -> u64 {
        let cpu_ms = wait_for(self.supervisor.pid);
        self.supervisor.has_ended();
        cpu_ms
    }
}

/// Bytes that a trace's pipe holds, four times the usual (pipe(7)).
#[cfg(target_os = "linux")]
const ROOM: i32 = 256 << 10;

pub(super) fn start(spec: &RunSpec, laid: &Laid, door: Door) -> io::Result<Started> {
    let (status, told) = pipe()?;
    let trace = spec.trace_fd.map(|fd| roomy_pipe().map(|ends| (fd, ends))).transpose()?;
    let (standard, ends) = connect(spec)?;
    let inner_trace = trace.as_ref().map(|(fd, (_, write))| (write.as_raw_fd(), *fd));
    let (supervisor, program) = supervise(spec, laid, &standard, inner_trace, told, &status)?;
    drop(standard);
    let trace = trace.map(|(_, (read, _))| read);
    for fd in
        [Some(&status), ends.terminal.as_ref(), ends.stdout.as_ref(), ends.stderr.as_ref(), trace.as_ref()]
            .into_iter()
            .flatten()
    {
        non_blocking(fd)?;
    }
    Ok(Started {
        supervisor,
        program,
        status,
        door,
        terminal: ends.terminal,
        stdout: ends.stdout,
        stderr: ends.stderr,
        trace,
        stdin: ends.stdin,
    })
}

/// What becomes the program's descriptors 0, 1 and 2.
pub(super) struct Standard {
    pub(super) input: OwnedFd,
    pub(super) output: OwnedFd,
    pub(super) error: OwnedFd,
}

#[derive(Default)]
struct Ends {
    terminal: Option<OwnedFd>,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
    stdin: Option<(OwnedFd, Vec<u8>)>,
}

fn connect(spec: &RunSpec) -> io::Result<(Standard, Ends)> {
    let mut ends = Ends::default();
    if let Some(size) = spec.terminal {
        let size = nix::pty::Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = nix::pty::openpty(&size, None)?;
        close_on_exec(&pty.master)?;
        close_on_exec(&pty.slave)?;
        let (input, output) = (pty.slave.try_clone()?, pty.slave.try_clone()?);
        let error = if spec.separate_stderr {
            let (read, write) = pipe()?;
            ends.stderr = Some(read);
            write
        } else {
            pty.slave
        };
        ends.terminal = Some(pty.master);
        return Ok((Standard { input, output, error }, ends));
    }
    let input = match &spec.stdin {
        Some(bytes) => {
            let (read, write) = pipe()?;
            non_blocking(&write)?;
            ends.stdin = Some((write, bytes.as_bytes().to_vec()));
            read
        }
        None => std::fs::File::open("/dev/null")?.into(),
    };
    let output = if spec.keep_stdout {
        let (read, write) = pipe()?;
        ends.stdout = Some(read);
        write
    } else {
        std::fs::OpenOptions::new().write(true).open("/dev/null")?.into()
    };
    let (read, error) = roomy_pipe()?;
    ends.stderr = Some(read);
    Ok((Standard { input, output, error }, ends))
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = std::io::pipe()?;
    Ok((read.into(), write.into()))
}

/// What a trace comes through, which may be much at once: the less often we must wake for it, the better. Where the
/// user has too many such pipes already (pipe(7), pipe-user-pages-soft) it is a usual one.
fn roomy_pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe()?;
    #[cfg(target_os = "linux")]
    let _ = nix::fcntl::fcntl(&read, nix::fcntl::FcntlArg::F_SETPIPE_SZ(ROOM));
    Ok((read, write))
}

fn non_blocking(fd: &OwnedFd) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL)?);
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

fn close_on_exec(fd: &OwnedFd) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, FdFlag, fcntl};
    fcntl(fd, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    Ok(())
}

/// The supervisor's first word: the program's pid, or what failed as a negative error number; 0 if it was ended before.
pub(super) fn read_number(told: &OwnedFd) -> io::Result<i32> {
    let mut word = [0u8; size_of::<i32>()];
    loop {
        match nix::unistd::read(told, &mut word) {
            Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(i32::from_ne_bytes(word)),
        }
    }
}

/// Waits for a supervisor; its CPU time with all descendants, in milliseconds.
pub(super) fn wait_for(supervisor: u32) -> u64 {
    let mut status: libc::c_int = 0;
    // SAFETY: an all-zero rusage is a valid value of that plain structure.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    let pid = libc::pid_t::try_from(supervisor).unwrap_or(libc::pid_t::MAX);
    loop {
        // SAFETY: both pointers are to live locals; the pid is a child of ours that nobody else waits for.
        let ended = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
        if ended >= 0 || io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
            break;
        }
    }
    let ms = |t: libc::timeval| {
        u64::try_from(t.tv_sec).unwrap_or(0) * 1000 + u64::try_from(t.tv_usec).unwrap_or(0) / 1000
    };
    ms(usage.ru_utime) + ms(usage.ru_stime)
}
