//! The first `//go:generate` line of a folder, which stands for all of them.
//!
//! Not here: what it runs.

use system::System;

/// Where such a line is (go: src/cmd/go/internal/generate/generate.go `isGoGenerate`).
pub(super) struct Directive {
    file: String,
    line: usize,
    package: String,
}

pub(super) const STANDS_FOR: &str = "as for the first //go:generate line of the project's own folder";

/// GOFILE, GOLINE, GOPACKAGE; none where there is no such line.
pub(super) fn variables(directive: Option<&Directive>) -> [(&'static str, Option<String>); 3] {
    [
        ("GOFILE", directive.map(|d| d.file.clone())),
        ("GOLINE", directive.map(|d| d.line.to_string())),
        ("GOPACKAGE", directive.map(|d| d.package.clone())),
    ]
}

/// Of the files in the order of their names.
pub(super) fn first(system: &dyn System, folder: &str) -> Option<Directive> {
    let mut names = system.read_dir(folder).ok()?;
    names.retain(|name| name.ends_with(".go") && !name.starts_with(['.', '_']));
    names.sort();
    names.into_iter().find_map(|file| {
        let bytes = system.read(&format!("{folder}/{file}")).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let marked = |line: &str| line.starts_with("//go:generate ") || line.starts_with("//go:generate\t");
        let line = text.lines().position(marked)? + 1;
        let package = text.lines().find_map(|l| l.strip_prefix("package ")).unwrap_or_default();
        let package = package.split("//").next().unwrap_or_default().trim().to_owned();
        Some(Directive { file, line, package })
    })
}
