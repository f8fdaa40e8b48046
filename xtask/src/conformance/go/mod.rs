//! `cargo xtask conformance go`: what is told of go without running it, against what go itself says.
//!
//! Real SDKs of every minor from 1.11 on are brought once and kept. Machines are generated from a seed; on each, the
//! real go is asked several things, and so are we: values, output to the byte, exit statuses and messages.

mod compare;
mod machine;
mod ours;
mod proxy;
mod real;
mod scripts;
mod sdks;
mod sumdb;
mod tally;
pub(crate) mod windows;

use crate::failure::{Doing as _, Done, Failure};
use crate::root;
use compare::Verdict;
use machine::{Machine, Shared};
pub(crate) use ours::folded;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use system::os::Real;
use tally::Tally;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// A release, `debian`, or the folder of an SDK, instead of all releases (may be repeated)
    #[arg(long = "sdk", value_name = "SDK")]
    sdks: Vec<String>,
    /// What the machines are generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many machines
    #[arg(long, default_value_t = 1000)]
    cases: u32,
    /// The first of them, where a run is done in parts; `--cases` counts from 0 all the same
    #[arg(long, default_value_t = 0, value_name = "N")]
    from: u32,
    /// Only this machine, laid out, both answers printed; with the same `--sdk`s as in the run where it was met
    #[arg(long)]
    case: Option<u32>,
    /// How many at a time
    #[arg(long, default_value_t = 2)]
    jobs: u32,
    /// Plays the script tests of go that the SDKs carry (of the newest one, unless `--sdk` names others)
    #[arg(long)]
    scripts: bool,
    /// Only this script
    #[arg(long, value_name = "NAME", requires = "scripts")]
    script: Option<String>,
    /// The go of Windows, run by Wine, instead
    #[arg(long)]
    windows: bool,
    /// Toolchains as modules, and mostly a checksum database, on every machine
    #[arg(long)]
    toolchains: bool,
    /// How many differences are printed in full
    #[arg(long, default_value_t = 20)]
    show: usize,
}

/// What every change must pass.
pub(crate) fn sample() -> Options {
    Options {
        sdks: sdks::SAMPLE.iter().map(|name| (*name).to_owned()).collect(),
        seed: 1,
        cases: 500,
        from: 0,
        case: None,
        jobs: 2,
        scripts: false,
        script: None,
        windows: false,
        toolchains: false,
        show: 20,
    }
}

pub(crate) fn run(options: &Options) -> Done {
    if options.windows {
        return windows::run(options);
    }
    let names = if options.sdks.is_empty() && options.scripts {
        sdks::RELEASES.last().map(|name| (*name).to_owned()).into_iter().collect()
    } else if options.sdks.is_empty() {
        sdks::RELEASES.iter().chain([&sdks::DEBIAN]).map(|name| (*name).to_owned()).collect()
    } else {
        options.sdks.clone()
    };
    // In our cache, where the SDKs are: a program is then copied by a link.
    fs::create_dir_all(root::cache())?;
    let folder = tempfile::tempdir_in(root::cache())?;
    let top = folder.path().canonicalize()?;
    let mut sdks = sdks::bring(&names)?;
    if options.toolchains {
        // Those before have no choice.
        sdks.retain(|sdk| sdk.since(machine::FIRST_WITH_CHOICE));
    }
    let shared = Shared::lay_out(&top.join("shared"), sdks, options.toolchains)?;
    if options.scripts {
        return scripts::run(&shared.sdks, &top, options.script.as_deref());
    }
    if let Some(case) = options.case {
        return replay(options, &shared, case, &top);
    }
    let next = AtomicU32::new(options.from);
    let found = Mutex::new(Found::default());
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= options.cases || failed.lock().is_ok_and(|f| f.is_some()) {
                        return;
                    }
                    if let Err(error) = one(options, &shared, case, &top, &found) {
                        if let Ok(mut failed) = failed.lock() {
                            *failed = Some(error);
                        }
                        return;
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().ok().flatten() {
        return Err(error);
    }
    let found = found.into_inner().map_err(|_| Failure::new("a thread of the suite panicked"))?;
    found.print(options, if options.toolchains { " --toolchains" } else { "" });
    if found.tally.all_agreed() { Ok(()) } else { Err(Failure::new("what is told differs from the real go")) }
}

/// All that the machines came to.
#[derive(Default)]
struct Found {
    tally: Tally,
    /// Machine, its SDK, the question, what differed.
    differences: Vec<(u32, String, String, Verdict)>,
}

fn one(options: &Options, shared: &Shared, case: u32, top: &Path, found: &Mutex<Found>) -> Done {
    let folder = top.join(format!("m{case}"));
    fs::create_dir(&folder).doing(folder.display())?;
    let machine = machine::generate(shared, options.seed, case, &folder)?;
    let verdicts = ask(&machine)?;
    make_writable(&folder)?;
    fs::remove_dir_all(&folder).doing(folder.display())?;
    let mut found = found.lock().map_err(|_| Failure::new("a thread of the suite panicked"))?;
    let label = &machine.sdk.label;
    found.tally.machine(label, verdicts.iter().map(|(_, verdict)| verdict));
    for (question, verdict) in verdicts {
        found.tally.add(label, &verdict);
        if !verdict.agreed {
            found.differences.push((case, label.clone(), question, verdict));
        }
    }
    Ok(())
}

/// Gives back the right to remove what go unpacked into the module cache, whose folders it makes read-only.
fn make_writable(folder: &Path) -> Done {
    for entry in fs::read_dir(folder).doing(folder.display())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o755))?;
            make_writable(&entry.path())?;
        }
    }
    Ok(())
}

/// Every question of a machine, with what differed and what did not. The real go may leave files, so we are asked right
/// before it.
fn ask(machine: &Machine) -> Done<Vec<(String, Verdict)>> {
    let system = Real::for_tests();
    let mut verdicts = Vec::new();
    for words in &machine.questions {
        let told = ours::tell(&system, machine, words);
        if !told.writes {
            let compared = compare::compare(&real::run(machine, words)?, &told);
            verdicts.extend(compared.into_iter().map(|verdict| (shortened(words), verdict)));
        }
    }
    Ok(verdicts)
}

/// The question for a heading.
fn shortened(words: &[String]) -> String {
    let text = format!("go {}", words.join(" "));
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn replay(options: &Options, shared: &Shared, case: u32, top: &Path) -> Done {
    let folder = top.join(format!("m{case}"));
    fs::create_dir(&folder).doing(folder.display())?;
    let machine = machine::generate(shared, options.seed, case, &folder)?;
    println!("{}", machine.describe());
    let system = Real::for_tests();
    for words in &machine.questions {
        let told = ours::tell(&system, &machine, words);
        if told.writes {
            println!("── {}\n   not asked: it would write", shortened(words));
            continue;
        }
        let theirs = real::run(&machine, words)?;
        println!("── {}\n   exit status {}", shortened(words), theirs.status);
        print!("{}{}", theirs.stderr, String::from_utf8_lossy(&theirs.stdout));
        for verdict in compare::compare(&theirs, &told).iter().filter(|v| !v.agreed) {
            println!(
                "   {} differs\n     go   {:?}\n     told {:?}",
                verdict.what, verdict.theirs, verdict.ours
            );
        }
    }
    Ok(())
}

impl Found {
    fn print(&self, options: &Options, flags: &str) {
        let mut groups: BTreeMap<(&str, &str), (usize, u32)> = BTreeMap::new();
        for (case, sdk, _, verdict) in &self.differences {
            let group = groups.entry((verdict.what.as_str(), sdk.as_str())).or_insert((0, *case));
            group.0 += 1;
        }
        for (case, sdk, question, verdict) in self.differences.iter().take(options.show) {
            println!(
                "machine {case} ({sdk}), {question}: {} differs\n  go   {:?}\n  told {:?}",
                verdict.what, verdict.theirs, verdict.ours
            );
        }
        for ((what, sdk), (count, first)) in groups {
            println!("{what} differs {count} times with {sdk}, first in machine {first}");
        }
        self.tally.print();
        if let Some((case, ..)) = self.differences.first() {
            let sdks: String = options.sdks.iter().map(|sdk| format!(" --sdk {sdk}")).collect();
            println!("replay: cargo xtask conformance go{flags} --seed {} --case {case}{sdks}", options.seed);
        }
    }
}
