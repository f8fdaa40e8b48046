//! `cargo xtask specs`: checks the specs, rewrites their answers, or has their runs anew from the real shells.
//!
//! Not here: what a spec is (`testkit::spec`).

use crate::failure::Done;
use crate::{root, steps};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Has the `run` blocks anew from the real shells first, as root on Linux
    #[arg(long)]
    rerun: bool,
    /// Rewrites the answers instead of comparing them; read what was rewritten
    #[arg(long)]
    update: bool,
    /// Specs whose shells are run; all of them by default
    files: Vec<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Done {
    if options.rerun {
        let mut command = root::cargo();
        command.args(["run", "--quiet", "--package", "testkit", "--bin", "specs", "--", "--rerun"]);
        steps::step(command.args(&options.files))?;
    }
    let mut command = root::cargo();
    command.args(["test", "--quiet", "--package", "testkit", "--test", "specs"]);
    if options.update {
        command.env("GOWHENCE_UPDATE_SPECS", "1");
    }
    steps::step(&mut command)
}
