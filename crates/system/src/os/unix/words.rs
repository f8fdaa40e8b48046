//! A run's program, arguments and environment as `execve` wants them, and its start by a supervisor beside us.
//!
//! Not here: what the supervisor does (`beside`).

use super::beside::{self, Orders, Supervisor};
use super::laid::Laid;
use super::start::Standard;
use crate::RunSpec;
use nix::libc::{c_char, c_int};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

/// Starts a supervisor and, below it, the program; gives both. `trace` is our descriptor and the program's number.
pub(super) fn supervise(
    spec: &RunSpec,
    laid: &Laid,
    standard: &Standard,
    trace: Option<(c_int, c_int)>,
    status: OwnedFd,
    told: &OwnedFd,
) -> io::Result<(Supervisor, u32)> {
    let program = CString::new(laid.fill(spec.program.as_bytes()))?;
    let first = match &spec.arg0 {
        Some(arg0) => CString::new(arg0.as_bytes())?,
        None => program.clone(),
    };
    let mut arguments = vec![first];
    for argument in &spec.args {
        arguments.push(CString::new(laid.fill(argument.as_bytes()))?);
    }
    // A name that is given twice has the last value.
    let environment: BTreeMap<&[u8], &[u8]> =
        spec.env.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let environment: Vec<CString> = environment
        .into_iter()
        .map(|(name, value)| CString::new([name, b"=", &laid.fill(value)].concat()))
        .collect::<Result<_, _>>()?;
    let cwd = CString::new(if spec.cwd.is_empty() { "/" } else { &spec.cwd })?;
    let (arguments_block, environment_block) = (pointers(&arguments), pointers(&environment));
    let orders = Orders {
        program: program.as_ptr(),
        arguments: arguments_block.as_ptr(),
        environment: environment_block.as_ptr(),
        cwd: cwd.as_ptr(),
        standard: [standard.input.as_raw_fd(), standard.output.as_raw_fd(), standard.error.as_raw_fd()],
        trace,
        terminal: spec.terminal.is_some(),
        status: status.as_raw_fd(),
    };
    beside::supervise(&orders, status, told)
}

/// Ended by a null pointer.
fn pointers(texts: &[CString]) -> Vec<*const c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}
