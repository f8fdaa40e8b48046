//! Everything about this repository that is not `cargo build`: `cargo xtask …`.
//!
//! One module a command. Not here: anything that the product does itself; nothing of the product depends on this.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tools of the repository work on its files, run programs and talk to the terminal"
)]

#[cfg(target_os = "linux")]
mod bench;
mod codegen;
mod conformance;
mod failure;
#[cfg(target_os = "linux")]
mod fuzz;
mod needs;
mod new;
mod platforms;
mod root;
mod specs;
mod steps;
mod test;
#[cfg(test)]
mod tidy;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod torture;

use clap::{Parser, Subcommand};
use failure::Done;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Works on this repository: tests, platforms, skeletons, generated files"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what the tests need and runs all of them
    Test(test::Options),
    /// Type-checks the workspace for Windows and macOS, from Linux
    CheckPlatforms(platforms::Options),
    /// Writes the skeleton of something new and registers it
    #[command(subcommand)]
    New(new::Kind),
    /// Writes the generated files: JSON schemas, man pages, completions
    Codegen(codegen::Options),
    /// Checks the specs, rewrites their answers, or has their runs anew from the real shells
    Specs(specs::Options),
    /// Holds the program against the real thing and prints how many cases agreed
    #[command(subcommand)]
    Conformance(conformance::Suite),
    /// Readers fed with broken bytes: panics, hangs, and what go reads otherwise
    #[cfg(target_os = "linux")]
    Fuzz(fuzz::Options),
    /// Kills the process at every system call of writing and looks at what is left
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    #[command(subcommand)]
    Torture(torture::Subject),
    /// Times as ratios, measured in the same run, against their limits
    #[cfg(target_os = "linux")]
    Bench(bench::Options),
}

fn main() -> ExitCode {
    // Inside of the spaces suite this program is also the shell whose environment is looked at.
    if conformance::dump_if_asked() {
        return ExitCode::SUCCESS;
    }
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if let Some(status) = torture::act_if_asked() {
        return status;
    }
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Done {
    match task {
        Task::Test(options) => test::run(&options),
        Task::CheckPlatforms(options) => platforms::run(&options),
        Task::New(kind) => new::run(&kind),
        Task::Codegen(options) => codegen::run(&options),
        Task::Specs(options) => specs::run(&options),
        Task::Conformance(suite) => conformance::run(&suite),
        #[cfg(target_os = "linux")]
        Task::Fuzz(options) => fuzz::run(&options),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        Task::Torture(subject) => torture::run(&subject),
        #[cfg(target_os = "linux")]
        Task::Bench(options) => bench::run(&options),
    }
}
