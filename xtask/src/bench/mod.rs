//! `cargo xtask bench`: times as ratios, everything measured in the same run on the same machine.
//!
//! The unit is the *start*: wall time of an empty static program. Each line has a limit; one over it fails the command.
//! Not here: where the time goes.

mod commands;
mod go_env;
mod homes;
mod measure;
mod memory;
mod plainly;
mod settings;
mod shells;
mod start;
mod survey;

use crate::failure::{Doing as _, Done, Failure};
use crate::{root, steps};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only lines whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Uses what is built as it is; set where the bench starts itself again as a release build
    #[arg(long, hide = true)]
    as_built: bool,
}

/// One line of the table.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) measured: f64,
    pub(crate) limit: f64,
    /// `×` or `starts`.
    pub(crate) unit: &'static str,
    /// What was divided by what.
    pub(crate) detail: String,
}

pub(crate) fn run(options: &Options) -> Done {
    if !options.as_built {
        return again_as_release(options);
    }
    let wanted = |name: &str| options.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    let program = program()?;
    let start = start::Start::build()?;
    println!("1 start = {:.2} ms", start.measure()?.as_secs_f64() * 1e3);
    println!("{:44} {:>9} {:>9}  {:6}", "", "measured", "limit", "");
    let mut over = Vec::new();
    let mut show = |line: Line| {
        let verdict = if line.measured <= line.limit { "OK" } else { "over" };
        let (measured, limit) =
            (format!("{:.2} {}", line.measured, line.unit), format!("{} {}", line.limit, line.unit));
        println!("{:44} {measured:>12} {limit:>10}  {verdict:5} {}", line.name, line.detail);
        if line.measured > line.limit {
            over.push(line.name);
        }
    };
    shells::lines(&program, &wanted, &mut show)?;
    commands::lines(&program, &start, &wanted, &mut show)?;
    go_env::lines(&program, &wanted, &mut show)?;
    settings::lines(&start, &wanted, &mut show)?;
    if over.is_empty() { Ok(()) } else { Err(Failure::new(format!("over the limit: {}", over.join(", ")))) }
}

/// Speed is that of release builds: builds them and starts this command again.
fn again_as_release(options: &Options) -> Done {
    steps::step(root::cargo().args(["build", "--release", "--quiet", "-p", "gowhence", "-p", "xtask"]))?;
    let folder = target_folder().doing("the target folder")?;
    let mut command = std::process::Command::new(folder.join("release/xtask"));
    command.args(["bench", "--as-built"]);
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    steps::step(&mut command)
}

/// This program lies in `TARGET/PROFILE/xtask`.
fn target_folder() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    own.ancestors().nth(2).map(PathBuf::from).ok_or_else(|| format!("{} has no target folder", own.display()))
}

/// The built product beside us.
fn program() -> Done<String> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name("gowhence");
    if !path.is_file() {
        return Err(Failure::new(format!("{} is not built", path.display())));
    }
    Ok(path.display().to_string())
}
