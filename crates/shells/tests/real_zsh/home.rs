//! A temporary home with start-up files, and what zsh does there.

use model::{After, Confidence, Effect, Layer, LayerStatus, Name, Origin, Value};
use shells::{Capture, Mode, Request, Shell, ShellKind, capture};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use system::Limits;
use system::os::Real;

static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) const ZSH: &str = "/usr/bin/zsh";

/// A home that is gone when the test is over.
pub(crate) struct Home {
    pub(crate) root: PathBuf,
    env: Vec<(Name, Value)>,
}

impl Home {
    /// A home with these files (path below the home, text).
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("zsh-home-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&root).expect("a temporary home");
        let home = Self { root, env: Vec::new() };
        for (path, text) in files {
            home.write(path, text.as_bytes());
        }
        home
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder in the home");
        std::fs::write(path, bytes).expect("a file in the home");
    }

    pub(crate) fn with(mut self, name: &str, value: &[u8]) -> Self {
        self.env.push((Name::from(name), Value::from(value)));
        self
    }

    pub(crate) fn path(&self, below: &str) -> String {
        self.root.join(below).to_string_lossy().into_owned()
    }

    fn base(&self) -> Vec<(Name, Value)> {
        let home = self.root.to_string_lossy().into_owned();
        let mut base: Vec<(Name, Value)> = [
            ("HOME", home.as_str()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("USER", "ann"),
            ("LOGNAME", "ann"),
            ("LANG", "C.UTF-8"),
        ]
        .map(|(n, v)| (Name::from(n), Value::from(v)))
        .to_vec();
        base.extend(self.env.iter().cloned());
        base
    }

    pub(crate) fn request(&self, mode: Mode) -> Request {
        Request {
            shell: Shell { kind: ShellKind::Zsh, family: "zsh".to_owned(), path: ZSH.to_owned() },
            mode,
            base: self.base(),
            cwd: self.root.to_string_lossy().into_owned(),
            arg0: None,
            terminal: None,
            detached: false,
            options: Vec::new(),
            uid: 0,
            limits: Limits { cpu_ms: 20_000, idle_ms: 2_500, wall_ms: 60_000, ..Limits::default() },
        }
    }

    pub(crate) fn capture(&self, mode: Mode) -> Seen {
        Seen { capture: capture(&Real::for_tests(), &self.request(mode)), root: self.path("") }
    }

    /// The environment that a plain zsh without a terminal ends with, by its own account.
    pub(crate) fn independent(&self, options: &[&str]) -> Vec<(Name, Value)> {
        let out = self.root.join("environ.out");
        let mut command = Command::new(ZSH);
        command
            .args(options)
            .arg("-c")
            .arg("command cat /proc/self/environ >$1 </dev/null; :")
            .arg("zsh")
            .arg(&out);
        command.env_clear().current_dir(&self.root);
        for (name, value) in self.base() {
            use std::os::unix::ffi::OsStrExt as _;
            let os = |b: &[u8]| std::ffi::OsStr::from_bytes(b).to_owned();
            command.env(os(name.as_bytes()), os(value.as_bytes()));
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("zsh runs");
        let bytes = std::fs::read(&out).expect("an environment");
        std::fs::remove_file(&out).expect("the environment's file goes");
        let mut environment: Vec<(Name, Value)> = bytes
            .split(|&b| b == 0)
            .filter_map(|entry| {
                let at = entry.iter().position(|&b| b == b'=')?;
                Some((Name::from(&entry[..at]), Value::from(&entry[at + 1..])))
            })
            .collect();
        environment.retain(|(n, _)| !shells::PER_RUN_NAMES.iter().any(|p| n.is(p)));
        environment.sort();
        environment
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

/// A capture, with questions.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) capture: Capture,
    root: String,
}

impl Seen {
    /// The environment, sorted, without what differs from run to run.
    pub(crate) fn environment(&self) -> Vec<(Name, Value)> {
        let mut environment = self.capture.environment.clone().unwrap_or_default();
        environment.retain(|(n, _)| !shells::PER_RUN_NAMES.iter().any(|p| n.is(p)));
        environment.sort();
        environment
    }

    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let environment = self.capture.environment.as_ref()?;
        environment.iter().find(|(n, _)| n.is(name)).map(|(_, v)| v.to_text().into_owned())
    }

    pub(crate) fn effects(&self, name: &str) -> Vec<&Effect> {
        self.capture.layers.iter().flat_map(|l| &l.effects).filter(|e| e.name.is(name)).collect()
    }

    /// The last effect on a variable.
    pub(crate) fn effect(&self, name: &str) -> &Effect {
        self.effects(name).pop().unwrap_or_else(|| panic!("nothing changes {name}: {self:#?}"))
    }

    /// `file:line` of the last effect, the file below the home.
    pub(crate) fn origin(&self, name: &str) -> String {
        self.short(&self.effect(name).origin)
    }

    /// `how file:line` of the call site.
    pub(crate) fn via(&self, name: &str) -> String {
        self.effect(name).via.as_ref().map_or_else(String::new, |via| {
            format!("{} {}", via.how, self.short(&Origin::File(via.place.clone())))
        })
    }

    pub(crate) fn confidence(&self, name: &str) -> Confidence {
        self.effect(name).confidence
    }

    pub(crate) fn short(&self, origin: &Origin) -> String {
        match origin {
            Origin::File(place) => {
                format!("{}:{}", place.path.strip_prefix(&self.root).unwrap_or(&place.path), place.line)
            }
            Origin::Rule { rule, .. } => rule.clone(),
            other => format!("{other:?}"),
        }
    }

    /// `value @ file:line` of every effect.
    pub(crate) fn history(&self, name: &str) -> Vec<String> {
        self.effects(name)
            .into_iter()
            .map(|effect| {
                let value = match &effect.after {
                    After::Set(value) => value.to_text().into_owned(),
                    other => format!("{other:?}"),
                };
                format!("{value} @ {}", self.short(&effect.origin))
            })
            .collect()
    }

    pub(crate) fn layer(&self, id: &str) -> &Layer {
        self.capture.layers.iter().find(|l| l.id == id).unwrap_or_else(|| panic!("no layer {id}: {self:#?}"))
    }

    pub(crate) fn skipped(&self, id: &str) -> String {
        match &self.layer(id).status {
            LayerStatus::Skipped { reason } => reason.clone(),
            other => format!("{other:?}"),
        }
    }

    pub(crate) fn problem(&self, code: &str) -> &model::Problem {
        let found = self.capture.problems.iter().find(|p| p.code == code);
        found.unwrap_or_else(|| panic!("no problem {code}: {:#?}", self.capture.problems))
    }

    /// Whether what the layers add up to is the environment, and no correction was needed.
    pub(crate) fn traced_all(&self) {
        let observed = self.capture.layers.iter().find(|l| l.id == "observed");
        let corrected: Vec<&Effect> = observed
            .iter()
            .flat_map(|l| &l.effects)
            .filter(|e| !shells::PER_RUN_NAMES.iter().any(|n| e.name.is(n)))
            .collect();
        assert!(corrected.is_empty(), "corrections were needed: {corrected:#?}");
    }
}
