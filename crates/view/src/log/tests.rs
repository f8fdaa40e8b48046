//! The journal as it is shown.

use super::*;
use crate::Options;
use crate::example::assert_golden;

fn file(path: &str, target: &str, change: ChangeKind) -> ChangedFile {
    let digest = |there: bool| there.then(|| "0".repeat(64));
    ChangedFile {
        path: path.to_owned(),
        file: target.to_owned(),
        change,
        in_place: None,
        before: digest(change != ChangeKind::Created),
        after: digest(change != ChangeKind::Removed),
    }
}

fn change(id: u64, title: &str, state: ChangeState, files: Vec<ChangedFile>) -> Change {
    Change {
        id,
        at: format!("2026-03-01T09:1{id}:00.123Z"),
        title: title.to_owned(),
        state,
        undoes: None,
        undone_by: None,
        reason: None,
        kept: Vec::new(),
        files,
    }
}

fn options() -> Options {
    Options { home: Some("/home/ann".to_owned()), ..Options::default() }
}

#[test]
fn changes_latest_first() {
    let rc = || vec![file("/home/ann/.zshrc", "/home/ann/dot/zshrc", ChangeKind::Edited)];
    let new = vec![file("/home/ann/.config/go/env", "/home/ann/.config/go/env", ChangeKind::Created)];
    let undone =
        Change { undone_by: Some(3), ..change(1, "put ~/go/bin on PATH", ChangeState::Undone, rc()) };
    let failed = Change {
        reason: Some("`/home/ann/.config/go/env` no space is left on the disk".to_owned()),
        ..change(2, "set GOFLAGS", ChangeState::RolledBack, new)
    };
    let undo =
        Change { undoes: Some(1), ..change(3, "undo 1: put ~/go/bin on PATH", ChangeState::Made, rc()) };
    let log = Log::new("/home/ann/.local/state/gowhence".to_owned(), vec![undone, failed, undo], vec![4]);
    assert_golden("log.txt", &log_text(&log, &options()));
    assert_golden("log.json", &serde_json::to_string_pretty(&log).expect("json"));
    assert_eq!(
        log_text(&Log::new(String::new(), Vec::new(), Vec::new()), &options()),
        "no file was changed yet\n"
    );
}

#[test]
fn a_diff_hides_secrets_and_what_terminals_act_on() {
    let diff = b"@@ -1 +1,2 @@\n-\texport A=1\r\n+export API_TOKEN=hunter2\n+\x1b[31m~/go\n";
    let shown = patch_text(diff, &options());
    assert!(!shown.contains("hunter2") && !shown.contains('\x1b'), "{shown}");
    assert!(shown.starts_with("@@ -1 +1,2 @@\n-\texport A=1\\r\n+export API_TOKEN="), "{shown}");
    assert!(shown.ends_with("+\\x1b[31m~/go\n"), "{shown}");
}
