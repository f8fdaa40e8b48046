//! Running other programs, one visible step after another.

use crate::failure::{Doing as _, Done, Failure};
use std::process::Command;
use std::time::Instant;

/// The command as one would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    if let Some(name) = words[0].rsplit('/').next() {
        words[0] = name.to_owned();
    }
    words.join(" ")
}

/// Runs it with our terminal; says what runs and how long it took.
pub(crate) fn step(command: &mut Command) -> Done {
    let text = spelled(command);
    eprintln!("── {text}");
    let started = Instant::now();
    let status = command.status().doing(&text)?;
    if !status.success() {
        return Err(Failure::new(format!("`{text}` failed ({status})")));
    }
    eprintln!("── {text}: {:.1} s", started.elapsed().as_secs_f32());
    Ok(())
}
