//! What a workspace carries: its settings, tasks and launches, in a folder or a `.code-workspace`.

use super::{Case, Made, pools, written};
use serde_json::{Map, Value, json};

/// The tasks of every case.
pub(super) const LABELS: &[&str] = &["plain", "with env", "own shell", "process", "process env"];

/// What variables of tasks and launches get: everywhere the same but what needs an open file, which stops a task.
fn is_for_tasks(value: &str) -> bool {
    !value.contains("${file}")
        && !value.contains("config:no.such")
        && !value.contains("${env:}")
        && !value.contains("${env.")
        && !value.contains("second")
        && !value.starts_with('[')
        && !value.starts_with('{')
}

impl Made<'_> {
    /// Writes it; answers with what is opened.
    pub(super) fn workspace(&mut self, folders: &[String]) -> String {
        let tasks = self.tasks();
        let launches = self.launches();
        self.write_json("project/.vscode/tasks.json", &tasks);
        self.write_json("project/.vscode/launch.json", &launches);
        let all = self.settings(false);
        if !self.multi {
            if !self.chance.once_in(4) {
                self.write_settings("project/.vscode/settings.json", &all);
            }
            return "project".to_owned();
        }
        for folder in folders {
            if self.chance.below(3) > 0 {
                let own = self.settings(true);
                self.write_settings(&format!("{folder}/.vscode/settings.json"), &own);
            }
        }
        let listed: Vec<Value> = folders.iter().map(|f| json!({ "path": f })).collect();
        let file = json!({ "folders": listed, "settings": all });
        self.write_json("two.code-workspace", &file);
        "two.code-workspace".to_owned()
    }

    fn write_json(&mut self, name: &str, value: &Value) {
        let Value::Object(object) = value else { return };
        let text = written::plainly(&mut self.chance, object);
        self.files.insert(name.to_owned(), text);
    }

    fn tasks(&mut self) -> Value {
        let mut all = Vec::new();
        for label in LABELS {
            let record = Case::record(self.root, &format!("task/{label}"));
            let mut task =
                json!({ "label": label, "problemMatcher": [], "presentation": { "reveal": "never" } });
            let is_process = label.starts_with("process");
            task["type"] = json!(if is_process { "process" } else { "shell" });
            if is_process {
                task["command"] = json!("/bin/cp");
                task["args"] = json!(["/proc/self/environ", record]);
            } else {
                task["command"] = json!(format!("/bin/cp /proc/self/environ '{record}'"));
            }
            if label.ends_with("env") {
                task["options"]["env"] = Value::Object(self.task_entries());
            }
            if *label == "own shell" {
                let shell = self.chance.pick(&["/bin/bash", "/usr/bin/zsh", "/bin/sh", "/usr/bin/fish"]);
                task["options"]["shell"] = json!({ "executable": shell, "args": ["-c"] });
            }
            if self.chance.once_in(6) {
                task["linux"]["options"]["env"] = Value::Object(self.task_entries());
            }
            if self.chance.once_in(6) {
                task["options"]["cwd"] = json!("${workspaceFolder}/..");
            }
            all.push(task);
        }
        let mut file = json!({ "version": "2.0.0", "tasks": all });
        if self.chance.once_in(3) {
            file["options"]["env"] = Value::Object(self.task_entries());
        }
        file
    }

    fn task_entries(&mut self) -> Map<String, Value> {
        let pool: Vec<&str> = pools::VALUES.iter().copied().filter(|v| is_for_tasks(v)).collect();
        let mut entries = Map::new();
        for _ in 0..1 + self.chance.below(4) {
            let name = self.chance.pick(pools::NAMES);
            entries.insert(name.to_owned(), self.value(&pool));
        }
        entries
    }

    fn launches(&mut self) -> Value {
        let environment = self.task_entries();
        json!({ "version": "0.2.0", "configurations": [
            { "name": "terminal", "type": "probe", "request": "launch", "console": "integratedTerminal",
              "record": "debug-terminal" },
            { "name": "internal", "type": "probe", "request": "launch", "record": "launch/internal",
              "env": environment },
        ] })
    }
}
