//! `gowhence run`: a command with the environment of a place.
//!
//! On Unix the command takes the place of this process, so that its signals and exit status are its own. The working
//! folder stays the caller's (or what `-C` says).

use crate::arguments::{Common, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::complete;
use crate::failure::{Failure, Outcome};
use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use model::{Folded, Name, Value};
use spaces::GoOf;
use std::ffi::OsString;
use system::System;
use system::os::Program;

const EXAMPLES: &str = "\
Examples:
  gowhence run --in cron -- go env         what a job of yours would be told
  gowhence run --in bash:login -- go version
  gowhence run --in bash:login -- env
";

/// Runs a command with the environment of a place
#[derive(Clone, Debug, Args)]
#[command(help_template = TEMPLATE, before_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The place
    #[arg(long = "in", value_name = "SPACE", add = ArgValueCompleter::new(complete::spaces))]
    space: String,
    /// The command, looked up on the PATH of that place
    #[arg(value_name = "CMD", required = true, last = true, value_hint = ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

/// As shells have it (POSIX 2.8.2): found and not to be executed, not found.
const CANNOT_EXECUTE: u8 = 126;
const NOT_FOUND: u8 = 127;

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    super::text_only(common.format)?;
    if common.machine.is_some() {
        return Err(Failure::usage(
            "nothing of a machine in a folder is ever executed – leave `--machine` out",
        ));
    }
    let look = Look::new(common)?;
    let space = look.space(&own.space)?;
    let survey = look.survey(&Wanted::These(vec![space.clone()]), GoOf::NONE);
    if look.check_named(&survey)? == Outcome::NotChecked {
        return Ok(Outcome::NotChecked);
    }
    let folded = survey.atlas.fold(&space);
    let [name, arguments @ ..] = own.command.as_slice() else {
        return Err(Failure::usage("there is no command to run"));
    };
    let typed = name.to_str().ok_or_else(|| Failure::usage("the command's name is not UTF-8"))?;
    let path = find(typed, &folded, look.machine.system.as_ref()).ok_or_else(|| Failure::NotStarted {
        message: format!("`{typed}` is not found on the PATH of {space} – `gowhence why PATH --in {space}`"),
        status: NOT_FOUND,
    })?;
    let environment: Vec<(Name, Value)> = folded.environment().map(|(n, v)| (n.clone(), v.clone())).collect();
    let program = Program {
        path,
        arg0: name.clone(),
        arguments: arguments.to_vec(),
        environment,
        cwd: common.directory.clone(),
    };
    match system::os::become_program(&program) {
        Ok(status) => Ok(Outcome::Status(status)),
        Err(error) => Err(Failure::NotStarted {
            message: format!("`{}` could not be started ({error})", program.path),
            status: if error.kind() == std::io::ErrorKind::NotFound { NOT_FOUND } else { CANNOT_EXECUTE },
        }),
    }
}

/// The file that the command names: itself if there is a `/` in it, else the first executable on PATH (execvp(3); an
/// empty entry is the current folder).
fn find(name: &str, folded: &Folded, system: &dyn System) -> Option<String> {
    let separators = if folded.path_separator() == b';' { ['/', '\\'] } else { ['/', '/'] };
    if name.contains(separators) {
        return Some(name.to_owned());
    }
    let path = folded.value("PATH")?.to_text().into_owned();
    path.split(char::from(folded.path_separator()))
        .map(|folder| if folder.is_empty() { format!("./{name}") } else { format!("{folder}/{name}") })
        .find(|file| system.is_executable(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Confidence, Effect, Evidence, Layer, Origin, Space, SpaceId};

    #[test]
    fn commands_are_found_on_the_path_of_the_place() {
        let machine =
            system::memory::MemorySystem::linux().executable("/opt/bin/go").executable("/usr/bin/go");
        let mut space = Space::new(SpaceId::of("cron"), "cron", None, Evidence::Derived);
        let path =
            Effect::set("PATH", "/nowhere:/opt/bin:/usr/bin", Origin::unknown(""), Confidence::Baseline);
        space.layers.push(Layer::applied("all", "all", vec![path]));
        let folded = Folded::over(None, &space);
        assert_eq!(find("go", &folded, &machine).as_deref(), Some("/opt/bin/go"));
        assert_eq!(find("gofmt", &folded, &machine), None);
        assert_eq!(find("./go", &folded, &machine).as_deref(), Some("./go"));
    }
}
