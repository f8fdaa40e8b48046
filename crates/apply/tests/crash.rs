//! On a fake machine, the process is killed at every step, before it and in the middle of it, and every step fails once:
//! all files of a change are old, or all are new, and the journal says which.
//!
//! Not here: the real machine, whose system calls `cargo xtask torture apply` interrupts.

use apply::{Applied, FilePlan, History, Journal, Outcome, Plan, Refusal, Which};
use std::collections::BTreeMap;
use system::System as _;
use system::memory::{Entry, Fault, MemoryDisk, MemorySystem};
use system::write::{Disk, WriteError};
use text::edit::Edit;

const STATE: &str = "/home/ann/.local/state/gowhence";

fn journal(disk: &dyn Disk) -> Journal<'_> {
    Journal { disk, folder: STATE.to_owned(), patience_ms: 0, waiting: &|| {} }
}

/// Two files with edits, one of them behind a link, one written in place, two that are new, folders for them.
fn machine() -> MemorySystem {
    MemorySystem::linux()
        .folder("/etc")
        .entry("/etc/environment", Entry::file("A=1\nB=2\n").mode(0o666))
        .file("/home/ann/.profile", "export A=1\r\nexport B=2")
        .file("/home/ann/dot/zshrc", "one\ntwo\n")
        .link("/home/ann/.zshrc", "dot/zshrc")
}

fn plan(disk: &dyn Disk) -> Plan {
    let read = |path: &str| disk.read(path).expect("it is there");
    let edit = |path: &str, edits| FilePlan::edit(path, &read(path), edits).expect("in range");
    Plan::new("a change of five files")
        .with(edit("/home/ann/.profile", vec![Edit::replace(7..8, "CHANGED"), Edit::insert(0, "# x\r\n")]))
        .with(FilePlan::append("/home/ann/.zshrc", Some(&read("/home/ann/.zshrc")), [b"three".as_slice()]))
        .with(edit("/etc/environment", vec![Edit::replace(2..3, "a longer value")]))
        .with(FilePlan::create("/home/ann/.config/go/env", "GOFLAGS=-mod=mod\n"))
        .with(FilePlan::create_private("/home/ann/.config/go/secret", "s\n"))
}

/// All files, links and folders but our own: path, mode, bytes.
type Picture = BTreeMap<String, (u32, Option<Vec<u8>>)>;

fn picture(machine: &MemorySystem) -> Picture {
    let mut found = Picture::new();
    let mut pending = vec!["/home/ann".to_owned(), "/etc".to_owned()];
    while let Some(folder) = pending.pop() {
        for name in machine.read_dir(&folder).expect("a folder") {
            let path = format!("{folder}/{name}");
            let metadata = machine.symlink_metadata(&path).expect("it was listed");
            let is_folder = metadata.kind == system::FileKind::Folder;
            if is_folder && !STATE.starts_with(&path) {
                pending.push(path.clone());
            }
            if !STATE.starts_with(&path) {
                found.insert(
                    path.clone(),
                    (metadata.mode, (!is_folder).then(|| machine.read(&path).expect("bytes"))),
                );
            }
        }
    }
    found
}

/// One thing that is done to a machine.
type Act = fn(&MemoryDisk) -> Result<Applied, Refusal>;

fn change(disk: &MemoryDisk) -> Result<Applied, Refusal> {
    apply::apply(&journal(disk), &plan(disk))
}

fn undo(disk: &MemoryDisk) -> Result<Applied, Refusal> {
    apply::undo(&journal(disk), Which::Latest)
}

fn redo(disk: &MemoryDisk) -> Result<Applied, Refusal> {
    apply::undo(&journal(disk), Which::LatestUndo)
}

fn history(machine: &MemorySystem) -> History {
    let disk = MemoryDisk::new(machine.clone());
    apply::log(&journal(&disk)).expect("readable")
}

/// Machines on which each act is possible.
fn acts() -> Vec<(&'static str, MemorySystem, Act)> {
    let changed = after(machine(), change);
    let undone = after(changed.clone(), undo);
    vec![("apply", machine(), change), ("undo", changed, undo), ("redo", undone, redo)]
}

fn after(machine: MemorySystem, act: Act) -> MemorySystem {
    let disk = MemoryDisk::new(machine);
    act(&disk).expect("possible");
    disk.machine()
}

fn disk(machine: &MemorySystem, swaps: bool) -> MemoryDisk {
    let disk = MemoryDisk::new(machine.clone());
    if swaps { disk } else { disk.without_swap() }
}

/// Whether the machine is wholly old or wholly new, and the journal says so.
fn check(name: &str, machine: &MemorySystem, old: &MemorySystem, new: &MemorySystem) {
    let now = picture(machine);
    let journal = history(machine);
    let more = journal.entries.len() > history(old).entries.len();
    let made = more && journal.entries.last().is_some_and(|e| matches!(e.outcome, Outcome::Made { .. }));
    assert!(journal.entries.iter().all(|e| e.outcome != Outcome::Unfinished), "{name}: all is finished");
    let expected = if made { picture(new) } else { picture(old) };
    assert_eq!(now, expected, "{name}: the journal says {}", if made { "made" } else { "not made" });
}

fn recovered(machine: &MemorySystem, swaps: bool) -> MemorySystem {
    let disk = disk(machine, swaps);
    apply::recover(&journal(&disk)).expect("recovery does its work");
    disk.machine()
}

fn faults() -> [Fault; 6] {
    let other = || WriteError::Other("input/output error".to_owned());
    let once = [WriteError::Full, WriteError::Denied, other()].map(Fault::Once);
    let [full, denied, error] = once;
    [Fault::Killed, Fault::Torn, Fault::Full, full, denied, error]
}

#[test]
fn a_step_that_fails_or_never_comes_leaves_all_old_or_all_new() {
    let mut points = 0;
    for (name, start, act) in acts() {
        for swaps in [true, false] {
            let whole = disk(&start, swaps);
            act(&whole).expect("possible");
            let (steps, end) = (whole.steps(), whole.machine());
            for step in 1..=steps {
                for fault in faults() {
                    let name = format!("{name}, step {step} of {steps}, {fault:?}, swaps: {swaps}");
                    let broken = disk(&start, swaps).failing(step, fault.clone());
                    let result = act(&broken);
                    points += 1;
                    let machine = recovered(&broken.machine(), swaps);
                    check(&name, &machine, &start, &end);
                    // What the caller was told is what happened, as long as there was a caller.
                    if matches!(fault, Fault::Once(_)) {
                        let made = picture(&machine) == picture(&end);
                        assert_eq!(result.is_ok(), made, "{name}: {result:?}");
                    }
                }
            }
        }
    }
    assert!(points > 1000, "{points} points");
}

#[test]
fn recovery_that_is_killed_is_done_by_the_next() {
    for (name, start, act) in acts() {
        for swaps in [true, false] {
            let whole = disk(&start, swaps);
            act(&whole).expect("possible");
            let (steps, end) = (whole.steps(), whole.machine());
            for step in 1..=steps {
                for fault in [Fault::Killed, Fault::Torn] {
                    let broken = disk(&start, swaps).failing(step, fault.clone());
                    let _ = act(&broken);
                    let left = broken.machine();
                    let calm = disk(&left, swaps);
                    apply::recover(&journal(&calm)).expect("recovery does its work");
                    for second in 1..=calm.steps() {
                        let name =
                            format!("{name}, step {step}, {fault:?}, recovery's {second}, swaps: {swaps}");
                        let again = disk(&left, swaps).failing(second, fault.clone());
                        let _ = apply::recover(&journal(&again));
                        check(&name, &recovered(&again.machine(), swaps), &start, &end);
                    }
                }
            }
        }
    }
}

#[test]
fn what_someone_else_wrote_meanwhile_is_never_lost() {
    let whole = MemoryDisk::new(machine());
    change(&whole).expect("possible");
    for step in 1..=whole.steps() {
        let broken = MemoryDisk::new(machine()).failing(step, Fault::Killed);
        let _ = change(&broken);
        let theirs = broken.machine().file("/home/ann/.profile", "theirs\n");
        let machine = recovered(&theirs, true);
        assert_eq!(machine.read("/home/ann/.profile"), Ok(b"theirs\n".to_vec()), "step {step}");
        let history = history(&machine);
        assert!(history.entries.iter().all(|e| e.outcome != Outcome::Unfinished));
    }
}
