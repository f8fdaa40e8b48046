//! macOS: processes through `ps`-free means are not had yet; files, environment, user and runs as on every Unix.

use super::HandOver;
use crate::{Process, ReadError, RunOutcome, RunSpec};
use model::{Name, Value};

pub(super) use super::unix::{
    environment, hand_over, host_name, is_executable, registry_subkeys, registry_values, user,
};

pub(super) fn processes() -> Vec<Process> {
    Vec::new()
}

pub(super) fn process_environment(_pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
    Err(ReadError::Other("processes are not read on macOS yet".to_owned()))
}

pub(super) fn run(spec: &RunSpec, hand_over: &HandOver) -> RunOutcome {
    super::unix::run::run(spec, hand_over)
}

/// Never known to be so: macOS tells the program of another process by means that are not used yet.
pub(super) fn inside_own_run() -> bool {
    false
}
