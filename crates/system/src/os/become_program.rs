//! A program with a given environment in the place of this one.
//!
//! Not here: probing runs, which are watched and ended (`unix/run`).

use model::{Name, Value};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: String,
    /// `argv[0]`.
    pub arg0: OsString,
    pub arguments: Vec<OsString>,
    /// Exactly the environment.
    pub environment: Vec<(Name, Value)>,
    /// The working folder, if not this process's.
    pub cwd: Option<PathBuf>,
}

/// Becomes the program. On Unix this returns only if it cannot be executed; elsewhere it waits for the program and
/// gives its exit status.
pub fn become_program(program: &Program) -> std::io::Result<u8> {
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).env_clear();
    for (name, value) in &program.environment {
        command.env(os_text(name.as_bytes()), os_text(value.as_bytes()));
    }
    if let Some(cwd) = &program.cwd {
        command.current_dir(cwd);
    }
    go_on(command, program)
}

#[cfg(unix)]
fn os_text(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_text(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(unix)]
fn go_on(mut command: Command, program: &Program) -> std::io::Result<u8> {
    use std::os::unix::process::CommandExt as _;
    Err(command.arg0(&program.arg0).exec())
}

#[cfg(not(unix))]
fn go_on(mut command: Command, _program: &Program) -> std::io::Result<u8> {
    let status = command.status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
