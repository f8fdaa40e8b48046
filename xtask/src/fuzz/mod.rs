//! `cargo xtask fuzz`: readers fed with broken bytes, in this process, for as long as one likes.
//!
//! Inputs are mutated from a few seeds by chance that follows from a number. A reader that panics, takes longer than
//! [`HANG`], or reads otherwise than the few lines of go that it stands for is a failure; its input is kept and can be
//! had again. Deliberately not here: guidance by coverage, which the stable compiler has no instrumentation for.

mod editor;
mod mutate;
mod reference;
mod targets;

use crate::conformance::chance::Chance;
use crate::failure::{Doing as _, Done, Failure};
use crate::root;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use targets::Target;

/// No input of the size tried here takes a thousandth of it.
const HANG: Duration = Duration::from_secs(10);
/// Inputs that came from mutating and are mutated again.
const KEPT: usize = 256;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only this reader
    target: Option<String>,
    /// How long each is tried
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// What the inputs are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only the input in this file
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
}

/// Enough to see that nothing broke.
pub(crate) fn sample() -> Options {
    Options { target: None, seconds: 4, seed: 1, input: None }
}

pub(crate) fn run(options: &Options) -> Done {
    let all = targets::all();
    let wanted = |target: &&Target| options.target.as_deref().is_none_or(|name| name == target.name);
    let chosen: Vec<&Target> = all.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = all.iter().map(|target| target.name).collect();
        return Err(Failure::new(format!("no such reader; there are {}", names.join(", "))));
    }
    for target in chosen {
        if let Some(file) = &options.input {
            let bytes = std::fs::read(file).doing(file.display())?;
            (target.check)(&bytes).map_err(Failure::new)?;
            println!("{}: nothing wrong with {}", target.name, file.display());
        } else {
            fuzz(target, options)?;
        }
    }
    Ok(())
}

fn fuzz(target: &Target, options: &Options) -> Done {
    let watch = Watch::start(target.name);
    let mut chance = Chance::seeded(options.seed);
    let mut kept = target.seeds.clone();
    let (started, mut tried) = (Instant::now(), 0_u64);
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut failure = None;
    let end = Duration::from_secs(options.seconds);
    while started.elapsed() < end && failure.is_none() {
        let input = if tried < target.seeds.len() as u64 {
            target.seeds[tried as usize].clone()
        } else {
            let other = &kept[chance.below(kept.len())];
            mutate::mutate(&kept[chance.below(kept.len())], other, target.words, &mut chance)
        };
        watch.begin(&input);
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(&input)));
        watch.end();
        tried += 1;
        failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(text)) => Some((text, input.clone())),
            Err(panic) => Some((format!("panicked: {}", panic_text(panic.as_ref())), input.clone())),
        };
        if kept.len() < KEPT {
            kept.push(input);
        } else if chance.once_in(8) {
            // The seeds stay.
            let at = target.seeds.len() + chance.below(KEPT - target.seeds.len());
            kept[at] = input;
        }
    }
    std::panic::set_hook(quiet);
    match failure {
        None => {
            println!(
                "{:<12} {tried} inputs in {} s, nothing wrong",
                target.name,
                started.elapsed().as_secs()
            );
            Ok(())
        }
        Some((text, input)) => {
            let file = keep(target.name, &input)?;
            let again = format!("cargo xtask fuzz {} --input {}", target.name, file.display());
            Err(Failure::new(format!("{}: {text}\nafter {tried} inputs; again: {again}", target.name)))
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Writes an input where it can be had again.
fn keep(target: &str, input: &[u8]) -> Done<PathBuf> {
    let folder = root::cache().join("fuzz").join(target);
    std::fs::create_dir_all(&folder).doing(folder.display())?;
    let file = folder.join(format!("{:016x}", hash(input)));
    std::fs::write(&file, input).doing(file.display())?;
    Ok(file)
}

/// FNV-1a: a name for the file.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// Sees to it that an input without end is named and ends.
struct Watch {
    input: Arc<Mutex<Vec<u8>>>,
    /// Milliseconds since the watch began at which the current input did, plus one; 0 between inputs.
    since: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    started: Instant,
}

impl Watch {
    fn start(target: &'static str) -> Self {
        let watch = Self {
            input: Arc::default(),
            since: Arc::default(),
            over: Arc::default(),
            started: Instant::now(),
        };
        let (input, since, over) = (watch.input.clone(), watch.since.clone(), watch.over.clone());
        let started = watch.started;
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(200));
                let began = since.load(Ordering::Relaxed);
                if began != 0 && started.elapsed() > Duration::from_millis(began) + HANG {
                    let input = input.lock().unwrap_or_else(PoisonError::into_inner);
                    let file =
                        keep(target, &input).map_or_else(|e| e.to_string(), |f| f.display().to_string());
                    eprintln!("xtask: {target}: an input takes more than {HANG:?}; it is in {file}");
                    std::process::abort();
                }
            }
        });
        watch
    }

    fn begin(&self, input: &[u8]) {
        input.clone_into(&mut self.input.lock().unwrap_or_else(PoisonError::into_inner));
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.since.store(now + 1, Ordering::Relaxed);
    }

    fn end(&self) {
        self.since.store(0, Ordering::Relaxed);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}
