//! `gowhence rule`: the page of a rule.

use crate::arguments::{Common, TEMPLATE};
use crate::failure::{Failure, Outcome};
use crate::{names, terminal};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  gowhence rule              every rule, a line each
  gowhence rule GOW010       what it finds, why it matters, and what its fix does
  gowhence rule gocache-off  the same by name
";

/// What a rule of the doctor finds, why it matters, and what its fix does
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Its code or its name
    #[arg(value_name = "CODE")]
    rule: Option<String>,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    super::text_only(common.format)?;
    let Some(text) = &own.rule else {
        let line = |rule: &&doctor::Rule| format!("{}  {:<20}  {}\n", rule.code, rule.name, rule.summary());
        terminal::answer(&doctor::RULES.iter().map(line).collect::<String>())?;
        return Ok(Outcome::Fine);
    };
    let rule = doctor::rule(text).ok_or_else(|| unknown(text))?;
    terminal::answer(&format!("{} {} ({})\n\n{}", rule.code, rule.name, rule.area.as_str(), rule.page()))?;
    Ok(Outcome::Fine)
}

/// There is no such rule; names that are near are offered.
pub(super) fn unknown(text: &str) -> Failure {
    let known: Vec<&str> = doctor::RULES.iter().flat_map(|rule| [rule.code, rule.name]).collect();
    let near = names::nearest(text, known.iter().copied());
    Failure::Usage {
        message: format!("`{text}` is no rule"),
        hint: Some(names::did_you_mean(&near, "`gowhence rule` lists them")),
    }
}
