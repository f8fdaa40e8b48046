//! Which files bash reads when it starts (bash: shell.c run_startup_files), as data.
//!
//! Not here: the files of bash as `sh` (`crate::sh`), and what the files source themselves.

use crate::compiled::Compiled;
use crate::{Request, StartupFile};
use model::LayerStatus;
use system::{ReadError, System};

/// Where distributions compile in a system-wide file for interactive shells (bash: config-top.h SYS_BASHRC): Debian
/// and Arch, Gentoo, others. Fedora compiles in none.
const SYSTEM_BASHRC: &[&str] = &["/etc/bash.bashrc", "/etc/bash/bashrc", "/etc/bashrc"];

/// What this bash was compiled with, told from the strings in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Build {
    pub(super) system_bashrc: Option<&'static str>,
    /// `bash -c` under sshd reads the files of an interactive shell (bash: config-top.h SSH_SOURCE_BASHRC).
    pub(super) ssh_reads_bashrc: bool,
}

pub(super) fn build(system: &dyn System, program: &str) -> Build {
    static BUILDS: Compiled<Build> = Compiled::new();
    BUILDS.of(system, program, compiled_with).unwrap_or_else(|| {
        // No program to look into (a recorded machine): as Debian builds it, if the file is there.
        let system_bashrc = SYSTEM_BASHRC.iter().copied().find(|p| system.exists(p));
        Build { system_bashrc, ssh_reads_bashrc: true }
    })
}

fn compiled_with(bytes: &[u8]) -> Build {
    let has = |text: &str| {
        let text = [text.as_bytes(), &[0]].concat();
        let mut from = 0;
        while let Some(at) = bytes[from..].iter().position(|&b| b == text[0]) {
            if bytes[from + at..].starts_with(&text) {
                return true;
            }
            from += at + 1;
        }
        false
    };
    Build {
        system_bashrc: SYSTEM_BASHRC.iter().copied().find(|p| has(p)),
        ssh_reads_bashrc: has("SSH2_CLIENT"),
    }
}

/// `bash -c` that believes to be started by sshd: it reads the files of an interactive shell and not `$BASH_ENV`.
pub(super) fn is_run_by_sshd(request: &Request, build: &Build) -> bool {
    let level = request.base_value("SHLVL").map(|v| v.to_text().trim().parse::<i64>().unwrap_or(0));
    build.ssh_reads_bashrc
        && !request.mode.login
        && !request.mode.interactive
        // bash has counted itself when it asks for a level below 2.
        && level.unwrap_or(0) < 1
        && ["SSH_CLIENT", "SSH2_CLIENT"].iter().any(|n| request.base_value(n).is_some())
}

/// `$HOME`, or what the user database says: bash sets HOME itself if nothing did (bash: variables.c set_home_var).
pub(crate) fn home(system: &dyn System, request: &Request) -> String {
    let home = request.home();
    if home.is_empty() && request.base_value("HOME").is_none() { system.user().home } else { home }
}

/// The file that BASH_ENV names, for a value without other expansions than `$HOME` and `~`.
pub(crate) fn named_file(system: &dyn System, request: &Request, variable: &str) -> Option<String> {
    let value = request.base_value(variable)?.to_text().into_owned();
    if value.is_empty() {
        return None;
    }
    let home = home(system, request);
    let path = match value.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None => value.replace("${HOME}", &home).replace("$HOME", &home),
    };
    Some(if path.starts_with('/') || path.contains('$') || path.contains('`') {
        path
    } else {
        format!("{}/{}", request.cwd.trim_end_matches('/'), path.trim_start_matches("./"))
    })
}

pub(super) fn files(system: &dyn System, request: &Request, build: &Build) -> Vec<StartupFile> {
    let home = home(system, request);
    let (login, interactive) = (request.mode.login, request.mode.interactive);
    let by_sshd = is_run_by_sshd(request, build);
    let mut files = Vec::new();

    let has = |option: &str| request.options.iter().any(|o| o == option);
    let not_login = match (login, has("--noprofile")) {
        (false, _) => Some("read by login shells only"),
        (true, true) => Some("started with --noprofile"),
        (true, false) => None,
    };
    files.push(file(system, "etc-profile", "/etc/profile", not_login));
    files.extend(first_of_three(system, &home, not_login));

    let rc = if interactive && !login && has("--norc") {
        Some("started with --norc")
    } else if by_sshd || interactive && !login {
        None
    } else if login {
        Some("a login shell does not read it by itself")
    } else {
        Some("read by interactive shells only")
    };
    if let Some(path) = build.system_bashrc {
        files.push(file(system, "etc-bashrc", path, rc));
    }
    files.push(file(system, "bashrc", &format!("{home}/.bashrc"), rc));

    if let Some(path) = named_file(system, request, "BASH_ENV") {
        let reason = if interactive {
            Some("BASH_ENV is for shells that are not interactive")
        } else {
            by_sshd.then_some("bash that is run by sshd does not read BASH_ENV")
        };
        files.push(file(system, "bash-env", &path, reason));
    }
    files
}

/// The first that exists is read, and hides the others: also one that may not be read (bash: evalfile.c _evalfile
/// gives 0 for a file that does not exist alone).
fn first_of_three(system: &dyn System, home: &str, not_login: Option<&str>) -> Vec<StartupFile> {
    let mut hidden_by: Option<String> = None;
    [("bash-profile", ".bash_profile"), ("bash-login", ".bash_login"), ("profile", ".profile")]
        .into_iter()
        .map(|(id, name)| {
            let hidden = hidden_by.as_ref().map(|by| format!("hidden by ~/{by}"));
            let path = format!("{home}/{name}");
            let found = file(system, id, &path, not_login.or(hidden.as_deref()));
            if hidden_by.is_none() && system.exists(&path) {
                hidden_by = Some(name.to_owned());
            }
            found
        })
        .collect()
}

/// `not_read`: why this mode does not read the file, if it does not.
pub(crate) fn file(system: &dyn System, id: &str, path: &str, not_read: Option<&str>) -> StartupFile {
    let status = match (not_read, system.read(path)) {
        (_, Err(ReadError::NotFound)) => LayerStatus::Skipped { reason: "does not exist".to_owned() },
        (Some(reason), _) => LayerStatus::Skipped { reason: reason.to_owned() },
        (None, Ok(_)) => LayerStatus::Applied,
        (None, Err(error)) => LayerStatus::Unreadable { reason: error.to_string() },
    };
    StartupFile { id: id.to_owned(), path: path.to_owned(), status }
}
