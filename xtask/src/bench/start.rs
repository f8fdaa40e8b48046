//! The unit: wall time of an empty static program.

use super::measure::median;
use crate::failure::{Done, Failure};
use crate::{needs, steps};
use std::process::{Command, Stdio};
use std::time::Duration;

const RUNS: usize = 300;

pub(super) fn measure() -> Done<Duration> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("empty.c");
    let program = folder.path().join("empty");
    std::fs::write(&source, "int main(void) { return 0; }\n")?;
    if needs::find("cc").is_none() {
        return Err(Failure::new("no C compiler `cc`: the unit of speed is an empty static program"));
    }
    let mut compile = Command::new("cc");
    steps::step(compile.args(["-O1", "-static", "-o"]).args([&program, &source]))?;
    median(RUNS, || {
        Command::new(&program).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        Ok(())
    })
}
