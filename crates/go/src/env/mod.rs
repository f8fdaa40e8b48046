//! What `go env` would print in a space, without running go: every variable with its value and where it comes from,
//! or the message and status with which go refuses.
//!
//! [`evaluate`] goes the way of the go command itself and in its order: which file `go` is, what its tree and the
//! layers of configuration say, whether it hands over to another toolchain (which then goes the same way), and what
//! it refuses before it prints. Deliberately not here: printing (`-json`, quoting, `-changed`), writing (`-w`, `-u`),
//! and downloading a toolchain: what one that is not there would print cannot be told.

mod architecture;
mod baked;
mod cache;
mod checksums;
mod choice;
mod costly;
mod debug;
mod download;
mod errors;
mod experiment;
mod fatal;
mod fips;
pub mod flags;
mod gcc;
mod go;
mod look_path;
mod modules;
mod moment;
mod platforms;
pub mod print;
pub(crate) mod quoted;
mod request;
pub(crate) mod run;
mod select;
pub(crate) mod settings;
mod telemetry;
mod unpacked;
mod values;
mod words;

use crate::Programs;
use model::{Folded, Origin, Setting, SettingSource, ToolchainChoice, Value};
use system::Os;

pub use request::{Request, Usage};

/// What is asked, and where.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    pub programs: &'a Programs<'a>,
    pub env: &'a Folded,
    /// The folder in which go is started, as the kernel would tell it (symlinks resolved): go itself heeds `PWD`.
    pub cwd: Option<&'a str>,
    /// The words after `go`, `env` the first of them (`-C DIR` may stand before it). Which of them are flags depends
    /// on the version that reads them.
    pub words: &'a [String],
    /// Run the compiler probes that GOGCCFLAGS depends on; without, its row has `needs_probe` and no value.
    pub probe: bool,
}

/// How `go env` ends.
#[derive(Clone, Debug)]
pub enum Outcome {
    Values(Box<Values>),
    Fatal(Fatal),
    /// No `go` is found on PATH.
    NotFound,
    /// `-w` or `-u`, of the words or of GOFLAGS: go would change its env file, which is not done here.
    Writes {
        request: Request,
        /// Of the go that would (`go1.26.3`).
        version: String,
    },
    /// It cannot be told, for a reason in words; what would have to be looked at or done.
    Unknown {
        reason: String,
        origin: Option<Origin>,
    },
}

/// go refuses: nothing on stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fatal {
    pub status: i32,
    /// The whole of stderr, line feeds included.
    pub stderr: String,
    /// What made it refuse, where one line or variable did.
    pub origin: Option<Origin>,
    /// The version that refused (`go1.26.3`), where known.
    pub version: Option<String>,
}

/// What go would print, before it is put into a format.
#[derive(Clone, Debug)]
pub struct Values {
    /// `runtime.Version` of the go that answers (`go1.26.3`): formats and flags go by it.
    pub version: String,
    /// The system that go runs on, by which its plain output is quoted.
    pub os: Os,
    /// The file of the go that answers, as it was found.
    pub program: String,
    pub request: Request,
    /// All variables of the full list, in the order in which this version prints them without `-json`.
    pub variables: Vec<Variable>,
    /// For each of the names in `request`, what `go env NAME` prints.
    pub named: Vec<Variable>,
    /// Warnings that go writes to stderr on the way.
    pub stderr: String,
    /// Hand-overs to other toolchains, in order; empty where the first go answers itself.
    pub switches: Vec<ToolchainChoice>,
}

/// A variable as `go env` knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub setting: Setting,
    /// Whether `go env -changed` prints it (1.23 and later).
    pub changed: bool,
    /// Its value is the outcome of running a compiler, which was not done: there is none here.
    pub needs_probe: bool,
}

impl Variable {
    pub fn new(name: &str, value: impl Into<Value>, source: SettingSource, origin: Origin) -> Self {
        let setting = Setting { name: name.to_owned(), value: value.into(), source, origin };
        Self { setting, changed: false, needs_probe: false }
    }

    pub fn name(&self) -> &str {
        &self.setting.name
    }

    /// Why its value is not known, if it is not: it is a default that nothing on this machine tells.
    pub fn untold(&self) -> Option<&str> {
        match &self.setting.origin {
            Origin::Unknown { reason } if self.setting.source == SettingSource::Default => Some(reason),
            _ => None,
        }
    }

    pub fn value(&self) -> &Value {
        &self.setting.value
    }
}

/// What `go WORDS…` does, `env` being the command among the words.
pub fn evaluate(query: &Query<'_>) -> Outcome {
    run::evaluate(query)
}

/// The same of a go that is started by its path (absolute) and not looked for on PATH. It is taken to be there.
pub fn evaluate_program(query: &Query<'_>, program: &str) -> Outcome {
    run::evaluate_program(query, program.to_owned(), program)
}

/// The toolchain that a go of 1.21 or later chooses there, for any command but the few that it answers itself: the go
/// that is found, or `program` (absolute). `None` where its version is not known or older.
pub fn choose(query: &Query<'_>, program: Option<&str>) -> Option<ToolchainChoice> {
    run::choice(query, program)
}
