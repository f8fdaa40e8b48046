//! `gowhence completions`: scripts for shells.

use crate::arguments::TEMPLATE;
use crate::complete;
use crate::failure::{Failure, Outcome};
use crate::terminal;
use clap::Args;
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  gowhence completions fish > ~/.config/fish/completions/gowhence.fish
  source <(gowhence completions bash)      in ~/.bashrc
  source <(gowhence completions zsh)       in ~/.zshrc, after compinit
";

/// A completion script for a shell
///
/// Commands, options, places and variables complete; the latter two from stored probes, so TAB never starts a shell.
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(own: &Arguments) -> Result<Outcome, Failure> {
    terminal::answer_bytes(&complete::script(own.shell))?;
    Ok(Outcome::Fine)
}
