//! Windows, as far as it goes: the caller's own environment and files. Processes, the registry and runs of
//! programs answer that they cannot be had yet.

pub(super) mod attributes;
pub(super) mod places;

use super::HandOver;
use crate::{Glimpse, Process, ReadError, RegistryValue, RunOutcome, RunSpec, User};
use model::{Name, Value};
use std::convert::Infallible;

const NOT_YET: &str = "not read on Windows yet";

pub(super) fn hand_over(_fifo: &std::ffi::OsStr) -> std::io::Result<Infallible> {
    Err(std::io::Error::other(NOT_YET))
}

pub(super) fn is_executable(path: &str) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file())
}

pub(super) fn environment() -> Vec<(Name, Value)> {
    std::env::vars_os()
        .map(|(n, v)| (Name::new(n.into_encoded_bytes()), Value::new(v.into_encoded_bytes())))
        .collect()
}

pub(super) fn user_id() -> u32 {
    0
}

pub(super) fn user() -> User {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    User { name: var("USERNAME"), uid: 0, gid: 0, home: var("USERPROFILE"), shell: var("ComSpec") }
}

pub(super) fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

pub(super) fn glimpses() -> Vec<Glimpse> {
    processes().into_iter().map(Glimpse::from).collect()
}

pub(super) fn one_process(pid: u32) -> Option<Process> {
    processes().into_iter().find(|p| p.pid == pid)
}

pub(super) fn processes() -> Vec<Process> {
    Vec::new()
}

pub(super) fn process_environment(_pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
    Err(ReadError::Other(NOT_YET.to_owned()))
}

pub(super) fn registry_values(_key: &str) -> Result<Vec<RegistryValue>, ReadError> {
    Err(ReadError::Other(NOT_YET.to_owned()))
}

pub(super) fn registry_subkeys(_key: &str) -> Result<Vec<String>, ReadError> {
    Err(ReadError::Other(NOT_YET.to_owned()))
}

pub(super) fn run(_spec: &RunSpec, _hand_over: &HandOver) -> RunOutcome {
    RunOutcome::not_started("programs are not run on Windows yet")
}

/// Never known to be so: nothing is run on Windows yet.
pub(super) fn inside_own_run() -> bool {
    false
}
