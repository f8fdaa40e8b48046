//! The real go, run on a machine.

use super::machine::Machine;
use crate::failure::{Doing as _, Done};
use std::process::{Command, Stdio};

/// Seconds after which a go that does not end is killed. A full list with real compilers and a cold cache takes less
/// than one.
const LIMIT: &str = "30";

/// Where nobody listens: the port of the discard service.
pub(crate) const CLOSED: &str = "127.0.0.1:9";

/// What a program left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Exit status; 124 where the time was over.
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// `go WORDS…` as PATH finds it.
pub(crate) fn run(machine: &Machine, words: &[String]) -> Done<Answer> {
    let output = Command::new("/usr/bin/timeout")
        .args(["-k", "1", LIMIT, "go"])
        .args(words)
        .env_clear()
        .envs(machine.env.iter().map(|(name, value)| (name, value)))
        // go: src/cmd/vendor/golang.org/x/telemetry/start.go Start: no child that uploads what was counted.
        .env("GO_TELEMETRY_CHILD", "2")
        // Whatever a machine asks for is not to be fetched.
        .env("HTTPS_PROXY", format!("http://{CLOSED}"))
        .env("HTTP_PROXY", format!("http://{CLOSED}"))
        .current_dir(&machine.cwd)
        .stdin(Stdio::null())
        .output()
        .doing("timeout")?;
    Ok(Answer {
        status: output.status.code().unwrap_or(-1),
        stdout: without_probe(output.stdout),
        stderr: spoken(&String::from_utf8_lossy(&output.stderr)),
    })
}

/// The answer without the line of GOGCCFLAGS, which is the outcome of running compilers.
fn without_probe(stdout: Vec<u8>) -> Vec<u8> {
    const STARTS: [&[u8]; 2] = [b"\t\"GOGCCFLAGS\": ", b"GOGCCFLAGS="];
    if !STARTS.iter().any(|start| stdout.windows(start.len()).any(|part| part == *start)) {
        return stdout;
    }
    let lines = stdout.split_inclusive(|b| *b == b'\n');
    lines.filter(|line| !STARTS.iter().any(|start| line.starts_with(start))).flatten().copied().collect()
}

/// What was said, but for what is another in each run: the time, and where a panicking program was.
pub(crate) fn spoken(stderr: &str) -> String {
    let told = match stderr.find("\ngoroutine ") {
        Some(at) if stderr.contains("panic: ") || stderr.starts_with("fatal error: ") => &stderr[..at],
        _ => stderr,
    };
    told.split_inclusive('\n').map(undated).map(unnumbered).collect()
}

/// The name of a work folder without what makes it new (go: src/cmd/go/internal/work/action.go `NewBuilder`).
fn unnumbered(line: &str) -> String {
    const NAME: &str = "/go-build";
    match line.find(NAME) {
        Some(at) if line.contains("creating work dir: ") => {
            let (head, rest) = line.split_at(at + NAME.len());
            head.to_owned() + rest.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => line.to_owned(),
    }
}

/// `2026/11/25 10:12:14 Invalid GOARM value` without the time (go: package log).
fn undated(line: &str) -> &str {
    const SHAPE: &str = "0000/00/00 00:00:00 ";
    let fits = line.len() >= SHAPE.len()
        && line.bytes().zip(SHAPE.bytes()).all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s });
    if fits { &line[SHAPE.len()..] } else { line }
}
