//! `gowhence undo`: takes a change of files back.

use crate::arguments::{Common, TEMPLATE};
use crate::failure::{Failure, Outcome};
use crate::{journal, terminal};
use apply::{Journal, Refusal, Which};
use clap::Args;
use system::os::Real;
use view::TakenBack;

const EXAMPLES: &str = "\
Examples:
  gowhence undo                   take the latest change back
  gowhence undo 3                 take change 3 back (`gowhence log` numbers them)
  gowhence undo 3 --diff          only show what that would write
";

const AFTER: &str = "\
Every byte, mode and absence of a file is as before, and folders that were made go if they are empty. Where a file was \
changed since, nothing is written, both diffs are shown, and the exit status is 1.";

/// Takes a change of files back, the latest one or the one of that number
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct Arguments {
    /// The change's number; that of an undo brings back what it took
    #[arg(value_name = "ID")]
    id: Option<u64>,
    /// Only show what would be written
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    take_back(common, own.id.map_or(Which::Latest, Which::Numbered), own.diff)
}

pub(super) fn take_back(common: &Common, which: Which, only_diff: bool) -> Result<Outcome, Failure> {
    let json = super::text_or_json(common.format)?;
    let disk = journal::disk(common)?;
    let journal = journal::open(&disk)?;
    if only_diff && !json {
        return show(common, &disk, &journal, which);
    }
    let done = if only_diff {
        apply::prepare_undo(&journal, which).map(|prepared| TakenBack {
            files: prepared.files.iter().map(journal::prepared).collect(),
            ..TakenBack::new(prepared.title)
        })
    } else {
        apply::undo(&journal, which).map(|applied| {
            journal::tell_recovered(&applied.recovered);
            applied.notes.iter().for_each(|note| terminal::talk(note));
            journal::taken_back(applied)
        })
    };
    let options = journal::options(common, &disk);
    match done {
        Ok(done) if json => terminal::answer_json(&done)?,
        Ok(done) => terminal::answer(&view::taken_back_text(&done, &options))?,
        Err(refusal) => return refused(common, &disk, &refusal, json),
    }
    Ok(Outcome::Fine)
}

fn show(common: &Common, disk: &Real, journal: &Journal<'_>, which: Which) -> Result<Outcome, Failure> {
    match apply::prepare_undo(journal, which) {
        Ok(prepared) => {
            let diffs: Vec<u8> = prepared.files.iter().flat_map(apply::PreparedFile::diff).collect();
            terminal::answer(&view::patch_text(&diffs, &journal::options(common, disk)))?;
            Ok(Outcome::Fine)
        }
        Err(refusal) => refused(common, disk, &refusal, false),
    }
}

/// Files that were changed since are shown three ways; all else is a failure.
fn refused(common: &Common, disk: &Real, refusal: &Refusal, json: bool) -> Result<Outcome, Failure> {
    let Refusal::Conflict { files, .. } = refusal else { return Err(journal::failure(refusal)) };
    let options = journal::options(common, disk);
    let conflicts: Vec<_> = files.iter().map(|file| journal::conflicting(file, &options)).collect();
    if json {
        terminal::answer_json(TakenBack { conflicts, ..TakenBack::new(String::new()) })?;
    } else {
        terminal::answer(&view::conflicts_text(&conflicts, &options))?;
    }
    terminal::talk(&format!("gowhence: {refusal}"));
    Ok(Outcome::Differences)
}
