//! `gowhence record`: the inputs of an analysis as a folder, secrets replaced, to be replayed with `--machine`.
//!
//! What is written is listed; the folder is a new one of the user's naming. Not here: what a recording holds
//! (`system::record`).

use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::machine::RECORDED_BASE;
use crate::terminal;
use clap::{Args, ValueHint};
use spaces::GoOf;
use std::collections::BTreeSet;
use std::path::PathBuf;
use system::System;
use system::record::Recorder;

const EXAMPLES: &str = "\
Examples:
  gowhence record /tmp/mine --dry-run      what would be written, and which secrets are replaced
  gowhence record /tmp/mine                write it
  gowhence --machine /tmp/mine             look at it, here or anywhere
";

/// Writes what an analysis reads, secrets replaced by stand-ins, to be replayed with --machine
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A folder that is empty or not there yet
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Only list what would be written
    #[arg(long)]
    dry_run: bool,
    /// Every shell in every mode
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    super::text_only(common.format)?;
    let look = Look::new(common)?;
    let recorder = Recorder::new(look.machine.system.as_ref());
    let wanted = if own.all { Wanted::All } else { Wanted::Usual };
    let survey = look.survey_on(&recorder, &wanted, GoOf::Every, common.refresh);
    read_what_answers_quote(&recorder, &survey.atlas);
    if look.machine.base != spaces::Base::Login
        && let Ok(bytes) = serde_json::to_vec(&look.machine.base)
    {
        recorder.note_run(RECORDED_BASE, &bytes);
    }
    let recording = recorder.recording();
    terminal::answer(&recording.listing())?;
    let shown = own.folder.display();
    if own.dry_run {
        terminal::talk(&format!("nothing was written; without --dry-run this goes to {shown}"));
        return Ok(Outcome::Fine);
    }
    recording.write(&own.folder).map_err(|error| Failure::usage(error.to_string()))?;
    terminal::talk(&format!("written to {shown}; `gowhence --machine {shown}` replays it"));
    Ok(Outcome::Fine)
}

/// The lines that answers show and the folders whose existence they tell.
fn read_what_answers_quote(system: &dyn System, atlas: &model::Atlas) {
    let mut files = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for space in &atlas.spaces {
        let effects = space.layers.iter().flat_map(|layer| &layer.effects);
        files.extend(effects.filter_map(|e| e.origin.place()).map(|place| place.path.clone()));
        let folded = atlas.fold(&space.id);
        let entries = folded.histories().flat_map(|h| &h.entries);
        folders.extend(entries.filter_map(|e| std::str::from_utf8(&e.bytes).ok()).map(str::to_owned));
    }
    for file in files.iter().filter(|path| path.starts_with('/')) {
        let _ = system.read(file);
    }
    for folder in folders.iter().filter(|path| path.starts_with('/')) {
        let _ = system.metadata(folder);
    }
}
