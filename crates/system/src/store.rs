//! The program's own private files: cache, records, locks. Mode 0600, under XDG's or the platform's folders.
//!
//! Not here: any file that existed before us; those are read through [`crate::System`].

use std::io;
use std::path::PathBuf;

/// A folder of our own.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The user's cache folder: `$XDG_CACHE_HOME/gowhence` or `~/.cache/gowhence`, `~/Library/Caches/gowhence` on
    /// macOS, `%LocalAppData%\gowhence` on Windows. `None` if there is no absolute path for it.
    pub fn cache(os: crate::Os, env: impl Fn(&str) -> Option<String>, home: &str) -> Option<Self> {
        let absolute = |text: String| PathBuf::from(&text).is_absolute().then_some(PathBuf::from(text));
        let base = match os {
            crate::Os::Linux => {
                env("XDG_CACHE_HOME").and_then(absolute).or_else(|| absolute(format!("{home}/.cache")))
            }
            crate::Os::Macos => absolute(format!("{home}/Library/Caches")),
            crate::Os::Windows => env("LocalAppData").and_then(absolute),
        }?;
        Some(Self::at(base.join("gowhence")))
    }

    /// The folder for what must outlast a cache: `$XDG_STATE_HOME/gowhence` or `~/.local/state/gowhence`,
    /// `~/Library/Application Support/gowhence` on macOS, `%LocalAppData%\gowhence\state` on Windows. `None` if there
    /// is no absolute path for it. What is in it is written step by step ([`crate::write`]), by crate `apply`.
    pub fn state_folder(os: crate::Os, env: impl Fn(&str) -> Option<String>, home: &str) -> Option<String> {
        let unix = |text: String| text.starts_with('/').then_some(text);
        match os {
            crate::Os::Linux => env("XDG_STATE_HOME")
                .and_then(unix)
                .or_else(|| unix(format!("{home}/.local/state")))
                .map(|base| format!("{}/gowhence", base.trim_end_matches('/'))),
            crate::Os::Macos => unix(format!("{home}/Library/Application Support/gowhence")),
            crate::Os::Windows => {
                let base = env("LocalAppData").filter(|b| b.as_bytes().get(1) == Some(&b':'))?;
                Some(format!("{}\\gowhence\\state", base.trim_end_matches('\\')))
            }
        }
    }

    pub fn read(&self, key: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path(key)).ok()
    }

    pub fn modified_ms(&self, key: &str) -> Option<i64> {
        let modified = std::fs::metadata(self.path(key)).ok()?.modified().ok()?;
        Some(modified.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis() as i64)
    }

    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = std::fs::read_dir(&self.root)
            .map(|dir| dir.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect())
            .unwrap_or_default();
        keys.retain(|k| !k.ends_with(".new"));
        keys.sort();
        keys
    }

    /// Makes the folder, if it is not there yet.
    pub fn make(&self) -> io::Result<()> {
        make_private_folder(&self.root)
    }

    /// Writes whole or not at all, readable by the user alone.
    pub fn write(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        self.make()?;
        let target = self.path(key);
        let fresh = self.root.join(format!("{key}.{}.new", std::process::id()));
        let written = write_private(&fresh, bytes).and_then(|()| std::fs::rename(&fresh, &target));
        if written.is_err() {
            // A full disk must not be left with a file that nothing takes away.
            let _ = std::fs::remove_file(&fresh);
        }
        written
    }

    /// The same, for what may be missing for a moment: ext4 writes out at once what is renamed over another file
    /// (ext4(5), auto_da_alloc), so the old one is taken away before.
    pub fn write_anew(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let _ = self.remove(key);
        self.write(key, bytes)
    }

    pub fn remove(&self, key: &str) -> io::Result<()> {
        std::fs::remove_file(self.path(key))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }
}

#[cfg(unix)]
pub(crate) fn make_private_folder(path: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(crate) fn make_private_folder(path: &std::path::Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(unix)]
pub(crate) fn write_private(path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
pub(crate) fn write_private(path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::write(path, bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::Store;

    #[test]
    fn what_could_not_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::at(folder.path());
        // A folder stands where the file would go: the last step fails.
        std::fs::create_dir_all(folder.path().join("key/inside")).expect("made");
        assert!(store.write("key", b"x").is_err());
        let left = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 1);
    }
}
