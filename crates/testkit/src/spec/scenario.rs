//! A scenario: the fake machine that a spec's blocks describe, and the answers that it expects.
//!
//! Not here: what is answered (`answer`).

use super::markdown::{Block, blocks};
use super::run_text;
use crate::spec::Fault;
use shells::Capture;
use std::path::{Path, PathBuf};
use system::Os;
use system::machine_dir::Draft;
use system::memory::{Entry, MemorySystem};

/// Blocks that describe the machine.
const MACHINE_KINDS: &[&str] = &["machine", "programs", "sdk", "file", "env", "process", "registry", "run"];
/// Blocks that hold answers.
const ANSWER_KINDS: &[&str] = &["expect", "map", "why", "diff", "go", "doctor", "fixed"];

/// One spec.
#[derive(Debug)]
pub struct Scenario {
    pub(super) path: PathBuf,
    machine: Vec<Part>,
    pub(super) answers: Vec<Part>,
}

/// A block, its kind and the words behind it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: String,
    pub(super) words: Vec<String>,
    pub(super) block: Block,
}

impl Scenario {
    /// Reads a spec's text. A block that names no kind is part of the prose.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Fault> {
        let mut scenario = Self { path: path.to_owned(), machine: Vec::new(), answers: Vec::new() };
        for block in blocks(text) {
            let mut words = block.info.split_whitespace().map(str::to_owned);
            let all: Vec<String> = words.by_ref().collect();
            let is_kind = |w: &String| [MACHINE_KINDS, ANSWER_KINDS].concat().contains(&w.as_str());
            // A language may stand before the kind: ```sh file /home/ann/.profile
            let Some(at) = all.iter().take(2).position(is_kind) else {
                if all.len() > 1 {
                    let kinds = [MACHINE_KINDS, ANSWER_KINDS].concat().join("`, `");
                    let what = format!(
                        "`{}` is no kind of block – name one of `{kinds}`, or a language alone",
                        block.info
                    );
                    return Err(scenario.fault(block.line, what));
                }
                continue;
            };
            if !block.closed {
                return Err(
                    scenario.fault(block.line, "the block is not closed – end it with the same fence")
                );
            }
            let part = Part { kind: all[at].clone(), words: all[at + 1..].to_vec(), block };
            let answers = ANSWER_KINDS.contains(&part.kind.as_str());
            if answers { scenario.answers.push(part) } else { scenario.machine.push(part) }
        }
        Ok(scenario)
    }

    pub(super) fn fault(&self, line: usize, what: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), line, what: what.into() }
    }

    fn parts<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Part> {
        self.machine.iter().filter(move |p| p.kind == kind)
    }

    /// Keys and blocks of the runs.
    pub(super) fn runs(&self) -> impl Iterator<Item = (&str, &Block)> {
        self.parts("run").filter_map(|p| Some((p.words.first()?.as_str(), &p.block)))
    }

    /// The machine that the spec describes.
    ///
    /// On Linux `/bin` is `usr/bin`, the user's shell and the shells of the runs are there, and PAM's services let
    /// everybody in and read `/etc/environment`, unless the spec says otherwise.
    pub fn machine(&self) -> Result<MemorySystem, Fault> {
        let machine = self.parts("machine").next();
        let text = machine.map_or("os = \"linux\"\n", |p| p.block.text.as_str());
        let at = |part: &Part, fault: system::machine_dir::Fault| {
            self.fault(part.block.line + fault.line.unwrap_or(0), fault.what)
        };
        let mut draft = match (Draft::new(text), machine) {
            (Ok(draft), _) => draft,
            (Err(fault), Some(part)) => return Err(at(part, fault)),
            (Err(fault), None) => return Err(self.fault(1, fault.what)),
        };
        if draft.os() == Os::Linux {
            self.add_usual(&mut draft);
        }
        for part in self.parts("programs") {
            for path in part.block.text.lines().map(str::trim).filter(|path| !path.is_empty()) {
                draft.file(path, Entry::file("").mode(0o755));
            }
        }
        for part in self.parts("sdk") {
            self.sdk(part, &mut draft)?;
        }
        for part in self.parts("file") {
            let (path, entry) = self.file(part)?;
            draft.file(&path, entry);
        }
        for part in self.parts("env") {
            let lines: Vec<&str> = part.block.text.lines().collect();
            draft.environment((lines.join("\0") + "\0").as_bytes());
        }
        for part in self.parts("process") {
            let pid = part.words.first().and_then(|w| w.parse().ok());
            let pid = pid.ok_or_else(|| self.fault(part.block.line, "name the process: ```process 4711"))?;
            draft.process(pid, &part.block.text).map_err(|f| at(part, f))?;
        }
        for part in self.parts("registry") {
            draft.registry(&part.block.text).map_err(|f| at(part, f))?;
        }
        for part in self.parts("run") {
            let key = part.words.first();
            let key = key.ok_or_else(|| self.fault(part.block.line, "name the run: ```run bash:login"))?;
            let capture = self.capture(&part.block)?;
            let json =
                serde_json::to_vec(&capture).map_err(|e| self.fault(part.block.line, e.to_string()))?;
            draft.run(key, json);
        }
        let line = machine.map_or(1, |p| p.block.line);
        draft.build().map_err(|f| self.fault(line + f.line.unwrap_or(0), f.what))
    }

    fn capture(&self, block: &Block) -> Result<Capture, Fault> {
        if block.text.starts_with('{') {
            return serde_json::from_str(&block.text)
                .map_err(|e| self.fault(block.line + e.line(), format!("{e} – correct it here")));
        }
        run_text::parse(&block.text).map_err(|(line, what)| self.fault(block.line + line, what))
    }

    /// What every Linux has and no spec is about, unless it says otherwise.
    fn add_usual(&self, draft: &mut Draft) {
        for service in PAM_SERVICES {
            draft.file(&format!("/etc/pam.d/{service}"), Entry::file(PAM_SERVICE));
        }
        draft.file("/etc/security/pam_env.conf", Entry::file("# sets nothing\n"));
        draft.file("/bin", Entry::link("usr/bin"));
        let mut families: Vec<&str> =
            self.runs().filter_map(|(key, _)| key.split([':', '/']).next()).collect();
        let shell = draft.shell().to_owned();
        families.extend(shell.rsplit('/').next());
        families.push("sh");
        for family in families {
            if family == "sh" {
                draft.file("/usr/bin/sh", Entry::link("dash"));
                draft.file("/usr/bin/dash", Entry::file("").mode(0o755));
            } else if SHELLS.contains(&family) {
                draft.file(&format!("/usr/bin/{family}"), Entry::file("").mode(0o755));
            }
        }
    }

    /// ```` ```sdk /usr/local/go go1.26.1 ````: as much of a Go SDK as is looked at without running it.
    fn sdk(&self, part: &Part, draft: &mut Draft) -> Result<(), Fault> {
        let [root, version] = part.words.as_slice() else {
            return Err(self.fault(part.block.line, "name folder and version: ```sdk /usr/local/go go1.26.1"));
        };
        let os = draft.os();
        draft.file(&format!("{root}/VERSION"), Entry::file(format!("{version}\n")));
        let go = if os == Os::Windows { "go.exe" } else { "go" };
        draft.file(&format!("{root}/bin/{go}"), Entry::file("").mode(0o755));
        let settings = "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n";
        draft.file(&format!("{root}/go.env"), Entry::file(settings));
        draft.file(&format!("{root}/src/fmt/print.go"), Entry::size(0));
        draft.file(&format!("{root}/pkg/tool/{}_amd64/compile", os.goos()), Entry::file("").mode(0o755));
        Ok(())
    }

    /// ```` ```file PATH [mode=644] [uid=0] [gid=0] [link] ````
    fn file(&self, part: &Part) -> Result<(String, Entry), Fault> {
        let fault = |what: String| self.fault(part.block.line, what);
        let path =
            part.words.first().ok_or_else(|| fault("name the file: ```file /etc/profile".to_owned()))?;
        let mut entry = Entry::file(part.block.text.as_bytes());
        let (mut uid, mut gid) = (None, None);
        for word in &part.words[1..] {
            let number = |text: &str, radix| {
                u32::from_str_radix(text, radix).map_err(|_| fault(format!("`{word}` holds no number")))
            };
            match word.split_once('=') {
                Some(("mode", mode)) => entry = entry.mode(number(mode, 8)?),
                Some(("uid", id)) => uid = Some(number(id, 10)?),
                Some(("gid", id)) => gid = Some(number(id, 10)?),
                _ => {
                    return Err(fault(format!(
                        "`{word}` is not understood – `mode=644`, `uid=0` and `gid=0` are"
                    )));
                }
            }
        }
        if uid.is_some() || gid.is_some() {
            entry = entry.owner(uid.unwrap_or(0), gid.unwrap_or(0));
        }
        Ok((path.clone(), entry))
    }
}

/// Services that derived spaces go through.
const PAM_SERVICES: &[&str] = &["login", "su", "su-l", "sudo", "sudo-i", "sshd", "cron"];
const PAM_SERVICE: &str = "auth sufficient pam_rootok.so\nauth required pam_permit.so\n\
    account required pam_permit.so\nsession required pam_env.so\n";

const SHELLS: &[&str] = &["bash", "zsh", "fish", "dash", "ksh", "mksh", "tcsh", "nu"];
