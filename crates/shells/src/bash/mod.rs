//! bash: its start-up files, its runs, and origins by `set -x`.
//!
//! Not here: bash that is called `sh` (`crate::sh`), which uses the same trace.

pub(crate) mod script;
pub(crate) mod startup;
pub(crate) mod xtrace;

use crate::capture::READS_TERMINAL;
use crate::trace::file_phase;
use crate::{Dialect, Request, StartupFile, Trace, TraceEnd, TracedChange};
use model::{Layer, Name, Origin, Problem, Value};
use system::{RunEnd, RunOutcome, RunSpec, System, Typed};
use xtrace::{Explained, Mark, Question, explain, has_record, records, stopped};

/// What is typed at the prompt. With the space in front the usual `HISTCONTROL` keeps it out of the history; the
/// file is written when the shell exits, and it never comes to that.
const TYPED_HAND_OVER: &[u8] = b" @HANDOVER@\r";

/// The most variables that a second run watches: each costs time at each command.
const WATCHED_AT_MOST: usize = 40;

/// bash.
#[derive(Debug)]
pub struct Bash;

impl Dialect for Bash {
    fn startup_files(&self, system: &dyn System, request: &Request) -> Vec<StartupFile> {
        startup::files(system, request, &startup::build(system, &request.shell.path))
    }

    fn plain(&self, request: &Request) -> RunSpec {
        let mut spec = RunSpec {
            program: request.shell.path.clone(),
            arg0: request.arg0.clone(),
            args: mode_options(request),
            env: request.base.clone(),
            cwd: request.cwd.clone(),
            terminal: request.interactive_terminal(),
            limits: request.limits,
            ..RunSpec::default()
        };
        if request.mode.prompt {
            spec.typed = Some(Typed { bytes: TYPED_HAND_OVER.to_vec() });
        } else {
            spec.args.extend(["-c".into(), "@HANDOVER@".into()]);
        }
        spec
    }

    fn trace(&self, system: &dyn System, request: &Request, plain: &RunOutcome) -> Trace {
        let build = startup::build(system, &request.shell.path);
        let mut phases = phases("bash itself", &startup::files(system, request, &build));
        let prompt_phase = request.mode.prompt.then(|| {
            phases.push(Layer::applied("prompt", "first prompt", Vec::new()));
            phases.len() - 1
        });
        let traced = |mark: &Mark, watched: &[String]| script::traced(request, &build, mark, watched);
        trace_with(system, request, plain, phases, prompt_phase, false, &traced)
    }
}

/// The shell itself, then its files.
pub(crate) fn phases(shell: &str, files: &[StartupFile]) -> Vec<Layer> {
    let files = files.iter().map(|f| file_phase(&f.id, &f.path, f.status.clone()));
    std::iter::once(Layer::applied("shell", shell, Vec::new())).chain(files).collect()
}

/// `-l` and `-i` as far as the mode needs them; a name that begins with `-` makes a login shell already.
pub(crate) fn mode_options(request: &Request) -> Vec<Value> {
    let by_name = request.arg0.as_ref().is_some_and(|a| a.starts_with('-'));
    let login = (request.mode.login && !by_name).then_some("-l");
    let interactive = request.mode.interactive.then_some("-i");
    // Long options come first (bash(1) "Options").
    let own = request.options.iter().map(String::as_str);
    own.chain(login).chain(interactive).map(Value::from).collect()
}

/// Where the trace comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Onto {
    /// The descriptor that BASH_XTRACEFD names.
    Descriptor,
    /// Standard error: bash before 4.1, which macOS has, knows no BASH_XTRACEFD (bash: CHANGES, 4.1).
    StandardError,
}

impl Onto {
    fn of(self, outcome: &RunOutcome) -> &[u8] {
        match self {
            Onto::Descriptor => &outcome.trace,
            Onto::StandardError => &outcome.stderr,
        }
    }

    fn apply(self, mut spec: RunSpec) -> RunSpec {
        spec.separate_stderr |= self == Onto::StandardError && spec.terminal.is_some();
        spec
    }
}

/// Runs once more with standard error apart, where nothing came out of the descriptor.
fn run_traced(system: &dyn System, spec: RunSpec, mark: &Mark) -> (RunOutcome, Onto) {
    let outcome = system.run(&spec);
    if has_record(&outcome.trace, mark) || matches!(outcome.end, RunEnd::NotStarted(_)) {
        return (outcome, Onto::Descriptor);
    }
    let spec = Onto::StandardError.apply(spec);
    let again = if spec.terminal.is_some() { system.run(&spec) } else { outcome };
    (again, Onto::StandardError)
}

/// One traced run, and a second one with values for what the first did not explain.
pub(crate) fn trace_with(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    phases: Vec<Layer>,
    prompt_phase: Option<usize>,
    posix: bool,
    traced: &dyn Fn(&Mark, &[String]) -> RunSpec,
) -> Trace {
    let mark = Mark::new(system.now_ms(), system.pid());
    let question = Question {
        system,
        base: &request.base,
        end: None,
        cwd: &request.cwd,
        watched: &[],
        phases: &phases,
        prompt_phase,
        posix,
    };
    let (outcome, onto) = run_traced(system, traced(&mark, &[]), &mark);
    let found = records(onto.of(&outcome), &mark);
    let end = match &outcome.environment {
        Some(_) => TraceEnd::Complete,
        None => stopped(&found, &request.cwd, &outcome.end),
    };
    let problems = terminal_read(&outcome, onto, &mark, &request.cwd);
    // `set -e` ends our script where a file's last command failed, and a real start goes on: there the plain run says
    // how it ends.
    let known_end = outcome.environment.as_deref().or(plain.environment.as_deref());
    let mut explained = explain(&Question { end: known_end, ..question }, &found);

    let watched = std::mem::take(&mut explained.unexplained);
    if !watched.is_empty() && watched.len() <= WATCHED_AT_MOST {
        let second = system.run(&onto.apply(traced(&mark, &watched)));
        let found = records(onto.of(&second), &mark);
        let again = Question { end: second.environment.as_deref(), watched: &watched, ..question };
        if second.environment.is_some() {
            take_watched(&mut explained, explain(&again, &found), &watched);
        }
    }
    // What neither run shows is looked for in the texts.
    let unknown = watched.iter().filter(|w| !explained.changes.iter().any(|c| c.effect.name.is(w)));
    let found_by_text: Vec<TracedChange> = unknown
        .filter_map(|name| xtrace::by_text(system, name, &explained.files, outcome.environment.as_deref()))
        .map(|effect| TracedChange { phase: phases.len().saturating_sub(1), effect })
        .collect();
    explained.changes.extend(found_by_text);

    let environment = outcome.environment.unwrap_or_default();
    Trace {
        changes: explained.changes,
        end,
        last: last_values(&environment, &request.base),
        files: explained.files,
        shadow: explained.shadow,
        problems,
        phases,
    }
}

/// The command at which the shell waited for input on its terminal.
fn terminal_read(outcome: &RunOutcome, onto: Onto, mark: &Mark, cwd: &str) -> Vec<Problem> {
    if !outcome.read_terminal || onto != Onto::Descriptor {
        return Vec::new();
    }
    let until = &outcome.trace[..outcome.read_terminal_at.min(outcome.trace.len())];
    let at = match stopped(&records(until, mark), cwd, &RunEnd::Limit("idle")) {
        TraceEnd::Stopped { at: Some(place), .. } => place,
        _ => return Vec::new(),
    };
    let message = "a start-up file waits for input on the terminal; it was given end of file";
    vec![Problem::warning(READS_TERMINAL, message).at(Origin::File(at))]
}

/// The changes of the watched variables from the second run, in the place of those from the first.
fn take_watched(explained: &mut Explained, second: Explained, watched: &[String]) {
    let seen: Vec<Name> = second.changes.iter().map(|c| c.effect.name.clone()).collect();
    let is_watched = |name: &Name| watched.iter().any(|w| name.is(w)) && seen.contains(name);
    explained.changes.retain(|c| !is_watched(&c.effect.name));
    explained.changes.extend(second.changes.into_iter().filter(|c| is_watched(&c.effect.name)));
    explained.changes.sort_by_key(|c| c.phase);
}

pub(crate) fn last_values(
    environment: &[(Name, Value)],
    base: &[(Name, Value)],
) -> std::collections::BTreeMap<Name, Option<Value>> {
    let unset = base.iter().map(|(n, _)| (n.clone(), None));
    unset.chain(environment.iter().map(|(n, v)| (n.clone(), Some(v.clone())))).collect()
}
