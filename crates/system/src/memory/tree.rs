//! The files of a fake machine: a tree of nodes, walked by the path rules of its OS.
//!
//! Permissions are those of Unix mode bits for one user; on Windows everything may be read unless an entry says
//! otherwise.

use super::path::{self, Parts};
use crate::{FileKind, Metadata, Os, ReadError, User};
use std::collections::{BTreeMap, VecDeque};

/// Linux follows no more symlinks than this in one path (kernel: include/linux/namei.h MAXSYMLINKS).
const MOST_LINKS: usize = 40;

/// A file, folder or symlink of a fake machine.
///
/// Owner and group are root's by default, and the user's inside the user's home.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) content: Content,
    pub(crate) mode: Option<u32>,
    pub(crate) uid: Option<u32>,
    pub(crate) gid: Option<u32>,
    pub(crate) modified_ms: Option<i64>,
    /// Where it differs from what the content says (files of `/proc`, folders).
    pub(crate) len: Option<u64>,
    /// What the user may do, whatever the mode says: letters of `r` and `x`.
    pub(crate) may: Option<String>,
    /// What reading (listing) it gives, whatever the mode says.
    pub(crate) unreadable: Option<ReadError>,
    /// What even looking at it gives.
    pub(crate) unseen: Option<ReadError>,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    File(Vec<u8>),
    /// A file of this many bytes, of which only some were kept: each part with its offset.
    Partial(u64, Vec<(u64, Vec<u8>)>),
    Folder(BTreeMap<String, (String, Entry)>),
    Link(String),
    /// A device, socket or pipe.
    Other,
    /// A name seen in a listing; nothing else is known of it.
    Listed,
}

impl Entry {
    fn new(content: Content) -> Self {
        Self {
            content,
            mode: None,
            uid: None,
            gid: None,
            modified_ms: None,
            len: None,
            may: None,
            unreadable: None,
            unseen: None,
        }
    }

    pub fn file(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Content::File(bytes.into()))
    }

    /// A file whose size is known and whose bytes are not.
    pub fn size(len: u64) -> Self {
        Self::partial(len, Vec::new())
    }

    /// A file of which some parts are known, each with its offset.
    pub fn partial(len: u64, parts: Vec<(u64, Vec<u8>)>) -> Self {
        Self::new(Content::Partial(len, parts))
    }

    pub fn folder() -> Self {
        Self::new(Content::Folder(BTreeMap::new()))
    }

    pub fn link(target: impl Into<String>) -> Self {
        Self::new(Content::Link(target.into()))
    }

    /// A device, socket or pipe.
    pub fn other() -> Self {
        Self::new(Content::Other)
    }

    /// A name that a listing gives; looking at it answers that it was not recorded.
    pub fn listed() -> Self {
        Self::new(Content::Listed)
    }

    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    #[must_use]
    pub fn owner(mut self, uid: u32, gid: u32) -> Self {
        (self.uid, self.gid) = (Some(uid), Some(gid));
        self
    }

    #[must_use]
    pub fn modified_ms(mut self, ms: i64) -> Self {
        self.modified_ms = Some(ms);
        self
    }

    /// What the user may do, whatever the mode says: letters of `r` (read, list), `w` and `x` (run, search).
    #[must_use]
    pub fn may(mut self, letters: impl Into<String>) -> Self {
        self.may = Some(letters.into());
        self
    }

    /// Reading or listing fails like this, whatever the mode says.
    #[must_use]
    pub fn unreadable(mut self, error: ReadError) -> Self {
        self.unreadable = Some(error);
        self
    }

    /// Even looking at it fails like this.
    #[must_use]
    pub fn unseen(mut self, error: ReadError) -> Self {
        self.unseen = Some(error);
        self
    }

    fn children(&self) -> Option<&BTreeMap<String, (String, Entry)>> {
        match &self.content {
            Content::Folder(children) => Some(children),
            _ => None,
        }
    }

    /// Its children; what is no folder becomes one.
    fn as_folder(&mut self) -> &mut BTreeMap<String, (String, Entry)> {
        if self.children().is_none() {
            self.content = Content::Folder(BTreeMap::new());
        }
        match &mut self.content {
            Content::Folder(children) => children,
            _ => unreachable!("made a folder just above"),
        }
    }

    pub(crate) fn kind(&self) -> FileKind {
        match self.content {
            Content::File(_) | Content::Partial(..) => FileKind::File,
            Content::Folder(_) => FileKind::Folder,
            Content::Link(_) => FileKind::Symlink,
            Content::Other | Content::Listed => FileKind::Other,
        }
    }

    fn len(&self) -> u64 {
        self.len.unwrap_or(match &self.content {
            Content::File(bytes) => bytes.len() as u64,
            Content::Partial(len, _) => *len,
            Content::Link(target) => target.len() as u64,
            Content::Folder(_) => 4096,
            Content::Other | Content::Listed => 0,
        })
    }

    /// 0755 and 0644 as a umask of 022 gives them; 0777 for symlinks (Linux: symlink(7)).
    fn mode_bits(&self) -> u32 {
        self.mode.unwrap_or(match self.content {
            Content::Folder(_) => 0o755,
            Content::Link(_) => 0o777,
            _ => 0o644,
        })
    }
}

/// What a walk arrived at: its parts from the root (as spelled on the machine, symlinks resolved) and the entry.
pub(crate) struct Found<'a> {
    pub(crate) parts: Vec<String>,
    pub(crate) entry: &'a Entry,
}

#[derive(Clone, Debug)]
pub(crate) struct Tree {
    os: Os,
    root: Entry,
}

/// Who looks, and from where: decides permissions, default owners and relative paths.
#[derive(Clone, Copy)]
pub(crate) struct Viewer<'a> {
    pub(crate) user: &'a User,
    pub(crate) cwd: &'a str,
}

impl Tree {
    pub(crate) fn new(os: Os) -> Self {
        Self { os, root: Entry::folder() }
    }

    /// Puts an entry in; folders on the way are made, symlinks on the way that stand there already are followed.
    /// A folder put where one stands keeps what is in it.
    pub(crate) fn insert(&mut self, cwd: &str, at: &str, mut entry: Entry) {
        let mut pending: VecDeque<String> = path::resolve(self.os, at, cwd).parts.into();
        let mut done: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(part) = pending.pop_front() {
            if part == ".." {
                done.pop();
                continue;
            }
            done.push(part);
            if pending.is_empty() {
                break;
            }
            if let Content::Link(target) = &self.make(&done).content
                && links < MOST_LINKS
            {
                let target = target.clone();
                links += 1;
                done.pop();
                self.follow(&target, &mut done, &mut pending);
            }
        }
        let place = self.make(&done);
        if let (Content::Folder(old), Content::Folder(new)) = (&mut place.content, &mut entry.content) {
            std::mem::swap(old, new);
        }
        *place = entry;
    }

    /// The entry at these parts; made as a folder, together with all above it, where there is none.
    fn make(&mut self, parts: &[String]) -> &mut Entry {
        let os = self.os;
        let mut at = &mut self.root;
        for part in parts {
            let place = at.as_folder().entry(path::key(os, part));
            at = &mut place.or_insert_with(|| (part.clone(), Entry::folder())).1;
        }
        at
    }

    /// Takes a folder away again if nothing is in it.
    pub(crate) fn remove_empty(&mut self, at: &str) {
        let mut parts = path::resolve(self.os, at, "/").parts;
        let Some(last) = parts.pop() else { return };
        let key = path::key(self.os, &last);
        if let Content::Folder(siblings) = &mut self.make(&parts).content
            && siblings.get(&key).and_then(|(_, e)| e.children()).is_some_and(BTreeMap::is_empty)
        {
            siblings.remove(&key);
        }
    }

    /// Where a name stands or would stand: the folder (as spelled, symlinks resolved), and the name.
    pub(crate) fn place(&self, by: Viewer<'_>, at: &str) -> Result<(Vec<String>, String), ReadError> {
        let mut parts = path::resolve(self.os, at, by.cwd).parts;
        let name = parts.pop().ok_or(ReadError::NotFound)?;
        let folder = self.walk(by, &path::render(self.os, &parts), true)?;
        if folder.entry.children().is_none() {
            return Err(not_a_folder(folder.entry));
        }
        Ok((folder.parts, name))
    }

    /// The names in a folder, to be changed.
    pub(crate) fn names_mut(&mut self, folder: &[String]) -> &mut BTreeMap<String, (String, Entry)> {
        self.make(folder).as_folder()
    }

    /// What two names of this machine have in common if they are the same.
    pub(crate) fn key(&self, name: &str) -> String {
        path::key(self.os, name)
    }

    /// Puts what a symlink leads to in front of what is still to be walked.
    fn follow(&self, target: &str, done: &mut Vec<String>, pending: &mut VecDeque<String>) {
        let link = path::split(self.os, target);
        if link.absolute {
            done.clear();
        }
        for part in link.parts.into_iter().rev() {
            pending.push_front(part);
        }
    }

    /// Walks a path. `follow_last`: whether a symlink at its end is followed, too (always, behind a separator).
    pub(crate) fn walk(&self, by: Viewer<'_>, at: &str, follow_last: bool) -> Result<Found<'_>, ReadError> {
        if at.is_empty() {
            return Err(ReadError::NotFound);
        }
        let Parts { parts, folder, .. } = path::resolve(self.os, at, by.cwd);
        let mut pending: VecDeque<String> = parts.into();
        let mut done: Vec<String> = Vec::new();
        let mut stack: Vec<&Entry> = vec![&self.root];
        let mut links = 0;
        while let Some(part) = pending.pop_front() {
            let here: &Entry = stack.last().copied().unwrap_or(&self.root);
            let Some(children) = here.children() else { return Err(not_a_folder(here)) };
            if !self.allows(by, &done, here, 1) {
                return Err(ReadError::Denied);
            }
            if part == ".." {
                done.pop();
                stack.truncate(done.len() + 1);
                continue;
            }
            let (spelled, entry) = children.get(&path::key(self.os, &part)).ok_or(ReadError::NotFound)?;
            if let Some(error) = &entry.unseen {
                return Err(error.clone());
            }
            let last = pending.is_empty();
            if let Content::Link(target) = &entry.content
                && (!last || follow_last || folder)
            {
                links += 1;
                if links > MOST_LINKS {
                    return Err(ReadError::Other("too many levels of symbolic links".to_owned()));
                }
                self.follow(target, &mut done, &mut pending);
                stack.truncate(done.len() + 1);
                continue;
            }
            done.push(spelled.clone());
            stack.push(entry);
        }
        let entry = stack.last().copied().unwrap_or(&self.root);
        if folder && entry.children().is_none() {
            return Err(not_a_folder(entry));
        }
        if matches!(entry.content, Content::Listed) {
            return Err(not_recorded());
        }
        Ok(Found { parts: done, entry })
    }

    /// Whether the user has this right (4 read, 2 write, 1 execute or search) on the entry at `parts`.
    pub(crate) fn allows(&self, by: Viewer<'_>, parts: &[String], entry: &Entry, right: u32) -> bool {
        if let Some(may) = &entry.may {
            return may.contains(match right {
                4 => 'r',
                2 => 'w',
                _ => 'x',
            });
        }
        let (uid, gid) = self.owner(by, parts, entry);
        let folder = entry.kind() == FileKind::Folder;
        self.os == Os::Windows || mode_allows(by.user, (uid, gid), entry.mode_bits(), folder, right)
    }

    fn owner(&self, by: Viewer<'_>, parts: &[String], entry: &Entry) -> (u32, u32) {
        let default = default_owner(self.os, by.user, parts);
        (entry.uid.unwrap_or(default.0), entry.gid.unwrap_or(default.1))
    }

    pub(crate) fn metadata(&self, by: Viewer<'_>, found: &Found<'_>, default_ms: i64) -> Metadata {
        let (uid, gid) = self.owner(by, &found.parts, found.entry);
        Metadata {
            kind: found.entry.kind(),
            len: found.entry.len(),
            mode: found.entry.mode_bits(),
            uid,
            gid,
            modified_ms: found.entry.modified_ms.unwrap_or(default_ms),
        }
    }

    /// The bytes of a file, if the user may read it.
    pub(crate) fn read(&self, by: Viewer<'_>, at: &str) -> Result<Vec<u8>, ReadError> {
        let found = self.walk(by, at, true)?;
        self.check_readable(by, &found)?;
        match &found.entry.content {
            Content::File(bytes) => Ok(bytes.clone()),
            Content::Folder(_) => Err(ReadError::Other("is a folder".to_owned())),
            Content::Other => Err(ReadError::Other("is not a regular file".to_owned())),
            Content::Partial(0, _) => Ok(Vec::new()),
            Content::Partial(..) | Content::Link(_) | Content::Listed => Err(not_recorded()),
        }
    }

    /// Part of a file, if the user may read it and that part was kept.
    pub(crate) fn read_at(
        &self,
        by: Viewer<'_>,
        at: &str,
        offset: u64,
        len: usize,
    ) -> Result<Vec<u8>, ReadError> {
        let found = self.walk(by, at, true)?;
        let Content::Partial(whole, parts) = &found.entry.content else {
            let bytes = self.read(by, at)?;
            return Ok(slice(&bytes, offset, len).to_vec());
        };
        self.check_readable(by, &found)?;
        let wanted = (len as u64).min(whole.saturating_sub(offset));
        let part = parts
            .iter()
            .find(|(start, bytes)| *start <= offset && offset + wanted <= start + bytes.len() as u64);
        match part {
            Some((start, bytes)) => Ok(slice(bytes, offset - start, len).to_vec()),
            None if wanted == 0 => Ok(Vec::new()),
            None => Err(not_recorded()),
        }
    }

    /// Names in a folder, as spelled, sorted by bytes.
    pub(crate) fn list(&self, by: Viewer<'_>, at: &str) -> Result<Vec<String>, ReadError> {
        let found = self.walk(by, at, true)?;
        let Some(children) = found.entry.children() else { return Err(not_a_folder(found.entry)) };
        self.check_readable(by, &found)?;
        let mut names: Vec<String> = children.values().map(|(spelled, _)| spelled.clone()).collect();
        names.sort();
        Ok(names)
    }

    fn check_readable(&self, by: Viewer<'_>, found: &Found<'_>) -> Result<(), ReadError> {
        match &found.entry.unreadable {
            Some(error) => Err(error.clone()),
            None if self.allows(by, &found.parts, found.entry, 4) => Ok(()),
            None => Err(ReadError::Denied),
        }
    }
}

/// Who owns what nothing is said of: the user inside of the user's home, else root.
pub(crate) fn default_owner(os: Os, user: &User, parts: &[String]) -> (u32, u32) {
    let home = path::resolve(os, &user.home, "/").parts;
    let same = |(a, b): (&String, &String)| path::key(os, a) == path::key(os, b);
    let at_home = parts.len() >= home.len() && !home.is_empty() && home.iter().zip(parts).all(same);
    if at_home { (user.uid, user.gid) } else { (0, 0) }
}

/// Whether mode bits give the user this right (4 read, 1 execute or search).
pub(crate) fn mode_allows(user: &User, owner: (u32, u32), mode: u32, folder: bool, right: u32) -> bool {
    if user.uid == 0 {
        // Root may all but run a file that nobody may run (Linux: capabilities(7), CAP_DAC_OVERRIDE).
        return right != 1 || folder || mode & 0o111 != 0;
    }
    let class = match owner {
        (uid, _) if uid == user.uid => 6,
        (_, gid) if gid == user.gid => 3,
        _ => 0,
    };
    mode >> class & right != 0
}

/// A path that leads through a file, or the listing of one (ENOTDIR), is answered as the real machine is: what is
/// asked for is not there.
fn not_a_folder(entry: &Entry) -> ReadError {
    match entry.content {
        Content::Listed => not_recorded(),
        _ => ReadError::NotFound,
    }
}

fn slice(bytes: &[u8], offset: u64, len: usize) -> &[u8] {
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    &bytes[start..start.saturating_add(len).min(bytes.len())]
}

fn not_recorded() -> ReadError {
    ReadError::Other("was not recorded".to_owned())
}
