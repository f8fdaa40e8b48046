//! The ways out of lines of the env file with which go refuses to run, tried with the real go: it is told that go
//! refuses, it does, and after the command that is told it does not any more.
//!
//! The SDKs are those of `real_go.rs`; those before 1.21 are passed over.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "lays out real folders and runs the real go")]

#[expect(dead_code, reason = "shared with tests that roll dice")]
mod generated;

use generated::{Case, folded, run, sdks, text, write};
use std::fs;
use std::path::Path;
use std::process::Command;
use system::os::Real;

const LINES: &[&str] = &[
    "GOROOT=/no-such-sdk/anywhere",
    "GOTOOLCHAIN=junk",
    "GOPATH=~/x",
    "GOWORK=rel",
    "GOEXPERIMENT=nosuch",
    "GO111MODULE=yes",
];

fn case(sdk: &Path, line: &str) -> Case {
    let folder = tempfile::tempdir().expect("folder");
    write(&folder.path().join("home/.config/go/env"), &format!("{line}\nGOPRIVATE=x\n"), 0o644);
    fs::create_dir_all(folder.path().join("w")).expect("folder");
    let env = [
        ("HOME", text(&folder.path().join("home"))),
        ("PATH", format!("{}:/usr/bin:/bin", text(&sdk.join("bin")))),
        ("GOPROXY", "off".to_owned()),
        ("GOCACHE", text(&folder.path().join("cache"))),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
    Case { cwd: folder.path().join("w"), env, told: line.to_owned(), _folder: folder }
}

/// What is told of it: the problem that names the way out.
fn told(case: &Case) -> Option<String> {
    let system = Real::for_tests();
    let programs = go::Programs::new(&system);
    let env = folded(case);
    let view = go::describe(&programs, &env, case.cwd.to_str(), &text(&case.cwd), None, None);
    view.conflicts.into_iter().find(|p| p.message.contains("the way out")).map(|p| p.message)
}

#[test]
fn each_way_out_is_one() {
    let mut tried = 0;
    for sdk in sdks() {
        let version = fs::read_to_string(sdk.join("VERSION")).unwrap_or_default();
        let version = version.lines().next().and_then(go::Version::from_toolchain);
        if !version.is_some_and(|v| v.minor_at_least(21)) {
            continue;
        }
        for line in LINES {
            let case = case(&sdk, line);
            let what = format!("{} {line}", sdk.display());
            let refused = |words: &[&str]| !run(&case, "/usr/bin/env", words).status.success();
            assert!(refused(&["env", "GOVERSION"]), "{what}: go does not refuse");
            let message = told(&case).unwrap_or_else(|| panic!("{what}: nothing is told"));
            let (_, out) = message.split_once("the way out: ").expect("told");
            match out.split('`').nth(1).filter(|_| out.starts_with('`')) {
                Some(command) => {
                    let mut shell = Command::new("/bin/sh");
                    shell.args(["-c", command]).env_clear().envs(case.env.iter().cloned());
                    let output = shell.current_dir(&case.cwd).output().expect("sh starts");
                    assert!(
                        output.status.success(),
                        "{what}: `{command}`: {}",
                        String::from_utf8_lossy(&output.stderr)
                    );
                }
                None => {
                    let file = text(&case.cwd.join("../home/.config/go/env"));
                    let key = line.split('=').next().expect("a key");
                    let output = run(&case, "/usr/bin/env", &["env", "-u", key]);
                    assert!(!output.status.success(), "{what}: `go env -u {key}` works");
                    let mut off = self::case(&sdk, line);
                    let meanwhile =
                        if out.contains("GOENV=off") { ("GOENV", "off") } else { ("GOWORK", "off") };
                    off.env.push((meanwhile.0.to_owned(), meanwhile.1.to_owned()));
                    assert!(
                        run(&off, "/usr/bin/env", &["env", "GOVERSION"]).status.success(),
                        "{what}: {meanwhile:?}"
                    );
                    write(Path::new(&file), "GOPRIVATE=x\n", 0o644);
                }
            }
            assert!(!refused(&["env", "GOVERSION"]), "{what}: go still refuses");
            assert_eq!(told(&case), None, "{what}");
            tried += 1;
        }
    }
    println!("{tried} ways out tried");
}
