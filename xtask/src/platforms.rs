//! `cargo xtask check-platforms`: type-checks the whole workspace for Windows and macOS, from Linux.
//!
//! Debian's `rustc-web` brings a compiler together with the sources of `std`, so that `-Z build-std` can make a `std`
//! for any target. Nothing is linked and nothing is run: this holds that no platform's own calls leak out of
//! `system`, not that the program works there.

use crate::failure::Done;
use crate::{needs, root, steps};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Does not look for missing packages and installs nothing
    #[arg(long)]
    no_install: bool,
    /// One target instead of all
    #[arg(long)]
    target: Option<String>,
}

const TARGETS: &[&str] = &["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

/// Debian's own toolchain, whatever else is on PATH.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

pub(crate) fn run(options: &Options) -> Done {
    if !options.no_install {
        needs::for_platforms()?;
    }
    let targets = options.target.as_deref().map_or_else(|| TARGETS.to_vec(), |one| vec![one]);
    let cache = root::cache().join("platforms");
    let stub = stub_compiler(&cache)?;
    let mut command = Command::new(CARGO);
    command
        .current_dir(root::root())
        .args(["check", "--workspace", "--all-targets", "--quiet", "-Z", "build-std=std,panic_unwind,test"])
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Folders of its own: another toolchain's artefacts must neither be mixed in nor thrown away.
        .env("CARGO_HOME", cache.join("cargo"))
        .env("CARGO_TARGET_DIR", cache.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN");
    for target in targets {
        command.args(["--target", target]);
        // A crate that compiles C needs only that its compiler leaves a file behind.
        let suffix = target.replace('-', "_");
        for tool in ["CC", "AR"] {
            command.env(format!("{tool}_{suffix}"), &stub);
        }
    }
    steps::step(&mut command)
}

/// A program that creates the output that a C compiler or an archiver was asked for, empty.
fn stub_compiler(cache: &Path) -> Done<PathBuf> {
    std::fs::create_dir_all(cache)?;
    let path = cache.join("empty-output");
    let script = "#!/bin/sh\n\
        # Creates the file after -o, and every argument that names an archive.\n\
        while [ $# -gt 0 ]; do\n\
        \x20 case $1 in -o) shift; : >\"$1\" ;; *.a) : >\"$1\" ;; esac\n\
        \x20 shift\n\
        done\n";
    std::fs::write(&path, script)?;
    make_executable(&path)?;
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Done {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Done {
    Ok(())
}
