//! A plan held against the machine: where each file really lies, what is in it now, what will be, and how it is written.
//!
//! Nothing is written here; the same is asked again when it is.

use crate::plan::{Change, FilePlan, Plan};
use crate::resolve::{self, Target};
use crate::{Digest, Refusal, managed};
use std::collections::BTreeMap;
use system::write::Disk;
use system::{FileKind, Os, ReadError};
use text::edit::{self, Edit};

/// What is in a file, and its mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub bytes: Vec<u8>,
    /// Unix mode bits; `None` for a new file that gets what the user's umask leaves.
    pub mode: Option<u32>,
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// A whole new file takes its place in one step.
    Replace,
    /// The same file is written into, for this reason. A reader may see half of it.
    InPlace(String),
}

/// One file of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedFile {
    /// As the plan names it.
    pub path: String,
    /// Where it lies, every symlink followed.
    pub file: String,
    pub before: Option<Content>,
    pub after: Option<Content>,
    pub how: How,
    /// Folders that will be made, outermost first.
    pub folders: Vec<String>,
}

impl PreparedFile {
    /// Whether nothing is to be done.
    pub fn is_done(&self) -> bool {
        bytes(&self.before) == bytes(&self.after)
    }

    /// A unified diff of what will change.
    pub fn diff(&self) -> Vec<u8> {
        let name = |content: &Option<Content>| content.as_ref().map_or("/dev/null", |_| self.path.as_str());
        let text = |content| bytes(content).unwrap_or_default();
        text::diff::unified(text(&self.before), text(&self.after), [name(&self.before), name(&self.after)])
    }
}

fn bytes(content: &Option<Content>) -> Option<&[u8]> {
    content.as_ref().map(|c| c.bytes.as_slice())
}

/// A plan that can be carried out now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub title: String,
    /// Those in which something is to be done.
    pub files: Vec<PreparedFile>,
    /// What the user should know of how it is done.
    pub notes: Vec<String>,
}

/// Holds a plan against the machine, and refuses what cannot or must not be done.
pub fn prepare(disk: &dyn Disk, plan: &Plan) -> Result<Prepared, Refusal> {
    let mut prepared = Prepared { title: plan.title.clone(), files: Vec::new(), notes: Vec::new() };
    for (target, file) in merged(disk, &plan.files)? {
        let before = content(disk, &file.path, &target)?;
        let Some(after) = after(disk, &file, &target, before.as_ref())? else { continue };
        let how = allowed(disk, &file.path, &target, before.as_ref())?;
        if let How::InPlace(why) = &how {
            prepared.notes.push(format!("`{}` is written in place: {why}", file.path));
        }
        if !target.links.is_empty() {
            let who = if managed::by_stow(disk, &target) { " of stow" } else { "" };
            let note = format!("`{}` is a link{who}; what is written is `{}`", file.path, target.file);
            prepared.notes.push(note);
        }
        let (path, folders) = (file.path, target.missing);
        let found = PreparedFile { path, file: target.file, before, after: Some(after), how, folders };
        if !found.is_done() {
            prepared.files.push(found);
        }
    }
    Ok(prepared)
}

/// The files of a plan by where they lie; edits of the same file come together.
fn merged(disk: &dyn Disk, files: &[FilePlan]) -> Result<Vec<(Target, FilePlan)>, Refusal> {
    let mut found: Vec<(Target, FilePlan)> = Vec::new();
    let mut by_file: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        let target = resolve::resolve(disk, &file.path)?;
        match by_file.get(&target.file).map(|&at| &mut found[at].1) {
            None => {
                by_file.insert(target.file.clone(), found.len());
                found.push((target, file.clone()));
            }
            Some(first) => first.change = together(first, file)?,
        }
    }
    Ok(found)
}

fn together(first: &FilePlan, second: &FilePlan) -> Result<Change, Refusal> {
    match (&first.change, &second.change) {
        (a, b) if a == b => Ok(a.clone()),
        (Change::Edit { planned, edits, .. }, Change::Edit { planned: other, edits: more, .. })
            if planned == other =>
        {
            let edits: Vec<Edit> = edits.iter().chain(more).cloned().collect();
            Ok(Change::Edit { planned: planned.clone(), edits, result: None })
        }
        _ => Err(Refusal::Twice { path: first.path.clone(), other: second.path.clone() }),
    }
}

/// What is there now.
pub(crate) fn content(disk: &dyn Disk, path: &str, target: &Target) -> Result<Option<Content>, Refusal> {
    let Some(standing) = &target.standing else { return Ok(None) };
    if standing.kind != FileKind::File {
        return Err(Refusal::NoFile { path: path.to_owned() });
    }
    match disk.read(&target.file) {
        Ok(bytes) => Ok(Some(Content { bytes, mode: Some(standing.mode) })),
        Err(error) => Err(Refusal::Unreadable { path: path.to_owned(), error }),
    }
}

/// What will be there; `None` where it is so already.
fn after(
    disk: &dyn Disk,
    file: &FilePlan,
    target: &Target,
    before: Option<&Content>,
) -> Result<Option<Content>, Refusal> {
    let path = || file.path.clone();
    match (&file.change, before) {
        (Change::Edit { .. }, None) => Err(Refusal::Unreadable { path: path(), error: ReadError::NotFound }),
        (Change::Edit { planned, edits, result }, Some(before)) => {
            let now = Digest::of(&before.bytes);
            if result.as_ref() == Some(&now) {
                return Ok(None);
            }
            if now != *planned {
                return Err(Refusal::Changed { path: path() });
            }
            let bytes = edit::apply(&before.bytes, edits)
                .map_err(|problem| Refusal::Edits { path: path(), problem })?;
            Ok(Some(Content { bytes, mode: before.mode }))
        }
        (Change::Create { bytes, private }, None) => {
            let mode = (*private || beside_secrets(disk, target)).then_some(0o600);
            Ok(Some(Content { bytes: bytes.clone(), mode }))
        }
        (Change::Create { bytes, .. }, Some(before)) if *bytes == before.bytes => Ok(None),
        (Change::Create { .. }, Some(_)) => Err(Refusal::Exists { path: path() }),
    }
}

/// Names of files that hold passwords, wherever they lie.
const SECRET_FILES: &[&str] = &[".netrc", "_netrc", ".git-credentials", ".npmrc", ".pypirc"];

/// Whether a new file is one of secrets, or in a folder that is closed to others (`~/.ssh`). Homes are often closed,
/// too; what lies in one has the mode that its owner's umask gives.
fn beside_secrets(disk: &dyn Disk, target: &Target) -> bool {
    let os = disk.os();
    if SECRET_FILES.contains(&resolve::name(os, &target.file)) {
        return true;
    }
    let first_missing = target.missing.first().unwrap_or(&target.file);
    let folder = resolve::parent(os, first_missing);
    os != Os::Windows
        && folder != disk.user().home
        && disk.standing(folder).is_ok_and(|s| s.mode & 0o077 == 0)
}

/// How the file may be written, if at all.
pub(crate) fn allowed(
    disk: &dyn Disk,
    path: &str,
    target: &Target,
    before: Option<&Content>,
) -> Result<How, Refusal> {
    let head = before.map_or(&[][..], |b| b.bytes.as_slice());
    if let Some(managed::Manager { what, advice }) = managed::manager_of(disk, path, target, head) {
        return Err(Refusal::Managed { path: path.to_owned(), what, advice });
    }
    writable(disk, path, target)
}

fn writable(disk: &dyn Disk, path: &str, target: &Target) -> Result<How, Refusal> {
    let os = disk.os();
    let read_only = |why: &str, advice: &str| {
        let (why, advice) = (why.to_owned(), advice.to_owned());
        Err(Refusal::ReadOnly { path: path.to_owned(), why, advice })
    };
    let in_place = |why: &str| Ok(How::InPlace(why.to_owned()));
    let first_missing = target.missing.first().unwrap_or(&target.file);
    let folder = resolve::parent(os, first_missing);
    if disk.is_read_only(folder) {
        return read_only(
            "its file system is mounted read-only",
            "change it where the image or mount is made",
        );
    }
    let Some(standing) = &target.standing else {
        if disk.may_write(folder) {
            return Ok(How::Replace);
        }
        return read_only("its folder is another user's", "run the same as that user");
    };
    if standing.mode & 0o222 == 0 {
        return read_only("its mode says read-only", "`chmod u+w` it first, if it is yours to change");
    }
    if !disk.may_write(&target.file) {
        return read_only("it is another user's", "run the same as that user");
    }
    let user = disk.user();
    if standing.links > 1 {
        return in_place("it has other names (hard links) that would keep the old content");
    }
    if os != Os::Windows && user.uid != 0 && standing.uid != user.uid {
        return in_place("it is another user's, and a new file would be yours");
    }
    if !disk.may_write(folder) {
        return in_place("no new file can be made in its folder");
    }
    if is_mount_point(disk, &target.file) {
        return in_place("it is mounted by itself (a container's or sandbox's bind mount)");
    }
    Ok(How::Replace)
}

/// Whether something is mounted on the very file (Linux: proc_pid_mountinfo(5), the fifth field, octal escapes).
fn is_mount_point(disk: &dyn Disk, file: &str) -> bool {
    if disk.os() != Os::Linux {
        return false;
    }
    let Ok(bytes) = disk.read("/proc/self/mountinfo") else { return false };
    let escaped: String = file
        .bytes()
        .map(|b| match b {
            b' ' | b'\t' | b'\n' | b'\\' => format!("\\{b:03o}"),
            _ => char::from(b).to_string(),
        })
        .collect();
    let escaped: Vec<u8> = escaped.chars().map(|c| c as u8).collect();
    bytes.split(|&b| b == b'\n').any(|line| line.split(|&b| b == b' ').nth(4) == Some(&escaped))
}
