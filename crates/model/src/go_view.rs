//! What the go command makes of a space.

use crate::{Origin, Problem, Value};
use serde::{Deserialize, Serialize};

/// Which go runs in a space and why. Versions are spelled as go spells them, without the `go` prefix
/// (`1.26.3`); `None` where it could not be told from the files.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GoView {
    /// The file that is run: first candidate, symlinks not resolved. `None`: no go is found there.
    pub path: Option<String>,
    pub version: Option<String>,
    /// The file that `version` was read from: the binary itself or the `VERSION` of its tree.
    pub version_origin: Option<Origin>,
    /// What `go env GOROOT` would print there; `None` where go finds none and refuses to work.
    pub goroot: Option<String>,
    /// Where GOROOT comes from: environment, inferred from the binary, env file …
    pub goroot_origin: Option<Origin>,
    /// The go env file that this go reads (GOENV), and whether it exists.
    pub env_file: Option<String>,
    /// Which variable or rule names that file, or switched it off.
    pub env_file_origin: Option<Origin>,
    pub env_file_exists: bool,
    /// How the program that starts go there looked for it, place by place, where it does not leave that to PATH.
    pub search: Vec<Reason>,
    /// Every `go` on PATH, in order; the first is the one that runs unless `shadow` says otherwise.
    pub candidates: Vec<Candidate>,
    /// An alias or function named `go` that an interactive shell runs instead.
    pub shadow: Option<Shadow>,
    /// Variables of `go env` whose value follows from what is configured, by name. Where the go that runs is not
    /// known, only those that the environment or the env file sets.
    pub settings: Vec<Setting>,
    /// Which toolchain it hands over to in the project's folder; `None` where that was not asked or cannot be told,
    /// and before 1.21, which never does.
    pub toolchain: Option<ToolchainChoice>,
    /// How it came to that toolchain, step by step.
    pub decision: Vec<Reason>,
    /// Which go answers there in the end; `None` where that was not asked, go refuses, or it cannot be told.
    pub answers: Option<Answering>,
    /// Conflicts: a GOROOT of another version, a shim, a broken tree …
    pub conflicts: Vec<Problem>,
}

/// The toolchain that a go command chooses in a folder, by GOTOOLCHAIN, go.mod and go.work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolchainChoice {
    /// `go1.26.3`.
    pub name: String,
    /// Whether that is the go command itself.
    pub local: bool,
    /// Why, in words, and the line or variable that decided.
    pub reason: String,
    pub origin: Option<Origin>,
    /// The file or the folder of the module cache that it is found in; `None` where it has to be downloaded.
    pub found: Option<String>,
    /// Why it cannot be used, or is too old for what the project asks.
    pub problem: Option<Problem>,
}

/// One step on the way to a toolchain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub kind: ReasonKind,
    pub text: String,
    pub origin: Option<Origin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonKind {
    /// A place where a program looked for go.
    Looked,
    /// A line of go.mod or go.work.
    Asks,
    /// GO111MODULE, where it matters.
    Mode,
    /// GOTOOLCHAIN.
    Allows,
    /// The toolchain that this comes to, where it is another.
    Wants,
    /// Where that one lies, or would be downloaded from.
    From,
    /// The go that answers in the end.
    Answers,
}

impl ReasonKind {
    /// `looked`, `asks`, `mode`, `allows`, `wants`, `from` or `answers`.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonKind::Looked => "looked",
            ReasonKind::Asks => "asks",
            ReasonKind::Mode => "mode",
            ReasonKind::Allows => "allows",
            ReasonKind::Wants => "wants",
            ReasonKind::From => "from",
            ReasonKind::Answers => "answers",
        }
    }
}

/// The go that answers after every hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// `1.26.3`.
    pub version: String,
    /// The file that is run in the end.
    pub program: String,
    pub goroot: Option<String>,
    /// Whether it is another than the go that was found.
    pub handed_over: bool,
}

/// What a file asks of another program than go: a version manager, an image, a workflow. go itself does not read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Who reads the file: `goenv`, `asdf`, `docker build`.
    pub reader: String,
    /// As written: `1.22.3`, `golang:1.22-alpine`, `go.mod`.
    pub value: String,
    /// What the reader makes of it, in words: `the newest 1.22`.
    pub means: String,
    pub origin: Origin,
    /// Where it does not go with go.mod, with another wish, or with itself.
    pub problem: Option<Problem>,
}

/// How a program starts go, where it does not only leave that to PATH.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GoStart {
    /// The file that it starts; `None`: the first on PATH, whatever the search came to.
    pub path: Option<String>,
    /// The places where it looked, in order; where it was found, the last.
    pub search: Vec<Reason>,
}

/// A variable as `go env` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub value: Value,
    pub source: SettingSource,
    pub origin: Origin,
}

/// The layer of go's own configuration that a value comes from, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingSource {
    Environment,
    /// The user's env file (`go env -w`).
    EnvFile,
    /// GOROOT/go.env.
    GoEnv,
    Default,
    Computed,
}

impl SettingSource {
    /// `environment`, `file`, `go.env`, `default` or `computed`.
    pub fn as_str(self) -> &'static str {
        match self {
            SettingSource::Environment => "environment",
            SettingSource::EnvFile => "file",
            SettingSource::GoEnv => "go.env",
            SettingSource::Default => "default",
            SettingSource::Computed => "computed",
        }
    }
}

/// One `go` found on PATH.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Candidate {
    /// As found: PATH entry + `/go`.
    pub path: String,
    /// With every symlink resolved, where that differs.
    pub resolved: Option<String>,
    /// Position of the PATH entry, from 1.
    pub entry: usize,
    pub version: Option<String>,
    /// The file that `version` was read from.
    pub version_origin: Option<Origin>,
    /// What `go env GOROOT` of this one would print there.
    pub goroot: Option<String>,
    /// Who keeps the SDK it belongs to, where the folder tells (`homebrew`, `mise`, `module cache` …).
    pub keeper: Option<String>,
    /// The version manager whose shim this is (`mise`, `asdf`, `goenv`, `snap` …).
    pub shim: Option<String>,
    /// What that shim runs in the project's folder, as far as its files say.
    pub chooses: Option<ShimChoice>,
}

/// The version that a version manager's shim runs in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShimChoice {
    /// As it is installed, or as it was asked for where it is not.
    pub version: String,
    /// The file or the variable that asks for it.
    pub origin: Origin,
    /// Where it is installed; `None`: nowhere, so that the shim fails.
    pub folder: Option<String>,
}

/// An alias or function of an interactive shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// `alias` or `function`.
    pub kind: String,
    /// Its text, first line.
    pub text: String,
    pub origin: Option<Origin>,
}
