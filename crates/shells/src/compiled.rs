//! What is told from a shell's program file: looked for once, for a file is a megabyte and every start asks.
//!
//! Not here: what is looked for (each shell's own).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use system::System;

/// Path, modification time (ms) and length of a program, and what was found in it.
type Key = (String, i64, u64);

/// Answers about programs.
pub(crate) struct Compiled<T>(Mutex<BTreeMap<Key, T>>);

impl<T: Clone> Compiled<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// `look`'s answer about the bytes of the program; `None` where the file cannot be read or is no program, for a
    /// recorded machine need not hold it.
    pub(crate) fn of(&self, system: &dyn System, program: &str, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let metadata = system.metadata(program).ok()?;
        let key = (program.to_owned(), metadata.modified_ms, metadata.len);
        if let Some(found) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(found.clone());
        }
        let bytes = system.read(program).ok()?;
        if !bytes.starts_with(b"\x7fELF") && !bytes.starts_with(&[0xcf, 0xfa, 0xed, 0xfe]) {
            return None;
        }
        let found = look(&bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        Some(found)
    }
}
