//! The variables that go prints without building anything (go: src/cmd/go/internal/envcmd/env.go `MkEnv`,
//! `ExtraEnvVars`, src/cmd/go/internal/cfg/cfg.go), in its order.
//!
//! Deliberately not here: those for which it starts a builder (`costly`).

use super::architecture;
use super::baked::Baked;
use super::cache;
use super::experiment;
use super::go::{Found, Go};
use super::look_path::look_path;
use super::modules::Modules;
use super::{Variable, telemetry};
use crate::goroot::Source;
use crate::text;
use model::{Origin, SettingSource};
use system::Os;

pub(super) const CFG: &str = "go: src/cmd/go/internal/cfg/cfg.go";
const ENV: &str = "go: src/cmd/go/internal/envcmd/env.go MkEnv";

/// A value that is on its way into the list.
pub(super) struct Row {
    pub(super) found: Found,
    pub(super) changed: bool,
}

impl Row {
    pub(super) fn variable(self, name: &str) -> Variable {
        let Found { text, source, origin } = self.found;
        Variable { changed: self.changed, ..Variable::new(name, text::value(&text), source, origin) }
    }
}

pub(super) fn rule(text: impl Into<String>, source: SettingSource, rule: &str) -> Found {
    Found { text: text.into(), source, origin: Origin::rule(rule, CFG) }
}

fn computed(text: impl Into<String>, why: &str) -> Row {
    let origin = Origin::rule(why, ENV);
    Row { found: Found { text: text.into(), source: SettingSource::Computed, origin }, changed: false }
}

/// `EnvOrAndChanged`: what is configured, else the default. go.env is what `-changed` compares with where it has the
/// key.
pub(super) fn configured(go: &Go<'_>, name: &str, default: Found) -> Row {
    match go.get(name) {
        Some(found) => {
            let before = go.go_env(name).unwrap_or(&default.text);
            let changed = found.text != before;
            Row { found, changed }
        }
        None => Row { found: default, changed: false },
    }
}

/// With a fixed default.
fn or(go: &Go<'_>, name: &str, default: &str) -> Row {
    let why = if default.is_empty() { "unset" } else { "built-in default" };
    configured(go, name, rule(default, SettingSource::Default, why))
}

/// A default of the SDK's build.
fn or_baked(go: &Go<'_>, name: &str) -> Row {
    let why = "default of this build of go";
    let mut built = rule(go.baked.default(name), SettingSource::Default, why);
    if !go.baked.is_told(name) {
        built.origin = Baked::why_untold(name);
    }
    configured(go, name, built)
}

/// What is read from the environment alone.
fn environment(go: &Go<'_>, name: &str) -> Row {
    match go.os_env(name) {
        Some(found) => Row { found, changed: true },
        None => Row { found: rule("", SettingSource::Default, "unset"), changed: false },
    }
}

/// Raw values that are changed as soon as they are something.
fn raw(go: &Go<'_>, name: &str) -> Row {
    let row = or(go, name, "");
    let changed = !row.found.text.is_empty();
    Row { changed, ..row }
}

/// The values of `MkEnv`, but not yet those that need the module.
pub(super) fn of_start(go: &Go<'_>, gopath: &Row) -> Vec<Variable> {
    let mut out = Vec::new();
    let mut push = |name: &str, row: Row| out.push(row.variable(name));
    let since = |minor| go.since(minor);
    if since(13) {
        let mode = or(go, "GO111MODULE", "");
        let changed = !matches!(mode.found.text.as_str(), "" | "on");
        push("GO111MODULE", Row { changed, ..mode });
    }
    push("GOARCH", platform(go, "GOARCH", &go.host_arch));
    if since(24) {
        push("GOAUTH", or(go, "GOAUTH", "netrc"));
    }
    if !since(27) {
        push("GOBIN", raw(go, "GOBIN"));
    }
    let cache = cache::folder(go);
    push("GOCACHE", Row { changed: cache.changed, found: cache.value });
    if since(24) {
        push("GOCACHEPROG", or(go, "GOCACHEPROG", ""));
        push("GODEBUG", environment(go, "GODEBUG"));
    }
    if since(13) {
        push("GOENV", env_file(go));
    }
    let exe = if go.goos() == "windows" { ".exe" } else { "" };
    push("GOEXE", computed(exe, "by GOOS"));
    if since(17) {
        push("GOEXPERIMENT", goexperiment(go));
    }
    if since(24) {
        push("GOFIPS140", or_baked(go, "GOFIPS140"));
    }
    push("GOFLAGS", raw(go, "GOFLAGS"));
    push("GOHOSTARCH", computed(&go.host_arch, "what go was built for"));
    push("GOHOSTOS", computed(&go.host_os, "what go was built for"));
    if since(14) {
        push("GOINSECURE", raw(go, "GOINSECURE"));
    }
    if since(15) {
        push("GOMODCACHE", gomodcache(go));
    }
    if since(13) {
        push("GONOPROXY", like_private(go, "GONOPROXY"));
        push("GONOSUMDB", like_private(go, "GONOSUMDB"));
    }
    push("GOOS", platform(go, "GOOS", &go.host_os));
    if since(27) {
        push("GOPACKAGESDRIVER", environment(go, "GOPACKAGESDRIVER"));
    }
    push("GOPATH", Row { found: gopath.found.clone(), changed: gopath.changed });
    if since(13) {
        push("GOPRIVATE", raw(go, "GOPRIVATE"));
    }
    push("GOPROXY", remote(go, "GOPROXY"));
    if !since(13) {
        push("GORACE", environment(go, "GORACE"));
    }
    push("GOROOT", goroot(go));
    if since(13) {
        push("GOSUMDB", remote(go, "GOSUMDB"));
    }
    if since(24) {
        telemetry(go, &mut push);
    }
    push("GOTMPDIR", raw(go, "GOTMPDIR"));
    if since(21) {
        push("GOTOOLCHAIN", or(go, "GOTOOLCHAIN", ""));
    }
    push("GOTOOLDIR", tool_folder(go));
    if since(16) {
        push("GOVCS", raw(go, "GOVCS"));
        push("GOVERSION", version(go));
    }
    if since(23) && !since(24) {
        push("GODEBUG", environment(go, "GODEBUG"));
        telemetry(go, &mut push);
    }
    push("GCCGO", gccgo(go));
    if let Some((name, row)) = architecture::row(go) {
        push(name, row);
    }
    if since(13) {
        push("AR", or(go, "AR", "ar"));
    }
    push("CC", compiler(go, "CC"));
    push("CXX", compiler(go, "CXX"));
    push("CGO_ENABLED", cgo_enabled(go));
    out
}

fn telemetry(go: &Go<'_>, push: &mut impl FnMut(&str, Row)) {
    let (folder, mode) = telemetry::read(go);
    push("GOTELEMETRY", mode);
    push("GOTELEMETRYDIR", folder);
}

/// What `ExtraEnvVars` adds.
pub(super) fn of_folder(go: &Go<'_>, modules: &Modules, gopath: &str) -> Vec<Variable> {
    let in_module = go.since(16) || !modules.gomod.is_empty();
    let why = if in_module { "the module that the folder is in" } else { "no module is found" };
    let mut out = vec![computed(&modules.gomod, why).variable("GOMOD")];
    if go.since(18) {
        let row = match go.get("GOWORK").filter(|found| found.text != "auto") {
            Some(found) => Row { found: Found { text: modules.gowork.clone(), ..found }, changed: false },
            None => computed(&modules.gowork, "the nearest go.work upwards"),
        };
        out.push(row.variable("GOWORK"));
    }
    if go.since(27) {
        out.push(gobin(go, modules, gopath).variable("GOBIN"));
    }
    out
}

/// Since 1.27 the folder that `go install` writes to.
fn gobin(go: &Go<'_>, modules: &Modules, gopath: &str) -> Row {
    let row = or(go, "GOBIN", "");
    if !row.found.text.is_empty() {
        return row;
    }
    let default =
        |text: String, why: &str| Row { found: rule(text, SettingSource::Default, why), changed: false };
    if modules.enabled {
        let folder = if modules.gopath.is_empty() { String::new() } else { go.join(&modules.gopath, "bin") };
        return default(folder, "bin in the first folder of GOPATH");
    }
    let folders = go.split_list(gopath);
    let wd = go.getwd().unwrap_or_default();
    // A guess by the text alone (go: envcmd/env.go `ExtraEnvVars`).
    match folders.iter().find(|folder| wd.starts_with(folder.as_str())).or(folders.first()) {
        Some(folder) => default(go.join(folder, "bin"), "bin in the folder of GOPATH that the folder is in"),
        None => default(String::new(), "GOPATH is empty"),
    }
}

fn platform(go: &Go<'_>, name: &str, host: &str) -> Row {
    let row = or(go, name, "");
    if row.found.text.is_empty() {
        let found = rule(host, SettingSource::Default, "the platform of go itself");
        return Row { found, changed: false };
    }
    Row { changed: row.found.text != host, ..row }
}

fn env_file(go: &Go<'_>) -> Row {
    let source = match go.location.origin {
        Origin::Rule { .. } => SettingSource::Default,
        _ => SettingSource::Environment,
    };
    let text = go.location.path.clone().unwrap_or_default();
    let changed = source == SettingSource::Environment && !text.is_empty();
    Row { found: Found { text, source, origin: go.location.origin.clone() }, changed }
}

fn like_private(go: &Go<'_>, name: &str) -> Row {
    let private = or(go, "GOPRIVATE", "").found;
    configured(go, name, Found { source: SettingSource::Default, ..private })
}

/// GOPATH before its default is dropped (go: src/go/build/build.go `defaultGOPATH`).
pub(super) fn gopath(go: &Go<'_>) -> Row {
    let inferred = || {
        let name = if go.os == Os::Windows { "USERPROFILE" } else { "HOME" };
        let Some(home) = go.os_env(name) else {
            return rule("", SettingSource::Default, "no home folder is known");
        };
        let folder = go.join(&home.text, "go");
        if folder == crate::file_path::clean(go.os, &go.runtime_goroot) {
            return rule("", SettingSource::Default, "the default would be GOROOT");
        }
        rule(folder, SettingSource::Default, "the folder `go` in the home folder")
    };
    // What `-changed` compares with is what go/build found, and that reads the environment too.
    match go.os_env("GOPATH") {
        Some(found) => configured(go, "GOPATH", found),
        None => configured(go, "GOPATH", inferred()),
    }
}

/// Formed before a relative GOPATH is dropped.
pub(super) fn gomodcache(go: &Go<'_>) -> Row {
    let folder = first_folder(go, &gopath(go).found.text).map(|folder| go.join(&folder, "pkg/mod"));
    let why = "pkg/mod in the first folder of GOPATH";
    configured(go, "GOMODCACHE", rule(folder.unwrap_or_default(), SettingSource::Default, why))
}

fn first_folder(go: &Go<'_>, gopath: &str) -> Option<String> {
    go.split_list(gopath).into_iter().next().filter(|folder| !folder.is_empty())
}

/// GOPROXY and GOSUMDB: before 1.21 their defaults were built in, since then they stand in go.env alone.
fn remote(go: &Go<'_>, name: &str) -> Row {
    if !go.since(13) {
        return environment(go, name);
    }
    if go.since(21) {
        return configured(go, name, rule("", SettingSource::Default, "no default in go.env"));
    }
    let built_in = || go.baked.built_in(name).or_else(|| go.programs.built_in(&go.launched, name));
    let found = go.get(name).unwrap_or_else(|| match built_in() {
        Some(text) => rule(text, SettingSource::Default, "built-in default"),
        None => Found {
            text: String::new(),
            source: SettingSource::Default,
            origin: Origin::unknown(format!(
                "the default of {name} is built into go, and its source is not there"
            )),
        },
    });
    Row { found, changed: false }
}

fn goroot(go: &Go<'_>) -> Row {
    let source = match go.goroot.source {
        Source::Environment | Source::Wrapper => SettingSource::Environment,
        Source::EnvFile => SettingSource::EnvFile,
        Source::Inferred | Source::Baked | Source::None => SettingSource::Computed,
    };
    let found = Found { text: go.goroot().to_owned(), source, origin: go.goroot.origin.clone() };
    Row { found, changed: false }
}

fn tool_folder(go: &Go<'_>) -> Row {
    let folder = match go.goroot() {
        // Since 1.19 nothing is made of no GOROOT.
        "" if go.since(19) => String::new(),
        root => go.join(&go.join(root, "pkg/tool"), &format!("{}_{}", go.host_os, go.host_arch)),
    };
    computed(folder, "pkg/tool in GOROOT, for the platform of go itself")
}

fn version(go: &Go<'_>) -> Row {
    let origin = go.version_origin.clone();
    Row { found: Found { text: go.version.clone(), source: SettingSource::Computed, origin }, changed: false }
}

/// The value of GOEXPERIMENT that counts, default included.
pub(super) fn experiment_text(go: &Go<'_>) -> String {
    let set = go.text("GOEXPERIMENT");
    if set.is_empty() { go.baked.default("GOEXPERIMENT") } else { set }
}

/// Since 1.19 as it is set; before, what differs from the baseline.
fn goexperiment(go: &Go<'_>) -> Row {
    let row = or_baked(go, "GOEXPERIMENT");
    let changed = !row.found.text.is_empty();
    if go.since(19) {
        return Row { changed, ..row };
    }
    let parsed = experiment::parse(go.minor, &go.baked, &go.goos(), &go.goarch(), &experiment_text(go));
    let text = parsed.map(|e| e.canonical()).unwrap_or_default();
    Row { found: Found { text, ..row.found }, changed }
}

pub(super) fn gofips140(go: &Go<'_>) -> (String, Origin) {
    let found = or_baked(go, "GOFIPS140").found;
    (found.text, found.origin)
}

fn gccgo(go: &Go<'_>) -> Row {
    let row = or(go, "GCCGO", "gccgo");
    let name = row.found.text.clone();
    let path = match look_path(go, &name) {
        Ok(path) => Some(path),
        Err(not_found) => not_found.relative,
    };
    match path {
        Some(path) => {
            let source = match row.found.source {
                SettingSource::Default => SettingSource::Computed,
                source => source,
            };
            let origin = match row.found.source {
                SettingSource::Default => Origin::rule("found on PATH", ENV),
                _ => row.found.origin,
            };
            Row { found: Found { text: path, source, origin }, changed: true }
        }
        None => Row { changed: go.since(25) && name != "gccgo", ..row },
    }
}

/// CC and CXX: the whole value since 1.18, before that its first word.
pub(super) fn compiler(go: &Go<'_>, name: &str) -> Row {
    let default = || {
        let text = go.baked.compiler(&format!("Default{name}"), go.os, &go.goos(), &go.goarch());
        let mut found = rule(text, SettingSource::Default, "default of this build of go");
        if !go.baked.is_told(name) {
            found.origin = Baked::why_untold(name);
        }
        Row { found, changed: false }
    };
    let Some(found) = go.get(name) else { return default() };
    if go.since(18) {
        return Row { found, changed: true };
    }
    match super::words::fields(&found.text).into_iter().next() {
        Some(first) => Row { found: Found { text: first, ..found }, changed: true },
        None => default(),
    }
}

/// `CgoEnabled` (go: src/go/build/build.go `defaultContext`, cmd/go/internal/cfg/cfg.go `defaultContext`).
pub(super) fn cgo_enabled(go: &Go<'_>) -> Row {
    let (goos, goarch) = (go.goos(), go.goarch());
    let at_home = goos == go.host_os && goarch == go.host_arch;
    let baked = go.baked.cgo_enabled();
    let works = go.baked.supports_cgo(&goos, &goarch).unwrap_or(false);
    // go/build asks the environment alone.
    let builder = match go.os_env("CGO_ENABLED").map_or_else(|| baked.clone(), |f| f.text).as_str() {
        "1" => true,
        "0" => false,
        _ => at_home && works,
    };
    let compiler_missing = || {
        let name = go.baked.compiler("DefaultCC", go.os, &goos, &goarch);
        go.os_env("CC").is_none() && look_path(go, &name).is_err()
    };
    let (default, why) = if go.since(25) && baked == "1" {
        (true, "built to use cgo")
    } else if go.since(25) && baked == "0" {
        (false, "built not to use cgo")
    } else if !at_home && (go.since(13) || !builder) {
        (false, "another platform is built for")
    } else {
        let on = if go.since(25) { works } else { builder };
        match on {
            // Since 1.20 cgo is off where there is no C compiler.
            _ if builder && go.since(20) && compiler_missing() => {
                (false, "CC is not set in the environment, and the default C compiler is not on PATH")
            }
            true => (true, "cgo works on this platform"),
            false => (false, "cgo does not work on this platform"),
        }
    };
    let set = go.get("CGO_ENABLED").filter(|found| matches!(found.text.as_str(), "0" | "1"));
    // 1.11 and 1.12 have no say beyond go/build.
    let found = match set {
        Some(found) => found,
        None => Found {
            text: if default { "1" } else { "0" }.to_owned(),
            source: SettingSource::Default,
            origin: if go.baked.is_told("CGO_ENABLED") {
                Origin::rule(why, CFG)
            } else {
                Baked::why_untold("CGO_ENABLED")
            },
        },
    };
    let changed = (found.text == "1") != default;
    Row { found, changed }
}
