//! `gowhence redo`: brings back what the latest undo took.

use super::undo::take_back;
use crate::arguments::{Common, TEMPLATE};
use crate::failure::{Failure, Outcome};
use apply::Which;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  gowhence redo                   bring back what the latest undo took
  gowhence redo --diff            only show what that would write
";

const AFTER: &str = "\
It is the undo of an undo, under the same conditions: where a file was changed since, nothing is written, and the exit \
status is 1.";

/// Brings back what the latest undo took
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct Arguments {
    /// Only show what would be written
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    take_back(common, Which::LatestUndo, own.diff)
}
