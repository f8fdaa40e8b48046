//! Eight instances that change the same files at once, some of them killed: nothing is lost, and all of it can be taken
//! back.

use super::scenario;
use crate::conformance::chance::Chance;
use crate::failure::{Doing as _, Done, Failure};
use apply::{FilePlan, Plan, Refusal, Which};
use std::path::Path;
use std::process::{Child, Command, ExitCode};
use std::time::Duration;
use system::System as _;
use system::os::Real;

/// First argument of an instance; then its number and the home.
const CHANGE: &str = "__torture-instance";

const INSTANCES: usize = 8;
/// Changes that each makes.
const CHANGES: usize = 6;
/// Instances that are killed at some moment.
const KILLED: usize = 3;

const BEFORE: &str = "# first\n";

/// What an instance does: adds lines to two files, in one change each time, planned anew when another was faster.
pub(super) fn change_if_asked() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, number, home] = arguments.as_slice() else { return None };
    if command != CHANGE {
        return None;
    }
    let home = Path::new(home);
    for change in 0..CHANGES {
        if let Err(refusal) = add(home, &format!("{number}-{change}")) {
            eprintln!("{refusal}");
            return Some(ExitCode::FAILURE);
        }
    }
    Some(ExitCode::SUCCESS)
}

fn add(home: &Path, line: &str) -> Result<(), Refusal> {
    let disk = Real::for_tests();
    let journal = scenario::journal(&disk, home);
    loop {
        let mut plan = Plan::new(line);
        for name in ["a", "b"] {
            let path = home.join(name).to_string_lossy().into_owned();
            let bytes = disk.read(&path).ok();
            plan = plan.with(FilePlan::append(path, bytes.as_deref(), [line.as_bytes()]));
        }
        match apply::apply(&journal, &plan) {
            Err(Refusal::Changed { .. }) => {}
            other => return other.map(|_| ()),
        }
    }
}

fn start(home: &Path, number: usize) -> Done<Child> {
    Command::new(std::env::current_exe()?)
        .args([CHANGE, &number.to_string()])
        .arg(home)
        .spawn()
        .doing("starting an instance")
}

/// Runs them and says how it went.
pub(super) fn run(home: &Path) -> Done<String> {
    std::fs::create_dir_all(home)?;
    for name in ["a", "b"] {
        std::fs::write(home.join(name), BEFORE)?;
    }
    let mut chance = Chance::seeded(1);
    let mut children = Vec::new();
    for number in 0..INSTANCES {
        children.push(start(home, number)?);
    }
    for child in children.iter_mut().take(KILLED) {
        std::thread::sleep(Duration::from_millis(chance.below(60) as u64));
        child.kill()?;
    }
    for (number, child) in children.iter_mut().enumerate() {
        let status = child.wait()?;
        if !status.success() && number >= KILLED {
            return Err(Failure::new(format!("instance {number} failed ({status})")));
        }
    }
    let made = check(home)?;
    take_all_back(home, made)?;
    Ok(format!(
        "{INSTANCES} instances at once, {KILLED} of them killed, made {made} changes of two files; none was lost, all \
         were taken back"
    ))
}

/// Both files have the lines of the changes that the journal says were made, in that order, and no other.
fn check(home: &Path) -> Done<usize> {
    let refused = |refusal: Refusal| Failure::new(refusal.to_string());
    let disk = Real::for_tests();
    let journal = scenario::journal(&disk, home);
    apply::recover(&journal).map_err(refused)?;
    let history = apply::log(&journal).map_err(refused)?;
    let made: Vec<&str> = history.entries.iter().filter(|e| e.is_made()).map(|e| e.title.as_str()).collect();
    let wanted: String =
        std::iter::once(BEFORE.to_owned()).chain(made.iter().map(|m| format!("{m}\n"))).collect();
    for name in ["a", "b"] {
        let now = std::fs::read_to_string(home.join(name))?;
        if now != wanted {
            return Err(Failure::new(format!("`{name}` holds {now:?}, the journal says {wanted:?}")));
        }
    }
    let least = (INSTANCES - KILLED) * CHANGES;
    if made.len() < least {
        return Err(Failure::new(format!("{} changes, at least {least} were made", made.len())));
    }
    Ok(made.len())
}

fn take_all_back(home: &Path, made: usize) -> Done {
    let disk = Real::for_tests();
    let journal = scenario::journal(&disk, home);
    for _ in 0..made {
        apply::undo(&journal, Which::Latest).map_err(|refusal| Failure::new(refusal.to_string()))?;
    }
    for name in ["a", "b"] {
        if std::fs::read_to_string(home.join(name))? != BEFORE {
            return Err(Failure::new(format!("`{name}` is not as before after {made} undos")));
        }
    }
    Ok(())
}
