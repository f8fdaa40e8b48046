//! The JSON schemas of every answer, from the types that write them.
//!
//! Not here: files; `cargo xtask codegen` checks them in under `docs/schemas/`.

use schemars::{JsonSchema, schema_for};

/// Name of the answer and the text of its schema.
pub fn schemas() -> Vec<(String, String)> {
    vec![
        one::<crate::Map>("map"),
        one::<crate::WhyEverywhere>("why"),
        one::<crate::Why>("why-in"),
        one::<crate::Diff>("diff"),
        one::<crate::WhichGo>("go"),
        one::<crate::Verification>("verify"),
        one::<crate::Log>("log"),
        one::<crate::TakenBack>("undo"),
        one::<crate::Doctor>("doctor"),
    ]
}

fn one<T: JsonSchema>(name: &str) -> (String, String) {
    let schema = schema_for!(T);
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    (name.to_owned(), text + "\n")
}
