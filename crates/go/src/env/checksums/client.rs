//! A question to a checksum database: its answer is proven against the newest head of the log that is known (go:
//! golang.org/x/mod/sumdb/client.go).
//!
//! Deliberately not here: writing what was learnt. Each question is asked as if it were the first.

use super::base64;
use super::database::{Base, Database};
use super::note::{self, Verifier};
pub(super) use super::tiles::WRONG_TILE;
use super::tiles::{Hash, Reader, Tile, Tree, record_hash, stored};
use super::{Care, Module, Trouble};
use crate::env::go::Go;
use crate::env::{cache, download, values};
use crate::file_path;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use system::{Os, ReadError};

/// A log with more records than this is none that there is; below, no sum of places overflows.
const MOST_RECORDS: u64 = 1 << 50;

struct Client<'a, 'g> {
    go: &'a Go<'g>,
    database: &'a Database,
    /// Where answers and tiles are kept.
    kept: String,
    /// The newest head that is known, and its note.
    latest: Tree,
    note: Vec<u8>,
    care: Care,
}

/// `Lookup`: the lines for the module.
pub(super) fn lookup(
    go: &Go<'_>,
    database: &Database,
    cache: &str,
    module: Module<'_>,
    care: Care,
) -> Result<Vec<String>, Trouble> {
    let name = &database.verifier.name;
    let kept = go.join(cache, &format!("cache/download/sumdb/{name}"));
    let latest = Tree { size: 0, hash: empty_hash(go) };
    let mut client = Client { go, database, kept, latest, note: Vec::new(), care };
    client.lines(module).map_err(|trouble| match trouble {
        Trouble::Says(text) => Trouble::Says(format!("{}@{}: {text}", module.path, module.version)),
        other => other,
    })
}

/// Of a log without records: up to 1.22 nothing was summed up for it.
fn empty_hash(go: &Go<'_>) -> Hash {
    if go.since(23) { Sha256::digest([]).into() } else { Hash::default() }
}

/// `cfg.GoPathError` (go: src/cmd/go/internal/cfg/cfg.go `gopath`).
fn why_no_gopath(go: &Go<'_>, gopath: &str) -> String {
    let home = if go.os == Os::Windows { "USERPROFILE" } else { "HOME" };
    let folder = go.os_text(home);
    match gopath.is_empty() {
        true if folder.is_empty() => format!("{home} is not set"),
        true if go.join(&folder, "go") == file_path::clean(go.os, &go.runtime_goroot) => {
            "cannot set GOROOT as GOPATH".to_owned()
        }
        _ => String::new(),
    }
}

impl Client<'_, '_> {
    fn lines(&mut self, module: Module<'_>) -> Result<Vec<String>, Trouble> {
        let (file, head) = self.start().map_err(|trouble| match trouble {
            Trouble::Says(text) => Trouble::Says(format!("initializing sumdb.Client: {text}")),
            other => other,
        })?;
        let known = self.latest.size;
        let escaped = download::escape(module.version);
        let path = format!("lookup/{}@{escaped}", module.path);
        let answer = match self.remembered(&path) {
            Some(bytes) => bytes,
            None => self.ask(&path)?,
        };
        let Some((number, text, newer)) = note::record(&answer) else {
            return Err(Trouble::Says("malformed record data".to_owned()));
        };
        self.merge(newer, &head)?;
        if self.latest.size > known {
            self.can_be_saved(&file)?;
        }
        self.check_record(number, text)?;
        // Older clients look behind the record too.
        let searched = match self.care {
            Care::Lax => &answer,
            _ => text,
        };
        let start = format!("{} {} ", module.path, module.version);
        let lines = String::from_utf8_lossy(searched);
        Ok(lines.split('\n').filter(|line| line.starts_with(&start)).map(str::to_owned).collect())
    }

    /// `initWork`: the head that is saved, and where.
    fn start(&mut self) -> Result<(String, Vec<u8>), Trouble> {
        let file = self.head_file()?;
        let head = self.saved_head(&file)?;
        self.merge(&head, &head)?;
        Ok((file, head))
    }

    /// Where the newest head is kept.
    fn head_file(&self) -> Result<String, Trouble> {
        let gopath = values::gopath(self.go).found.text;
        match self.go.split_list(&gopath).first().filter(|first| !first.is_empty()) {
            Some(first) => {
                Ok(self.go.join(first, &format!("pkg/sumdb/{}/latest", self.database.verifier.name)))
            }
            None => {
                let why = why_no_gopath(self.go, &gopath);
                Err(Trouble::Says(format!("could not locate sumdb file: missing $GOPATH: {why}")))
            }
        }
    }

    fn saved_head(&self, file: &str) -> Result<Vec<u8>, Trouble> {
        match self.go.system.read(&self.go.seen(file)) {
            Ok(bytes) => Ok(bytes),
            Err(ReadError::NotFound) if !self.is_below_file(file) => Ok(Vec::new()),
            Err(ReadError::NotFound) => Err(Trouble::Says(format!("open {file}: not a directory"))),
            Err(_) => Err(Trouble::Unknown(format!("{file} cannot be read"))),
        }
    }

    fn is_below_file(&self, file: &str) -> bool {
        cache::cannot_make(self.go, file).is_some_and(|reason| reason.ends_with(": not a directory"))
    }

    /// A newer head is written down before anything else.
    fn can_be_saved(&self, file: &str) -> Result<(), Trouble> {
        let refused =
            |reason: &str| Err(Trouble::Unknown(format!("go would write {file}, and cannot ({reason})")));
        let user = self.go.system.user();
        if let Ok(data) = self.go.system.metadata(&self.go.seen(file)) {
            let bits = if data.uid == user.uid { 0o200 } else { 0o022 };
            return if user.uid == 0 || data.mode & bits != 0 {
                Ok(())
            } else {
                refused("permission denied")
            };
        }
        match cache::cannot_make(self.go, file) {
            Some(reason) => refused(&reason),
            None => Ok(()),
        }
    }

    fn remembered(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.go.join(&self.kept, path);
        // A file without content counts as none (go: sumdb.go `ReadCache`).
        self.go.system.read(&self.go.seen(&file)).ok().filter(|bytes| !bytes.is_empty())
    }

    /// `ReadRemote`.
    fn ask(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let folder = match self.database.base(self.go)? {
            Base::Folder(folder) => folder,
            Base::Server(url) => {
                return Err(Trouble::Unknown(format!("go would first ask the checksum database at {url}")));
            }
        };
        let file = format!("{}/{path}", folder.trim_end_matches('/'));
        let error = match self.go.system.read(&file) {
            Ok(bytes) => return Ok(bytes),
            Err(ReadError::NotFound) if self.is_below_file(&file) => {
                return Err(Trouble::Says(format!("open {file}: not a directory")));
            }
            Err(ReadError::NotFound) => "no such file or directory",
            Err(ReadError::Denied) => "permission denied",
            Err(ReadError::Other(_)) => return Err(Trouble::Unknown(format!("{file} cannot be read"))),
        };
        let url = file.replace('!', "%21");
        Err(Trouble::Says(format!("reading file://{url}: {error}")))
    }

    /// `mergeLatest`: a head that is newer than all before is once more compared with the one that is saved.
    fn merge(&mut self, message: &[u8], saved: &[u8]) -> Result<(), Trouble> {
        if self.compare(message)? {
            self.compare(saved)?;
        }
        Ok(())
    }

    /// `mergeLatestMem`: whether the head is newer, and is the newest known from here on.
    fn compare(&mut self, message: &[u8]) -> Result<bool, Trouble> {
        if message.is_empty() {
            return Ok(false);
        }
        let verifier: &Verifier = &self.database.verifier;
        let text = note::open(message, verifier).map_err(|error| {
            let message = String::from_utf8_lossy(message);
            Trouble::Says(format!("reading tree note: {error}\nnote:\n{message}"))
        })?;
        let tree = note::tree(text).ok_or_else(|| {
            let text = String::from_utf8_lossy(text);
            Trouble::Says(format!("reading tree: malformed tree note\ntree:\n{text}"))
        })?;
        if tree.size > MOST_RECORDS {
            return Err(Trouble::Unknown("the log of the checksum database has no possible size".to_owned()));
        }
        if tree.size <= self.latest.size {
            self.check_trees((tree, message), (self.latest, &self.note))?;
            return Ok(false);
        }
        self.check_trees((self.latest, &self.note), (tree, message))?;
        self.latest = tree;
        self.note = message.to_vec();
        Ok(true)
    }

    /// That the older tree is the beginning of the newer one.
    fn check_trees(&self, older: (Tree, &[u8]), newer: (Tree, &[u8])) -> Result<(), Trouble> {
        let ((older, old_note), (newer, new_note)) = (older, newer);
        let read = |tile| self.tile(tile);
        let reader = Reader { tree: newer, read: &read, all_checked: self.all_checked() };
        let hash = if older.size == 0 { Ok(empty_hash(self.go)) } else { reader.tree_hash(older.size) };
        let hash = hash.map_err(|trouble| match trouble {
            Trouble::Says(text) if older.size == newer.size => {
                Trouble::Says(format!("checking tree#{}: {text}", older.size))
            }
            Trouble::Says(text) => {
                Trouble::Says(format!("checking tree#{} against tree#{}: {text}", older.size, newer.size))
            }
            other => other,
        })?;
        if hash == older.hash {
            return Ok(());
        }
        let indented = |note: &[u8]| String::from_utf8_lossy(note).replace('\n', "\n\t");
        let mut text = format!(
            "SECURITY ERROR\ngo.sum database server misbehavior detected!\n\nold database:\n\t{}\nnew \
             database:\n\t{}\nproof of misbehavior:\n\t{}",
            indented(old_note),
            indented(new_note),
            base64::encode(&hash)
        );
        if older.size == 0 {
            text.push_str("\tinternal error: tlog: invalid inputs in ProveTree\n");
        } else {
            for hash in reader.prove(older.size)? {
                let _ = write!(text, "\n\t{}", base64::encode(&hash));
            }
        }
        Err(Trouble::Exits(text))
    }

    fn all_checked(&self) -> bool {
        self.care != Care::Lax
    }

    /// `checkRecord`.
    fn check_record(&self, number: i64, text: &[u8]) -> Result<(), Trouble> {
        let size = self.latest.size;
        let Ok(place) = u64::try_from(number) else {
            return Err(Trouble::Unknown(
                "the answer of the checksum database has a number below 0".to_owned(),
            ));
        };
        if place >= size {
            return Err(Trouble::Says(format!("cannot validate record {number} in tree of size {size}")));
        }
        let read = |tile| self.tile(tile);
        let reader = Reader { tree: self.latest, read: &read, all_checked: self.all_checked() };
        let hashes = reader.hashes(&[stored(0, place)])?;
        if hashes.first() == Some(&record_hash(text)) {
            return Ok(());
        }
        Err(Trouble::Says("cannot authenticate record data in server response".to_owned()))
    }

    /// `readTile`: kept, or asked for; where it is none yet, the full one that has come of it.
    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Trouble> {
        if let Some(bytes) = self.remembered(&tile.path()) {
            return Ok(bytes);
        }
        let whole = tile.whole();
        if let Some(bytes) = whole.and_then(|whole| self.remembered(&whole.path())) {
            return Ok(tile.part_of(&bytes));
        }
        match (self.ask(&tile.path()), whole) {
            (Err(Trouble::Says(error)), Some(whole)) => match self.ask(&whole.path()) {
                Ok(bytes) => Ok(tile.part_of(&bytes)),
                Err(Trouble::Says(_)) => Err(Trouble::Says(error)),
                Err(other) => Err(other),
            },
            (answer, _) => answer,
        }
    }
}
