//! `gowhence verify`: prediction against observation.
//!
//! A shell: what its stored probe says against a fresh plain run. A live process and the caller: what the shell among
//! its ancestors would give now against what it was given. Places that are computed by rules have no observation yet.

use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::complete;
use crate::failure::{Failure, Outcome};
use crate::terminal;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use model::{Evidence, Space, SpaceId};
use spaces::{GoOf, Survey};
use view::Verified;

const EXAMPLES: &str = "\
Examples:
  gowhence verify                    every shell and live process that can be observed
  gowhence verify --in zsh:login     a stored probe against a fresh start
  gowhence verify --in here          this terminal against what its shell would give now
";

/// Holds what is predicted of a place against what is observed there
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The place [default: all that can be observed]
    #[arg(long = "in", value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    space: Option<String>,
}

/// The working folder is no part of a prediction, nor is what every shell changes anew.
const NOT_COMPARED: &[&str] = &["PWD", "OLDPWD"];

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let look = Look::new(common)?;
    let named = own.space.as_deref().map(|text| look.space(text)).transpose()?;
    let wanted = named.as_ref().map_or(Wanted::Usual, |id| Wanted::These(vec![id.clone()]));
    let survey = look.survey(&wanted, GoOf::NONE);
    if look.check_named(&survey)? == Outcome::NotChecked {
        return Ok(Outcome::NotChecked);
    }
    let verified = verify(&look, &survey, named.as_ref())?;
    let options = look.view_options(&survey.atlas);
    if json {
        terminal::answer_json(view::verify_json(&verified, &options))?;
    } else {
        terminal::answer(&view::verify_text(&survey.atlas, &verified, &options))?;
    }
    Ok(Outcome::differing(verified.iter().any(|v| !v.differences.is_empty())))
}

fn verify(look: &Look<'_>, survey: &Survey, named: Option<&SpaceId>) -> Result<Vec<Verified>, Failure> {
    let wanted = |space: &&Space| named.is_none_or(|id| space.id == *id) && space.evidence.has_values();
    let chosen: Vec<&Space> = survey.atlas.spaces.iter().filter(wanted).collect();
    let (live, others): (Vec<&Space>, Vec<&Space>) = chosen.into_iter().partition(|s| is_live(s));
    let shells: Vec<&Space> = others.iter().filter(|s| is_run(s)).copied().collect();
    if let (Some(id), true, true) = (named, live.is_empty(), shells.is_empty()) {
        return Err(Failure::NotChecked(format!(
            "{id} is computed by rules, and nothing on this machine was seen to run there – \
             `gowhence why PATH --in {id}` shows the rules"
        )));
    }
    let mut out = fresh_runs(look, survey, &shells);
    for space in live {
        match against_shell(look, survey, space) {
            Ok(verified) => out.push(verified),
            Err(reason) if named.is_some() => return Err(Failure::NotChecked(reason)),
            Err(reason) => terminal::talk(&format!("gowhence: {reason}")),
        }
    }
    Ok(out)
}

fn is_live(space: &Space) -> bool {
    matches!(space.id.family(), "pid" | "here")
}

/// Whether the space's values come from running a shell.
fn is_run(space: &Space) -> bool {
    space.evidence == Evidence::Observed && space.time_ms.is_some()
}

fn not_compared() -> Vec<&'static str> {
    [shells::PER_RUN_NAMES, NOT_COMPARED].concat()
}

/// Shells are started anew, and their probes held against that.
fn fresh_runs(look: &Look<'_>, survey: &Survey, shells: &[&Space]) -> Vec<Verified> {
    if shells.is_empty() {
        return Vec::new();
    }
    let ids: Vec<SpaceId> = shells.iter().map(|s| s.id.clone()).collect();
    let fresh = look.survey_with(&Wanted::These(ids.clone()), GoOf::NONE, true);
    let from = if survey.stored_age_ms.is_some() { "an earlier start" } else { "a first start" };
    ids.into_iter()
        .filter(|id| fresh.atlas.space(id).is_some_and(|s| s.evidence.has_values()))
        .map(|id| {
            let (predicted, observed) = (survey.atlas.fold(&id), fresh.atlas.fold(&id));
            let but = not_compared();
            Verified::new(id, (from.to_owned(), &predicted), ("a start just now".to_owned(), &observed), &but)
        })
        .collect()
}

/// A live process against what the shell that it comes from would give now.
fn against_shell(look: &Look<'_>, survey: &Survey, space: &Space) -> Result<Verified, String> {
    let system = look.machine.system.as_ref();
    let pid = match space.id.family() {
        "here" => system.pid(),
        _ => space.id.variant().and_then(|v| v.parse().ok()).unwrap_or_default(),
    };
    let Some((shell_pid, shell)) = spaces::started_by(system, pid) else {
        return Err(format!("{}: no shell is among its ancestors, so nothing is predicted of it", space.id));
    };
    let predicted = match survey.atlas.space(&shell) {
        Some(s) if s.evidence.has_values() => survey.atlas.fold(&shell),
        _ => {
            let more = look.survey(&Wanted::These(vec![shell.clone()]), GoOf::NONE);
            match more.atlas.space(&shell).filter(|s| s.evidence.has_values()) {
                Some(_) => more.atlas.fold(&shell),
                None => {
                    return Err(format!(
                        "{}: started by {shell} (pid {shell_pid}), which could not be had",
                        space.id
                    ));
                }
            }
        }
    };
    let observed = survey.atlas.fold(&space.id);
    let from = format!("{shell}, for it was started by such a shell (pid {shell_pid})");
    let given = format!(
        "what {} was given",
        if pid == system.pid() { "this process".to_owned() } else { format!("pid {pid}") }
    );
    Ok(Verified::new(space.id.clone(), (from, &predicted), (given, &observed), &not_compared()))
}
