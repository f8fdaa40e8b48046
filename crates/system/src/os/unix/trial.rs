//! A program in a world in which some files hold something else: a mount namespace of its own, in which other files
//! stand over the real ones. Nothing outside it sees any of that, and it is gone with the last process in it.
//!
//! Only Linux has them. Not here: what the program is, and what its answer means.

use crate::trial::{Failed, Stood};
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `program` (with the environment and the folder of this process) and gives what it wrote to standard output.
pub(crate) fn run(program: &str, arguments: &[String], files: &[Stood]) -> Result<Vec<u8>, Failed> {
    let folder = tempfile::Builder::new().prefix("gowhence-trial-").tempdir().map_err(|e| Failed::new(&e))?;
    let mut over = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let copy = folder.path().join(n.to_string());
        std::fs::copy(&file.path, &copy).map_err(|e| Failed::new(&e))?;
        let mut open = std::fs::OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(&copy)
            .map_err(|e| Failed::new(&e))?;
        open.write_all(&file.bytes).map_err(|e| Failed::new(&e))?;
        over.push((copy, file.path.clone()));
    }
    let (uid, gid) = (nix::unistd::getuid(), nix::unistd::getgid());
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let enter = move || -> std::io::Result<()> {
        if unshare(CloneFlags::CLONE_NEWNS).is_err() {
            // A user other than root needs to be root of something first; whom it is to others stays as it is.
            unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS)?;
            std::fs::write("/proc/self/setgroups", "deny")?;
            std::fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
            std::fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))?;
        }
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)?;
        for (copy, path) in &over {
            mount(Some(copy.as_path()), Path::new(path), None::<&str>, MsFlags::MS_BIND, None::<&str>)?;
        }
        Ok(())
    };
    #[expect(
        unsafe_code,
        reason = "runs between fork and exec of a process that has but this one thread at that time"
    )]
    // SAFETY: only this thread is left in the child. It allocates, which glibc makes safe after fork (its locks are
    // taken around fork and given back in the child: pthread_atfork(3), malloc/arena.c).
    unsafe {
        command.pre_exec(enter);
    }
    let mut child = command.spawn().map_err(|e| Failed::new(&e))?;
    let mut out = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut out).map_err(|e| Failed::new(&e))?;
    }
    let status = child.wait().map_err(|e| Failed::new(&e))?;
    // 1 is the program's own way to say that something is wrong.
    if status.code().is_some_and(|code| code <= 1) {
        Ok(out)
    } else {
        Err(Failed { reason: format!("the trial ended with {status}") })
    }
}
