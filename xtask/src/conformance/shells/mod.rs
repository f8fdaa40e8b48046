//! `cargo xtask conformance shells`: generated homes × shells × modes, the product against the shells themselves.
//!
//! *Values*: every variable of the product's answer against a plain run of the same shell, made here without the
//! product. *Origins*: each literal that a claimed line assigns is changed on that line, and the value must change.
//! Which homes are made follows from the seed alone. Not here: hostile start-up files, which are tests of `shells`.

mod ablation;
mod claims;
mod home;
mod language;
mod plain;
mod tally;

use crate::failure::{Done, Failure};
use crate::needs;
use ablation::{Start, promises_a_line, verdict};
use home::Home;
use shells::{Mode, Shell, identify};
use std::path::Path;
use system::System as _;
use system::os::Real;
use tally::Tally;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Homes for each shell
    #[arg(long, default_value_t = 20)]
    cases: u64,
    /// The first home's seed; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One shell instead of all
    #[arg(long)]
    shell: Vec<String>,
    /// Does not change lines: values only
    #[arg(long)]
    no_ablation: bool,
    /// Leaves the last home that disagreed in this folder
    #[arg(long)]
    keep: Option<std::path::PathBuf>,
}

/// What each change must pass.
pub(crate) fn sample() -> Options {
    Options { cases: 2, seed: 1, shell: Vec::new(), no_ablation: false, keep: None }
}

pub(crate) fn run(options: &Options) -> Done {
    let names: Vec<&str> = match options.shell.as_slice() {
        [] => language::SHELLS.to_vec(),
        some => some.iter().map(String::as_str).collect(),
    };
    if let Some(unknown) = names.iter().find(|n| !language::SHELLS.contains(n)) {
        let known = language::SHELLS.join(", ");
        return Err(Failure::new(format!("no homes can be made for `{unknown}`: choose of {known}")));
    }
    let mut total = Tally::default();
    tally::print_head();
    for name in names {
        let program = needs::find(name).ok_or_else(|| Failure::new(format!("`{name}` is not installed")))?;
        let program = program.display().to_string();
        let shell = identify(&Real::for_tests(), &program)
            .ok_or_else(|| Failure::new(format!("`{program}` is no shell that the product knows")))?;
        let mut tally = Tally::default();
        for seed in options.seed..options.seed + options.cases {
            one_home(options, name, &shell, seed, &mut tally)?;
        }
        tally.print(name);
        total.add(&tally);
    }
    total.print("all");
    total.verdict()
}

/// All modes of one shell in one home.
fn one_home(options: &Options, name: &str, shell: &Shell, seed: u64, tally: &mut Tally) -> Done {
    let made = language::home(name, seed);
    let parent = tempfile::tempdir()?;
    let folder = parent.path().join("home");
    let wrong_before = tally.wrong();
    for mode in Mode::FOUR {
        let case = format!("{name}:{} seed {seed}", mode.variant());
        one_start(options, &case, name, shell, mode, &made, &folder, tally)?;
    }
    if let Some(keep) = options.keep.as_ref().filter(|_| tally.wrong() > wrong_before) {
        made.lay(keep)?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what makes a case, and where it is counted")]
fn one_start(
    options: &Options,
    case: &str,
    name: &str,
    shell: &Shell,
    mode: Mode,
    made: &Home,
    folder: &Path,
    tally: &mut Tally,
) -> Done {
    made.lay(folder)?;
    let environment = made.environment(folder);
    let started = || -> Done<plain::Block> {
        plain::run(name, &shell.path, mode, &environment, folder)?.ok_or_else(|| {
            Failure::new(format!("{case}: the shell alone did not come to the end of its start"))
        })
    };
    // tcsh stores nothing, and its plain run leaves a line of ours behind.
    let settled = if name == "tcsh" {
        made.clone()
    } else {
        started()?;
        made.settled(folder)?
    };
    let made = &settled;
    made.lay(folder)?;
    let plain = started()?;
    made.lay(folder)?;
    let capture = claims::captured(shell, mode, made, folder, Real::for_tests().user().uid);
    let Some(values) = claims::values(name, &capture) else {
        tally.no_answer(case, &capture);
        return Ok(());
    };
    tally.compare(case, &plain, &values);
    if options.no_ablation {
        return Ok(());
    }
    let start = Start { shell: name, program: &shell.path, mode, home: made, folder, plain: &plain };
    for claim in claims::claims(&capture, folder) {
        let verdict = verdict(&start, &claim)?;
        tally.origin(case, &claim, promises_a_line(&claim), &verdict);
    }
    Ok(())
}
