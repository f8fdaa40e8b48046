//! Which toolchain is told to be chosen, against the one that go chooses: generated go.mod and go.work files,
//! GOTOOLCHAIN, GOWORK and GO111MODULE on the real SDKs of `GOWHENCE_SDKS` and of the `go` on PATH.
//!
//! Nothing is downloaded: with GOPROXY=off go names in its refusal what it would have fetched, and one toolchain is
//! a script on PATH.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "lays out real folders and runs the real go")]

mod generated;

use generated::{Case, Dice, folded, number, run, sdks, text, write};
use std::path::PathBuf;
use system::os::Real;

/// Whether the local go takes the folder as it was told: it says that it is too old where that was told, and where
/// it was told it fails (for whatever it finds first).
fn as_told(case: &Case, too_old: bool) -> bool {
    let out = run(case, "/usr/bin/env", &["list", "-m"]);
    let says_so = String::from_utf8_lossy(&out.stderr).contains(" requires go >= ");
    if too_old { !out.status.success() } else { !says_so }
}

/// What a go does before it does anything else.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    Local,
    /// The script of this name on PATH.
    OnPath(String),
    NotOnPath(String),
    Download(String),
    Refused,
}

fn generate(dice: &mut Dice, roots: &[PathBuf]) -> Case {
    let folder = tempfile::tempdir().expect("temporary folder");
    let t = folder.path().canonicalize().expect("exists");
    let sdk = &roots[dice.roll(roots.len())];
    let cwd = t.join("p/sub");
    write(&cwd.join("x.txt"), "", 0o644);
    write(&t.join("tools/go1.29.3"), "#!/bin/sh\necho chosen go1.29.3\n", 0o755);
    let versions = [
        "1.20", "1.21", "1.21.0", "1.22.1", "1.24", "1.24.13", "1.26.8", "1.27rc1", "1.28", "1.29.3",
        "1.30.0", "1.31rc2", "1.25.x", "v1.30", "01.30", "2.0", "go1.30.0", "",
    ];
    let names = [
        "go1.21.0",
        "go1.24.13",
        "go1.26.8",
        "go1.29.3",
        "go1.30.1",
        "go1.31rc1",
        "default",
        "local",
        "go1.20.1",
        "1.30.0",
        "go1.30.1-corp",
        "go1.29",
        "nogo1.30.0",
        "go1.30/x",
        "",
    ];
    for place in ["p/go.mod", "p/sub/go.mod", "go.work", "p/go.work", "other/go.work"] {
        if dice.roll(5) > 1 {
            continue;
        }
        let mut content = if place.ends_with("mod") { "module m\n".to_owned() } else { String::new() };
        if dice.roll(4) != 0 {
            let form = ["go V\n", "\tgo\tV // why\r\n", "go V // toolchain go1.99.0\n"][dice.roll(3)];
            content += &form.replace('V', dice.pick(&versions));
        }
        if dice.roll(2) == 0 {
            let form = ["toolchain V\n", "  toolchain   V//x\r\n", "// toolchain V\n"][dice.roll(3)];
            content += &form.replace('V', dice.pick(&names));
        }
        write(&t.join(place), &content, 0o644);
    }
    let mut env: Vec<(String, String)> = [
        ("PATH", format!("{}:{}", text(&sdk.join("bin")), text(&t.join("tools")))),
        ("HOME", text(&t.join("home"))),
        ("GOPROXY", "off".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    let mut set = |name: &str, values: &[&str], one_in: usize, dice: &mut Dice| {
        if dice.roll(one_in) == 0 {
            env.push((name.to_owned(), dice.pick(values).to_owned()));
        }
    };
    let modes = [
        "auto",
        "path",
        "local",
        "local+auto",
        "local+path",
        "go1.29.3",
        "go1.29.3+auto",
        "go1.30.1+path",
        "go1.20.1",
        "go1.22.0+auto",
        "default",
        "go1.22.0+local",
        "1.26.0",
        "x+auto",
        "go1.26.8",
        "go1.24.13+path",
        "",
        "auto+path",
        "nogo1.30.0",
        "go1.30.0-corp+auto",
    ];
    set("GOTOOLCHAIN", &modes, 1, dice);
    set("GO111MODULE", &["auto", "off", "on", "", "yes"], 4, dice);
    let (there, none) = (text(&t.join("other/go.work")), text(&t.join("none/go.work")));
    set("GOWORK", &["off", "auto", "", "rel/go.work", &there, &none], 3, dice);
    if dice.roll(3) == 0 {
        let lines = [
            "GOTOOLCHAIN=path\n",
            "GOTOOLCHAIN=go1.30.0\n",
            "GOWORK=off\n",
            "GOTOOLCHAIN=\n",
            "GOWORK=rel\n",
        ];
        write(&t.join("home/.config/go/env"), dice.pick(&lines), 0o644);
        if dice.roll(2) == 0 {
            env.retain(|(name, _)| name != "GOTOOLCHAIN");
        }
    }
    let told = format!("{env:?}");
    Case { _folder: folder, env, cwd, told }
}

fn chosen_by_go(case: &Case) -> (Chosen, String) {
    let out = run(case, "/usr/bin/env", &["version"]);
    let (stdout, stderr) =
        (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr).into_owned());
    let word = |after: &str| {
        let (_, rest) = stderr.split_once(after)?;
        Some(rest.trim_start_matches('"').split([' ', ':', '"']).next().unwrap_or_default().to_owned())
    };
    let chosen = if let Some(name) = stdout.strip_prefix("chosen ") {
        Chosen::OnPath(name.trim().to_owned())
    } else if stdout.starts_with("go version ") {
        Chosen::Local
    } else if let Some(name) = word("go: cannot find ") {
        Chosen::NotOnPath(name)
    } else if let Some(name) = word("go: download ") {
        Chosen::Download(name)
    } else if let Some(name) = word("go: invalid toolchain: ") {
        Chosen::Download(name)
    } else {
        Chosen::Refused
    };
    (chosen, stderr)
}

fn chosen_as_told(case: &Case) -> (Chosen, bool) {
    let env = folded(case);
    let cwd = case.cwd.to_str().expect("UTF-8");
    let system = Real::for_tests();
    let programs = go::Programs::new(&system);
    let query = go::env::Query { programs: &programs, env: &env, cwd: Some(cwd), words: &[], probe: false };
    let choice = go::env::choose(&query, None).expect("1.21 or later");
    let code = choice.problem.as_ref().map(|p| p.code.clone());
    let too_new = code.as_deref() == Some("go-too-old");
    let chosen = match code.as_deref() {
        Some("go-toolchain-not-on-path") => Chosen::NotOnPath(choice.name),
        Some("go-toolchain-refused") => Chosen::Refused,
        _ if choice.local => Chosen::Local,
        _ if choice.found.is_some() => Chosen::OnPath(choice.name),
        _ => Chosen::Download(choice.name),
    };
    (chosen, too_new)
}

#[test]
fn the_toolchain_that_go_chooses() {
    let mut roots = sdks();
    roots.retain(|root| std::fs::read_to_string(root.join("VERSION")).is_ok_and(|v| v.as_str() >= "go1.21"));
    if roots.is_empty() {
        println!("no go 1.21 or later, where the choice of a toolchain begins: nothing to compare");
    }
    let cases = if roots.is_empty() { 0 } else { number("GOWHENCE_CASES", 240) };
    let mut dice = Dice(number("GOWHENCE_SEED", 1));
    let (mut agreed, mut local) = (0, 0);
    for n in 0..cases {
        let case = generate(&mut dice, &roots);
        let ((theirs, error), (ours, old)) = (chosen_by_go(&case), chosen_as_told(&case));
        local += u64::from(theirs == Chosen::Local);
        let same = theirs != Chosen::Local || as_told(&case, old);
        if theirs == ours && same {
            agreed += 1;
        } else {
            println!("case {n}: {}\n  go   {theirs:?} {error}\n  told {ours:?}, too old: {old}", case.told);
        }
    }
    println!("{agreed} of {cases} choices agreed on {} SDKs ({local} stay local)", roots.len());
    assert_eq!(agreed, cases);
}
