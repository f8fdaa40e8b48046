//! Every `go` on PATH, in the order in which a command finds them.
//!
//! Unix: entry by entry, an empty one being the current folder; a file that may not be executed and a folder are
//! passed over, as `execvp(3)` and the shells do. Windows: in each entry the endings of PATHEXT in their order (go:
//! src/os/exec/lp_windows.go). Deliberately not here: what a program looks for before PATH (the current folder of
//! cmd, App Paths), and the default path of a program whose PATH is unset.

use crate::file_path;
use model::{Folded, Name, Origin, Problem, State};
use system::{FileKind, Os, ReadError, System};

/// A `go` that was found.
pub(crate) struct Hit {
    /// PATH entry and name, the entry's spelling kept.
    pub(crate) path: String,
    /// The same as seen from the current folder.
    pub(crate) absolute: String,
    /// Position of the PATH entry, from 1.
    pub(crate) entry: usize,
}

#[derive(Default)]
pub(crate) struct Lookup {
    pub(crate) hits: Vec<Hit>,
    pub(crate) problems: Vec<Problem>,
}

/// PATHEXT where it is unset (go: src/os/exec/lp_windows.go).
const DEFAULT_ENDINGS: &str = ".com;.exe;.bat;.cmd";

/// The first program of this name on PATH, absolute.
pub(crate) fn first(system: &dyn System, env: &Folded, cwd: Option<&str>, name: &str) -> Option<String> {
    let found = search(system, env, cwd, name, true);
    found.hits.into_iter().next().map(|hit| hit.absolute)
}

/// Every program of this name on PATH.
pub(crate) fn lookup(system: &dyn System, env: &Folded, cwd: Option<&str>, name: &str) -> Lookup {
    search(system, env, cwd, name, false)
}

/// With `first`, entries behind the first hit are not looked into.
fn search(system: &dyn System, env: &Folded, cwd: Option<&str>, name: &str, first: bool) -> Lookup {
    let mut found = Lookup::default();
    let value = match env.state(&Name::from("PATH")) {
        State::Set(value) => value,
        State::Unset => {
            found.problems.push(Problem::warning(
                "path-unset",
                "PATH is unset – each program then looks in places of its own – set PATH",
            ));
            return found;
        }
        State::Unreadable { reason } => {
            let text = format!("PATH cannot be read, so which go is found is not known – {reason}");
            found.problems.push(Problem::warning("path-unreadable", text));
            return found;
        }
    };
    let os = system.os();
    let Some(text) = value.as_str() else {
        return lookup_bytes(system, env, cwd, value.as_bytes(), name);
    };
    let mut entries = file_path::split_list(os, char::from(env.path_separator()), text);
    if entries.is_empty() && os != Os::Windows {
        // An empty PATH is one empty entry (execvp(3): a zero-length prefix is the current folder).
        entries.push(String::new());
    }
    for (n, entry) in entries.iter().enumerate() {
        look_into(system, env, cwd, (n, entry, name), &mut found);
        if first && !found.hits.is_empty() {
            break;
        }
    }
    found
}

/// PATH with an entry that is not UTF-8: that one cannot be asked for, the others can.
fn lookup_bytes(system: &dyn System, env: &Folded, cwd: Option<&str>, value: &[u8], name: &str) -> Lookup {
    let mut found = Lookup::default();
    for (n, entry) in value.split(|&b| b == env.path_separator()).enumerate() {
        match std::str::from_utf8(entry) {
            Ok(entry) => look_into(system, env, cwd, (n, entry, name), &mut found),
            Err(_) => found.problems.push(located(
                env,
                n,
                Problem::info(
                    "path-entry-not-utf8",
                    format!("PATH entry {} is not UTF-8 – it could not be looked into", n + 1),
                ),
            )),
        }
    }
    found
}

fn look_into(
    system: &dyn System,
    env: &Folded,
    cwd: Option<&str>,
    (n, entry, program): (usize, &str, &str),
    found: &mut Lookup,
) {
    let os = system.os();
    found.problems.extend(suspicious(os, n, entry).map(|p| located(env, n, p)));
    let folder = match (entry, os) {
        ("", Os::Windows) => return,
        ("", _) => ".",
        (entry, _) => entry,
    };
    for name in names(os, env, program) {
        let path = file_path::append(os, folder, &name);
        let Some(absolute) = file_path::absolute(os, cwd, &path) else {
            let text = format!(
                "PATH entry {} (`{folder}`) is relative – what it finds depends on the folder",
                n + 1
            );
            found.problems.push(located(env, n, Problem::info("path-entry-relative", text)));
            return;
        };
        match system.metadata(&absolute) {
            Ok(data) if data.kind != FileKind::File => {}
            Ok(_) if os == Os::Windows || system.is_executable(&absolute) => {
                found.hits.push(Hit { path, absolute, entry: n + 1 });
                return;
            }
            Ok(_) => {
                let text =
                    format!("`{path}` may not be executed – commands pass it over – chmod +x, or remove it");
                found.problems.push(Problem::info("go-not-executable", text).at(Origin::file(absolute)));
            }
            Err(ReadError::Denied) => {
                let text = format!("PATH entry {} (`{folder}`) may not be looked into", n + 1);
                found.problems.push(located(env, n, Problem::info("path-entry-unreadable", text)));
            }
            Err(_) => {}
        }
    }
}

fn names(os: Os, env: &Folded, program: &str) -> Vec<String> {
    if os != Os::Windows {
        return vec![program.to_owned()];
    }
    let endings = env.value("PATHEXT").filter(|v| !v.is_empty());
    let endings = endings.map_or_else(|| DEFAULT_ENDINGS.to_owned(), |v| v.to_text().to_lowercase());
    let dot = |e: &str| if e.starts_with('.') { "" } else { "." };
    endings.split(';').filter(|e| !e.is_empty()).map(|e| format!("{program}{}{e}", dot(e))).collect()
}

/// Text in an entry that was meant to be replaced before it got there.
fn suspicious(os: Os, n: usize, entry: &str) -> Option<Problem> {
    let n = n + 1;
    let warning = |code: &str, text: String| Some(Problem::warning(code, text));
    if os == Os::Windows {
        let percents = entry.matches('%').count();
        return if percents >= 2 {
            warning(
                "path-entry-variable",
                format!("PATH entry {n} (`{entry}`) holds an unreplaced %variable% – nothing is found there"),
            )
        } else {
            None
        };
    }
    if entry.starts_with('~') {
        // bash: findcmd.c find_user_command_in_path expands a tilde; execvp(3) and go's exec.LookPath do not.
        return warning(
            "path-entry-tilde",
            format!(
                "PATH entry {n} (`{entry}`) begins with `~` itself – only bash replaces it – write $HOME, unquoted `~` or the folder"
            ),
        );
    }
    if entry.contains('$') {
        return warning(
            "path-entry-variable",
            format!(
                "PATH entry {n} (`{entry}`) holds a `$` – it was quoted and is not replaced – use double quotes"
            ),
        );
    }
    let quote = |c: char| c == '"' || c == '\'';
    if entry.starts_with(quote) || entry.ends_with(quote) {
        return warning(
            "path-entry-quotes",
            format!(
                "PATH entry {n} (`{entry}`) holds quotes – they belong to the folder's name here – remove them"
            ),
        );
    }
    None
}

/// With the origin of the entry: who added it, else who wrote PATH last.
fn located(env: &Folded, n: usize, problem: Problem) -> Problem {
    let Some(history) = env.get(&Name::from("PATH")) else { return problem };
    let entry = history.entries.get(n).map(|e| &e.origin);
    match entry.or_else(|| history.winner().map(|s| &s.origin)) {
        Some(origin) => problem.at(origin.clone()),
        None => problem,
    }
}
