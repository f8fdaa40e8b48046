//! `cargo xtask conformance go --windows`: the go of Windows, run by Wine, against what is told of it here on Linux.
//!
//! Machines are folders of a Wine prefix; the same folders are given to us as a Windows machine in memory, so that the
//! path rules are those of Windows on both sides. What Wine itself does otherwise than Windows is not found this way.

mod machine;
mod ours;
mod pools;
mod prefix;

use super::compare::{self, Verdict};
use super::tally::Tally;
use super::{Found, Options, shortened};
use crate::failure::{Done, Failure};
use machine::Machine;
use prefix::{Job, Prefix};

/// Releases that there are as modules for Windows.
const RELEASES: &[&str] = &["1.25.14", "1.26.10"];

/// How many machines are asked in one start of Wine.
const BATCH: u32 = 20;

pub(super) fn run(options: &Options) -> Done {
    let prefix = Prefix::bring(RELEASES)?;
    let base = ours::base(&prefix)?;
    if let Some(case) = options.case {
        return replay(options, &prefix, &base, case);
    }
    let mut found = Found { tally: Tally::default(), differences: Vec::new() };
    let mut next = 0;
    while next < options.cases {
        let end = options.cases.min(next + BATCH);
        let mut machines = Vec::new();
        for case in next..end {
            machines.push(machine::generate(&prefix, options.seed, case)?);
        }
        for (machine, verdicts) in machines.iter().zip(ask(&prefix, &base, &machines)?) {
            add(&mut found, machine, verdicts);
        }
        for machine in &machines {
            std::fs::remove_dir_all(prefix.unix(&machine.folder))?;
        }
        next = end;
    }
    found.print(options, " --windows");
    if found.tally.all_agreed() { Ok(()) } else { Err(Failure::new("what is told differs from the real go")) }
}

/// A few machines, where an earlier run has brought what they need: Wine, a prefix and 140 MB of SDKs.
pub(crate) fn sample() -> Option<Options> {
    Prefix::is_here(RELEASES).then(|| Options {
        sdks: Vec::new(),
        seed: 1,
        cases: 10,
        from: 0,
        case: None,
        jobs: 1,
        scripts: false,
        script: None,
        windows: true,
        toolchains: false,
        show: 20,
    })
}

/// What went otherwise, machine by machine.
fn ask(
    prefix: &Prefix,
    base: &system::memory::MemorySystem,
    machines: &[Machine],
) -> Done<Vec<Vec<(String, Verdict)>>> {
    let jobs: Vec<Job<'_>> = machines.iter().flat_map(Machine::jobs).collect();
    // We are asked first: the real go leaves files.
    let mut told = Vec::new();
    for machine in machines {
        let system = ours::lay_out(base, prefix, machine)?;
        told.push(
            machine.questions.iter().map(|words| ours::tell(&system, machine, words)).collect::<Vec<_>>(),
        );
    }
    let mut answers = prefix.run(&jobs)?.into_iter();
    let mut all = Vec::new();
    for (machine, told) in machines.iter().zip(told) {
        let mut verdicts = Vec::new();
        for (words, told) in machine.questions.iter().zip(told) {
            let answer = answers.next().ok_or_else(|| Failure::new("wine: an answer is missing"))?;
            let compared = if told.writes { Vec::new() } else { compare::compare(&answer, &told) };
            verdicts.extend(compared.into_iter().map(|verdict| (shortened(words), verdict)));
        }
        all.push(verdicts);
    }
    Ok(all)
}

fn add(found: &mut Found, machine: &Machine, verdicts: Vec<(String, Verdict)>) {
    found.tally.machine(&machine.release, verdicts.iter().map(|(_, verdict)| verdict));
    for (question, verdict) in verdicts {
        found.tally.add(&machine.release, &verdict);
        if !verdict.agreed {
            found.differences.push((machine.case, machine.release.clone(), question, verdict));
        }
    }
}

fn replay(options: &Options, prefix: &Prefix, base: &system::memory::MemorySystem, case: u32) -> Done {
    let machine = machine::generate(prefix, options.seed, case)?;
    println!("{}", machine.describe(prefix)?);
    for (question, verdict) in ask(prefix, base, std::slice::from_ref(&machine))?.remove(0) {
        if !verdict.agreed {
            println!("── {question}: {} differs", verdict.what);
            println!("     go   {:?}\n     told {:?}", verdict.theirs, verdict.ours);
        }
    }
    Ok(())
}
