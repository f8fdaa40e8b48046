//! Which files zsh reads at its start, in which order.
//!
//! zsh: Src/init.c `run_init_scripts`; Doc/Zsh/files.yo. The system's folder is compiled in (`/etc` upstream,
//! `/etc/zsh` on Debian and others), so it is looked up in the program itself.

use crate::compiled::Compiled;
use crate::{Request, StartupFile};
use model::LayerStatus;
use system::{ReadError, System};

/// What zsh sets by itself before any file.
pub(super) const SHELL_PHASE: &str = "shell";
/// `precmd`, `chpwd` and line editor hooks before the first line is read.
pub(super) const PROMPT_PHASE: &str = "prompt";

/// Stems in the order of reading, and whether login or interactive shells alone read them.
const STEMS: &[(&str, bool, bool)] =
    &[("zshenv", false, false), ("zprofile", true, false), ("zshrc", false, true), ("zlogin", true, false)];

pub(super) fn startup_files(system: &dyn System, request: &Request) -> Vec<StartupFile> {
    let etc = system_folder(system, &request.shell.path);
    let home = request
        .base_value("ZDOTDIR")
        .filter(|v| !v.is_empty())
        .map_or_else(|| request.home(), |v| v.to_text().into_owned());
    let mut files = Vec::new();
    for &(stem, login, interactive) in STEMS {
        let read_here = (!login || request.mode.login) && (!interactive || request.mode.interactive);
        let global = format!("{etc}/{stem}");
        let own = format!("{}/.{stem}", home.trim_end_matches('/'));
        for (id, path) in [(format!("etc-{stem}"), global), (stem.to_owned(), own)] {
            let status = if read_here { status_of(system, &path) } else { not_read(login) };
            files.push(StartupFile { id, path, status });
        }
    }
    files
}

fn not_read(login: bool) -> LayerStatus {
    let who = if login { "login" } else { "interactive" };
    LayerStatus::Skipped { reason: format!("only {who} shells read it") }
}

/// Whether a file that this mode reads is there.
pub(super) fn status_of(system: &dyn System, path: &str) -> LayerStatus {
    match system.read(path) {
        Ok(_) => LayerStatus::Applied,
        Err(ReadError::NotFound) => LayerStatus::Skipped { reason: "does not exist".to_owned() },
        Err(error) => LayerStatus::Unreadable { reason: error.to_string() },
    }
}

/// The folder of the files for all users: what stands before `/zshenv` in the program's constants.
fn system_folder(system: &dyn System, program: &str) -> String {
    static FOLDERS: Compiled<Option<String>> = Compiled::new();
    FOLDERS.of(system, program, compiled_folder).flatten().unwrap_or_else(|| {
        let debian = "/etc/zsh";
        let any = STEMS.iter().any(|(stem, ..)| system.exists(&format!("{debian}/{stem}")));
        if any { debian } else { "/etc" }.to_owned()
    })
}

fn compiled_folder(program: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"/zshenv\0";
    let mut from = 0;
    // `/` is rarer in a program than a search for the whole mark at each byte is fast.
    while let Some(found) = program[from..].iter().position(|&b| b == MARK[0]) {
        let at = from + found;
        from = at + 1;
        if !program[at..].starts_with(MARK) {
            continue;
        }
        let start = program[..at].iter().rposition(|&b| b == 0).map_or(0, |n| n + 1);
        if let Ok(folder) = std::str::from_utf8(&program[start..at])
            && folder.starts_with('/')
        {
            return Some(folder.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_folder_stands_in_the_program() {
        assert_eq!(
            compiled_folder(b"\x7fELF\0.zshenv\0/etc/zsh/zshenv\0/etc/zsh/zprofile\0"),
            Some("/etc/zsh".into())
        );
        assert_eq!(compiled_folder(b"/etc/zshenv\0"), Some("/etc".into()));
        assert_eq!(compiled_folder(b"no shell\0"), None);
    }
}
