//! The start-up files of fish in the order in which they are read, as data.
//!
//! fish reads the same files in all four modes (fish: src/fish.cpp `read_init`, share/config.fish "source the conf
//! directories"): its own `share/config.fish`, the snippets of `conf.d` — the user's, the administrator's, the
//! vendors', where a name seen before masks a later file of that name — then `/etc/fish/config.fish` and the user's
//! `config.fish`. Variables of `fish_variables` are there before any of them.

use crate::{Request, StartupFile};
use model::LayerStatus;
use system::{FileKind, ReadError, System};

/// Where this fish has its folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folders {
    /// `$__fish_config_dir`.
    pub config: String,
    /// `$__fish_sysconf_dir`.
    pub sysconf: String,
    /// `$__fish_data_dir`.
    pub data: String,
    /// `$__fish_vendor_confdirs`.
    pub vendor: Vec<String>,
}

/// As fish finds them (fish: src/fish.cpp `determine_config_directory_paths`, src/path.cpp).
pub(super) fn folders(system: &dyn System, request: &Request) -> Folders {
    let home = request.home();
    let set = |name: &str| {
        request.base_value(name).map(|v| v.to_text().into_owned()).filter(|text| !text.is_empty())
    };
    let real = system.canonicalize(&request.shell.path).unwrap_or_else(|_| request.shell.path.clone());
    let prefix = real.strip_suffix("/bin/fish").unwrap_or("/usr").to_owned();
    let (mut data, mut sysconf) = (format!("{prefix}/share/fish"), format!("{prefix}/etc/fish"));
    if !(system.is_folder(&data) && system.is_folder(&sysconf)) {
        // What is compiled in; distributions build with prefix /usr.
        (data, sysconf) = ("/usr/share/fish".to_owned(), "/etc/fish".to_owned());
    }
    let config = set("XDG_CONFIG_HOME").unwrap_or_else(|| format!("{home}/.config")) + "/fish";
    let user_data = set("XDG_DATA_HOME").unwrap_or_else(|| format!("{home}/.local/share")) + "/fish";
    let mut vendor = vec![format!("{user_data}/vendor_conf.d")];
    match set("XDG_DATA_DIRS") {
        Some(list) => {
            for entry in list.split(':').filter(|e| !e.is_empty()) {
                vendor.push(format!("{}/fish/vendor_conf.d", entry.trim_end_matches('/')));
            }
        }
        None => vendor.push(format!("{data}/vendor_conf.d")),
    }
    let built_in = format!("{data}/vendor_conf.d");
    if !vendor.contains(&built_in) {
        vendor.push(built_in);
    }
    Folders { config, sysconf, data, vendor }
}

/// The files in the order of reading.
pub(super) fn files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    files_of(system, &folders(system, request))
}

pub(super) fn files_of(system: &dyn System, folders: &Folders) -> Vec<StartupFile> {
    let mut out = vec![
        file(system, "fish-variables", &format!("{}/fish_variables", folders.config)),
        file(system, "share-config", &format!("{}/config.fish", folders.data)),
    ];
    let own = [format!("{}/conf.d", folders.config), format!("{}/conf.d", folders.sysconf)];
    let mut seen: Vec<(String, String)> = Vec::new();
    for folder in own.iter().chain(&folders.vendor) {
        let names = system.read_dir(folder).unwrap_or_default();
        // `*` does not match a leading dot (fish: doc language.rst "Wildcards").
        for name in names.iter().filter(|n| n.ends_with(".fish") && !n.starts_with('.')) {
            let path = format!("{folder}/{name}");
            let mut entry = file(system, &snippet_id(name), &path);
            match seen.iter().find(|(n, _)| n == name) {
                Some((_, by)) => {
                    entry.status = LayerStatus::Skipped { reason: format!("masked by {by}") };
                }
                None => seen.push((name.clone(), path)),
            }
            out.push(entry);
        }
    }
    out.push(file(system, "etc-config", &format!("{}/config.fish", folders.sysconf)));
    out.push(file(system, "config", &format!("{}/config.fish", folders.config)));
    out
}

fn file(system: &dyn System, id: &str, path: &str) -> StartupFile {
    let status = match system.metadata(path) {
        Err(ReadError::NotFound) => LayerStatus::Skipped { reason: "absent".to_owned() },
        Err(error) => LayerStatus::Unreadable { reason: error.to_string() },
        Ok(metadata) if metadata.kind != FileKind::File => {
            LayerStatus::Skipped { reason: "not a file".to_owned() }
        }
        Ok(_) => LayerStatus::Applied,
    };
    StartupFile { id: id.to_owned(), path: path.to_owned(), status }
}

/// `conf-d-10-path` of `10-path.fish`.
fn snippet_id(name: &str) -> String {
    let stem = name.trim_end_matches(".fish").to_lowercase();
    let kebab: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("conf-d-{}", kebab.trim_matches('-'))
}
