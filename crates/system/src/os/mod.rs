//! The real machine: Linux, macOS, and as far as it goes Windows.
//!
//! Not here: what any file means. Runs of programs are in `unix/run`; on Windows none are done yet, and that is
//! what a run then answers.

mod become_program;
mod contents;
mod disk;
mod files;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod real;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix::{attributes, places};
#[cfg(windows)]
use windows::{attributes, places};

#[cfg(target_os = "linux")]
pub(crate) use unix::trial::run as trial;

pub use become_program::{Program, become_program};
pub use real::{HandOver, Real, hand_over};
