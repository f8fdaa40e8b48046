//! The unit: wall time of an empty static program.

use super::measure::shortest_by_turns;
use crate::failure::{Done, Failure};
use crate::{needs, steps};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

const RUNS: usize = 150;

/// The empty program, to be started beside what is measured in starts.
pub(super) struct Start {
    program: PathBuf,
    _folder: tempfile::TempDir,
}

impl Start {
    pub(super) fn build() -> Done<Self> {
        let folder = tempfile::tempdir()?;
        let source = folder.path().join("empty.c");
        let program = folder.path().join("empty");
        std::fs::write(&source, "int main(void) { return 0; }\n")?;
        if needs::find("cc").is_none() {
            return Err(Failure::new("no C compiler `cc`: the unit of speed is an empty static program"));
        }
        let mut compile = Command::new("cc");
        steps::step(compile.args(["-O1", "-static", "-o"]).args([&program, &source]))?;
        Ok(Self { program, _folder: folder })
    }

    pub(super) fn run(&self) -> Done {
        Command::new(&self.program).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        Ok(())
    }

    /// One start, measured alone.
    pub(super) fn measure(&self) -> Done<Duration> {
        let (one, other) = shortest_by_turns(RUNS, || self.run(), || self.run())?;
        Ok(one.min(other))
    }
}
