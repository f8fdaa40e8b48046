//! All points at which something goes wrong, and one of them tried: the home is laid out, the act is interrupted, the
//! next run recovers, and what is left is compared with what was and what would be.
//!
//! Not here: how a child is interrupted.

use super::copy;
use super::picture::{Thing, differences, picture};
use super::scenario::{self, Act, REFUSED, SCENARIOS, Scenario, UNFINISHED};
use super::tracer::{self, Call, Status, Trap, What};
use crate::failure::{Done, Failure};
use apply::Outcome;
use nix::libc::{EIO, ENOSPC};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use system::os::Real;

/// At which call of which act of which scenario what happens; and then, perhaps, in the recovery from it.
#[derive(Clone, Debug)]
pub(super) struct Point {
    scenario: &'static Scenario,
    act: Act,
    trap: Trap,
    call: Call,
    recovery: Option<(Trap, Call)>,
}

impl Point {
    pub(super) fn kind(&self) -> &'static str {
        match self.trap.what {
            _ if self.recovery.is_some() => "recovery",
            What::KillBefore => "before",
            What::KillAfter => "after",
            What::KillHalf => "half",
            What::Error(_) => "error",
            What::Full => "full",
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, act, trap, call, recovery } = self;
        write!(f, "{} {}, call {} ({}), {:?}", scenario.name, act.name(), trap.at, call.name, trap.what)?;
        match recovery {
            Some((trap, call)) => write!(f, ", recovery's call {} ({}), {:?}", trap.at, call.name, trap.what),
            None => Ok(()),
        }
    }
}

/// What happens at a call that was seen.
fn traps(calls: &[Call]) -> Vec<(Trap, Call)> {
    let mut found = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        let mut add = |what| found.push((Trap { at, what }, *call));
        add(What::KillBefore);
        add(What::KillAfter);
        if call.bytes.is_some_and(|bytes| bytes > 1) {
            add(What::KillHalf);
        }
        add(What::Error(EIO));
        if call.needs_space {
            add(What::Error(ENOSPC));
            add(What::Full);
        }
    }
    found
}

/// Every point there is, found by letting each act run to its end once. After every so many killing points comes a
/// recovery that is killed at every call, too.
pub(super) fn all(folder: &Path, recoveries: usize) -> Done<Vec<Point>> {
    let home = folder.join("home");
    let mut points = Vec::new();
    for scenario in SCENARIOS {
        for act in Act::CHANGES {
            scenario.lay(&home, act)?;
            copy(&home, &folder.join("counted"))?;
            let (calls, status) = tracer::run(scenario.name, act.name(), &home, None)?;
            if status != Status::Exited(0) {
                return Err(Failure::new(format!("{} {}: {status:?}", scenario.name, act.name())));
            }
            for (index, (trap, call)) in traps(&calls).into_iter().enumerate() {
                points.push(Point { scenario, act, trap, call, recovery: None });
                let killed = matches!(trap.what, What::KillBefore | What::KillAfter | What::KillHalf);
                if killed && index % recoveries == 0 {
                    copy(&folder.join("counted"), &home)?;
                    tracer::run(scenario.name, act.name(), &home, Some(trap))?;
                    let (calls, _) = tracer::run(scenario.name, Act::Recover.name(), &home, None)?;
                    let killing = |t: &(Trap, Call)| !matches!(t.0.what, What::Error(_) | What::Full);
                    let second = traps(&calls).into_iter().filter(killing);
                    points.extend(second.map(|r| Point { scenario, act, trap, call, recovery: Some(r) }));
                }
            }
        }
    }
    Ok(points)
}

type Picture = BTreeMap<PathBuf, Thing>;

/// A home as it was and as it would be.
struct Ends {
    /// A copy of the home before the act.
    laid: PathBuf,
    old: Picture,
    new: Picture,
    entries: usize,
}

/// How a point ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    TakenBack,
    NotBegun,
    Refused,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::Completed => "completed",
            End::TakenBack => "taken back",
            End::NotBegun => "not begun",
            End::Refused => "refused in time",
        })
    }
}

/// Where points are tried, one after another, and how they ended.
pub(super) struct Stage<'a> {
    folder: &'a Path,
    ends: HashMap<(&'static str, &'static str), Ends>,
    pub(super) completed: usize,
    pub(super) taken_back: usize,
    pub(super) not_begun: usize,
    pub(super) refused: usize,
}

impl<'a> Stage<'a> {
    pub(super) fn new(folder: &'a Path) -> Self {
        Self { folder, ends: HashMap::new(), completed: 0, taken_back: 0, not_begun: 0, refused: 0 }
    }

    pub(super) fn try_at(&mut self, point: &Point) -> Done<End> {
        let home = self.folder.join("home");
        let key = (point.scenario.name, point.act.name());
        if !self.ends.contains_key(&key) {
            let ends = ends(self.folder, point)?;
            self.ends.insert(key, ends);
        }
        let ends = &self.ends[&key];
        copy(&ends.laid, &home)?;
        let (_, status) = tracer::run(point.scenario.name, point.act.name(), &home, Some(point.trap))?;
        if let Some((trap, _)) = point.recovery {
            tracer::run(point.scenario.name, Act::Recover.name(), &home, Some(trap))?;
        }
        let end = check(point, &home, ends, status)?;
        *match end {
            End::Completed => &mut self.completed,
            End::TakenBack => &mut self.taken_back,
            End::NotBegun => &mut self.not_begun,
            End::Refused => &mut self.refused,
        } += 1;
        Ok(end)
    }
}

fn ends(folder: &Path, point: &Point) -> Done<Ends> {
    let home = folder.join("home");
    let laid = folder.join(format!("{}-{}", point.scenario.name, point.act.name()));
    point.scenario.lay(&home, point.act)?;
    copy(&home, &laid)?;
    let state = home.join(scenario::STATE);
    let disk = Real::for_tests();
    let entries = |history: apply::History| history.entries.len();
    let before = apply::log(&scenario::journal(&disk, &home)).map(entries);
    let old = picture(&home, &state)?;
    let done = point.scenario.act(&home, point.act)?;
    done.map_err(|refusal| Failure::new(refusal.to_string()))?;
    let new = picture(&home, &state)?;
    let entries = before.map_err(|refusal| Failure::new(refusal.to_string()))?;
    Ok(Ends { laid, old, new, entries })
}

/// What the next run makes of it, held against the journal and against what the child said.
fn check(point: &Point, home: &Path, ends: &Ends, status: Status) -> Done<End> {
    let refused = |refusal: apply::Refusal| Failure::new(format!("recovery: {refusal}"));
    let disk = Real::for_tests();
    let journal = scenario::journal(&disk, home);
    apply::recover(&journal).map_err(refused)?;
    let history = apply::log(&journal).map_err(refused)?;
    if history.entries.iter().any(|e| e.outcome == Outcome::Unfinished) {
        return Err(Failure::new("the journal still has something unfinished"));
    }
    let begun = history.entries.len() > ends.entries;
    let made = begun && history.entries.last().is_some_and(apply::Entry::is_made);
    let now = picture(home, &home.join(scenario::STATE))?;
    let wanted = if made { &ends.new } else { &ends.old };
    if now != *wanted {
        let other = if made { &ends.old } else { &ends.new };
        let kind = if now == *other { "all files are the other selves" } else { "the files are mixed" };
        let says = if made { "made" } else { "not made" };
        let differing = differences(&now, wanted).join(", ");
        return Err(Failure::new(format!("the journal says {says}, {kind}: {differing}")));
    }
    match status {
        Status::Exited(0) if !made => return Err(Failure::new("the child said that it was made")),
        Status::Exited(code) if code == i32::from(REFUSED) && made => {
            return Err(Failure::new("the child said that it was not made"));
        }
        Status::Exited(code) if ![0, i32::from(REFUSED), i32::from(UNFINISHED)].contains(&code) => {
            return Err(Failure::new(format!("the child ended with {code}")));
        }
        _ => {}
    }
    again(point, home, made)?;
    Ok(match (status, made, begun) {
        (Status::Exited(code), false, _) if code != 0 => End::Refused,
        (_, true, _) => End::Completed,
        (_, _, true) => End::TakenBack,
        _ => End::NotBegun,
    })
}

/// What was not made can be made now: nothing that is left over is in the way.
fn again(point: &Point, home: &Path, made: bool) -> Done {
    if made {
        return Ok(());
    }
    let done = point.scenario.act(home, point.act)?;
    done.map(|_| ()).map_err(|refusal| Failure::new(format!("once more: {refusal}")))
}
