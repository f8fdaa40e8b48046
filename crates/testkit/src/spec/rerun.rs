//! The runs of a spec, had anew from the real shells.
//!
//! The spec's files are laid out in a temporary folder, which a private mount namespace shows as `/home`, `/etc`,
//! `/opt` and `/usr/local`; there the shells are started as the spec's user, from the environment that the spec's
//! machine gives them. So a spec cannot tell of a shell what the shell does not do. Linux, as root.

use super::scenario::Scenario;
use super::{Fault, markdown, run_text};
use model::{Name, SpaceId, Value};
use spaces::{Base, GoOf, Options, survey};
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use system::memory::MemorySystem;
use system::os::Real;
use system::{
    FileKind, Limits, Metadata, Os, Process, ReadError, RegistryValue, RunOutcome, RunSpec, System, User,
};

/// Folders of the machine that are the spec's own while its shells run.
const OWN_FOLDERS: &[&str] = &["home", "etc", "opt", "usr/local"];
/// What programs need of `/etc` to start at all; nothing here sets a variable.
const NEEDED_OF_ETC: &[&str] = &["ld.so.cache", "nsswitch.conf", "alternatives", "localtime"];

/// Runs the shells of the spec at `path` and rewrites its `run` blocks; whether anything changed. `program` is this
/// very program, which answers to `--inside SPEC`.
pub fn rerun(path: &Path, program: &Path) -> Result<bool, Fault> {
    let fault = |what: String| Fault { path: path.to_owned(), line: 1, what };
    let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
    let scenario = Scenario::parse(path, &text)?;
    if scenario.runs().next().is_none() {
        return Ok(false);
    }
    let machine = scenario.machine()?;
    if machine.os() != Os::Linux {
        return Err(fault("its shells can be run on a Linux machine only – leave the run out".to_owned()));
    }
    let root = tempfile::tempdir().map_err(|e| fault(e.to_string()))?;
    lay_out(&machine, root.path(), program, &text).map_err(|e| fault(format!("cannot be laid out: {e}")))?;
    let answer = run_inside(&machine, root.path()).map_err(fault)?;
    let captures: BTreeMap<String, String> =
        serde_json::from_slice(&answer).map_err(|e| fault(format!("the shells' runs are not told: {e}")))?;
    let mut changes = Vec::new();
    for (key, block) in scenario.runs() {
        let new = captures.get(key).ok_or_else(|| Fault {
            line: block.line,
            ..fault(format!("no shell was run for `{key}` – name a space that starts one"))
        })?;
        changes.push((block.lines.clone(), new.clone()));
    }
    let new = markdown::replace(&text, &changes);
    if new == text {
        return Ok(false);
    }
    std::fs::write(path, new).map_err(|e| fault(e.to_string()))?;
    Ok(true)
}

fn lay_out(machine: &MemorySystem, root: &Path, program: &Path, text: &str) -> std::io::Result<()> {
    let owner = machine.user();
    let all_seeing = machine.clone().as_user(User { uid: 0, gid: 0, ..owner.clone() });
    for folder in OWN_FOLDERS {
        let target = root.join(folder);
        std::fs::create_dir_all(&target)?;
        copy(machine, &all_seeing, &format!("/{folder}"), &target)?;
    }
    for name in NEEDED_OF_ETC {
        let (from, to) = (Path::new("/etc").join(name), root.join("etc").join(name));
        if from.exists() && !to.exists() {
            Command::new("cp").arg("-a").arg(&from).arg(&to).status()?;
        }
    }
    let passwd = root.join("etc/passwd");
    if !passwd.exists() {
        let User { name, uid, gid, home, shell } = &owner;
        let users = format!("root:x:0:0:root:/root:/bin/bash\n{name}:x:{uid}:{gid}::{home}:{shell}\n");
        std::fs::write(passwd, users)?;
    }
    std::fs::copy(program, root.join("inside"))?;
    std::fs::write(root.join("spec.md"), text)?;
    for path in ["", "inside", "home", "etc", "opt", "usr", "usr/local"] {
        std::fs::set_permissions(root.join(path), std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Copies a folder of the machine to the disk, with modes and owners as the machine's own user sees them.
fn copy(machine: &MemorySystem, all_seeing: &MemorySystem, from: &str, to: &Path) -> std::io::Result<()> {
    for name in all_seeing.read_dir(from).unwrap_or_default() {
        let (from, to) = (format!("{from}/{name}"), to.join(&name));
        let Ok(metadata) = machine.symlink_metadata(&from).or_else(|_| all_seeing.symlink_metadata(&from))
        else {
            continue;
        };
        match metadata.kind {
            FileKind::Symlink => {
                symlink(machine.read_link(&from).unwrap_or_default(), &to)?;
                continue;
            }
            FileKind::Folder => {
                std::fs::create_dir_all(&to)?;
                copy(machine, all_seeing, &from, &to)?;
            }
            FileKind::File | FileKind::Other => {
                std::fs::write(&to, all_seeing.read(&from).unwrap_or_default())?;
            }
        }
        chown(&to, Some(metadata.uid), Some(metadata.gid))?;
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(metadata.mode))?;
    }
    Ok(())
}

fn run_inside(machine: &MemorySystem, root: &Path) -> Result<Vec<u8>, String> {
    let mut script = "set -e\n".to_owned();
    for folder in OWN_FOLDERS {
        script.push_str(&format!("mount --bind \"$1/{folder}\" /{folder}\n"));
    }
    let User { uid, gid, .. } = machine.user();
    script.push_str(&format!(
        "cd /\nexec setpriv --reuid={uid} --regid={gid} --clear-groups -- \"$1/inside\" --inside \"$1/spec.md\"\n"
    ));
    let output = Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", &script, "sh"])
        .arg(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("`unshare` cannot be started: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("its shells could not be run – be root on Linux: {}", said.trim()))
}

/// What stands on standard output inside the namespace: JSON of run keys and their texts.
pub fn inside(spec: &Path) -> Result<String, Fault> {
    let fault = |what: String| Fault { path: spec.to_owned(), line: 1, what };
    let text = std::fs::read_to_string(spec).map_err(|e| fault(e.to_string()))?;
    let scenario = Scenario::parse(spec, &text)?;
    let machine = Stage { machine: scenario.machine()?, real: Real::for_tests(), runs: Mutex::default() };
    let spaces = scenario.runs().map(|(key, _)| key.parse::<SpaceId>());
    let spaces: Result<Vec<SpaceId>, _> = spaces.collect();
    let options = Options {
        all: true,
        base: Base::Login,
        project: machine.current_dir().unwrap_or_default(),
        spaces: Some(spaces.map_err(|e| fault(e.to_string()))?),
        limits: Limits::default(),
        refresh: true,
        probes: None,
        progress: None,
        live: false,
        go: GoOf::Every,
        open: spaces::vscode::Open::default(),
    };
    survey(&machine, &options);
    let runs = machine.runs.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut texts = BTreeMap::new();
    for (key, bytes) in runs {
        let capture = serde_json::from_slice(&bytes).map_err(|e| fault(e.to_string()))?;
        texts.insert(key, run_text::to_text(&capture));
    }
    serde_json::to_string(&texts).map_err(|e| fault(e.to_string()))
}

/// A spec's machine on which programs are really run.
struct Stage {
    machine: MemorySystem,
    real: Real,
    runs: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl System for Stage {
    fn os(&self) -> Os {
        self.machine.os()
    }

    fn arch(&self) -> String {
        System::arch(&self.machine)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.machine.read(path)
    }

    fn read_at(&self, path: &str, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        self.machine.read_at(path, offset, len)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.machine.metadata(path)
    }

    fn symlink_metadata(&self, path: &str) -> Result<Metadata, ReadError> {
        self.machine.symlink_metadata(path)
    }

    fn read_link(&self, path: &str) -> Result<String, ReadError> {
        self.machine.read_link(path)
    }

    fn canonicalize(&self, path: &str) -> Result<String, ReadError> {
        self.machine.canonicalize(path)
    }

    fn read_dir(&self, path: &str) -> Result<Vec<String>, ReadError> {
        self.machine.read_dir(path)
    }

    fn is_executable(&self, path: &str) -> bool {
        self.machine.is_executable(path)
    }

    fn environment(&self) -> Vec<(Name, Value)> {
        self.machine.environment()
    }

    fn current_dir(&self) -> Result<String, ReadError> {
        self.machine.current_dir()
    }

    fn user(&self) -> User {
        self.machine.user()
    }

    fn pid(&self) -> u32 {
        self.machine.pid()
    }

    fn host_name(&self) -> String {
        self.machine.host_name()
    }

    fn processes(&self) -> Vec<Process> {
        self.machine.processes()
    }

    fn process_environment(&self, pid: u32) -> Result<Vec<(Name, Value)>, ReadError> {
        self.machine.process_environment(pid)
    }

    fn registry_values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        self.machine.registry_values(key)
    }

    fn registry_subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        self.machine.registry_subkeys(key)
    }

    fn now_ms(&self) -> i64 {
        self.machine.now_ms()
    }

    fn can_run(&self) -> bool {
        true
    }

    fn run(&self, spec: &RunSpec) -> RunOutcome {
        self.real.run(spec)
    }

    /// None: what the spec holds is what is to be had anew.
    fn recorded_run(&self, _key: &str) -> Option<Vec<u8>> {
        None
    }

    fn keeps_runs(&self) -> bool {
        true
    }

    fn note_run(&self, key: &str, bytes: &[u8]) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), bytes.to_vec());
    }
}
