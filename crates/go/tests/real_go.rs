//! What is told without running go, against what go itself prints: generated environments on real SDKs.
//!
//! The SDKs are the folders named by `GOWHENCE_SDKS` (separated by `:`) and that of the `go` on PATH; without any,
//! there is nothing to compare. `GOWHENCE_CASES` sets how many environments are tried, `GOWHENCE_SEED` which, and
//! `GOWHENCE_BUILDS` for how many it is also tried whether a build works (none by default: the first build of each
//! SDK compiles its runtime).
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "lays out real folders and runs the real go")]

mod generated;

use generated::{Case, Dice, folded, number, run, sdks, text, write};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use system::os::Real;

fn copy_go(sdk: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("has a parent")).expect("folder");
    fs::copy(sdk.join("bin/go"), to).expect("copied");
}

/// Lays a `go` of the SDK out in one of the ways it is met; gives the PATH entry.
fn lay_out(way: usize, t: &Path, sdk: &Path) -> String {
    let at = |name: &str| t.join(name);
    match way {
        0 | 1 => text(&sdk.join("bin")),
        2 => {
            symlink(sdk.join("bin"), at("bin-link")).expect("link");
            text(&at("bin-link")) + "/"
        }
        3 => {
            fs::create_dir_all(at("bin")).expect("folder");
            symlink(sdk.join("bin/go"), at("bin/go")).expect("link");
            text(&at("bin"))
        }
        4 => {
            symlink(sdk, at("current")).expect("link");
            text(&at("current/bin"))
        }
        5 => {
            copy_go(sdk, &at("copied/go"));
            text(&at("copied"))
        }
        6 => {
            copy_go(sdk, &at("broken/bin/go"));
            fs::create_dir_all(at("broken/pkg/tool")).expect("folder");
            text(&at("broken/bin"))
        }
        7 => {
            copy_go(sdk, &at("cross/bin/linux_amd64/go"));
            fs::create_dir_all(at("cross/pkg/tool")).expect("folder");
            text(&at("cross/bin/linux_amd64"))
        }
        8 => {
            write(&at("script/go"), &format!("#!/bin/sh\n# ours\nexec {}/bin/go \"$@\"\n", text(sdk)), 0o755);
            text(&at("script"))
        }
        9 => {
            fs::create_dir_all(at("w")).expect("folder");
            symlink(sdk.join("bin"), at("w/rel")).expect("link");
            "rel".to_owned()
        }
        10 => {
            fs::create_dir_all(at("w")).expect("folder");
            symlink(sdk.join("bin/go"), at("w/go")).expect("link");
            String::new()
        }
        11 => {
            copy_go(sdk, &at("moved/bin/go"));
            for name in ["pkg", "src", "VERSION", "go.env"] {
                if sdk.join(name).exists() {
                    symlink(sdk.join(name), at("moved").join(name)).expect("link");
                }
            }
            text(&at("moved/bin"))
        }
        _ => {
            fs::create_dir_all(at("usr/bin")).expect("folder");
            fs::create_dir_all(at("usr/lib")).expect("folder");
            symlink(sdk, at("usr/lib/go-1.x")).expect("link");
            symlink("../lib/go-1.x/bin/go", at("usr/bin/go")).expect("link");
            symlink("bin", at("usr/sbin")).expect("link");
            text(&at("usr/sbin"))
        }
    }
}

const WAYS: usize = 13;

/// Entries before and behind the one that has a go.
fn decoy(dice: &mut Dice, t: &Path, n: usize) -> String {
    let folder = t.join(format!("decoy{n}"));
    match dice.roll(7) {
        0 => fs::create_dir_all(folder.join("go")).expect("folder"),
        1 => write(&folder.join("go"), "not a program\n", 0o644),
        2 => return text(&t.join("nowhere")),
        3 => {
            write(&folder, "a file\n", 0o755);
        }
        4 => return "~/bin".to_owned(),
        5 => return format!("\"{}\"", text(&folder)),
        _ => return "$HOME/bin".to_owned(),
    }
    text(&folder)
}

fn goroot(dice: &mut Dice, t: &Path, a: &Path, b: &Path) -> Option<String> {
    let own = text(a);
    Some(match dice.roll(17) {
        0..=5 => return None,
        6 => String::new(),
        7 => own,
        8 => text(b),
        9 => own + "/",
        10 => own.replace("/go", "//./go"),
        11 => text(&t.join("nowhere")),
        12 => text(&a.join("bin/go")),
        13 => "sdk".to_owned(),
        14 => text(t),
        15 => {
            fs::create_dir_all(t.join("home")).expect("folder");
            symlink(a, t.join("home/go")).expect("link");
            text(&t.join("home/go"))
        }
        _ => format!("{}/../{}", own, a.file_name().expect("a name").to_str().expect("UTF-8")),
    })
}

fn env_file_text(dice: &mut Dice, t: &Path, a: &Path, b: &Path) -> String {
    let (a, b, t) = (text(a), text(b), text(t));
    match dice.roll(12) {
        0 => format!("GOROOT={b}\n"),
        1 => format!("GOROOT={a}\r\nGOFLAGS=\r\n"),
        2 => format!(" GOROOT={b}\nexport GOROOT={b}\ngoroot={b}\n#GOROOT={b}\n"),
        3 => "GOROOT=\n".to_owned(),
        4 => format!("GOROOT={b}\nGOROOT={a}/"),
        5 => format!("GOROOT=\"{a}\"\n"),
        6 => format!("\u{feff}GOROOT={b}\n"),
        7 => format!("GOROOT ={b}\nGOROOT= {b}\n"),
        8 => format!("GOROOT={t}/nowhere\n"),
        9 => format!("GOROOT={a}//x/..\nGOBIN={t}"),
        10 => "GOPRIVATE=x\n".to_owned(),
        _ => String::new(),
    }
}

/// Lines for the env file, or variables for the environment: values that every go lives with.
fn settings(dice: &mut Dice, t: &Path) -> Vec<(&'static str, String)> {
    let folder = text(t);
    let all = [
        ("GOPROXY", "off".to_owned()),
        ("GOPROXY", String::new()),
        ("GOPROXY", "direct \r".to_owned()),
        ("GOSUMDB", "off".to_owned()),
        ("GOSUMDB", String::new()),
        ("GOTOOLCHAIN", "local".to_owned()),
        ("GOTOOLCHAIN", "path".to_owned()),
        ("GOTOOLCHAIN", String::new()),
        ("GOFLAGS", "-v".to_owned()),
        ("GOFLAGS", String::new()),
        ("GOPRIVATE", "example.org".to_owned()),
        ("GONOPROXY", "none".to_owned()),
        ("GONOSUMDB", String::new()),
        ("GOINSECURE", "a,b".to_owned()),
        ("GOVCS", "public:git".to_owned()),
        ("GOBIN", folder.clone() + "/bin"),
        ("GOPATH", folder.clone() + "/p:" + &folder),
        ("GOPATH", String::new()),
        ("GOMODCACHE", folder.clone() + "/mod/"),
        ("GO111MODULE", "auto".to_owned()),
        ("GOAUTH", "off".to_owned()),
        ("GOTMPDIR", folder),
        ("AR", "my ar".to_owned()),
        ("AR", String::new()),
        ("GODEBUG", "x=1".to_owned()),
        ("GOPACKAGESDRIVER", "off".to_owned()),
        ("GOFIPS140", "off".to_owned()),
        ("GONOPROXY", " x ".to_owned()),
    ];
    (0..dice.roll(5)).map(|_| all[dice.roll(all.len())].clone()).collect()
}

fn generate(dice: &mut Dice, roots: &[PathBuf]) -> Case {
    let folder = tempfile::tempdir().expect("temporary folder");
    let t = folder.path().canonicalize().expect("exists");
    let (a, b) = (&roots[dice.roll(roots.len())], &roots[dice.roll(roots.len())]);
    let cwd = t.join("w");
    fs::create_dir_all(&cwd).expect("folder");
    symlink(a, cwd.join("sdk")).expect("link");
    let way = dice.roll(WAYS + 1);
    let mut entries = Vec::new();
    for n in 0..dice.roll(3) {
        entries.push(decoy(dice, &t, n));
    }
    if way < WAYS {
        entries.push(lay_out(way, &t, a));
    }
    if dice.roll(3) == 0 {
        entries.push(text(&b.join("bin")));
    }
    entries.push(decoy(dice, &t, 9));
    let mut env =
        vec![("PATH".to_owned(), entries.join(":")), ("GOCACHE".to_owned(), text(&t.join("cache")))];
    for (name, value) in settings(dice, &t) {
        if env.iter().all(|(known, _)| known != name) {
            env.push((name.to_owned(), value));
        }
    }
    if env.iter().all(|(known, value)| known != "GOPATH" || value.is_empty()) && dice.roll(2) == 0 {
        env.retain(|(known, _)| known != "GOPATH");
        env.push(("GOPATH".to_owned(), text(&t.join("gopath"))));
    }
    let has_gopath = env.iter().any(|(known, value)| known == "GOPATH" && !value.is_empty());
    let mut set = |name: &str, value: Option<String>| env.extend(value.map(|v| (name.to_owned(), v)));
    // Without any GOPATH, go up to 1.17 refuses even to print a variable in module mode.
    let home = (!has_gopath || dice.roll(8) != 0).then(|| text(&t.join("home")));
    set("HOME", home);
    let config =
        [None, None, None, Some(text(&t.join("config"))), Some("rel-config".to_owned()), Some(String::new())];
    set("XDG_CONFIG_HOME", config[dice.roll(config.len())].clone());
    let file = [
        None,
        None,
        None,
        None,
        Some("off".to_owned()),
        Some(text(&t.join("env"))),
        Some("env".to_owned()),
        Some(text(&t.join("nowhere"))),
        Some(text(&t)),
        Some(String::new()),
    ];
    set("GOENV", file[dice.roll(file.len())].clone());
    let root = goroot(dice, &t, a, b);
    // GOPATH's default would be GOROOT, so there is none: up to 1.17 the same refusal.
    let old = |sdk: &&PathBuf| fs::read_to_string(sdk.join("VERSION")).is_ok_and(|v| v.as_str() < "go1.18");
    if [a, b].iter().any(old) && root.as_ref().is_some_and(|root| root.ends_with("/home/go")) {
        set("GOPATH", Some(text(&t.join("gopath"))));
    }
    set("GOROOT", root);
    if dice.roll(2) == 0 {
        let mut content = env_file_text(dice, &t, a, b);
        for (name, value) in settings(dice, &t) {
            let end = if content.is_empty() || content.ends_with('\n') { "" } else { "\n" };
            content = format!("{content}{end}{name}={value}\n");
        }
        for place in ["home/.config/go/env", "config/go/env", "w/rel-config/go/env", "env", "w/env"] {
            write(&t.join(place), &content, 0o644);
        }
    }
    let told = format!("way {way}, {env:?}");
    Case { _folder: folder, env, cwd, told }
}

/// What go says: its version and GOROOT, or the GOROOT that it refuses to work with.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    NotFound,
    Refused {
        goroot: Option<String>,
    },
    /// With the settings that we tell, each as go prints it.
    Works {
        version: String,
        goroot: String,
        env_file: String,
        settings: Vec<(String, String)>,
    },
}

/// Variables as `go env NAME…` prints them, one a line (no value here holds a line feed).
fn printed(case: &Case, launcher: &str, names: &[String]) -> Vec<(String, String)> {
    let args: Vec<&str> = std::iter::once("env").chain(names.iter().map(String::as_str)).collect();
    let out = run(case, launcher, &args);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let lines = text.split('\n').map(str::to_owned).chain(std::iter::repeat_n(text.clone(), names.len()));
    names.iter().cloned().zip(lines).collect()
}

fn said_by_go(case: &Case, launcher: &str, names: &[String]) -> Said {
    let version = run(case, launcher, &["version"]);
    let error = String::from_utf8_lossy(&version.stderr).into_owned();
    if matches!(version.status.code(), Some(126 | 127)) {
        return Said::NotFound;
    }
    if let Some((_, root)) = error.split_once("go: cannot find GOROOT directory: ") {
        let root = root.strip_suffix('\n').unwrap_or(root);
        return Said::Refused { goroot: (!root.contains("binary is trimmed")).then(|| root.to_owned()) };
    }
    let line = String::from_utf8_lossy(&version.stdout).into_owned();
    let version = line.strip_prefix("go version go").and_then(|l| l.rsplit_once(' ')).map(|(v, _)| v);
    let print = |name: &str| {
        let out = run(case, launcher, &["env", name]);
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    };
    Said::Works {
        version: version.unwrap_or_else(|| panic!("{line}{error}{}", case.told)).to_owned(),
        goroot: print("GOROOT"),
        env_file: print("GOENV"),
        settings: if names.is_empty() { Vec::new() } else { printed(case, launcher, names) },
    }
}

fn told_by_us(case: &Case) -> Said {
    let view = go::view(&Real::for_tests(), &folded(case), case.cwd.to_str(), None);
    let refuses = ["go-goroot-missing", "go-goroot-not-folder", "go-goroot-unknown"];
    if view.path.is_none() {
        return Said::NotFound;
    }
    if view.conflicts.iter().any(|p| refuses.contains(&p.code.as_str())) {
        return Said::Refused { goroot: view.goroot };
    }
    Said::Works {
        version: view.version.unwrap_or_default(),
        goroot: view.goroot.unwrap_or_default(),
        env_file: view.env_file.unwrap_or_default(),
        settings: view.settings.into_iter().map(|s| (s.name, s.value.to_text().into_owned())).collect(),
    }
}

#[test]
fn go_agrees_with_what_is_told_of_it() {
    let roots = sdks();
    if roots.is_empty() {
        println!("no go on PATH and none in GOWHENCE_SDKS: nothing to compare");
        return;
    }
    let cases = number("GOWHENCE_CASES", 240);
    let mut dice = Dice(number("GOWHENCE_SEED", 1));
    let (mut agreed, mut values, mut kinds) = (0, 0, [0; 3]);
    for n in 0..cases {
        let case = generate(&mut dice, &roots);
        let launcher = dice.pick(&["/usr/bin/env", "/bin/sh", "/bin/bash"]);
        let ours = told_by_us(&case);
        let names: Vec<String> = match &ours {
            Said::Works { settings, .. } => settings.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        };
        let theirs = said_by_go(&case, launcher, &names);
        kinds[match theirs {
            Said::NotFound => 0,
            Said::Refused { .. } => 1,
            Said::Works { .. } => 2,
        }] += 1;
        if theirs == ours {
            agreed += 1;
            values += names.len();
        } else {
            println!("case {n} by {launcher}: {}\n  go   {theirs:?}\n  told {ours:?}", case.told);
        }
    }
    let [absent, refused, works] = kinds;
    println!(
        "{agreed} of {cases} agreed on {} SDKs ({works} run, {refused} refused, {absent} not found)",
        roots.len()
    );
    println!("{values} values of `go env` in those that agreed");
    assert_eq!(agreed, cases);
}

/// A tree like the SDK's in which one part is missing.
fn without(part: &str, t: &Path, sdk: &Path) -> PathBuf {
    let tree = t.join("tree");
    fs::create_dir_all(tree.join("pkg")).expect("folder");
    for (folder, inside) in [("", fs::read_dir(sdk)), ("pkg", fs::read_dir(sdk.join("pkg")))] {
        for entry in inside.expect("readable") {
            let name = Path::new(folder).join(entry.expect("readable").file_name());
            if name != Path::new(part) && name != Path::new("pkg") {
                symlink(sdk.join(&name), tree.join(&name)).expect("link");
            }
        }
    }
    if part == "pkg/tool" {
        fs::create_dir_all(tree.join("pkg/tool/windows_amd64")).expect("folder");
    }
    tree
}

/// A go of one SDK, told a GOROOT (or not), in front of a program to build.
fn generate_build(dice: &mut Dice, roots: &[PathBuf], cache: &Path) -> Case {
    let folder = tempfile::tempdir().expect("temporary folder");
    let t = folder.path().canonicalize().expect("exists");
    let (a, b) = (&roots[dice.roll(roots.len())], &roots[dice.roll(roots.len())]);
    let cwd = t.join("w");
    write(&cwd.join("main.go"), "package main\n\nfunc main() {}\n", 0o644);
    let parts = ["src", "pkg/tool", "VERSION", "go.env", "bin", "lib"];
    let goroot = match dice.roll(8) {
        0 => None,
        1 => Some(a.clone()),
        2..=4 => Some(b.clone()),
        _ => Some(without(parts[dice.roll(parts.len())], &t, a)),
    };
    let mut env: Vec<(String, String)> = [
        ("PATH", text(&a.join("bin"))),
        ("HOME", text(&t)),
        ("GOCACHE", text(cache)),
        ("GOTOOLCHAIN", "local".into()),
        ("CGO_ENABLED", "0".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    env.extend(goroot.map(|root| ("GOROOT".to_owned(), text(&root))));
    let told = format!("{env:?}");
    Case { _folder: folder, env, cwd, told }
}

#[test]
fn a_build_fails_where_an_error_was_told() {
    let roots = sdks();
    let cases = number("GOWHENCE_BUILDS", 0);
    let cache = tempfile::tempdir().expect("temporary folder");
    let cache = std::env::var_os("GOWHENCE_BUILD_CACHE").map_or(cache.path().to_owned(), PathBuf::from);
    let mut dice = Dice(number("GOWHENCE_SEED", 1));
    let (mut agreed, mut failing) = (0, 0);
    for n in 0..if roots.is_empty() { 0 } else { cases } {
        let case = generate_build(&mut dice, &roots, &cache);
        let out = run(&case, "/usr/bin/env", &["build", "-o", "/dev/null", "main.go"]);
        let view = go::view(&Real::for_tests(), &folded(&case), case.cwd.to_str(), None);
        let error = view.conflicts.iter().any(|p| p.severity == model::Severity::Error);
        failing += u64::from(!out.status.success());
        if error != out.status.success() {
            agreed += 1;
        } else {
            println!(
                "case {n}: {}\n  go   {}\n  told {:?}",
                case.told,
                String::from_utf8_lossy(&out.stderr),
                view.conflicts
            );
        }
    }
    println!("{agreed} of {cases} builds agreed ({failing} fail)");
    assert_eq!(agreed, cases);
}
