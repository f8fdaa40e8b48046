//! `go:test`, `go:run`, `go:generate`, `go:tool`, `go:cgo`: what the programs see that the go command starts.
//!
//! `go:test` hangs under the user's everyday shell (with `--base here` under the caller), `go@cron:test` under `cron`,
//! `go@bash%3Alogin:test` under `bash:login`. The project's own folder stands for the package. Which go it is that
//! starts them, also after it handed over to another toolchain, crate `go` tells. Not here: compilers and linkers of
//! Go itself, git, and the program that a test starts in its turn.

mod generate;
mod rules;

use crate::derived::{Context, Derive, Derived, Stage};
use crate::trace::Trace;
use go::env::{Outcome, Query, Values};
use model::{Evidence, Folded, GoStart, Space, SpaceId};
use rules::{Child, Release};

/// The family `go`.
pub(crate) const FAMILY: Derive = Derive { family: "go", stage: Stage::OnDemand, spaces: derive };

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let mut out = of_parent(context, None, context.caller, context.caller_environment);
    for which in context.which {
        let Some(parent) = parent_of(which) else { continue };
        if context.atlas.space(&parent).is_some_and(|s| s.evidence.has_values()) {
            out.extend(of_parent(context, Some(which), &parent, &context.atlas.fold(&parent)));
        }
    }
    out
}

/// These spaces, after those that the children of go among them hang under (`cron` of `go@cron:test`).
pub(crate) fn with_parents(ids: Vec<SpaceId>) -> Vec<SpaceId> {
    let children = ids.iter().filter(|id| id.family() == FAMILY.family);
    let mut out: Vec<SpaceId> = children.filter_map(|id| parent_of(id.which()?)).collect();
    out.extend(ids);
    out
}

/// The space that stands, percent-encoded, between `@` and `:` of an id.
fn parent_of(which: &str) -> Option<SpaceId> {
    let mut text = String::new();
    let mut rest = which;
    while let Some((plain, coded)) = rest.split_once('%') {
        text.push_str(plain);
        let byte = u8::from_str_radix(coded.get(..2)?, 16).ok()?;
        text.push(char::from(byte));
        rest = &coded[2..];
    }
    text.push_str(rest);
    text.parse().ok()
}

fn of_parent(context: &Context<'_>, which: Option<&str>, parent: &SpaceId, env: &Folded) -> Vec<Derived> {
    let family = which.map_or_else(|| "go".to_owned(), |which| format!("go@{which}"));
    let space = |child: &Child, evidence: Evidence| {
        let id: SpaceId = format!("{family}:{}", child.variant).parse().unwrap_or_else(|_| SpaceId::of("go"));
        let mut space = Space::new(id, child.title, Some(parent.clone()), evidence);
        space.cwd = Some(context.project.to_owned());
        space
    };
    let programs = go::Programs::new(context.system);
    let words = ["env".to_owned()];
    let query = Query { programs: &programs, env, cwd: Some(context.project), words: &words, probe: false };
    match go::env::evaluate(&query) {
        Outcome::Values(values) => match values.variables.iter().find_map(go::env::Variable::untold) {
            // What go exports is not known as a whole.
            Some(reason) => refused(&format!("what go does in {parent} cannot be told: {reason}"), space),
            None => children(context, env, &values, space),
        },
        Outcome::NotFound => Vec::new(),
        Outcome::Fatal(fatal) => {
            let said = fatal.stderr.lines().last().unwrap_or_default().to_owned();
            refused(&format!("go refuses to run in {parent}: {said}"), space)
        }
        Outcome::Writes { .. } => {
            refused(&format!("`go env` in {parent} would change its env file, by GOFLAGS"), space)
        }
        Outcome::Unknown { reason, .. } => {
            refused(&format!("what go does in {parent} cannot be told: {reason}"), space)
        }
    }
}

/// What a test binary gets on top of `env`, which is what its `go test` was given, or why that cannot be told.
/// `program`: the go that is started by its path, else the first on PATH.
pub(crate) fn test_binary(
    context: &Context<'_>,
    env: &Folded,
    program: Option<&str>,
    folder: Option<&str>,
) -> Result<Vec<model::Layer>, String> {
    let programs = go::Programs::new(context.system);
    let words = ["env".to_owned()];
    let query = Query { programs: &programs, env, cwd: folder, words: &words, probe: false };
    let outcome = match program {
        Some(program) => go::env::evaluate_program(&query, program),
        None => go::env::evaluate(&query),
    };
    let values = match outcome {
        Outcome::Values(values) => values,
        Outcome::NotFound => return Err("no go is found there".to_owned()),
        Outcome::Fatal(fatal) => {
            return Err(format!("go refuses to run: {}", fatal.stderr.lines().last().unwrap_or_default()));
        }
        Outcome::Writes { .. } => return Err("`go env` would change its env file, by GOFLAGS".to_owned()),
        Outcome::Unknown { reason, .. } => return Err(format!("what go does cannot be told: {reason}")),
    };
    let release = Release::of(&values.version);
    let start = GoStart { path: program.map(str::to_owned), search: Vec::new() };
    let found = found_version(context, env, folder, &start, &values);
    let mut trace = Trace::over(env);
    hand_over(&mut trace, &found, &values);
    let go = rules::Go {
        system: context.system,
        project: folder.unwrap_or(context.project),
        values: &values,
        release: &release,
    };
    rules::test(&mut trace, &go);
    Ok(trace.into_layers())
}

fn refused(reason: &str, space: impl Fn(&Child, Evidence) -> Space) -> Vec<Derived> {
    let one = |child| Derived {
        space: space(child, Evidence::NotChecked { reason: reason.to_owned() }),
        then: None,
    };
    rules::CHILDREN.iter().filter(|c| c.since <= rules::OLDEST).map(one).collect()
}

fn children(
    context: &Context<'_>,
    env: &Folded,
    values: &Values,
    space: impl Fn(&Child, Evidence) -> Space,
) -> Vec<Derived> {
    let release = Release::of(&values.version);
    let found = found_version(context, env, Some(context.project), &GoStart::default(), values);
    let mut out = Vec::new();
    for child in rules::CHILDREN.iter().filter(|c| release.since(c.since)) {
        let mut trace = Trace::over(env);
        hand_over(&mut trace, &found, values);
        (child.rules)(
            &mut trace,
            &rules::Go { system: context.system, project: context.project, values, release: &release },
        );
        let mut space = space(child, Evidence::Derived);
        space.case = env.case();
        space.path_separator = env.path_separator();
        space.layers = trace.into_layers();
        out.push(Derived { space, then: None });
    }
    out
}

/// The version of the go that is started, which is not the one that answers after a hand-over.
fn found_version(
    context: &Context<'_>,
    env: &Folded,
    folder: Option<&str>,
    start: &GoStart,
    values: &Values,
) -> String {
    if values.switches.is_empty() {
        return values.version.clone();
    }
    let programs = go::Programs::new(context.system);
    let view = go::view_started(&programs, env, folder, None, Some(start));
    view.version.map_or_else(|| values.version.clone(), |version| format!("go{version}"))
}

/// What the go that was found gives to the toolchain that it hands over to, and which is handed on from there. The two
/// variables by which they know each other are taken out again (go: src/cmd/go/internal/toolchain/select.go
/// `FilterEnv`).
fn hand_over(trace: &mut Trace, found: &str, values: &Values) {
    let mut from = found.to_owned();
    for switch in &values.switches {
        let outer = Release::of(&from);
        let rule = |text: &str| outer.rule(text, "go/internal/toolchain/select.go Exec");
        trace.layer("toolchain", format!("go hands over to {}", switch.name), rule("a toolchain is chosen"));
        // A folder is one of the module cache; a program is one of PATH.
        match switch.found.as_deref().filter(|found| found.contains("toolchain@")) {
            Some(folder) => {
                trace.set(b"GOROOT", folder.as_bytes(), rule("go names the chosen toolchain's folder"));
                // To look into the module cache, go has set itself up for modules (go: 1.21 to 1.25).
                if !outer.since(26) {
                    rules::quiet_git(trace, &outer);
                }
            }
            None => trace.unset(b"GOROOT", rule("go lets a toolchain of PATH find its own")),
        }
        from.clone_from(&switch.name);
    }
}

#[cfg(test)]
mod tests;
