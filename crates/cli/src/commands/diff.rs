//! `gowhence diff`: two places against each other.

use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::{complete, terminal};
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use spaces::GoOf;

const EXAMPLES: &str = "\
Examples:
  gowhence diff zsh cron                your terminal against a job of yours
  gowhence diff here bash:login         what this terminal has that a login has not
  gowhence diff pid:4711 zsh            a live gopls against a new terminal
";

/// What differs between two places, and the first layer where they parted
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[arg(value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    a: String,
    #[arg(value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    b: String,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let look = Look::new(common)?;
    let (a, b) = (look.space(&own.a)?, look.space(&own.b)?);
    let survey = look.survey(&Wanted::These(vec![a.clone(), b.clone()]), GoOf::NONE);
    if look.check_named(&survey)? == Outcome::NotChecked {
        return Ok(Outcome::NotChecked);
    }
    let atlas = &survey.atlas;
    let options = look.view_options(atlas);
    if json {
        terminal::answer_json(view::diff_json(atlas, &a, &b, &options))?;
    } else {
        terminal::answer(&view::diff_text(atlas, &a, &b, &options))?;
    }
    Ok(Outcome::differing(!model::diff(atlas, &a, &b).is_empty()))
}
