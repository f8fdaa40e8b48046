//! The runs of a survey made by a plain script: the same programs in the same modes on the same terminals, as often, one
//! shell's starts one after another and the shells side by side. Nothing is watched, limited or cleaned up.
//!
//! Nothing of the product is used here but what its runs are given.

// A controlling terminal is made between fork and exec, which has no safe form.
#![expect(unsafe_code, reason = "what happens between fork and exec")]

use super::survey::{Captured, Runs};
use crate::failure::{Doing as _, Done, Failure};
use model::Value;
use nix::sys::termios::{LocalFlags, tcgetattr};
use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;
use system::RunSpec;

/// What stands in the place of the hand-over: a program that is given the environment, and prints it.
const ASKED: &str = "/usr/bin/env -0";

/// How often it is looked whether a prompt is there to type at.
const LOOK: Duration = Duration::from_millis(1);

/// Starts everything as often as the survey did.
pub(super) fn run(runs: &Runs) -> Done {
    std::thread::scope(|scope| {
        let threads: Vec<_> = runs
            .by_shell
            .values()
            .map(|starts| scope.spawn(move || starts.iter().try_for_each(starts_of_one)))
            .collect();
        for spec in &runs.others {
            start(spec, &spec.program, &arguments(&spec.args))?;
        }
        for thread in threads {
            thread.join().map_err(|_| Failure::new("a thread ended in a panic"))??;
        }
        Ok(())
    })
}

/// The plain start, and again for each run that was made for its origins: of the same program, or where another one stood
/// in for it, of that one in the same mode.
fn starts_of_one(captured: &Captured) -> Done {
    let plain = &captured.plain;
    start(plain, &plain.program, &arguments(&plain.args))?;
    for other in &captured.others {
        if other.program == plain.program {
            start(plain, &plain.program, &arguments(&plain.args))?;
        } else {
            let mode = ["--posix", "-l", "-i"].map(Value::from);
            let options = other.args.iter().filter(|a| mode.contains(a)).cloned();
            let all: Vec<Value> = options.chain(["-c".into(), ASKED.into()]).collect();
            start(&RunSpec { arg0: None, ..plain.clone() }, &other.program, &all)?;
        }
    }
    Ok(())
}

fn arguments(args: &[Value]) -> Vec<Value> {
    args.iter().map(|a| Value::from(a.to_text().replace("@HANDOVER@", ASKED).as_str())).collect()
}

fn start(spec: &RunSpec, program: &str, arguments: &[Value]) -> Done {
    let mut command = Command::new(program);
    if let Some(arg0) = &spec.arg0 {
        command.arg0(arg0);
    }
    command.args(arguments.iter().map(|a| OsStr::from_bytes(a.as_bytes())));
    command.env_clear().current_dir(&spec.cwd);
    command.envs(
        spec.env.iter().map(|(n, v)| (OsStr::from_bytes(n.as_bytes()), OsStr::from_bytes(v.as_bytes()))),
    );
    if spec.terminal.is_some() {
        return on_a_terminal(command, spec);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().doing(program)?;
    Ok(())
}

fn on_a_terminal(mut command: Command, spec: &RunSpec) -> Done {
    let pty = nix::pty::openpty(None, None).doing("a terminal")?;
    for fd in [&pty.master, &pty.slave] {
        let flag = nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC);
        nix::fcntl::fcntl(fd, flag).doing("a terminal")?;
    }
    command.stdin(pty.slave.try_clone()?).stdout(pty.slave.try_clone()?).stderr(pty.slave);
    // SAFETY: two system calls on integers between fork and exec.
    unsafe {
        command.pre_exec(|| {
            nix::unistd::setsid()?;
            if nix::libc::ioctl(0, nix::libc::TIOCSCTTY as _, 0) < 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(())
        });
    }
    let mut child = command.spawn().doing(&spec.program)?;
    // The command holds its ends of the terminal, which must not keep it open.
    drop(command);
    if spec.typed.is_some() {
        type_at_prompt(&pty.master)?;
    }
    let mut master = std::fs::File::from(pty.master);
    let mut buffer = [0; 4096];
    // A terminal whose last user is gone answers EIO.
    while master.read(&mut buffer).is_ok_and(|n| n > 0) {}
    child.wait()?;
    Ok(())
}

/// Waits for the line editor, which takes the terminal out of canonical mode.
fn type_at_prompt(master: &OwnedFd) -> Done {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    let mut terminal = std::fs::File::from(master.try_clone()?);
    let mut buffer = [0; 4096];
    let mut waited = Duration::ZERO;
    while tcgetattr(master).is_ok_and(|t| t.local_flags.contains(LocalFlags::ICANON)) {
        let mut fds = [PollFd::new(master.as_fd(), PollFlags::POLLIN)];
        let tick = PollTimeout::try_from(LOOK).unwrap_or(PollTimeout::ZERO);
        if poll(&mut fds, tick).doing("a terminal")? > 0 {
            if !terminal.read(&mut buffer).is_ok_and(|n| n > 0) {
                return Err(Failure::new("a shell ended before its first prompt"));
            }
        } else {
            waited += LOOK;
        }
        if waited > Duration::from_secs(20) {
            return Err(Failure::new("a shell came to no prompt"));
        }
    }
    Ok(terminal.write_all(format!(" exec {ASKED}\r").as_bytes())?)
}
