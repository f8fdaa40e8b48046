//! Who uses whom: the dependency arrows of ARCHITECTURE.md, held against `cargo metadata`.

use super::answer;
use crate::root;
use serde_json::Value;
use std::collections::BTreeMap;

/// A crate of the workspace, and the crates of the workspace that it may use. One that is not in the list fails the
/// test: it must first be said where it stands.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &["model"]),
    ("system", &["model"]),
    ("apply", &["model", "system", "text"]),
    ("view", &["model"]),
    ("go", &["model", "system", "text"]),
    ("shells", &["model", "system", "text"]),
    ("spaces", &["go", "model", "shells", "system", "text"]),
    ("doctor", &["go", "model", "spaces", "system", "text"]),
    ("gowhence", &["apply", "doctor", "go", "model", "shells", "spaces", "system", "text", "view"]),
    ("testkit", &["doctor", "go", "model", "shells", "spaces", "system", "text", "view"]),
    (
        "xtask",
        &[
            "apply", "doctor", "go", "gowhence", "model", "shells", "spaces", "system", "testkit", "text",
            "view",
        ],
    ),
];

/// A crate that anything may use in its tests.
const FOR_TESTS: &str = "testkit";

struct Arrow {
    from: String,
    to: String,
    in_tests: bool,
}

/// The members of the workspace, and the dependencies among them.
fn workspace() -> (Vec<String>, Vec<Arrow>) {
    let mut command = root::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&answer(&mut command)).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |package: &Value| package["name"].as_str().expect("a name").to_owned();
    let members: Vec<String> = packages.iter().map(name).collect();
    let mut arrows = Vec::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = name(dependency);
            // A crate of the registry may have the name of a member; members are used by path.
            if dependency["path"].is_string() && members.contains(&to) {
                arrows.push(Arrow { from: name(package), to, in_tests: dependency["kind"] == "dev" });
            }
        }
    }
    (members, arrows)
}

#[test]
fn crates_use_only_what_architecture_says() {
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let (members, arrows) = workspace();
    let unknown: Vec<&String> = members.iter().filter(|m| !may_use.contains_key(m.as_str())).collect();
    assert!(unknown.is_empty(), "say in MAY_USE where these stand: {unknown:?}");
    let wrong: Vec<String> = arrows
        .iter()
        .filter(|a| !(a.in_tests && a.to == FOR_TESTS))
        .filter(|a| !may_use[a.from.as_str()].contains(&a.to.as_str()))
        .map(|a| format!("{} -> {}", a.from, a.to))
        .collect();
    assert!(wrong.is_empty(), "arrows that ARCHITECTURE.md does not have: {wrong:?}");
}
