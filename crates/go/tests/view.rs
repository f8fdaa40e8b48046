//! What is told of the go of a space, on fake machines of every system.

use go::env::Query;
use model::{CaseRule, Confidence, Effect, Evidence, Folded, GoView, Layer, Origin, Shadow, Space, SpaceId};
use system::memory::MemorySystem;
use system::{Os, System as _};

/// The environment of a space in which line N of `/rc` sets the Nth variable.
fn environment(os: Os, variables: &[(&str, &str)]) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    if os == Os::Windows {
        space.case = CaseRule::Insensitive;
        space.path_separator = b';';
    }
    let effect = |(n, (name, value)): (usize, &(&str, &str))| {
        Effect::set(*name, *value, line(n + 1), Confidence::Exact)
    };
    let effects = variables.iter().enumerate().map(effect).collect();
    space.layers.push(Layer::applied("start-up", "start-up", effects));
    Folded::over(None, &space)
}

fn line(n: usize) -> Origin {
    Origin::line("/rc", u32::try_from(n).expect("small"))
}

fn view(machine: &MemorySystem, variables: &[(&str, &str)]) -> GoView {
    go::view(machine, &environment(machine.os(), variables), Some("/code"), None)
}

fn codes(view: &GoView) -> Vec<&str> {
    view.conflicts.iter().map(|p| p.code.as_str()).collect()
}

fn conflict<'a>(view: &'a GoView, code: &str) -> &'a model::Problem {
    view.conflicts.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{code} in {:?}", codes(view)))
}

fn sdk(machine: MemorySystem, root: &str, version: &str) -> MemorySystem {
    let tools = format!("{root}/pkg/tool/{}_amd64", machine.os().goos());
    let go = if machine.os() == Os::Windows { "go.exe" } else { "go" };
    machine
        .executable(&format!("{root}/bin/{go}"))
        .file(&format!("{root}/VERSION"), format!("go{version}\ntime 2026-08-28T16:20:06Z\n"))
        .file(&format!("{root}/go.env"), "GOTOOLCHAIN=auto\n")
        .folder(&format!("{root}/src"))
        .folder(&tools)
}

fn linux() -> MemorySystem {
    sdk(sdk(MemorySystem::linux(), "/usr/local/go", "1.26.3"), "/opt/go1.22", "1.22.2")
}

#[test]
fn the_first_go_on_path_and_everything_it_hides() {
    let machine = linux()
        .link("/usr/bin/go", "../local/go/bin/go")
        .file("/home/ann/bin/go", "not executable")
        .folder("/folder/go")
        .file("/a-file", "");
    let path = "/nowhere:/a-file:/folder:/home/ann/bin:/usr/bin/:/opt/go1.22/bin";
    let view = view(&machine, &[("PATH", path), ("HOME", "/home/ann")]);
    assert_eq!(view.path.as_deref(), Some("/usr/bin/go"));
    assert_eq!(view.version.as_deref(), Some("1.26.3"));
    assert_eq!(view.version_origin, Some(Origin::line("/usr/local/go/VERSION", 1)));
    assert_eq!(view.goroot.as_deref(), Some("/usr/local/go"));
    assert!(matches!(view.goroot_origin, Some(Origin::Rule { .. })));
    assert_eq!(view.env_file.as_deref(), Some("/home/ann/.config/go/env"));
    assert!(!view.env_file_exists);
    let found: Vec<_> =
        view.candidates.iter().map(|c| (c.path.as_str(), c.entry, c.resolved.as_deref())).collect();
    assert_eq!(found, [("/usr/bin/go", 5, Some("/usr/local/go/bin/go")), ("/opt/go1.22/bin/go", 6, None)]);
    assert_eq!(view.candidates[1].version.as_deref(), Some("1.22.2"));
    assert_eq!(codes(&view), ["go-not-executable"]);
}

#[test]
fn relative_entries_are_seen_from_the_working_folder() {
    let machine = sdk(linux(), "/code/tools", "1.25.0");
    for (path, want) in [("tools/bin", "tools/bin/go"), ("/x:tools/bin:", "tools/bin/go")] {
        let view = view(&machine, &[("PATH", path)]);
        assert_eq!(view.path.as_deref(), Some(want));
        assert_eq!(view.candidates[0].resolved.as_deref(), Some("/code/tools/bin/go"));
        assert_eq!(view.version.as_deref(), Some("1.25.0"));
    }
    let nowhere = go::view(&machine, &environment(Os::Linux, &[("PATH", "tools/bin")]), None, None);
    assert_eq!((nowhere.path.as_deref(), codes(&nowhere)), (None, vec!["path-entry-relative"]));
    let here = linux().link("/code/go", "/usr/local/go/bin/go");
    for path in ["", "/x:", ":/x"] {
        assert_eq!(view(&here, &[("PATH", path)]).path.as_deref(), Some("./go"), "{path:?}");
    }
}

#[test]
fn a_goroot_of_another_version_is_the_fault_of_the_line_that_sets_it() {
    let view = view(&linux(), &[("PATH", "/usr/local/go/bin"), ("GOROOT", "/opt/go1.22/")]);
    assert_eq!(view.version.as_deref(), Some("1.26.3"));
    assert_eq!((view.goroot.as_deref(), view.goroot_origin.clone()), (Some("/opt/go1.22/"), Some(line(2))));
    assert_eq!(codes(&view), ["go-goroot-mismatch"]);
    assert_eq!(view.conflicts[0].origin, Some(line(2)));
}

#[test]
fn goroots_that_are_none() {
    let machine =
        linux().folder("/empty").folder("/bare/bin").file("/bare/bin/go", "").folder("/home/ann/go/src");
    for (root, want) in [
        ("/nowhere", vec!["go-goroot-missing"]),
        ("/usr/local/go/bin/go", vec!["go-goroot-not-folder"]),
        ("/empty", vec!["go-goroot-incomplete"]),
        ("/bare", vec!["go-goroot-incomplete", "go-tree-without-version", "go-defaults-missing"]),
        ("/usr/local/go", vec![]),
        ("", vec![]),
    ] {
        let view = view(&machine, &[("PATH", "/usr/local/go/bin"), ("GOROOT", root)]);
        assert_eq!(codes(&view), want, "{root}");
        assert!(view.conflicts.iter().all(|p| p.origin == Some(line(2))));
    }
}

#[test]
fn a_go_without_its_tree() {
    let machine = MemorySystem::linux()
        .executable("/opt/copy/go")
        .executable("/broken/bin/go")
        .file("/broken/VERSION", "go1.26.3")
        .folder("/broken/pkg/tool/windows_amd64");
    let lone = view(&machine, &[("PATH", "/opt/copy")]);
    assert_eq!((lone.goroot.as_deref(), codes(&lone)), (None, vec!["go-goroot-unknown"]));
    let broken = view(&machine, &[("PATH", "/broken/bin")]);
    assert_eq!(broken.goroot.as_deref(), Some("/broken"));
    assert_eq!(codes(&broken), ["go-tree-incomplete", "go-defaults-missing"]);
    assert!(conflict(&broken, "go-tree-incomplete").message.contains("src and pkg/tool/linux_amd64"));
}

#[test]
fn the_env_file_and_what_hides_it() {
    let machine =
        linux().file("/home/ann/.config/go/env", "GOFLAGS=-mod=mod\nGOROOT=/opt/go1.22\nGOPROXY=off\n");
    let variables = [("PATH", "/usr/local/go/bin"), ("HOME", "/home/ann"), ("GOPROXY", "direct")];
    let told = view(&machine, &variables);
    assert!(told.env_file_exists);
    assert_eq!(told.goroot.as_deref(), Some("/opt/go1.22"));
    let place = told.goroot_origin.as_ref().and_then(|o| o.place()).expect("a line");
    assert_eq!((place.path.as_str(), place.line), ("/home/ann/.config/go/env", 2));
    assert_eq!(codes(&told), ["go-goroot-mismatch", "go-env-file-masked"]);
    assert_eq!(conflict(&told, "go-env-file-masked").origin, Some(line(3)));
    let off = view(&machine, &[("PATH", "/usr/local/go/bin"), ("HOME", "/home/ann"), ("GOENV", "off")]);
    assert_eq!((off.env_file, off.env_file_origin), (None, Some(line(3))));
    assert_eq!(off.goroot.as_deref(), Some("/usr/local/go"));
    let folder = view(&machine, &[("PATH", "/usr/local/go/bin"), ("GOENV", "/home/ann")]);
    assert_eq!(codes(&folder), ["env-file-unreadable"]);
}

#[test]
fn settings_know_their_layer() {
    let machine = linux()
        .file("/home/ann/.config/go/env", "GOPROXY=off\nGOSUMDB=\nGOFLAGS=-mod=mod\nGOPRIVATE=a\n")
        .file(
            "/usr/local/go/go.env",
            "# defaults\nGOPROXY=x\nGOSUMDB=y\nGOTOOLCHAIN=auto\nGOTOOLCHAIN=local\n",
        );
    let variables =
        [("PATH", "/usr/local/go/bin"), ("HOME", "/home/ann"), ("GOFLAGS", "-v"), ("GOPRIVATE", "")];
    let told = view(&machine, &variables);
    let setting = |name: &str| {
        let found = told.settings.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("{name}"));
        let line = found.origin.place().map(|p| format!("{}:{}", p.path, p.line));
        (found.value.to_text().into_owned(), found.source.as_str(), line.unwrap_or_default())
    };
    let is = |value: &str, source, line: &str| (value.to_owned(), source, line.to_owned());
    assert_eq!(setting("GOFLAGS"), is("-v", "environment", "/rc:3"));
    assert_eq!(setting("GOPROXY"), is("off", "file", "/home/ann/.config/go/env:1"));
    assert_eq!(setting("GOSUMDB"), is("", "default", ""));
    assert_eq!(setting("GOTOOLCHAIN"), is("auto", "go.env", "/usr/local/go/go.env:4"));
    assert_eq!(setting("GONOPROXY"), is("a", "default", "/home/ann/.config/go/env:4"));
    assert_eq!(setting("GOPATH"), is("/home/ann/go", "default", ""));
    assert_eq!(setting("GOMODCACHE"), is("/home/ann/go/pkg/mod", "default", ""));
    assert_eq!(setting("GOROOT"), is("/usr/local/go", "computed", ""));
    assert_eq!(setting("GOVERSION"), is("go1.26.3", "computed", "/usr/local/go/VERSION:1"));
    let none = view(&machine, &[("PATH", "/none"), ("HOME", "/home/ann"), ("GOFLAGS", "-v")]);
    let names: Vec<_> = none.settings.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["GOFLAGS", "GOPRIVATE", "GOPROXY"]);
}

#[test]
fn path_entries_that_were_never_replaced() {
    let view =
        view(&linux(), &[("PATH", "~/go/bin:$HOME/bin:\"/opt\":/usr/local/go/bin"), ("HOME", "/home/ann")]);
    assert_eq!(codes(&view), ["path-entry-tilde", "path-entry-variable", "path-entry-quotes"]);
    assert!(view.conflicts.iter().all(|p| p.origin == Some(line(1))));
    assert_eq!(view.candidates[0].entry, 4);
}

#[test]
fn no_go_though_goroot_is_set() {
    let none = view(&linux(), &[("PATH", "/usr/bin"), ("GOROOT", "/opt/go1.22"), ("HOME", "/home/ann")]);
    assert_eq!((none.path.as_deref(), codes(&none)), (None, vec!["go-not-found"]));
    assert_eq!(none.env_file.as_deref(), Some("/home/ann/.config/go/env"));
    assert_eq!(codes(&view(&linux(), &[])), ["path-unset"]);
}

#[test]
fn aliases_and_functions_go_before_path() {
    let shadow =
        Shadow { kind: "alias".to_owned(), text: "alias go='go1.22'".to_owned(), origin: Some(line(9)) };
    let env = environment(Os::Linux, &[("PATH", "/usr/local/go/bin")]);
    let view = go::view(&linux(), &env, None, Some(shadow.clone()));
    assert_eq!((codes(&view), view.shadow.as_ref()), (vec!["go-shadowed"], Some(&shadow)));
    assert_eq!(view.conflicts[0].origin, Some(line(9)));
}

#[test]
fn gopath_in_the_sdk() {
    let machine = sdk(MemorySystem::linux(), "/home/ann/go", "1.26.3");
    let told = view(&machine, &[("PATH", "/home/ann/go/bin"), ("HOME", "/home/ann")]);
    assert_eq!(codes(&told), ["go-gopath-is-goroot"]);
    let set =
        view(&machine, &[("PATH", "/home/ann/go/bin"), ("HOME", "/home/ann"), ("GOPATH", "/home/ann/go/")]);
    assert_eq!(conflict(&set, "go-gopath-is-goroot").origin, Some(line(3)));
    let other =
        view(&machine, &[("PATH", "/home/ann/go/bin"), ("HOME", "/home/ann"), ("GOPATH", "/home/ann/p")]);
    assert!(codes(&other).is_empty());
}

#[test]
fn shims_are_known_and_followed_where_they_are_fixed() {
    let asdf = "#!/usr/bin/env bash\n# asdf-plugin: golang 1.22.1\nexec asdf exec \"go\" \"$@\"\n";
    let goenv = "#!/usr/bin/env bash\nset -e\nexec \"/opt/goenv/libexec/goenv\" exec \"$program\" \"$@\"\n";
    let machine = sdk(linux(), "/snap/go/10748", "1.25.1")
        .executable("/usr/bin/mise")
        .link("/home/ann/.local/share/mise/shims/go", "/usr/bin/mise")
        .script("/home/ann/.asdf/shims/go", asdf)
        .script("/elsewhere/asdf/go", asdf)
        .script("/home/ann/.goenv/shims/go", goenv)
        .script("/elsewhere/goenv/go", goenv)
        .executable("/usr/bin/snap")
        .link("/snap/bin/go", "/usr/bin/snap")
        .link("/snap/go/current", "10748")
        .script("/mine/go", "#!/bin/sh\nexec /opt/go1.22/bin/go \"$@\"\n")
        .script("/other/go", "#!/bin/sh\n. ~/env; go \"$@\"\n");
    for (entry, shim, version, goroot) in [
        ("/home/ann/.local/share/mise/shims", "mise", None, None),
        ("/home/ann/.asdf/shims", "asdf", None, None),
        ("/elsewhere/asdf", "asdf", None, None),
        ("/home/ann/.goenv/shims", "goenv", None, None),
        ("/elsewhere/goenv", "goenv", None, None),
        ("/snap/bin", "snap", Some("1.25.1"), Some("/snap/go/10748")),
        ("/mine", "script", Some("1.22.2"), Some("/opt/go1.22")),
        ("/other", "script", None, None),
    ] {
        let path = format!("{entry}:/usr/local/go/bin");
        let view = view(&machine, &[("PATH", &path)]);
        let first = &view.candidates[0];
        assert_eq!(first.shim.as_deref(), Some(shim), "{entry}");
        assert_eq!((view.version.as_deref(), view.goroot.as_deref()), (version, goroot), "{entry}");
        assert_eq!(codes(&view), ["go-shim-first"], "{entry}");
        assert_eq!(view.candidates[1].shim, None);
    }
    for (entry, goroot, want) in
        [("/elsewhere/asdf", Some("/nowhere"), vec!["go-goroot-missing"]), ("/elsewhere/goenv", None, vec![])]
    {
        let view = view(&machine, &[("PATH", entry), ("GOROOT", "/nowhere")]);
        assert_eq!((view.goroot.as_deref(), codes(&view)), (goroot, want));
    }
    let keepers = sdk(MemorySystem::linux(), "/home/ann/.gvm/gos/go1.22", "1.22.0");
    let view = view(&keepers, &[("PATH", "/home/ann/.gvm/gos/go1.22/bin")]);
    assert_eq!(
        (view.candidates[0].keeper.as_deref(), view.candidates[0].shim.as_deref()),
        (Some("gvm"), None)
    );
}

#[test]
fn debian_splits_the_tree_and_links_it() {
    let machine = MemorySystem::linux()
        .link("/usr/bin/go", "../lib/go-1.24/bin/go")
        .executable("/usr/lib/go-1.24/bin/go")
        .link("/usr/lib/go-1.24/VERSION", "../../share/go-1.24/VERSION")
        .file("/usr/share/go-1.24/VERSION", "go1.24.4\n")
        .link("/usr/lib/go-1.24/src", "../../share/go-1.24/src")
        .folder("/usr/share/go-1.24/src")
        .file("/usr/lib/go-1.24/go.env", "")
        .folder("/usr/lib/go-1.24/pkg/tool/linux_amd64");
    let view = view(&machine, &[("PATH", "/usr/bin")]);
    assert_eq!((view.version.as_deref(), view.goroot.as_deref()), (Some("1.24.4"), Some("/usr/lib/go-1.24")));
    assert_eq!(view.candidates[0].keeper.as_deref(), Some("debian"));
    assert!(codes(&view).is_empty());
}

#[test]
fn macos_keeps_the_spelling_it_was_launched_by() {
    let machine = sdk(MemorySystem::macos(), "/usr/local/Cellar/go/1.26.3/libexec", "1.26.3")
        .link("/usr/local/opt/go", "../Cellar/go/1.26.3")
        .link("/usr/local/bin/go", "../Cellar/go/1.26.3/libexec/bin/go");
    let through = |entry: &str| {
        let view = view(&machine, &[("PATH", entry), ("HOME", "/Users/ann"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(view.env_file.as_deref(), Some("/Users/ann/Library/Application Support/go/env"));
        view.goroot
    };
    assert_eq!(through("/usr/local/opt/go/libexec/bin").as_deref(), Some("/usr/local/opt/go/libexec"));
    assert_eq!(through("/usr/local/bin").as_deref(), Some("/usr/local/Cellar/go/1.26.3/libexec"));
}

#[test]
fn windows_looks_by_pathext_and_ignores_the_case_of_names() {
    let machine = sdk(MemorySystem::windows(), r"C:\Program Files\Go", "1.26.3")
        .file(r"C:\tools\go.cmd", "")
        .file(r"C:\tools\go", "")
        .file(r"C:\Users\ann\AppData\Roaming\go\env", "GOPROXY=off\r\n");
    let variables = [
        ("Path", r#"C:\none;"C:\Program Files\Go\bin";C:\tools;%GOPATH%\bin;"#),
        ("PATHEXT", ".COM;.EXE;.CMD"),
        ("APPDATA", r"C:\Users\ann\AppData\Roaming"),
        ("goproxy", "direct"),
    ];
    let view = view(&machine, &variables);
    let found: Vec<_> = view.candidates.iter().map(|c| (c.path.as_str(), c.entry)).collect();
    assert_eq!(found, [(r"C:\Program Files\Go\bin\go.exe", 2), (r"C:\tools\go.cmd", 3)]);
    assert_eq!(view.goroot.as_deref(), Some(r"C:\Program Files\Go"));
    assert_eq!(view.env_file.as_deref(), Some(r"C:\Users\ann\AppData\Roaming\go\env"));
    assert_eq!(codes(&view), ["path-entry-variable", "go-env-file-masked", "env-file-carriage-return"]);
    assert_eq!(conflict(&view, "go-env-file-masked").origin, Some(line(4)));
}

#[test]
fn scoop_keeps_the_target_of_a_shim_beside_it() {
    let machine = sdk(MemorySystem::windows(), r"C:\Users\ann\scoop\apps\go\1.26.3", "1.26.3")
        .executable(r"C:\Users\ann\scoop\shims\go.exe")
        .file(
            r"C:\Users\ann\scoop\shims\go.shim",
            "path = \"C:\\Users\\ann\\scoop\\apps\\go\\1.26.3\\bin\\go.exe\"\r\n",
        );
    let view = view(&machine, &[("PATH", r"C:\Users\ann\scoop\shims")]);
    assert_eq!(view.candidates[0].shim.as_deref(), Some("scoop"));
    assert_eq!(view.version.as_deref(), Some("1.26.3"));
    assert_eq!(view.goroot.as_deref(), Some(r"C:\Users\ann\scoop\apps\go\1.26.3"));
    let gone = MemorySystem::windows()
        .executable(r"C:\Users\ann\scoop\shims\go.exe")
        .file(r"C:\Users\ann\scoop\shims\go.shim", "path = C:\\gone\\go.exe\n");
    assert_eq!(codes(&self::view(&gone, &[("PATH", r"C:\Users\ann\scoop\shims")])), ["go-wrapper-broken"]);
}

#[test]
fn a_project_may_ask_for_another_toolchain() {
    let cached = "/home/ann/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.27.1.linux-amd64";
    let machine = linux()
        .file("/code/go.mod", "module m\n\ngo 1.27.0\n\ntoolchain go1.27.1\n")
        .file("/old/go.mod", "module m\ngo 1.20\n");
    let choose = |machine: &MemorySystem, folder: &str, toolchain: &str| {
        let variables = [
            ("PATH", "/usr/local/go/bin"),
            ("HOME", "/home/ann"),
            ("GOTOOLCHAIN", toolchain),
            ("GOPROXY", "off"),
            ("GOSUMDB", "sum.golang.org"),
        ];
        let env = environment(Os::Linux, &variables);
        let programs = go::Programs::new(machine);
        let query = Query { programs: &programs, env: &env, cwd: Some(folder), words: &[], probe: false };
        go::env::choose(&query, None).expect("1.21 or later")
    };
    let asked = choose(&machine, "/code", "");
    assert_eq!((asked.name.as_str(), asked.local, asked.found.clone()), ("go1.27.1", false, None));
    assert_eq!(asked.reason, "the toolchain line of go.mod asks go1.27.1");
    assert_eq!(asked.origin.as_ref().and_then(|o| o.place()).map(|p| p.line), Some(5));
    let beside =
        "/home/ann/go/pkg/mod/cache/download/golang.org/toolchain/@v/v0.0.1-go1.27.1.linux-amd64.ziphash";
    let partial = machine.clone().executable(&format!("{cached}/bin/go"));
    // Without its checksum it would be fetched again.
    let whole = partial.file(beside, format!("h1:{}=", "A".repeat(43)).as_str());
    assert_eq!(choose(&whole, "/code", "").found.as_deref(), Some(cached));
    let path = choose(&machine, "/code", "path");
    assert_eq!(path.problem.map(|p| p.code).as_deref(), Some("go-toolchain-not-on-path"));
    for (folder, toolchain) in [("/old", ""), ("/code", "local"), ("/old", "go1.26.3")] {
        assert!(choose(&machine, folder, toolchain).local, "{folder} {toolchain}");
    }
    assert!(choose(&machine, "/code", "1.26.3").problem.is_some());
}
