//! Readers of what editors keep: settings, env files, databases of state.
//!
//! What must hold: no panic, ranges that lie in the file, and that a change changes what it should and leaves a file that
//! can be read.

use super::targets::Target;
use crate::root;
use spaces::vscode::{Kind, Settings as _, Trust, Workspace, settings};
use system::memory::MemorySystem;
use text::edit::apply;
use text::jsonc::edit::{New, Step, remove, set};
use text::jsonc::{Document, Node, Value, read};
use text::{dotenv, sqlite};

const SETTINGS: &str = "{\n  // c\n  \"go.toolsEnvVars\": { \"A\": \"1\", /* y */ \"B\": null, },\n  \"go\": {\"goroot\": \"/r\"},\n  \"x\": [1, -2.5e3, \"\\ud83d\\ude00\"],\n}\n";
const WORDS: &[&str] = &[
    "\"a\": 1,",
    "\"go.toolsEnvVars\":",
    "\"go.goroot\"",
    "\"[go]\":",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "/*",
    "*/",
    "//",
    "true",
    "null",
    "1e5",
    "\\u",
    "\\",
    "\u{2028}",
    "\u{feff}",
];

pub(super) fn targets() -> Vec<Target> {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let small = "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}]},\"e\":\"f\"}";
    vec![
        Target {
            name: "jsonc",
            seeds: texts(&[SETTINGS, small, "// only\r\n", "[[[[[[[[{\"a\":"]),
            words: WORDS,
            check: jsonc,
        },
        Target { name: "settings", seeds: texts(&[SETTINGS, small]), words: WORDS, check: in_force },
        Target {
            name: "dotenv",
            seeds: texts(&["A=1\nexport B=\"${A}\\n${HOME}\" # c\r\n\n C.d-e = 'x\n", "A=${}${X-1}\\${B}\n"]),
            words: &["${A}", "${HOME}", "export ", "=", "\"", "'", "\\", "$", "}", "\u{2028}", "\u{a0}"],
            check: env_file,
        },
        Target {
            name: "sqlite",
            seeds: databases(),
            words: &["ItemTable", "table", "key 0"],
            check: database,
        },
    ]
}

fn inside(node: &Node, outer: &std::ops::Range<usize>) -> Result<(), String> {
    if node.range.start < outer.start || node.range.end > outer.end || node.range.start > node.range.end {
        return Err(format!("{:?} is not in {outer:?}", node.range));
    }
    match &node.value {
        Value::Array(items) => items.iter().try_for_each(|item| inside(item, &node.range)),
        Value::Object(object) => object.properties.iter().try_for_each(|property| {
            if property.key_range.start < node.range.start || property.range().end > node.range.end {
                return Err(format!("{:?} is not in {:?}", property.range(), node.range));
            }
            property.value.as_ref().map_or(Ok(()), |value| inside(value, &node.range))
        }),
        _ => Ok(()),
    }
}

fn whole(document: &Document) -> bool {
    document.problems.is_empty() || document.root.is_none()
}

fn jsonc(bytes: &[u8]) -> Result<(), String> {
    let document = read(bytes);
    if let Some(root) = &document.root {
        inside(root, &(0..bytes.len()))?;
    } else if document.problems.is_empty() {
        return Err("no value and no problem".to_owned());
    }
    let new = New::Object(vec![("X".to_owned(), New::Text("\"\u{1}".to_owned()))]);
    for path in [&[Step::Key("a")][..], &[Step::Key("go.toolsEnvVars"), Step::Key("A")], &[Step::Item(0)]] {
        if let Ok(edits) = set(bytes, path, &new) {
            let after = read(&apply(bytes, &edits).map_err(|e| e.to_string())?);
            let found = after.root.as_ref().and_then(|root| path.iter().try_fold(root, step));
            let is_it = found.and_then(|node| node.get("X")?.as_str()) == Some("\"\u{1}");
            if !is_it && whole(&document) && !too_deep(&after) {
                return Err(format!("{path:?} is not what it was set to; {:?}", after.problems.first()));
            }
        }
        if let Ok(edits) = remove(bytes, path) {
            let after = read(&apply(bytes, &edits).map_err(|e| e.to_string())?);
            let is_key = matches!(path.last(), Some(Step::Key(_)));
            if is_key && after.root.as_ref().and_then(|root| path.iter().try_fold(root, step)).is_some() {
                return Err(format!("{path:?} is still there"));
            }
            if document.problems.is_empty() && !after.problems.is_empty() {
                return Err(format!("without {path:?}: {:?}", after.problems));
            }
        }
    }
    Ok(())
}

fn too_deep(document: &Document) -> bool {
    document.problems.iter().any(|p| p.kind == text::jsonc::ProblemKind::TooDeep)
}

fn step<'n>(node: &'n Node, step: &Step<'_>) -> Option<&'n Node> {
    match step {
        Step::Key(key) => node.get(key),
        Step::Item(index) => node.as_array()?.get(*index),
    }
}

/// The input as every file of settings that there is.
fn in_force(bytes: &[u8]) -> Result<(), String> {
    let machine = MemorySystem::linux()
        .file("/u/User/settings.json", bytes)
        .file("/u/Machine/settings.json", bytes)
        .file("/u/User/globalStorage/storage.json", bytes)
        .file("/u/User/globalStorage/state.vscdb", bytes)
        .file("/etc/vscode/policy.json", bytes)
        .file("/w.code-workspace", bytes)
        .file("/p/.vscode/settings.json", bytes);
    let single = Workspace::folder("/p", Trust::Known(false));
    let several =
        Workspace { file: Some("/w.code-workspace".to_owned()), trust: Trust::Assumed, ..single.clone() };
    for (kind, workspace) in [(Kind::Desktop, &single), (Kind::Server, &single), (Kind::Desktop, &several)] {
        let opened = settings::open(&machine, "/u", kind, workspace);
        for key in ["go.toolsEnvVars", "go.goroot", "go", "a.b.c", "[go]", ""] {
            for folder in [None, Some("/p")] {
                let value = opened.settings.get(key, folder);
                let found = opened.settings.occurrences(key, folder);
                let counts = found.iter().any(|o| o.standing == settings::Standing::Counts);
                if value.is_some() && !counts {
                    return Err(format!("`{key}` has a value of no file"));
                }
            }
        }
    }
    Ok(())
}

fn env_file(bytes: &[u8]) -> Result<(), String> {
    let globals = |name: &str| (name == "HOME").then(|| "/h".to_owned());
    let assignments = dotenv::read(bytes, &globals);
    for assignment in &assignments {
        let written = bytes.get(assignment.range.clone());
        if !written.is_some_and(|written| written.starts_with(assignment.name.as_bytes())) {
            return Err(format!("{} is not at {:?}", assignment.name, assignment.range));
        }
    }
    let _ = dotenv::effective(&assignments);
    Ok(())
}

/// The length of the file in four bytes, the file, its log.
fn database(bytes: &[u8]) -> Result<(), String> {
    let Some((head, rest)) = bytes.split_first_chunk::<4>() else { return Ok(()) };
    let length = usize::try_from(u32::from_le_bytes(*head)).unwrap_or_default();
    let (file, log) = rest.split_at(length.min(rest.len()));
    let mut read = |offset: u64, length: usize| {
        let start = usize::try_from(offset).ok()?;
        file.get(start..(start + length).min(file.len())).map(<[u8]>::to_vec)
    };
    let log = sqlite::Log::new(log.to_vec());
    for key in ["key 0", "long", "new", "none"] {
        let _ = sqlite::lookup(&mut log.over(&mut read), "ItemTable", key);
    }
    Ok(())
}

fn databases() -> Vec<Vec<u8>> {
    let folder = root::root().join("crates/text/src/sqlite");
    let pairs = [("rows.sqlite", None), ("logged.sqlite", Some("logged.sqlite-wal"))];
    let seeds = pairs.iter().filter_map(|(file, log)| {
        let file = std::fs::read(folder.join(file)).ok()?;
        let mut seed = u32::try_from(file.len()).ok()?.to_le_bytes().to_vec();
        seed.extend(file);
        seed.extend(log.and_then(|log| std::fs::read(folder.join(log)).ok()).unwrap_or_default());
        Some(seed)
    });
    seeds.collect()
}
