//! [`Programs`]: what program files told of themselves, read once for all spaces.
//!
//! The same few files are found in dozens of spaces, and an old go has to be searched through for its GOROOT.
//! Deliberately not here: anything that depends on a space.

use crate::binary::{self, Program};
use std::cell::RefCell;
use std::collections::BTreeMap;
use system::System;

/// The machine's programs, each read when it is first asked for.
pub struct Programs<'a> {
    system: &'a dyn System,
    read: RefCell<BTreeMap<String, Option<Program>>>,
    baked: RefCell<BTreeMap<String, Option<String>>>,
}

impl std::fmt::Debug for Programs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Programs").field("read", &self.read.borrow()).finish_non_exhaustive()
    }
}

impl<'a> Programs<'a> {
    pub fn new(system: &'a dyn System) -> Self {
        Self { system, read: RefCell::default(), baked: RefCell::default() }
    }

    pub(crate) fn system(&self) -> &'a dyn System {
        self.system
    }

    /// Build information of a file; symlinks are followed.
    pub(crate) fn read(&self, path: &str) -> Option<Program> {
        let read = || binary::read(self.system, path);
        self.read.borrow_mut().entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// The default of GOPROXY or GOSUMDB that is built into a go of 1.13 to 1.20.
    pub(crate) fn built_in(&self, path: &str, name: &str) -> Option<String> {
        binary::built_in_remote(self.system, path, name)
    }

    pub(crate) fn baked_goroot(&self, path: &str) -> Option<String> {
        let search = || binary::baked_goroot(self.system, path);
        self.baked.borrow_mut().entry(path.to_owned()).or_insert_with(search).clone()
    }
}
