//! One start of a shell, observed: the plain run's environment and the traced run's origins, put together.
//!
//! A capture is what is stored between commands, recorded for replay, and written by hand in specs. Not here: how
//! each shell is traced, and the comparison of the two runs (`reconcile`).

use crate::{Request, TraceEnd, dialect, reconcile};
use model::{Layer, Name, Place, Problem, Shadow, Value};
use serde::{Deserialize, Serialize};
use system::{RunEnd, RunOutcome, System};

/// Version of the stored form; a stored capture of another version is not used.
pub const CAPTURE_VERSION: u32 = 1;

/// Code of the problem that a start-up file waits for input.
pub(crate) const READS_TERMINAL: &str = "start-up-reads-terminal";

/// What one start of a shell did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    pub version: u32,
    /// What the shell was given.
    pub base: Vec<(Name, Value)>,
    /// What a program that is started there gets; `None` if the start-up never came to its end.
    pub environment: Option<Vec<(Name, Value)>>,
    /// Start-up phases with their effects, ending in the environment of the plain run.
    pub layers: Vec<Layer>,
    pub problems: Vec<Problem>,
    /// Wall time of the plain run, milliseconds.
    pub time_ms: u64,
    #[serde(default)]
    pub shadow: Option<Shadow>,
    /// Every file that the start-up read or looked for.
    #[serde(default)]
    pub files: Vec<String>,
}

/// Runs the shell plainly, then traced, and puts the two together.
pub fn capture(system: &dyn System, request: &Request) -> Capture {
    let rules = dialect(request.shell.kind);
    let startup = rules.startup_files(system, request);
    let plain = system.run(&rules.plain(request));
    let trace = rules.trace(system, &for_trace(request, &plain), &plain);

    let mut problems = Vec::new();
    if let Some(problem) = failure(request, &plain, &trace.end) {
        problems.push(problem);
    }
    // A trace that saw where has said so itself.
    let told = trace.problems.iter().any(|p| p.code == READS_TERMINAL);
    if plain.read_terminal && !told {
        let mut problem = Problem::warning(
            READS_TERMINAL,
            "a start-up file waits for input on the terminal; it was given end of file",
        );
        if let TraceEnd::Stopped { at: Some(place), .. } = &trace.end {
            problem = problem.at(model::Origin::File(place.clone()));
        }
        problems.push(problem);
    }
    if !plain.left_behind.is_empty() {
        let mut names = plain.left_behind.clone();
        names.sort();
        names.dedup();
        problems.push(Problem::info(
            "start-up-leaves-process",
            format!("the start-up leaves processes behind: {}; they were ended", names.join(", ")),
        ));
    }
    problems.extend(trace.problems.iter().cloned());

    let mut files: Vec<String> = startup.iter().map(|f| f.path.clone()).collect();
    files.extend(trace.files.iter().cloned());
    files.sort();
    files.dedup();

    let layers = reconcile(request, &plain, &trace);
    Capture {
        version: CAPTURE_VERSION,
        base: request.base.clone(),
        environment: plain.environment,
        layers,
        problems,
        time_ms: plain.wall_ms,
        shadow: trace.shadow,
        files,
    }
}

/// The request of the traced run: where the plain one was ended by a limit, so will this be, and the place is seen
/// long before.
fn for_trace(request: &Request, plain: &RunOutcome) -> Request {
    let mut request = request.clone();
    if matches!(plain.end, RunEnd::Limit(_)) {
        request.limits.idle_ms = request.limits.idle_ms.min(1_000);
        request.limits.cpu_ms = request.limits.cpu_ms.min(3_000);
    }
    request
}

/// What kept the plain run from handing over its environment, with the place that the traced run saw last.
fn failure(request: &Request, plain: &RunOutcome, end: &TraceEnd) -> Option<Problem> {
    let shell = &request.shell.family;
    let (place, seen) = match end {
        TraceEnd::Stopped { at, what } => (at.clone(), Some(what.as_str())),
        TraceEnd::Complete => (None, None),
    };
    let (code, what) = match &plain.end {
        RunEnd::HandedOver => return None,
        RunEnd::Exited(status) => {
            ("start-up-exits", format!("{shell} ends with status {status} before its start-up is done"))
        }
        RunEnd::Signalled(signal) => {
            ("start-up-exits", format!("{shell} is ended by signal {signal} before its start-up is done"))
        }
        RunEnd::Limit("output") => {
            ("start-up-floods", format!("{shell} writes without end in its start-up and was ended"))
        }
        RunEnd::Limit(limit) => (
            "start-up-hangs",
            format!("{shell} does not come to the end of its start-up ({limit} limit) and was ended"),
        ),
        RunEnd::NotStarted(reason) => {
            ("shell-not-started", format!("{shell} could not be started: {reason}"))
        }
    };
    let at = place.as_ref().map(|p: &Place| format!(" at {}:{}", p.path, p.line)).unwrap_or_default();
    let seen = seen.filter(|s| !s.is_empty()).map(|s| format!(": {s}{at}")).unwrap_or(at);
    let mut problem = Problem::error(code, format!("{what}{seen}"));
    if let Some(place) = place {
        problem = problem.at(model::Origin::File(place));
    }
    Some(problem)
}
