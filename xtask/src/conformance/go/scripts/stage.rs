//! The state of a running script and its commands, but for `go`.

use super::archive::{Archive, Line, Piece, Wanted};
use crate::conformance::go::sdks::Sdk;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a script ends before its last line.
pub(super) enum End {
    /// `stop`, `skip`: on purpose.
    Stopped,
    /// A line that cannot be played here.
    Unplayable(String),
    /// A line that came out otherwise than it says.
    Failed(String),
}

pub(super) struct Stage {
    pub(super) cwd: PathBuf,
    pub(super) env: Vec<(String, String)>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) sdk: Sdk,
}

impl Stage {
    /// As go: src/cmd/go/script_test.go `scriptEnv`, `initScriptDirs` set it up, without servers of modules and of version
    /// control.
    pub(super) fn set_up(work: &Path, sdk: &Sdk, top: &Path, archive: &Archive) -> std::io::Result<Self> {
        let own = |path: &Path| path.to_string_lossy().into_owned();
        let path = format!("{}/bin:/usr/local/bin:/usr/bin:/bin", own(&sdk.root));
        let version = format!("1.{}.{}", sdk.minor, sdk.patch);
        let env = [
            ("WORK", own(work)),
            ("TMPDIR", own(&work.join("tmp"))),
            ("PATH", path),
            ("HOME", "/no-home".to_owned()),
            ("CCACHE_DISABLE", "1".to_owned()),
            ("GOARCH", "amd64".to_owned()),
            ("GOOS", "linux".to_owned()),
            ("GOEXE", String::new()),
            ("GODEBUG", String::new()),
            ("GOEXPERIMENT", String::new()),
            ("GOCACHE", own(&top.join("cache"))),
            ("GOPATH", own(&work.join("gopath"))),
            ("GOPROXY", format!("file://{}", own(&top.join("proxy")))),
            ("GOPRIVATE", String::new()),
            ("GOSUMDB", "off".to_owned()),
            ("GONOPROXY", String::new()),
            ("GONOSUMDB", String::new()),
            ("GOVCS", "*:all".to_owned()),
            ("GOROOT", own(&sdk.root)),
            ("TESTGO_GOROOT", own(&sdk.root)),
            ("TEST_TELEMETRY_DIR", own(&work.join("telemetry"))),
            ("GOTRACEBACK", "system".to_owned()),
            ("GOTOOLCHAIN", "auto".to_owned()),
            ("GO_TELEMETRY_CHILD", "2".to_owned()),
            ("devnull", "/dev/null".to_owned()),
            ("goversion", version),
            ("newline", "\n".to_owned()),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let cwd = work.join("gopath/src");
        for folder in [&cwd, &work.join("tmp"), &work.join("telemetry")] {
            fs::create_dir_all(folder)?;
        }
        let mut stage = Self { cwd, env, stdout: String::new(), stderr: String::new(), sdk: sdk.clone() };
        for (name, content) in &archive.files {
            let path = stage.path(&stage.expanded(name));
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, content)?;
        }
        stage.set("PWD", &own(&stage.cwd.clone()));
        Ok(stage)
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.env.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.env.retain(|(own, _)| own != name);
        self.env.push((name.to_owned(), value.to_owned()));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.cwd.join(name)
    }

    /// go: src/os/env.go `Expand`, with `$/` and `$:` of the script engine.
    fn expanded(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let name;
            if let Some(inner) = rest.strip_prefix('{') {
                let end = inner.find('}').unwrap_or(inner.len());
                name = &inner[..end];
                rest = inner.get(end + 1..).unwrap_or_default();
            } else {
                let letters =
                    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let end = if letters == 0 { usize::from(rest.starts_with(['/', ':'])) } else { letters };
                (name, rest) = rest.split_at(end);
            }
            match name {
                "/" => out.push('/'),
                ":" => out.push(':'),
                name => out.push_str(self.get(name)),
            }
        }
        out + rest
    }

    /// The words of a line; in those that are patterns, what a variable gives is taken as it stands.
    pub(super) fn words(&self, line: &Line) -> Vec<String> {
        let patterns = matches!(line.command.as_str(), "stdout" | "stderr" | "grep");
        let mut first = patterns;
        let expand = |piece: &Piece, pattern: bool| match piece.quoted {
            true => piece.text.clone(),
            false if pattern => self.escaped(&piece.text),
            false => self.expanded(&piece.text),
        };
        line.words
            .iter()
            .map(|word| {
                let option = word.first().is_some_and(|piece| piece.text.starts_with('-'));
                let pattern = first && !option;
                first &= option;
                word.iter().map(|piece| expand(piece, pattern)).collect()
            })
            .collect()
    }

    /// go: src/cmd/internal/script/engine.go `expandArgs` quotes the values in a pattern.
    fn escaped(&self, text: &str) -> String {
        let quoted: Vec<(String, String)> =
            self.env.iter().map(|(name, value)| (name.clone(), regex::escape(value))).collect();
        let own = Self {
            env: quoted,
            cwd: PathBuf::new(),
            stdout: String::new(),
            stderr: String::new(),
            sdk: self.sdk.clone(),
        };
        own.expanded(text)
    }

    /// Whether a condition holds; `None` where that is not known here.
    pub(super) fn holds(&self, condition: &str) -> Option<bool> {
        Some(match condition.split_once(':') {
            Some(("GOOS", os)) => os == "linux",
            Some(("GOARCH", arch)) => arch == "amd64",
            Some(("exec", program)) => self.on_path(program),
            Some(("compiler", compiler)) => compiler == "gc",
            // None of them is on in a released SDK.
            Some(("GODEBUG" | "GOEXPERIMENT", _)) => false,
            Some(("net", _)) => false,
            Some(_) => return None,
            None => match condition {
                "linux" | "amd64" | "gc" | "unix" | "symlink" | "exec" | "root" | "case-sensitive"
                | "link" => true,
                "trimpath" => self.sdk.since(21),
                "cgo" => self.on_path("gcc"),
                "git" => self.on_path("git"),
                "windows" | "darwin" | "plan9" | "short" | "gccgo" | "net" | "race" | "msan" | "asan"
                | "verbose" | "go-builder" | "cross" | "mismatched-goroot" | "default-cgo" | "abscc"
                | "js" | "aix" | "solaris" | "freebsd" | "openbsd" | "netbsd" | "illumos" | "android"
                | "ios" | "wasip1" | "arm" | "arm64" | "386" | "mustlinkext" | "pielinkext"
                | "cgolinkext" => false,
                _ => return None,
            },
        })
    }

    fn on_path(&self, program: &str) -> bool {
        self.get("PATH").split(':').any(|folder| Path::new(folder).join(program).is_file())
    }

    /// Everything but `go`. `Ok(false)`: the command failed, which the line may want.
    pub(super) fn play(&mut self, command: &str, words: &[String], wanted: Wanted) -> Result<bool, End> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let done = |result: std::io::Result<()>| Ok(result.is_ok());
        match (command, words.as_slice()) {
            ("env", pairs) => {
                for pair in pairs {
                    if let Some((name, value)) = pair.split_once('=') {
                        self.set(name, value);
                    }
                }
                Ok(true)
            }
            ("cd", [folder]) => {
                let path = clean(&self.path(folder));
                let there = path.is_dir();
                if there {
                    self.set("PWD", &path.to_string_lossy());
                    self.cwd = path;
                }
                Ok(there)
            }
            ("mkdir", folders) => {
                done(folders.iter().try_for_each(|name| fs::create_dir_all(self.path(name))))
            }
            ("rm", names) => {
                for path in names.iter().map(|name| self.path(name)) {
                    let _ = if path.is_dir() && !path.is_symlink() {
                        fs::remove_dir_all(path)
                    } else {
                        fs::remove_file(path)
                    };
                }
                Ok(true)
            }
            ("mv", [from, to]) => done(fs::rename(self.path(from), self.path(to))),
            ("cp", [from @ .., to]) => done(self.copy(from, &self.path(to))),
            ("symlink", [at, "->", to]) => done(symlink(to, self.path(at))),
            ("chmod", [mode, paths @ ..]) => {
                let mode =
                    u32::from_str_radix(mode, 8).map_err(|_| End::Unplayable(format!("mode {mode}")))?;
                let set =
                    |path: &&str| fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode));
                done(paths.iter().try_for_each(set))
            }
            ("exists", [options @ .., path]) if options.iter().all(|o| o.starts_with('-')) => {
                Ok(self.path(path).symlink_metadata().is_ok())
            }
            ("stdout", _) => matches(&self.stdout, &words, wanted),
            ("stderr", _) => matches(&self.stderr, &words, wanted),
            ("grep", [rest @ .., file]) => {
                let text = fs::read_to_string(self.path(file)).unwrap_or_default();
                matches(&text, rest, wanted)
            }
            ("cmp" | "cmpenv", [a, b]) => {
                let expand = |text: String| if command == "cmpenv" { self.expanded(&text) } else { text };
                Ok(expand(self.content(a)) == expand(self.content(b)))
            }
            ("exec", [program, arguments @ ..]) if arguments.last() != Some(&"&") => {
                self.exec(program, arguments)
            }
            ("skip" | "stop", _) => Err(End::Stopped),
            ("echo", _) => {
                self.stdout = words.join(" ") + "\n";
                Ok(true)
            }
            ("cat", [file]) => {
                self.stdout = self.content(file);
                Ok(true)
            }
            _ => Err(End::Unplayable(format!("the command `{command}` is not played here"))),
        }
    }

    fn content(&self, name: &str) -> String {
        match name {
            "stdout" => self.stdout.clone(),
            "stderr" => self.stderr.clone(),
            name => fs::read_to_string(self.path(name)).unwrap_or_default(),
        }
    }

    fn copy(&self, from: &[&str], to: &Path) -> std::io::Result<()> {
        for name in from {
            let own = Path::new(name).file_name().unwrap_or_default();
            let target = if to.is_dir() { to.join(own) } else { to.to_owned() };
            if matches!(*name, "stdout" | "stderr") {
                fs::write(target, self.content(name))?;
            } else {
                fs::copy(self.path(name), target)?;
            }
        }
        Ok(())
    }

    pub(super) fn exec(&mut self, program: &str, arguments: &[&str]) -> Result<bool, End> {
        let mut command = Command::new("/usr/bin/timeout");
        let own = self.sdk.root.join("bin/go");
        let program = if program == "go" { own.as_os_str() } else { program.as_ref() };
        command.args(["-k", "1", "120"]).arg(program).args(arguments);
        command
            .env_clear()
            .envs(self.env.iter().map(|(n, v)| (n, v)))
            .current_dir(&self.cwd)
            .stdin(Stdio::null());
        let output = command.output().map_err(|error| End::Unplayable(error.to_string()))?;
        self.stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        self.stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(output.status.success())
    }
}

/// Dots taken out of a path, as go: src/path/filepath `Clean` does it.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            std::path::Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// go: src/cmd/internal/script/cmds.go `match`.
fn matches(text: &str, words: &[&str], wanted: Wanted) -> Result<bool, End> {
    let (mut count, mut pattern) = (None, None);
    for word in words {
        match word.strip_prefix("-count=") {
            Some(n) => count = n.parse::<usize>().ok(),
            None if *word == "-q" => {}
            None => pattern = Some(*word),
        }
    }
    let pattern = pattern.ok_or_else(|| End::Unplayable("no pattern".to_owned()))?;
    let regex = regex::Regex::new(&format!("(?m){}", with_braces(pattern)))
        .map_err(|error| End::Unplayable(error.to_string()))?;
    let found = regex.find_iter(text).count();
    let _ = wanted;
    Ok(count.map_or(found > 0, |count| found == count))
}

/// To go a brace that begins no repetition is a character (go: src/regexp/syntax/parse.go `repeat`).
fn with_braces(pattern: &str) -> String {
    let mut out = String::new();
    for (at, c) in pattern.char_indices() {
        let inside = pattern[at + c.len_utf8()..].split_once('}').map(|(inside, _)| inside);
        let repeats =
            inside.is_some_and(|i| !i.is_empty() && i.chars().all(|c| c.is_ascii_digit() || c == ','));
        let named = pattern[..at].ends_with("\\p") || pattern[..at].ends_with("\\x");
        if c == '{' && !repeats && !named && !pattern[..at].ends_with('\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
