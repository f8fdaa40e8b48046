//! Which version a shim of goenv, asdf or mise runs in a folder, as far as their files and variables say.
//!
//! Deliberately not here: what they give that go (GOPATH, GOBIN), aliases and plugins, and files that they read only where
//! told to (`legacy_version_file`, idiomatic files).

use crate::file_path;
use crate::goroot::variable;
use crate::version;
use crate::wishes::meaning::{Meaning, version as meaning};
use model::{Folded, Origin, Place, ShimChoice};
use system::{Os, System};
use text::versions::{Wanted, toml_tools, words};

/// A version as it is asked for, and where.
type Asked = (String, Origin);

/// A file by its name, and who reads it.
type Named = (&'static str, fn(&[u8]) -> Vec<Wanted>);

/// `manager` as `shim` names it.
pub(crate) fn choose(system: &dyn System, env: &Folded, manager: &str, folder: &str) -> Option<ShimChoice> {
    let os = system.os();
    let home = variable(env, if os == Os::Windows { "USERPROFILE" } else { "HOME" }).map(|(home, _)| home)?;
    let at_home = |name: &str| file_path::join(os, &home, name);
    let root =
        |name: &str, default: &str| variable(env, name).map_or_else(|| at_home(default), |(root, _)| root);
    let (asked, installs) = match manager {
        // go-nv/goenv: libexec/goenv-version-name, goenv-version-file.
        "goenv" => {
            let root = root("GOENV_ROOT", ".goenv");
            let files: [Named; 1] = [(".go-version", words::go_version)];
            let own = || read(system, &file_path::join(os, &root, "version"), words::go_version);
            let asked = given(env, "GOENV_VERSION")
                .or_else(|| nearest(system, folder, &files))
                .or_else(|| some(own()));
            (asked?, file_path::join(os, &root, "versions"))
        }
        // asdf-vm: docs/manage/configuration, docs/manage/versions.
        "asdf" => {
            let files: [Named; 1] = [(".tool-versions", words::tool_versions)];
            let own = || read(system, &at_home(".tool-versions"), words::tool_versions);
            let asked = given(env, "ASDF_GOLANG_VERSION")
                .or_else(|| nearest(system, folder, &files))
                .or_else(|| some(own()));
            (asked?, file_path::join(os, &root("ASDF_DATA_DIR", ".asdf"), "installs/golang"))
        }
        // jdx/mise: docs/configuration.md.
        "mise" => {
            let config = at_home(".config/mise/config.toml");
            let own = || read(system, &config, toml_tools::mise);
            let asked = given(env, "MISE_GO_VERSION")
                .or_else(|| nearest(system, folder, MISE))
                .or_else(|| some(own()));
            (asked?, file_path::join(os, &root("MISE_DATA_DIR", ".local/share/mise"), "installs/go"))
        }
        _ => return None,
    };
    let names = system.read_dir(&installs).unwrap_or_default();
    // Of several versions the first that is installed counts.
    let there = asked.iter().find_map(|(text, origin)| Some((installed(&names, text)?, origin)));
    Some(match there {
        Some((name, origin)) => ShimChoice {
            folder: Some(file_path::join(os, &installs, &name)),
            version: name,
            origin: origin.clone(),
        },
        None => {
            let (text, origin) = asked.into_iter().next()?;
            ShimChoice { version: text, origin, folder: None }
        }
    })
}

/// In one folder the first counts most.
const MISE: &[Named] = &[
    ("mise.local.toml", toml_tools::mise),
    ("mise.toml", toml_tools::mise),
    (".mise.local.toml", toml_tools::mise),
    (".mise.toml", toml_tools::mise),
    (".config/mise.toml", toml_tools::mise),
    (".tool-versions", words::tool_versions),
];

fn some(asked: Vec<Asked>) -> Option<Vec<Asked>> {
    (!asked.is_empty()).then_some(asked)
}

fn given(env: &Folded, name: &str) -> Option<Vec<Asked>> {
    let (text, origin) = variable(env, name)?;
    some(text.split_whitespace().map(|word| (word.to_owned(), origin.clone())).collect())
}

/// From the folder upwards, in each folder the files in their order, the first that asks for a go.
fn nearest(system: &dyn System, folder: &str, files: &[Named]) -> Option<Vec<Asked>> {
    let os = system.os();
    let mut folder = file_path::clean(os, folder);
    loop {
        for (name, reader) in files {
            let asked = read(system, &file_path::join(os, &folder, name), *reader);
            if !asked.is_empty() {
                return Some(asked);
            }
        }
        let above = file_path::parent(os, &folder);
        if above == folder {
            return None;
        }
        folder = above;
    }
}

fn read(system: &dyn System, path: &str, reader: fn(&[u8]) -> Vec<Wanted>) -> Vec<Asked> {
    let Ok(bytes) = system.read(path) else { return Vec::new() };
    let asked = |w: Wanted| {
        let place = Place {
            path: path.to_owned(),
            line: w.line,
            column: w.column,
            end_line: w.line,
            end_column: w.end_column,
        };
        (w.value, Origin::File(place))
    };
    reader(&bytes).into_iter().map(asked).collect()
}

/// The version of that name, else the newest of that language.
fn installed(names: &[String], text: &str) -> Option<String> {
    let bare = text.strip_prefix("go").unwrap_or(text);
    if let Some(name) = names.iter().find(|name| *name == bare) {
        return Some(name.clone());
    }
    let fits = |name: &&String| match meaning(bare) {
        Meaning::Newest(_, language) => {
            name.strip_prefix(&language).is_some_and(|rest| rest.starts_with('.'))
        }
        Meaning::Latest => crate::Version::parse(name).is_some(),
        _ => false,
    };
    names.iter().filter(fits).max_by(|a, b| version::compare(a, b)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use system::memory::MemorySystem;

    fn told(machine: &MemorySystem, manager: &str, set: &[(&str, &str)]) -> Option<(String, bool)> {
        use model::{Confidence, Effect, Evidence, Layer, Space, SpaceId};
        let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
        let effect = |(name, value): &(&str, &str)| {
            Effect::set(*name, *value, Origin::Process { pid: 1 }, Confidence::Baseline)
        };
        let all = [&[("HOME", "/home/ann")], set].concat();
        space.layers.push(Layer::applied("observed", "observed", all.iter().map(effect).collect()));
        let choice = choose(machine, &Folded::over(None, &space), manager, "/home/ann/p")?;
        Some((choice.version, choice.folder.is_some()))
    }

    #[test]
    fn the_newest_installed_of_a_language() {
        let machine = MemorySystem::linux()
            .file("/home/ann/p/.go-version", "1.22\n")
            .folder("/home/ann/.goenv/versions/1.22.3")
            .folder("/home/ann/.goenv/versions/1.22.10")
            .folder("/home/ann/.goenv/versions/1.23.1");
        assert_eq!(told(&machine, "goenv", &[]), Some(("1.22.10".to_owned(), true)));
        assert_eq!(
            told(&machine, "goenv", &[("GOENV_VERSION", "1.24.0")]),
            Some(("1.24.0".to_owned(), false))
        );
    }

    #[test]
    fn the_first_of_several_that_is_installed() {
        let machine = MemorySystem::linux()
            .file("/home/ann/.tool-versions", "golang 1.24.0 1.21.4\n")
            .folder("/home/ann/.asdf/installs/golang/1.21.4");
        assert_eq!(told(&machine, "asdf", &[]), Some(("1.21.4".to_owned(), true)));
        assert_eq!(told(&machine, "goenv", &[]), None);
    }

    #[test]
    fn a_nearer_file_of_mise_counts_more() {
        let machine = MemorySystem::linux()
            .file("/home/ann/p/.tool-versions", "golang 1.21.4\n")
            .file("/home/ann/mise.toml", "[tools]\ngo = '1.22'\n")
            .file("/home/ann/.config/mise/config.toml", "[tools]\ngo = 'latest'\n")
            .folder("/home/ann/.local/share/mise/installs/go/1.21.4");
        assert_eq!(told(&machine, "mise", &[]), Some(("1.21.4".to_owned(), true)));
    }
}
