//! The inputs of a probe: what the start-up read, and what it would have found if it had been there.
//!
//! A shell does not tell which files its start-up only tests for (`[ -f ~/.extra ] && . ~/.extra`). So the names in
//! the folders of what it read, and in the home, are inputs too, and the paths that its files spell out
//! ([`super::mentions`]). Not here: the environment, which is part of a probe's name.

use super::mentions::{Mention, Mentions};
use shells::{Capture, Request};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use system::{FileKind, Metadata, System};

/// More than these of a kind are no longer what one start-up looks for.
const MOST_FOLDERS: usize = 100;
const MOST_MENTIONED: usize = 300;

/// The state of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// Nothing is there.
    Absent,
    /// Something is there; that is all that counts.
    Present,
    /// Modification time (ms), length, owner and mode.
    File(i64, u64, u32, u32),
    /// Modification time (ms) of a folder, and a digest of the names in it, which counts where the time differs.
    Names(i64, u64),
    /// The same of the names that begin with a dot: in a home all sorts of things come and go.
    DotNames(i64, u64),
}

/// Appends an input as it is stored: a sign, numbers, the path, NUL. Hundreds are read at every command.
fn write(out: &mut Vec<u8>, path: &str, state: &State) {
    let text = match state {
        State::Absent => format!("- {path}\0"),
        State::Present => format!("+ {path}\0"),
        State::File(modified, len, uid, mode) => format!("f {modified} {len} {uid} {mode} {path}\0"),
        State::Names(modified, digest) => format!("n {modified} {digest} {path}\0"),
        State::DotNames(modified, digest) => format!("d {modified} {digest} {path}\0"),
    };
    out.extend(text.into_bytes());
}

/// The inverse of [`write`]; nothing from the first that cannot be read on.
fn read(stored: &[u8]) -> impl Iterator<Item = Option<(&str, State)>> {
    let stored = stored.strip_suffix(b"\0").unwrap_or(stored);
    stored.split(|&b| b == 0).map(|one| read_one(std::str::from_utf8(one).ok()?))
}

fn read_one(text: &str) -> Option<(&str, State)> {
    let (sign, mut rest) = text.split_once(' ')?;
    let mut word = || {
        let (word, after) = rest.split_once(' ')?;
        rest = after;
        Some(word)
    };
    let state = match sign {
        "-" => State::Absent,
        "+" => State::Present,
        "f" => State::File(
            word()?.parse().ok()?,
            word()?.parse().ok()?,
            word()?.parse().ok()?,
            word()?.parse().ok()?,
        ),
        "n" => State::Names(word()?.parse().ok()?, word()?.parse().ok()?),
        "d" => State::DotNames(word()?.parse().ok()?, word()?.parse().ok()?),
        _ => return None,
    };
    Some((rest, state))
}

/// The paths of stored inputs.
pub(super) fn paths(stored: &[u8]) -> impl Iterator<Item = &str> {
    read(stored).map_while(|input| input.map(|(path, _)| path))
}

/// Whether all are what they were.
pub(super) fn unchanged(stored: &[u8], system: &dyn System) -> bool {
    read(stored).all(|input| input.is_some_and(|(path, state)| is_unchanged(system, path, &state)))
}

fn is_unchanged(system: &dyn System, path: &str, state: &State) -> bool {
    let now = system.metadata(path).ok();
    match (state, &now) {
        (State::Absent, None) | (State::Present, Some(_)) => true,
        (State::File(..), Some(now)) => *state == file(now),
        (State::Names(modified, digest), Some(now)) => {
            now.modified_ms == *modified || digest_of(system, path, false) == *digest
        }
        (State::DotNames(modified, digest), Some(now)) => {
            now.modified_ms == *modified || digest_of(system, path, true) == *digest
        }
        _ => false,
    }
}

fn file(metadata: &Metadata) -> State {
    State::File(metadata.modified_ms, metadata.len, metadata.uid, metadata.mode)
}

/// FNV-1a, 64 bits: names change by accident, nobody forges them.
fn digest_of(system: &dyn System, folder: &str, dotted: bool) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let names = system.read_dir(folder).unwrap_or_default();
    for name in names.iter().filter(|n| !dotted || n.starts_with('.')) {
        for byte in name.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// What files were found to mention, kept for the other starts that read them.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<(String, i64, u64), Arc<Mentions>>>);

impl Seen {
    fn mentions(&self, system: &dyn System, path: &str, metadata: &Metadata) -> Option<Arc<Mentions>> {
        if metadata.kind != FileKind::File {
            return None;
        }
        let key = (path.to_owned(), metadata.modified_ms, metadata.len);
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(Arc::clone(known));
        }
        let found = Arc::new(Mentions::of(&system.read(path).ok()?));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&found));
        Some(found)
    }
}

/// The inputs of a capture, its files first.
pub(super) fn of(system: &dyn System, seen: &Seen, request: &Request, capture: &Capture) -> Vec<u8> {
    let home = request.home();
    let mut inputs = Vec::new();
    let files: Vec<(&String, Option<Metadata>)> = capture
        .files
        .iter()
        .chain([&request.shell.path])
        .map(|path| (path, system.metadata(path).ok()))
        .collect();
    for (path, metadata) in &files {
        write(&mut inputs, path, &metadata.as_ref().map_or(State::Absent, file));
    }

    let mut mentioned = BTreeSet::new();
    let mut folders: BTreeSet<String> = capture
        .files
        .iter()
        .filter_map(|file| file.rsplit_once('/').map(|(parent, _)| parent.to_owned()))
        .filter(|parent| *parent != home)
        .collect();
    for (path, metadata) in files.iter().take(capture.files.len()) {
        let Some(mentions) = metadata.as_ref().and_then(|m| seen.mentions(system, path, m)) else { continue };
        for mention in mentions.resolved(|name| variable(request, capture, name)) {
            match mention {
                Mention::Path(path) => mentioned.insert(path),
                // That is seen to in any case.
                Mention::In { folder, dotted: true } if folder == home => continue,
                Mention::In { folder, .. } => folders.insert(folder),
            };
        }
    }
    let in_home = |path: &str| home.len() > 1 && (path == home || path.starts_with(&format!("{home}/")));
    // What else files are read from (`/usr/share`, `/bin`) is changed by installing something.
    folders.retain(|folder| in_home(folder) || folder.starts_with("/etc/") || folder.ends_with(".d"));
    for folder in folders.iter().take(MOST_FOLDERS) {
        write_names(&mut inputs, system, folder, false);
    }
    if home.len() > 1 {
        write_names(&mut inputs, system, &home, true);
    }
    for path in &capture.files {
        mentioned.remove(path);
    }
    for path in mentioned.iter().take(MOST_MENTIONED) {
        let state = if system.exists(path) { State::Present } else { State::Absent };
        write(&mut inputs, path, &state);
    }
    inputs
}

/// The value of a variable that a path begins with: what the shell was given, or what its start-up made of it.
fn variable(request: &Request, capture: &Capture, name: &str) -> Option<String> {
    let after = capture.environment.iter().flatten().find(|(n, _)| n.is(name)).map(|(_, value)| value);
    after.or_else(|| request.base_value(name)).map(|value| value.to_text().into_owned())
}

fn write_names(out: &mut Vec<u8>, system: &dyn System, folder: &str, dotted: bool) {
    let Ok(metadata) = system.metadata(folder) else { return };
    let digest = digest_of(system, folder, dotted);
    let state = if dotted {
        State::DotNames(metadata.modified_ms, digest)
    } else {
        State::Names(metadata.modified_ms, digest)
    };
    write(out, folder, &state);
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Name, Value};
    use shells::{CAPTURE_VERSION, Mode, Shell, ShellKind};
    use system::Limits;
    use system::memory::{Entry, MemorySystem};

    fn request() -> Request {
        let shell = Shell { kind: ShellKind::Bash, family: "bash".into(), path: "/bin/bash".into() };
        Request {
            shell,
            mode: Mode::INTERACTIVE,
            base: vec![(Name::from("HOME"), Value::from("/home/ann"))],
            cwd: "/home/ann".into(),
            arg0: None,
            terminal: None,
            detached: false,
            options: Vec::new(),
            uid: 1000,
            limits: Limits::default(),
        }
    }

    fn capture() -> Capture {
        Capture {
            version: CAPTURE_VERSION,
            base: Vec::new(),
            environment: Some(Vec::new()),
            layers: Vec::new(),
            problems: Vec::new(),
            time_ms: 1,
            shadow: None,
            files: vec!["/home/ann/.bashrc".into(), "/home/ann/lib/a.sh".into()],
        }
    }

    /// Folders as old as that: making a file in one makes it younger.
    fn machine_at(folders_ms: i64) -> MemorySystem {
        MemorySystem::linux()
            .entry("/home/ann", Entry::folder().modified_ms(folders_ms))
            .entry("/home/ann/lib", Entry::folder().modified_ms(folders_ms))
            .file("/bin/bash", "")
            .file(
                "/home/ann/.bashrc",
                "[ -f ~/conf/extra ] && . ~/conf/extra\nfor f in ~/.{a,b}; do :; done\n",
            )
            .file("/home/ann/lib/a.sh", "")
    }

    fn machine() -> MemorySystem {
        machine_at(2)
    }

    #[test]
    fn what_the_start_up_would_have_read_is_an_input() {
        let inputs = of(&machine_at(1), &Seen::default(), &request(), &capture());
        let unchanged = |machine: MemorySystem| unchanged(&inputs, &machine);
        assert_eq!(paths(&inputs).next(), Some("/home/ann/.bashrc"));
        assert!(unchanged(machine_at(1)) && unchanged(machine()));
        // Spelled out, beside a file that was read, and with a dot in the home.
        assert!(!unchanged(machine().file("/home/ann/conf/extra", "")));
        assert!(!unchanged(machine().file("/home/ann/lib/b.sh", "")));
        assert!(!unchanged(machine().file("/home/ann/.b", "")));
        // Neither.
        assert!(unchanged(machine().file("/home/ann/letter.txt", "").file("/home/ann/conf/other", "")));
    }
}
