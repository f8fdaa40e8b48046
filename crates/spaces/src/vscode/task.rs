//! `vscode:task/LABEL` and `vscode:automation`: what tasks run in.
//!
//! A task's shell has the profile of tasks, else the usual one with all its arguments, and is not interactive unless
//! those say so; there is no integration, so that extensions' changes are made at the creation alone. (vscode:
//! workbench/contrib/tasks/browser/terminalTaskSystem.ts _createShellLaunchConfig.) Not here: what a task runs, tasks
//! that extensions provide, and their dependencies.

use super::settings::document;
use super::terminal::resolve::Resolver;
use super::terminal::{Ground, Own, profile::Profile};
use super::{Json, Setting, Window};
use crate::derived::Derived;
use model::{Evidence, Origin, SpaceId};

/// A task as it is written.
pub(super) struct Task {
    pub(super) label: String,
    /// The folder whose file it stands in, where there are several.
    folder: Option<String>,
    kind: Kind,
    /// `options` of the task, and those of the whole file.
    options: Option<Setting>,
    global: Option<Setting>,
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Shell,
    Process,
    /// Of the Go extension, which is a process.
    Go,
}

/// The tasks of the workspace, and those of the user's own file.
pub(super) fn tasks(window: &Window<'_>, of_user: Option<&str>) -> Vec<Task> {
    let mut out = Vec::new();
    for folder in &window.workspace.folders {
        let path = format!("{}/.vscode/tasks.json", folder.path);
        out.extend(of_file(window, &path, &[], &folder.path, Some(&folder.name)));
    }
    // The folder is named only where another one has a task of that name.
    let labels: Vec<String> = out.iter().map(|task| task.label.clone()).collect();
    for task in &mut out {
        if labels.iter().filter(|label| **label == task.label).count() < 2 {
            task.folder = None;
        }
    }
    if let Some(file) = &window.workspace.file {
        let folder = window.workspace.first().unwrap_or("/");
        out.extend(of_file(window, file, &["tasks"], folder, None));
    }
    if let Some(path) = of_user {
        let folder = window.workspace.first().unwrap_or("/");
        out.extend(of_file(window, path, &[], folder, None));
    }
    out
}

/// `below`: where in the file the tasks stand.
fn of_file(window: &Window<'_>, path: &str, below: &[&str], folder: &str, name: Option<&str>) -> Vec<Task> {
    let Ok(bytes) = window.context.system.read(path) else { return Vec::new() };
    let Some(root) = document(path, &bytes) else { return Vec::new() };
    let Some(root) = below.iter().try_fold(&root, |at, key| at.get(key)) else { return Vec::new() };
    let os = match window.context.system.os() {
        system::Os::Linux => "linux",
        system::Os::Macos => "osx",
        system::Os::Windows => "windows",
    };
    let options = |of: &Setting| merged(of.get("options"), of.get(os).and_then(|os| os.get("options")));
    let global = options(root);
    let items = root.get("tasks").map(Setting::items).unwrap_or_default();
    items
        .iter()
        .filter_map(|task| {
            let label = ["label", "taskName"].iter().find_map(|key| task.get(key)?.text())?;
            let kind = match task.get("type").and_then(Setting::text) {
                None | Some("shell") => Kind::Shell,
                Some("process") => Kind::Process,
                Some("go") => Kind::Go,
                Some(_) => return None,
            };
            Some(Task {
                label: label.to_owned(),
                folder: name.map(str::to_owned),
                kind,
                options: options(task),
                global: global.clone(),
                path: folder.to_owned(),
            })
        })
        .collect()
}

/// Options, and over them those of this system: key by key, and variables one by one (taskConfiguration.ts
/// `CommandOptions.assignProperties`).
fn merged(options: Option<&Setting>, of_system: Option<&Setting>) -> Option<Setting> {
    let (Some(options), Some(over)) = (options, of_system) else { return of_system.or(options).cloned() };
    let mut entries = options.entries().to_vec();
    for (key, setting) in over.entries() {
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) if key == "env" => {
                let mut variables = known.entries().to_vec();
                for (name, value) in setting.entries() {
                    variables.retain(|(known, _)| known != name);
                    variables.push((name.clone(), value.clone()));
                }
                known.value = Json::Object(variables);
            }
            Some((_, known)) => *known = setting.clone(),
            None => entries.push((key.clone(), setting.clone())),
        }
    }
    Some(Setting { value: Json::Object(entries), origin: options.origin.clone() })
}

impl Task {
    pub(super) fn id(&self, window: &Window<'_>) -> SpaceId {
        let id = window.editor.named("task", &self.label);
        let Some(folder) = &self.folder else { return id };
        let (head, label) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
        let folder = SpaceId::family_named("x", folder).as_str()["x/".len()..].to_owned();
        format!("{head}/{folder}//{label}").parse().unwrap_or(id)
    }

    /// What stands under a key of the task's options, else of the file's: replaced, not merged.
    fn option(&self, key: &str) -> Option<&Setting> {
        self.options
            .as_ref()
            .and_then(|o| o.get(key))
            .or_else(|| self.global.as_ref().and_then(|o| o.get(key)))
    }

    /// The task's variables: everything becomes text, `null` too.
    fn variables(&self, ground: &Ground<'_>) -> Vec<(String, Option<Vec<u8>>, Origin)> {
        let of_window = |name: &str| ground.environment.value(name).map(|v| v.as_bytes().to_vec());
        let home = ground.home();
        let resolver = Resolver {
            env: &of_window,
            workspace: ground.window.workspace,
            settings: ground.window.settings,
            home: Some(&home),
        };
        let entries = self.option("env").map(Setting::entries).unwrap_or_default();
        entries
            .iter()
            .filter_map(|(name, setting)| {
                let value = match &setting.value {
                    Json::Text(text) => resolver.resolve(text),
                    Json::Null => b"null".to_vec(),
                    Json::Bool(value) => value.to_string().into_bytes(),
                    Json::Number(number) => number.clone().into_bytes(),
                    Json::List(_) | Json::Object(_) => return None,
                };
                Some((name.clone(), Some(value), setting.origin.clone()))
            })
            .collect()
    }

    fn cwd(&self, ground: &Ground<'_>) -> String {
        let of_window = |name: &str| ground.environment.value(name).map(|v| v.as_bytes().to_vec());
        let home = ground.home();
        let resolver = Resolver {
            env: &of_window,
            workspace: ground.window.workspace,
            settings: ground.window.settings,
            home: Some(&home),
        };
        let set = self.option("cwd").and_then(Setting::text).map(|text| resolver.resolve(text));
        let set = set.map(|cwd| String::from_utf8_lossy(&cwd).into_owned());
        let whole = match set {
            Some(set) if set.starts_with('/') => set,
            Some(set) => format!("{}/{set}", self.path),
            None => self.path.clone(),
        };
        if ground.window.context.system.is_folder(&whole) { whole } else { self.path.clone() }
    }

    /// `options.shell`: a program, and its arguments.
    fn shell(&self) -> (Option<String>, Option<Vec<String>>) {
        let Some(shell) = self.option("shell") else { return (None, None) };
        let program = shell.get("executable").and_then(Setting::text).map(str::to_owned);
        let args = shell
            .get("args")
            .map(|args| args.items().iter().filter_map(|a| a.text()).map(str::to_owned).collect());
        (program, args)
    }
}

/// The space of a task.
pub(super) fn space(ground: &Ground<'_>, task: &Task, of_go: &[(String, Setting)]) -> Derived {
    let window = ground.window;
    let title = format!("{} task {}", window.editor.name, task.label);
    let id = task.id(window);
    let cwd = task.cwd(ground);
    let mut variables = Vec::new();
    if task.kind == Kind::Go {
        variables.extend(of_go.iter().filter_map(|(name, setting)| {
            let text = setting.text()?;
            Some((name.clone(), Some(text.as_bytes().to_vec()), setting.origin.clone()))
        }));
    }
    let own = task.variables(ground);
    if task.kind != Kind::Shell {
        variables.extend(own);
        let own = Own { id: "task-env", title: "the task's variables".to_owned(), variables };
        return ground.task(id, title, None, &own, &cwd);
    }
    let (program, args) = task.shell();
    let mut profile = ground.automation().unwrap_or_else(|| ground.usual());
    variables.extend(ground.profile_variables(&profile));
    variables.extend(own);
    if let Some(program) = program {
        let found = super::terminal::profile::found(window, &program, ground.environment);
        profile = Profile { name: None, path: found.unwrap_or(program), args: Vec::new(), ..profile };
    }
    if let Some(args) = args {
        profile.args = args;
    }
    let own = Own { id: "task-env", title: "the profile's and the task's variables".to_owned(), variables };
    ground.task(id, title, Some(profile), &own, &cwd)
}

/// A task's shell before any task has its say.
pub(super) fn automation(ground: &Ground<'_>) -> Derived {
    let window = ground.window;
    let profile = ground.automation().unwrap_or_else(|| ground.usual());
    let variables = ground.profile_variables(&profile);
    let own = Own { id: "profile-env", title: "the profile's variables".to_owned(), variables };
    let title = format!("{} shell of tasks", window.editor.name);
    let cwd = window.workspace.first().map_or_else(|| ground.home(), str::to_owned);
    let mut derived = ground.task(window.editor.id("automation"), title, Some(profile), &own, &cwd);
    if derived.space.evidence == Evidence::Observed {
        derived.space.evidence = Evidence::Derived;
    }
    derived
}
