//! `${NAME}` in a value (vscode-go: extension/src/utils/envUtils.ts `substituteEnvVars`).

use super::{is_line_end, is_word};
use std::collections::HashMap;

/// A `${NAME}` that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: String,
    pub from: Found,
}

/// Where its value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Set further up in the file, and not empty.
    File,
    /// The environment that the file is read with.
    Environment,
    /// Nowhere, or only empty: it is replaced by nothing.
    Nowhere,
}

pub(super) fn substitute(
    value: &str,
    locals: &HashMap<String, String>,
    globals: &dyn Fn(&str) -> Option<String>,
) -> (String, Vec<Use>) {
    let (mut text, mut uses, mut done) = (String::with_capacity(value.len()), Vec::new(), 0);
    let mut malformed = false;
    let mut from = 0;
    while let Some(at) = value[from..].find("${").map(|at| from + at) {
        let Some((end, name)) = reference(value, at) else {
            from = at + 1;
            continue;
        };
        from = end;
        if value[..at].ends_with('\\') {
            continue;
        }
        let Some(name) = name else {
            malformed = true;
            continue;
        };
        let (found, source) = look_up(name, locals, globals);
        text.push_str(&value[done..at]);
        text.push_str(&found);
        uses.push(Use { name: name.to_owned(), from: source });
        done = end;
    }
    text.push_str(&value[done..]);
    if malformed { (value.replace("\\$", "$"), Vec::new()) } else { (text.replace("\\$", "$"), uses) }
}

/// `/\${([a-zA-Z]\w*)?([^}\w].*)?}/`: the end of what it matches at `at`, and the name if that is all there is in it.
fn reference(value: &str, at: usize) -> Option<(usize, Option<&str>)> {
    let inside = &value[at + 2..];
    let len = inside.bytes().take_while(|b| is_word(*b)).count();
    if len > 0 && !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let next = inside[len..].chars().next()?;
    if next == '}' {
        return Some((at + 2 + len + 1, (len > 0).then(|| &inside[..len])));
    }
    // Something else: up to the last brace on the line.
    let rest = &inside[len + next.len_utf8()..];
    let line = &rest[..rest.find(is_line_end).unwrap_or(rest.len())];
    let brace = line.rfind('}')?;
    Some((at + 2 + len + next.len_utf8() + brace + 1, None))
}

fn look_up(
    name: &str,
    locals: &HashMap<String, String>,
    globals: &dyn Fn(&str) -> Option<String>,
) -> (String, Found) {
    // The variables are properties of a JavaScript object, which has some of its own.
    let own = || {
        let function = if name == "constructor" { "Object" } else { name };
        OWN_NAMES.contains(&name).then(|| format!("function {function}() {{ [native code] }}"))
    };
    if let Some(value) = locals.get(name).cloned().or_else(own).filter(|value| !value.is_empty()) {
        return (value, Found::File);
    }
    match globals(name).filter(|value| !value.is_empty()) {
        Some(value) => (value, Found::Environment),
        None => (String::new(), Found::Nowhere),
    }
}

/// ECMA-262: properties of the Object prototype.
const OWN_NAMES: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];
