//! Recorded streams, as the driver would write them.

use super::*;
use crate::{Mode, Shell, ShellKind};
use model::{Confidence, Name, Origin};
use system::memory::MemorySystem;
use system::{Limits, RunEnd};

const PROFILE: &str = "/home/ann/.config/powershell/profile.ps1";
const TOOLS: &str = "/home/ann/tools.ps1";

fn machine() -> MemorySystem {
    MemorySystem::linux()
        .file("/opt/microsoft/powershell/7/pwsh", "")
        .link("/usr/bin/pwsh", "/opt/microsoft/powershell/7/pwsh")
        .file("/etc/profile", "export GOPROXY=off\n")
        .file(PROFILE, "# mine\n$env:GOFLAGS = '-v'\n. \"$HOME/tools.ps1\"\nSet-GoBin\n")
        .file(TOOLS, "$env:GOBIN = '/x'\n")
}

fn request(mode: Mode) -> Request {
    Request {
        shell: Shell { kind: ShellKind::Pwsh, family: "pwsh".to_owned(), path: "/usr/bin/pwsh".to_owned() },
        mode,
        base: vec![("HOME".into(), "/home/ann".into()), ("PATH".into(), "/usr/bin".into())],
        cwd: "/home/ann".to_owned(),
        arg0: None,
        terminal: None,
        detached: false,
        options: Vec::new(),
        uid: 1000,
        limits: Limits::default(),
    }
}

fn outcome(environment: &[(&str, &str)], trace: &[u8]) -> RunOutcome {
    RunOutcome {
        end: RunEnd::HandedOver,
        environment: Some(environment.iter().map(|&(n, v)| (Name::from(n), Value::from(v))).collect()),
        trace: trace.to_vec(),
        ..RunOutcome::not_started("")
    }
}

#[test]
fn profiles_are_those_of_the_real_program_and_of_the_user() {
    let paths: Vec<String> = files(&machine(), &request(Mode::COMMAND)).into_iter().map(|f| f.path).collect();
    assert_eq!(
        paths,
        [
            "/opt/microsoft/powershell/7/profile.ps1",
            "/opt/microsoft/powershell/7/Microsoft.PowerShell_profile.ps1",
            PROFILE,
            "/home/ann/.config/powershell/Microsoft.PowerShell_profile.ps1",
        ]
    );
}

#[test]
fn a_change_belongs_to_the_statement_before() {
    let environment = [("GOBIN", "/y"), ("GOFLAGS", "-v"), ("HOME", "/home/ann"), ("PATH", "/opt:/usr/bin")];
    let plain = outcome(&environment, b"");
    let machine = machine();
    let request = request(Mode::COMMAND);
    let files = files(&machine, &request);
    let watched = watched(&request, &plain);
    assert_eq!(watched, ["GOBIN", "GOFLAGS", "HOME", "PATH"]);
    let base = "=/home/ann\0=/opt:/usr/bin\0";
    let stream = format!(
        "V\0\0\0{base}D\0HOME=/home/ann\0PATH=/opt:/usr/bin\0GOWHENCE_STAGE=start\0\
         A\0{PROFILE}\02\0\0\0V\0\0=-v\0{base}A\0{PROFILE}\03\0\0\0A\0{TOOLS}\01\0\0\0\
         V\0=/x\0=-v\0{base}A\0{PROFILE}\04\0\0\0V\0=/y\0=-v\0{base}\
         D\0GOBIN=/y\0GOFLAGS=-v\0HOME=/home/ann\0PATH=/opt:/usr/bin\0GOWHENCE_STAGE=2\0\
         D\0GOBIN=/y\0GOFLAGS=-v\0HOME=/home/ann\0PATH=/opt:/usr/bin\0GOWHENCE_STAGE=end\0"
    );
    let run = outcome(&environment, stream.as_bytes());
    let trace = explain(&machine, &request, &plain, &files, watched, &run);
    assert_eq!(trace.end, crate::TraceEnd::Complete);
    let seen: Vec<(String, &Origin, Confidence)> = trace
        .changes
        .iter()
        .map(|c| (c.effect.name.to_string(), &c.effect.origin, c.effect.confidence))
        .collect();
    let line = |path: &str, line: u32, column: u32| {
        Origin::File(model::Place { column, ..model::Place::line(path, line) })
    };
    assert!(matches!(&seen[0], (name, Origin::Rule { .. }, Confidence::Baseline) if name == "PATH"));
    assert_eq!(seen[1], ("GOBIN".to_owned(), &line(TOOLS, 1, 6), Confidence::Exact));
    assert_eq!(seen[2], ("GOBIN".to_owned(), &line(PROFILE, 4, 0), Confidence::Range));
    assert_eq!(seen[3], ("GOFLAGS".to_owned(), &line(PROFILE, 2, 6), Confidence::Exact));
}

#[test]
fn without_the_driver_lines_are_found_by_reading() {
    let environment = [("GOFLAGS", "-v"), ("GOPROXY", "off"), ("HOME", "/home/ann"), ("PATH", "/usr/bin")];
    let plain = outcome(&environment, b"");
    let machine = machine();
    let request = request(Mode::LOGIN);
    let files = files(&machine, &request);
    let trace = trace(&machine, &request, &plain, &files);
    let places: Vec<(String, u32, Confidence)> = trace
        .changes
        .iter()
        .map(|c| {
            let place = c.effect.origin.place().expect("a place");
            (place.path.clone(), place.line, c.effect.confidence)
        })
        .collect();
    assert_eq!(
        places,
        [(PROFILE.to_owned(), 2, Confidence::Static), ("/etc/profile".to_owned(), 1, Confidence::Static)]
    );
}

#[test]
fn the_driver_quotes_paths_and_names_every_profile_once() {
    let mut files = files(&machine(), &request(Mode::COMMAND));
    files[2].path = "/home/o'hara/profile.ps1".to_owned();
    let text = driver::text(FD, &files, &["PATH".to_owned()]);
    assert_eq!(text.matches(". '/home/o''hara/profile.ps1'").count(), 1);
    assert!(text.contains("Names = @('PATH')"));
    assert!(!text.contains("Microsoft.PowerShell_profile.ps1"), "absent files are not read");
}
