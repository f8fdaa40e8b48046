//! `cargo xtask conformance spaces`: the real login, su, sudo, cron and sshd over generated variants of their
//! configuration, every variable compared with what the library predicts.
//!
//! Each variant lives in a mount and process namespace of its own, with an overlay over /etc and empty folders in
//! the place of /home, /root, /run, /var/log and the crontabs: nothing of the machine is changed, nothing stays
//! behind. Needs root and the programs.

mod dump;
mod lines;
mod predict;
mod real;
mod stage;
mod variants;

use crate::failure::{Doing, Done, Failure};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use system::System as _;
use system::os::Real;

pub(crate) use dump::dump_if_asked;

/// How many variants are run unless `--variants` says otherwise.
const VARIANTS: u32 = 80;
/// How many are enough to see that nothing broke.
const SAMPLE: u32 = 4;
const SEED: u64 = 1;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What the variants are generated from
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// How many variants
    #[arg(long, default_value_t = VARIANTS)]
    variants: u32,
    /// Only this variant
    #[arg(long)]
    only: Option<u32>,
    /// Only these spaces
    #[arg(long)]
    space: Vec<String>,
    /// Print the files of each variant that has a difference
    #[arg(long)]
    verbose: bool,
    /// The part that runs inside of the namespaces of one variant
    #[arg(long, hide = true)]
    inside: bool,
}

/// Some variants of each kind; `None` where this suite cannot run: it needs root, mounts and the programs.
pub(crate) fn sample() -> Option<Options> {
    let is_root = Real::for_tests().user().uid == 0;
    let can_mount = || {
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "--pid", "--fork", "--mount-proc", "true"]).stderr(Stdio::null());
        unshare.status().is_ok_and(|s| s.success())
    };
    let programs = real::PROGRAMS.iter().all(|p| Path::new(p).exists());
    (is_root && programs && can_mount()).then(|| Options {
        seed: SEED,
        variants: SAMPLE,
        only: None,
        space: Vec::new(),
        verbose: true,
        inside: false,
    })
}

/// What one space of one variant came to.
#[derive(Default)]
struct Score {
    agreed: u64,
    total: u64,
    runs: u64,
}

pub(crate) fn run(options: &Options) -> Done {
    if options.inside {
        return inside(options);
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut differences = Vec::new();
    let numbers: Vec<u32> = options.only.map_or_else(|| (0..options.variants).collect(), |n| vec![n]);
    for number in &numbers {
        let lines = in_namespaces(options, *number)?;
        let mut differs = false;
        for line in lines.lines() {
            let fields: Vec<&str> = line.splitn(4, '\t').collect();
            match fields.as_slice() {
                ["score", space, agreed, total] => {
                    let score = scores.entry((*space).to_owned()).or_default();
                    score.agreed += agreed.parse::<u64>().doing("a score")?;
                    score.total += total.parse::<u64>().doing("a score")?;
                    score.runs += 1;
                }
                ["differs", rest @ ..] => {
                    differs = true;
                    differences.push(format!("variant {number}: {}", rest.join(": ")));
                }
                _ => return Err(Failure::new(format!("variant {number} answered `{line}`"))),
            }
        }
        if differs && options.verbose {
            println!("{}", variants::variant(options.seed, *number).describe());
        }
    }
    for difference in &differences {
        println!("{difference}");
    }
    println!(
        "\n{} variants, seed {}; compared but for presence only: {}",
        numbers.len(),
        options.seed,
        predict::PER_RUN.join(", ")
    );
    let mut whole = Score::default();
    for (space, score) in &scores {
        println!(
            "{space:<12} {:>6} / {:<6} variables agreed in {} runs",
            score.agreed, score.total, score.runs
        );
        whole.agreed += score.agreed;
        whole.total += score.total;
        whole.runs += score.runs;
    }
    println!(
        "{:<12} {:>6} / {:<6} variables agreed in {} runs",
        "all", whole.agreed, whole.total, whole.runs
    );
    if whole.agreed == whole.total && whole.total > 0 {
        Ok(())
    } else {
        Err(Failure::new("the prediction differs from the real programs"))
    }
}

/// Runs one variant in namespaces of its own; the lines that it prints.
fn in_namespaces(options: &Options, number: u32) -> Done<String> {
    let own = std::env::current_exe()?;
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]).arg(own);
    command.args(["conformance", "spaces", "--inside"]);
    command.args([format!("--seed={}", options.seed), format!("--only={number}")]);
    command.args(options.space.iter().map(|s| format!("--space={s}")));
    let output = command.stderr(Stdio::inherit()).output().doing("unshare")?;
    if !output.status.success() {
        return Err(Failure::new(format!("variant {number} ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).doing("the lines of a variant")
}

fn inside(options: &Options) -> Done {
    let number = options.only.ok_or_else(|| Failure::new("`--inside` needs `--only`"))?;
    let variant = variants::variant(options.seed, number);
    let stage = stage::set(&variant)?;
    for space in real::SPACES {
        let wanted = options.space.is_empty() || options.space.iter().any(|s| s == space);
        if !wanted || !real::has(space, &variant) {
            continue;
        }
        let _kept = real::prepare(space, &variant, &stage)?;
        let predicted = predict::predict(space, &variant, &stage)?;
        let seen = real::run(space, &variant, &stage)?;
        let compared = predict::compare(&predicted, seen.as_ref());
        println!("score\t{space}\t{}\t{}", compared.agreed, compared.total);
        for difference in compared.differences {
            println!("differs\t{space}\t{difference}");
        }
    }
    Ok(())
}
