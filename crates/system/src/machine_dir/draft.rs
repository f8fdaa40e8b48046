//! A machine being put together from its parts, wherever they were written: a folder, a Markdown spec.
//!
//! Not here: reading any file.

use super::toml_text::{Entries, FileText, KindText, MachineText, ProcessText, RegistryText, UserText};
use crate::memory::{Content, Entry, MemorySystem, ProcessEnvironment, path_parts, render_path};
use crate::{Os, Process, System as _, User};
use model::{Name, Value};
use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a part, and in which line of it (from 1), as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: Option<usize>,
    /// What – why – what to do.
    pub what: String,
}

impl Fault {
    pub fn new(what: impl Into<String>) -> Self {
        Self { line: None, what: what.into() }
    }

    fn in_line(line: usize, what: impl Into<String>) -> Self {
        Self { line: Some(line), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// A machine being put together.
#[derive(Debug)]
pub struct Draft {
    machine: MemorySystem,
    os: Os,
    cwd: String,
    now_ms: i64,
    uid: u32,
    shell: String,
    files: BTreeMap<String, Entry>,
    /// What `[files]` says of a path, with the line.
    said: Vec<(usize, String, FileText)>,
    processes: BTreeMap<u32, (Process, ProcessEnvironment)>,
}

impl Draft {
    /// From the text of a `machine.toml`.
    pub fn new(text: &str) -> Result<Self, Fault> {
        let said: MachineText = parse(text)?;
        let os = said.os;
        let plain = match os {
            Os::Linux => MemorySystem::linux(),
            Os::Macos => MemorySystem::macos(),
            Os::Windows => MemorySystem::windows(),
        };
        let now_ms = said.now.map_or_else(|| plain.now_ms(), |t| t.0);
        let user = user(os, said.user.unwrap_or_default(), plain.user());
        let cwd = said.cwd.unwrap_or_else(|| user.home.clone());
        let (uid, shell) = (user.uid, user.shell.clone());
        let mut machine = plain.as_user(user).cwd(&cwd).now(now_ms).environment_block(said.environment.0);
        if let Some(arch) = said.arch {
            machine = machine.goarch(arch);
        }
        if let Some(host) = said.host {
            machine = machine.host(host);
        }
        if let Some(pid) = said.pid {
            machine = machine.own_pid(pid);
        }
        let files = said.files.0.into_iter();
        let said = files.map(|(path, f)| (line_of(text, path.span().start), path.into_inner(), f)).collect();
        Ok(Self {
            machine,
            os,
            cwd,
            now_ms,
            uid,
            shell,
            files: BTreeMap::new(),
            said,
            processes: BTreeMap::new(),
        })
    }

    pub fn os(&self) -> Os {
        self.os
    }

    /// The user's login shell.
    pub fn shell(&self) -> &str {
        &self.shell
    }

    /// The folder that relative paths start from.
    pub fn cwd(&self) -> &str {
        &self.cwd
    }

    /// Something that stands at a path; what `[files]` says of it goes before.
    pub fn file(&mut self, path: &str, entry: Entry) {
        self.files.insert(self.normal(path), entry);
    }

    /// The environment of the process that asks, as Linux keeps it: `NAME=value`, a NUL after each.
    pub fn environment(&mut self, block: &[u8]) {
        self.machine = self.machine.clone().environment_block(split_block(block));
    }

    /// A process, from the text of a `proc/PID.toml`.
    pub fn process(&mut self, pid: u32, text: &str) -> Result<(), Fault> {
        let said: ProcessText = parse(text)?;
        let short = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        let first = said.args.as_ref().and_then(|args| args.first()).map(|a| short(&a.to_text()));
        let name = said.name.or_else(|| said.exe.as_deref().map(short)).or(first);
        let Some(name) = name else {
            let what = "has neither `name`, `exe` nor `args` – say which program it is: `name = \"gopls\"`";
            return Err(Fault::new(what));
        };
        let process = Process {
            pid,
            parent: said.parent.unwrap_or(1),
            uid: said.uid.unwrap_or(self.uid),
            args: said.args.unwrap_or_else(|| vec![Value::from(name.as_str())]),
            name,
            exe: said.exe,
            started_ms: said.started.map_or(self.now_ms, |t| t.0),
            same_namespace: !said.other_namespace,
            cwd: said.cwd,
        };
        let environment = said.unreadable.map_or(Ok(said.environment.0), |failure| Err(failure.0));
        self.processes.insert(pid, (process, environment));
        Ok(())
    }

    /// The environment of a process, as Linux keeps it.
    pub fn process_environment(&mut self, pid: u32, block: &[u8]) -> Result<(), Fault> {
        let Some(found) = self.processes.get_mut(&pid) else {
            return Err(Fault::new(format!("belongs to no process – add a `{pid}.toml` with its `name`")));
        };
        found.1 = Ok(split_block(block));
        Ok(())
    }

    /// Keys of the registry, from the text of a `registry.toml`.
    pub fn registry(&mut self, text: &str) -> Result<(), Fault> {
        let keys: Entries<Entries<RegistryText>> = parse(text)?;
        for (key, values) in keys.0 {
            let key = key.into_inner();
            let mut machine = self.machine.clone().registry_key(&key);
            for (name, value) in values.0 {
                let (value_type, data) = match value {
                    RegistryText::Text(text) => ("REG_SZ".to_owned(), Value::from(text)),
                    RegistryText::Number(n) => ("REG_DWORD".to_owned(), Value::new(n.to_le_bytes())),
                    RegistryText::Full { value_type, data } => (value_type, data),
                };
                machine = machine.registry(&key, name.get_ref(), &value_type, data);
            }
            self.machine = machine;
        }
        Ok(())
    }

    /// What a run under this key gave.
    pub fn run(&mut self, key: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.machine = self.machine.clone().run_result(key, bytes);
    }

    /// The machine. Symlinks are laid first, so that a file below one stands where it leads.
    pub fn build(mut self) -> Result<MemorySystem, Fault> {
        let mut names = Vec::new();
        for (line, path, said) in std::mem::take(&mut self.said) {
            let path = self.normal(&path);
            names.extend(said.names.iter().flatten().map(|name| self.normal(&format!("{path}/{name}"))));
            let entry = self.entry(line, &path, said)?;
            self.files.insert(path, entry);
        }
        let (links, rest): (Vec<_>, Vec<_>) =
            self.files.iter().partition(|(_, entry)| matches!(entry.content, Content::Link(_)));
        let listed = names.iter().filter(|name| !self.files.contains_key(*name));
        let mut machine = self.machine;
        for (path, link) in links {
            machine = machine.entry(path, link.clone());
        }
        for name in listed {
            machine = machine.entry(name, Entry::listed());
        }
        for (path, entry) in rest {
            machine = machine.entry(path, entry.clone());
        }
        for (process, environment) in self.processes.into_values() {
            machine = machine.process_with(process, environment);
        }
        Ok(machine)
    }

    fn normal(&self, path: &str) -> String {
        render_path(self.os, &path_parts(self.os, path, &self.cwd))
    }

    /// The entry at a path after what `[files]` says of it.
    fn entry(&mut self, line: usize, path: &str, said: FileText) -> Result<Entry, Fault> {
        let fails = said.unreadable.is_some() || said.unseen.is_some();
        let folder = said.names.is_some() || self.is_implied_folder(path);
        let content =
            [said.text.is_some(), said.content.is_some(), said.link.is_some(), said.parts.is_some()];
        if content.iter().filter(|given| **given).count() > 1 {
            let what = "is said to be several things – keep one of `text`, `content`, `link`, `parts`";
            return Err(Fault::in_line(line, format!("`{path}` {what}")));
        }
        let parts =
            said.parts.unwrap_or_default().into_iter().map(|p| (p.at, p.content.into_bytes())).collect();
        let mut entry = match (said.text, said.content, said.link, said.kind) {
            (Some(text), ..) => Entry::file(text),
            (_, Some(bytes), ..) => Entry::file(bytes.into_bytes()),
            (_, _, Some(target), _) => Entry::link(target),
            (.., Some(KindText::Folder)) => Entry::folder(),
            (.., Some(KindText::Other)) => Entry::other(),
            _ => match (self.files.remove(path), said.size) {
                (Some(entry), _) => entry,
                (None, _) if folder => Entry::folder(),
                (None, Some(size)) => Entry::partial(size, parts),
                (None, None) if fails || said.kind.is_some() => Entry::size(0),
                (None, None) => {
                    let what = "stands neither in `root/` nor has it a `text` – add one, or its `link`, `kind` or `size`";
                    return Err(Fault::in_line(line, format!("`{path}` {what}")));
                }
            },
        };
        entry.len = said.size.or(entry.len);
        entry.mode = said.mode.or(entry.mode);
        entry.uid = said.uid.or(entry.uid);
        entry.gid = said.gid.or(entry.gid);
        entry.may = said.may.or(entry.may);
        entry.modified_ms = said.modified.map(|t| t.0).or(entry.modified_ms);
        entry.unreadable = said.unreadable.map(|f| f.0).or(entry.unreadable);
        entry.unseen = said.unseen.map(|f| f.0).or(entry.unseen);
        Ok(entry)
    }

    fn is_implied_folder(&self, path: &str) -> bool {
        let separator = if self.os == Os::Windows { '\\' } else { '/' };
        let others = self.files.keys().chain(self.said.iter().map(|(_, path, _)| path)).chain([&self.cwd]);
        let mut others = others.filter_map(|other| other.strip_prefix(path));
        path == "/" || others.any(|rest| rest.is_empty() || rest.starts_with(separator))
    }
}

/// The user, with what is left out filled in as the system's own tools would.
fn user(os: Os, said: UserText, plain: User) -> User {
    let name = said.name.unwrap_or(plain.name);
    let root = name == "root";
    let home = said.home.unwrap_or_else(|| match os {
        Os::Linux if root => "/root".to_owned(),
        Os::Macos if root => "/var/root".to_owned(),
        Os::Linux => format!("/home/{name}"),
        Os::Macos => format!("/Users/{name}"),
        Os::Windows => format!(r"C:\Users\{name}"),
    });
    let uid = said.uid.unwrap_or(if root { 0 } else { plain.uid });
    let gid = said.gid.unwrap_or(if root { 0 } else { plain.gid });
    User { name, uid, gid, home, shell: said.shell.unwrap_or(plain.shell) }
}

/// `NAME=value` records, a NUL after each. A record without `=` is a name without a value and is dropped, as
/// `getenv` would never find it.
fn split_block(block: &[u8]) -> Vec<(Name, Value)> {
    let records = block.split(|&b| b == 0).filter(|record| !record.is_empty());
    records
        .filter_map(|record| {
            let equals = record.iter().position(|&b| b == b'=')?;
            Some((Name::from(&record[..equals]), Value::from(&record[equals + 1..])))
        })
        .collect()
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim_end_matches('.').replace('\n', ", ");
        let remedy = if message.starts_with("missing field") { "add it" } else { "correct it here" };
        let line = error.span().map(|span| line_of(text, span.start));
        Fault { line, what: format!("{message} – {remedy}") }
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count() + 1
}
