//! macOS: processes through libproc and `sysctl`; files, environment, user and runs as on every Unix.
//!
//! What `KERN_PROCARGS2` gives is what the process was given when it was executed. The system withholds the
//! environment of programs with a hardened runtime; such a block ends after the arguments and is then "may not be
//! read", never "empty".

#![expect(unsafe_code, reason = "libproc and sysctl have no safe form here; each block says why it is sound")]

use super::HandOver;
use crate::{Glimpse, Process, ReadError, RunOutcome, RunSpec};
use model::{Name, Value};
use nix::libc;
use std::ffi::c_void;

pub(super) use super::unix::{
    environment, hand_over, host_name, is_executable, registry_subkeys, registry_values, user, user_id,
};

/// Room for a path (`PROC_PIDPATHINFO_MAXSIZE`, libproc.h).
const PATH_ROOM: usize = 4096;

pub(super) fn processes() -> Vec<Process> {
    let mut processes: Vec<Process> = pids().into_iter().filter_map(process).collect();
    processes.sort_by_key(|p| p.pid);
    processes
}

pub(super) fn glimpses() -> Vec<Glimpse> {
    processes().into_iter().map(Glimpse::from).collect()
}

pub(super) fn one_process(pid: u32) -> Option<Process> {
    process(libc::pid_t::try_from(pid).ok()?)
}

fn pids() -> Vec<libc::pid_t> {
    // SAFETY: without a buffer the call only counts.
    let count = unsafe { libc::proc_listallpids(std::ptr::null_mut(), 0) };
    // More may be born until the second call.
    let mut pids = vec![0; usize::try_from(count).unwrap_or(0) + 64];
    let room = libc::c_int::try_from(std::mem::size_of_val(pids.as_slice())).unwrap_or(libc::c_int::MAX);
    // SAFETY: the buffer is as long as is said.
    let count = unsafe { libc::proc_listallpids(pids.as_mut_ptr().cast(), room) };
    pids.truncate(usize::try_from(count).unwrap_or(0));
    pids
}

fn process(pid: libc::pid_t) -> Option<Process> {
    // SAFETY: all-zero bytes are a valid value of this plain structure.
    let mut info: libc::proc_bsdinfo = unsafe { std::mem::zeroed() };
    let size = libc::c_int::try_from(size_of::<libc::proc_bsdinfo>()).ok()?;
    // SAFETY: the buffer is as long as is said.
    let got = unsafe { libc::proc_pidinfo(pid, libc::PROC_PIDTBSDINFO, 0, (&raw mut info).cast(), size) };
    if got != size {
        return None;
    }
    let name: Vec<u8> = info.pbi_comm.iter().take_while(|&&c| c != 0).map(|c| c.cast_unsigned()).collect();
    let args = arguments(pid).map(|block| block.args).unwrap_or_default();
    let seconds = i64::try_from(info.pbi_start_tvsec).unwrap_or(0);
    let micros = i64::try_from(info.pbi_start_tvusec).unwrap_or(0);
    Some(Process {
        pid: info.pbi_pid,
        parent: info.pbi_ppid,
        uid: info.pbi_uid,
        name: String::from_utf8_lossy(&name).into_owned(),
        exe: path_of(pid),
        args: args.into_iter().map(Value::from).collect(),
        started_ms: seconds * 1000 + micros / 1000,
        same_namespace: true,
        cwd: None,
    })
}

fn path_of(pid: libc::pid_t) -> Option<String> {
    let mut path = vec![0u8; PATH_ROOM];
    // SAFETY: the buffer is as long as is said.
    let length = unsafe { libc::proc_pidpath(pid, path.as_mut_ptr().cast::<c_void>(), PATH_ROOM as u32) };
    path.truncate(usize::try_from(length).unwrap_or(0));
    String::from_utf8(path).ok().filter(|p| !p.is_empty())
}

pub(super) fn process_environment(pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
    let pid = libc::pid_t::try_from(pid).map_err(|_| ReadError::NotFound)?;
    let block = arguments(pid)?;
    if block.environment.is_empty() {
        return Err(ReadError::Denied);
    }
    Ok(super::unix::parse_block(&block.environment))
}

struct Block {
    args: Vec<Vec<u8>>,
    environment: Vec<u8>,
}

/// Layout: `argc` (four bytes), the program's path, NULs up to the next word, the arguments, the environment.
fn arguments(pid: libc::pid_t) -> Result<Block, ReadError> {
    let bytes = procargs(pid)?;
    let malformed = || ReadError::Other("cannot be read: its block is malformed".to_owned());
    let (count, rest) = bytes.split_first_chunk::<4>().ok_or_else(malformed)?;
    let count = usize::try_from(i32::from_ne_bytes(*count)).map_err(|_| malformed())?;
    let path_end = rest.iter().position(|&b| b == 0).ok_or_else(malformed)?;
    let mut at = path_end + rest[path_end..].iter().take_while(|&&b| b == 0).count();
    let mut args = Vec::new();
    for _ in 0..count {
        let end = rest[at..].iter().position(|&b| b == 0).ok_or_else(malformed)? + at;
        args.push(rest[at..end].to_vec());
        at = end + 1;
    }
    let environment = rest.get(at..).unwrap_or_default();
    // The environment ends at the first empty string; what follows is the kernel's own ("apple" strings).
    let end = environment.windows(2).position(|w| w == [0, 0]).map_or(environment.len(), |n| n + 1);
    let environment = if environment.first() == Some(&0) { Vec::new() } else { environment[..end].to_vec() };
    Ok(Block { args, environment })
}

fn procargs(pid: libc::pid_t) -> Result<Vec<u8>, ReadError> {
    let mut name = [libc::CTL_KERN, libc::KERN_PROCARGS2, pid];
    // The longest block that exec takes (KERN_ARGMAX is 1 MiB).
    let mut size: usize = 1 << 20;
    let mut bytes = vec![0u8; size];
    // SAFETY: name and buffer are as long as is said; the kernel writes at most `size` bytes.
    let failed = unsafe {
        libc::sysctl(name.as_mut_ptr(), 3, bytes.as_mut_ptr().cast(), &raw mut size, std::ptr::null_mut(), 0)
    };
    if failed != 0 {
        return Err(match std::io::Error::last_os_error().raw_os_error() {
            // An ended process, and also one of another user (XNU sysctl_procargsx).
            Some(libc::EINVAL) => ReadError::Denied,
            _ => super::files::read_error(&std::io::Error::last_os_error()),
        });
    }
    bytes.truncate(size);
    Ok(bytes)
}

pub(super) fn run(spec: &RunSpec, hand_over: &HandOver) -> RunOutcome {
    super::unix::run::run(spec, hand_over)
}

/// Whether a start-up file that we run has started this program: an ancestor is of the same file.
pub(super) fn inside_own_run() -> bool {
    let Some(own) = libc::pid_t::try_from(std::process::id()).ok().and_then(path_of) else { return false };
    let all = processes();
    let parent_of = |pid: u32| all.iter().find(|p| p.pid == pid).map(|p| p.parent);
    let mut pid = std::os::unix::process::parent_id();
    for _ in 0..1000 {
        if pid <= 1 {
            return false;
        }
        if libc::pid_t::try_from(pid).ok().and_then(path_of).as_ref() == Some(&own) {
            return true;
        }
        match parent_of(pid) {
            Some(parent) => pid = parent,
            None => return false,
        }
    }
    false
}
