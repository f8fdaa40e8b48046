//! The command line of gowhence: one file a command. The only crate that prints.
//!
//! stdout is the answer, stderr the talk. Exit status: 0; 1 differences, or findings where `--fail-on` asks; 2 wrong
//! usage or internal failure; 3 something that the user named could not be checked. Deliberately not here: finding
//! anything out (`spaces`) and rendering it (`view`).

mod arguments;
mod ask;
mod commands;
mod complete;
mod failure;
mod fixing;
mod journal;
mod machine;
mod names;
mod progress;
mod terminal;
mod trial;
mod words;

pub use arguments::command;
pub use commands::man::man_pages;
pub use complete::{complete_if_asked, completion_scripts};

use arguments::Arguments;
use clap::FromArgMatches as _;
use failure::{Failure, Outcome};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs one command line (`arguments[0]` is the program) and gives its exit status.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match parsed(arguments.into_iter().collect()) {
        Ok(arguments) => arguments,
        // clap prints what is wrong on stderr with a tip; help and versions are answers.
        Err(error) if error.use_stderr() => {
            let _ = error.print();
            return ExitCode::from(failure::USAGE);
        }
        Err(error) => return end(terminal::written(error.print()).map(|()| Outcome::Fine)),
    };
    terminal::set_color(arguments.common.color);
    end(commands::dispatch(&arguments))
}

fn parsed(arguments: Vec<OsString>) -> Result<Arguments, clap::Error> {
    match words::of_go_alone(&arguments) {
        Some(alone) => Ok(alone),
        None => by_clap(arguments),
    }
}

/// As clap's own `try_parse_from`, but for the words that are go's; the command line is put together once for both.
fn by_clap(arguments: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let mut command = command();
    let arguments = words::separate(&command, arguments);
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn end(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(outcome) => outcome.exit_code(),
        Err(failure) => {
            terminal::complain(&failure);
            Outcome::from(&failure).exit_code()
        }
    }
}

/// What is said where a probed shell's environment could not be handed over; that shell's run ends by its limits.
pub fn failed_hand_over(error: &std::io::Error) -> ExitCode {
    terminal::talk(&format!("gowhence: the environment could not be handed over ({error})"));
    ExitCode::from(failure::USAGE)
}
