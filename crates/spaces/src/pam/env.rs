//! pam_env: its options, its two files and the user's own (linux-pam: pam_env.c).

use super::{Outcome, Transaction};
use model::{Layer, Origin, Problem};
use std::sync::Arc;
use system::ReadError;
use text::pam::conf::{Given, Reference, expand};
use text::pam::{conf, envfile};

/// Options of pam_env with their defaults (linux-pam: pam_env.c `_pam_parse`).
struct EnvOptions<'a> {
    conf: &'a str,
    env: &'a str,
    read_env: bool,
    user: &'a str,
    read_user: bool,
}

fn env_options(args: &[String]) -> EnvOptions<'_> {
    let mut options = EnvOptions {
        conf: "/etc/security/pam_env.conf",
        env: "/etc/environment",
        read_env: true,
        user: ".pam_environment",
        read_user: false,
    };
    // As `atoi` reads it.
    let is_on = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit() && c != '0');
    for arg in args {
        match arg.split_once('=') {
            Some((_, "")) => {}
            Some(("conffile", path)) => options.conf = path,
            Some(("envfile", path)) => options.env = path,
            Some(("user_envfile", path)) => options.user = path,
            Some(("readenv", number)) => options.read_env = is_on(number),
            Some(("user_readenv", number)) => options.read_user = is_on(number),
            _ => {}
        }
    }
    options
}

/// The conf, then the env file, then the user's file, which is written like the conf (pam_env.c `handle_env`).
pub(super) fn pam_env(
    transaction: &Transaction<'_>,
    args: &[String],
    outcome: &mut Outcome,
    origin: &Origin,
) -> &'static str {
    let options = env_options(args);
    match read_conf(transaction, options.conf, "pam-env-conf", outcome, origin) {
        "success" => {}
        other => return other,
    }
    if options.read_env {
        read_env(transaction, options.env, outcome, origin);
    }
    if options.read_user {
        let path = format!("{}/{}", transaction.user.home, options.user);
        if read_conf(transaction, &path, "pam-user-env", outcome, origin) == "abort" {
            return "abort";
        }
    }
    "success"
}

fn title(path: &str, origin: &Origin) -> String {
    match origin.place() {
        Some(place) => format!("{path} (pam_env, {}:{})", place.path, place.line),
        None => format!("{path} (pam_env)"),
    }
}

/// A file as `parse` understands it, and its layer.
fn open<T: Send + Sync + 'static>(
    transaction: &Transaction<'_>,
    path: &str,
    id: &str,
    outcome: &mut Outcome,
    origin: &Origin,
    parse: fn(&[u8]) -> T,
) -> Option<(Arc<T>, usize)> {
    let title = title(path, origin);
    let (layer, parsed) = match system::read_as(transaction.system, path, parse) {
        Ok(parsed) => (Layer::applied(id, title, Vec::new()), Some(parsed)),
        Err(ReadError::NotFound) => (Layer::skipped(id, title, "does not exist"), None),
        Err(error) => (Layer::unreadable(id, title, error.to_string()), None),
    };
    let index = outcome.layer(layer.from_source(Origin::file(path)));
    parsed.map(|parsed| (parsed, index))
}

fn note_broken(outcome: &mut Outcome, path: &str, broken: Option<&text::pam::Broken>) {
    if let Some(broken) = broken {
        let message = format!("`{path}` is read only up to line {} – {}", broken.line, broken.reason);
        let problem = Problem::warning("pam-file-cut", message).at(Origin::line(path, broken.line));
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
}

fn note_refused(outcome: &mut Outcome, path: &str, refused: &[(u32, &'static str)]) {
    for (line, reason) in refused {
        let message = format!("`{path}`:{line} does nothing – {reason}");
        let problem = Problem::warning("pam-line-ignored", message).at(Origin::line(path, *line));
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
}

fn read_conf(
    transaction: &Transaction<'_>,
    path: &str,
    id: &str,
    outcome: &mut Outcome,
    origin: &Origin,
) -> &'static str {
    let Some((file, layer)) = open(transaction, path, id, outcome, origin, conf::read) else {
        return "ignore";
    };
    note_broken(outcome, path, file.broken.as_ref());
    note_refused(outcome, path, &file.refused);
    for line in &file.lines {
        let origin = Origin::line(path, line.line);
        let expanded = |given: &Given| match given {
            Given::Nothing => Ok(None),
            Given::Empty => Ok(Some(Vec::new())),
            Given::Text(text) => {
                expand(text, &|kind, name| look_up(transaction, outcome, kind, name)).map(Some)
            }
        };
        let (default, overriding) = match (expanded(&line.default), expanded(&line.r#override)) {
            (Ok(default), Ok(overriding)) => (default, overriding),
            (Err(reason), _) | (_, Err(reason)) => {
                note_broken(outcome, path, Some(&text::pam::Broken { line: line.line, reason }));
                return "abort";
            }
        };
        // An OVERRIDE that expands to nothing gives DEFAULT; without DEFAULT the variable is taken out.
        let value = overriding.filter(|v| !v.is_empty()).or(default);
        let whole = match &value {
            Some(value) => [line.name.as_slice(), b"=", value].concat(),
            None => line.name.clone(),
        };
        match whole.iter().position(|&b| b == b'=') {
            Some(at) => outcome.put(layer, &whole[..at], Some(&whole[at + 1..]), origin),
            None => outcome.put(layer, &whole, None, origin),
        }
    }
    if file.broken.is_some() { "abort" } else { "success" }
}

fn look_up(
    transaction: &Transaction<'_>,
    outcome: &Outcome,
    kind: Reference,
    name: &[u8],
) -> Option<Vec<u8>> {
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    match (kind, name) {
        (Reference::Variable, name) => outcome.environment.get(name).cloned(),
        (Reference::Item, b"HOME") => bytes(&transaction.user.home),
        (Reference::Item, b"SHELL") => bytes(&transaction.user.shell),
        (Reference::Item, b"PAM_USER") => bytes(&transaction.user.name),
        (Reference::Item, b"PAM_TTY") => transaction.tty.and_then(bytes),
        (Reference::Item, b"PAM_RUSER") => transaction.ruser.and_then(bytes),
        (Reference::Item, b"PAM_RHOST") => transaction.rhost.and_then(bytes),
        (Reference::Item, _) => None,
    }
}

fn read_env(transaction: &Transaction<'_>, path: &str, outcome: &mut Outcome, origin: &Origin) {
    let opened = open(transaction, path, "pam-env-file", outcome, origin, envfile::read);
    let Some((file, layer)) = opened else { return };
    note_broken(outcome, path, file.broken.as_ref());
    note_refused(outcome, path, &file.refused);
    for line in &file.lines {
        outcome.put(layer, &line.name, line.value.as_deref(), Origin::line(path, line.line));
    }
}
