//! What a window has open, and the files of its settings.
//!
//! Not here: what stands in them.

use super::in_force::InForce;
use super::scope::{Level, Reading};
use super::source::{Rules, Source};
use crate::vscode::{Folder, Kind, Trust, Workspace};
use model::{Origin, Problem};
use system::{Os, ReadError, System};
use text::jsonc;

/// What the caller wants to be open.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// A folder or a `.code-workspace` file, absolute.
    pub path: &'a str,
    pub trust: AskTrust,
}

/// Whether the workspace is taken as trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskTrust {
    Yes,
    No,
    /// As the editor has stored it; where it has stored nothing, as trusted.
    Stored,
}

/// A window that was opened, as far as files go.
#[derive(Debug)]
pub struct Opened {
    pub workspace: Workspace,
    pub settings: InForce,
    pub problems: Vec<Problem>,
}

/// Opens a folder or a workspace file in the editor whose user data lie in `user_data` (the folder that holds `User/`,
/// and `Machine/` of a server). Never fails: files that are not there set nothing, others that cannot be read are problems.
pub fn open(system: &dyn System, user_data: &str, kind: Kind, ask: &Ask<'_>) -> Opened {
    let mut files = Files { system, problems: Vec::new() };
    let (workspace, file) = files.workspace(ask);
    let reading = Reading { remote: kind == Kind::Server, default_profile: true };
    let rules =
        |level| Rules { level, reading, trusted: workspace.is_trusted(), for_all_profiles: Vec::new() };
    let user = join(system, user_data, &["User", "settings.json"]);
    let mut sources = Vec::new();
    sources.extend(files.source(&user, &[], rules(Level::User), None));
    if kind == Kind::Server {
        let machine = join(system, user_data, &["Machine", "settings.json"]);
        sources.extend(files.source(&machine, &[], rules(Level::Machine), None));
    }
    if let (Some(path), Some(bytes)) = (&workspace.file, &file) {
        sources.push(Source::new(path, bytes, &["settings"], rules(Level::Workspace), None));
    }
    for folder in &workspace.folders {
        let path = join(system, &folder.path, &[".vscode", "settings.json"]);
        let source = if workspace.file.is_some() {
            files.source(&path, &[], rules(Level::Folder), Some(folder.path.clone()))
        } else {
            files.source(&path, &[], rules(Level::Workspace), None)
        };
        sources.extend(source);
    }
    Opened { workspace, settings: InForce::new(sources), problems: files.problems }
}

struct Files<'a> {
    system: &'a dyn System,
    problems: Vec<Problem>,
}

impl Files<'_> {
    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.system.read(path) {
            Ok(bytes) => Some(bytes),
            Err(ReadError::NotFound) => None,
            Err(error) => {
                let message = format!("{path} {error}: its settings are unknown");
                self.problems.push(Problem::warning("settings-unreadable", message).at(Origin::file(path)));
                None
            }
        }
    }

    fn source(&mut self, path: &str, base: &[&str], rules: Rules, folder: Option<String>) -> Option<Source> {
        let bytes = self.read(path)?;
        let source = Source::new(path, &bytes, base, rules, folder);
        self.note(path, &source.document.problems);
        Some(source)
    }

    fn note(&mut self, path: &str, problems: &[jsonc::Problem]) {
        if let Some(first) = problems.first() {
            let more = match problems.len() - 1 {
                0 => String::new(),
                n => format!(", and {n} more"),
            };
            let message = format!("{path}:{}:{}: {}{more}", first.line, first.column, first.kind);
            self.problems
                .push(Problem::warning("settings-broken", message).at(Origin::line(path, first.line)));
        }
    }

    /// The folders that are open, and the bytes of the workspace file.
    fn workspace(&mut self, ask: &Ask<'_>) -> (Workspace, Option<Vec<u8>>) {
        let trust = match ask.trust {
            AskTrust::Yes => Trust::Known(true),
            AskTrust::No => Trust::Known(false),
            AskTrust::Stored => Trust::Assumed,
        };
        if !ask.path.ends_with(".code-workspace") {
            return (Workspace::folder(ask.path, trust), None);
        }
        let bytes = self.read(ask.path).unwrap_or_default();
        let document = jsonc::read(&bytes);
        self.note(ask.path, &document.problems);
        let folders =
            document.root.as_ref().and_then(|root| root.get("folders")?.as_array()).unwrap_or_default();
        let folders = folders.iter().filter_map(|folder| self.folder(ask.path, folder)).collect();
        (Workspace { file: Some(ask.path.to_owned()), folders, trust }, Some(bytes))
    }

    /// A folder of a workspace file; a relative path starts at the file's folder (vscode:
    /// platform/workspaces/common/workspaces.ts `toWorkspaceFolders`).
    fn folder(&self, file: &str, node: &jsonc::Node) -> Option<Folder> {
        let path = node.get("path")?.as_str()?;
        let base = parent(self.system, file);
        let path = resolve(self.system, base, path);
        let name = node.get("name").and_then(jsonc::Node::as_str).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| last_part(self.system, &path).to_owned(), str::to_owned);
        Some(Folder { name, path })
    }
}

fn is_separator(os: Os, c: char) -> bool {
    c == '/' || (os == Os::Windows && c == '\\')
}

pub(crate) fn join(system: &dyn System, base: &str, parts: &[&str]) -> String {
    let separator = if system.os() == Os::Windows { '\\' } else { '/' };
    let mut path = base.trim_end_matches(|c| is_separator(system.os(), c)).to_owned();
    for part in parts {
        path.push(separator);
        path.push_str(part);
    }
    path
}

pub(crate) fn parent<'p>(system: &dyn System, path: &'p str) -> &'p str {
    match path.rfind(|c| is_separator(system.os(), c)) {
        Some(0) | None => "/",
        Some(at) => &path[..at],
    }
}

fn last_part<'p>(system: &dyn System, path: &'p str) -> &'p str {
    path.rsplit(|c| is_separator(system.os(), c)).find(|part| !part.is_empty()).unwrap_or(path)
}

/// A path from a folder on, with `.` and `..` taken out.
fn resolve(system: &dyn System, base: &str, path: &str) -> String {
    let os = system.os();
    let mut chars = path.chars();
    let (first, second) = (chars.next(), chars.next());
    let absolute = first.is_some_and(|c| is_separator(os, c)) || (os == Os::Windows && second == Some(':'));
    let whole = if absolute { path.to_owned() } else { join(system, base, &[path]) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split(|c| is_separator(os, c)) {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if os == Os::Windows { parts.join("\\") } else { format!("/{}", parts.join("/")) }
}
