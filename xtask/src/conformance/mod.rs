//! `cargo xtask conformance …`: suites that hold the program against the real thing.
//!
//! Each prints how many cases agreed out of how many. One folder a suite.

#[cfg(unix)]
pub(crate) mod chance;
#[cfg(target_os = "linux")]
mod go;
#[cfg(unix)]
mod shells;
#[cfg(target_os = "linux")]
mod spaces;
#[cfg(target_os = "linux")]
mod vscode;

use crate::failure::Done;

#[derive(clap::Subcommand)]
pub(crate) enum Suite {
    /// Generated homes × shells × modes: values agreed, origins confirmed by changing the claimed lines
    #[cfg(unix)]
    Shells(shells::Options),
    /// Generated machines × SDKs of every minor: values, output, exit statuses and messages of `go env`
    #[cfg(target_os = "linux")]
    Go(go::Options),
    /// The environments that login, su, sudo, cron, sshd and tmux give, over variants of their files
    #[cfg(target_os = "linux")]
    Spaces(spaces::Options),
    /// The real VS Code server over generated configurations: every variable of terminals, tasks, hosts and debuggees
    #[cfg(target_os = "linux")]
    Vscode(vscode::Options),
}

pub(crate) fn run(suite: &Suite) -> Done {
    match *suite {
        #[cfg(unix)]
        Suite::Shells(ref options) => shells::run(options),
        #[cfg(target_os = "linux")]
        Suite::Go(ref options) => go::run(options),
        #[cfg(target_os = "linux")]
        Suite::Spaces(ref options) => spaces::run(options),
        #[cfg(target_os = "linux")]
        Suite::Vscode(ref options) => vscode::run(options),
    }
}

/// Whether this program was started as the shell whose environment a suite looks at, and has done so.
pub(crate) fn dump_if_asked() -> bool {
    #[cfg(target_os = "linux")]
    return spaces::dump_if_asked();
    #[cfg(not(target_os = "linux"))]
    false
}

/// The small part of every suite that each change must pass.
pub(crate) fn sample() -> Done {
    #[cfg(unix)]
    shells::run(&shells::sample())?;
    #[cfg(target_os = "linux")]
    match spaces::sample() {
        Some(options) => spaces::run(&options)?,
        None => println!("conformance spaces: not run, it needs root, mounts and the programs"),
    }
    #[cfg(target_os = "linux")]
    go::run(&go::sample())?;
    #[cfg(target_os = "linux")]
    match go::windows::sample() {
        Some(options) => go::run(&options)?,
        None => println!(
            "conformance go --windows: not run, it needs Wine and Windows SDKs (140 MB); \
             `cargo xtask conformance go --windows` brings them"
        ),
    }
    Ok(())
}

/// An environment as a space.
#[cfg(target_os = "linux")]
pub(crate) use self::go::folded;
