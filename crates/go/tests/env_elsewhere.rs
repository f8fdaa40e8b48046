//! `go env` on Windows and macOS, told on fake machines. Windows: seen with go 1.25.14 and 1.26.10 under Wine, but for the
//! system's own words, which are those of Microsoft; macOS: from the sources named at each test.

use go::Programs;
use go::env::print::print;
use go::env::{Outcome, Query, evaluate};
use model::{CaseRule, Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId};
use std::borrow::Cow;
use system::memory::MemorySystem;
use system::{Os, System};

const GO_ENV: &str = "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=local\n";

fn sdk(machine: MemorySystem, root: &str) -> MemorySystem {
    let (glue, program) = if machine.os() == Os::Windows { ('\\', "go.exe") } else { ('/', "go") };
    let at = |path: &str| format!("{root}/{path}").replace('/', &glue.to_string());
    let platform = format!("pkg/tool/{}_{}", machine.os().goos(), machine.arch());
    machine
        .file(&at("VERSION"), "go1.26.3\n")
        .file(&at("go.env"), GO_ENV)
        .executable(&at(&format!("bin/{program}")))
        .executable(&at(&format!("{platform}/compile")))
}

/// Status, stdout, stderr of `go WORDS` in the folder of the machine.
fn ask(machine: &MemorySystem, env: &[(&str, &str)], words: &str) -> (i32, String, String) {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    if machine.os() == Os::Windows {
        (space.case, space.path_separator) = (CaseRule::Insensitive, b';');
    }
    let set = |(name, value): &(&str, &str)| {
        Effect::set(*name, *value, Origin::Process { pid: 1 }, Confidence::Baseline)
    };
    space.layers.push(Layer::applied("given", "given", env.iter().map(set).collect()));
    let (env, programs) = (Folded::over(None, &space), Programs::new(machine));
    let cwd = machine.current_dir().ok();
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let query = Query { programs: &programs, env: &env, cwd: cwd.as_deref(), words: &words, probe: false };
    match evaluate(&query) {
        Outcome::Values(values) => {
            let printed = print(&values, |variable| Cow::Borrowed(variable.value().as_bytes()));
            let stdout = String::from_utf8_lossy(&printed.stdout).into_owned();
            (printed.status, stdout, values.stderr.clone() + &printed.stderr)
        }
        Outcome::Fatal(fatal) => (fatal.status, String::new(), fatal.stderr),
        other => panic!("{other:?}"),
    }
}

fn windows() -> MemorySystem {
    sdk(MemorySystem::windows().cwd(r"C:\Users\ann\shop"), r"C:\Go").folder(r"C:\tmp")
}

const WINDOWS: &[(&str, &str)] = &[
    ("Path", r"C:\Go\bin"),
    ("UserProfile", r"C:\Users\ann"),
    ("AppData", "C:/Users/ann/Roaming/"),
    ("LocalAppData", "local"),
    ("TMP", "C:/tmp"),
];

fn on_windows(machine: &MemorySystem, more: &[(&str, &str)], words: &str) -> (i32, String, String) {
    ask(machine, &[WINDOWS, more].concat(), words)
}

#[test]
fn windows_cleans_what_it_computes() {
    let (_, out, _) = on_windows(&windows(), &[], "env GOENV GOTELEMETRYDIR GOCACHE GOPATH GOTOOLDIR GOMOD");
    assert_eq!(
        out,
        "C:\\Users\\ann\\Roaming\\go\\env\nC:\\Users\\ann\\Roaming\\go\\telemetry\nlocal\\go-build\nC:\\Users\\ann\\go\n\
         C:\\Go\\pkg\\tool\\windows_amd64\nNUL\n"
    );
    let set = [("GOPATH", "\"C:\\a;b\";C:/c/"), ("goroot", "C:/Go/"), ("GOBIN", r"rel\")];
    let (_, out, _) = on_windows(&windows(), &set, "env GOPATH GOMODCACHE GOROOT GOBIN");
    assert_eq!(out, "\"C:\\a;b\";C:/c/\nC:\\a;b\\pkg\\mod\nC:/Go/\nrel\\\n");
}

#[test]
fn windows_knows_two_kinds_of_relative_paths() {
    for path in [r"\x", "C:x", "x"] {
        let (status, _, said) = on_windows(&windows(), &[("GOPATH", path)], "env GOOS");
        let quoted = path.replace('\\', "\\\\");
        assert_eq!(status, 2, "{path}");
        assert!(
            said.starts_with(&format!("go: GOPATH entry is relative; must be absolute path: \"{quoted}\"."))
        );
        assert_eq!(on_windows(&windows(), &[("GOCACHE", path)], "env GOCACHE").1, "off\n", "{path}");
        let (status, _, said) = on_windows(&windows(), &[("GOWORK", path)], "env GOOS");
        assert_eq!((status, said.as_str()), (1, "go: invalid GOWORK: not an absolute path\n"), "{path}");
    }
    assert_eq!(on_windows(&windows(), &[("GOPATH", "C:/x")], "env GOPATH").0, 0);
}

#[test]
fn windows_finds_compilers_by_their_endings() {
    let machine = windows().file(r"C:\tools\gcc.bat", "").file(r"C:\Users\ann\shop\gccgo.exe", "");
    let found = |more: &[(&str, &str)]| on_windows(&machine, more, "env CGO_ENABLED GCCGO").1;
    let tools = ("PATH", "C:\\Go\\bin;;\"C:\\tools\"");
    // What lies in the current folder is found first, and named as it stands.
    assert_eq!(found(&[tools]), "1\ngccgo.exe\n");
    assert_eq!(found(&[tools, ("PATHEXT", ".EXE")]), "0\ngccgo.exe\n");
    assert_eq!(found(&[tools, ("NoDefaultCurrentDirectoryInExePath", "")]), "1\ngccgo\n");
}

#[test]
fn windows_cannot_print_a_carriage_return_for_cmd() {
    let machine = windows().file(r"C:\Users\ann\Roaming\go\env", "GOFLAGS=-mod=mod\r\nGOPROXY=a|b\r\n");
    let (status, out, said) = on_windows(&machine, &[], "env");
    assert_eq!(status, 1);
    assert!(
        out.contains("set GOFLAGS=-mod=mod\u{fffd}\n") && out.contains("set GOPROXY=a^|b\u{fffd}\n"),
        "{out}"
    );
    assert!(
        said.contains("go: stripping unprintable or unescapable characters from %\"GOFLAGS\"%\n"),
        "{said}"
    );
    assert_eq!(on_windows(&machine, &[], "env GOFLAGS").0, 0);
}

#[test]
fn windows_refuses_in_its_own_words() {
    let said = |more: &[(&str, &str)], words: &str| on_windows(&windows(), more, words).2;
    assert_eq!(
        said(&[], "env -C nosuch GOOS"),
        "go: chdir nosuch: The system cannot find the file specified.\n"
    );
    assert_eq!(
        said(&[], r"env -C no\such GOOS"),
        "go: chdir no\\such: The system cannot find the path specified.\n"
    );
    assert_eq!(
        said(&[("GOTMPDIR", r"C:\nosuch")], "env"),
        "go: creating work dir: GetFileAttributesEx C:\\nosuch: The system cannot find the file specified.\n"
    );
    let machine = windows().file(r"C:\tmp\go.mod", "module x\n").cwd(r"C:\tmp");
    let (_, out, said) = on_windows(&machine, &[], "env GOMOD");
    assert_eq!(
        (out.as_str(), said.as_str()),
        ("NUL\n", "go: warning: ignoring go.mod in system temp root C:\\tmp\n")
    );
}

const MACOS: &[(&str, &str)] = &[
    ("PATH", "/usr/local/bin:/usr/bin"),
    ("HOME", "/Users/ann"),
    ("XDG_CONFIG_HOME", "/Users/ann/.config"),
    ("XDG_CACHE_HOME", "/Users/ann/.cache"),
];

fn on_macos(machine: &MemorySystem, words: &str) -> String {
    let (status, out, said) = ask(machine, MACOS, words);
    assert_eq!(status, 0, "{said}");
    out
}

/// go: src/os/file.go `UserConfigDir`, `UserCacheDir`.
#[test]
fn macos_has_folders_of_its_own() {
    let machine = sdk(MemorySystem::macos().cwd("/Users/ann/shop"), "/usr/local/go")
        .link("/usr/local/bin/go", "/usr/local/go/bin/go")
        .file("/Users/ann/Library/Application Support/go/env", "GOFLAGS=-mod=mod\n")
        .file("/Users/ann/.config/go/env", "GOFLAGS=-mod=vendor\n");
    assert_eq!(
        on_macos(&machine, "env GOENV GOCACHE GOTELEMETRYDIR GOFLAGS GOMOD GOEXE"),
        "/Users/ann/Library/Application Support/go/env\n/Users/ann/Library/Caches/go-build\n\
         /Users/ann/Library/Application Support/go/telemetry\n-mod=mod\n/dev/null\n\n"
    );
}

/// go: src/cmd/dist/build.go `defaultccFunc`, src/cmd/go/internal/cfg/cfg.go `defaultContext`.
#[test]
fn macos_compiles_with_clang() {
    let machine =
        sdk(MemorySystem::macos(), "/usr/local/go").link("/usr/local/bin/go", "/usr/local/go/bin/go");
    assert_eq!(on_macos(&machine, "env CC CXX CGO_ENABLED"), "clang\nclang++\n0\n");
    let machine = machine.executable("/usr/bin/clang");
    assert_eq!(on_macos(&machine, "env CGO_ENABLED"), "1\n");
}

/// go: src/os/executable_darwin.go gives the name by which the program was started; src/cmd/go/internal/cfg/cfg.go
/// `findGOROOT` looks around that first, and behind links only where nothing is found.
#[test]
fn macos_keeps_the_link_to_a_folder() {
    let machine = sdk(MemorySystem::macos(), "/opt/go/1.26.3").link("/usr/local/current", "/opt/go/1.26.3");
    let through = |path: &str| ask(&machine, &[("PATH", path), ("HOME", "/Users/ann")], "env GOROOT").1;
    assert_eq!(through("/usr/local/current/bin"), "/usr/local/current\n");
    assert_eq!(through("/opt/go/1.26.3/bin"), "/opt/go/1.26.3\n");
    let machine = machine.link("/usr/local/bin/go", "/opt/go/1.26.3/bin/go");
    assert_eq!(on_macos(&machine, "env GOROOT"), "/opt/go/1.26.3\n");
}
