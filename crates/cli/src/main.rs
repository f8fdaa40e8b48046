//! The `gowhence` program: hands its arguments to the library part.
//!
//! Not here: anything else, but for the hand-over. A shell that is probed calls this very program with
//! `__environment FIFO` at the end of its start-up; that must not wait for a command line to be understood.

use std::process::ExitCode;

/// Called by a probed shell: `gowhence __environment FIFO`.
const HAND_OVER: &str = "__environment";

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let [_, command, fifo] = arguments.as_slice()
        && command == HAND_OVER
    {
        return gowhence::failed_hand_over(&system::os::hand_over(fifo));
    }
    gowhence::complete_if_asked();
    gowhence::main(arguments)
}
