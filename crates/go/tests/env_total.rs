//! `go env` is told, or refused, on any machine and in any environment: nothing panics, and the same is told again.

use go::Programs;
use go::env::{Outcome, Query, evaluate};
use model::{CaseRule, Confidence, Effect, Evidence, Folded, Layer, Name, Origin, Space, SpaceId, Value};
use proptest::prelude::*;
use system::memory::MemorySystem;
use system::{Os, System as _};

const NAMES: &[&str] = &[
    "PATH",
    "HOME",
    "PWD",
    "TMPDIR",
    "GOROOT",
    "GOPATH",
    "GOENV",
    "GOOS",
    "GOARCH",
    "GOARM",
    "GOARM64",
    "GOAMD64",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOCACHE",
    "GOWORK",
    "GO111MODULE",
    "GOTOOLCHAIN",
    "GOPROXY",
    "GOSUMDB",
    "GOMODCACHE",
    "CC",
    "CGO_CFLAGS",
    "CGO_LDFLAGS",
    "PKG_CONFIG",
    "GCCGO",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "GOTMPDIR",
    "GOBIN",
    "USERPROFILE",
    "AppData",
    "LocalAppData",
    "PATHEXT",
    "GOCACHEPROG",
    "GOWASM",
    "GODEBUG",
];

const WORDS: &[&str] = &[
    "/sdk/bin",
    "/sdk",
    "/",
    "",
    ".",
    "..",
    "~",
    "/w",
    "/w/a",
    "off",
    "on",
    "auto",
    "local",
    "path",
    "go1.21",
    "go1.99.1",
    "go1.26.3+auto",
    "+",
    "linux",
    "arm",
    "amd64",
    "wasm",
    "v1",
    "v8.0,lse,crypto",
    "7,softfloat",
    "nox",
    "none",
    "regabi",
    "'",
    "\"",
    "'a b' c",
    "-json",
    "-x=1",
    "file:///p",
    ",",
    "|",
    " ",
    "\r",
    "rel",
    "/sdk/go.env",
    r"C:\sdk",
    r"\\a\b",
    "v1.0.0-rc",
    "é",
    "satconv,x",
    "é,softfloat",
];

fn value() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(|w| w.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    let glue = proptest::sample::select(&[":", "/", "", ",", ";", " "][..]);
    (word.clone(), glue, word).prop_map(|(a, glue, b)| {
        if a.len() + b.len() > 4 { a } else { [a, glue.as_bytes().to_vec(), b].concat() }
    })
}

fn environment(os: Os, variables: &[(String, Vec<u8>)]) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    if os == Os::Windows {
        space.case = CaseRule::Insensitive;
        space.path_separator = b';';
    }
    let effect = |(name, value): &(String, Vec<u8>)| {
        let value = Value::from(value.as_slice());
        Effect::set(Name::from(name.as_str()), value, Origin::Process { pid: 1 }, Confidence::Exact)
    };
    space.layers.push(Layer::applied("observed", "observed", variables.iter().map(effect).collect()));
    Folded::over(None, &space)
}

fn machine(os: Os, version: &str, files: &[Vec<u8>]) -> MemorySystem {
    let (root, work, go) = match os {
        Os::Windows => (r"C:\sdk", r"C:\w", "go.exe"),
        _ => ("/sdk", "/w", "go"),
    };
    let machine = match os {
        Os::Linux => MemorySystem::linux(),
        Os::Macos => MemorySystem::macos(),
        Os::Windows => MemorySystem::windows(),
    };
    let file = |n: usize| files.get(n).cloned().unwrap_or_default();
    machine
        .executable(&format!("{root}/bin/{go}"))
        .file(&format!("{root}/VERSION"), version)
        .folder(&format!("{root}/pkg/tool"))
        .file(&format!("{root}/go.env"), file(0))
        .file(&format!("{root}/src/internal/buildcfg/zbootstrap.go"), file(1))
        .file(&format!("{root}/src/cmd/go/internal/cfg/zdefaultcc.go"), file(2))
        .file(&format!("{work}/go.mod"), file(3))
        .file(&format!("{work}/a/go.work"), file(4))
        .file("/home/ann/.config/go/env", file(5))
}

fn asked(machine: &MemorySystem, env: &Folded, cwd: &str, words: &[String]) -> String {
    let programs = Programs::new(machine);
    let query = Query { programs: &programs, env, cwd: Some(cwd), words, probe: false };
    match evaluate(&query) {
        Outcome::Values(values) => {
            let bytes: usize = values.variables.iter().map(|v| v.value().as_bytes().len()).sum();
            format!(
                "{} values, {bytes} bytes, {:?} {:?}",
                values.variables.len(),
                values.named,
                values.stderr
            )
        }
        Outcome::Fatal(fatal) => format!("{} {}", fatal.status, fatal.stderr),
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn anything_is_told_or_refused(
        os in proptest::sample::select(&[Os::Linux, Os::Linux, Os::Macos, Os::Windows][..]),
        minor in 11_u8..29,
        patch in proptest::sample::select(&["", ".0", ".7", "rc1", " X:nox", "-corp"][..]),
        settings in proptest::collection::vec((proptest::sample::select(NAMES), value()), 0..8),
        files in proptest::collection::vec(
            proptest::collection::vec(
                prop_oneof![
                    proptest::sample::select(&[
                        "GOPROXY=off\n", "GOTOOLCHAIN=auto\n", "GOROOT=/w\n", "GOOS=\r\n", "go 1.99\n", "toolchain default\n",
                        "toolchain go1.26.3\n", "const version = `go1.26.3`\n", "const DefaultGOARM = ``\n", "\treturn \"\"\n",
                        "func DefaultCC(goos, goarch string) string {\n", "\tcase \"linux\":\n", "\treturn \n", "}\n",
                    ][..]).prop_map(|line| line.as_bytes().to_vec()),
                    proptest::collection::vec(any::<u8>(), 0..12),
                ],
                0..4,
            ).prop_map(|lines| lines.concat()),
            6,
        ),
        names in proptest::collection::vec(
            proptest::sample::select(&["-json", "-changed", "-n", "-C", "GOROOT", "CGO_CFLAGS", "GOFLAGS", "A=b", "", "-"][..]),
            0..3,
        ),
    ) {
        let version = format!("go1.{minor}{patch}");
        let machine = machine(os, &version, &files);
        let bin = if os == Os::Windows { r"C:\sdk\bin" } else { "/sdk/bin" };
        let mut variables = vec![("PATH".to_owned(), bin.as_bytes().to_vec())];
        variables.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let env = environment(machine.os(), &variables);
        let cwd = if os == Os::Windows { r"C:\w\a" } else { "/w/a" };
        let words: Vec<String> = std::iter::once("env").chain(names).map(str::to_owned).collect();
        let told = asked(&machine, &env, cwd, &words);
        prop_assert_eq!(&told, &asked(&machine, &env, cwd, &words));
        go::view(&machine, &env, Some(cwd), None);
    }
}
