//! A capture as text. Not here: reading it back.

use super::place_of;
use model::{After, Confidence, Effect, Layer, LayerStatus, Origin, Place};
use shells::{Capture, PER_RUN_NAMES};
use std::fmt::Write as _;

pub(in crate::spec) fn to_text(capture: &Capture) -> String {
    let mut out = String::new();
    for (name, value) in &capture.base {
        let _ = writeln!(out, "given {name}={}", value_text(value.as_bytes()));
    }
    for layer in &capture.layers {
        let told =
            |e: &&Effect| e.confidence != Confidence::Baseline || !PER_RUN_NAMES.iter().any(|n| e.name.is(n));
        let effects: Vec<&Effect> = layer.effects.iter().filter(told).collect();
        if effects.is_empty() && !layer.effects.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", layer_text(layer));
        for effect in effects {
            let _ = writeln!(out, "  {}", effect_text(effect));
        }
    }
    for problem in &capture.problems {
        let at = problem.origin.as_ref().map(|o| format!(" @ {}", origin_text(o))).unwrap_or_default();
        let severity = serde_json::to_value(problem.severity).unwrap_or_default();
        let severity = severity.as_str().unwrap_or("error");
        let _ = writeln!(out, "problem {severity} {}: {}{at}", problem.code, problem.message);
    }
    if let Some(shadow) = &capture.shadow {
        let at = shadow.origin.as_ref().map(|o| format!(" @ {}", origin_text(o))).unwrap_or_default();
        let _ = writeln!(out, "shadow {} {}{at}", shadow.kind, value_text(shadow.text.as_bytes()));
    }
    if capture.environment.is_none() {
        out.push_str("no environment\n");
    }
    out
}

fn layer_text(layer: &Layer) -> String {
    let status = match &layer.status {
        LayerStatus::Applied => String::new(),
        LayerStatus::Skipped { reason } => format!(" (skipped: {reason})"),
        LayerStatus::Unreadable { reason } => format!(" (unreadable: {reason})"),
    };
    // A layer made from a file has the file's path for a title.
    let source = match &layer.source {
        Some(origin) if *origin == Origin::file(layer.title.clone()) => String::new(),
        Some(origin) => format!(" @ {}", origin_text(origin)),
        None if layer.title.starts_with('/') => " @ none".to_owned(),
        None => String::new(),
    };
    format!("{}: {}{status}{source}", layer.id, layer.title)
}

fn effect_text(effect: &Effect) -> String {
    let mut out = match &effect.after {
        After::Set(value) => format!("{}={}", effect.name, value_text(value.as_bytes())),
        After::Unset => format!("-{}", effect.name),
        After::Unreadable { reason } => format!("?{}={}", effect.name, value_text(reason.as_bytes())),
    };
    let _ = write!(out, " @ {}", origin_text(&effect.origin));
    if effect.confidence != Confidence::Exact {
        let _ = write!(out, " {}", effect.confidence.as_str());
    }
    if let Some(via) = &effect.via {
        let how = serde_json::Value::from(via.how.as_str());
        let _ = write!(out, " via {how} {}", origin_text(&Origin::File(via.place.clone())));
        if let Some(line) = via.generated_line {
            let _ = write!(out, " generated {line}");
        }
    }
    if let Some(reason) = &effect.reason {
        let _ = write!(out, " because {reason}");
    }
    out
}

/// Bare, or JSON where bare text would be read otherwise.
fn value_text(bytes: &[u8]) -> String {
    let json = model::to_json_bytes(bytes);
    match json.as_str() {
        Some(text)
            if !text.is_empty()
                && text.trim() == text
                && !text.contains(" @ ")
                && !text.starts_with(['"', '{'])
                && !text.chars().any(char::is_control) =>
        {
            text.to_owned()
        }
        _ => json.to_string(),
    }
}

fn origin_text(origin: &Origin) -> String {
    let json = || serde_json::to_string(origin).unwrap_or_default();
    let Origin::File(place) = origin else { return json() };
    let Place { path, line, column, end_line, end_column } = place;
    let mut text = path.clone();
    if *line > 0 {
        let _ = write!(text, ":{line}");
    }
    if *column > 0 {
        let _ = write!(text, ":{column}");
    }
    match (*end_line, *end_column) {
        (0, 0) => {}
        (end, to) if end == *line => drop(write!(text, "-{to}")),
        (end, to) => drop(write!(text, "-{end}:{to}")),
    }
    // What cannot be read back as it was is written in full.
    if path.starts_with('/') && !path.contains(' ') && place_of(&text).as_ref() == Some(place) {
        text
    } else {
        json()
    }
}
