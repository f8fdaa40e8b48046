//! fish.

use crate::{Dialect, Request, StartupFile, Trace};
use system::{RunOutcome, RunSpec, System};

/// fish.
#[derive(Debug)]
pub struct Fish;

impl Dialect for Fish {
    fn startup_files(&self, _system: &dyn System, _request: &Request) -> Vec<StartupFile> {
        Vec::new()
    }

    fn plain(&self, _request: &Request) -> RunSpec {
        RunSpec::default()
    }

    fn trace(&self, _system: &dyn System, _request: &Request, _plain: &RunOutcome) -> Trace {
        Trace::unavailable(Vec::new(), "")
    }
}
