//! Stored probes: captures kept between commands, so that a later one within ten minutes starts no shell.
//!
//! A probe is used again only if it is young, of this version, started from the same environment in the same folder
//! by the same shell, and no file that the start-up read or looked for has changed since.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shells::{CAPTURE_VERSION, Capture, Mode, Request, Shell};
use std::collections::BTreeSet;
use system::System;
use system::store::Store;

/// Age up to which a stored probe is used, milliseconds (ten minutes).
const YOUNG_MS: i64 = 10 * 60 * 1000;
/// Age from which one is of no use, not even to name spaces while a command line is completed (a week).
const FORGOTTEN_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// What is kept of one probe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredProbe {
    pub space: String,
    pub shell: Shell,
    pub mode: Mode,
    pub taken_ms: i64,
    pub capture: Capture,
    stamps: Vec<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    path: String,
    /// Modification time (ms), length, owner and mode; `None` where the file is not there.
    state: Option<(i64, u64, u32, u32)>,
}

impl StoredProbe {
    /// Whether its inputs are what they were.
    pub fn is_fresh(&self, system: &dyn System) -> bool {
        let age = system.now_ms() - self.taken_ms;
        self.capture.version == CAPTURE_VERSION
            && (0..YOUNG_MS).contains(&age)
            && self.stamps.iter().all(|s| *s == stamp(system, &s.path))
    }
}

fn stamp(system: &dyn System, path: &str) -> Stamp {
    let state = system.metadata(path).ok().map(|m| (m.modified_ms, m.len, m.uid, m.mode));
    Stamp { path: path.to_owned(), state }
}

fn key(space: &str, request: &Request) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(request.shell.path.as_bytes());
    part(request.mode.variant().as_bytes());
    part(&[u8::from(request.mode.login), u8::from(request.terminal.is_some())]);
    part(request.cwd.as_bytes());
    part(request.arg0.as_deref().unwrap_or_default().as_bytes());
    let mut base: Vec<_> = request.base.iter().collect();
    base.sort();
    for (name, value) in base {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let safe: String = space.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("probe-{safe}-{hex}.json")
}

/// The stored capture for this start, if it may be used.
pub(crate) fn load(
    system: &dyn System,
    store: &Store,
    space: &str,
    request: &Request,
) -> Option<StoredProbe> {
    let bytes = store.read(&key(space, request))?;
    let probe: StoredProbe = serde_json::from_slice(&bytes).ok()?;
    probe.is_fresh(system).then_some(probe)
}

/// Keeps a capture. Failing to is no failure of the answer.
pub(crate) fn keep(system: &dyn System, store: &Store, space: &str, request: &Request, capture: &Capture) {
    let mut paths = capture.files.clone();
    paths.push(request.shell.path.clone());
    paths.extend(folders_of_pieces(&capture.files));
    let probe = StoredProbe {
        space: space.to_owned(),
        shell: request.shell.clone(),
        mode: request.mode,
        taken_ms: system.now_ms(),
        capture: capture.clone(),
        stamps: paths.iter().map(|p| stamp(system, p)).collect(),
    };
    if let Ok(bytes) = serde_json::to_vec(&probe) {
        let _ = store.write(&key(space, request), &bytes);
    }
    forget(system, store);
}

/// Folders of pieces that are all read (`conf.d`, `profile.d`, `~/.bashrc.d`): their time changes when one comes or goes.
fn folders_of_pieces(files: &[String]) -> BTreeSet<String> {
    let parents = files.iter().filter_map(|file| file.rsplit_once('/').map(|(parent, _)| parent));
    parents.filter(|parent| parent.ends_with(".d")).map(str::to_owned).collect()
}

/// Takes away what is too old to be of use; a probe has a name of its own for every environment it started from.
fn forget(system: &dyn System, store: &Store) {
    let now = system.now_ms();
    let old = |key: &String| store.modified_ms(key).is_some_and(|written| now - written > FORGOTTEN_MS);
    for key in store.keys().into_iter().filter(|k| k.starts_with("probe-")).filter(old) {
        let _ = store.remove(&key);
    }
}

/// The newest fresh probe of each interactive shell space, newest first. Names and ages of the files decide which are
/// opened at all.
pub fn fresh_interactive_probes(system: &dyn System, store: &Store) -> Vec<StoredProbe> {
    let now = system.now_ms();
    let named = |key: &String| {
        key.starts_with("probe-") && (key.contains("-interactive-") || key.contains("-prompt-"))
    };
    let mut recent: Vec<(i64, String)> = store
        .keys()
        .into_iter()
        .filter(named)
        .filter_map(|key| Some((store.modified_ms(&key)?, key)))
        .filter(|(written, _)| (0..YOUNG_MS).contains(&(now - written)))
        .collect();
    recent.sort_by(|a, b| b.cmp(a));
    let mut spaces = BTreeSet::new();
    recent
        .into_iter()
        // The space's part of the name: what stands before the hash.
        .filter(|(_, key)| key.rsplit_once('-').is_some_and(|(space, _)| spaces.insert(space.to_owned())))
        .filter_map(|(_, key)| serde_json::from_slice::<StoredProbe>(&store.read(&key)?).ok())
        .filter(|probe| probe.is_fresh(system))
        .collect()
}

/// Every stored probe, fresh or not, newest first.
pub fn stored_probes(store: &Store) -> Vec<StoredProbe> {
    let mut probes: Vec<StoredProbe> = store
        .keys()
        .iter()
        .filter(|k| k.starts_with("probe-"))
        .filter_map(|k| serde_json::from_slice(&store.read(k)?).ok())
        .collect();
    probes.sort_by_key(|p| std::cmp::Reverse(p.taken_ms));
    probes
}
