//! `gowhence go`: which go runs in a place, and why.

use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::{complete, terminal};
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use spaces::GoOf;

const EXAMPLES: &str = "\
Examples:
  gowhence go                     here, where you are
  gowhence go --in cron           in a job of yours
  gowhence go --in pid:4711       in a live process
";

/// Which go runs in a place and why: every candidate on PATH, GOROOT, what conflicts
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The place [default: here]
    #[arg(long = "in", value_name = "SPACE", default_value = "here", hide_default_value = true,
        add = ArgValueCompleter::new(complete::spaces))]
    space: String,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let look = Look::new(common)?;
    let space = look.space(&own.space)?;
    let mut survey = look.survey(&Wanted::These(vec![space.clone()]), GoOf::These(vec![space.clone()]));
    let named = look.check_named(&survey)?;
    survey.atlas.wishes = go::wishes(look.machine.system.as_ref(), &look.machine.project());
    let options = look.view_options(&survey.atlas);
    if json {
        terminal::answer_json(view::go_json(&survey.atlas, &space, &options))?;
    } else {
        terminal::answer(&view::go_text(&survey.atlas, &space, &options))?;
    }
    Ok(named)
}
