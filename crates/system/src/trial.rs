//! Running a program as if some files held something else, to see what an edit would do before it is made.
//!
//! Not here: edits, and what the program says.

/// A file that exists, and what is to stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// With every symlink resolved.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Why there was no trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Failed {
    pub reason: String,
}

impl Failed {
    #[cfg(target_os = "linux")]
    pub(crate) fn new(error: &dyn std::fmt::Display) -> Self {
        Self { reason: error.to_string() }
    }
}

/// This very program, with other arguments, in a world in which the files hold other bytes. Gives its standard output.
pub fn again(arguments: &[String], files: &[Stood]) -> Result<Vec<u8>, Failed> {
    #[cfg(target_os = "linux")]
    {
        let program = std::env::current_exe().map_err(|e| Failed::new(&e))?;
        crate::os::trial(&program.to_string_lossy(), arguments, files)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (arguments, files);
        Err(Failed { reason: "this system has no mount namespaces to try an edit in".to_owned() })
    }
}
