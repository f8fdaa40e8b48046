//! One file a command.

pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod env;
pub(crate) mod go;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod map;
pub(crate) mod record;
pub(crate) mod redo;
pub(crate) mod rule;
pub(crate) mod run;
pub(crate) mod undo;
pub(crate) mod verify;
pub(crate) mod why;

use crate::arguments::{Arguments, Command, Format};
use crate::failure::{Failure, Outcome};

pub(crate) fn dispatch(arguments: &Arguments) -> Result<Outcome, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        None => map::run(common, &map::Arguments::default()),
        Some(Command::Map(own)) => map::run(common, own),
        Some(Command::Why(own)) => why::run(common, own),
        Some(Command::Diff(own)) => diff::run(common, own),
        Some(Command::Go(own)) => go::run(common, own),
        Some(Command::Env(own)) => env::run(common, own),
        Some(Command::Run(own)) => run::run(common, own),
        Some(Command::Verify(own)) => verify::run(common, own),
        Some(Command::Doctor(own)) => doctor::run(common, own),
        Some(Command::Rule(own)) => rule::run(common, own),
        Some(Command::Record(own)) => record::run(common, own),
        Some(Command::Log(own)) => log::run(common, own),
        Some(Command::Undo(own)) => undo::run(common, own),
        Some(Command::Redo(own)) => redo::run(common, own),
        Some(Command::Completions(own)) => completions::run(own),
        Some(Command::Man(own)) => man::run(own),
    }
}

/// For commands whose answer is text or JSON.
pub(crate) fn text_or_json(format: Format) -> Result<bool, Failure> {
    match format {
        Format::Text => Ok(false),
        Format::Json => Ok(true),
        Format::Sarif | Format::Github => Err(Failure::Usage {
            message: "`--format sarif` and `github` are for findings".to_owned(),
            hint: Some("use them with `gowhence doctor`".to_owned()),
        }),
        Format::Mermaid | Format::Dot => Err(Failure::Usage {
            message: "`--format mermaid` and `dot` are pictures of the map".to_owned(),
            hint: Some("use `text` or `json` here".to_owned()),
        }),
    }
}

/// For commands whose answer is text only.
pub(crate) fn text_only(format: Format) -> Result<(), Failure> {
    if format == Format::Text {
        return Ok(());
    }
    Err(Failure::usage("this command has no other `--format` than `text`"))
}
