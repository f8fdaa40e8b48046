//! What children of go are told to see, against what they do see: `go test`, `go run`, `go generate` and a C compiler
//! of real SDKs, each started with a program that writes its environment. Nothing is downloaded.
//!
//! The SDKs are the folders named by `GOWHENCE_SDKS` (separated by `:`) and that of the `go` on PATH.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "lays out real folders and runs the real go")]

use model::{Name, SpaceId, Value};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use system::os::Real;

type Environment = BTreeMap<String, String>;

/// Writes the environment of the C compiler for the package (`cgo`) and for the cgo tool's question about it (`tool`).
/// It lies at the same place in each run, so that go's own packages stay built.
const COMPILER: &str = r#"#!/bin/sh
for word; do
  case $word in
    _cgo_export.c|*/_cgo_export.c) kind=cgo ;;
    -dM) kind=tool ;;
  esac
done
case "$kind:$*:$(pwd -P)" in
  cgo:*"$DUMP_PROJECT"*|tool:*:"$DUMP_PROJECT") env -0 > "$DUMP_PROJECT/../$kind.env" ;;
esac
exec /usr/bin/cc "$@"
"#;

/// What the shell that runs it adds of its own.
const OF_THE_SHELL: &[&str] = &["_", "OLDPWD", "SHLVL"];

fn sdks() -> Vec<PathBuf> {
    let named = std::env::var("GOWHENCE_SDKS").unwrap_or_default();
    let mut roots: Vec<PathBuf> = named.split(':').filter(|s| !s.is_empty()).map(PathBuf::from).collect();
    if let Some(go) = testkit::need("go").and_then(|go| fs::canonicalize(go).ok()) {
        roots.extend(go.ancestors().nth(2).map(Path::to_owned));
    }
    roots.retain(|root| root.join("bin/go").is_file());
    roots
}

/// Where go keeps what it has built from run to run.
fn kept(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"))
}

struct Bench {
    folder: tempfile::TempDir,
    environment: Environment,
}

impl Bench {
    fn new(sdk: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["home", "p", "c", "bin"] {
            fs::create_dir(at(name)).expect("folder");
        }
        let shown = |path: PathBuf| path.to_str().expect("UTF-8").to_owned();
        fs::write(at("p/go.mod"), "module example.com/p\n\ngo 1.11\n").expect("written");
        let dump = |file: &str| {
            let path = shown(at(file));
            format!(
                "\tf, _ := os.Create({path:?})\n\tfor _, e := range os.Environ() {{ f.WriteString(e + \"\\x00\") }}\n"
            )
        };
        let text = format!(
            "package main\n\nimport \"os\"\n\n//go:generate /usr/bin/env -0\nfunc main() {{\n{}}}\n",
            dump("run.env")
        );
        fs::write(at("p/main.go"), text).expect("written");
        let text = format!(
            "package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestX(t *testing.T) {{\n{}}}\n",
            dump("test.env")
        );
        fs::write(at("p/main_test.go"), text).expect("written");
        fs::write(at("c/go.mod"), "module example.com/c\n\ngo 1.11\n").expect("written");
        // A name of its own in each run: what was built before is not taken.
        let unique = format!("f{}", std::process::id());
        let text = format!(
            "package c\n\n// int {unique}(void);\nimport \"C\"\n\nfunc F() int {{ return int(C.{unique}()) }}\n"
        );
        fs::write(at("c/c.go"), text).expect("written");
        fs::write(at("c/f.c"), format!("int {unique}(void) {{ return 1; }}\n")).expect("written");
        let compiler = kept("dumping-cc");
        fs::write(&compiler, COMPILER).expect("written");
        fs::set_permissions(&compiler, fs::Permissions::from_mode(0o755)).expect("mode");
        let bin = sdk.join("bin");
        let environment = [
            ("HOME", shown(at("home"))),
            ("PATH", format!("{}:{}:/usr/bin:/bin", shown(at("bin")), shown(bin))),
            ("GOCACHE", kept("go-build")),
            ("GOPROXY", "off".to_owned()),
            ("GOTOOLCHAIN", "local".to_owned()),
            ("GO111MODULE", "on".to_owned()),
            ("CC", compiler),
            ("TERM", "xterm".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("ODD", "a b=c".to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).into();
        Self { folder, environment }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn given(&self, project: &str) -> Environment {
        let mut given = self.environment.clone();
        let folder = self.at(project).to_str().expect("UTF-8").to_owned();
        given.insert("PWD".to_owned(), folder.clone());
        given.insert("DUMP_PROJECT".to_owned(), folder);
        given
    }

    fn go(&self, project: &str, words: &[&str]) -> Output {
        let mut command = Command::new("/usr/bin/env");
        command.arg("go").args(words).current_dir(self.at(project));
        command.env_clear().envs(self.given(project)).output().expect("env starts")
    }

    /// What the space is told to have; names whose value only stands for others (or cannot be told) are empty.
    fn told(&self, project: &str, child: &str) -> Environment {
        let variables = self
            .given(project)
            .iter()
            .map(|(n, v)| (Name::from(n.as_str()), Value::from(v.as_str())))
            .collect();
        let id: SpaceId = format!("go@base:{child}").parse().expect("well formed");
        let options = spaces::Options {
            all: false,
            base: spaces::Base::Block { source: "bench".to_owned(), variables },
            project: self.at(project).to_str().expect("UTF-8").to_owned(),
            spaces: Some(vec![id.clone()]),
            limits: system::Limits::default(),
            refresh: true,
            probes: None,
            progress: None,
            live: false,
            go: spaces::GoOf::Every,
            open: spaces::vscode::Open::default(),
        };
        let survey = spaces::survey(&Real::for_tests(), &options);
        let space =
            survey.atlas.space(&id).unwrap_or_else(|| panic!("no {id}: {:?}", survey.could_not_check));
        assert!(space.evidence.has_values(), "{id}: {:?}", space.evidence);
        let folded = survey.atlas.fold(&id);
        folded.environment().map(|(n, v)| (n.to_text().into_owned(), v.to_text().into_owned())).collect()
    }
}

fn read(bytes: &[u8]) -> Environment {
    let pairs = bytes.split(|&b| b == 0).filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Differences, those of `but` left out; counts what agrees.
fn compare(
    what: &str,
    told: &Environment,
    real: &Environment,
    but: &[&str],
    agreed: &mut usize,
) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = told.keys().chain(real.keys()).collect();
    let mut wrong = Vec::new();
    for name in names.into_iter().filter(|n| !but.contains(&n.as_str())) {
        if told.get(name) == real.get(name) {
            *agreed += 1;
        } else {
            wrong.push(format!("{what}: {name}: told {:?}, is {:?}", told.get(name), real.get(name)));
        }
    }
    wrong
}

fn check(sdk: &Path, bench: &Bench, agreed: &mut usize) -> Vec<String> {
    let shown = sdk.display();
    let mut wrong = Vec::new();
    for (child, words) in [("test", ["test", "."]), ("run", ["run", "."])] {
        let output = bench.go("p", &words);
        assert!(output.status.success(), "{shown}: {}", String::from_utf8_lossy(&output.stderr));
        let real = read(&fs::read(bench.at(&format!("{child}.env"))).expect("the program wrote it"));
        wrong.extend(compare(&format!("{shown} {child}"), &bench.told("p", child), &real, &[], agreed));
    }
    let output = bench.go("p", &["generate"]);
    assert!(output.status.success(), "{shown}: {}", String::from_utf8_lossy(&output.stderr));
    let told = bench.told("p", "generate");
    wrong.extend(compare(
        &format!("{shown} generate"),
        &told,
        &read(&output.stdout),
        &["GOARCH", "GOOS"],
        agreed,
    ));
    wrong
}

#[test]
fn tests_programs_and_generators_see_what_is_told() {
    let (mut wrong, mut agreed) = (Vec::new(), 0);
    for sdk in sdks() {
        wrong.extend(check(&sdk, &Bench::new(&sdk), &mut agreed));
    }
    println!("{agreed} variables agreed");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_c_compiler_sees_what_is_told() {
    if testkit::need("cc").is_none() {
        return;
    }
    let (mut wrong, mut agreed) = (Vec::new(), 0);
    for sdk in sdks() {
        let bench = Bench::new(&sdk);
        let output = bench.go("c", &["build", "."]);
        assert!(output.status.success(), "{}: {}", sdk.display(), String::from_utf8_lossy(&output.stderr));
        for (child, file, but) in [("cgo", "cgo.env", &["PWD"][..]), ("cgo/tool", "tool.env", &[])] {
            let real = read(&fs::read(bench.at(file)).expect("the compiler wrote it"));
            let but: Vec<&str> = but.iter().chain(OF_THE_SHELL).copied().collect();
            let what = format!("{} {child}", sdk.display());
            wrong.extend(compare(&what, &bench.told("c", child), &real, &but, &mut agreed));
        }
    }
    println!("{agreed} variables agreed");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Puts the SDK where go would have unpacked it, from a proxy that is not asked any more.
fn unpack(bench: &mut Bench, sdk: &Path, name: &str) {
    let cache = bench.at("cache");
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let version = format!("v0.0.1-{name}.linux-{arch}");
    let beside = cache.join("cache/download/golang.org/toolchain/@v");
    fs::create_dir_all(&beside).expect("folder");
    fs::create_dir_all(cache.join("golang.org")).expect("folder");
    fs::write(beside.join(format!("{version}.ziphash")), format!("h1:{}=", "A".repeat(43))).expect("written");
    symlink(sdk, cache.join(format!("golang.org/toolchain@{version}"))).expect("link");
    let text = |path: PathBuf| path.to_str().expect("UTF-8").to_owned();
    bench.environment.insert("GOPROXY".to_owned(), format!("file://{}", text(bench.at("proxy"))));
    bench.environment.insert("GOSUMDB".to_owned(), "off".to_owned());
    bench.environment.insert("GOMODCACHE".to_owned(), text(cache));
}

/// A toolchain on PATH under its own name is given no GOROOT, one of the module cache is; its bin folder goes first.
#[test]
fn after_a_hand_over_children_see_the_chosen_toolchain() {
    let version = |sdk: &Path| {
        let text = fs::read_to_string(sdk.join("VERSION")).unwrap_or_default();
        text.lines().next().and_then(go::Version::from_toolchain).filter(|v| v.minor_at_least(21))
    };
    let all = sdks();
    let newest = all.iter().max_by_key(|sdk| version(sdk));
    let (mut wrong, mut agreed) = (Vec::new(), 0);
    for sdk in &all {
        let Some(newest) = newest.filter(|n| version(sdk).is_some() && version(n) > version(sdk)) else {
            continue;
        };
        let text = fs::read_to_string(newest.join("VERSION")).expect("VERSION");
        let name = text.lines().next().expect("a name");
        for on_path in [true, false] {
            let mut bench = Bench::new(sdk);
            if on_path {
                symlink(newest.join("bin/go"), bench.at("bin").join(name)).expect("link");
            } else {
                unpack(&mut bench, newest, name);
            }
            bench.environment.insert("GOTOOLCHAIN".to_owned(), name.to_owned());
            bench.environment.insert("GOROOT".to_owned(), sdk.to_str().expect("UTF-8").to_owned());
            wrong.extend(check(sdk, &bench, &mut agreed));
        }
    }
    println!("{agreed} variables agreed");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
