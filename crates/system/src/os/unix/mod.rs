//! What Linux and macOS share.

pub(super) mod attributes;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod beside;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod forked;
mod laid;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod messenger;
pub(super) mod places;
mod process_tree;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod raw;
pub(super) mod run;
mod start;
#[cfg(target_os = "linux")]
pub(super) mod trial;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod words;

use crate::{ReadError, RegistryValue, User};
use model::{Name, Value};
use std::convert::Infallible;
use std::os::unix::ffi::OsStrExt as _;

/// How long a process that handed its environment over waits to be ended, before it ends itself, in seconds.
const WAIT_TO_BE_ENDED: u64 = 10;

/// See [`super::hand_over`]. Nothing is allocated from the environment: the block is written as it is.
pub(super) fn hand_over(fifo: &std::ffi::OsStr) -> std::io::Result<Infallible> {
    use std::io::Write as _;
    let mut block = Vec::new();
    for (name, value) in environment() {
        block.extend_from_slice(name.as_bytes());
        block.push(b'=');
        block.extend_from_slice(value.as_bytes());
        block.push(0);
    }
    let mut fifo = std::fs::OpenOptions::new().write(true).open(fifo)?;
    fifo.write_all(&block)?;
    drop(fifo);
    std::thread::sleep(std::time::Duration::from_secs(WAIT_TO_BE_ENDED));
    Err(std::io::Error::other("was not ended"))
}

pub(super) fn is_executable(path: &str) -> bool {
    use nix::unistd::{AccessFlags, access};
    std::fs::metadata(path).is_ok_and(|m| m.is_file()) && access(path, AccessFlags::X_OK).is_ok()
}

pub(super) fn environment() -> Vec<(Name, Value)> {
    std::env::vars_os().map(|(n, v)| (Name::from(n.as_bytes()), Value::from(v.as_bytes()))).collect()
}

/// A block as `execve` passes it: `NAME=value` ended by NUL. What has no `=` is no variable.
pub(super) fn parse_block(block: &[u8]) -> Vec<(Name, Value)> {
    block
        .split(|&b| b == 0)
        .filter_map(|entry| {
            // A name is never empty; bash itself makes none that begins with `=`.
            let equals = entry.iter().skip(1).position(|&b| b == b'=')? + 1;
            Some((Name::from(&entry[..equals]), Value::from(&entry[equals + 1..])))
        })
        .collect()
}

/// The effective user, from the user database.
pub(super) fn user_id() -> u32 {
    nix::unistd::Uid::effective().as_raw()
}

pub(super) fn user() -> User {
    let uid = nix::unistd::Uid::effective();
    let gid = nix::unistd::Gid::effective();
    match nix::unistd::User::from_uid(uid) {
        Ok(Some(user)) => User {
            name: user.name,
            uid: uid.as_raw(),
            gid: user.gid.as_raw(),
            home: user.dir.to_string_lossy().into_owned(),
            shell: match user.shell.to_string_lossy() {
                // An empty field means /bin/sh (passwd(5)).
                shell if shell.is_empty() => "/bin/sh".to_owned(),
                shell => shell.into_owned(),
            },
        },
        _ => User {
            name: uid.to_string(),
            uid: uid.as_raw(),
            gid: gid.as_raw(),
            home: std::env::home_dir().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default(),
            shell: "/bin/sh".to_owned(),
        },
    }
}

pub(super) fn host_name() -> String {
    nix::unistd::gethostname().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn registry_values(_key: &str) -> Result<Vec<RegistryValue>, ReadError> {
    Err(ReadError::NotFound)
}

pub(super) fn registry_subkeys(_key: &str) -> Result<Vec<String>, ReadError> {
    Err(ReadError::NotFound)
}
