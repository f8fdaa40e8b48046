//! Makes up cases from a seed: settings at each level, profiles, tasks, launches, collections, start-up files, trust and
//! several roots.
//!
//! Not here: the values that they draw from (`pools`), and running them.

mod pools;
mod start_up;
mod workspace;
mod written;

use super::case::Case;
use crate::conformance::chance::Chance;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The case of this number.
pub(super) fn case(seed: u64, number: u32, into: &Path) -> Case {
    let mut chance = Chance::seeded(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(number)));
    let name = format!("s{seed}-{number:03}");
    let root = into.join(&name);
    let shell = chance.pick(pools::SHELLS);
    let mut environment = start_environment(&mut chance, shell, &root);
    let mut files = BTreeMap::new();
    start_up::write(&mut chance, shell, &mut files);
    let multi = chance.once_in(4);
    let folders: Vec<String> =
        if multi { vec!["project".to_owned(), "second".to_owned()] } else { vec!["project".to_owned()] };
    let mut made = Made { chance, root: &root, multi, profiles: Vec::new(), files };
    let user = made.user_settings(&mut environment);
    made.write_settings("home/.local/share/code-server/User/settings.json", &user);
    if made.chance.once_in(2) {
        let machine = made.settings(false);
        made.write_settings("home/.local/share/code-server/Machine/settings.json", &machine);
    }
    let workspace = made.workspace(&folders);
    let trust = !made.chance.once_in(6);
    let steps = made.steps(trust);
    let collections = made.collections();
    let kept = !collections.is_empty() && made.chance.once_in(5);
    let files = made.files;
    Case { name, root, environment, files, workspace, folders, trust, steps, collections, kept }
}

/// A case in the making.
struct Made<'a> {
    chance: Chance,
    root: &'a Path,
    multi: bool,
    /// Names of profiles that some file defines.
    profiles: Vec<&'static str>,
    files: BTreeMap<String, String>,
}

fn start_environment(chance: &mut Chance, shell: &str, root: &Path) -> BTreeMap<String, String> {
    let home = root.join("home").display().to_string();
    let mut all: BTreeMap<String, String> = [
        ("HOME", home.as_str()),
        ("USER", "dev"),
        ("SHELL", shell),
        // code-server is found where PATH has it.
        (
            "PATH",
            chance.pick(&["/usr/bin:/bin:@HOME@/.local/bin", "@HOME@/.local/bin:/start/bin:/usr/bin:/bin"]),
        ),
        ("START_A", "start a"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.replace("@HOME@", &home)))
    .collect();
    for (name, value) in pools::START {
        if chance.once_in(6) {
            all.insert((*name).to_owned(), value.replace("@HOME@", &home));
        }
    }
    all
}

impl Made<'_> {
    fn user_settings(&mut self, environment: &mut BTreeMap<String, String>) -> Map<String, Value> {
        let mut all = self.settings(false);
        // Else the question comes with the first terminal, and is a race.
        all.insert("security.workspace.trust.startupPrompt".to_owned(), json!("always"));
        all.insert("workbench.startupEditor".to_owned(), json!("none"));
        // Some values name it: what a setting is by default, only the editor knows.
        all.insert("editor.tabSize".to_owned(), json!(3));
        if self.chance.once_in(5) {
            all.insert("terminal.integrated.inheritEnv".to_owned(), json!(false));
        }
        if self.chance.once_in(12) {
            environment.remove("USER");
        }
        if self.chance.once_in(6) {
            all.insert("git.terminalAuthentication".to_owned(), json!(false));
        }
        if self.chance.once_in(12) {
            all.insert("git.enabled".to_owned(), json!(false));
        }
        all
    }

    /// Settings of one level. `ignored`: those of a folder of several, where most of them do not count.
    fn settings(&mut self, ignored: bool) -> Map<String, Value> {
        let mut all = Map::new();
        if self.chance.below(3) > 0 {
            let entries = self.environment_entries(5);
            all.insert("terminal.integrated.env.linux".to_owned(), Value::Object(entries));
        }
        if self.chance.once_in(8) {
            all.insert("terminal.integrated.env.osx".to_owned(), json!({ "ONLY_OSX": "1" }));
        }
        if self.chance.once_in(2) {
            let mut profiles = Map::new();
            for _ in 0..1 + self.chance.below(3) {
                let (name, profile) = self.profile();
                profiles.insert(name.to_owned(), profile);
                if !ignored && !self.profiles.contains(&name) {
                    self.profiles.push(name);
                }
            }
            all.insert("terminal.integrated.profiles.linux".to_owned(), Value::Object(profiles));
        }
        if self.chance.once_in(3) {
            let names: Vec<&str> =
                self.profiles.iter().copied().chain(["bash", "zsh", "fish", "no such"]).collect();
            let name = names[self.chance.below(names.len())];
            let value = if self.chance.once_in(8) { Value::Null } else { json!(name) };
            all.insert("terminal.integrated.defaultProfile.linux".to_owned(), value);
        }
        if self.chance.once_in(5) {
            let (_, profile) = self.profile();
            all.insert("terminal.integrated.automationProfile.linux".to_owned(), profile);
        }
        if self.chance.once_in(5) {
            let locale = self.chance.pick(&["on", "off", "auto"]);
            all.insert("terminal.integrated.detectLocale".to_owned(), json!(locale));
        }
        if self.chance.once_in(7) {
            all.insert("terminal.integrated.shellIntegration.enabled".to_owned(), json!(false));
        }
        if self.chance.once_in(14) {
            all.insert("terminal.integrated.inheritEnv".to_owned(), json!(false));
        }
        all
    }

    /// Entries of a settings object that names variables.
    fn environment_entries(&mut self, most: usize) -> Map<String, Value> {
        let mut entries = Map::new();
        for _ in 0..1 + self.chance.below(most) {
            let name = self.chance.pick(pools::NAMES);
            entries.insert(name.to_owned(), self.value(pools::VALUES));
        }
        entries
    }

    fn value(&mut self, pool: &[&str]) -> Value {
        let text = self.chance.pick(pool);
        serde_json::from_str(text).unwrap_or_else(|_| json!(text))
    }

    fn profile(&mut self) -> (&'static str, Value) {
        let (name, path, arguments) = self.chance.pick(pools::PROFILES);
        let mut profile = Map::new();
        let path = serde_json::from_str(path).unwrap_or_else(|_| json!(path));
        profile.insert("path".to_owned(), path);
        if !arguments.is_empty() {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            profile.insert("args".to_owned(), json!(arguments));
        }
        if self.chance.once_in(2) {
            profile.insert("env".to_owned(), Value::Object(self.environment_entries(4)));
        }
        (name, Value::Object(profile))
    }

    fn write_settings(&mut self, file: &str, all: &Map<String, Value>) {
        let text = written::settings(&mut self.chance, all);
        self.files.insert(file.to_owned(), text);
    }

    fn steps(&mut self, trust: bool) -> Vec<Value> {
        let mut steps = Vec::new();
        let first = self.root.join("project");
        // With several folders the plain command asks for one.
        let terminal = if self.multi {
            json!({ "kind": "terminal", "id": "terminal", "cwd": first })
        } else {
            json!({ "kind": "terminal", "id": "terminal" })
        };
        steps.push(terminal);
        if !self.multi {
            let builtin = self.chance.pick(&["bash", "zsh", "fish"]);
            let mut names = vec![builtin];
            names.extend(self.profiles.iter().copied());
            for _ in 0..1 + self.chance.below(2) {
                let name = names[self.chance.below(names.len())];
                let step = json!({ "kind": "terminal", "id": format!("terminal/{name}"), "profile": name });
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
        }
        // Where a workspace is not trusted, there are no tasks and no debugging.
        if !trust {
            return steps;
        }
        for label in workspace::LABELS {
            if self.chance.below(3) > 0 {
                steps.push(json!({ "kind": "task", "id": format!("task/{label}"), "label": label }));
            }
        }
        steps.push(json!({ "kind": "debug", "id": "debug-terminal", "name": "terminal" }));
        steps.push(json!({ "kind": "debug", "id": "launch/internal", "name": "internal" }));
        steps
    }

    fn collections(&mut self) -> Vec<Value> {
        let mut all = Vec::new();
        if self.chance.once_in(2) {
            return all;
        }
        for _ in 0..1 + self.chance.below(6) {
            let mut mutator = json!({
                "extension": self.chance.pick(&["a", "b"]),
                "op": self.chance.pick(&["replace", "append", "prepend"]),
                "variable": self.chance.pick(pools::COLLECTION_NAMES),
                "value": self.chance.pick(pools::COLLECTION_VALUES),
            });
            let options = match self.chance.below(4) {
                0 => Some(json!({ "applyAtProcessCreation": true, "applyAtShellIntegration": true })),
                1 => Some(json!({ "applyAtProcessCreation": false, "applyAtShellIntegration": true })),
                2 => Some(json!({ "applyAtProcessCreation": true })),
                _ => None,
            };
            if let Some(options) = options {
                mutator["options"] = options;
            }
            if self.multi && self.chance.once_in(3) {
                mutator["folder"] = json!(self.chance.below(2));
            }
            all.push(mutator);
        }
        all
    }
}
