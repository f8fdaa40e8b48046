//! Temporary homes in which real shells are started, and questions to what came of it.

#![expect(dead_code, reason = "each test program asks its own part of these questions")]
#![expect(
    clippy::disallowed_methods,
    reason = "homes are laid out on the real disk, beside the machine's trait"
)]

use model::{After, Confidence, Effect, Name, Value};
use shells::{Capture, Mode, PER_RUN_NAMES, Request, Shell, capture, identify};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use system::Limits;
use system::os::Real;

pub(crate) struct Home {
    folder: tempfile::TempDir,
    pub(crate) base: Vec<(Name, Value)>,
    pub(crate) limits: Limits,
    pub(crate) arg0: Option<String>,
    shell: Shell,
}

impl Home {
    /// `files`: path below the home, text.
    pub(crate) fn new(shell: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("home").tempdir().expect("a folder for the home");
        let home = Self {
            base: Vec::new(),
            limits: Limits { cpu_ms: 6_000, idle_ms: 1_500, wall_ms: 30_000, output: 8 << 20 },
            arg0: None,
            shell: identify(&Real::for_tests(), shell).expect("the shell is installed"),
            folder,
        };
        for (path, text) in files {
            home.write(path, text.as_bytes());
        }
        let text = home.path("");
        home.with("HOME", text.trim_end_matches('/'))
            .with("USER", "ann")
            .with("PATH", "/usr/local/bin:/usr/bin:/bin")
            .with("TERM", "xterm-256color")
            .with("LANG", "C.UTF-8")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.base.push((name.into(), value.into()));
        self
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder in the home");
        std::fs::write(path, bytes).expect("a file in the home");
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(path)).expect("a file of the home")
    }

    /// Absolute path of a file of the home.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.folder.path().display())
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn request(&self, mode: Mode) -> Request {
        Request {
            shell: self.shell.clone(),
            mode,
            base: self.base.clone(),
            cwd: self.folder.path().display().to_string(),
            arg0: self.arg0.clone(),
            terminal: None,
            detached: false,
            options: Vec::new(),
            uid: 0,
            limits: self.limits,
        }
    }

    pub(crate) fn capture(&self, mode: Mode) -> Captured {
        let request = self.request(mode);
        let captured =
            Captured { capture: capture(&Real::for_tests(), &request), home: self.folder.path().to_owned() };
        captured.check_fold();
        captured
    }

    /// The environment by another way: the shell writes `/proc/self/environ` of a program that it starts.
    pub(crate) fn independent(&self, options: &[&str]) -> BTreeMap<Name, Value> {
        let out = self.folder.path().join(".independent");
        let script = format!("/bin/cat /proc/self/environ >{}", out.display());
        // A session of its own: nothing here can reach the terminal of whoever runs the tests.
        let mut child = Command::new("setsid");
        child.arg("--wait").arg(&self.shell.path).args(options).args(["-c", &script]);
        child.current_dir(self.folder.path()).env_clear();
        for (name, value) in &self.base {
            child.env(&*name.to_text(), &*value.to_text());
        }
        child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        child.status().expect("the shell runs");
        let block = std::fs::read(&out).expect("the environment of the independent run");
        std::fs::remove_file(out).expect("the file is there");
        environment(block.split(|&b| b == 0).filter_map(|entry| {
            let equals = entry.iter().position(|&b| b == b'=')?;
            Some((Name::from(&entry[..equals]), Value::from(&entry[equals + 1..])))
        }))
    }
}

fn environment(all: impl Iterator<Item = (Name, Value)>) -> BTreeMap<Name, Value> {
    all.filter(|(n, _)| !PER_RUN_NAMES.iter().any(|p| n.is(p))).collect()
}

pub(crate) struct Captured {
    pub(crate) capture: Capture,
    home: PathBuf,
}

impl Captured {
    pub(crate) fn environment(&self) -> BTreeMap<Name, Value> {
        let all = self.capture.environment.clone().expect("the start came to its end");
        environment(all.into_iter())
    }

    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.environment().get(&Name::from(name)).map(|v| v.to_text().into_owned())
    }

    pub(crate) fn effects(&self, name: &str) -> Vec<&Effect> {
        self.capture.layers.iter().flat_map(|l| &l.effects).filter(|e| e.name.is(name)).collect()
    }

    pub(crate) fn last(&self, name: &str) -> &Effect {
        self.effects(name)
            .last()
            .copied()
            .unwrap_or_else(|| panic!("nothing set {name}: {:#?}", self.capture))
    }

    /// `.bashrc:3` for what set the variable last.
    pub(crate) fn origin(&self, name: &str) -> String {
        self.show(&self.last(name).origin)
    }

    pub(crate) fn origins(&self, name: &str) -> Vec<String> {
        self.effects(name).iter().map(|e| self.show(&e.origin)).collect()
    }

    pub(crate) fn show(&self, origin: &model::Origin) -> String {
        match origin {
            model::Origin::File(place) => self.place(place),
            other => format!("{other:?}"),
        }
    }

    pub(crate) fn place(&self, place: &model::Place) -> String {
        let path = Path::new(&place.path);
        let path = path.strip_prefix(&self.home).unwrap_or(path);
        format!("{}:{}", path.display(), place.line)
    }

    /// How it came there: `function f .bashrc:9`.
    pub(crate) fn via(&self, name: &str) -> String {
        let Some(via) = &self.last(name).via else { return String::new() };
        let line = via.generated_line.map(|l| format!(" line {l}")).unwrap_or_default();
        format!("{} {}{line}", via.how, self.place(&via.place))
    }

    pub(crate) fn confidence(&self, name: &str) -> Confidence {
        self.last(name).confidence
    }

    pub(crate) fn problem(&self, code: &str) -> &model::Problem {
        let found = self.capture.problems.iter().find(|p| p.code == code);
        found.unwrap_or_else(|| panic!("no problem {code}: {:#?}", self.capture.problems))
    }

    pub(crate) fn layer(&self, id: &str) -> &model::Layer {
        self.capture.layers.iter().find(|l| l.id == id).expect("the layer")
    }

    /// The layers end in exactly what the plain run gave.
    fn check_fold(&self) {
        let Some(real) = &self.capture.environment else { return };
        let mut folded: BTreeMap<Name, Value> = self.capture.base.iter().cloned().collect();
        for effect in self.capture.layers.iter().flat_map(|l| &l.effects) {
            match &effect.after {
                After::Set(value) => drop(folded.insert(effect.name.clone(), value.clone())),
                After::Unset | After::Unreadable { .. } => drop(folded.remove(&effect.name)),
            }
        }
        assert_eq!(folded, real.iter().cloned().collect(), "the layers end in the environment");
    }
}

pub(crate) fn is_installed(program: &str) -> bool {
    ["/usr/local/bin", "/usr/bin", "/bin"].iter().any(|folder| Path::new(folder).join(program).exists())
}

pub(crate) fn make_executable(path: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
}

/// An argument for `sleep` that no other process has.
pub(crate) fn unlikely_seconds() -> String {
    format!("77{}", std::process::id())
}

/// Processes of this machine with the argument.
pub(crate) fn processes_named(argument: &str) -> usize {
    pids_named(argument).len()
}

pub(crate) fn end_processes_named(argument: &str) {
    for pid in pids_named(argument) {
        let _ = Command::new("kill").arg("-9").arg(pid).status();
    }
}

fn pids_named(argument: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("/proc").filter_map(Result::ok);
    processes
        .filter_map(|process| {
            let line = std::fs::read(process.path().join("cmdline")).ok()?;
            let named = line.split(|&b| b == 0).any(|a| a == argument.as_bytes());
            named.then(|| process.file_name().to_string_lossy().into_owned())
        })
        .collect()
}

/// A shell under a name of its own.
pub(crate) struct Named {
    _folder: tempfile::TempDir,
    pub(crate) path: String,
}

impl Named {
    pub(crate) fn new(name: &str, program: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("shell").tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::os::unix::fs::symlink(program, &path).expect("a link to the shell");
        Self { path: path.display().to_string(), _folder: folder }
    }
}
