//! How settings are written down: with comments, trailing commas, keys twice, dotted and nested.

use super::Chance;
use serde_json::{Map, Value, json};

/// A settings file.
pub(super) fn settings(chance: &mut Chance, all: &Map<String, Value>) -> String {
    let mut parts: Vec<(String, Value)> = Vec::new();
    for (key, value) in all {
        if chance.once_in(10) {
            // Only the last one of two counts.
            parts.push((key.clone(), twin(value)));
        }
        match key.rsplit_once('.') {
            // The question about trust must come where the driver waits for it.
            Some((front, last)) if !key.starts_with("security") && chance.once_in(8) => {
                let nested = json!({ last: value });
                parts.push((front.to_owned(), nested));
            }
            _ => parts.push((key.clone(), value.clone())),
        }
    }
    written(chance, &parts)
}

/// Any other file.
pub(super) fn plainly(chance: &mut Chance, all: &Map<String, Value>) -> String {
    let parts: Vec<(String, Value)> = all.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    written(chance, &parts)
}

fn twin(value: &Value) -> Value {
    match value {
        Value::Object(_) => json!({ "TWIN": "1", "A": "twin" }),
        Value::Bool(value) => json!(!value),
        other => other.clone(),
    }
}

fn written(chance: &mut Chance, parts: &[(String, Value)]) -> String {
    let mut text = String::new();
    if chance.once_in(8) {
        text.push('\u{feff}');
    }
    if chance.once_in(4) {
        text += "// settings of a test\n";
    }
    text += "{\n";
    for (nth, (key, value)) in parts.iter().enumerate() {
        if chance.once_in(8) {
            text += "  /* \"not\": \"this\", */\n";
        }
        text += &format!("  {}: {:#}", json!(key), value);
        let last = nth + 1 == parts.len();
        if !last || chance.once_in(4) {
            text.push(',');
        }
        if chance.once_in(8) {
            text += " // why";
        }
        text.push('\n');
    }
    text += "}";
    if !chance.once_in(6) {
        text.push('\n');
    }
    text
}
