//! A child whose writing calls are counted, and which is killed at one, or told that it failed.
//!
//! x86-64: arguments and results are looked for in its registers (syscall(2), "Architecture calling conventions").

use super::scenario::ACT;
use crate::failure::{Doing as _, Done, Failure};
use nix::libc::{self, c_int, c_long};
use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    KillBefore,
    KillAfter,
    /// Half of the bytes are written, then the child is killed.
    KillHalf,
    /// The call is not made and answers with this error.
    Error(c_int),
    /// This call and all later ones that need space are not made and answer ENOSPC.
    Full,
}

/// At which of the writing calls, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trap {
    pub(super) at: usize,
    pub(super) what: What,
}

/// A writing call that the child made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: &'static str,
    /// Whether it may need space on the disk.
    pub(super) needs_space: bool,
    /// Bytes that it was to write, of calls that write bytes.
    pub(super) bytes: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Exited(i32),
    Killed,
}

/// Called by the child: stops until the tracer lets it go.
pub(super) fn wait_for_tracer() {
    if ptrace::traceme().is_ok() {
        let _ = raise(Signal::SIGSTOP);
    }
}

/// Runs an act of a scenario in a child, to its end or to the trap.
pub(super) fn run(scenario: &str, act: &str, home: &Path, trap: Option<Trap>) -> Done<(Vec<Call>, Status)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([ACT, scenario, act])
        .arg(home)
        .stderr(Stdio::null())
        .spawn()
        .doing("starting a child")?;
    let pid = Pid::from_raw(i32::try_from(child.id()).map_err(|_| Failure::new("a pid"))?);
    let result = follow(pid, trap);
    if result.is_err() {
        let _ = child.kill();
    }
    reap(&mut child);
    result
}

/// The tracer has waited for it already, or it was killed just now.
fn reap(child: &mut Child) {
    let _ = child.wait();
}

fn follow(pid: Pid, trap: Option<Trap>) -> Done<(Vec<Call>, Status)> {
    let stopped = waitpid(pid, None).doing("waiting for the child")?;
    if !matches!(stopped, WaitStatus::Stopped(_, Signal::SIGSTOP)) {
        return Err(Failure::new(format!("the child did not stop: {stopped:?}")));
    }
    let options = ptrace::Options::PTRACE_O_TRACESYSGOOD | ptrace::Options::PTRACE_O_EXITKILL;
    ptrace::setoptions(pid, options).doing("tracing")?;
    let mut calls = Vec::new();
    let mut inside: Option<Inside> = None;
    let mut entering = true;
    let mut signal = None;
    loop {
        ptrace::syscall(pid, signal.take()).doing("tracing")?;
        match waitpid(pid, None).doing("waiting for the child")? {
            WaitStatus::Exited(_, status) => return Ok((calls, Status::Exited(status))),
            WaitStatus::Signaled(..) => return Ok((calls, Status::Killed)),
            WaitStatus::Stopped(_, other) => signal = Some(other),
            WaitStatus::PtraceSyscall(_) if entering => {
                entering = false;
                inside = enter(pid, &mut calls, trap)?;
                if matches!(inside, Some(Inside::Kill)) {
                    return end(pid, calls);
                }
            }
            WaitStatus::PtraceSyscall(_) => {
                entering = true;
                match inside.take() {
                    Some(Inside::KillAfter) => return end(pid, calls),
                    Some(Inside::Answer(error)) => {
                        let mut registers = ptrace::getregs(pid).doing("reading registers")?;
                        registers.rax = (-i64::from(error)).cast_unsigned();
                        ptrace::setregs(pid, registers).doing("setting registers")?;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// What is to be done with the call that the child is in.
enum Inside {
    Kill,
    KillAfter,
    Answer(c_int),
}

fn end(pid: Pid, calls: Vec<Call>) -> Done<(Vec<Call>, Status)> {
    kill(pid, Signal::SIGKILL).doing("killing the child")?;
    waitpid(pid, None).doing("waiting for the child")?;
    Ok((calls, Status::Killed))
}

fn enter(pid: Pid, calls: &mut Vec<Call>, trap: Option<Trap>) -> Done<Option<Inside>> {
    let mut registers = ptrace::getregs(pid).doing("reading registers")?;
    let arguments = [registers.rdi, registers.rsi, registers.rdx];
    let Some(call) = writing(registers.orig_rax.cast_signed(), arguments) else { return Ok(None) };
    let index = calls.len();
    calls.push(call);
    let Some(Trap { at, what }) = trap else { return Ok(None) };
    let full = what == What::Full && index >= at && call.needs_space;
    if index != at && !full {
        return Ok(None);
    }
    let not_made = |mut registers: libc::user_regs_struct| {
        // No call has this number: the kernel makes none (ptrace(2)).
        registers.orig_rax = u64::MAX;
        ptrace::setregs(pid, registers).doing("setting registers")
    };
    Ok(match what {
        What::KillBefore => Some(Inside::Kill),
        What::KillAfter => Some(Inside::KillAfter),
        What::KillHalf => {
            registers.rdx /= 2;
            ptrace::setregs(pid, registers).doing("setting registers")?;
            Some(Inside::KillAfter)
        }
        What::Error(error) => {
            not_made(registers)?;
            Some(Inside::Answer(error))
        }
        What::Full if full => {
            not_made(registers)?;
            Some(Inside::Answer(libc::ENOSPC))
        }
        What::Full => None,
    })
}

/// A call that changes a file, a name or what lasts of them. What is said on stdout and stderr is none.
fn writing(number: c_long, [first, second, third]: [u64; 3]) -> Option<Call> {
    let call = |name, needs_space| Some(Call { name, needs_space, bytes: None });
    match number {
        libc::SYS_write | libc::SYS_pwrite64 => {
            (first > 2).then_some(Call { name: "write", needs_space: true, bytes: Some(third) })
        }
        libc::SYS_openat => opens(third).then_some(Call { name: "openat", needs_space: true, bytes: None }),
        libc::SYS_open => opens(second).then_some(Call { name: "open", needs_space: true, bytes: None }),
        libc::SYS_fsync | libc::SYS_fdatasync => call("fsync", false),
        libc::SYS_rename | libc::SYS_renameat | libc::SYS_renameat2 => call("rename", true),
        libc::SYS_link | libc::SYS_linkat => call("link", true),
        libc::SYS_unlink | libc::SYS_unlinkat => call("unlink", false),
        libc::SYS_mkdir | libc::SYS_mkdirat => call("mkdir", true),
        libc::SYS_rmdir => call("rmdir", false),
        libc::SYS_ftruncate => call("ftruncate", false),
        libc::SYS_fallocate => call("fallocate", true),
        libc::SYS_fchmod | libc::SYS_chmod | libc::SYS_fchmodat => call("chmod", false),
        libc::SYS_fchown | libc::SYS_chown | libc::SYS_fchownat => call("chown", false),
        libc::SYS_fsetxattr | libc::SYS_setxattr => call("setxattr", true),
        libc::SYS_fremovexattr | libc::SYS_removexattr => call("removexattr", false),
        libc::SYS_flock => call("flock", false),
        _ => None,
    }
}

fn opens(flags: u64) -> bool {
    let flags = flags as c_int;
    flags & (libc::O_CREAT | libc::O_WRONLY | libc::O_RDWR) != 0
}
