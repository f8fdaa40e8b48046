//! What was asked is answered the same again, and no secret is written.

use super::*;
use crate::machine_dir;
use crate::memory::{Entry, MemorySystem};
use std::path::Path;

const SECRETS: &[&str] = &[
    "hunter2",
    "correct horse \"battery\"",
    "ghp_0123456789abcdefABCDEF",
    "pr0xypass",
    "b4re.pass",
    "MIIEowIBAAKCAQEA7",
];

fn machine() -> MemorySystem {
    let capture = serde_json::json!({
        "base": [["HOME", "/home/ann"], ["DB_PASSWORD", "hunter2"]],
        "layers": [{"effects": [{"name": "NPM_TOKEN", "after": {"set": "correct horse \"battery\""}}]}],
        "proxy": [["HTTPS_PROXY", "ann:b4re.pass@proxy.corp:80"]],
        "shadow": {"text": "go() { GITHUB_TOKEN=ghp_0123456789abcdefABCDEF command go }"},
        "odd": {"bytes": "aHVudGVyMv8="},
    });
    let gopls = Process {
        pid: 42,
        parent: 1,
        uid: 1000,
        name: "gopls".to_owned(),
        exe: Some("/home/ann/go/bin/gopls".to_owned()),
        args: ["gopls", "--token", "ghp_0123456789abcdefABCDEF"].map(Value::from).to_vec(),
        started_ms: 1_772_356_320_123,
        same_namespace: true,
        cwd: None,
    };
    let other = Process { pid: 7, uid: 0, name: "sshd".to_owned(), same_namespace: false, ..gopls.clone() };
    MemorySystem::linux()
        .now(1_772_356_320_456)
        .host("laptop")
        .own_pid(99)
        .cwd("/home/ann/shop")
        .env("PATH", "/home/ann/bin:/usr/bin")
        .env("DB_PASSWORD", "hunter2")
        .env("SSH_KEY", "/home/ann/.ssh/id")
        .env("GOPROXY", "https://ann:pr0xypass@proxy.corp,direct")
        .env("SESSION", "on")
        .file(
            "/home/ann/.profile",
            "export DB_PASSWORD=hunter2\nexport NPM_TOKEN=\"correct horse \\\"battery\\\"\"\n",
        )
        .file("/home/ann/.netrc", "machine proxy.corp login ann password pr0xypass\n")
        .file(
            "/home/ann/.ssh/id",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----\n",
        )
        .file("/home/ann/notes-hunter2.txt", "not asked for: unasked\n")
        .link("/bin", "usr/bin")
        .executable("/usr/bin/go")
        .entry(
            "/opt/go/bin/go",
            Entry::partial(15_000_000, vec![(0, b"ELF DB=hunter2".to_vec())]).mode(0o755),
        )
        .entry("/etc/sudoers", Entry::file("x").mode(0o440))
        .entry("/etc/shadow", Entry::file("root:*").mode(0o640).may("r"))
        .entry("/proc/1/environ", Entry::file("A=1\0DB_PASSWORD=hunter2\0").modified_ms(5))
        .process(gopls, vec![("A".into(), "1".into()), ("A".into(), "hunter2".into())])
        .process_with(other, Err(ReadError::Denied))
        .run_result("bash:login", capture.to_string())
        .run_result("zsh:login", "not JSON: hunter2\n")
}

/// Everything that one machine answers to a fixed list of questions, as text.
fn answers(machine: &dyn System) -> Vec<String> {
    let paths = [
        "/home/ann/.profile",
        "/home/ann/.netrc",
        "/home/ann/.ssh/id",
        "/bin/go",
        "/usr/bin/go",
        "/bin",
        "/bin/",
        "/etc/sudoers",
        "/etc/shadow",
        "/etc/passwd",
        "/proc/1/environ",
        "/opt/go/bin/go",
        "/opt/go",
        "/",
        "/home/ann",
        "../shop",
        "/home/ann/.profile/x",
    ];
    let mut out = Vec::new();
    for path in paths {
        let kind = |m: Metadata| {
            (m.kind, m.mode, m.uid, m.gid, m.modified_ms, (m.kind != FileKind::Folder).then_some(m.len))
        };
        out.push(format!("{path} metadata {:?}", machine.metadata(path).map(kind)));
        out.push(format!("{path} symlink_metadata {:?}", machine.symlink_metadata(path).map(kind)));
        out.push(format!("{path} read_link {:?}", machine.read_link(path)));
        out.push(format!("{path} canonicalize {:?}", machine.canonicalize(path)));
        out.push(format!("{path} is_executable {:?}", machine.is_executable(path)));
        out.push(format!("{path} read_dir {:?}", machine.read_dir(path)));
        out.push(format!("{path} read {:?}", machine.read(path).map(|b| b.escape_ascii().to_string())));
    }
    let part = machine.read_at("/opt/go/bin/go", 0, 14);
    out.push(format!("part {:?}", part.map(|b| b.escape_ascii().to_string())));
    let block = |b: Vec<(Name, Value)>| -> Vec<String> {
        b.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect()
    };
    out.push(format!("environment {:?}", block(machine.environment())));
    for process in machine.processes() {
        let args: Vec<String> = process.args.iter().map(|a| a.to_text().into_owned()).collect();
        out.push(format!("{process:?} {args:?} {:?}", machine.process_environment(process.pid).map(block)));
    }
    out.push(format!("{:?}", machine.process_environment(12345).map(block)));
    for key in ["bash:login", "zsh:login", "fish:login"] {
        out.push(format!("{key} {:?}", machine.recorded_run(key).map(|b| b.escape_ascii().to_string())));
    }
    let rest = (machine.os(), machine.arch(), machine.host_name(), machine.pid(), machine.now_ms());
    out.push(format!("{rest:?} {:?} {:?}", machine.user(), machine.current_dir()));
    out
}

fn written(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("listed") {
        let path = entry.expect("read").path();
        if path.is_dir() {
            found.extend(written(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).expect("read")));
        }
    }
    found
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[test]
fn a_replay_answers_as_the_machine_did() {
    let plain = MemorySystem::linux()
        .cwd("/home/ann/shop")
        .env("PATH", "/usr/bin")
        .file("/home/ann/.profile", "export A=1\n")
        .link("/bin", "usr/bin")
        .executable("/usr/bin/go")
        .entry("/etc/sudoers", Entry::file("x").mode(0o440))
        .entry("/etc/shadow", Entry::file("root:*").mode(0o640).may("r"))
        .entry("/proc/1/environ", Entry::file("A=1\0").modified_ms(5))
        .run_result("bash:login", "{\"b\":1,\"a\":2}");
    let recorder = Recorder::new(&plain);
    let first = answers(&recorder);
    assert_eq!(first, answers(&plain));
    let dir = tempfile::tempdir().expect("a temporary folder");
    recorder.recording().write(dir.path()).expect("written");
    let replay = machine_dir::read(dir.path()).expect("read");
    for (asked, replayed) in first.iter().zip(answers(&replay)) {
        assert_eq!(*asked, replayed);
    }
}

#[test]
fn no_secret_is_written_and_the_answers_stay_consistent() {
    let machine = machine();
    let recorder = Recorder::new(Box::new(machine) as Box<dyn System>);
    let first = answers(&recorder);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let recording = recorder.recording();
    recording.write(dir.path()).expect("written");
    for (file, bytes) in written(dir.path()) {
        for secret in SECRETS {
            assert!(!contains(&bytes, secret.as_bytes()), "{secret} in {file}");
            assert!(!file.contains(secret), "{secret} in the name {file}");
        }
        assert!(!contains(&bytes, b"unasked"), "{file}");
    }
    // The same once more, but for stand-ins of the same length.
    let replay = machine_dir::read(dir.path()).expect("read");
    let second = answers(&replay);
    assert_eq!(first.len(), second.len());
    for (before, after) in first.iter().zip(&second) {
        if !SECRETS.iter().any(|s| before.contains(s)) && !before.contains("hunter2") {
            assert_eq!(before, after, "an answer without a secret changed");
        }
    }
    let variable = |name: &str| {
        let found = replay.environment().into_iter().find(|(n, _)| n.is(name));
        found.map(|(_, v)| v.to_text().into_owned()).expect("is there")
    };
    assert_eq!(variable("SSH_KEY"), "/home/ann/.ssh/id");
    assert_eq!(variable("SESSION"), "on");
    let stand_in = variable("DB_PASSWORD");
    assert_eq!(stand_in.len(), "hunter2".len());
    let profile = replay.read("/home/ann/.profile").expect("recorded");
    assert!(contains(&profile, format!("DB_PASSWORD={stand_in}\n").as_bytes()));
    let run = replay.recorded_run("bash:login").expect("recorded");
    assert!(contains(&run, format!("[\"DB_PASSWORD\",\"{stand_in}\"]").as_bytes()));
    assert!(replay.read_dir("/home/ann").expect("recorded").contains(&format!("notes-{stand_in}.txt")));
}

#[test]
fn secrets_that_are_words_or_numbers_do_not_spoil_the_folder() {
    let capture = serde_json::json!({"environment": [["DB_PASSWORD", "environment"]], "time_ms": 2026});
    let machine = MemorySystem::linux()
        .env("DB_PASSWORD", "environment")
        .env("SESSION_NUMBER", "2026")
        .env("AUTH", "modified")
        .file("/etc/environment", "# the environment of 2026\n")
        .run_result("bash:login", capture.to_string());
    let recorder = Recorder::new(&machine);
    let _ = recorder.read("/etc/environment");
    let _ = recorder.recorded_run("bash:login");
    let dir = tempfile::tempdir().expect("a temporary folder");
    recorder.recording().write(dir.path()).expect("written");
    let replay = machine_dir::read(dir.path()).expect("read");
    assert!(replay.exists("/etc/environment"));
    let run = replay.recorded_run("bash:login").expect("recorded");
    let run: serde_json::Value = serde_json::from_slice(&run).expect("JSON");
    assert_eq!(run["time_ms"], 2026);
    let stand_in = run["environment"][0][1].as_str().unwrap_or_else(|| panic!("{run}"));
    assert!(stand_in.len() == 11 && stand_in != "environment");
    assert!(
        replay
            .environment()
            .iter()
            .all(|(_, v)| !["environment", "2026", "modified"].contains(&&*v.to_text()))
    );
}

#[test]
fn the_listing_names_files_and_secrets_but_shows_none() {
    let recorder = Recorder::new(Box::new(machine()));
    answers(&recorder);
    let listing = recorder.recording().listing();
    for expected in
        ["machine.toml", "root/home/ann/.profile", "proc/42.environ", "runs/bash+login.json", "DB_PASSWORD"]
    {
        assert!(listing.contains(expected), "{expected} in:\n{listing}");
    }
    assert!(SECRETS.iter().all(|s| !listing.contains(s)), "{listing}");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("mine"), "").expect("written");
    let recorder = Recorder::new(Box::new(MemorySystem::linux()));
    assert!(matches!(recorder.recording().write(dir.path()), Err(RecordingError::NotEmpty(_))));
}

#[test]
fn the_shape_of_a_run_stays_as_it_was() {
    let recorder = Recorder::new(Box::new(MemorySystem::linux()));
    recorder
        .note_run("bash:login", br#"{"effects":[{"name":"DB_PASSWORD","after":{"set":"hunter2hunter2"}}]}"#);
    let recording = recorder.recording();
    let (_, run) = recording.files().find(|(name, _)| name.starts_with("runs/")).expect("recorded");
    assert!(contains(run, br#""after":{"set":"standin"#), "{}", String::from_utf8_lossy(run));
    assert!(!contains(run, b"hunter2"));
}

#[test]
fn arguments_of_processes_that_nobody_asked_for_stay_out() {
    let process = |pid, parent, name: &str| Process {
        pid,
        parent,
        uid: 1000,
        name: name.to_owned(),
        exe: None,
        args: [name, "--private"].map(Value::from).to_vec(),
        started_ms: 0,
        same_namespace: true,
        cwd: None,
    };
    let machine = MemorySystem::linux()
        .process(process(40, 1, "mutt"), Vec::new())
        .process(process(41, 1, "zsh"), Vec::new())
        .process(process(42, 41, "gopls"), Vec::new());
    let recorder = Recorder::new(&machine);
    let _ = recorder.processes();
    let _ = recorder.process_environment(42);
    let folder = tempfile::tempdir().expect("a folder");
    recorder.recording().write(folder.path()).expect("written");
    let read =
        |pid: u32| std::fs::read_to_string(folder.path().join(format!("proc/{pid}.toml"))).expect("written");
    assert!(!read(40).contains("--private"));
    assert!(
        read(41).contains("--private") && read(42).contains("--private"),
        "an ancestor of gopls, and gopls"
    );
}

#[test]
fn of_a_large_program_only_the_head_is_kept() {
    let program = [b"\x7fELF".as_slice(), &vec![7; 1 << 20]].concat();
    let machine =
        MemorySystem::linux().file("/bin/bash", program.clone()).file("/big.txt", vec![b'x'; 1 << 20]);
    let recorder = Recorder::new(&machine);
    assert!(recorder.read("/bin/bash").is_ok() && recorder.read("/big.txt").is_ok());
    let dir = tempfile::tempdir().expect("a temporary folder");
    recorder.recording().write(dir.path()).expect("written");
    let replay = machine_dir::read(dir.path()).expect("read");
    assert_eq!(replay.read("/big.txt").map(|b| b.len()), Ok(1 << 20));
    assert!(replay.read("/bin/bash").is_err());
    assert_eq!(replay.read_at("/bin/bash", 0, 64).as_deref(), Ok(&program[..64]));
    assert_eq!(replay.metadata("/bin/bash").map(|m| m.len), Ok(program.len() as u64));
}
