//! `gowhence log`: the changes of files that were made, and which of them hold.

use crate::arguments::{Common, TEMPLATE};
use crate::failure::{Failure, Outcome};
use crate::{journal, terminal};
use apply::Refusal;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  gowhence log                    what was changed, latest first, and what was undone
  gowhence log -v                 also why a file was written in place
  gowhence log --format json      with the digests of every file before and after
";

/// The changes of files that gowhence made, and which of them hold
///
/// What an interrupted run had left unfinished is completed or taken back first, and told.
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {}

pub(crate) fn run(common: &Common, _own: &Arguments) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let disk = journal::disk(common)?;
    let mut journal = journal::open(&disk)?;
    // Who is changing files right now is not waited for only to be told of.
    journal.patience_ms = 0;
    match apply::recover(&journal) {
        Ok(recovered) => journal::tell_recovered(&recovered),
        Err(Refusal::Locked { .. }) => {}
        Err(refusal) => terminal::talk(&format!("gowhence: {refusal}")),
    }
    let history = apply::log(&journal).map_err(|refusal| journal::failure(&refusal))?;
    let changes = history.entries.iter().map(journal::change).collect();
    let log = view::Log::new(journal.folder, changes, history.damaged);
    if json {
        terminal::answer_json(&log)?;
    } else {
        terminal::answer(&view::log_text(&log, &journal::options(common, &disk)))?;
    }
    Ok(Outcome::Fine)
}
