//! What each child of the go command is given, version by version, as read in the sources of every minor from 1.11 to
//! 1.27. Versions between two that were read are taken to be as the older one.

use super::generate;
use crate::trace::Trace;
use go::Version;
use go::env::Values;
use model::{Origin, SettingSource};
use system::System;

/// The oldest minor whose rules are known.
pub(super) const OLDEST: u64 = 11;

/// A kind of child.
pub(super) struct Child {
    pub(super) variant: &'static str,
    pub(super) title: &'static str,
    /// The first minor that starts such a thing.
    pub(super) since: u64,
    pub(super) rules: fn(&mut Trace, &Go<'_>),
}

pub(super) const CHILDREN: &[Child] = &[
    Child { variant: "test", title: "a test binary, started by go test", since: OLDEST, rules: test },
    Child { variant: "run", title: "a program, started by go run", since: OLDEST, rules: run },
    Child {
        variant: "generate",
        title: "a generator, started by go generate",
        since: OLDEST,
        rules: generate,
    },
    Child { variant: "tool", title: "a tool of the module, started by go tool", since: 24, rules: tool },
    Child {
        variant: "cgo",
        title: "the C compiler, started by go build for a cgo package",
        since: OLDEST,
        rules: cgo,
    },
    Child {
        variant: "cgo/tool",
        title: "the C compiler, asked for types by the cgo tool",
        since: OLDEST,
        rules: cgo_tool,
    },
];

/// The go that starts it.
pub(super) struct Go<'a> {
    pub(super) system: &'a dyn System,
    pub(super) project: &'a str,
    pub(super) values: &'a Values,
    pub(super) release: &'a Release,
}

/// A version, as far as rules go by it.
pub(super) struct Release {
    text: String,
    version: Option<Version>,
}

impl Release {
    pub(super) fn of(text: &str) -> Self {
        let name = text.strip_prefix("devel ").unwrap_or(text);
        Self { text: text.to_owned(), version: Version::from_toolchain(name) }
    }

    /// `1.N` or later; a version that is not known is the newest.
    pub(super) fn since(&self, minor: u64) -> bool {
        self.version.as_ref().is_none_or(|v| v.minor_at_least(minor))
    }

    /// A rule of this version's source.
    pub(super) fn rule(&self, text: &str, source: &str) -> Origin {
        Origin::rule(
            text,
            format!("{}: src/cmd/{source}", self.text.split([' ', '-']).next().unwrap_or_default()),
        )
    }
}

impl Go<'_> {
    fn rule(&self, text: &str, source: &str) -> Origin {
        self.release.rule(text, source)
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        let found = self.values.variables.iter().find(|v| v.name() == name)?;
        Some(found.value().as_bytes())
    }

    fn begin(&self, trace: &mut Trace, title: &str, source: &str) {
        trace.layer("go-sets", title, self.rule("the go command starts it", source));
    }

    /// `base.AppendPATH`: GOROOT/bin before all else, so that a `go` started there is the same one.
    fn own_go_first(&self, trace: &mut Trace) {
        let Some(root) = self.value("GOROOT").filter(|root| !root.is_empty()) else { return };
        let windows = self.system.os() == system::Os::Windows;
        let mut path = root.to_vec();
        path.extend(if windows { b"\\bin" } else { b"/bin" });
        if let Some(old) = trace.get("PATH").filter(|old| !old.is_empty()) {
            path.push(if windows { b';' } else { b':' });
            path.extend(old);
        }
        let rule = self.rule("go puts GOROOT/bin before PATH", "go/internal/base/env.go AppendPATH");
        trace.set(b"PATH", &path, rule);
    }

    fn folder_of_package(&self, trace: &mut Trace) {
        let rule = self.rule("go sets it to the folder of the package", "go/internal/base/env.go AppendPWD");
        trace.stand_in(
            b"PWD",
            self.project.as_bytes(),
            "as for the package in the project's own folder",
            rule,
        );
    }
}

pub(super) fn test(trace: &mut Trace, go: &Go<'_>) {
    go.begin(trace, "go test sets", "go/internal/test/test.go (*runTestActor).Act");
    if go.release.since(19) {
        go.own_go_first(trace);
    }
    go.folder_of_package(trace);
    if go.release.since(20) {
        let reason = "GOCOVERDIR is set only by go test -cover";
        trace.begin(model::Layer::skipped("go-cover", "coverage of go test", reason));
    }
}

fn run(trace: &mut Trace, go: &Go<'_>) {
    if go.release.since(24) {
        go.begin(trace, "go run sets", "go/internal/base/base.go RunStdin");
        go.own_go_first(trace);
    } else {
        let reason = "go run hands on what it was given (before 1.24)";
        trace.begin(model::Layer::skipped("go-sets", "go run sets", reason));
    }
}

fn tool(trace: &mut Trace, go: &Go<'_>) {
    go.begin(trace, "go tool sets", "go/internal/tool/tool.go runBuiltTool");
    go.own_go_first(trace);
}

fn generate(trace: &mut Trace, go: &Go<'_>) {
    const SOURCE: &str = "go/internal/generate/generate.go (*Generator).setEnv";
    go.begin(trace, "go generate sets", SOURCE);
    let named = |name: &str| go.rule(&format!("go generate sets {name}"), SOURCE);
    if go.release.since(19)
        && let Some(root) = go.value("GOROOT")
    {
        trace.set(b"GOROOT", root, named("GOROOT"));
    }
    for name in ["GOARCH", "GOOS"] {
        if let Some(value) = go.value(name) {
            trace.set(name.as_bytes(), value, named(name));
        }
    }
    let directive = generate::first(go.system, go.project);
    for (name, value) in generate::variables(directive.as_ref()) {
        let reason = "it differs for each //go:generate line";
        match value {
            Some(value) => {
                trace.stand_in(name.as_bytes(), value.as_bytes(), generate::STANDS_FOR, named(name));
            }
            None => trace.unreadable(name.as_bytes(), reason, named(name)),
        }
    }
    trace.set(b"DOLLAR", b"$", named("DOLLAR"));
    if go.release.since(19) {
        go.own_go_first(trace);
        go.folder_of_package(trace);
    }
}

/// What of `go env` is not exported to children: it is not in `MkEnv` (go: src/cmd/go/internal/envcmd/env.go
/// `ExtraEnvVars`, `ExtraEnvVarsCostly`).
fn is_extra(name: &str, release: &Release) -> bool {
    match name {
        "GOGCCFLAGS" | "GOMOD" | "GOWORK" | "PKG_CONFIG" => true,
        "CGO_CFLAGS" | "CGO_CPPFLAGS" | "CGO_CXXFLAGS" | "CGO_FFLAGS" | "CGO_LDFLAGS" => true,
        "GOBIN" => release.since(27),
        _ => false,
    }
}

/// The C compiler: all that go computed, made explicit (go: src/cmd/go/main.go `invoke`), git silenced, and no
/// colours.
fn compiler(trace: &mut Trace, go: &Go<'_>) {
    go.begin(trace, "go build sets", "go/main.go invoke");
    for variable in &go.values.variables {
        let (name, value) = (variable.name(), variable.value().as_bytes());
        let old = trace.get(name).unwrap_or_default();
        if is_extra(name, go.release) || variable.needs_probe || old == value {
            continue;
        }
        let origin = match variable.setting.source {
            SettingSource::EnvFile | SettingSource::GoEnv => variable.setting.origin.clone(),
            _ => go.rule("go exports what it has computed", "go/main.go invoke"),
        };
        trace.set(name.as_bytes(), value, origin);
    }
    quiet_git(trace, go.release);
    go.folder_of_package(trace);
    if go.release.since(16) {
        let rule =
            go.rule("go names the package that is built", "go/internal/work/exec.go (*Builder).runOut");
        match module(go.system, go.project) {
            Some(module) => trace.stand_in(
                b"TOOLEXEC_IMPORTPATH",
                module.as_bytes(),
                "as for the package in the project's own folder",
                rule,
            ),
            None => trace.unreadable(b"TOOLEXEC_IMPORTPATH", "it differs for each package", rule),
        }
    }
    let rule = go.rule("go keeps colours out of messages", "go/internal/work/exec.go cCompilerEnv");
    trace.set(b"TERM", b"dumb", rule);
}

/// The compiler is started in the folder of the package, or in a work folder for files that cgo wrote.
fn cgo(trace: &mut Trace, go: &Go<'_>) {
    compiler(trace, go);
}

fn cgo_tool(trace: &mut Trace, go: &Go<'_>) {
    compiler(trace, go);
    trace.layer("cgo-sets", "the cgo tool sets", go.rule("the cgo tool starts it", "cgo/main.go main"));
    let flags =
        go.rule("go gives linker flags to cgo in another way", "go/internal/work/exec.go (*Builder).cgo");
    if go.release.since(23) {
        trace.set(b"CGO_LDFLAGS", b"", flags);
    } else if let Some(value) = go.value("CGO_LDFLAGS") {
        let text = String::from_utf8_lossy(value).into_owned();
        let quoted: Vec<String> = text.split_whitespace().map(|word| format!("\"{word}\"")).collect();
        let reason = "what the package's #cgo lines add stands there too";
        let rule = go.rule("go hands the linker flags to cgo", "go/internal/work/exec.go (*Builder).cgo");
        trace.stand_in(b"CGO_LDFLAGS", quoted.join(" ").as_bytes(), reason, rule);
    }
    let rule = || go.rule("cgo reads messages in English", "cgo/main.go main");
    trace.set(b"LANG", b"en_US.UTF-8", rule());
    trace.set(b"LC_ALL", b"C", rule());
}

/// git and ssh are kept from asking (go: src/cmd/go/internal/modload/init.go `Init`).
pub(super) fn quiet_git(trace: &mut Trace, release: &Release) {
    let rule = |text: &str| release.rule(text, "go/internal/modload/init.go Init");
    let is_empty = |trace: &Trace, name: &str| trace.get(name).is_none_or(<[u8]>::is_empty);
    if is_empty(trace, "GIT_TERMINAL_PROMPT") {
        trace.set(b"GIT_TERMINAL_PROMPT", b"0", rule("go keeps git from asking for passwords"));
    }
    if !release.since(25) && is_empty(trace, "GIT_SSH") && is_empty(trace, "GIT_SSH_COMMAND") {
        let command: &[u8] = if release.since(17) {
            b"ssh -o ControlMaster=no -o BatchMode=yes"
        } else {
            b"ssh -o ControlMaster=no"
        };
        trace.set(b"GIT_SSH_COMMAND", command, rule("go keeps ssh from pooling connections"));
    }
    if release.since(17) && is_empty(trace, "GCM_INTERACTIVE") {
        trace.set(b"GCM_INTERACTIVE", b"never", rule("go keeps git's credential manager from asking"));
    }
}

/// The module path of the project's go.mod.
fn module(system: &dyn System, project: &str) -> Option<String> {
    let bytes = system.read(&format!("{project}/go.mod")).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("module")?;
        let word =
            rest.starts_with([' ', '\t']).then(|| rest.split("//").next().unwrap_or_default().trim())?;
        Some(word.trim_matches(['"', '`']).to_owned())
    })
}
