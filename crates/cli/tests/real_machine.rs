//! Commands on the machine that the tests run on: commands with another environment, completion in a real bash, and a
//! start-up file that calls gowhence itself. Homes and caches are temporary.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "real programs are run in temporary homes")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const GOWHENCE: &str = env!("CARGO_BIN_EXE_gowhence");

fn gowhence(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(GOWHENCE);
    command.env("XDG_CACHE_HOME", home.join("cache")).current_dir(home).args(arguments);
    command.output().expect("it runs")
}

/// A file as `env -0` writes it, with a home of our own.
fn base(home: &Path, more: &str) -> String {
    let file = home.join("base.env");
    let text = format!("HOME={}\0PATH=/usr/bin:/bin\0SHELL=/bin/bash\0{more}", home.display());
    fs::write(&file, text).expect("written");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_command_gets_exactly_the_environment_of_the_place() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = base(home.path(), "ODD=a\nb =\u{e9}\0EMPTY=\0");
    let ran = gowhence(home.path(), &["--base", &file, "run", "--in", "base", "--", "env", "-0"]);
    let text = String::from_utf8(ran.stdout).expect("UTF-8");
    let mut got: Vec<&str> = text.split('\0').filter(|line| !line.is_empty()).collect();
    got.sort_unstable();
    let home_line = format!("HOME={}", home.path().display());
    assert_eq!(got, ["EMPTY=", &home_line, "ODD=a\nb =\u{e9}", "PATH=/usr/bin:/bin", "SHELL=/bin/bash"]);
}

#[test]
fn the_exit_status_is_the_commands() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = base(home.path(), "");
    let status = |command: &[&str]| {
        let arguments = [&["--base", &file, "run", "--in", "base", "--"], command].concat();
        gowhence(home.path(), &arguments).status.code()
    };
    assert_eq!(status(&["sh", "-c", "exit 7"]), Some(7));
    assert_eq!(status(&["no-such-command-anywhere"]), Some(127));
    assert_eq!(status(&["/etc/passwd"]), Some(126));
}

#[test]
fn bash_completes_names_with_colons() {
    let Some(bash) = testkit::need("bash") else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let registration = Command::new(GOWHENCE).args(["completions", "bash"]).output().expect("it runs").stdout;
    let folder = std::path::Path::new(GOWHENCE).parent().expect("a folder").display().to_string();
    let mut script = format!("PATH={folder}:$PATH\n") + &String::from_utf8(registration).expect("UTF-8");
    script.push_str(
        "try() { COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(); _complete_gowhence; printf '[%s]' \"${COMPREPLY[@]}\"; }\n\
         try 'gowhence why PATH --in her'; try 'gowhence why GOTOOLC'; try 'gowhence dif'; try 'gowhence go --in a:b'\n",
    );
    let mut command = Command::new(bash);
    command.args(["--norc", "--noprofile", "-c", &script]).env("XDG_CACHE_HOME", home.path());
    let output = command.output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[here ][GOTOOLCHAIN ][diff ][]");
}

#[test]
fn fish_and_zsh_take_their_completion_scripts() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = std::path::Path::new(GOWHENCE).parent().expect("a folder").display().to_string();
    let path = format!("{folder}:/usr/bin:/bin");
    let ask = |shell: &str, arguments: &[&str]| {
        let mut command = Command::new(testkit::need(shell)?);
        command
            .args(arguments)
            .env("PATH", &path)
            .env("HOME", home.path())
            .env("XDG_CACHE_HOME", home.path());
        Some(String::from_utf8_lossy(&command.output().expect("it runs").stdout).into_owned())
    };
    let line = "gowhence completions fish | source; complete -C 'gowhence why PATH --in her'";
    if let Some(answer) = ask("fish", &["-N", "-c", line]) {
        assert_eq!(answer.trim(), "here");
    }
    let line =
        "autoload -U compinit; compinit -u; source <(gowhence completions zsh); print $_comps[gowhence]";
    if let Some(answer) = ask("zsh", &["-f", "-c", line]) {
        assert!(answer.contains("gowhence"), "{answer}");
    }
}

#[test]
fn a_start_up_file_that_calls_gowhence_is_not_started_for_ever() {
    let Some(_) = testkit::need("bash") else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let calls = home.path().join("calls");
    let rc = format!(
        "'{GOWHENCE}' why GOFLAGS --in bash >/dev/null 2>>'{}'\nexport GOFLAGS=-x\n",
        calls.display()
    );
    fs::write(home.path().join(".bashrc"), rc).expect("written");
    let file = base(home.path(), "");
    let why = gowhence(home.path(), &["--base", &file, "why", "GOFLAGS", "--in", "bash"]);
    let text = String::from_utf8_lossy(&why.stdout).into_owned();
    assert!(text.contains("GOFLAGS is \"-x\" in bash:interactive"), "{text}");
    let said = fs::read_to_string(calls).expect("it was called");
    assert!(said.contains("called from a shell that gowhence itself is starting"), "{said}");
}

#[test]
fn a_stored_probe_is_held_against_a_fresh_start() {
    let Some(_) = testkit::need("bash") else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join(".bashrc"), "export GOFLAGS=$(cat ~/flags)\n").expect("written");
    fs::write(home.path().join("flags"), "-mod=mod").expect("written");
    let file = base(home.path(), "");
    let verify = ["--base", &file, "verify", "--in", "bash"];
    assert_eq!(gowhence(home.path(), &verify).status.code(), Some(0));
    // What the start-up file reads by a program of its own is no file of the start-up.
    fs::write(home.path().join("flags"), "-mod=vendor").expect("written");
    let other = gowhence(home.path(), &verify);
    let text = String::from_utf8_lossy(&other.stdout).into_owned();
    assert_eq!(other.status.code(), Some(1), "{text}");
    assert!(text.contains("GOFLAGS  -mod=mod  →  -mod=vendor"), "{text}");
}

#[test]
fn a_probe_is_not_used_once_a_file_may_not_be_read_or_a_piece_came() {
    use std::os::unix::fs::PermissionsExt;
    let Some(_) = testkit::need("bash") else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let pieces = home.path().join(".bashrc.d");
    fs::create_dir(&pieces).expect("made");
    fs::write(home.path().join(".bashrc"), "for f in ~/.bashrc.d/*; do . $f; done\n").expect("written");
    fs::write(pieces.join("a"), "export GOFLAGS=-a\n").expect("written");
    let file = base(home.path(), "");
    let said = || {
        let why = gowhence(home.path(), &["--base", &file, "why", "GOFLAGS", "--in", "bash"]);
        format!("{}{}", String::from_utf8_lossy(&why.stdout), String::from_utf8_lossy(&why.stderr))
    };
    assert!(said().contains("GOFLAGS is \"-a\""));
    assert!(said().contains("using probes of shells stored"));
    fs::write(pieces.join("b"), "export GOFLAGS=-b\n").expect("written");
    assert!(said().contains("GOFLAGS is \"-b\""));
    fs::set_permissions(pieces.join("b"), fs::Permissions::from_mode(0o200)).expect("changed");
    assert!(!said().contains("using probes of shells stored"));
}

#[test]
fn a_probe_is_not_used_once_a_file_is_there_that_was_only_tested_for() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let text =
        "[ -f ~/conf/extra ] && . ~/conf/extra\nfor f in ~/.{a,b}; do [ -r \"$f\" ] && . \"$f\"; done\n";
    fs::write(home.path().join(".bashrc"), text).expect("written");
    fs::create_dir(home.path().join("conf")).expect("made");
    let file = base(home.path(), "");
    let told = |name: &str| {
        let output = gowhence(home.path(), &["--base", &file, "why", name, "--in", "bash:interactive"]);
        let stored = String::from_utf8_lossy(&output.stderr).contains("using probes");
        (String::from_utf8_lossy(&output.stdout).contains(&format!("{name} is \"yes\"")), stored)
    };
    assert_eq!(told("FROM_EXTRA"), (false, false));
    assert_eq!(told("FROM_EXTRA"), (false, true));
    fs::write(home.path().join("conf/extra"), "export FROM_EXTRA=yes\n").expect("written");
    assert_eq!(told("FROM_EXTRA"), (true, false));
    fs::write(home.path().join(".b"), "export FROM_B=yes\n").expect("written");
    assert_eq!(told("FROM_B"), (true, false));
    assert_eq!(told("FROM_B"), (true, true));
}
