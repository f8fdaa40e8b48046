//! `cargo xtask conformance vscode`: the real VS Code server, driven by a headless browser and an extension of ours,
//! over generated configurations; every variable of every place is compared with what we say of it.
//!
//! The server and the browser are brought once into the cache folder. Each case has a home, a workspace and a server of
//! its own; nothing of the user's is read or written, and every process is ended.

mod case;
mod compare;
mod driver;
mod generate;
mod observe;
mod predict;
mod setup;

use crate::failure::{Doing as _, Done, Failure};
use case::Case;
use compare::Tally;
use driver::Driver;
use observe::Observed;
use predict::Predicted;
use setup::Server;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

const SEED: u64 = 1;
const CASES: u32 = 60;
/// The first of the ports that servers listen at. The browser keeps the editor's code by address, so a few are used
/// again and again.
const FIRST_PORT: u16 = 18_470;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What the cases are generated from
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// How many cases
    #[arg(long, default_value_t = CASES)]
    cases: u32,
    /// Only this case
    #[arg(long)]
    case: Option<u32>,
    /// How many servers at a time
    #[arg(long, default_value_t = 2)]
    jobs: u16,
    /// Leaves the homes and what was seen in this folder, and uses what was seen there before
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// How many differences are printed
    #[arg(long, default_value_t = 40)]
    show: usize,
}

pub(crate) fn run(options: &Options) -> Done {
    let program = predict::program()?;
    let server = setup::bring()?;
    let scratch = tempfile::tempdir()?;
    let into = options.keep.clone().unwrap_or_else(|| scratch.path().join("cases"));
    std::fs::create_dir_all(&into).doing(into.display())?;
    let into = into.canonicalize()?;
    let browser = scratch.path().join("browser");
    std::fs::create_dir_all(&browser)?;
    let driver = Driver::start(&server, &browser)?;
    let numbers: Vec<u32> = options.case.map_or_else(|| (0..options.cases).collect(), |n| vec![n]);
    let next = AtomicU32::new(0);
    let tally = Mutex::new(Tally::default());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for slot in 0..options.jobs.max(1) {
            let (server, driver, numbers, next) = (&server, &driver, &numbers, &next);
            let (program, tally, failures, into) = (&program, &tally, &failures, &into);
            scope.spawn(move || {
                while let Some(number) = numbers.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let case = generate::case(options.seed, *number, into);
                    let real = Real { server, driver, port: FIRST_PORT + slot };
                    match one(&case, &real, program) {
                        Ok((observed, predicted)) => {
                            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                            tally.add(&case, &observed, &predicted);
                        }
                        Err(failure) => {
                            let line = format!("{}: {failure}", case.name);
                            eprintln!("{line}");
                            failures.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                        }
                    }
                }
            });
        }
    });
    drop(driver);
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    report(options, &tally, &failures)
}

/// What a case is run in.
struct Real<'a> {
    server: &'a Server,
    driver: &'a Driver,
    port: u16,
}

fn one(case: &Case, real: &Real<'_>, program: &Path) -> Done<(Observed, Predicted)> {
    let observed = seen(case, real)?;
    let problems = if observed.problems.is_empty() { "" } else { "; on the way: " };
    eprintln!("{}: {} places{problems}{}", case.name, observed.spaces.len(), observed.problems.join("; "));
    Ok((observed, predict::predict(case, program)?))
}

fn report(options: &Options, tally: &Tally, failures: &[String]) -> Done {
    for line in tally.differences.iter().take(options.show) {
        println!("{line}");
    }
    let hidden = tally.differences.len().saturating_sub(options.show);
    if hidden > 0 {
        println!("and {hidden} more; all of them with `--show {}`", tally.differences.len());
    }
    for line in &tally.missing {
        println!("{line}: nothing is said of it");
    }
    println!("{:24} {:>6} {:>9} {:>9}", "kind of place", "places", "agreed", "total");
    for (kind, score) in &tally.scores {
        println!("{kind:24} {:>6} {:>9} {:>9}", score.places, score.agreed, score.total);
    }
    let (agreed, total) = tally.agreed();
    println!("conformance vscode: {agreed} of {total} variables agreed (seed {})", options.seed);
    if !failures.is_empty() {
        return Err(Failure::new(format!(
            "{} cases could not be run: {}",
            failures.len(),
            failures.join("; ")
        )));
    }
    if agreed == total && total > 0 { Ok(()) } else { Err(Failure::new("there are differences")) }
}

/// What the real program gave in the case, now or, where it is kept, before.
fn seen(case: &Case, real: &Real<'_>) -> Done<Observed> {
    if case.is_known() {
        return observe::read(case);
    }
    case.lay_out(&real.server.entry)?;
    observe::observe(case, real.server, real.driver, real.port)
}
