//! From a file named `go` to the go command behind it: shims and wrappers followed as far as their files tell.

use crate::binary::Program;
use crate::programs::Programs;
use crate::shim::{self, Shim};
use model::{Folded, Origin};

/// The go command itself.
pub(crate) struct Launch {
    /// Absolute; its symlinks are not resolved.
    pub(crate) launched: String,
    pub(crate) program: Option<Program>,
    /// GOROOT that a wrapper sets for it.
    pub(crate) goroot: Option<(String, Origin)>,
}

/// What `launched` comes to, or why that cannot be told.
pub(crate) fn follow(programs: &Programs<'_>, env: &Folded, launched: &str) -> Result<Launch, String> {
    let system = programs.system();
    let real = |path: &str| system.canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let resolved = real(launched);
    let program = programs.read(&resolved);
    match shim::recognise(system, env, launched, &resolved, program.as_ref()) {
        None => Ok(Launch { launched: launched.to_owned(), program, goroot: None }),
        Some(Shim { target: Some(target), sets_goroot, .. }) if system.exists(&target) => {
            Ok(Launch { program: programs.read(&real(&target)), launched: target, goroot: sets_goroot })
        }
        Some(Shim { name, broken: Some(reason), .. }) => {
            Err(format!("the file found ({name}) only runs {reason}"))
        }
        Some(Shim { name, .. }) => Err(format!("which go is run is decided by {name}")),
    }
}
