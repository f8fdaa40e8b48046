//! A recording as the files of a machine's folder, with stand-ins for secrets.
//!
//! Not here: what the folder's files mean (`machine_dir`), and which bytes are secret (`secrets`).

use super::secrets::{Secrets, StandIns};
use super::{FileNote, LARGEST_FILE, LARGEST_PROGRAM, Notes, PROGRAM_HEAD};
use crate::machine_dir::{path_to_file_name, run_key_to_file_name, to_rfc3339};
use crate::memory::{default_owner, mode_allows, path_parts};
use crate::{FileKind, Metadata, Os, Process, ReadError, RegistryValue, System, User, store};
use model::{Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files of a machine's folder, ready to be written.
#[derive(Debug)]
pub struct Recording {
    /// Name below the folder, with `/`, and content.
    files: Vec<(String, Vec<u8>)>,
    /// Names under which each secret was seen, and its length.
    secrets: Vec<(String, usize)>,
    /// What was read and is too large to keep.
    left_out: Vec<(String, usize)>,
    /// A secret that a stand-in could not be put in the place of: file and names. Nothing is written then.
    spoilt: Option<(String, String)>,
}

#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error("{} is not empty – a recording takes a folder of its own, name another one", .0.display())]
    NotEmpty(PathBuf),
    #[error("`{file}` would still hold the secret `{names}` – nothing was written")]
    SecretLeft { file: String, names: String },
    #[error("{}: {error}", file.display())]
    Write { file: PathBuf, error: std::io::Error },
}

impl Recording {
    /// Names and contents of the files.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// What would be written, for the user to read first: files, stand-ins, what is left out.
    pub fn listing(&self) -> String {
        let mut out = String::new();
        for (name, bytes) in &self.files {
            let _ = writeln!(out, "{:>9}  {name}", bytes.len());
        }
        if !self.secrets.is_empty() {
            let _ = writeln!(out, "\nstand-ins are written in the place of {} secrets:", self.secrets.len());
            for (names, length) in &self.secrets {
                let _ = writeln!(out, "{length:>9}  {names}");
            }
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(out, "\nread, and too large to keep:");
            for (name, length) in &self.left_out {
                let _ = writeln!(out, "{length:>9}  {name}");
            }
        }
        out
    }

    /// Writes the folder, readable by the user alone. It must be empty, or not there yet.
    pub fn write(&self, dir: &Path) -> Result<(), RecordingError> {
        if let Some((file, names)) = self.spoilt.clone() {
            return Err(RecordingError::SecretLeft { file, names });
        }
        if std::fs::read_dir(dir).is_ok_and(|mut names| names.next().is_some()) {
            return Err(RecordingError::NotEmpty(dir.to_owned()));
        }
        for (name, bytes) in &self.files {
            let file = name.split('/').fold(dir.to_owned(), |path, part| path.join(part));
            let folder = file.parent().unwrap_or(dir);
            store::make_private_folder(folder)
                .and_then(|()| store::write_private(&file, bytes))
                .map_err(|error| RecordingError::Write { file: file.clone(), error })?;
        }
        Ok(())
    }
}

/// Lays out what was noted.
pub(super) fn lay_out(system: &(impl System + ?Sized), notes: &Notes) -> Recording {
    let runs = read_runs(notes);
    let secrets = collect(system, notes, &runs);
    let mut layout = Layout {
        os: system.os(),
        user: system.user(),
        secrets: &secrets,
        files: Vec::new(),
        lines: String::new(),
        left_out: Vec::new(),
    };
    for (path, note) in &notes.files {
        layout.file(path, note, notes);
    }
    layout.processes(notes);
    layout.runs(notes, runs);
    layout.registry(notes);
    layout.machine(system, notes);
    let Layout { mut files, left_out, .. } = layout;
    files.sort();
    let spoilt = files.iter().find_map(|(name, bytes)| {
        let keyed = !name.starts_with("root/");
        let names = secrets.left_in(bytes, keyed).or_else(|| secrets.left_in(name.as_bytes(), true))?;
        Some((name.clone(), names))
    });
    Recording { files, secrets: secrets.listing().collect(), left_out, spoilt }
}

/// The runs that are JSON, as they were read.
type Runs<'a> = BTreeMap<&'a str, serde_json::Value>;

fn read_runs(notes: &Notes) -> Runs<'_> {
    notes
        .runs
        .iter()
        .filter_map(|(key, bytes)| Some((key.as_str(), serde_json::from_slice(bytes).ok()?)))
        .collect()
}

/// Every secret in what was noted.
fn collect(system: &(impl System + ?Sized), notes: &Notes, runs: &Runs<'_>) -> StandIns {
    let is_path = |text: &str| system.exists(text);
    let mut secrets = Secrets::default();
    let own = system.environment();
    let readable = notes.environments.values().filter_map(|e| e.as_ref().ok()).flatten();
    for (name, value) in own.iter().chain(readable) {
        secrets.note(&name.to_text(), value.as_bytes(), &is_path);
        secrets.note_text(value.as_bytes(), &is_path);
    }
    for process in notes.processes.iter().flatten() {
        let line: Vec<&[u8]> = process.args.iter().map(Value::as_bytes).collect();
        secrets.note_text(&line.join(&b' '), &is_path);
    }
    for (path, note) in &notes.files {
        let whole = note.content.iter().filter_map(|c| c.as_ref().ok());
        for bytes in whole.chain(note.parts.iter().map(|(_, bytes)| bytes)) {
            // In a program's bytes anything may look like an assignment.
            if path.ends_with("/environ") || !bytes.contains(&0) {
                secrets.note_text(bytes, &is_path);
            }
        }
    }
    for (key, bytes) in &notes.runs {
        match runs.get(key.as_str()) {
            Some(json) => secrets.note_json(json, &is_path),
            None => secrets.note_text(bytes, &is_path),
        }
    }
    for value in notes.registry.values().filter_map(|v| v.as_ref().ok()).flatten() {
        secrets.note(&value.name, value.data.as_bytes(), &is_path);
    }
    secrets.stand_ins()
}

/// Up to how many bytes a file is kept whole.
fn largest(content: &[u8]) -> usize {
    if is_program(content) { LARGEST_PROGRAM } else { LARGEST_FILE }
}

/// ELF, or Mach-O of 64 bits.
fn is_program(content: &[u8]) -> bool {
    content.starts_with(b"\x7fELF") || content.starts_with(&[0xcf, 0xfa, 0xed, 0xfe])
}

/// The folder's files while they are put together.
struct Layout<'a> {
    os: Os,
    user: User,
    secrets: &'a StandIns,
    files: Vec<(String, Vec<u8>)>,
    /// The lines of `[files]`.
    lines: String,
    left_out: Vec<(String, usize)>,
}

impl Layout<'_> {
    /// A file: its content below `root/`, all else as a line of `[files]`.
    fn file(&mut self, path: &str, note: &FileNote, notes: &Notes) {
        let mut said: Vec<String> = Vec::new();
        if let Some(error) = &note.unseen {
            said.push(format!("unseen = {}", text(&failure(error))));
        }
        if let Some(metadata) = &note.metadata {
            self.content(path, note, metadata, &mut said);
            self.rights(path, note, metadata, notes, &mut said);
        }
        let folder = note.metadata.as_ref().is_some_and(|m| m.kind == FileKind::Folder);
        let failed = if folder {
            note.names.as_ref().and_then(|names| names.as_ref().err())
        } else {
            note.content.as_ref().and_then(|content| content.as_ref().err())
        };
        if let Some(error) = failed.filter(|e| **e != ReadError::NotFound) {
            said.push(format!("unreadable = {}", text(&failure(error))));
        }
        let path = self.secrets.in_string(path);
        let _ = writeln!(self.lines, "{} = {{ {} }}", text(&path), said.join(", "));
    }

    fn content(&mut self, path: &str, note: &FileNote, metadata: &Metadata, said: &mut Vec<String>) {
        match metadata.kind {
            FileKind::Symlink => {
                let target = note.link.as_deref().unwrap_or_default();
                said.push(format!("link = {}", text(&self.secrets.in_string(target))));
            }
            FileKind::Folder => match &note.names {
                Some(Ok(names)) => {
                    let names = names.iter().map(|n| text(&self.secrets.in_string(n)));
                    said.push(format!("names = [{}]", names.collect::<Vec<_>>().join(", ")));
                }
                _ => said.push("kind = \"folder\"".to_owned()),
            },
            FileKind::Other => said.push("kind = \"other\"".to_owned()),
            FileKind::File => match &note.content {
                Some(Ok(bytes)) if bytes.len() <= largest(bytes) => {
                    if metadata.len != bytes.len() as u64 {
                        said.push(format!("size = {}", metadata.len));
                    }
                    let name = path_to_file_name(self.os, &self.secrets.in_string(path)).join("/");
                    self.files.push((format!("root/{name}"), self.secrets.in_text(bytes).into_owned()));
                }
                content => {
                    if let Some(Ok(bytes)) = content {
                        self.left_out.push((self.secrets.in_string(path), bytes.len()));
                    }
                    said.push(format!("size = {}", metadata.len));
                    let whole = content.as_ref().and_then(|c| c.as_ref().ok());
                    let head = whole.filter(|b| is_program(b)).map(|b| &b[..b.len().min(PROGRAM_HEAD)]);
                    self.parts(note, head, said);
                }
            },
        }
    }

    fn parts(&self, note: &FileNote, head: Option<&[u8]>, said: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        let asked = note.parts.iter().map(|(at, bytes)| (*at, bytes.as_slice()));
        let parts: Vec<String> = asked
            .chain(head.map(|bytes| (0, bytes)))
            .filter(|(at, bytes)| seen.insert((*at, bytes.len())))
            .map(|(at, bytes)| format!("{{ at = {at}, content = {} }}", value(&self.secrets.in_text(bytes))))
            .collect();
        if !parts.is_empty() {
            said.push(format!("parts = [{}]", parts.join(", ")));
        }
    }

    /// Mode, owner and age; and what the user may do, where the answers that were seen are not those of the mode.
    fn rights(
        &self,
        path: &str,
        note: &FileNote,
        metadata: &Metadata,
        notes: &Notes,
        said: &mut Vec<String>,
    ) {
        if metadata.kind == FileKind::Symlink {
            said.push(format!("modified = {}", to_rfc3339(metadata.modified_ms)));
            return;
        }
        let folder = metadata.kind == FileKind::Folder;
        if metadata.mode != if folder { 0o755 } else { 0o644 } {
            said.push(format!("mode = 0o{:03o}", metadata.mode));
        }
        let owner = (metadata.uid, metadata.gid);
        let parts = path_parts(self.os, path, "/");
        if owner != default_owner(self.os, &self.user, &parts) {
            said.push(format!("uid = {}, gid = {}", owner.0, owner.1));
        }
        said.push(format!("modified = {}", to_rfc3339(metadata.modified_ms)));
        let by_mode = |right| mode_allows(&self.user, owner, metadata.mode, folder, right);
        let (read, run) = (by_mode(4), by_mode(1));
        let was_read = if folder {
            note.names.as_ref().map(Result::is_ok)
        } else {
            note.content.as_ref().map(Result::is_ok).or((!note.parts.is_empty()).then_some(true))
        };
        let inside = format!("{}/", path.trim_end_matches('/'));
        let below = || notes.files.range(inside.clone()..).next();
        let was_run = if folder {
            let searched = below().is_some_and(|(p, n)| p.starts_with(&inside) && n.metadata.is_some());
            searched.then_some(true)
        } else {
            note.executable
        };
        let (may_read, may_run) = (was_read.unwrap_or(read), was_run.unwrap_or(run));
        if (may_read, may_run) != (read, run) && self.os != Os::Windows {
            let letters = format!("{}{}", if may_read { "r" } else { "" }, if may_run { "x" } else { "" });
            said.push(format!("may = {}", text(&letters)));
        }
    }

    fn processes(&mut self, notes: &Notes) {
        let seen = notes.processes.iter().flatten();
        let pids: BTreeSet<u32> = seen.clone().map(|p| p.pid).collect();
        let spoken_of = spoken_of(notes);
        for process in seen {
            let environment = notes.environments.get(&process.pid);
            let mut out = self.process(process, spoken_of.contains(&process.pid));
            self.process_environment(process.pid, environment, &mut out);
            self.files.push((format!("proc/{}.toml", process.pid), out.into_bytes()));
        }
        for (pid, environment) in &notes.environments {
            if pids.contains(pid) || environment == &Err(ReadError::NotFound) {
                continue;
            }
            // Asked for by its number alone.
            let mut out = "name = \"unknown\"\n".to_owned();
            self.process_environment(*pid, Some(environment), &mut out);
            self.files.push((format!("proc/{pid}.toml"), out.into_bytes()));
        }
    }

    /// Of a process that the analysis does not speak of, the arguments are nobody's business: its name alone is kept.
    fn process(&self, process: &Process, spoken_of: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "name = {}", text(&self.secrets.in_string(&process.name)));
        let _ = writeln!(out, "parent = {}\nuid = {}", process.parent, process.uid);
        for (key, path) in [("exe", &process.exe), ("cwd", &process.cwd)] {
            if let Some(path) = path {
                let _ = writeln!(out, "{key} = {}", text(&self.secrets.in_string(path)));
            }
        }
        let kept = if spoken_of { process.args.len() } else { process.args.len().min(1) };
        let args = process.args.iter().take(kept).map(|a| value(&self.secrets.in_text(a.as_bytes())));
        let _ = writeln!(out, "args = [{}]", args.collect::<Vec<_>>().join(", "));
        let _ = writeln!(out, "started = {}", to_rfc3339(process.started_ms));
        if !process.same_namespace {
            out.push_str("other-namespace = true\n");
        }
        out
    }

    fn process_environment(
        &mut self,
        pid: u32,
        environment: Option<&Result<Vec<(Name, Value)>, ReadError>>,
        out: &mut String,
    ) {
        match environment {
            Some(Ok(block)) => self.block(&format!("proc/{pid}.environ"), block, out),
            Some(Err(error)) => {
                let _ = writeln!(out, "unreadable = {}", text(&failure(error)));
            }
            None => out.push_str("unreadable = \"was not recorded\"\n"),
        }
    }

    /// `[environment]`; a block that a table cannot hold (a name twice, or not UTF-8) becomes a file instead.
    fn block(&mut self, file: &str, block: &[(Name, Value)], out: &mut String) {
        let block = self.secrets.in_block(block);
        let names: BTreeSet<&[u8]> = block.iter().map(|(name, _)| name.as_bytes()).collect();
        let fits = names.len() == block.len() && names.iter().all(|n| std::str::from_utf8(n).is_ok());
        if fits {
            out.push_str("\n[environment]\n");
            for (name, v) in &block {
                let _ = writeln!(out, "{} = {}", key(&name.to_text()), value(v.as_bytes()));
            }
        } else {
            let records =
                block.iter().map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes(), b"\0"].concat());
            self.files.push((file.to_owned(), records.collect::<Vec<_>>().concat()));
        }
    }

    fn runs(&mut self, notes: &Notes, mut read: Runs<'_>) {
        for (key, bytes) in &notes.runs {
            let clean = match read.get_mut(key.as_str()) {
                // As it was, to the byte, where there was no secret in it.
                Some(json) => match self.secrets.in_json(json) {
                    true => json.to_string().into_bytes(),
                    false => bytes.clone(),
                },
                None => self.secrets.in_text(bytes).into_owned(),
            };
            let extension = if bytes.starts_with(b"{") { ".json" } else { "" };
            self.files.push((format!("runs/{}{extension}", run_key_to_file_name(key)), clean));
        }
    }

    fn registry(&mut self, notes: &Notes) {
        let mut out = String::new();
        for (key, values) in &notes.registry {
            let Ok(values) = values else { continue };
            let _ = writeln!(out, "[{}]", text(key));
            for v in values {
                let data = self.secrets.in_value(&v.name, v.data.as_bytes());
                let _ = writeln!(out, "{} = {}", text(&v.name), registry_value(v, &data));
            }
        }
        for (key, names) in &notes.subkeys {
            for name in names.iter().flatten() {
                let below = format!("{key}\\{name}");
                if !matches!(notes.registry.get(&below), Some(Ok(_))) {
                    let _ = writeln!(out, "[{}]", text(&below));
                }
            }
        }
        if !out.is_empty() {
            self.files.push(("registry.toml".to_owned(), out.into_bytes()));
        }
    }

    fn machine(&mut self, system: &(impl System + ?Sized), notes: &Notes) {
        let clean = |t: &str| text(&self.secrets.in_string(t));
        let os = match self.os {
            Os::Linux => "linux",
            Os::Macos => "macos",
            Os::Windows => "windows",
        };
        let now = to_rfc3339(notes.now_ms.unwrap_or_else(|| system.now_ms()));
        let cwd = system.current_dir().unwrap_or_else(|_| self.user.home.clone());
        let mut out = format!(
            "os = \"{os}\"\narch = {}\nhost = {}\n",
            text(&system.arch()),
            clean(&system.host_name())
        );
        let _ = writeln!(out, "cwd = {}\npid = {}\nnow = {now}", clean(&cwd), system.pid());
        let User { name, uid, gid, home, shell } = &self.user;
        let _ = writeln!(
            out,
            "user = {{ name = {}, uid = {uid}, gid = {gid}, home = {}, shell = {} }}",
            clean(name),
            clean(home),
            clean(shell)
        );
        self.block("environ", &system.environment(), &mut out);
        let _ = write!(out, "\n[files]\n{}", self.lines);
        self.files.push(("machine.toml".to_owned(), out.into_bytes()));
    }
}

fn failure(error: &ReadError) -> String {
    match error {
        ReadError::NotFound => "absent".to_owned(),
        ReadError::Denied => "denied".to_owned(),
        ReadError::Other(text) => text.clone(),
    }
}

/// A key of TOML, bare where it may be.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { text(name) }
}

/// A string of TOML.
fn text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A string, or the bytes of one that is not UTF-8.
fn value(bytes: &[u8]) -> String {
    match model::to_json_bytes(bytes) {
        serde_json::Value::String(string) => text(&string),
        other => format!("{{ bytes = {} }}", other["bytes"]),
    }
}

fn registry_value(v: &RegistryValue, data: &[u8]) -> String {
    match (v.value_type.as_str(), data) {
        ("REG_SZ", _) if std::str::from_utf8(data).is_ok() => value(data),
        ("REG_DWORD", [a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]).to_string(),
        (value_type, _) => format!("{{ type = {}, data = {} }}", text(value_type), value(data)),
    }
}

/// Processes whose environment was asked for, the caller, user managers, and the ancestors of all of them.
fn spoken_of(notes: &Notes) -> BTreeSet<u32> {
    let all = notes.processes.iter().flatten();
    let manager = |p: &&Process| p.name == "systemd" && p.args.iter().any(|a| a.as_bytes() == b"--user");
    let mut wanted: Vec<u32> = notes.environments.keys().copied().chain(notes.pid).collect();
    wanted.extend(all.clone().filter(manager).map(|p| p.pid));
    let mut found = BTreeSet::new();
    while let Some(pid) = wanted.pop() {
        if found.insert(pid) {
            wanted.extend(all.clone().filter(|p| p.pid == pid).map(|p| p.parent));
        }
    }
    found
}
