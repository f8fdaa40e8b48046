//! `devcontainer.json`: the Go feature and the image (containers.dev: devcontainerjson-reference).
//!
//! Not here: what a Dockerfile named in it says.

use super::Wanted;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// Images and versions of the Go feature (`ghcr.io/devcontainers/features/go`).
pub fn read(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let Ok(parsed) = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) else {
        return Vec::new();
    };
    let Some(Value::Object(top)) = parsed.value else { return Vec::new() };
    let mut out = Vec::new();
    for property in &top.properties {
        match (name(&property.name), &property.value) {
            ("image", value @ Value::StringLit(_)) => out.extend(string("image", value, text)),
            ("features", Value::Object(features)) => {
                for feature in &features.properties {
                    out.extend(feature_version(name(&feature.name), &feature.value, text));
                }
            }
            _ => {}
        }
    }
    out
}

fn name<'a>(name: &'a ObjectPropName<'_>) -> &'a str {
    match name {
        ObjectPropName::String(text) => &text.value,
        ObjectPropName::Word(word) => word.value,
    }
}

/// A feature's value is its version, or its options.
fn feature_version(id: &str, value: &Value<'_>, text: &str) -> Option<Wanted> {
    let bare = id.split_once(':').map_or(id, |(bare, _)| bare);
    if bare != "go" && !bare.ends_with("/features/go") {
        return None;
    }
    match value {
        Value::Object(options) => {
            let version = options.properties.iter().find(|p| name(&p.name) == "version");
            match version {
                Some(property) => string("version", &property.value, text),
                // devcontainers/features: src/go/devcontainer-feature.json, default of `version`.
                None => {
                    let range = value.range();
                    let mut wanted = Wanted::at("version", "", text, range.start, range.end);
                    wanted.read_as = Some("latest".to_owned());
                    Some(wanted)
                }
            }
        }
        other => string("version", other, text),
    }
}

fn string(key: &str, value: &Value<'_>, text: &str) -> Option<Wanted> {
    let Value::StringLit(literal) = value else { return None };
    let range = value.range();
    Some(Wanted::at(key, &literal.value, text, range.start + 1, range.end.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_and_feature() {
        let text = r#"{
  // ours
  "image": "mcr.microsoft.com/devcontainers/go:1-1.22-bookworm",
  "features": {
    "ghcr.io/devcontainers/features/node:1": { "version": "22" },
    "ghcr.io/devcontainers/features/go:1": { "version": "1.21", },
  },
}"#;
        let found = read(text.as_bytes());
        let shown: Vec<_> =
            found.iter().map(|w| (w.key.as_str(), w.value.as_str(), w.line, w.column)).collect();
        assert_eq!(
            shown,
            [
                ("image", "mcr.microsoft.com/devcontainers/go:1-1.22-bookworm", 3, 13),
                ("version", "1.21", 6, 58)
            ]
        );
        assert_eq!(
            read(br#"{"features":{"ghcr.io/devcontainers/features/go:1":{}}}"#)[0].read_as.as_deref(),
            Some("latest")
        );
        assert!(read(b"{").is_empty());
    }
}
