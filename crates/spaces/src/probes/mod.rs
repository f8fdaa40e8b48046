//! Stored probes: captures kept between commands, so that a later one within ten minutes starts no shell.
//!
//! A probe is used again only if it is young, of this version, started from the same environment in the same folder
//! by the same shell, and none of its inputs ([`inputs`]) has changed since. Its file holds first what decides that, one
//! line of JSON and the inputs, so that the capture itself is read only where it is used.

mod inputs;
mod mentions;

pub(crate) use inputs::Seen;

use model::{Layer, Name, Problem, Shadow, Value};
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
/// Version of the file's form, beside that of the capture.
const FORM: u32 = 2;

/// What is kept of one probe.
#[derive(Clone, Debug)]
pub struct StoredProbe {
    pub space: String,
    pub shell: Shell,
    pub mode: Mode,
    pub taken_ms: i64,
    /// So many of the inputs, the first ones, are files that the start-up read or looked for.
    files: usize,
    /// The file, where its inputs begin, and where the capture, which is stored without what is told by the inputs, or
    /// by who asks.
    stored: Vec<u8>,
    inputs: usize,
    capture: usize,
}

/// The first line of a probe's file.
#[derive(Serialize, Deserialize)]
struct Head {
    form: u32,
    version: u32,
    space: String,
    shell: Shell,
    mode: Mode,
    taken_ms: i64,
    /// Length of the inputs, bytes.
    inputs: usize,
    files: usize,
}

/// A [`Capture`] as it is stored.
#[derive(Serialize)]
struct Kept<'c> {
    version: u32,
    /// What it was given is told by the file's name, and its files by the inputs.
    base: [(); 0],
    environment: Option<&'c [(Name, Value)]>,
    layers: &'c [Layer],
    problems: &'c [Problem],
    time_ms: u64,
    shadow: Option<&'c Shadow>,
}

impl StoredProbe {
    fn read(stored: Vec<u8>) -> Option<Self> {
        let end = stored.iter().position(|&b| b == b'\n')?;
        let head: Head = serde_json::from_slice(&stored[..end]).ok()?;
        let Head { form, version, space, shell, mode, taken_ms, files, .. } = head;
        let inputs = end + 1;
        let capture = inputs.checked_add(head.inputs).filter(|at| *at <= stored.len())?;
        (form == FORM && version == CAPTURE_VERSION).then_some(Self {
            space,
            shell,
            mode,
            taken_ms,
            files,
            stored,
            inputs,
            capture,
        })
    }

    fn inputs(&self) -> &[u8] {
        &self.stored[self.inputs..self.capture]
    }

    /// Whether its inputs are what they were.
    pub fn is_fresh(&self, system: &dyn System) -> bool {
        let age = system.now_ms() - self.taken_ms;
        (0..YOUNG_MS).contains(&age) && inputs::unchanged(self.inputs(), system)
    }

    /// What was captured; what the shell was given then is not kept.
    pub fn capture(&self) -> Option<Capture> {
        let mut capture: Capture = serde_json::from_slice(&self.stored[self.capture..]).ok()?;
        capture.files = inputs::paths(self.inputs()).take(self.files).map(str::to_owned).collect();
        Some(capture)
    }
}

fn key(space: &str, request: &Request) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(request.shell.path.as_bytes());
    part(request.mode.variant().as_bytes());
    part(&[u8::from(request.mode.login), u8::from(request.terminal.is_some()), u8::from(request.detached)]);
    part(request.cwd.as_bytes());
    part(request.options.join("\0").as_bytes());
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
    format!("probe-{safe}-{hex}")
}

/// The stored capture for this start, and when it was taken (ms since 1970), if it may be used.
pub(crate) fn load(
    system: &dyn System,
    store: &Store,
    space: &str,
    request: &Request,
) -> Option<(Capture, i64)> {
    let probe = StoredProbe::read(store.read(&key(space, request))?)?;
    if !probe.is_fresh(system) {
        return None;
    }
    let mut capture = probe.capture()?;
    // The name of the file says that it was given just this.
    capture.base.clone_from(&request.base);
    Some((capture, probe.taken_ms))
}

/// Keeps a capture. Failing to is no failure of the answer.
pub(crate) fn keep(
    system: &dyn System,
    store: &Store,
    seen: &Seen,
    space: &str,
    request: &Request,
    capture: &Capture,
) {
    // Our own folder may be a new name in the home: it must be there before the names are looked at.
    let _ = store.make();
    let inputs = inputs::of(system, seen, request, capture);
    let head = Head {
        form: FORM,
        version: capture.version,
        space: space.to_owned(),
        shell: request.shell.clone(),
        mode: request.mode,
        taken_ms: system.now_ms(),
        inputs: inputs.len(),
        files: capture.files.len(),
    };
    let rest = Kept {
        version: capture.version,
        base: [],
        environment: capture.environment.as_deref(),
        layers: &capture.layers,
        problems: &capture.problems,
        time_ms: capture.time_ms,
        shadow: capture.shadow.as_ref(),
    };
    if let (Ok(mut bytes), Ok(rest)) = (serde_json::to_vec(&head), serde_json::to_vec(&rest)) {
        bytes.push(b'\n');
        bytes.extend(inputs);
        bytes.extend(rest);
        let _ = store.write_anew(&key(space, request), &bytes);
    }
}

/// Takes away what is too old to be of use; a probe has a name of its own for every environment it started from. Each
/// file is looked at, so this is for the end of a survey that kept probes.
pub(crate) fn forget(system: &dyn System, store: &Store) {
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
        .filter_map(|(_, key)| StoredProbe::read(store.read(&key)?))
        .filter(|probe| probe.is_fresh(system))
        .collect()
}

/// Every stored probe, fresh or not, newest first.
pub fn stored_probes(store: &Store) -> Vec<StoredProbe> {
    let mut probes: Vec<StoredProbe> = store
        .keys()
        .iter()
        .filter(|k| k.starts_with("probe-"))
        .filter_map(|k| StoredProbe::read(store.read(k)?))
        .collect();
    probes.sort_by_key(|p| std::cmp::Reverse(p.taken_ms));
    probes
}
