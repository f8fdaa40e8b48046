//! Linux: processes from `/proc`.
//!
//! A process's environment is what it was given when it was executed (`/proc/PID/environ`, proc(5)); what it set
//! later is not visible.

use super::HandOver;
use super::files::read_error;
use crate::{Glimpse, Process, ReadError, RunOutcome, RunSpec};
use model::{Name, Value};
use std::os::unix::fs::MetadataExt as _;
use std::sync::OnceLock;

pub(super) use super::unix::{
    environment, hand_over, host_name, is_executable, registry_subkeys, registry_values, user, user_id,
};

/// Larger than what `/proc/PID/stat` and most command lines take.
const PROC_ROOM: usize = 2048;
/// `PF_KTHREAD` (linux: include/linux/sched.h), in field 9 of `/proc/PID/stat`.
const KERNEL_THREAD: u64 = 0x0020_0000;

pub(super) fn processes() -> Vec<Process> {
    pids().into_iter().filter_map(one_process).collect()
}

/// In order.
fn pids() -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let mut pids: Vec<u32> =
        entries.filter_map(|e| e.ok()?.file_name().to_str()?.parse::<u32>().ok()).collect();
    pids.sort_unstable();
    pids
}

pub(super) fn glimpses() -> Vec<Glimpse> {
    pids().into_iter().filter_map(glimpse).collect()
}

fn glimpse(pid: u32) -> Option<Glimpse> {
    let exe = match std::fs::read_link(format!("/proc/{pid}/exe")) {
        Ok(path) => Some(path.to_string_lossy().into_owned()),
        // A kernel thread, a zombie, or ended by now (proc_pid_exe(5)): no process of [`processes`] either. Most are
        // such threads, and are passed over by this one call.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(_) => None,
    };
    let stat = Stat::parse(&read_proc(&format!("/proc/{pid}/stat"))?).filter(|s| !s.kernel_thread)?;
    Some(Glimpse { pid, parent: stat.parent, name: stat.name, exe })
}

pub(super) fn one_process(pid: u32) -> Option<Process> {
    static OWN: OnceLock<(i64, Option<(u64, u64)>)> = OnceLock::new();
    let (boot_ms, own) = OWN.get_or_init(|| (boot_time_ms(), namespaces("self")));
    process(pid, *boot_ms, own.as_ref())
}

fn process(pid: u32, boot_ms: i64, own: Option<&(u64, u64)>) -> Option<Process> {
    let folder = format!("/proc/{pid}");
    let stat = read_proc(&format!("{folder}/stat"))?;
    let stat = Stat::parse(&stat).filter(|s| !s.kernel_thread)?;
    let uid = std::fs::metadata(&folder).ok()?.uid();
    let args = read_proc(&format!("{folder}/cmdline"))?;
    // A zombie has no command line any more.
    if args.is_empty() {
        return None;
    }
    let link = |name: &str| {
        std::fs::read_link(format!("{folder}/{name}")).ok().map(|p| p.to_string_lossy().into_owned())
    };
    let theirs = namespaces(&pid.to_string());
    Some(Process {
        pid,
        parent: stat.parent,
        uid,
        name: stat.name,
        exe: link("exe"),
        args: split_nul(&args).map(Value::from).collect(),
        started_ms: boot_ms + i64::try_from(stat.start_ticks * 1000 / ticks_per_second()).unwrap_or(0),
        // Where the namespaces may not be read the process is another user's; that is told by its uid.
        same_namespace: theirs.is_none() || theirs.as_ref() == own,
        cwd: link("cwd"),
    })
}

/// Reads a file of `/proc`, whose length is not told, in as few reads as may be.
pub(super) fn read_proc(path: &str) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path).ok()?;
    let mut bytes = vec![0; PROC_ROOM];
    // A read that does not fill its room has given all that there is (linux: fs/seq_file.c, fs/proc/base.c).
    let length = file.read(&mut bytes).ok()?;
    bytes.truncate(length);
    if length == PROC_ROOM {
        file.read_to_end(&mut bytes).ok()?;
    }
    Some(bytes)
}

/// Inodes of the pid and mount namespaces.
fn namespaces(pid: &str) -> Option<(u64, u64)> {
    let inode = |kind: &str| std::fs::metadata(format!("/proc/{pid}/ns/{kind}")).ok().map(|m| m.ino());
    Some((inode("pid")?, inode("mnt")?))
}

/// The fields of `/proc/PID/stat` that are used (proc_pid_stat(5)).
pub(super) struct Stat {
    pub(super) name: String,
    /// `R` running, `D` waiting for a disk, `Z` ended and not yet waited for, and so on.
    pub(super) state: u8,
    pub(super) parent: u32,
    pub(super) kernel_thread: bool,
    /// User and system time, its own and that of the children it waited for.
    pub(super) cpu_ticks: u64,
    pub(super) threads: u64,
    pub(super) start_ticks: u64,
}

impl Stat {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        // The name stands in parentheses and may itself contain any byte, `)` too: the last one ends it.
        let open = bytes.iter().position(|&b| b == b'(')?;
        let close = bytes.iter().rposition(|&b| b == b')')?;
        let name = String::from_utf8_lossy(bytes.get(open + 1..close)?).into_owned();
        let rest = std::str::from_utf8(bytes.get(close + 2..)?).ok()?;
        // There are more of them, which are not used.
        let mut fields = [""; 20];
        fields.iter_mut().zip(rest.split_ascii_whitespace()).for_each(|(place, field)| *place = field);
        // Field numbers of the manual page count from 1; `rest` begins with field 3.
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        Some(Self {
            name,
            state: fields.first()?.bytes().next()?,
            parent: u32::try_from(number(4)?).ok()?,
            kernel_thread: number(9)? & KERNEL_THREAD != 0,
            cpu_ticks: number(14)? + number(15)? + number(16)? + number(17)?,
            threads: number(20)?,
            start_ticks: number(22)?,
        })
    }
}

pub(super) fn ticks_per_second() -> u64 {
    let ticks = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok().flatten();
    ticks.and_then(|t| u64::try_from(t).ok()).filter(|&t| t > 0).unwrap_or(100)
}

fn boot_time_ms() -> i64 {
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let seconds: i64 =
        stat.lines().find_map(|l| l.strip_prefix("btime ")).and_then(|t| t.trim().parse().ok()).unwrap_or(0);
    seconds * 1000
}

pub(super) fn process_environment(pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
    let block = std::fs::read(format!("/proc/{pid}/environ")).map_err(|e| read_error(&e))?;
    Ok(super::unix::parse_block(&block))
}

fn split_nul(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    bytes.split(|&b| b == 0)
}

pub(super) fn run(spec: &RunSpec, hand_over: &HandOver) -> RunOutcome {
    super::unix::run::run(spec, hand_over)
}

/// Whether this program runs below a run of its own: a start-up file has started it. Its supervisor, a fork of it,
/// stands among the ancestors then.
pub(super) fn inside_own_run() -> bool {
    let Ok(own) = std::fs::metadata("/proc/self/exe").map(|m| (m.dev(), m.ino())) else { return false };
    let mut pid = std::os::unix::process::parent_id();
    let mut steps = 0;
    while pid > 1 && steps < 1000 {
        if std::fs::metadata(format!("/proc/{pid}/exe")).is_ok_and(|m| (m.dev(), m.ino()) == own) {
            return true;
        }
        let Some(stat) = read_proc(&format!("/proc/{pid}/stat")).and_then(|b| Stat::parse(&b)) else {
            return false;
        };
        pid = stat.parent;
        steps += 1;
    }
    false
}
