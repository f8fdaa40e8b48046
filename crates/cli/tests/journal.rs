//! `log`, `undo` and `redo` on the real machine, in a home of their own.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the program itself is run, on files in a temporary folder")]

use apply::{FilePlan, Journal, Plan};
use std::path::Path;
use std::process::{Command, Output};
use system::os::Real;

fn gowhence(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gowhence"));
    command.args(arguments).env("HOME", home).env_remove("XDG_STATE_HOME").env_remove("CLICOLOR_FORCE");
    command.output().expect("it runs")
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", talk(output));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn talk(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Adds a line to a file of the home, through the journal that the program itself finds.
fn add(home: &Path, name: &str, line: &str) {
    let disk = Real::for_tests();
    let folder = home.join(".local/state/gowhence").to_string_lossy().into_owned();
    let journal = Journal { disk: &disk, folder, patience_ms: 0, waiting: &|| {} };
    let path = home.join(name);
    let read = std::fs::read(&path).ok();
    let path = path.to_string_lossy().into_owned();
    let plan =
        Plan::new(format!("add `{line}`")).with(FilePlan::append(path, read.as_deref(), [line.as_bytes()]));
    apply::apply(&journal, &plan).expect("made");
}

#[test]
fn changes_are_listed_taken_back_and_brought_back() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (home, rc) = (home.path(), home.path().join(".bashrc"));
    assert_eq!(out(&gowhence(home, &["log"])), "no file was changed yet\n");
    assert!(!home.join(".local").exists(), "asking makes nothing");
    std::fs::write(&rc, "export A=1").expect("written");
    add(home, ".bashrc", "export API_TOKEN=hunter2");
    let log = out(&gowhence(home, &["log"]));
    assert!(log.contains(" 1  ") && log.contains("edited") && log.contains("gowhence undo 1"), "{log}");
    let diff = out(&gowhence(home, &["undo", "--diff"]));
    assert!(diff.contains("-export API_TOKEN=") && !diff.contains("hunter2"), "{diff}");
    assert!(out(&gowhence(home, &["undo"])).contains("undo 1: add"));
    assert_eq!(std::fs::read(&rc).expect("there"), b"export A=1");
    let log = out(&gowhence(home, &["log", "--format", "json"]));
    let log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    assert_eq!(log["changes"][0]["state"], "undone");
    assert_eq!(log["changes"][0]["undone_by"], 2);
    assert!(out(&gowhence(home, &["redo"])).contains("redo 1: add"));
    assert_eq!(std::fs::read(&rc).expect("there"), b"export A=1\nexport API_TOKEN=hunter2\n");
    let nothing = gowhence(home, &["redo"]);
    assert_eq!(
        (nothing.status.code(), talk(&nothing)),
        (Some(2), "gowhence: there is nothing to redo\n".to_owned())
    );
}

#[test]
fn a_file_that_was_changed_since_is_shown_three_ways() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (home, rc) = (home.path(), home.path().join(".zshrc"));
    add(home, ".zshrc", "export A=1");
    std::fs::write(&rc, "export A=1\nexport MINE=1\n").expect("written");
    let refused = gowhence(home, &["undo", "1"]);
    assert_eq!(refused.status.code(), Some(1), "{}", talk(&refused));
    let shown = String::from_utf8(refused.stdout).expect("UTF-8");
    assert!(shown.contains("what the change made of it\n--- /dev/null"), "{shown}");
    assert!(shown.contains("changed to since") && shown.contains("+export MINE=1"), "{shown}");
    assert!(std::fs::read_to_string(&rc).expect("there").contains("MINE"));
    let json = gowhence(home, &["undo", "1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["conflicts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_machine_in_a_folder_has_no_journal() {
    let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let machine = machine.to_str().expect("UTF-8");
    for command in ["log", "undo", "redo"] {
        let refused = gowhence(Path::new("/nonexistent"), &["--machine", machine, command]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(talk(&refused).contains("never changed"), "{}", talk(&refused));
    }
}
