//! The command line as data. Help texts begin with examples.
//!
//! Commands that are not built do not exist here. Not here: what a command does.

use crate::commands::{
    completions, diff, doctor, env, go, log, man, map, record, redo, rule, run, undo, verify, why,
};
use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::engine::{ArgValueCompleter, PathCompleter};
use std::path::PathBuf;
use std::time::Duration;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

/// Examples stand between what a command is for and its options.
pub(crate) const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

const EXAMPLES: &str = "\
Examples:
  gowhence                           the matrix: variables that matter to Go × places
  gowhence why GOFLAGS               which places agree on it, and what decided each
  gowhence why PATH --in zsh:login   the way to it, entry by entry
  gowhence diff zsh cron             what differs, and where the two parted
  gowhence env --in cron -json       what `go env -json` would print there
  gowhence run --in cron -- go env   a command as cron would run it
";

const AFTER: &str = "\
Places are named family:variant: bash:login, zsh:interactive, fish:prompt, sudo:login, cron, agent, pid:4711, here. \
A bare zsh is its everyday mode.

Exit status: 0; 1 differences, or findings where --fail-on asks; 2 wrong usage or an internal failure; 3 something \
that you named could not be checked.";

/// Whence the environment of every Go tool's place comes, file and line
#[derive(Debug, Parser)]
#[command(
    name = "gowhence",
    version,
    styles = STYLES,
    help_template = TEMPLATE,
    before_help = EXAMPLES,
    after_help = AFTER,
    max_term_width = 100,
    disable_help_subcommand = true,
    infer_subcommands = false
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Map(map::Arguments),
    Why(why::Arguments),
    Diff(diff::Arguments),
    Go(go::Arguments),
    Env(env::Arguments),
    Run(run::Arguments),
    Verify(verify::Arguments),
    Doctor(doctor::Arguments),
    Rule(rule::Arguments),
    Record(record::Arguments),
    Log(log::Arguments),
    Undo(undo::Arguments),
    Redo(redo::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Options that mean the same everywhere.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Common {
    /// The project [default: the current folder's]
    #[arg(short = 'C', global = true, value_name = "DIR", add = ArgValueCompleter::new(PathCompleter::dir()))]
    pub(crate) directory: Option<PathBuf>,
    /// What shells start from: `login` (default), `here`, another space, or a file as `env -0` writes it
    #[arg(long, global = true, value_name = "here|SPACE|FILE", hide_short_help = true)]
    pub(crate) base: Option<String>,
    /// The folder or `.code-workspace` that an editor has open [default: the project]
    #[arg(long, global = true, value_name = "PATH", hide_short_help = true,
        add = ArgValueCompleter::new(PathCompleter::any()))]
    pub(crate) workspace: Option<PathBuf>,
    /// Whether that workspace is trusted in the editor
    #[arg(long, global = true, value_enum, default_value_t = Trust::Stored, value_name = "TRUST", hide_short_help = true)]
    pub(crate) workspace_trust: Trust,
    /// A recorded or hand-written machine instead of this one; nothing in it is executed
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true,
        add = ArgValueCompleter::new(PathCompleter::dir()))]
    pub(crate) machine: Option<PathBuf>,
    /// Executes nothing; shells are then "not checked"
    #[arg(long, global = true)]
    pub(crate) no_run: bool,
    /// How long the start of a shell may take (10s, 500ms, 2m)
    #[arg(long, global = true, value_name = "TIME", value_parser = duration, hide_short_help = true)]
    pub(crate) timeout: Option<Duration>,
    /// Runs shells anew instead of using probes of the last ten minutes
    #[arg(long, global = true)]
    pub(crate) refresh: bool,
    /// Shows values that look like secrets
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) show_secrets: bool,
    /// How the answer is written
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT",
        hide_possible_values = false)]
    pub(crate) format: Format,
    /// The answer alone: no advice, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// The reasoning too: layers that did nothing, every problem
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", hide_short_help = true)]
    pub(crate) color: Color,
}

impl Common {
    /// What they are where none is given.
    pub(crate) fn none_given() -> Self {
        Self {
            directory: None,
            base: None,
            workspace: None,
            workspace_trust: Trust::Stored,
            machine: None,
            no_run: false,
            timeout: None,
            refresh: false,
            show_secrets: false,
            format: Format::Text,
            quiet: false,
            verbose: false,
            color: Color::Auto,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    /// A flow chart of the spaces (map)
    Mermaid,
    /// A Graphviz graph of the spaces (map)
    Dot,
    /// SARIF 2.1.0 (doctor)
    Sarif,
    /// Commands of GitHub's workflow runner (doctor)
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trust {
    Yes,
    No,
    /// As the editor has stored it, else yes
    Stored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say
    Auto,
    Always,
    Never,
}

/// `10s`, `500ms`, `2m`; a bare number is seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| "expected a number and ms, s or m".to_owned())?;
    let ms = match &text[digits.len()..] {
        "ms" => Some(number),
        "" | "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => return Err("expected a number and ms, s or m".to_owned()),
    };
    match ms {
        Some(ms) if ms > 0 => Ok(Duration::from_millis(ms)),
        _ => Err("no shell starts in that time".to_owned()),
    }
}

/// The command line, for completions and man pages.
pub fn command() -> clap::Command {
    Arguments::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn times() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        assert!(duration("0").is_err() && duration("soon").is_err() && duration("1h").is_err());
    }
}
