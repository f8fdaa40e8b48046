//! What other programs than go are asked for: version managers, images, workflows.
//!
//! Their files are read and explained, never obeyed: go itself looks at go.mod and go.work only. Deliberately not
//! here: which version a manager has installed (`shim`), and what lies in an image.

mod compare;
pub(crate) mod meaning;

use crate::file_path;
use crate::project;
use meaning::Meaning;
use model::{Origin, Place, Wish};
use system::System;
use text::versions::{Wanted, devcontainer, dockerfile, toml_tools, words, workflow};

/// Reads a format.
type Reader = fn(&[u8]) -> Vec<Wanted>;

/// A file of a version manager, which looks for it from the folder upwards.
struct Managed {
    name: &'static str,
    reader: &'static str,
    read: Reader,
}

/// asdf-vm: docs/manage/configuration; jdx/mise: docs/configuration.md; go-nv/goenv: libexec/goenv-version-file;
/// moonrepo/proto: docs, `.prototools`. moovweb/gvm itself reads no `.gvmrc`: scripts/cd looks for .go-version.
const MANAGED: &[Managed] = &[
    Managed { name: ".go-version", reader: "goenv, gvm", read: words::go_version },
    Managed { name: ".tool-versions", reader: "asdf, mise", read: words::tool_versions },
    Managed { name: "mise.local.toml", reader: "mise", read: toml_tools::mise },
    Managed { name: "mise.toml", reader: "mise", read: toml_tools::mise },
    Managed { name: ".mise.local.toml", reader: "mise", read: toml_tools::mise },
    Managed { name: ".mise.toml", reader: "mise", read: toml_tools::mise },
    Managed { name: ".config/mise.toml", reader: "mise", read: toml_tools::mise },
    Managed { name: ".prototools", reader: "proto", read: toml_tools::prototools },
    Managed { name: ".gvmrc", reader: "a shell that sources it", read: words::gvmrc },
];

/// One wish with what is needed to compare it.
pub(crate) struct Found {
    pub(crate) wish: Wish,
    pub(crate) meaning: Meaning,
    /// Of a list that asks for several on purpose.
    pub(crate) one_of_many: bool,
    /// The reader sets GOTOOLCHAIN=local beside it.
    pub(crate) pins: bool,
}

/// All that is asked in and above the project's folder (absolute), compared with what its go.mod or go.work asks.
pub fn wishes(system: &dyn System, project: &str) -> Vec<Wish> {
    let mut found = Vec::new();
    for managed in MANAGED {
        if let Some(path) = project::nearest(system, project, managed.name) {
            found.extend(read(system, &path, managed.reader, managed.read, false));
        }
    }
    let root = repository(system, project);
    for path in devcontainers(system, &root) {
        found.extend(read(system, &path, "dev containers", devcontainer::read, false));
    }
    for path in dockerfiles(system, project, &root) {
        found.extend(read(system, &path, "docker build", dockerfile::read, true));
    }
    for path in listed(system, &join(system, &root, ".github/workflows"), is_workflow) {
        let mut of_file = read(system, &path, "actions/setup-go", workflow::read, true);
        let many = of_file.len() > 1;
        of_file.iter_mut().for_each(|f| f.one_of_many = many);
        found.extend(of_file);
    }
    compare::files_named(system, &root, &mut found);
    compare::with_each_other(&mut found);
    if let Some(asks) = project::asks(system, project) {
        compare::with_project(&asks, &mut found);
    }
    found.into_iter().map(|f| f.wish).collect()
}

fn read(system: &dyn System, path: &str, reader: &str, read: Reader, pins: bool) -> Vec<Found> {
    let Ok(bytes) = system.read(path) else { return Vec::new() };
    read(&bytes).into_iter().map(|wanted| found(path, reader, &wanted, pins)).collect()
}

fn found(path: &str, reader: &str, wanted: &Wanted, pins: bool) -> Found {
    let meaning = Meaning::of(wanted);
    let place = Place {
        path: path.to_owned(),
        line: wanted.line,
        column: wanted.column,
        end_line: wanted.line,
        end_column: wanted.end_column,
    };
    let problem = compare::unquoted(wanted).map(|p| p.at(Origin::File(place.clone())));
    let wish = Wish {
        reader: reader.to_owned(),
        value: if wanted.value.is_empty() {
            wanted.read_as.clone().unwrap_or_default()
        } else {
            wanted.value.clone()
        },
        means: meaning.words(),
        origin: Origin::File(place),
        problem,
    };
    Found { wish, meaning, one_of_many: false, pins }
}

/// The nearest folder upwards with a `.git`, else the project's.
fn repository(system: &dyn System, project: &str) -> String {
    let os = system.os();
    let mut folder = file_path::clean(os, project);
    loop {
        if system.exists(&file_path::join(os, &folder, ".git")) {
            return folder;
        }
        let above = file_path::parent(os, &folder);
        if above == folder {
            return project.to_owned();
        }
        folder = above;
    }
}

fn join(system: &dyn System, folder: &str, name: &str) -> String {
    file_path::join(system.os(), folder, name)
}

/// containers.dev: devcontainer.json may lie in three places.
fn devcontainers(system: &dyn System, root: &str) -> Vec<String> {
    let folder = join(system, root, ".devcontainer");
    let mut paths =
        vec![join(system, &folder, "devcontainer.json"), join(system, root, ".devcontainer.json")];
    for inner in listed(system, &folder, |_| true) {
        paths.push(join(system, &inner, "devcontainer.json"));
    }
    paths
}

fn dockerfiles(system: &dyn System, project: &str, root: &str) -> Vec<String> {
    let mut folders = vec![project.to_owned()];
    if root != project {
        folders.push(root.to_owned());
    }
    folders.push(join(system, root, ".devcontainer"));
    folders.iter().flat_map(|folder| listed(system, folder, is_dockerfile)).collect()
}

fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["dockerfile", "containerfile"].iter().any(|kind| {
        lower == *kind
            || lower.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'))
            || lower.ends_with(&format!(".{kind}"))
    })
}

fn is_workflow(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// Paths of the entries of a folder whose names fit, in order.
fn listed(system: &dyn System, folder: &str, fits: fn(&str) -> bool) -> Vec<String> {
    let mut names = system.read_dir(folder).unwrap_or_default();
    names.retain(|name| fits(name));
    names.sort();
    names.iter().map(|name| join(system, folder, name)).collect()
}

#[cfg(test)]
mod tests;
