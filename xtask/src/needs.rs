//! What tests need on the machine, and installing it: Debian packages by `apt-get`, nushell by `npm`.
//!
//! Everything is looked for first; what is there is not touched. What is installed is printed before it is.

use crate::failure::{Done, Failure};
use crate::{root, steps};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program and the Debian package that brings it.
struct Need {
    program: &'static str,
    package: &'static str,
}

const fn need(program: &'static str, package: &'static str) -> Need {
    Need { program, package }
}

/// Programs that the tests run.
const PROGRAMS: &[Need] = &[
    need("bash", "bash"),
    need("zsh", "zsh"),
    need("fish", "fish"),
    need("dash", "dash"),
    need("ksh", "ksh"),
    need("mksh", "mksh"),
    need("tcsh", "tcsh"),
    need("busybox", "busybox"),
    need("sudo", "sudo"),
    need("script", "bsdutils"),
    need("perl", "perl-base"),
    need("su", "util-linux"),
    need("unshare", "util-linux"),
    need("setpriv", "util-linux"),
    need("tmux", "tmux"),
    need("cron", "cron"),
    need("sshd", "openssh-server"),
    need("ssh", "openssh-client"),
    need("strace", "strace"),
    need("git", "git"),
    need("cc", "gcc"),
    need("ps", "procps"),
    need("go", "golang-go"),
];

/// Packages of the type-check for other systems: a compiler with the sources of its `std`, and the `dlltool` that rustc
/// calls for crates that link to Windows' libraries by name alone.
const PLATFORM_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "binutils-mingw-w64-x86-64"];

/// What runs the go of Windows, and builds the program that starts it there.
const WINE_PACKAGES: &[&str] = &["wine", "wine64", "gcc-mingw-w64-x86-64"];

/// What runs the real editor, and builds its native modules.
const EDITOR_PROGRAMS: &[Need] = &[
    need("chromium", "chromium"),
    need("npm", "npm"),
    need("g++", "g++"),
    need("make", "make"),
    need("python3", "python3"),
];

/// Folders that a plain user's PATH may lack and that hold daemons.
const SYSTEM_FOLDERS: &[&str] = &["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/// The nushell that the tests were written against, as npm names it.
const NUSHELL: &str = "nushell@0.108.0";

/// Where a program lies: `PATH`, then the system's own folders, then our cache.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(SYSTEM_FOLDERS.iter().map(PathBuf::from))
        .chain([npm_folder().join("node_modules/.bin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn npm_folder() -> PathBuf {
    root::cache().join("npm")
}

/// Installs what the tests miss.
pub(crate) fn for_tests() -> Done {
    let mut packages: Vec<&str> =
        PROGRAMS.iter().filter(|n| find(n.program).is_none()).map(|n| n.package).collect();
    let nushell = find("nu").is_none();
    if nushell && find("npm").is_none() {
        packages.push("npm");
    }
    packages.dedup();
    debian(&packages)?;
    if nushell {
        let folder = npm_folder();
        std::fs::create_dir_all(&folder)?;
        println!("installing npm package {NUSHELL} into {}", folder.display());
        steps::step(
            Command::new("npm")
                .args(["install", "--no-fund", "--no-audit", "--prefix"])
                .arg(&folder)
                .arg(NUSHELL),
        )?;
    }
    Ok(())
}

/// Installs the toolchain that can build `std` for other systems.
pub(crate) fn for_platforms() -> Done {
    let missing: Vec<&str> = PLATFORM_PACKAGES.iter().copied().filter(|p| !is_installed(p)).collect();
    debian(&missing)
}

/// Installs Wine and a compiler for Windows.
pub(crate) fn for_wine() -> Done {
    let missing: Vec<&str> = WINE_PACKAGES.iter().copied().filter(|p| !is_installed(p)).collect();
    debian(&missing)
}

/// Installs a browser and what builds native modules of Node.
pub(crate) fn for_editors() -> Done {
    let missing: Vec<&str> =
        EDITOR_PROGRAMS.iter().filter(|n| find(n.program).is_none()).map(|n| n.package).collect();
    debian(&missing)
}

/// Whether dpkg has it installed.
fn is_installed(package: &str) -> bool {
    let status = Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).output();
    status.is_ok_and(|o| o.stdout == b"install ok installed")
}

/// `apt-get install`, through sudo where we are not root.
fn debian(packages: &[&str]) -> Done {
    if packages.is_empty() {
        return Ok(());
    }
    println!("installing Debian packages: {}", packages.join(" "));
    if find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "apt-get is not here; install these by your system's means: {}",
            packages.join(" ")
        )));
    }
    steps::step(&mut apt(&["update", "-q"]))?;
    steps::step(apt(&["install", "-q", "-y", "--no-install-recommends"]).args(packages))
}

fn apt(arguments: &[&str]) -> Command {
    // Only root may write below /var/lib/dpkg.
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| is_root(&m));
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}

#[cfg(unix)]
fn is_root(own: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

#[cfg(not(unix))]
fn is_root(_: &std::fs::Metadata) -> bool {
    false
}

/// PATH of the tests: ours, then what was installed for them.
pub(crate) fn test_path() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let extra =
        [npm_folder().join("node_modules/.bin")].into_iter().chain(SYSTEM_FOLDERS.iter().map(PathBuf::from));
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for folder in extra {
        if !folders.contains(&folder) && Path::new(&folder).is_dir() {
            folders.push(folder);
        }
    }
    std::env::join_paths(folders).unwrap_or(path)
}
