//! [`describe`]: all that is told of go in a space: which file it is, what it decides in a project, what it answers.
//!
//! Deliberately not here: each of these, which has a module of its own.

use crate::env::{Fatal, Outcome, Query, evaluate, evaluate_program};
use crate::programs::Programs;
use crate::view::view_started;
use crate::{decision, refusals, shim_choice};
use model::{Answering, Folded, GoStart, GoView, Shadow};

/// As [`crate::view_with`], for a command in the folder of a project (absolute): with the toolchain that is chosen
/// there, how it came to that, which go answers, and every value of its `go env`. `start`: how go is started there,
/// where not by its name alone.
pub fn describe(
    programs: &Programs<'_>,
    env: &Folded,
    cwd: Option<&str>,
    project: &str,
    shadow: Option<Shadow>,
    start: Option<&GoStart>,
) -> GoView {
    let system = programs.system();
    let mut view = view_started(programs, env, cwd, shadow, start);
    if view.path.is_none() {
        return view;
    }
    for candidate in &mut view.candidates {
        let shim = candidate.shim.as_deref();
        candidate.chooses = shim.and_then(|shim| shim_choice::choose(system, env, shim, project));
    }
    let program = start.and_then(|start| start.path.as_deref());
    let ask = |words: &[&str]| ask(programs, env, project, program, words);
    let full = ask(&["env"]);
    // A setting may keep go from printing all of its variables, and not from printing one.
    let one = matches!(full, Outcome::Fatal(_)).then(|| ask(&["env", "GOVERSION"]));
    let query = Query { programs, env, cwd: Some(project), words: &[], probe: false };
    let mut choice = crate::env::choose(&query, program);
    if let Some(choice) = choice.as_mut().filter(|choice| choice.local) {
        choice.found.clone_from(&view.path);
    }
    view.decision = decision::steps(system, env, &view, project, choice.as_ref());
    view.toolchain = choice;
    let refused = match (&full, &one) {
        (Outcome::Fatal(_), Some(Outcome::Fatal(fatal))) => Some((fatal, refusals::Reach::Everything)),
        (Outcome::Fatal(fatal), _) => Some((fatal, refusals::Reach::FullList)),
        _ => None,
    };
    let refused: Option<(Fatal, refusals::Reach)> = refused.map(|(fatal, reach)| (fatal.clone(), reach));
    if let Outcome::Values(values) = one.unwrap_or(full) {
        let find = |name: &str| values.variables.iter().find(|v| v.name() == name);
        let answering = Answering {
            version: values.version.strip_prefix("go").unwrap_or(&values.version).to_owned(),
            program: values.program.clone(),
            goroot: find("GOROOT").map(|v| v.value().to_text().into_owned()).filter(|root| !root.is_empty()),
            handed_over: !values.switches.is_empty(),
        };
        view.decision.push(decision::answer(&answering, find("GOROOT").map(|v| &v.setting)));
        view.answers = Some(answering);
        let told = values.variables.into_iter().filter(|v| !v.needs_probe && v.untold().is_none());
        view.settings = told.map(|v| v.setting).collect();
        view.settings.sort_by(|a, b| a.name.cmp(&b.name));
    }
    refusals::add(system, project, &mut view, refused.as_ref());
    view
}

fn ask(
    programs: &Programs<'_>,
    env: &Folded,
    project: &str,
    program: Option<&str>,
    words: &[&str],
) -> Outcome {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    let query = Query { programs, env, cwd: Some(project), words: &words, probe: false };
    program.map_or_else(|| evaluate(&query), |program| evaluate_program(&query, program))
}
