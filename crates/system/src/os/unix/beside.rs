//! The supervisor of a run on Linux: a process beside us that shares our memory (clone(2), `CLONE_VM`), on a stack of
//! its own.
//!
//! A fork would copy the page tables of a program that has grown, twice a run, and make every page that is written
//! afterwards a fault; this costs a few microseconds, whatever the program's size. The price: supervisor and program
//! (until it is executed) see our memory and our thread's `errno`, so they allocate nothing, call nothing of the C
//! library, and leave everything but [`Orders`] alone.
//!
//! It does what a forked one does (`supervise`): adopts every orphan of the run, tells the end of the program through
//! a pipe, and lives until the last descendant is gone. Asked to end (SIGTERM: by us, or by the kernel when we are
//! gone) it ends them all. Not here: descriptors and their ends in our hands (`start`).

#![expect(unsafe_code, reason = "processes that share memory; each block says why it is sound")]

use super::raw;
use super::start::{read_number, wait_for};
use nix::libc::{self, c_char, c_int, c_void, pid_t};
use nix::sys::signal::{SigSet, SigmaskHow};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicI32, Ordering};

/// Room for the supervisor, and for the program until it is executed. Both call a handful of small functions.
const STACK: usize = 64 << 10;

/// What the supervisor is to do. Everything that is pointed to lives until it has told the program's pid.
#[derive(Debug)]
pub(super) struct Orders {
    pub(super) program: *const c_char,
    /// Ended by a null pointer, as is `environment`.
    pub(super) arguments: *const *const c_char,
    pub(super) environment: *const *const c_char,
    pub(super) cwd: *const c_char,
    /// For the program's descriptors 0, 1 and 2; none of them is one of these numbers.
    pub(super) standard: [c_int; 3],
    /// Our descriptor, and the number that the program sees it under.
    pub(super) trace: Option<(c_int, c_int)>,
    /// Standard input is a terminal and becomes the controlling one.
    pub(super) terminal: bool,
    /// Where the program's pid, then its wait status are written.
    pub(super) status: c_int,
}

struct Shared<'a> {
    orders: &'a Orders,
    caller: pid_t,
    program_stack: *mut c_void,
    /// Error number of what failed before the program was executed.
    failed: AtomicI32,
}

/// A running supervisor. Its stack is ours to free only once it has ended.
#[derive(Debug)]
pub(super) struct Supervisor {
    pub(super) pid: u32,
    stack: Option<Box<[u8]>>,
}

impl Supervisor {
    /// To be called once it was waited for.
    pub(super) fn has_ended(&mut self) {
        self.stack = None;
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // It may still stand on its stack.
        std::mem::forget(self.stack.take());
    }
}

/// Starts a supervisor and waits until its program is executed; gives both. `status` is the end that [`Orders`] names.
pub(super) fn supervise(orders: &Orders, status: OwnedFd, told: &OwnedFd) -> io::Result<(Supervisor, u32)> {
    let mut stack = vec![0u8; 2 * STACK].into_boxed_slice();
    let bottom = stack.as_mut_ptr();
    let (program_stack, supervisor_stack) =
        (aligned(bottom.wrapping_add(STACK)), aligned(bottom.wrapping_add(2 * STACK)));
    let shared =
        Shared { orders, caller: nix::unistd::getpid().as_raw(), program_stack, failed: AtomicI32::new(0) };
    // A handler of ours must not run on that stack; the supervisor takes its signals by `rt_sigtimedwait`.
    let mut before = SigSet::empty();
    nix::sys::signal::pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), Some(&mut before))?;
    // SAFETY: the stack is large enough and outlives the supervisor (`Supervisor`); `shared` outlives its use, for
    // this function waits for the supervisor's word.
    let pid = unsafe {
        let argument = (&raw const shared).cast_mut().cast::<c_void>();
        libc::clone(supervisor, supervisor_stack, libc::CLONE_VM | libc::SIGCHLD, argument)
    };
    let error = io::Error::last_os_error();
    nix::sys::signal::pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None)?;
    let Ok(pid) = u32::try_from(pid) else { return Err(error) };
    let mut supervisor = Supervisor { pid, stack: Some(stack) };
    // The supervisor has descriptors of its own. With ours closed its silent end is an end of file.
    drop(status);
    let word = read_number(told);
    if let Ok(program) = word
        && program > 0
    {
        return Ok((supervisor, program.unsigned_abs()));
    }
    wait_for(supervisor.pid);
    supervisor.has_ended();
    Err(match word? {
        0 => io::Error::other("its supervisor was ended"),
        error => io::Error::from_raw_os_error(-error),
    })
}

fn aligned(top: *mut u8) -> *mut c_void {
    top.wrapping_sub(top.addr() % 16).cast()
}

/// The supervisor's whole life; every signal is blocked.
extern "C" fn supervisor(shared: *mut c_void) -> c_int {
    // SAFETY: `supervise` passes it and waits for us to be done with it.
    let shared = unsafe { &*shared.cast::<Shared<'_>>() };
    let status = shared.orders.status;
    let parent_gone = begin_supervising(shared.caller);
    let program = if parent_gone { -libc::ESRCH } else { start_program(shared) };
    close_all_but(status);
    // From here on the caller goes its way: nothing of `shared` may be touched any more.
    write_number(status, program);
    if program < 0 {
        raw::exit(0);
    }
    let mut ending = false;
    loop {
        reap(program, (!ending).then_some(status));
        if ending {
            end_children();
        }
        ending |= wait_for_signal() == libc::SIGTERM;
    }
}

/// Adopts orphans, hears of the caller's end, has a session of its own: a key on the caller's terminal must not end it
/// before its descendants. Whether the caller is gone already.
fn begin_supervising(caller: pid_t) -> bool {
    // SAFETY: integers, and a zeroed structure: the default action (struct kernel_sigaction has 32 bytes or less).
    unsafe {
        raw::call(libc::SYS_prctl, [libc::PR_SET_CHILD_SUBREAPER as isize, 1, 0, 0, 0]);
        raw::call(libc::SYS_prctl, [libc::PR_SET_PDEATHSIG as isize, libc::SIGTERM as isize, 0, 0, 0]);
        raw::call(libc::SYS_setsid, [0; 5]);
        // Our caller may have been started with SIGCHLD ignored, which would leave nothing to wait for.
        reset_signal(libc::SIGCHLD);
        raw::call(libc::SYS_getppid, [0; 5]) != caller as isize
    }
}

/// # Safety
/// Changes what a signal does in this process.
unsafe fn reset_signal(signal: c_int) {
    let default = [0u64; 4];
    // SAFETY: zero bytes are the default action; the set of signals has eight bytes.
    unsafe {
        raw::call(libc::SYS_rt_sigaction, [signal as isize, default.as_ptr().addr().cast_signed(), 0, 8, 0]);
    }
}

/// The program's pid, or what failed as a negative error number.
fn start_program(shared: &Shared<'_>) -> pid_t {
    let argument = std::ptr::from_ref(shared).cast_mut().cast::<c_void>();
    // SAFETY: the child has the other half of the stack to itself, and we stand still until it is executed. The
    // caller waits for our word, so that its `errno` is not in use.
    let pid = unsafe {
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        libc::clone(program, shared.program_stack, flags, argument)
    };
    let failed = shared.failed.load(Ordering::Acquire);
    match (pid, failed) {
        (..0, _) => -libc::EAGAIN,
        (_, 0) => pid,
        _ => -failed,
    }
}

/// The program up to `execve`.
extern "C" fn program(shared: *mut c_void) -> c_int {
    // SAFETY: `start_program` passes it and waits until we are executed or gone.
    let shared = unsafe { &*shared.cast::<Shared<'_>>() };
    let error = become_program(shared.orders);
    shared.failed.store(i32::try_from(-error).unwrap_or(libc::EINVAL), Ordering::Release);
    raw::exit(127)
}

/// Returns the error number, negative.
fn become_program(orders: &Orders) -> isize {
    let pointer = |p: *const c_char| p.addr().cast_signed();
    let numbers = |p: *const *const c_char| p.addr().cast_signed();
    // SAFETY: integers, and pointers into what the caller keeps until we are executed.
    unsafe {
        let kill = libc::SIGKILL as isize;
        raw::call(libc::SYS_prctl, [libc::PR_SET_PDEATHSIG as isize, kill, 0, 0, 0]);
        let mut done = raw::call(libc::SYS_setsid, [0; 5]);
        for (from, to) in orders.standard.into_iter().zip(0..).chain(orders.trace) {
            // The copy has no close-on-exec flag.
            done = done.min(raw::call(libc::SYS_dup3, [from as isize, to as isize, 0, 0, 0]));
        }
        if orders.terminal {
            done = done.min(raw::call(libc::SYS_ioctl, [0, libc::TIOCSCTTY as isize, 0, 0, 0]));
        }
        done = done.min(raw::call(libc::SYS_chdir, [pointer(orders.cwd), 0, 0, 0, 0]));
        if done < 0 {
            return done;
        }
        // As every program expects to find them: the Rust runtime ignores SIGPIPE.
        reset_signal(libc::SIGPIPE);
        let none = 0u64;
        let mask = (&raw const none).addr().cast_signed();
        raw::call(libc::SYS_rt_sigprocmask, [libc::SIG_SETMASK as isize, mask, 0, 8, 0]);
        let (arguments, environment) = (numbers(orders.arguments), numbers(orders.environment));
        raw::call(libc::SYS_execve, [pointer(orders.program), arguments, environment, 0, 0])
    }
}

/// Waits for all that have ended, and tells how the program did unless nobody asks any more; ends this process when
/// there is nothing left to wait for.
fn reap(program: pid_t, status: Option<c_int>) {
    loop {
        let mut how: c_int = 0;
        let at = (&raw mut how).addr().cast_signed();
        // SAFETY: writes the status into a local.
        let ended = unsafe { raw::call(libc::SYS_wait4, [-1, at, libc::WNOHANG as isize, 0, 0]) };
        match ended {
            0 => return,
            ..0 => raw::exit(0),
            _ if ended == program as isize => {
                if let Some(status) = status {
                    write_number(status, how);
                }
            }
            _ => {}
        }
    }
}

/// The next of SIGCHLD and SIGTERM, which are blocked and so wait for us.
fn wait_for_signal() -> c_int {
    let set: u64 = 1 << (libc::SIGCHLD - 1) | 1 << (libc::SIGTERM - 1);
    let at = (&raw const set).addr().cast_signed();
    // SAFETY: reads a local set of eight bytes.
    let signal = unsafe { raw::call(libc::SYS_rt_sigtimedwait, [at, 0, 0, 8, 0]) };
    c_int::try_from(signal).unwrap_or(0)
}

/// Ends the children; what they leave comes to us, and each end wakes us for the next look
/// (`/proc/thread-self/children`, proc_pid_task(5)).
fn end_children() {
    let mut text = [0u8; 4096];
    let path = c"/proc/thread-self/children".as_ptr().addr().cast_signed();
    // SAFETY: a literal path and a local buffer.
    let length = unsafe {
        let flags = (libc::O_RDONLY | libc::O_CLOEXEC) as isize;
        let fd = raw::call(libc::SYS_openat, [libc::AT_FDCWD as isize, path, flags, 0, 0]);
        if fd < 0 {
            return;
        }
        let at = text.as_mut_ptr().addr().cast_signed();
        let length = raw::call(libc::SYS_read, [fd, at, text.len().cast_signed(), 0, 0]);
        raw::call(libc::SYS_close, [fd, 0, 0, 0, 0]);
        length
    };
    let mut pid: isize = 0;
    for &byte in text.iter().take(usize::try_from(length).unwrap_or(0)) {
        if byte.is_ascii_digit() {
            pid = pid.wrapping_mul(10).wrapping_add(isize::from(byte - b'0'));
        } else if pid > 1 {
            // SAFETY: integers.
            unsafe { raw::call(libc::SYS_kill, [pid, libc::SIGKILL as isize, 0, 0, 0]) };
            pid = 0;
        }
    }
}

fn close_all_but(keep: c_int) {
    let keep = keep as isize;
    // SAFETY: closes descriptors of this process, which uses none but `keep` from here on; our table is our own.
    unsafe {
        let below = keep == 0 || raw::call(libc::SYS_close_range, [0, keep - 1, 0, 0, 0]) == 0;
        let above = raw::call(libc::SYS_close_range, [keep + 1, u32::MAX as isize, 0, 0, 0]) == 0;
        if below && above {
            return;
        }
        // Kernels before 5.9 have no close_range(2); what was opened here has small numbers.
        for fd in (0..4096).filter(|&fd| fd != keep) {
            raw::call(libc::SYS_close, [fd, 0, 0, 0, 0]);
        }
    }
}

fn write_number(fd: c_int, number: c_int) {
    let at = (&raw const number).addr().cast_signed();
    // SAFETY: reads a local. Nobody may be reading any more; SIGPIPE is blocked.
    unsafe { raw::call(libc::SYS_write, [fd as isize, at, size_of::<c_int>().cast_signed(), 0, 0]) };
}
