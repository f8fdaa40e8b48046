//! `cargo xtask torture …`: the process killed, or lied to, at every system call of writing, and what is left looked at.
//!
//! The real machine and the real kernel: a child of ours is traced (ptrace(2)), so that it can be killed before a call,
//! after it or with half of the bytes written, and so that a call can be answered with an error that it did not give.
//! Not here: power failures, in which the disk forgets what was not synced.

mod instances;
mod picture;
mod points;
mod scenario;
mod tracer;

use crate::failure::{Done, Failure};
use points::Point;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(clap::Subcommand)]
pub(crate) enum Subject {
    /// Changes of files: every file is its old or its new self, all of a change or none, and the journal agrees
    Apply(Options),
}

#[derive(clap::Args)]
pub(crate) struct Options {
    /// At how many points, evenly taken from all there are [default: all]
    #[arg(long)]
    points: Option<usize>,
    /// Where the homes are laid out [default: in memory, where syncing takes no time]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Names every point
    #[arg(long, short)]
    verbose: bool,
}

/// A file system in memory, where there is one (Linux: shm_overview(7)).
const MEMORY: &str = "/dev/shm";

/// After every so many points at which the child is killed, recovery is killed, too: in all points, and where few are
/// wanted, which then need not be looked for so long.
const RECOVERIES: usize = 9;
const FEW_RECOVERIES: usize = 90;
/// So many are few.
const FEW: usize = 1000;

/// Enough to see that nothing broke.
pub(crate) fn sample() -> Options {
    Options { points: Some(200), folder: None, verbose: false }
}

pub(crate) fn run(subject: &Subject) -> Done {
    match subject {
        Subject::Apply(options) => apply(options),
    }
}

/// Whether this program was started as the child that is killed, and has done what it was to do.
pub(crate) fn act_if_asked() -> Option<std::process::ExitCode> {
    scenario::act_if_asked().or_else(instances::change_if_asked)
}

pub(crate) fn apply(options: &Options) -> Done {
    let started = Instant::now();
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None if Path::new(MEMORY).is_dir() => tempfile::tempdir_in(MEMORY)?,
        None => tempfile::tempdir()?,
    };
    let few = options.points.is_some_and(|points| points < FEW);
    let all = points::all(folder.path(), if few { FEW_RECOVERIES } else { RECOVERIES })?;
    let chosen = evenly(&all, options.points.unwrap_or(all.len()));
    let mut failed = Vec::new();
    let mut stage = points::Stage::new(folder.path());
    for point in &chosen {
        let result = stage.try_at(point);
        if options.verbose || result.is_err() {
            println!("{point}: {}", result.as_ref().map_or_else(ToString::to_string, |end| end.to_string()));
        }
        if result.is_err() {
            failed.push(point);
        }
    }
    tell(&chosen, all.len(), &stage);
    let together = instances::run(&folder.path().join("instances"))?;
    println!("torture apply: {together}");
    println!("torture apply: {:.1} s", started.elapsed().as_secs_f32());
    if failed.is_empty() {
        println!(
            "torture apply: at every point all files of a change were old, or all new, and the journal agreed"
        );
        return Ok(());
    }
    Err(Failure::new(format!("{} of {} points left something else", failed.len(), chosen.len())))
}

fn tell(chosen: &[&Point], all: usize, stage: &points::Stage<'_>) {
    let count = |kind: &str| chosen.iter().filter(|p| p.kind() == kind).count();
    println!(
        "torture apply: {} points of {all}: {} killed before a call, {} after it, {} with half of it written, {} in \
         recovery, {} calls that failed, {} disks that were full from there on",
        chosen.len(),
        count("before"),
        count("after"),
        count("half"),
        count("recovery"),
        count("error"),
        count("full"),
    );
    println!(
        "torture apply: {} changes were completed, {} taken back, {} had not begun, {} were refused in time",
        stage.completed, stage.taken_back, stage.not_begun, stage.refused
    );
}

fn evenly<T>(all: &[T], wanted: usize) -> Vec<&T> {
    let wanted = wanted.min(all.len());
    (0..wanted).map(|i| &all[i * all.len() / wanted]).collect()
}

/// A folder as it stands, by the one copier that keeps links, owners and times.
fn copy(from: &Path, to: &Path) -> Done {
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    let status = std::process::Command::new("cp").arg("-a").arg("--").args([from, to]).status()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("cp -a {} failed", from.display()))) }
}
