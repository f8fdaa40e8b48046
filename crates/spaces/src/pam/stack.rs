//! Loading a service's stack of one type, and walking it (libpam 1.5.2: pam_handlers.c, pam_dispatch.c).

use super::Outcome;
use model::{Origin, Problem};
use std::sync::Arc;
use system::{ReadError, System};
use text::pam::service::{Action, Control, Kind, Line, Service, read};

/// `PAM_SUBSTACK_MAX_LEVEL` of pam_private.h; also guards against files that include each other.
const MAX_DEPTH: usize = 16;

/// One module of a stack.
pub(super) struct Handler {
    /// How many substacks deep.
    level: usize,
    pub(super) what: What,
    control: Control,
    pub(super) origin: Origin,
}

pub(super) enum What {
    Module {
        module: String,
        args: Vec<String>,
    },
    /// The head of a substack: never run itself.
    Substack,
    /// A line that could not be read.
    MustFail,
}

pub(super) fn load(system: &dyn System, service: &str, kind: Kind, outcome: &mut Outcome) -> Vec<Handler> {
    let mut handlers = Vec::new();
    let found = load_file(system, service, kind, 0, 0, &mut handlers, outcome);
    if !found || handlers.is_empty() {
        load_file(system, "other", kind, 0, 0, &mut handlers, outcome);
    }
    handlers
}

fn open(system: &dyn System, name: &str, outcome: &mut Outcome) -> Option<(String, Arc<Service>)> {
    let candidates = if name.starts_with('/') {
        vec![name.to_owned()]
    } else {
        vec![format!("/etc/pam.d/{name}"), format!("/usr/lib/pam.d/{name}")]
    };
    for path in candidates {
        // Nearly every service includes the same few files, for each of its types.
        match system::read_as(system, &path, read) {
            Ok(service) => return Some((path, service)),
            Err(ReadError::NotFound) => {}
            Err(error) => {
                let message = format!("`{path}` {error}, so what it adds to a session is not known");
                outcome.problems.push(Problem::warning("pam-unreadable", message).at(Origin::file(path)));
            }
        }
    }
    None
}

fn load_file(
    system: &dyn System,
    name: &str,
    kind: Kind,
    level: usize,
    depth: usize,
    handlers: &mut Vec<Handler>,
    outcome: &mut Outcome,
) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let Some((path, service)) = open(system, name, outcome) else { return false };
    if let Some(broken) = &service.broken {
        let message = format!("`{path}` is read only up to line {} – {}", broken.line, broken.reason);
        outcome.problems.push(Problem::warning("pam-file-cut", message).at(Origin::line(&path, broken.line)));
    }
    for line in &service.lines {
        match line {
            Line::Include { name, line } => {
                if !load_file(system, name, kind, level, depth + 1, handlers, outcome) {
                    handlers.push(must_fail(level, &path, *line));
                }
            }
            Line::Bad { kind: found, line, .. } if *found == kind => {
                handlers.push(must_fail(level, &path, *line));
            }
            Line::Module { kind: found, control, module, args, line } if *found == kind => {
                let (control, args) = (control.clone(), args.clone());
                let origin = Origin::line(&path, *line);
                let inner = match control {
                    Control::Include => Some(level),
                    Control::Substack => {
                        let what = What::Substack;
                        handlers.push(Handler { level, what, control, origin: origin.clone() });
                        Some(level + 1)
                    }
                    Control::Actions { .. } => {
                        let what = What::Module { module: module.clone(), args };
                        handlers.push(Handler { level, what, control, origin });
                        None
                    }
                };
                if let Some(inner) = inner
                    && !load_file(system, module, kind, inner, depth + 1, handlers, outcome)
                {
                    handlers.push(must_fail(level, &path, *line));
                }
            }
            Line::Bad { .. } | Line::Module { .. } => {}
        }
    }
    true
}

fn must_fail(level: usize, path: &str, line: u32) -> Handler {
    let control = Control::Actions { listed: Vec::new(), default: Action::Bad };
    Handler { level, what: What::MustFail, control, origin: Origin::line(path, line) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Impression {
    Undecided,
    Positive,
    Negative,
}

/// What libpam answers for a failure without a better code.
const MUST_FAIL: &str = "perm_denied";

/// Walks the stack. `call` runs a module and gives its code and the code that decides what is done next, which is
/// that of the authentication where one came before. `cached` is libpam's `use_cached_chain`.
pub(super) fn dispatch(
    handlers: &[Handler],
    cached: bool,
    outcome: &mut Outcome,
    mut call: impl FnMut(&mut Outcome, usize) -> (&'static str, &'static str),
) -> &'static str {
    let (mut impression, mut status) = (Impression::Undecided, MUST_FAIL);
    let mut entered: Vec<(Impression, &'static str)> = vec![(impression, status); MAX_DEPTH + 2];
    let mut previous = 0;
    let mut at = 0;
    while let Some(handler) = handlers.get(at) {
        let level = handler.level;
        if previous < level {
            entered[level] = (impression, status);
        }
        previous = level;
        let (code, deciding) = match handler.what {
            What::Substack => {
                at += 1;
                continue;
            }
            What::MustFail => (MUST_FAIL, MUST_FAIL),
            What::Module { .. } => call(outcome, at),
        };
        let may_count = impression == Impression::Undecided
            || (impression == Impression::Positive && status == "success");
        let counts = may_count && (code != "ignore" || deciding == code);
        let last_here = || {
            let rest = &handlers[at + 1..];
            at + rest.iter().take_while(|h| h.level >= level).count()
        };
        match handler.control.action(deciding) {
            Action::Reset => (impression, status) = entered[level],
            action @ (Action::Ok | Action::Done) => {
                if counts {
                    (impression, status) = (Impression::Positive, code);
                }
                if action == Action::Done && impression == Impression::Positive {
                    at = last_here();
                }
            }
            action @ (Action::Bad | Action::Die) => {
                if impression != Impression::Negative {
                    impression = Impression::Negative;
                    status = if code == "ignore" { MUST_FAIL } else { code };
                }
                if action == Action::Die {
                    at = last_here();
                }
            }
            Action::Ignore => {}
            Action::Jump(count) => {
                if cached && counts {
                    (impression, status) = (Impression::Positive, code);
                }
                let mut left = count;
                while left > 0 && handlers.get(at + 1).is_some_and(|h| h.level >= level) {
                    at += 1;
                    while handlers.get(at + 1).is_some_and(|h| h.level > level) {
                        at += 1;
                    }
                    left -= 1;
                }
                if left > 0 {
                    (impression, status) = (Impression::Negative, MUST_FAIL);
                }
            }
        }
        at += 1;
    }
    if status == "success" && impression != Impression::Positive { MUST_FAIL } else { status }
}
