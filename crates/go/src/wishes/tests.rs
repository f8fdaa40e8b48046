//! Wishes on fake machines.

use super::*;
use system::memory::MemorySystem;

fn told(machine: &MemorySystem, project: &str) -> Vec<String> {
    let of = |wish: Wish| {
        let place = wish.origin.place().map(|p| format!("{}:{}", p.path, p.line)).unwrap_or_default();
        let problem = wish.problem.map(|p| format!(" {}", p.code)).unwrap_or_default();
        format!("{} {place}: {}{problem}", wish.reader, wish.means)
    };
    wishes(machine, project).into_iter().map(of).collect()
}

#[test]
fn every_file_and_where_they_disagree() {
    let machine = MemorySystem::linux()
        .folder("/r/.git")
        .file("/r/.go-version", "1.22.3\n")
        .file("/r/m/go.mod", "module m\ngo 1.22.0\ntoolchain go1.22.5\n")
        .file("/r/m/.tool-versions", "golang 1.21.4\n")
        .file("/r/m/mise.toml", "[tools]\ngo = '1.22'\n")
        .file("/r/m/.prototools", "go = '~1.23'\n")
        .file("/r/m/.gvmrc", "gvm use go1.20\n")
        .file(
            "/r/.devcontainer/devcontainer.json",
            r#"{"image":"mcr.microsoft.com/devcontainers/go:1-1.23"}"#,
        )
        .file("/r/m/Dockerfile", "FROM golang:1.21-alpine\n")
        .file("/r/.github/workflows/a.yml", "go-version: [1.22.x, '1.21']\n")
        .file("/r/.github/workflows/b.yml", "go-version-file: m/go.mod\n")
        .file("/r/.github/workflows/c.yml", "go-version-file: go.mod\n");
    assert_eq!(
        told(&machine, "/r/m"),
        [
            "goenv, gvm /r/.go-version:1: 1.22.3 version-file-below-toolchain",
            "asdf, mise /r/m/.tool-versions:1: 1.21.4 version-file-too-old",
            "mise /r/m/mise.toml:2: the newest 1.22",
            "proto /r/m/.prototools:1: any that fits ~1.23",
            "a shell that sources it /r/m/.gvmrc:1: the newest 1.20 version-file-too-old",
            "dev containers /r/.devcontainer/devcontainer.json:1: the newest 1.23 version-files-disagree",
            "docker build /r/m/Dockerfile:1: the newest 1.21 version-file-too-old",
            "actions/setup-go /r/.github/workflows/a.yml:1: the newest 1.22",
            "actions/setup-go /r/.github/workflows/a.yml:1: the newest 1.21 version-file-too-old",
            "actions/setup-go /r/.github/workflows/b.yml:1: what m/go.mod asks",
            "actions/setup-go /r/.github/workflows/c.yml:1: what go.mod asks version-file-missing",
        ]
    );
}

#[test]
fn a_number_without_quotes() {
    let machine = MemorySystem::linux().file("/p/.github/workflows/a.yml", "go-version: 1.20\n");
    let wishes = wishes(&machine, "/p");
    assert_eq!(wishes[0].means, "the newest 1.2");
    assert_eq!(wishes[0].problem.as_ref().map(|p| p.code.as_str()), Some("version-unquoted"));
}

#[test]
fn files_that_name_an_image_by_their_name() {
    for name in ["Dockerfile", "Dockerfile.dev", "api.Dockerfile", "Containerfile"] {
        assert!(is_dockerfile(name), "{name}");
    }
    assert!(!is_dockerfile("Dockerfiles") && !is_dockerfile("dockerfile_test.go"));
}
