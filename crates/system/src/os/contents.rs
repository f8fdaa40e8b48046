//! Contents of files that were read before: the starts of a survey read the same start-up files dozens of times, and
//! to ask whether a file is still the same is a quarter of the work of reading it.
//!
//! Not here: how a file is read (`files`).

use std::collections::HashMap;
use std::fs::Metadata;
use std::sync::{Arc, Mutex, PoisonError};

/// Larger files are programs, which are read once.
const LARGEST: u64 = 256 << 10;

/// A file that was changed so shortly before it was read may be changed again unseen: file systems tell time by the
/// kernel's tick, 10 ms at most (time(7), "The software clock, HZ, and jiffies").
#[cfg(unix)]
const YOUNG_NS: i128 = 50_000_000;

/// What changes with a file: device, inode, length, and the times of its last change and of that of its inode, which
/// nobody can set back (inode(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "a last change can be set back there: nothing is kept"))]
pub(super) struct Stamp(u64, u64, u64, i128, i128);

/// What was read of a path, and of which file.
type Kept = HashMap<String, (Stamp, Arc<[u8]>)>;

/// By path.
#[derive(Debug, Default)]
pub(super) struct Contents(Mutex<Kept>);

impl Contents {
    pub(super) fn get(&self, path: &str, stamp: Stamp) -> Option<Vec<u8>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(path).filter(|(of, _)| *of == stamp).map(|(_, bytes)| bytes.to_vec())
    }

    /// `stamp` was taken before the file was read.
    pub(super) fn keep(&self, path: &str, stamp: Stamp, bytes: &[u8]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(path.to_owned(), (stamp, bytes.into()));
    }
}

/// The stamp of a file that may be kept.
#[cfg(unix)]
pub(super) fn stamp(metadata: &Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;
    let ns = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    let changed = ns(metadata.ctime(), metadata.ctime_nsec());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    let old = i128::try_from(now.as_nanos()).is_ok_and(|now| now - changed > YOUNG_NS);
    (old && metadata.len() <= LARGEST).then(|| {
        let modified = ns(metadata.mtime(), metadata.mtime_nsec());
        Stamp(metadata.dev(), metadata.ino(), metadata.len(), modified, changed)
    })
}

#[cfg(not(unix))]
pub(super) fn stamp(_metadata: &Metadata) -> Option<Stamp> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::os::files::read;

    #[test]
    fn a_file_is_read_anew_once_it_has_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("rc");
        let text = path.to_str().expect("text");
        let contents = Contents::default();
        std::fs::write(&path, "one").expect("written");
        std::thread::sleep(std::time::Duration::from_millis(70));
        let stamp_of = || stamp(&std::fs::metadata(&path).expect("there"));
        let old = stamp_of().expect("old enough");
        for _ in 0..2 {
            assert_eq!(read(&contents, text), Ok(b"one".to_vec()));
        }
        assert_eq!(contents.get(text, old), Some(b"one".to_vec()), "kept");
        std::fs::write(&path, "two").expect("written");
        assert_eq!(stamp_of(), None, "may be changed again unseen");
        assert_eq!(read(&contents, text), Ok(b"two".to_vec()));
        std::fs::remove_file(&path).expect("removed");
        assert!(read(&contents, text).is_err());
    }
}
