//! Whole commands on a machine in a folder: answers on stdout, talk on stderr, exit statuses.
#![expect(clippy::disallowed_methods, reason = "the program itself is run")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn gowhence(arguments: &[&str]) -> Output {
    let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gowhence"));
    command.arg("--machine").arg(machine).args(arguments).env_remove("CLICOLOR_FORCE");
    command.output().expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn talk(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

#[test]
fn the_first_line_names_what_shells_start_from() {
    let map = gowhence(&["map", "--space", "bash", "--space", "bash:command"]);
    assert_eq!(status(&map), 0, "{}", talk(&map));
    assert!(out(&map).starts_with("starting from login, "), "{}", out(&map));
    assert!(out(&map).contains("bash (command"), "{}", out(&map));
}

#[test]
fn a_value_is_shown_with_the_line_that_set_it() {
    let why = gowhence(&["why", "GOFLAGS", "--in", "bash"]);
    assert_eq!(status(&why), 0, "{}", talk(&why));
    let text = out(&why);
    assert!(text.contains("GOFLAGS is \"-mod=mod\" in bash:interactive"), "{text}");
    assert!(text.contains("~/.bashrc:2:8   export GOFLAGS=-mod=mod"), "{text}");
}

#[test]
fn differences_are_status_one() {
    assert_eq!(status(&gowhence(&["diff", "bash", "bash:command"])), 1);
    let same = gowhence(&["diff", "bash", "bash:interactive"]);
    assert_eq!(status(&same), 0, "{}", out(&same));
}

#[test]
fn near_names_are_offered_for_what_is_not_known() {
    let space = gowhence(&["why", "PATH", "--in", "bash:interactiv"]);
    assert_eq!((status(&space), out(&space)), (2, String::new()));
    assert!(talk(&space).contains("did you mean `bash:interactive`?"), "{}", talk(&space));
    let variable = gowhence(&["why", "GOFLAG", "--in", "bash"]);
    assert_eq!(status(&variable), 2);
    assert!(talk(&variable).contains("did you mean `GOFLAGS`?"), "{}", talk(&variable));
    assert_eq!(status(&gowhence(&["why"])), 2);
    assert_eq!(status(&gowhence(&["doctr"])), 2);
    assert_eq!(status(&gowhence(&["why", "A=B"])), 2);
    assert_eq!(status(&gowhence(&["why", "PATH", "--format", "dot"])), 2);
}

#[test]
fn the_map_refuses_a_variable_that_is_none() {
    let said = |name: &str| {
        let map = gowhence(&["map", "--space", "bash", "--var", name]);
        assert_eq!((status(&map), out(&map).as_str()), (2, ""), "{name}");
        talk(&map)
    };
    assert!(said("GOFLAG").contains("did you mean `GOFLAGS`?"));
    assert!(said("A=B").contains("`A=B` cannot be the name of a variable"));
    assert!(said("").contains("cannot be the name of a variable"));
}

#[test]
fn what_was_named_and_could_not_be_checked_is_status_three() {
    // zsh is installed there, and nobody ran it.
    let zsh = gowhence(&["why", "PATH", "--in", "zsh"]);
    assert_eq!(status(&zsh), 3, "{}", talk(&zsh));
    assert!(out(&zsh).contains("PATH in zsh:interactive is not known"), "{}", out(&zsh));
    assert_eq!(status(&gowhence(&["diff", "zsh", "bash"])), 3);
    assert_eq!(status(&gowhence(&["why", "PATH", "--in", "pid:4711"])), 3);
}

#[test]
fn secrets_are_shown_on_demand_only() {
    let hidden = gowhence(&["why", "GITHUB_TOKEN", "--in", "here"]);
    assert!(out(&hidden).contains("[redacted]") && !out(&hidden).contains("hunter2"), "{}", out(&hidden));
    let json = gowhence(&["why", "GITHUB_TOKEN", "--in", "here", "--format", "json"]);
    let parsed: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(parsed["value"], serde_json::json!({ "redacted": true }));
    assert!(out(&gowhence(&["why", "GITHUB_TOKEN", "--in", "here", "--show-secrets"])).contains("hunter2"));
}

#[test]
fn json_has_the_keys_of_its_schema() {
    let map = gowhence(&["map", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&map.stdout).expect("JSON");
    for key in ["schema_version", "machine", "project", "baseline", "spaces", "variables", "go_env"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["machine"], "linux/amd64");
    assert_eq!(json["project"], "/home/ann/shop");
    let goflags = json["variables"].as_array().into_iter().flatten().find(|v| v["name"] == "GOFLAGS");
    let cells = goflags.expect("a row")["cells"].as_array().expect("cells").clone();
    let cell = cells.iter().find(|c| c["space"] == "bash:interactive").expect("a cell");
    assert_eq!((&cell["state"], &cell["origin"]["line"]), (&"set".into(), &2.into()));
}

#[test]
fn colours_come_when_they_are_asked_for() {
    assert!(!out(&gowhence(&["map", "--space", "bash"])).contains('\x1b'));
    assert!(out(&gowhence(&["map", "--space", "bash", "--color", "always"])).contains('\x1b'));
}

#[test]
fn quiet_leaves_the_answer() {
    let loud = gowhence(&["why", "GOFLAGS", "--in", "bash"]);
    let quiet = gowhence(&["why", "GOFLAGS", "--in", "bash", "-q"]);
    assert!(out(&loud).contains("gowhence why GOFLAGS"));
    assert!(!out(&quiet).contains("gowhence why"), "{}", out(&quiet));
}

#[test]
fn nothing_of_a_machine_in_a_folder_is_executed() {
    let run = gowhence(&["run", "--in", "bash", "--", "true"]);
    assert_eq!(status(&run), 2);
    assert!(talk(&run).contains("nothing of a machine in a folder is ever executed"));
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gowhence"));
    command.arg("--machine").arg(machine).args(["map", "--all", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((status(&output), talk(&output)), (0, String::new()));
}

#[test]
fn every_command_has_examples_and_a_manual_page() {
    for (name, page) in gowhence::man_pages() {
        let page = String::from_utf8(page).expect("UTF-8");
        assert!(page.contains(".SH EXAMPLES"), "{name}");
    }
    for (name, script) in gowhence::completion_scripts() {
        assert!(!script.is_empty(), "{name}");
    }
    let help = gowhence(&["--help"]);
    let text = out(&help);
    assert!(text.find("Examples:") < text.find("Usage:"), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_is_a_failure() {
    for arguments in [&["--help"][..], &["--version"], &["map"], &["map", "--format", "json"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("is there");
        let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
        let mut command = Command::new(env!("CARGO_BIN_EXE_gowhence"));
        command.args(arguments).arg("--machine").arg(machine).stdout(Stdio::from(full));
        let output = command.stderr(Stdio::piped()).output().expect("it runs");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(talk(&output).contains("could not be written"), "{arguments:?}: {}", talk(&output));
    }
}

#[test]
fn a_recording_keeps_what_its_shells_started_from() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let base = folder.path().join("base.env");
    std::fs::write(&base, "HOME=/home/ann\0PATH=/bin\0DB_PASSWORD=hunter2\0").expect("written");
    let (base, kept) = (base.display().to_string(), folder.path().join("kept"));
    let with_base = |arguments: &[&str]| gowhence(&[arguments, &["--base", &base]].concat());
    let recorded = with_base(&["record", &kept.display().to_string()]);
    assert_eq!(status(&recorded), 0, "{}", talk(&recorded));
    let first = out(&with_base(&["map"]));
    let mut replay = Command::new(env!("CARGO_BIN_EXE_gowhence"));
    replay.arg("--machine").arg(&kept).arg("map").env_remove("CLICOLOR_FORCE");
    let replayed = replay.output().expect("it runs");
    assert!(first.contains("(--base)"), "{first}");
    assert_eq!(out(&replayed), first);
    let note = std::fs::read_to_string(kept.join("runs/base"))
        .or_else(|_| std::fs::read_to_string(kept.join("runs/base.json")));
    let note = note.expect("written");
    assert!(!note.contains("hunter2") && note.contains("/home/ann"), "{note}");
}
