//! `cargo xtask test`: what a change must pass, in one command.
//!
//! A test that was skipped is a failure here: all that the tests need can be installed, and was.

use crate::failure::{Doing as _, Done, Failure};
#[cfg(target_os = "linux")]
use crate::fuzz;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use crate::torture;
use crate::{conformance, needs, root, steps};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Does not look for missing programs and installs nothing
    #[arg(long)]
    no_install: bool,
    /// Leaves the conformance samples, broken inputs and killed processes out
    #[arg(long)]
    no_conformance: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    if !options.no_install {
        needs::for_tests()?;
    }
    steps::step(root::cargo().args(["fmt", "--all", "--check"]))?;
    steps::step(root::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    if !options.no_conformance {
        conformance::sample()?;
        #[cfg(target_os = "linux")]
        fuzz::run(&fuzz::sample())?;
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        torture::apply(&torture::sample())?;
    }
    all_tests()
}

/// `cargo test --workspace`, its lines passed on; ignored tests are counted and refused.
fn all_tests() -> Done {
    let mut command = root::cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("PATH", needs::test_path())
        // testkit: a missing program is then no reason to skip.
        .env("GOWHENCE_TEST_NO_SKIP", "1")
        .stdout(Stdio::piped());
    let text = steps::spelled(&command);
    eprintln!("── {text}");
    let mut child = command.spawn().doing(&text)?;
    let mut ignored = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            if line.starts_with("test ") && line.contains(" ... ignored") {
                ignored.push(line);
            }
        }
    }
    let status = child.wait().doing(&text)?;
    if !status.success() {
        return Err(Failure::new(format!("`{text}` failed ({status})")));
    }
    if !ignored.is_empty() {
        return Err(Failure::new(format!("{} tests were not run: {}", ignored.len(), ignored.join("; "))));
    }
    Ok(())
}
