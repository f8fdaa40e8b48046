//! pwsh (placeholder)
use crate::{Request, StartupFile, Trace};
use system::{RunOutcome, RunSpec, System};
pub(super) fn files(_system: &dyn System, _request: &Request) -> Vec<StartupFile> {
    Vec::new()
}
pub(super) fn plain(_request: &Request) -> RunSpec {
    RunSpec::default()
}
pub(super) fn trace(_: &dyn System, _: &Request, _: &RunOutcome, _: &[StartupFile]) -> Trace {
    Trace::unavailable(Vec::new(), "")
}
