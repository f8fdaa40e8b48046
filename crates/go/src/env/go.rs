//! [`Go`]: one go command as it stands at its start, with its layers of configuration.
//!
//! The first thing that a go command does is to read the user's env file and GOROOT/go.env; everything else asks
//! [`Go::get`] (go: src/cmd/go/internal/cfg/cfg.go `initEnvCache`, `Getenv`). Deliberately not here: what variables
//! mean.

use super::baked::Baked;
use crate::binary::Program;
use crate::env_file::{self, EnvFile, Location};
use crate::file_path;
use crate::goroot::{self, Goroot, Source};
use crate::programs::Programs;
use crate::rules::Rules;
use crate::{sdk, text, variables};
use model::{Folded, Origin, SettingSource};
use std::borrow::Cow;
use std::collections::BTreeMap;
use system::{Os, System};

/// A value and the layer it comes from.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) source: SettingSource,
    pub(super) origin: Origin,
}

/// A go command that is about to run in a folder.
pub(super) struct Go<'a> {
    pub(super) programs: &'a Programs<'a>,
    pub(super) system: &'a dyn System,
    pub(super) os: Os,
    pub(super) env: Cow<'a, Folded>,
    pub(super) rules: Rules,
    /// N of Go 1.N.
    pub(super) minor: u8,
    /// The file as it was launched, absolute.
    pub(super) launched: String,
    /// `runtime.Version` and where it was read.
    pub(super) version: String,
    pub(super) version_origin: Origin,
    /// `runtime.GOOS`, `runtime.GOARCH`.
    pub(super) host_os: String,
    pub(super) host_arch: String,
    pub(super) baked: Baked<'a>,
    /// `runtime.GOROOT()`: the environment's, else what was built in; empty for official builds since 1.21.
    pub(super) runtime_goroot: String,
    pub(super) goroot: Goroot,
    pub(super) location: Location,
    /// The folder as the kernel tells it, `-C` followed.
    pub(super) cwd: Option<String>,
    files: Files,
}

/// What the two files say.
#[derive(Default)]
struct Files {
    lines: BTreeMap<String, Found>,
    /// GOROOT/go.env alone, for `-changed`: the last line of a key counts there.
    go_env: BTreeMap<String, String>,
}

/// Where a go command is started.
#[derive(Clone)]
pub(super) struct Start<'a> {
    pub(super) programs: &'a Programs<'a>,
    pub(super) env: Cow<'a, Folded>,
    pub(super) launched: String,
    pub(super) program: Option<Program>,
    /// `runtime.Version` and where it was read.
    pub(super) version: String,
    pub(super) version_origin: Origin,
    pub(super) cwd: Option<String>,
}

impl<'a> Go<'a> {
    pub(super) fn start(start: Start<'a>) -> Self {
        let Start { programs, env, launched, program, version, version_origin, cwd } = start;
        let system = programs.system();
        let os = system.os();
        let rules = Rules::of(Some(&version));
        let minor = rules.minor();
        let location = env_file::locate(os, &env, &rules);
        let user = location.path.as_deref().map(|path| env_file::read(system, cwd.as_deref(), path).file);
        let user = user.unwrap_or_default();
        let goroot = goroot::find(programs, &env, &rules, &user, &launched, program.as_ref());
        let resolved = system.canonicalize(&launched).unwrap_or_else(|_| launched.clone());
        let trimmed = program.as_ref().is_some_and(|p| p.trimmed);
        let built_in = if trimmed { None } else { programs.baked_goroot(&resolved) };
        let runtime_goroot = match goroot::variable(&env, "GOROOT") {
            Some((value, _)) => value,
            None => built_in.clone().unwrap_or_default(),
        };
        let around = ["../..", "../../.."].map(|up| file_path::join(os, &resolved, up));
        let trees: Vec<String> = around.into_iter().chain(built_in.clone()).collect();
        let baked =
            Baked::of(system, minor, &version, &trees).with_program(program.as_ref(), built_in.as_deref());
        let host_os = program.as_ref().and_then(|p| p.os.clone()).unwrap_or_else(|| os.goos().to_owned());
        let host_arch = program.as_ref().and_then(|p| p.arch.clone()).unwrap_or_else(|| system.arch());
        let files = Files::read(system, cwd.as_deref(), &rules, &env, &user, &goroot);
        Self {
            programs,
            system,
            os,
            env,
            rules,
            minor,
            launched,
            version,
            version_origin,
            host_os,
            host_arch,
            baked,
            runtime_goroot,
            goroot,
            location,
            cwd,
            files,
        }
    }

    /// `cfg.GOROOT`; empty where there is none.
    pub(super) fn goroot(&self) -> &str {
        self.goroot.value.as_deref().unwrap_or_default()
    }

    /// `os.Getenv`: an empty variable is none.
    pub(super) fn os_env(&self, name: &str) -> Option<Found> {
        let (text, origin) = goroot::variable(&self.env, name)?;
        Some(Found { text, source: SettingSource::Environment, origin })
    }

    pub(super) fn os_text(&self, name: &str) -> String {
        self.os_env(name).map(|found| found.text).unwrap_or_default()
    }

    /// `cfg.Getenv`: environment, env file, go.env; `None` where all are silent or empty. Before 1.13 the environment
    /// alone.
    pub(super) fn get(&self, name: &str) -> Option<Found> {
        self.os_env(name).or_else(|| self.files.lines.get(name).filter(|f| !f.text.is_empty()).cloned())
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).map(|found| found.text).unwrap_or_default()
    }

    /// `cfg.CanGetenv`: known, or named in one of the files.
    pub(super) fn can_get(&self, name: &str) -> bool {
        self.files.lines.contains_key(name) || variables::is_known(name, self.minor)
    }

    /// The value of a key in GOROOT/go.env, as `-changed` compares with it.
    pub(super) fn go_env(&self, name: &str) -> Option<&str> {
        self.files.go_env.get(name).map(String::as_str)
    }

    /// What a key was given in a file, whatever the environment says; empty too.
    pub(super) fn line(&self, name: &str) -> Option<&Found> {
        self.files.lines.get(name)
    }

    pub(super) fn goos(&self) -> String {
        self.get("GOOS").map_or_else(|| self.host_os.clone(), |found| found.text)
    }

    pub(super) fn goarch(&self) -> String {
        self.get("GOARCH").map_or_else(|| self.host_arch.clone(), |found| found.text)
    }

    pub(super) fn since(&self, minor: u8) -> bool {
        self.rules.since(u64::from(minor))
    }

    /// `filepath.Join` in the spelling of the go that runs.
    pub(super) fn join(&self, base: &str, more: &str) -> String {
        file_path::join(self.os, base, more)
    }

    pub(super) fn is_absolute(&self, path: &str) -> bool {
        file_path::is_absolute(self.os, path)
    }

    /// The path as the kernel would see it.
    pub(super) fn seen(&self, path: &str) -> String {
        file_path::absolute(self.os, self.cwd.as_deref(), path).unwrap_or_else(|| path.to_owned())
    }

    /// `filepath.SplitList`.
    pub(super) fn split_list(&self, value: &str) -> Vec<String> {
        file_path::split_list(self.os, char::from(self.env.path_separator()), value)
    }

    /// `os.Getwd`: `PWD` where it names the same folder (Unix).
    pub(super) fn getwd(&self) -> Option<String> {
        let cwd = self.cwd.clone()?;
        if self.os == Os::Windows {
            return Some(cwd);
        }
        let same = |pwd: &String| match (self.system.canonicalize(pwd), self.system.canonicalize(&cwd)) {
            (Ok(pwd), Ok(cwd)) => pwd == cwd,
            _ => false,
        };
        Some(self.os_text("PWD")).filter(|pwd| pwd.starts_with('/') && same(pwd)).or(Some(cwd))
    }

    /// `os.TempDir`.
    pub(super) fn temp_dir(&self) -> String {
        if self.os != Os::Windows {
            return self.os_env("TMPDIR").map_or_else(|| "/tmp".to_owned(), |found| found.text);
        }
        // GetTempPath2W: TMP, TEMP, USERPROFILE, the folder of Windows, as a full path.
        let named = ["TMP", "TEMP", "USERPROFILE"].iter().find_map(|name| self.os_env(name));
        let folder = named.map(|found| found.text).or_else(|| Some(self.os_text("SystemRoot")));
        file_path::clean(self.os, &self.seen(&folder.unwrap_or_default()))
    }

    /// `os.UserCacheDir`, or go's own message.
    pub(super) fn user_cache_dir(&self) -> Result<String, String> {
        let home = |more: &str| match self.os_env("HOME") {
            Some(home) => Ok(home.text + more),
            None => Err("$HOME is not defined".to_owned()),
        };
        match self.os {
            Os::Windows => match self.os_env("LocalAppData") {
                Some(folder) => Ok(folder.text),
                None => Err("%LocalAppData% is not defined".to_owned()),
            },
            Os::Macos => home("/Library/Caches"),
            Os::Linux => match self.os_env("XDG_CACHE_HOME") {
                Some(found) if self.since(24) && !self.is_absolute(&found.text) => {
                    Err("path in $XDG_CACHE_HOME is relative".to_owned())
                }
                Some(found) => Ok(found.text),
                None => {
                    home("/.cache").map_err(|_| "neither $XDG_CACHE_HOME nor $HOME are defined".to_owned())
                }
            },
        }
    }

    /// `os.UserConfigDir`; `None` where it is an error.
    pub(super) fn user_config_dir(&self) -> Option<String> {
        env_file::config_folder(self.os, &self.env, &self.rules).ok().flatten()
    }
}

impl Files {
    fn read(
        system: &dyn System,
        cwd: Option<&str>,
        rules: &Rules,
        env: &Folded,
        user: &EnvFile,
        goroot: &Goroot,
    ) -> Self {
        let mut files = Self::default();
        for line in &user.assignments {
            files.lines.insert(text::decode(&line.key), of_line(line, SettingSource::EnvFile));
        }
        if !rules.go_env_defaults() {
            return files;
        }
        let root = go_env_root(system.os(), env, &files, goroot);
        let path = root.as_deref().map(|root| file_path::join(system.os(), root, "go.env"));
        let path = path.and_then(|path| file_path::absolute(system.os(), cwd, &path));
        let bytes = path.as_deref().and_then(|path| system.read(path).ok());
        let go_env = path.zip(bytes).map(|(path, bytes)| EnvFile::parse(&path, &bytes)).unwrap_or_default();
        for line in &go_env.assignments {
            let key = text::decode(&line.key);
            files.go_env.insert(key.clone(), text::decode(line.value.as_bytes()));
            files.lines.entry(key).or_insert_with(|| of_line(line, SettingSource::GoEnv));
        }
        // It makes no sense for go.env to name another GOROOT, and what was found is what counts from here on.
        let source = match goroot.source {
            Source::EnvFile => SettingSource::EnvFile,
            _ => SettingSource::Computed,
        };
        let found = Found { text: root.unwrap_or_default(), source, origin: goroot.origin.clone() };
        files.lines.insert("GOROOT".to_owned(), found);
        files
    }
}

/// GOROOT whose go.env is read: a line of the user's file goes before the environment here (go: cfg.go
/// `initEnvCache`, `findGOROOT`).
fn go_env_root(os: Os, env: &Folded, files: &Files, goroot: &Goroot) -> Option<String> {
    let line = files.lines.get("GOROOT").map(|f| f.text.clone()).filter(|text| !text.is_empty());
    let given = line.or_else(|| goroot::variable(env, "GOROOT").map(|(text, _)| text));
    match given {
        Some(text) => Some(file_path::clean(os, &text)),
        None => goroot.value.clone(),
    }
}

fn of_line(line: &env_file::Assignment, source: SettingSource) -> Found {
    Found { text: text::decode(line.value.as_bytes()), source, origin: line.origin() }
}

/// `runtime.Version` of a program, else what the tree around it says.
pub(super) fn version_of(
    programs: &Programs<'_>,
    launched: &str,
    program: Option<&Program>,
) -> Option<(String, Origin)> {
    let system = programs.system();
    let resolved = system.canonicalize(launched).unwrap_or_else(|_| launched.to_owned());
    if let Some(program) = program {
        return Some((program.go_version.clone(), Origin::file(resolved.as_str())));
    }
    let tree = sdk::tree_of(system, &resolved).or_else(|| sdk::tree_of(system, launched))?;
    sdk::version(system, &tree)
}
