//! `gowhence why`: the way to a value.

use super::map::{Level, has_problem};
use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::{complete, names, terminal};
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use model::{Atlas, Name, SpaceId};
use shells::Mode;
use spaces::GoOf;

const EXAMPLES: &str = "\
Examples:
  gowhence why GOFLAGS                  which places agree on it, and what decided each
  gowhence why GOFLAGS --in cron        the way to it there, layer by layer
  gowhence why PATH --in zsh:login      for lists, who added each entry
  gowhence why GOPROXY --in here        starts no shell
";

/// Why a variable has its value: every layer that changed it, with file and line
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The variable
    #[arg(value_name = "VAR", add = ArgValueCompleter::new(complete::variables))]
    variable: String,
    /// The place; without it, the places that agree
    #[arg(long = "in", value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    space: Option<String>,
    /// Look at every shell in every mode
    #[arg(long, conflicts_with = "space")]
    all: bool,
    /// Exit with 1 if there is a problem of this severity or above
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let name = variable_name(&own.variable)?;
    let look = Look::new(common)?;
    let space = own.space.as_deref().map(|text| look.space(text)).transpose()?;
    let wanted = match (&space, own.all) {
        (Some(id), _) => Wanted::These([id.clone()].into_iter().chain(everyday(&look, id)).collect()),
        (None, true) => Wanted::All,
        (None, false) => Wanted::Usual,
    };
    let mut survey = look.survey(&wanted, go_of(own, &name, space.as_ref()));
    survey.could_not_check.retain(|(id, _)| space.as_ref() == Some(id));
    let named = look.check_named(&survey)?;
    let atlas = &survey.atlas;
    check_variable(atlas, &name)?;
    let options = look.view_options(atlas);
    let lookups = look.lookups();
    let (exists, line) = (|path: &str| lookups.exists(path), |place: &model::Place| lookups.line(place));
    let seen = view::Look { exists: &exists, line: &line };
    match (&space, json) {
        (Some(id), false) => terminal::answer(&view::why_in_text(atlas, &name, id, &seen, &options))?,
        (Some(id), true) => terminal::answer_json(view::why_in_json(atlas, &name, id, &seen, &options))?,
        (None, false) => terminal::answer(&view::why_text(atlas, &name, &seen, &options))?,
        (None, true) => terminal::answer_json(view::why_json(atlas, &name, &seen, &options))?,
    }
    Ok(match named {
        Outcome::Fine => Outcome::differing(own.fail_on.is_some_and(|level| has_problem(atlas, level))),
        other => other,
    })
}

/// Where it matters for the answer what go makes of a place: there, for what go has instead and for the go that a
/// folder of PATH holds; else wherever go may have another value of that name; and wherever problems are asked for.
fn go_of(own: &Arguments, name: &Name, space: Option<&SpaceId>) -> GoOf {
    match space {
        _ if own.fail_on.is_some() => GoOf::Every,
        Some(id) => GoOf::These(vec![id.clone()]),
        None if is_setting(name) => GoOf::Every,
        None => GoOf::NONE,
    }
}

/// Whether `go env` has a variable of that name, however it is spelled on Windows.
fn is_setting(name: &Name) -> bool {
    let text = name.to_text();
    go::variables::known_variables().iter().any(|v| v.name.eq_ignore_ascii_case(&text))
}

/// The user's everyday shell, with which the reader is told to compare: as far as a stored probe has it, for it is not
/// started only for that. Questions about what already runs start nothing at all.
fn everyday(look: &Look<'_>, asked: &SpaceId) -> Option<SpaceId> {
    let machine = &look.machine;
    if look.common.refresh || matches!(asked.family(), "here" | "pid") {
        return None;
    }
    let mode =
        if machine.system.os() == system::Os::Macos { Mode::LOGIN_INTERACTIVE } else { Mode::INTERACTIVE };
    let shell = machine.system.user().shell;
    let probes = spaces::fresh_interactive_probes(machine.system.as_ref(), machine.store.as_ref()?);
    let fits = |p: &&spaces::StoredProbe| p.mode == mode && p.shell.path == shell;
    probes.iter().find(fits)?.space.parse().ok().filter(|id| id != asked)
}

pub(super) fn variable_name(text: &str) -> Result<Name, Failure> {
    if text.is_empty() || text.contains(['=', '\0']) {
        return Err(Failure::usage(format!("`{text}` cannot be the name of a variable")));
    }
    Ok(Name::from(text))
}

/// A name that nothing sets and Go does not know is taken for a slip if another is near.
pub(super) fn check_variable(atlas: &Atlas, name: &Name) -> Result<(), Failure> {
    let mut known: Vec<String> = view::go_variables().map(str::to_owned).collect();
    for space in &atlas.spaces {
        let folded = atlas.fold(&space.id);
        if folded.get(name).is_some() {
            return Ok(());
        }
        known.extend(folded.histories().map(|h| h.name.to_text().into_owned()));
    }
    let text = name.to_text();
    if known.iter().any(|k| *k == text) {
        return Ok(());
    }
    let near = names::nearest(&text, known.iter().map(String::as_str));
    if near.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("`{text}` is set nowhere, and Go does not read it"),
        hint: Some(names::did_you_mean(&near, "")),
    })
}
