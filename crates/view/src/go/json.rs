//! Which go runs in a space, as JSON.

use crate::Options;
use crate::json::{self, JsonText, Origin, Problem, SCHEMA_VERSION, Shade};
use model::{Atlas, Name, SpaceId};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence go --in SPACE --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "which_go")]
pub struct WhichGo {
    pub schema_version: u32,
    pub space: String,
    pub project_asks: Option<String>,
    /// Null where nobody looked for go.
    pub go: Option<GoFound>,
    /// What the project's files ask of other programs, which go does not heed.
    pub wishes: Vec<Wish>,
}

/// What a file asks of a version manager, of an image or of a workflow.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "wish")]
pub struct Wish {
    /// Who reads the file.
    pub reader: String,
    /// As written.
    pub value: String,
    /// What that comes to, in words.
    pub means: String,
    pub origin: Origin,
    /// Where it does not go with go.mod or with another wish.
    pub problem: Option<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_found")]
pub struct GoFound {
    /// Null where no go is found.
    pub path: Option<String>,
    pub version: Option<String>,
    /// The file that the version was read from.
    pub version_origin: Option<Origin>,
    pub goroot: Option<String>,
    /// Where GOROOT comes from.
    pub origin: Option<Origin>,
    /// The go env file that this go reads.
    pub env_file: Option<String>,
    /// Which variable or rule names that file, or switched it off.
    pub env_file_origin: Option<Origin>,
    pub env_file_exists: bool,
    /// How the program that starts go there looked for it, where it does not leave that to PATH.
    pub search: Vec<Step>,
    /// Every `go` on PATH in order; before them one that is started by its path, with entry 0.
    pub candidates: Vec<Candidate>,
    /// An alias or function that an interactive shell runs instead.
    pub shadow: Option<Shadow>,
    /// How it comes to its toolchain, step by step.
    pub decision: Vec<Step>,
    /// The toolchain that it chooses in the project's folder; null before 1.21, which chooses none.
    pub toolchain: Option<Toolchain>,
    /// The go that answers in the end; null where go refuses to, or where it cannot be told.
    pub answers: Option<Answers>,
    /// What its `go env` prints in the project's folder, by name; GOGCCFLAGS is not there, it is what a compiler says.
    pub settings: Vec<Setting>,
    pub conflicts: Vec<Problem>,
}

/// One step on the way to a toolchain.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "step")]
pub struct Step {
    /// `looked` (a place where go was looked for), `asks` (a line of go.mod or go.work), `mode` (GO111MODULE), `allows`
    /// (GOTOOLCHAIN), `wants`, `from` or `answers`.
    pub kind: &'static str,
    pub text: String,
    pub origin: Option<Origin>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "toolchain")]
pub struct Toolchain {
    pub name: String,
    /// Whether it is the go that was found.
    pub local: bool,
    pub reason: String,
    pub origin: Option<Origin>,
    /// The file or the folder of the module cache; null where it has to be downloaded.
    pub found: Option<String>,
    pub problem: Option<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "answers")]
pub struct Answers {
    pub version: String,
    /// The file that is run in the end.
    pub program: String,
    pub goroot: Option<String>,
    pub handed_over: bool,
}

/// A variable as `go env` prints it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_setting")]
pub struct Setting {
    pub name: String,
    pub value: JsonText,
    /// `environment`, `file`, `go.env`, `default` or `computed`.
    pub source: &'static str,
    pub origin: Origin,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "candidate")]
pub struct Candidate {
    pub path: String,
    /// With every symlink resolved, where that differs.
    pub resolved: Option<String>,
    /// Position of the PATH entry, from 1.
    pub entry: usize,
    pub version: Option<String>,
    pub version_origin: Option<Origin>,
    pub goroot: Option<String>,
    /// Who keeps the SDK it belongs to, where the folder tells.
    pub keeper: Option<String>,
    /// The version manager whose shim this is.
    pub shim: Option<String>,
    /// What that shim runs in the project's folder, as far as its files say.
    pub chooses: Option<ShimChoice>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "shim_choice")]
pub struct ShimChoice {
    /// As it is installed, or as it was asked for where it is not.
    pub version: String,
    /// The file or the variable that asks for it.
    pub origin: Origin,
    /// Where it is installed; null: nowhere.
    pub folder: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "shadow")]
pub struct Shadow {
    /// `alias` or `function`.
    pub kind: String,
    pub text: String,
    pub origin: Option<Origin>,
}

/// Which go runs there.
pub fn go_json(atlas: &Atlas, space: &SpaceId, options: &Options) -> WhichGo {
    let go = atlas.space(space).and_then(|s| s.go.as_ref());
    WhichGo {
        schema_version: SCHEMA_VERSION,
        space: space.to_string(),
        project_asks: atlas.project_asks.clone(),
        go: go.map(|go| found(go, options)),
        wishes: atlas.wishes.iter().map(|w| wish(w, options)).collect(),
    }
}

fn wish(wish: &model::Wish, options: &Options) -> Wish {
    Wish {
        reader: wish.reader.clone(),
        value: json::free(&wish.value, options),
        means: json::free(&wish.means, options),
        origin: (&wish.origin).into(),
        problem: wish.problem.as_ref().map(|p| json::problem(p, options)),
    }
}

fn step(reason: &model::Reason, options: &Options) -> Step {
    Step {
        kind: reason.kind.as_str(),
        text: json::free(&reason.text, options),
        origin: reason.origin.as_ref().map(Origin::from),
    }
}

fn toolchain(choice: &model::ToolchainChoice, options: &Options) -> Toolchain {
    Toolchain {
        name: choice.name.clone(),
        local: choice.local,
        reason: json::free(&choice.reason, options),
        origin: choice.origin.as_ref().map(Origin::from),
        found: choice.found.clone(),
        problem: choice.problem.as_ref().map(|p| json::problem(p, options)),
    }
}

fn setting(setting: &model::Setting, options: &Options) -> Setting {
    let name = Name::from(setting.name.as_str());
    Setting {
        value: Shade::of(&name, options).value(&setting.value),
        name: setting.name.clone(),
        source: setting.source.as_str(),
        origin: (&setting.origin).into(),
    }
}

fn found(go: &model::GoView, options: &Options) -> GoFound {
    let candidate = |c: &model::Candidate| Candidate {
        path: c.path.clone(),
        resolved: c.resolved.clone(),
        entry: c.entry,
        version: c.version.clone(),
        version_origin: c.version_origin.as_ref().map(Origin::from),
        goroot: c.goroot.clone(),
        keeper: c.keeper.clone(),
        shim: c.shim.clone(),
        chooses: c.chooses.as_ref().map(|choice| ShimChoice {
            version: choice.version.clone(),
            origin: (&choice.origin).into(),
            folder: choice.folder.clone(),
        }),
    };
    GoFound {
        path: go.path.clone(),
        version: go.version.clone(),
        version_origin: go.version_origin.as_ref().map(Origin::from),
        goroot: go.goroot.clone(),
        origin: go.goroot_origin.as_ref().map(Origin::from),
        env_file: go.env_file.clone(),
        env_file_origin: go.env_file_origin.as_ref().map(Origin::from),
        env_file_exists: go.env_file_exists,
        candidates: go.candidates.iter().map(candidate).collect(),
        shadow: go.shadow.as_ref().map(|s| Shadow {
            kind: s.kind.clone(),
            text: json::free(&s.text, options),
            origin: s.origin.as_ref().map(Origin::from),
        }),
        search: go.search.iter().map(|r| step(r, options)).collect(),
        decision: go.decision.iter().map(|r| step(r, options)).collect(),
        toolchain: go.toolchain.as_ref().map(|choice| toolchain(choice, options)),
        answers: go.answers.as_ref().map(|answers| Answers {
            version: answers.version.clone(),
            program: answers.program.clone(),
            goroot: answers.goroot.clone(),
            handed_over: answers.handed_over,
        }),
        settings: go.settings.iter().map(|s| setting(s, options)).collect(),
        conflicts: go.conflicts.iter().map(|p| json::problem(p, options)).collect(),
    }
}
