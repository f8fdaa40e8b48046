//! The processes of a run: how much they have worked, whether one waits for the terminal, and their end.
//!
//! On Linux every process that a run starts stays below its supervisor, which is their "subreaper" (prctl(2)):
//! daemons too. Elsewhere only the process group can be reached.

#[cfg(target_os = "linux")]
pub(super) use linux::{end, left, look, settle};
#[cfg(not(target_os = "linux"))]
pub(super) use others::{end, left, look, settle};

/// A look at the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// CPU time of all living processes, milliseconds, and how many there are: changes mean progress.
    pub(super) cpu_ms: u64,
    pub(super) processes: usize,
    /// A process sleeps in a read of a terminal.
    pub(super) waits_for_terminal: bool,
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Look;
    use crate::os::linux::{Stat, read_proc, ticks_per_second};
    use std::collections::BTreeMap;
    use std::time::{Duration, Instant};

    /// Kernel functions in which a read of a terminal sleeps (drivers/tty/n_tty.c `n_tty_read`, which waits in
    /// `wait_woken`).
    const TERMINAL_READS: &[&str] = &["wait_woken", "n_tty_read"];

    /// Where a process sleeps is looked up only if nothing has happened since the look `before`.
    pub(in crate::os::unix) fn look(supervisor: u32, before: Look) -> Look {
        let all = below(supervisor);
        let cpu_ms = all.iter().map(|(_, stat)| stat.cpu_ticks * 1000 / ticks_per_second()).sum();
        let mut look = Look { cpu_ms, processes: all.len(), waits_for_terminal: false };
        if (look.cpu_ms, look.processes) == (before.cpu_ms, before.processes) {
            look.waits_for_terminal = all.iter().any(|(pid, _)| {
                let wchan = std::fs::read_to_string(format!("/proc/{pid}/wchan")).unwrap_or_default();
                TERMINAL_READS.contains(&wchan.as_str())
            });
        }
        look
    }

    /// Names of the processes that are still there.
    pub(in crate::os::unix) fn left(supervisor: u32) -> Vec<String> {
        below(supervisor).into_iter().map(|(_, stat)| stat.name).collect()
    }

    /// How long work in the background may go on after the hand-over, and how long it may stand still meanwhile.
    const SETTLE_AT_MOST: Duration = Duration::from_millis(1500);
    const SETTLE_STILL: Duration = Duration::from_millis(60);
    const SETTLE_LOOK: Duration = Duration::from_millis(10);
    /// The program itself and what hands over its environment.
    const ALONE: usize = 2;

    /// Lets jobs in the background come to their end as long as they work: one that is ended half-way would leave its
    /// temporary file in the user's home, where an ordinary start leaves none (oh-my-zsh's plugins write completions
    /// by `command >| "$tmp" && mv … &|`). What sleeps is a daemon, and not waited for.
    pub(in crate::os::unix) fn settle(supervisor: u32) {
        if is_alone(supervisor) {
            return;
        }
        let begun = Instant::now();
        let mut worked = begun;
        let mut before = (0, 0);
        while begun.elapsed() < SETTLE_AT_MOST && worked.elapsed() < SETTLE_STILL {
            let all = below(supervisor);
            if all.len() <= ALONE {
                return;
            }
            let cpu = all.iter().map(|(_, stat)| stat.cpu_ticks).sum();
            // Running, or waiting for a disk.
            if (all.len(), cpu) != before || all.iter().any(|(_, stat)| matches!(stat.state, b'R' | b'D')) {
                worked = Instant::now();
            }
            before = (all.len(), cpu);
            std::thread::sleep(SETTLE_LOOK);
        }
    }

    /// Whether there is nothing but the program and what hands over its environment. This is the rule, and is told by
    /// fewer files than a whole look takes; what is not the rule is looked at.
    fn is_alone(supervisor: u32) -> bool {
        let mut pid = supervisor;
        for _ in 0..=ALONE {
            match only_children(pid).as_deref() {
                Some([]) => return true,
                Some(&[child]) => pid = child,
                _ => return false,
            }
        }
        false
    }

    /// The children of a process of one thread.
    fn only_children(pid: u32) -> Option<Vec<u32>> {
        use std::os::unix::fs::MetadataExt as _;
        // Each thread is a link of that folder (linux: fs/proc/base.c proc_task_getattr).
        let links = std::fs::metadata(format!("/proc/{pid}/task")).ok()?.nlink();
        if links == 3 { children(pid, 1) } else { None }
    }

    /// Ends every process below the supervisor. New ones may be born while we look, so it is done until none is left.
    pub(in crate::os::unix) fn end(supervisor: u32) {
        // A fork bomb could outrun us for ever; the bound keeps us honest about our own end.
        for _ in 0..1000 {
            let pids = below(supervisor);
            if pids.is_empty() {
                return;
            }
            for (pid, _) in pids {
                let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).unwrap_or(i32::MAX));
                let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
            }
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
    }

    fn stat(pid: u32) -> Option<Stat> {
        let stat = read_proc(&format!("/proc/{pid}/stat")).and_then(|bytes| Stat::parse(&bytes))?;
        // A zombie has ended; its parent has not looked yet.
        (stat.state != b'Z').then_some(stat)
    }

    /// All living descendants, without the supervisor.
    fn below(supervisor: u32) -> Vec<(u32, Stat)> {
        let Some(first) = children(supervisor, 1) else { return below_by_scan(supervisor) };
        let mut next = first;
        let mut all = Vec::new();
        while let Some(pid) = next.pop() {
            let Some(stat) = stat(pid) else { continue };
            next.extend(children(pid, stat.threads).unwrap_or_default());
            all.push((pid, stat));
        }
        all
    }

    /// `/proc/PID/task/TID/children` of every thread; `None` where the kernel has no such file.
    fn children(pid: u32, threads: u64) -> Option<Vec<u32>> {
        let listed = |path: &str| {
            let text = String::from_utf8(read_proc(path)?).ok()?;
            Some(text.split_ascii_whitespace().filter_map(|t| t.parse::<u32>().ok()).collect::<Vec<u32>>())
        };
        if threads == 1 {
            return listed(&format!("/proc/{pid}/task/{pid}/children"));
        }
        let mut pids = Vec::new();
        for task in std::fs::read_dir(format!("/proc/{pid}/task")).ok()? {
            pids.extend(listed(task.ok()?.path().join("children").to_str()?)?);
        }
        Some(pids)
    }

    fn below_by_scan(supervisor: u32) -> Vec<(u32, Stat)> {
        let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
        let all: Vec<(u32, Stat)> = entries
            .filter_map(|e| e.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .filter_map(|pid| Some((pid, stat(pid)?)))
            .collect();
        let parents: BTreeMap<u32, u32> = all.iter().map(|(pid, stat)| (*pid, stat.parent)).collect();
        let is_below = |mut pid: u32| {
            for _ in 0..parents.len() {
                match parents.get(&pid) {
                    Some(&parent) if parent == supervisor => return true,
                    Some(&parent) => pid = parent,
                    None => return false,
                }
            }
            false
        };
        all.into_iter().filter(|&(pid, _)| is_below(pid)).collect()
    }
}

#[cfg(not(target_os = "linux"))]
mod others {
    use super::Look;

    pub(in crate::os::unix) fn look(_leader: u32, _before: Look) -> Look {
        Look::default()
    }

    pub(in crate::os::unix) fn left(_leader: u32) -> Vec<String> {
        Vec::new()
    }

    pub(in crate::os::unix) fn settle(_leader: u32) {}

    pub(in crate::os::unix) fn end(leader: u32) {
        let group = nix::unistd::Pid::from_raw(i32::try_from(leader).unwrap_or(i32::MAX));
        let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
    }
}
