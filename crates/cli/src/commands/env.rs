//! `gowhence env`: what `go env` would print in a place, byte for byte, without running go.
//!
//! Not here: how the words are told apart into ours and go's (`words`), what go would answer and how it is written
//! (`go::env`).

use crate::arguments::{Common, Format, TEMPLATE};
use crate::ask::{Look, Wanted};
use crate::failure::{Failure, Outcome};
use crate::{complete, terminal};
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use go::Programs;
use go::env::print::{Printed, print};
use go::env::{Fatal, Query, Request, Values, Variable, evaluate};
use model::{Folded, Name, Reveal, Shadow, Shown, SpaceId, Value};
use spaces::{Base, GoOf};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use system::Still;

const EXAMPLES: &str = "\
Examples:
  gowhence env                            all that `go env` prints here
  gowhence env --in cron GOPATH GOFLAGS   two values as a job of yours has them
  gowhence env -json -changed             what is not at its default, as JSON
  gowhence env --in bash:login -C ../lib GOMOD
";

const AFTER: &str = "\
Options of gowhence come first; from the first word on that is none of its long options, words are read as the go \
command of that place reads them, by the rules of its version. The folder is the current one, or what -C before \
`env` says; in `pid:N` that of the process. GOGCCFLAGS is left out unless --probe is given: it is what the C \
compiler answers. Of a list, lines whose values cannot be told are left out too, each with its reason on stderr; of \
values that were asked for by name, none is printed if one of them cannot be told.

Exit status: that of go; 127 where no go is found; 2 wrong usage of gowhence; 3 something that you named could not be \
checked.";

/// What `go env` would print in a place, byte for byte, without running go
#[derive(Clone, Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = EXAMPLES,
    after_help = AFTER,
    override_usage = "gowhence env [--in SPACE] [--probe] [-json] [-changed] [-C DIR] [NAME]...",
    disable_help_flag = true
)]
pub(crate) struct Arguments {
    /// The place [default: here]
    #[arg(long = "in", value_name = "SPACE", default_value = HERE, hide_default_value = true,
        add = ArgValueCompleter::new(complete::spaces))]
    space: String,
    /// Runs the C compiler as go would, for GOGCCFLAGS
    #[arg(long)]
    probe: bool,
    /// Prints this help (`-h` is go's)
    #[arg(long, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Flags of `go env` and names of variables; without a name, all
    #[arg(value_name = "NAME", trailing_var_arg = true, allow_hyphen_values = true,
        add = ArgValueCompleter::new(complete::go_variables))]
    words: Vec<OsString>,
}

impl Arguments {
    /// No option of ours, and words of go's.
    pub(crate) fn of_words(words: Vec<OsString>) -> Self {
        Self { space: HERE.to_owned(), probe: false, help: None, words }
    }
}

/// The place that is meant where none is named.
const HERE: &str = "here";

/// As shells have it for a command that is not found (POSIX 2.8.2).
const NOT_FOUND: u8 = 127;

pub(crate) fn run(common: &Common, own: &Arguments) -> Result<Outcome, Failure> {
    if common.format != Format::Text {
        return Err(Failure::Usage {
            message: "`--format` is not for what go itself would print".to_owned(),
            hint: Some("go's own flag is `-json`".to_owned()),
        });
    }
    let words = words(own)?;
    // Whether something may be run is a question of its own; the caller's place needs no run.
    let still = own.space == HERE && !own.probe;
    let common = &Common { no_run: common.no_run || still, ..common.clone() };
    let look = Look::new(common)?;
    let here = SpaceId::of(HERE);
    let space = if own.space == HERE { here } else { look.space(&own.space)? };
    let Some((env, shadow)) = environment(&look, &space)? else { return Ok(Outcome::NotChecked) };
    let system = Still::new(look.machine.system.as_ref());
    if own.probe && !look.machine.system.can_run() {
        return Err(Failure::usage("`--probe` runs the C compiler, and nothing is run here – leave it out"));
    }
    let told = Told { common, space: &space, probe: own.probe };
    told.shadow(shadow.as_ref());
    let programs = Programs::new(if own.probe { look.machine.system.as_ref() } else { &system });
    let folder = folder(&look, &space);
    let cwd = Some(folder.as_str());
    match evaluate(&Query { programs: &programs, env: &env, cwd, words: &words, probe: own.probe }) {
        go::env::Outcome::Values(values) => told.values(&values),
        go::env::Outcome::Fatal(fatal) => told.fatal(&fatal),
        go::env::Outcome::Writes { request, version } => Err(writes(&request, &version, &words, &space)),
        go::env::Outcome::NotFound => Err(Failure::NotStarted {
            message: format!("`go` is not found on the PATH of {space} – `gowhence why PATH --in {space}`"),
            status: NOT_FOUND,
        }),
        go::env::Outcome::Unknown { reason, .. } => {
            let reason = Value::from(reason);
            let reason = Shown::free_text(&reason, told.reveal());
            Err(Failure::NotChecked(format!("what go would print in {space} cannot be told – {reason}")))
        }
    }
}

/// The variables of the place, and what its shell has in the place of go; `None` for one that could not be had.
///
/// Those of the caller are there already: nothing has to be looked at for them.
fn environment(look: &Look<'_>, space: &SpaceId) -> Result<Option<(Folded, Option<Shadow>)>, Failure> {
    if *space == SpaceId::of(HERE) && look.machine.base == Base::Login {
        return Ok(Some((spaces::caller(look.machine.system.as_ref()), None)));
    }
    let survey = look.survey(&Wanted::These(vec![space.clone()]), GoOf::NONE);
    Ok(match look.check_named(&survey)? {
        Outcome::NotChecked => None,
        _ => Some((survey.atlas.fold(space), survey.shadows.get(space).cloned())),
    })
}

/// The folder in which go would be started: a process has one of its own, unless -C says another.
fn folder(look: &Look<'_>, space: &SpaceId) -> String {
    let pid = space.variant().filter(|_| space.family() == "pid").and_then(|pid| pid.parse().ok());
    let process = pid.filter(|_| look.common.directory.is_none());
    let process = process.and_then(|pid| look.machine.system.process(pid));
    process.and_then(|process| process.cwd).unwrap_or_else(|| look.machine.folder.clone())
}

fn words(own: &Arguments) -> Result<Vec<String>, Failure> {
    let text = |word: &OsString| {
        word.to_str().map(str::to_owned).ok_or_else(|| Failure::usage("a word behind `env` is not UTF-8"))
    };
    std::iter::once(Ok("env".to_owned())).chain(own.words.iter().map(text)).collect()
}

/// How the answer is told.
struct Told<'a> {
    common: &'a Common,
    space: &'a SpaceId,
    probe: bool,
}

impl Told<'_> {
    fn reveal(&self) -> Reveal {
        if self.common.show_secrets { Reveal::Yes } else { Reveal::No }
    }

    fn advice(&self, text: &str) {
        if !self.common.quiet {
            terminal::talk(&format!("gowhence: {text}"));
        }
    }

    fn shadow(&self, shadow: Option<&Shadow>) {
        if let Some(shadow) = shadow {
            let kind = &shadow.kind;
            self.advice(&format!(
                "the {kind} `go` of that shell is passed over – `gowhence go --in {}`",
                self.space
            ));
        }
    }

    fn fatal(&self, fatal: &Fatal) -> Result<Outcome, Failure> {
        let text = Value::from(fatal.stderr.as_str());
        terminal::talk_lines(&Shown::free_text(&text, self.reveal()).to_string());
        Ok(Outcome::Status(status(fatal.status)))
    }

    fn values(&self, values: &Values) -> Result<Outcome, Failure> {
        let hidden = RefCell::new(BTreeSet::new());
        let Printed { stdout, stderr, status: ended } = print(values, |variable| {
            let (bytes, whole) = visible(variable, self.reveal());
            if !whole {
                hidden.borrow_mut().insert(variable.name());
            }
            bytes
        });
        terminal::talk_lines(
            &Shown::free_text(&Value::from(values.stderr.as_str()), self.reveal()).to_string(),
        );
        terminal::answer_exactly(&stdout)?;
        terminal::talk_lines(&stderr);
        if self.common.verbose {
            terminal::talk(&format!("gowhence: as {} ({}) prints it", values.version, values.program));
        }
        if let Some(names) = list(hidden.into_inner().into_iter()) {
            self.advice(&format!("secrets in {names} are hidden – --show-secrets prints them as go does"));
        }
        if values.request.trace {
            self.advice("what go would tell of its own doings with -x is left out");
        }
        let untold = self.untold(values);
        Ok(self.left_out(values).or(untold).unwrap_or(Outcome::Status(status(ended))))
    }

    /// Says which lines of the list are missing because nothing on this machine tells their values.
    fn untold(&self, values: &Values) -> Option<Outcome> {
        if !values.request.names.is_empty() {
            return None;
        }
        let mut missing = values.variables.iter().filter_map(|v| Some((v.name(), v.untold()?))).peekable();
        missing.peek()?;
        for (name, reason) in missing {
            terminal::talk(&format!("gowhence: {name} is left out – {reason}"));
        }
        Some(Outcome::NotChecked)
    }

    /// Says which variables are missing from the answer; that one was asked for by name decides the exit status.
    fn left_out(&self, values: &Values) -> Option<Outcome> {
        let request = &values.request;
        let rows =
            if request.names.is_empty() || request.changed { &values.variables } else { &values.named };
        let asked = |v: &&Variable| request.names.is_empty() || request.names.iter().any(|n| n == v.name());
        let missing: BTreeSet<&str> = rows
            .iter()
            .filter(|v| v.needs_probe && (!request.changed || v.changed))
            .filter(asked)
            .map(Variable::name)
            .collect();
        let named = !request.names.is_empty();
        let names = list(missing.into_iter())?;
        let how =
            if self.probe { "the compiler could not be asked" } else { "--probe runs the compiler for it" };
        let text = format!("{names} is left out – {how}");
        if named {
            terminal::talk(&format!("gowhence: {text}"));
            return Some(Outcome::NotChecked);
        }
        self.advice(&text);
        None
    }
}

/// `-w` and `-u` would change go's env file.
fn writes(request: &Request, version: &str, words: &[String], space: &SpaceId) -> Failure {
    let flag = if request.write { "-w" } else { "-u" };
    let typed = Request::parse(words, version).is_ok_and(|typed| typed.write || typed.unset);
    if typed {
        return Failure::Usage {
            message: format!("`go env {flag}` changes go's env file, and this command changes nothing"),
            hint: Some(format!("`gowhence run --in {space} -- go env {flag} …` runs it")),
        };
    }
    Failure::Usage {
        message: format!(
            "GOFLAGS holds `{flag}`: `go env` would change go's env file there, and this command changes nothing"
        ),
        hint: Some(format!("`gowhence why GOFLAGS --in {space}` tells where it comes from")),
    }
}

/// What may be seen of a value, and whether that is all of it.
fn visible(variable: &Variable, reveal: Reveal) -> (Cow<'_, [u8]>, bool) {
    let value = variable.value();
    let shown = Shown::new(&Name::from(variable.name()), value, reveal);
    match shown.bytes() {
        Some(bytes) if bytes == value.as_bytes() => (Cow::Borrowed(value.as_bytes()), true),
        Some(bytes) => (Cow::Owned(bytes.to_vec()), false),
        None => (Cow::Owned(shown.to_string().into_bytes()), false),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn status(status: i32) -> u8 {
    u8::try_from(status).unwrap_or(1)
}
