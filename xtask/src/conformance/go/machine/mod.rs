//! Generated machines: a folder with everything in it, the environment, the current folder, and what go is asked there.
//!
//! A machine follows from the seed, its number and the list of SDKs alone, so that each one can be had again. Half of
//! them are *mild*, on which go answers for the most part; the others hold values and trees on which it exits.

mod database;
pub(crate) mod env_file;
mod places;
mod project;
pub(crate) mod questions;
mod toolchains;
mod trees;
pub(crate) mod values;

pub(crate) use toolchains::FIRST_MINOR as FIRST_WITH_CHOICE;

use super::sdks::Sdk;
use crate::conformance::chance::Chance;
use crate::failure::{Doing as _, Done};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use values::{POOLS, TARGETS, pick};

/// What all machines of a run use, and none changes in a way that another could notice.
pub(crate) struct Shared {
    /// A build cache, so that not each machine probes its compilers anew.
    pub(crate) cache: PathBuf,
    /// A folder with compilers that do nothing.
    pub(crate) compilers: PathBuf,
    pub(crate) sdks: Vec<Sdk>,
    /// Toolchains as modules on every machine.
    toolchains: bool,
}

impl Shared {
    pub(crate) fn lay_out(folder: &Path, sdks: Vec<Sdk>, toolchains: bool) -> Done<Self> {
        let (cache, compilers) = (folder.join("cache"), folder.join("compilers"));
        fs::create_dir_all(&cache)?;
        fs::create_dir_all(&compilers)?;
        for name in ["gcc", "g++", "gccgo", "clang", "cc"] {
            symlink("/bin/true", compilers.join(name))?;
        }
        Ok(Self { cache, compilers, sdks, toolchains })
    }
}

/// One machine.
pub(crate) struct Machine {
    pub(crate) sdk: Sdk,
    pub(crate) folder: PathBuf,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) cwd: PathBuf,
    /// The words behind `go`.
    pub(crate) questions: Vec<Vec<String>>,
    /// How the SDK was laid out.
    way: String,
}

/// A machine while it is being laid out.
pub(crate) struct Laying<'a> {
    pub(crate) chance: Chance,
    pub(crate) harsh: bool,
    shared: &'a Shared,
    sdk: &'a Sdk,
    other: &'a Sdk,
    folder: PathBuf,
    /// The tree whose go is found.
    tree: PathBuf,
    env: Vec<(String, String)>,
}

/// Lays machine number `case` out in `folder`, which is empty.
pub(crate) fn generate(shared: &Shared, seed: u64, case: u32, folder: &Path) -> Done<Machine> {
    let mut chance = Chance::seeded(seed.wrapping_mul(0x1_0000_0001).wrapping_add(u64::from(case)));
    // Every SDK as often as the others, whatever the number of cases.
    let sdk = &shared.sdks[case as usize % shared.sdks.len()];
    let other = &shared.sdks[chance.below(shared.sdks.len())];
    let harsh = chance.once_in(2);
    let folder = folder.canonicalize()?;
    let tree = sdk.root.clone();
    let mut laying = Laying { chance, harsh, shared, sdk, other, folder, tree, env: Vec::new() };
    for name in ["w/a/b", "home", "tmp", "gp/src/x", "other"] {
        laying.folder(name)?;
    }
    laying.write("file", "a file\n", 0o644)?;
    laying.link("w", "wl")?;
    let (way, entry) = trees::lay(&mut laying)?;
    places::path(&mut laying, &entry)?;
    places::folders(&mut laying)?;
    places::goroot(&mut laying)?;
    variables(&mut laying);
    project::lay(&mut laying)?;
    places::env_files(&mut laying)?;
    toolchains::lay(&mut laying)?;
    let cwd = places::current(&mut laying);
    let questions = questions::ask(&mut laying);
    let cwd = cwd.canonicalize().doing(cwd.display())?;
    Ok(Machine { sdk: sdk.clone(), folder: laying.folder, env: laying.env, cwd, questions, way })
}

/// Variables of the environment.
fn variables(laying: &mut Laying<'_>) {
    let how_many = laying.chance.below(7);
    let mut harsh = if laying.harsh { 1 + laying.chance.below(2) } else { 0 };
    if laying.chance.once_in(4) {
        let known = if laying.harsh { TARGETS.len() } else { 6 };
        let (os, arch) = TARGETS[laying.chance.below(known)];
        match laying.chance.below(4) {
            0 => laying.set("GOOS", os),
            1 => laying.set("GOARCH", arch),
            _ => {
                laying.set("GOOS", os);
                laying.set("GOARCH", arch);
            }
        }
    }
    for _ in 0..how_many {
        let pool = &POOLS[laying.chance.below(POOLS.len())];
        let value = pick(pool, harsh > 0, &mut laying.chance);
        harsh = harsh.saturating_sub(usize::from(pool.harsh.contains(&value)));
        laying.set(pool.name, value);
    }
    if laying.chance.once_in(3) {
        let mode = laying.chance.pick(&[
            "auto",
            "path",
            "local+path",
            "go1.21.13+path",
            "go1.24.13+path",
            "{self}+path",
        ]);
        laying.set("GOTOOLCHAIN", mode);
    }
    if laying.chance.once_in(8) {
        let mild = ["off", "auto", "{t}/other/go.work", "{t}/nowhere/go.work", "{t}/w/", ""];
        let relative = laying.harsh && laying.chance.once_in(3);
        let at = if relative { "rel/go.work" } else { laying.chance.pick(&mild) };
        laying.set("GOWORK", at);
    }
    if !laying.env.iter().any(|(name, _)| name == "GOPROXY") {
        laying.set("GOPROXY", "off");
    }
    if laying.sdk.since(20) && !laying.harsh && !laying.env.iter().any(|(name, _)| name == "GOCACHE") {
        laying.set("GOCACHE", "{cache}");
    }
}

impl Laying<'_> {
    pub(crate) fn write_bytes(&mut self, at: &str, bytes: &[u8]) -> Done {
        let path = self.folder.join(at);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).doing(parent.display())?;
        }
        fs::write(&path, bytes).doing(path.display())
    }

    pub(crate) fn write(&mut self, at: &str, text: &str, mode: u32) -> Done {
        let path = self.folder.join(at);
        if let Some(parent) = path.parent() {
            // What is in the way (a file where a folder should be) stays: it was laid there on purpose.
            if fs::create_dir_all(parent).is_err() || path.is_dir() {
                return Ok(());
            }
        }
        fs::write(&path, text).doing(path.display())?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).doing(path.display())
    }

    pub(crate) fn folder(&mut self, at: &str) -> Done {
        let path = self.folder.join(at);
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(&path).doing(path.display())
    }

    pub(crate) fn link(&mut self, to: &str, at: &str) -> Done {
        let (to, path) = (self.folder.join(to), self.folder.join(at));
        symlink(to, &path).doing(path.display())
    }

    /// The text with the folders of this machine in the place of `{t}` and so on.
    pub(crate) fn filled(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let version = if self.sdk.minor > 20 || self.sdk.patch > 0 {
            format!("go1.{}.{}", self.sdk.minor, self.sdk.patch)
        } else {
            format!("go1.{}", self.sdk.minor)
        };
        text.replace("{t}", &spelled(&self.folder))
            .replace("{sdk}", &spelled(&self.sdk.root))
            .replace("{other}", &spelled(&self.other.root))
            .replace("{tree}", &spelled(&self.tree))
            .replace("{cache}", &spelled(&self.shared.cache))
            .replace("{self}", &version)
    }

    /// Sets a variable; the last one counts.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let value = self.filled(value);
        self.env.retain(|(other, _)| other != name);
        self.env.push((name.to_owned(), value));
    }
}

/// A path as text; those of this suite are UTF-8.
pub(crate) fn spelled(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Machine {
    /// A machine that something else laid out.
    pub(crate) fn elsewhere(sdk: &Sdk, env: Vec<(String, String)>, cwd: &Path) -> Done<Self> {
        let cwd = cwd.canonicalize().doing(cwd.display())?;
        let (folder, questions) = (cwd.clone(), Vec::new());
        Ok(Self { sdk: sdk.clone(), folder, env, cwd, questions, way: String::new() })
    }

    /// Everything that one needs to lay it out by hand.
    pub(crate) fn describe(&self) -> String {
        let mut text = format!("SDK {} found {}\ncwd {}\n", self.sdk.label, self.way, self.cwd.display());
        for (name, value) in &self.env {
            let _ = writeln!(text, "  {name}={value:?}");
        }
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let mut entries: Vec<PathBuf> =
                fs::read_dir(&folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
            entries.sort();
            for entry in entries {
                if let Ok(target) = fs::read_link(&entry) {
                    let _ = writeln!(text, "  {} -> {}", entry.display(), target.display());
                } else if entry.is_dir() {
                    folders.push(entry);
                } else {
                    let bytes = fs::read(&entry).unwrap_or_default();
                    let shown = if bytes.len() > LONGEST_SHOWN {
                        format!("{} bytes", bytes.len())
                    } else {
                        format!("{:?}", String::from_utf8_lossy(&bytes))
                    };
                    let _ = writeln!(text, "  {}: {shown}", entry.display());
                }
            }
        }
        text
    }
}

/// Files longer than this are programs here. Bytes.
const LONGEST_SHOWN: usize = 4096;
