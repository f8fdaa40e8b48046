//! A case: a home, a workspace, the environment that the server starts in, and what the probe extension is to look at.
//!
//! Not here: how cases are made up (`generate`).

use crate::failure::{Doing as _, Done};
use crate::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Everything of a case; its files lie below `root`.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// `s1-7`: seed and number.
    pub(super) name: String,
    pub(super) root: PathBuf,
    /// What the server is started with, nothing else.
    pub(super) environment: BTreeMap<String, String>,
    /// Path below `root` → text.
    pub(super) files: BTreeMap<String, String>,
    /// The folder or `.code-workspace` that is opened, below `root`.
    pub(super) workspace: String,
    /// The workspace's folders, below `root`, in their order.
    pub(super) folders: Vec<String>,
    pub(super) trust: bool,
    /// What the probe does, in its order.
    pub(super) steps: Vec<Value>,
    /// Mutators in the order of their registration.
    pub(super) collections: Vec<Value>,
    /// Whether they are registered in an earlier window and only kept in the one that is looked at.
    pub(super) kept: bool,
}

/// In this time the browser has written down what it keeps.
const KEPT_MS: u64 = 7000;

/// Where a server keeps its settings and extensions unless told otherwise, below the home.
const DATA: &str = "home/.local/share/code-server";

impl Case {
    pub(super) fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    pub(super) fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join(DATA)
    }

    pub(super) fn opened(&self) -> PathBuf {
        self.root.join(&self.workspace)
    }

    /// Where the environment of the serving process is kept, as `env -0` writes it.
    pub(super) fn server_environment(&self) -> PathBuf {
        self.root.join("server-environment")
    }

    /// Whether it has been run before as it is now.
    pub(super) fn is_known(&self) -> bool {
        let described = fs::read_to_string(self.root.join("case.json"));
        self.root.join("observations.json").is_file()
            && described.is_ok_and(|text| text == format!("{:#}\n", self.described()))
    }

    /// The address at the server that opens it.
    pub(super) fn address(&self) -> String {
        let key = if self.workspace.ends_with(".code-workspace") { "workspace" } else { "folder" };
        format!("/?{key}={}", self.opened().display())
    }

    /// The file in which a place is recorded.
    pub(super) fn record(root: &Path, id: &str) -> String {
        root.join("out").join(id.replace('/', "%2F").replace(' ', "%20")).display().to_string()
    }

    /// Writes its files and the extensions of ours; `entry` is code-server's start script.
    pub(super) fn lay_out(&self, entry: &Path) -> Done {
        if self.root.exists() {
            fs::remove_dir_all(&self.root).doing(self.root.display())?;
        }
        fs::create_dir_all(self.out())?;
        for folder in &self.folders {
            fs::create_dir_all(self.root.join(folder))?;
        }
        for (name, text) in &self.files {
            let file = self.root.join(name);
            fs::create_dir_all(file.parent().unwrap_or(&self.root))?;
            fs::write(&file, text).doing(file.display())?;
        }
        let bin = self.home().join(".local/bin");
        fs::create_dir_all(&bin)?;
        std::os::unix::fs::symlink(entry, bin.join("code-server")).doing(bin.display())?;
        let first = json!([{ "kind": "sleep", "id": "kept", "ms": KEPT_MS }]);
        let steps = if self.kept { first } else { json!(self.steps) };
        let plan = json!({ "out": self.out(), "steps": steps, "collections": self.collections });
        self.extension("probe", &plan)?;
        self.extension("probe-b", &json!({ "collections_only": true }))?;
        let base: String = self.environment.iter().map(|(name, value)| format!("{name}={value}\0")).collect();
        fs::write(self.root.join("start-environment"), base)?;
        fs::write(self.root.join("case.json"), format!("{:#}\n", self.described()))?;
        Ok(())
    }

    /// The same workspace in a window in which nobody registers anything.
    pub(super) fn open_again(&self) -> Done {
        fs::remove_dir_all(self.out())?;
        fs::create_dir_all(self.out())?;
        self.extension("probe", &json!({ "out": self.out(), "steps": self.steps }))
    }

    /// What extensions change, as an app on the desktop would have stored it; a browser keeps it for a server, where
    /// nobody can read it.
    pub(super) fn stored_collections(&self) -> Value {
        // A variable that one extension changes twice is changed as it said last, in the place of the first.
        let mut last: Vec<&Value> = Vec::new();
        for mutator in &self.collections {
            let same =
                |m: &&Value| ["extension", "variable", "folder"].iter().all(|key| m[key] == mutator[key]);
            match last.iter().position(same) {
                Some(at) => last[at] = mutator,
                None => last.push(mutator),
            }
        }
        let mut all: Vec<(&str, Vec<Value>)> = Vec::new();
        for mutator in last {
            let name = if mutator["extension"] == "b" { "gowhence.probe-b" } else { "gowhence.probe" };
            if !all.iter().any(|(known, _)| *known == name) {
                all.push((name, Vec::new()));
            }
            let kind = match mutator["op"].as_str() {
                Some("replace") => 1,
                Some("append") => 2,
                _ => 3,
            };
            let mut stored =
                json!({ "variable": mutator["variable"], "value": mutator["value"], "type": kind });
            stored["options"] = mutator["options"].clone();
            if stored["options"].is_null() {
                stored["options"] = json!({ "applyAtProcessCreation": true });
            }
            if let Some(index) = mutator["folder"].as_u64() {
                stored["scope"] = json!({ "workspaceFolder": { "index": index } });
            }
            if let Some((_, list)) = all.iter_mut().find(|(known, _)| *known == name) {
                list.push(json!([mutator["variable"], stored]));
            }
        }
        all.into_iter()
            .map(|(name, list)| json!({ "extensionIdentifier": name, "collection": list }))
            .collect()
    }

    fn extension(&self, name: &str, plan: &Value) -> Done {
        let folder = self.data().join("extensions").join(format!("gowhence.{name}-0.0.1"));
        fs::create_dir_all(&folder)?;
        let source = root::root().join("conformance/vscode/probe");
        let manifest = fs::read_to_string(source.join("package.json"))?;
        let mut manifest: Value = serde_json::from_str(&manifest).doing("the probe's package.json")?;
        manifest["name"] = json!(name);
        if name != "probe" {
            // It acts when the other one asks it to, and debugs nothing.
            manifest["activationEvents"] = json!([]);
            manifest["contributes"] = json!({});
        }
        fs::write(folder.join("package.json"), format!("{manifest:#}\n"))?;
        fs::copy(source.join("extension.js"), folder.join("extension.js"))?;
        fs::write(folder.join("plan.json"), format!("{plan:#}\n"))?;
        Ok(())
    }

    /// The case as data, for those who look at it later.
    fn described(&self) -> Value {
        json!({
            "name": self.name, "root": self.root, "home": self.home(), "environment": self.environment,
            "workspace": self.opened(), "trust": self.trust, "files": self.files,
            "folders": self.folders.iter().map(|f| self.root.join(f)).collect::<Vec<_>>(),
            "steps": self.steps, "collections": self.collections, "kept": self.kept,
        })
    }
}
