//! What a change does on a whole fake machine: bytes, modes, links, refusals, the journal, undo and redo.

use apply::{Conflict, FilePlan, How, Journal, Plan, Refusal, Which};
use proptest::prelude::*;
use system::memory::{Entry, MemoryDisk, MemorySystem};
use system::write::Disk;
use system::{ReadError, System as _};
use text::edit::Edit;

const STATE: &str = "/home/ann/.local/state/gowhence";
const RC: &str = "/home/ann/.bashrc";

fn journal(disk: &dyn Disk) -> Journal<'_> {
    Journal { disk, folder: STATE.to_owned(), patience_ms: 0, waiting: &|| {} }
}

fn rc(bytes: impl Into<Vec<u8>>) -> MemoryDisk {
    MemoryDisk::new(MemorySystem::linux().entry(RC, Entry::file(bytes).mode(0o640)))
}

fn append(disk: &MemoryDisk, path: &str, line: &str) -> Plan {
    let read = disk.read(path).ok();
    Plan::new("a line").with(FilePlan::append(path, read.as_deref(), [line.as_bytes()]))
}

#[test]
fn a_change_is_made_undone_and_redone() {
    let disk = rc("a\n");
    let journal = journal(&disk);
    let applied = apply::apply(&journal, &append(&disk, RC, "b")).expect("made");
    assert_eq!(applied.id, Some(1));
    assert_eq!(applied.files[0].diff(), format!("--- {RC}\n+++ {RC}\n@@ -1 +1,2 @@\n a\n+b\n").into_bytes());
    assert_eq!(disk.read(RC), Ok(b"a\nb\n".to_vec()));
    assert_eq!(disk.standing(RC).map(|s| s.mode), Ok(0o640));
    assert_eq!(apply::undo(&journal, Which::Latest).expect("undone").id, Some(2));
    assert_eq!(disk.read(RC), Ok(b"a\n".to_vec()));
    assert_eq!(apply::undo(&journal, Which::LatestUndo).expect("redone").id, Some(3));
    assert_eq!(disk.read(RC), Ok(b"a\nb\n".to_vec()));
    assert_eq!(apply::undo(&journal, Which::LatestUndo), Err(Refusal::NothingToRedo));
    let titles: Vec<String> =
        apply::log(&journal).expect("readable").entries.into_iter().map(|e| e.title).collect();
    assert_eq!(titles, ["a line", "undo 1: a line", "redo 1: a line"]);
    apply::undo(&journal, Which::Latest).expect("undone again");
    assert_eq!(apply::undo(&journal, Which::Latest), Err(Refusal::NothingToUndo));
    assert_eq!(apply::undo(&journal, Which::Numbered(3)), Err(Refusal::UndoneAlready { id: 3, by: 4 }));
    assert_eq!(apply::undo(&journal, Which::Numbered(9)), Err(Refusal::Unknown { id: 9 }));
    // Nothing but the file is left in its folder.
    assert_eq!(disk.read_dir("/home/ann"), Ok(vec![".bashrc".to_owned(), ".local".to_owned()]));
}

#[test]
fn the_journal_is_for_its_owner_alone() {
    let disk = rc("a\n");
    apply::apply(&journal(&disk), &append(&disk, RC, "b")).expect("made");
    let mode = |path: &str| disk.standing(path).map(|s| s.mode);
    assert_eq!(mode(STATE), Ok(0o700));
    assert_eq!(mode(&format!("{STATE}/journal")), Ok(0o600));
    for name in disk.read_dir(&format!("{STATE}/content")).expect("a folder") {
        assert_eq!(mode(&format!("{STATE}/content/{name}")), Ok(0o600));
    }
}

#[test]
fn a_file_that_changed_since_is_refused_and_another_is_not_written_either() {
    let disk = MemoryDisk::new(MemorySystem::linux().file(RC, "a\n").file("/home/ann/.zshrc", "z\n"));
    let mut plan = append(&disk, "/home/ann/.zshrc", "b");
    plan.files.extend(append(&disk, RC, "b").files);
    let disk = MemoryDisk::new(disk.machine().file(RC, "mine\n"));
    let refused = apply::apply(&journal(&disk), &plan);
    assert_eq!(refused, Err(Refusal::Changed { path: RC.to_owned() }));
    assert_eq!(disk.read("/home/ann/.zshrc"), Ok(b"z\n".to_vec()));
}

#[test]
fn an_undo_that_would_lose_a_later_change_is_refused_with_all_three_contents() {
    let disk = rc("a\n");
    apply::apply(&journal(&disk), &append(&disk, RC, "b")).expect("made");
    let disk = MemoryDisk::new(disk.machine().file(RC, "a\nb\nmine\n"));
    let refused = apply::undo(&journal(&disk), Which::Latest).expect_err("refused");
    let conflict = Conflict {
        path: RC.to_owned(),
        before: Some(b"a\n".to_vec()),
        after: Some(b"a\nb\n".to_vec()),
        now: Some(b"a\nb\nmine\n".to_vec()),
    };
    assert_eq!(refused, Refusal::Conflict { files: vec![conflict], later: None });
    assert_eq!(disk.read(RC), Ok(b"a\nb\nmine\n".to_vec()));
    let disk = MemoryDisk::new(disk.machine().file(RC, "a\nb\n"));
    apply::apply(&journal(&disk), &append(&disk, RC, "c")).expect("made");
    let Err(Refusal::Conflict { later, .. }) = apply::undo(&journal(&disk), Which::Numbered(1)) else {
        panic!("refused");
    };
    assert_eq!(later, Some(2));
}

#[test]
fn what_was_put_back_by_hand_counts_as_undone() {
    let disk = rc("a\n");
    apply::apply(&journal(&disk), &append(&disk, RC, "b")).expect("made");
    let disk = MemoryDisk::new(disk.machine().entry(RC, Entry::file("a\n")));
    apply::undo(&journal(&disk), Which::Latest).expect("undone");
    assert_eq!(apply::undo(&journal(&disk), Which::Latest), Err(Refusal::NothingToUndo));
}

#[test]
fn a_link_stays_and_its_target_is_written() {
    let disk = MemoryDisk::new(
        MemorySystem::linux()
            .file("/home/ann/dot/bashrc", "a\n")
            .link(RC, "dot/bashrc")
            .file("/home/ann/dot/.stow", ""),
    );
    let applied = apply::apply(&journal(&disk), &append(&disk, RC, "b")).expect("made");
    assert_eq!(disk.read_link(RC), Ok("dot/bashrc".to_owned()));
    assert_eq!(disk.read("/home/ann/dot/bashrc"), Ok(b"a\nb\n".to_vec()));
    assert!(applied.notes.iter().any(|n| n.contains("a link of stow") && n.contains("dot/bashrc")));
    // A link that leads elsewhere by now is not followed there.
    let machine = disk.machine().file("/home/ann/other", "a\nb\n");
    let disk = MemoryDisk::new(machine.link(RC, "other"));
    assert!(matches!(apply::undo(&journal(&disk), Which::Latest), Err(Refusal::Conflict { .. })));
}

#[test]
fn new_files_and_their_folders_go_again_but_not_what_others_put_there() {
    let disk = MemoryDisk::new(MemorySystem::linux().entry("/home/ann/.ssh", Entry::folder().mode(0o700)));
    let plan = Plan::new("new")
        .with(FilePlan::create("/home/ann/.config/go/env", "A=1\n"))
        .with(FilePlan::create("/home/ann/.ssh/environment", "A=1\n"));
    apply::apply(&journal(&disk), &plan).expect("made");
    let mode = |path: &str| disk.standing(path).map(|s| s.mode);
    assert_eq!(
        (mode("/home/ann/.config/go/env"), mode("/home/ann/.ssh/environment")),
        (Ok(0o644), Ok(0o600))
    );
    apply::undo(&journal(&disk), Which::Latest).expect("undone");
    assert_eq!(disk.standing("/home/ann/.config"), Err(ReadError::NotFound));
    assert!(disk.is_folder("/home/ann/.ssh"));
    apply::undo(&journal(&disk), Which::LatestUndo).expect("redone");
    assert_eq!(disk.read("/home/ann/.config/go/env"), Ok(b"A=1\n".to_vec()));
    let disk = MemoryDisk::new(disk.machine().file("/home/ann/.config/go/mine", ""));
    apply::undo(&journal(&disk), Which::Latest).expect("undone");
    assert_eq!(disk.read_dir("/home/ann/.config/go"), Ok(vec!["mine".to_owned()]));
}

#[test]
fn what_is_not_ours_to_write_is_refused_with_advice() {
    let store = "/nix/store/x-home-manager-files/.bashrc";
    let nix = MemorySystem::linux().file(store, "a\n").link(RC, store);
    let closed = MemorySystem::linux().entry(RC, Entry::file("a\n").mode(0o400));
    let roots = MemorySystem::linux().folder("/etc").file("/etc/profile", "a\n");
    let claimed = MemorySystem::linux().file(RC, "# managed by puppet\na\n");
    let refused = |machine: MemorySystem, path: &str| {
        let disk = MemoryDisk::new(machine);
        let refused = apply::apply(&journal(&disk), &append(&disk, path, "b")).expect_err("refused");
        assert!(apply::log(&journal(&disk)).expect("readable").entries.is_empty());
        refused
    };
    assert!(matches!(refused(nix, RC), Refusal::Managed { .. }));
    assert!(matches!(refused(closed, RC), Refusal::ReadOnly { .. }));
    assert!(matches!(refused(roots, "/etc/profile"), Refusal::ReadOnly { .. }));
    assert!(matches!(refused(claimed, RC), Refusal::Managed { .. }));
    assert!(matches!(
        refused(MemorySystem::linux().folder(RC), RC),
        Refusal::NoFile { .. } | Refusal::Exists { .. }
    ));
}

#[test]
fn a_file_in_a_folder_that_is_closed_is_written_in_place() {
    let disk = MemoryDisk::new(
        MemorySystem::linux().folder("/etc").entry("/etc/environment", Entry::file("A=1\n").mode(0o666)),
    );
    let plan = append(&disk, "/etc/environment", "B=2");
    let prepared = apply::prepare(&disk, &plan).expect("possible");
    assert!(matches!(prepared.files[0].how, How::InPlace(_)));
    assert!(prepared.notes[0].contains("written in place"));
    apply::apply(&journal(&disk), &plan).expect("made");
    assert_eq!(disk.read("/etc/environment"), Ok(b"A=1\nB=2\n".to_vec()));
    apply::undo(&journal(&disk), Which::Latest).expect("undone");
    assert_eq!(disk.read("/etc/environment"), Ok(b"A=1\n".to_vec()));
}

#[test]
fn edits_of_one_file_come_together_whatever_it_is_called() {
    let disk = MemoryDisk::new(MemorySystem::linux().file(RC, "a\nb\n").link("/home/ann/rc", ".bashrc"));
    let edit = |path: &str, edit| FilePlan::edit(path, b"a\nb\n", vec![edit]).expect("in range");
    let plan = Plan::new("both")
        .with(edit(RC, Edit::replace(0..1, "A")))
        .with(edit("/home/ann/rc", Edit::replace(2..3, "B")));
    apply::apply(&journal(&disk), &plan).expect("made");
    assert_eq!(disk.read(RC), Ok(b"A\nB\n".to_vec()));
    assert_eq!(apply::log(&journal(&disk)).expect("readable").entries[0].files.len(), 1);
}

#[test]
fn another_instance_is_waited_for_and_then_told_of() {
    let disk = rc("a\n");
    let held = {
        let folder = format!("{STATE}/lock");
        #[expect(clippy::disallowed_methods, reason = "plays another instance")]
        disk.lock(&folder, &mut |_| false).expect("free")
    };
    assert_eq!(apply::apply(&journal(&disk), &append(&disk, RC, "b")), Err(Refusal::Locked { waited_ms: 0 }));
    drop(held);
    apply::apply(&journal(&disk), &append(&disk, RC, "b")).expect("made");
}

#[test]
fn windows_has_the_same_journal() {
    let (path, state) =
        (r"C:\Users\ann\AppData\Roaming\go\env", r"C:\Users\ann\AppData\Local\gowhence\state");
    let disk = MemoryDisk::new(MemorySystem::windows().file(path, "A=1\r\n")).without_swap();
    let journal = Journal { folder: state.to_owned(), ..journal(&disk) };
    apply::apply(&journal, &append(&disk, path, "B=2")).expect("made");
    assert_eq!(disk.read(path), Ok(b"A=1\r\nB=2\r\n".to_vec()));
    apply::undo(&journal, Which::Latest).expect("undone");
    assert_eq!(disk.read(path), Ok(b"A=1\r\n".to_vec()));
}

/// Bytes as files have them: lines of either end, a byte order mark, no end.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec((any::<[u8; 2]>(), prop_oneof!["\n", "\r\n", ""]), 0..12);
    (any::<bool>(), lines).prop_map(|(bom, lines)| {
        let mut bytes = if bom { text::edit::BOM.to_vec() } else { Vec::new() };
        for (some, end) in lines {
            bytes.extend_from_slice(&some);
            bytes.extend_from_slice(end.as_bytes());
        }
        bytes
    })
}

/// Edits that do not touch each other, of bytes of this length.
fn edits(len: usize) -> impl Strategy<Value = Vec<Edit>> {
    let cut = prop::collection::vec((0..=len, prop::collection::vec(any::<u8>(), 0..6)), 0..6);
    cut.prop_map(|mut cuts| {
        cuts.sort();
        cuts.chunks(2)
            .map(|pair| Edit::replace(pair[0].0..pair[pair.len() - 1].0, pair[0].1.clone()))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn apply_then_undo_is_as_before_and_twice_is_once(
        (bytes, edits) in text().prop_flat_map(|bytes| { let len = bytes.len(); (Just(bytes), edits(len)) }),
        mode in prop_oneof![Just(0o600_u32), Just(0o644), Just(0o755)],
        new in text(),
    ) {
        let machine = MemorySystem::linux().entry(RC, Entry::file(bytes.clone()).mode(mode));
        let disk = MemoryDisk::new(machine);
        let journal = journal(&disk);
        let plan = Plan::new("some")
            .with(FilePlan::edit(RC, &bytes, edits.clone()).expect("in range"))
            .with(FilePlan::create("/home/ann/new/file", new.clone()));
        apply::apply(&journal, &plan).expect("made");
        let wanted = text::edit::apply(&bytes, &edits).expect("in range");
        prop_assert_eq!(disk.read(RC), Ok(wanted.clone()));
        prop_assert_eq!(apply::apply(&journal, &plan).expect("nothing to do").id, None);
        prop_assert_eq!(disk.read(RC), Ok(wanted.clone()));
        apply::undo(&journal, Which::Latest).expect("undone");
        prop_assert_eq!(disk.read(RC), Ok(bytes));
        prop_assert_eq!(disk.standing(RC).map(|s| s.mode), Ok(mode));
        prop_assert_eq!(disk.standing("/home/ann/new"), Err(ReadError::NotFound));
        apply::undo(&journal, Which::LatestUndo).expect("redone");
        prop_assert_eq!(disk.read(RC), Ok(wanted));
        prop_assert_eq!(disk.read("/home/ann/new/file"), Ok(new));
    }
}
