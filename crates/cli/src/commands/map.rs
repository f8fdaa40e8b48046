//! `gowhence map`, and `gowhence` alone: the matrix.

use crate::arguments::{Common, Format, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::complete;
use crate::failure::{Failure, Outcome};
use crate::terminal;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use model::{Atlas, Name, Severity};
use spaces::GoOf;
use view::{Chosen, Rows};

const EXAMPLES: &str = "\
Examples:
  gowhence map                                what matters to Go, in the places that matter
  gowhence map --all                          every variable, every shell, every mode
  gowhence map --space zsh --space cron --var PATH --var GOFLAGS
  gowhence map --format mermaid               the places as a graph
";

/// The matrix: variables × places, equal columns folded, differences marked
#[derive(Clone, Debug, Default, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Only this place, and what it hangs under (may be repeated)
    #[arg(long = "space", value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    spaces: Vec<String>,
    /// Only this variable (may be repeated)
    #[arg(long = "var", value_name = "VAR", add = ArgValueCompleter::new(complete::variables))]
    variables: Vec<String>,
    /// Every variable, every shell in every mode
    #[arg(long)]
    all: bool,
    /// The environment itself, not what go makes of it
    #[arg(long)]
    raw: bool,
    /// Exit with 1 if there is a problem of this severity or above
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warning,
    Info,
    Hint,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
            Level::Hint => Severity::Hint,
        }
    }
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    let names: Vec<Name> =
        own.variables.iter().map(|text| super::why::variable_name(text)).collect::<Result<_, _>>()?;
    if matches!(common.format, Format::Sarif | Format::Github) {
        super::text_or_json(common.format)?;
    }
    let look = Look::new(common)?;
    let wanted = match (own.spaces.is_empty(), own.all) {
        (false, _) => Wanted::These(look.spaces(&own.spaces)?),
        (true, true) => Wanted::All,
        (true, false) => Wanted::Usual,
    };
    let survey = look.survey(&wanted, GoOf::Every);
    let named = look.check_named(&survey)?;
    names.iter().try_for_each(|name| super::why::check_variable(&survey.atlas, name))?;
    let rows = match (names.is_empty(), own.all) {
        (false, _) => Rows::Named(names),
        (true, true) => Rows::All,
        (true, false) => Rows::Usual,
    };
    let rows = Chosen { rows, raw: own.raw };
    let options = look.view_options(&survey.atlas);
    match common.format {
        Format::Text | Format::Sarif | Format::Github => {
            terminal::answer(&view::map_text(&survey.atlas, &rows, &options))?;
        }
        Format::Json => {
            let lookups = look.lookups();
            let exists = |path: &str| lookups.exists(path);
            let seen = view::Look { exists: &exists, ..view::Look::nowhere() };
            terminal::answer_json(view::map_json(&survey.atlas, &rows, &seen, &options))?;
        }
        Format::Mermaid => terminal::answer(&view::map_mermaid(&survey.atlas, &rows))?,
        Format::Dot => terminal::answer(&view::map_dot(&survey.atlas, &rows))?,
    }
    Ok(match named {
        Outcome::Fine => {
            Outcome::differing(own.fail_on.is_some_and(|level| has_problem(&survey.atlas, level)))
        }
        other => other,
    })
}

/// Whether any space has a problem of this severity or above.
pub(crate) fn has_problem(atlas: &Atlas, level: Level) -> bool {
    let level = Severity::from(level);
    let conflicts = atlas.spaces.iter().filter_map(|s| s.go.as_ref()).flat_map(|go| &go.conflicts);
    // Severities are in order, the worst first.
    atlas.spaces.iter().flat_map(|s| &s.problems).chain(conflicts).any(|p| p.severity <= level)
}
