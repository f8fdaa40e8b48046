//! Why, as JSON.

use super::everywhere::agrees_by;
use crate::folded::{FoldedAtlas, reference};
use crate::groups::group;
use crate::json::{self, Entry, JsonText, Origin, SCHEMA_VERSION, Shade, StateWord, Via};
use crate::{Look, Options};
use model::{Atlas, Folded, History, LayerStatus, Name, Space, SpaceId, State};
use schemars::JsonSchema;
use serde::Serialize;

/// `gowhence why VAR --in SPACE --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "why_in")]
pub struct Why {
    pub schema_version: u32,
    pub name: JsonText,
    pub space: String,
    #[serde(flatten)]
    pub answer: Answer,
}

/// `gowhence why VAR --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "why")]
pub struct WhyEverywhere {
    pub schema_version: u32,
    pub name: JsonText,
    pub groups: Vec<AgreeingSpaces>,
    /// Spaces without values.
    pub could_not_check: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "agreeing_spaces")]
pub struct AgreeingSpaces {
    pub spaces: Vec<String>,
    /// The one of them whose history this is.
    pub space: String,
    #[serde(flatten)]
    pub answer: Answer,
}

/// A value and the way to it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "answer")]
pub struct Answer {
    pub state: StateWord,
    pub value: Option<JsonText>,
    /// Why it could not be read.
    pub reason: Option<String>,
    /// What go makes of it there, where that is known.
    pub go: Option<GoTakes>,
    pub history: Vec<Change>,
    /// Layers on the way that did nothing.
    pub passed: Vec<Passed>,
    pub entries: Vec<Entry>,
}

/// A variable as `go env` prints it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "go_takes")]
pub struct GoTakes {
    pub value: JsonText,
    /// `environment`, `file`, `go.env`, `default` or `computed`.
    pub source: &'static str,
    pub origin: Origin,
}

/// One change on the way to the value.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "change")]
pub struct Change {
    /// `set`, `unset`, `prepend`, `append`, `remove`, `reorder`, `same` or `unreadable`.
    pub op: &'static str,
    /// Null where it was not set or could not be read.
    pub before: Option<JsonText>,
    pub after: Option<JsonText>,
    pub layer: String,
    /// The space in whose layers that layer stands.
    pub layer_space: String,
    pub origin: Origin,
    pub via: Option<Via>,
    pub confidence: &'static str,
    pub reason: Option<String>,
    /// Whether this change decided the value.
    pub won: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "passed")]
pub struct Passed {
    pub layer: String,
    pub layer_space: String,
    /// `skipped` or `unreadable`.
    pub status: &'static str,
    pub reason: String,
}

/// The history of a variable in a space.
pub fn why_in_json(atlas: &Atlas, name: &Name, space: &SpaceId, look: &Look<'_>, options: &Options) -> Why {
    Why {
        schema_version: SCHEMA_VERSION,
        name: JsonText::plain(name.as_bytes()),
        space: space.to_string(),
        answer: answer(atlas, &atlas.fold(space), name, space, look, options),
    }
}

/// The groups of spaces that agree on a variable.
pub fn why_json(atlas: &Atlas, name: &Name, look: &Look<'_>, options: &Options) -> WhyEverywhere {
    let folded = FoldedAtlas::new(atlas);
    let reference = reference(atlas);
    let groups = group(&folded.valued(), reference, |i| agrees_by(&folded, i, name));
    let id = |i: usize| folded.spaces()[i].id.to_string();
    let one = |g: &crate::groups::Group| {
        let speaker = g.speaker(reference, folded.spaces());
        let space = &folded.spaces()[speaker].id;
        AgreeingSpaces {
            spaces: g.members.iter().map(|&i| id(i)).collect(),
            space: space.to_string(),
            answer: answer(atlas, folded.fold(speaker), name, space, look, options),
        }
    };
    WhyEverywhere {
        schema_version: SCHEMA_VERSION,
        name: JsonText::plain(name.as_bytes()),
        groups: groups.iter().map(one).collect(),
        could_not_check: atlas
            .spaces
            .iter()
            .filter(|s| !s.evidence.has_values())
            .map(|s| s.id.to_string())
            .collect(),
    }
}

fn answer(
    atlas: &Atlas,
    folded: &Folded,
    name: &Name,
    space: &SpaceId,
    look: &Look<'_>,
    options: &Options,
) -> Answer {
    let place = atlas.space(space);
    let unknown = place.filter(|s| !s.evidence.has_values());
    // What a space without values would inherit is no answer: what it changes is not known.
    let history = folded.get(name).filter(|_| unknown.is_none());
    let state = match unknown {
        Some(space) => State::Unreadable { reason: space.evidence.reason().unwrap_or_default().to_owned() },
        None => folded.state(name),
    };
    let reason = match &state {
        State::Unreadable { reason } => Some(json::free(reason, options)),
        _ => None,
    };
    Answer {
        state: (&state).into(),
        value: Shade::of(name, options).state(&state),
        reason,
        go: place.filter(|_| unknown.is_none()).and_then(|s| go_takes(s, name, options)),
        history: history.map(|h| changes(h, name, options)).unwrap_or_default(),
        passed: passed(atlas, space, options),
        entries: json::entries(
            name,
            history.map(|h| h.entries.as_slice()).unwrap_or_default(),
            look.exists,
            options,
        ),
    }
}

fn go_takes(space: &Space, name: &Name, options: &Options) -> Option<GoTakes> {
    let setting = space.go.as_ref()?.settings.iter().find(|s| name.is(&s.name))?;
    Some(GoTakes {
        value: Shade::of(name, options).value(&setting.value),
        source: setting.source.as_str(),
        origin: (&setting.origin).into(),
    })
}

fn changes(history: &History, name: &Name, options: &Options) -> Vec<Change> {
    let shade = Shade::of(name, options);
    let winner = history.winner();
    let change = |step: &model::Step| Change {
        op: step.op.as_str(),
        before: shade.state(&step.before),
        after: shade.state(&step.after),
        layer: step.layer.clone(),
        layer_space: step.space.to_string(),
        origin: (&step.origin).into(),
        via: step.via.as_ref().map(Via::from),
        confidence: step.confidence.as_str(),
        reason: step.reason.as_deref().map(|reason| json::free(reason, options)),
        won: winner.is_some_and(|w| std::ptr::eq(w, step)),
    };
    history.steps.iter().map(|step| change(step)).collect()
}

fn passed(atlas: &Atlas, space: &SpaceId, options: &Options) -> Vec<Passed> {
    let mut out = Vec::new();
    for space in atlas.chain(space) {
        for layer in &space.layers {
            let (status, reason) = match &layer.status {
                LayerStatus::Applied => continue,
                LayerStatus::Skipped { reason } => ("skipped", reason),
                LayerStatus::Unreadable { reason } => ("unreadable", reason),
            };
            out.push(Passed {
                layer: layer.id.clone(),
                layer_space: space.id.to_string(),
                status,
                reason: json::free(reason, options),
            });
        }
    }
    out
}
