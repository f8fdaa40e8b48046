//! All that is in a folder, to be compared: kinds, modes, owners, names of one file, bytes.
//!
//! Not here: times, which every write changes.

use crate::failure::Done;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    mode: u32,
    owner: (u32, u32),
    /// Of a file: a folder's number of names counts what is in it.
    names: u64,
    bytes: Option<Vec<u8>>,
}

/// Everything in a folder but what is below `without`.
pub(super) fn picture(folder: &Path, without: &Path) -> Done<BTreeMap<PathBuf, Thing>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(at) = pending.pop() {
        for entry in std::fs::read_dir(&at)? {
            let path = entry?.path();
            if path == without {
                continue;
            }
            let metadata = std::fs::symlink_metadata(&path)?;
            let bytes = if metadata.is_symlink() {
                Some(std::fs::read_link(&path)?.into_os_string().into_encoded_bytes())
            } else if metadata.is_dir() {
                pending.push(path.clone());
                None
            } else {
                Some(std::fs::read(&path)?)
            };
            let names = if metadata.is_dir() { 0 } else { metadata.nlink() };
            let owner = (metadata.uid(), metadata.gid());
            found.insert(path, Thing { mode: metadata.mode(), owner, names, bytes });
        }
    }
    Ok(found)
}

/// The paths at which two pictures differ.
pub(super) fn differences(a: &BTreeMap<PathBuf, Thing>, b: &BTreeMap<PathBuf, Thing>) -> Vec<String> {
    let paths = a.keys().chain(b.keys().filter(|path| !a.contains_key(*path)));
    paths.filter(|path| a.get(*path) != b.get(*path)).map(|path| path.display().to_string()).collect()
}
