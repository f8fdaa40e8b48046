//! Children of go on fake machines.

use super::*;
use crate::{Base, Options, survey};
use model::{Name, Value};
use system::memory::MemorySystem;

fn machine(version: &str) -> MemorySystem {
    let mut machine = MemorySystem::linux()
        .file("/sdk/VERSION", version)
        .executable("/sdk/bin/go")
        .folder("/sdk/pkg/tool/linux_amd64")
        .file("/p/go.mod", "module example.com/shop // ours\n\ngo 1.12\n")
        .file("/p/a.go", "package shop\n")
        .file("/p/b.go", "// Package\npackage shop // b\n\n//go:generate stringer\n");
    if version >= "go1.21" {
        machine = machine.file("/sdk/go.env", "GOTOOLCHAIN=auto\n");
    }
    machine
}

fn asked(machine: &MemorySystem, id: &str, name: &str) -> Option<String> {
    let variables: Vec<(Name, Value)> = [("PATH", "/sdk/bin:/bin"), ("HOME", "/home/ann"), ("TERM", "xterm")]
        .map(|(n, v)| (Name::from(n), Value::from(v)))
        .to_vec();
    let id: SpaceId = id.parse().expect("well formed");
    let options = Options {
        all: false,
        base: Base::Block { source: "test".to_owned(), variables },
        project: "/p".to_owned(),
        spaces: Some(vec![id.clone()]),
        limits: system::Limits::default(),
        refresh: false,
        probes: None,
        progress: None,
        live: false,
        go: crate::GoOf::Every,
        open: crate::vscode::Open::default(),
    };
    let atlas = survey(machine, &options).atlas;
    atlas.space(&id)?;
    atlas.fold(&id).value(name).map(|v| v.to_text().into_owned())
}

#[test]
fn what_a_test_sees_by_version() {
    let path = |version: &str, child: &str| asked(&machine(version), &format!("go@base:{child}"), "PATH");
    assert_eq!(path("go1.26.1", "test").as_deref(), Some("/sdk/bin:/sdk/bin:/bin"));
    assert_eq!(path("go1.18.10", "test").as_deref(), Some("/sdk/bin:/bin"));
    assert_eq!(path("go1.23.4", "run").as_deref(), Some("/sdk/bin:/bin"));
    assert_eq!(path("go1.24.0", "run").as_deref(), Some("/sdk/bin:/sdk/bin:/bin"));
    assert_eq!(path("go1.23.4", "tool"), None);
    assert_eq!(asked(&machine("go1.26.1"), "go@base:test", "PWD").as_deref(), Some("/p"));
}

#[test]
fn what_a_generator_sees() {
    let of = |name: &str| asked(&machine("go1.26.1"), "go@base:generate", name);
    let names = ["GOFILE", "GOLINE", "GOPACKAGE", "DOLLAR", "GOROOT"];
    let want = ["b.go", "4", "shop", "$", "/sdk"];
    for (name, want) in names.into_iter().zip(want) {
        assert_eq!(of(name).as_deref(), Some(want), "{name}");
    }
    assert_eq!(asked(&machine("go1.18.10"), "go@base:generate", "GOROOT"), None);
}

#[test]
fn what_the_c_compiler_sees() {
    let of = |child: &str, name: &str| asked(&machine("go1.26.1"), &format!("go@base:{child}"), name);
    assert_eq!(of("cgo", "TERM").as_deref(), Some("dumb"));
    assert_eq!(of("cgo", "TOOLEXEC_IMPORTPATH").as_deref(), Some("example.com/shop"));
    assert_eq!(of("cgo", "GOROOT").as_deref(), Some("/sdk"));
    assert_eq!(of("cgo/tool", "LC_ALL").as_deref(), Some("C"));
    assert_eq!(of("cgo/tool", "CGO_LDFLAGS").as_deref(), Some(""));
    assert_eq!(of("cgo", "LC_ALL"), None);
}

#[test]
fn the_parent_is_encoded_in_the_name() {
    assert_eq!(parent_of("cron"), Some(SpaceId::of("cron")));
    assert_eq!(parent_of("bash%3Alogin"), Some(SpaceId::new("bash", "login")));
    assert_eq!(parent_of("bash%"), None);
    let ids = with_parents(vec!["go@pid%3A7:test".parse().expect("well formed")]);
    assert_eq!(ids.iter().map(SpaceId::as_str).collect::<Vec<_>>(), ["pid:7", "go@pid%3A7:test"]);
}
