//! Which shells the machine has.

use crate::{Shell, ShellKind};
use system::System;

/// Names under which shells are looked for, in the order of the map.
const NAMES: &[&str] = &["bash", "zsh", "fish", "sh", "dash", "ksh", "mksh", "tcsh", "nu", "pwsh"];

/// Where shells are installed, besides `/etc/shells` and the folders of PATH.
const FOLDERS: &[&str] = &["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/// Every shell found: one a name, the first of `/etc/shells`, then of `path_folders`, then of the usual folders.
pub fn find_all(system: &dyn System, path_folders: &[String]) -> Vec<Shell> {
    let etc_shells = system.read("/etc/shells").unwrap_or_default();
    let listed: Vec<String> = String::from_utf8_lossy(&etc_shells)
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('/'))
        .map(str::to_owned)
        .collect();
    NAMES
        .iter()
        .filter_map(|name| {
            let in_list = listed.iter().filter(|path| path.rsplit('/').next() == Some(name)).cloned();
            let in_path = path_folders.iter().map(|folder| format!("{folder}/{name}"));
            let usual = FOLDERS.iter().map(|folder| format!("{folder}/{name}"));
            let path = in_list.chain(in_path).chain(usual).find(|p| system.is_executable(p))?;
            identify(system, &path)
        })
        .collect()
}

/// What kind of shell the program at `path` is, by its name, symlinks resolved for `sh`.
pub fn identify(system: &dyn System, path: &str) -> Option<Shell> {
    let family = path.rsplit('/').next()?.trim_start_matches('-').to_owned();
    let real = system.canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let real_name = real.rsplit('/').next().unwrap_or_default();
    let kind = match (family.as_str(), real_name) {
        ("sh", "bash") => ShellKind::BashAsSh,
        ("sh" | "ash", name) if name.starts_with("busybox") => ShellKind::Ash,
        ("sh" | "dash", "dash" | "sh") => ShellKind::Dash,
        ("sh", name) => by_name(name)?,
        (name, _) => by_name(name)?,
    };
    Some(Shell { kind, family, path: path.to_owned() })
}

fn by_name(name: &str) -> Option<ShellKind> {
    Some(match name {
        "bash" | "rbash" => ShellKind::Bash,
        "zsh" => ShellKind::Zsh,
        "fish" => ShellKind::Fish,
        "dash" => ShellKind::Dash,
        "ash" | "busybox" => ShellKind::Ash,
        "ksh" | "ksh93" => ShellKind::Ksh,
        "mksh" | "lksh" => ShellKind::Mksh,
        "tcsh" | "csh" => ShellKind::Tcsh,
        "nu" => ShellKind::Nu,
        "pwsh" => ShellKind::Pwsh,
        _ => return None,
    })
}
