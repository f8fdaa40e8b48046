//! Variables of `go env` whose value follows from what is configured: environment, env file, GOROOT/go.env, default.
//!
//! An empty variable of the environment is unset to go; an empty line of the env file hides GOROOT/go.env and then
//! gives way to the built-in default (go: src/cmd/go/internal/cfg/cfg.go `Getenv`, `initEnvCache`,
//! `EnvOrAndChanged`). Deliberately not here: values that need the platform, the C compiler, folders that exist or
//! the project; and defaults that only the binary knows.

use crate::env_file::EnvFile;
use crate::file_path;
use crate::goroot::{Goroot, Source, variable};
use crate::rules::Rules;
use crate::variables::{self, Fallback, Kind, Variable};
use model::{Folded, Origin, Setting, SettingSource, Value};
use system::{Os, System};

/// What settings are told from.
pub(crate) struct Inputs<'a> {
    pub(crate) env: &'a Folded,
    pub(crate) env_file: &'a EnvFile,
    /// GOENV and why.
    pub(crate) env_file_path: Option<&'a str>,
    pub(crate) env_file_origin: &'a Origin,
    pub(crate) rules: &'a Rules,
    pub(crate) goroot: &'a Goroot,
    /// What `runtime.GOROOT` says before anything is set: GOROOT of the environment, else what is baked in.
    pub(crate) baked: Option<String>,
    /// `runtime.Version` and where it was read; `None`: which go runs is not known.
    pub(crate) version: Option<(&'a str, &'a Origin)>,
}

/// Those whose value is what is configured, or a default that is known without looking further.
const PLAIN: &[&str] = &[
    "AR",
    "GO111MODULE",
    "GOAUTH",
    "GOCACHEPROG",
    "GODEBUG",
    "GOFIPS140",
    "GOFLAGS",
    "GOINSECURE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOPACKAGESDRIVER",
    "GOPRIVATE",
    "GOPROXY",
    "GOSUMDB",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOVCS",
];

const DEFAULTS: &str = "go: src/cmd/go/internal/cfg/cfg.go";

/// All that can be told, by name.
pub(crate) fn settings(system: &dyn System, cwd: Option<&str>, inputs: &Inputs<'_>) -> Vec<Setting> {
    let go_env = go_env(system, cwd, inputs);
    let mut out: Vec<Setting> = PLAIN
        .iter()
        .filter_map(|name| variables::find(name))
        .filter(|v| v.printed_since.is_some_and(|minor| inputs.rules.since(u64::from(minor))))
        .filter_map(|v| plain(v, inputs, &go_env))
        .collect();
    let gopath = gopath(system.os(), inputs, &go_env);
    out.extend(gomodcache(system.os(), inputs, &go_env, &gopath));
    out.push(gopath);
    out.extend(gobin(inputs, &go_env));
    out.extend(computed(inputs));
    if inputs.version.is_none() {
        out.retain(|s| matches!(s.source, SettingSource::Environment | SettingSource::EnvFile));
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// GOROOT/go.env; which GOROOT is asked for it, the env file decides before the environment.
fn go_env(system: &dyn System, cwd: Option<&str>, inputs: &Inputs<'_>) -> EnvFile {
    let os = system.os();
    let line = inputs.env_file.get("GOROOT").filter(|a| !a.value.is_empty());
    let root = match line {
        Some(line) => Some(file_path::clean(os, &line.value.to_text())),
        None => inputs.goroot.value.as_deref().map(|root| file_path::clean(os, root)),
    };
    let path = root.and_then(|root| file_path::absolute(os, cwd, &file_path::join(os, &root, "go.env")));
    match path.filter(|_| inputs.rules.go_env_defaults()) {
        Some(path) => system.read(&path).map(|bytes| EnvFile::parse(&path, &bytes)).unwrap_or_default(),
        None => EnvFile::default(),
    }
}

/// Environment, env file, go.env; `None` where all are silent or empty.
fn configured(name: &str, inputs: &Inputs<'_>, go_env: &EnvFile) -> Option<Setting> {
    let found = from_environment(name, inputs);
    if found.is_some() {
        return found;
    }
    let (line, source) = match inputs.env_file.get(name) {
        Some(line) => (line, SettingSource::EnvFile),
        None => (go_env.first(name)?, SettingSource::GoEnv),
    };
    let setting =
        || Setting { name: name.to_owned(), value: line.value.clone(), source, origin: line.origin() };
    (!line.value.is_empty()).then(setting)
}

fn from_environment(name: &str, inputs: &Inputs<'_>) -> Option<Setting> {
    let (_, origin) = variable(inputs.env, name)?;
    let value = inputs.env.value(name)?.clone();
    Some(Setting { name: name.to_owned(), value, source: SettingSource::Environment, origin })
}

fn default(name: &str, value: impl Into<Value>, rule: &str) -> Setting {
    let origin = Origin::rule(rule, DEFAULTS);
    Setting { name: name.to_owned(), value: value.into(), source: SettingSource::Default, origin }
}

fn plain(variable_row: &Variable, inputs: &Inputs<'_>, go_env: &EnvFile) -> Option<Setting> {
    let name = variable_row.name;
    let found = match variable_row.kind {
        Kind::Environment => from_environment(name, inputs),
        _ => configured(name, inputs, go_env),
    };
    if found.is_some() {
        return found;
    }
    match variable_row.fallback {
        Fallback::Empty => Some(default(name, "", "unset")),
        Fallback::Fixed(value) => Some(default(name, value, "built-in default")),
        Fallback::SameAs(other) => {
            let other = plain(variables::find(other)?, inputs, go_env)?;
            let source = SettingSource::Default;
            Some(Setting { name: name.to_owned(), source, ..other })
        }
        // Since 1.21 nothing is built in: without go.env, or with an empty line, the value is empty.
        Fallback::GoEnv if inputs.rules.go_env_defaults() => Some(default(name, "", "no default in go.env")),
        Fallback::GoEnv | Fallback::Baked | Fallback::Rule => None,
    }
}

/// `$HOME/go`, unless that is GOROOT (go: src/go/build/build.go `defaultGOPATH`).
pub(crate) fn gopath(os: Os, inputs: &Inputs<'_>, go_env: &EnvFile) -> Setting {
    if let Some(found) = configured("GOPATH", inputs, go_env) {
        return found;
    }
    let home = variable(inputs.env, if os == Os::Windows { "USERPROFILE" } else { "HOME" });
    let Some((home, _)) = home else { return default("GOPATH", "", "no home folder is known") };
    let folder = file_path::join(os, &home, "go");
    let root = inputs.baked.as_deref().map(|root| file_path::clean(os, root));
    if root.as_deref() == Some(&folder) {
        return default("GOPATH", "", "the default would be GOROOT");
    }
    default("GOPATH", folder, "the folder `go` in the home folder")
}

fn gomodcache(os: Os, inputs: &Inputs<'_>, go_env: &EnvFile, gopath: &Setting) -> Option<Setting> {
    if !inputs.rules.since(15) {
        return None;
    }
    let found = configured("GOMODCACHE", inputs, go_env);
    found.or_else(|| {
        let separator = char::from(inputs.env.path_separator());
        let first = file_path::split_list(os, separator, &gopath.value.to_text()).into_iter().next();
        let folder = first.filter(|f| !f.is_empty()).map(|f| file_path::join(os, &f, "pkg/mod"));
        Some(default("GOMODCACHE", folder.unwrap_or_default(), "pkg/mod in the first folder of GOPATH"))
    })
}

/// Up to 1.26 what is set; since then an unset one depends on the project.
fn gobin(inputs: &Inputs<'_>, go_env: &EnvFile) -> Option<Setting> {
    let found = configured("GOBIN", inputs, go_env);
    found.or_else(|| (!inputs.rules.since(27)).then(|| default("GOBIN", "", "unset")))
}

fn computed(inputs: &Inputs<'_>) -> Vec<Setting> {
    let Some((version, version_origin)) = inputs.version else { return Vec::new() };
    let mut out = Vec::new();
    let mut push = |name: &str, value: &str, source, origin: &Origin| {
        out.push(Setting { name: name.to_owned(), value: value.into(), source, origin: origin.clone() });
    };
    if inputs.rules.since(13) {
        let source = match inputs.env_file_origin {
            Origin::Rule { .. } => SettingSource::Default,
            _ => SettingSource::Environment,
        };
        push("GOENV", inputs.env_file_path.unwrap_or_default(), source, inputs.env_file_origin);
    }
    if inputs.rules.since(16) {
        push("GOVERSION", version, SettingSource::Computed, version_origin);
    }
    if let Some(root) = &inputs.goroot.value {
        let source = match inputs.goroot.source {
            Source::Environment | Source::Wrapper => SettingSource::Environment,
            Source::EnvFile => SettingSource::EnvFile,
            Source::Inferred | Source::Baked | Source::None => SettingSource::Computed,
        };
        push("GOROOT", root, source, &inputs.goroot.origin);
    }
    out
}
