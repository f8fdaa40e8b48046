//! The same shell, run without the product: what a program that it starts at its last start-up line is given.
//!
//! Nothing of the product is used here, so that agreement means something.

use crate::failure::{Doing as _, Done};
use shells::Mode;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// Names and values, as bytes.
pub(crate) type Block = BTreeMap<Vec<u8>, Vec<u8>>;

/// Seconds after which a run is given up.
const LONGEST: &str = "30";

/// What differs from one run of a shell to the next by its nature.
pub(crate) fn is_per_run(shell: &str, name: &[u8]) -> bool {
    const ALL: &[&[u8]] = &[b"_", b"SHLVL"];
    // nushell: how long the last command took.
    const NU: &[&[u8]] = &[b"CMD_DURATION_MS"];
    ALL.contains(&name) || (shell == "nu" && NU.contains(&name))
}

/// Runs the shell in that mode and reads what `env -0` writes there. `None` where it wrote nothing.
pub(crate) fn run(
    shell: &str,
    program: &str,
    mode: Mode,
    environment: &[(String, String)],
    home: &Path,
) -> Done<Option<Block>> {
    let answer = home.with_extension(format!("{shell}-{}", mode.variant()));
    if shell == "tcsh" && mode.interactive {
        end_last_file(home, mode, &answer)?;
    }
    let (arg0, arguments) = spelled(shell, program, mode, &answer.display().to_string());
    let mut command = if mode.interactive {
        in_terminal(&arg0, program, &arguments, environment)
    } else {
        let mut command = Command::new("/usr/bin/timeout");
        command.args(["-k1", LONGEST, "/usr/bin/setsid", "--wait"]);
        command.args(as_own_name(&arg0, program, &arguments));
        command.env_clear().envs(environment.iter().map(|(n, v)| (n, v)));
        command
    };
    command.current_dir(home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if answer.exists() {
        std::fs::remove_file(&answer)?;
    }
    command.status().doing(program)?;
    let Ok(bytes) = std::fs::read(&answer) else { return Ok(None) };
    std::fs::remove_file(&answer)?;
    Ok(Some(block(&bytes).filter(|(name, _)| !is_per_run(shell, name)).collect()))
}

fn block(bytes: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    bytes.split(|&b| b == 0).filter_map(|entry| {
        let equals = entry.iter().position(|&b| b == b'=')?;
        Some((entry[..equals].to_vec(), entry[equals + 1..].to_vec()))
    })
}

/// `argv[0]` and the other arguments of a start in that mode that ends with `env -0`.
fn spelled(shell: &str, program: &str, mode: Mode, answer: &str) -> (String, Vec<String>) {
    let name = program.to_owned();
    let posix = format!("exec /usr/bin/env -0 >'{answer}'");
    let mut options: Vec<&str> = Vec::new();
    match shell {
        // tcsh: sh.c takes `-l` only where it is the only argument; a name that begins with `-` says the same.
        "tcsh" => {
            let arg0 = if mode.login { "-tcsh".to_owned() } else { name };
            if mode.interactive {
                return (arg0, Vec::new());
            }
            options.push("-c");
            return (arg0, options.iter().map(|o| (*o).to_owned()).chain([posix]).collect());
        }
        // nushell: a command given by `-e` runs when the configuration has been read.
        "nu" => {
            options.extend(mode.login.then_some("-l"));
            options.push(if mode.interactive { "-e" } else { "-c" });
            let command = format!("^/usr/bin/env -0 o> '{answer}'; exit");
            return (name, options.iter().map(|o| (*o).to_owned()).chain([command]).collect());
        }
        _ => {}
    }
    options.extend(mode.login.then_some("-l"));
    options.extend(mode.interactive.then_some("-i"));
    options.push("-c");
    (name, options.iter().map(|o| (*o).to_owned()).chain([posix]).collect())
}

/// tcsh with a command is never interactive (tcsh: sh.c, `-c` leaves `prompt` unset): there the last start-up file
/// itself ends with the command.
fn end_last_file(home: &Path, mode: Mode, answer: &Path) -> Done {
    let first = if home.join(".tcshrc").exists() { ".tcshrc" } else { ".cshrc" };
    let path = home.join(if mode.login { ".login" } else { first });
    let mut text = std::fs::read_to_string(&path).doing(path.display())?;
    text.push_str(&format!("exec /usr/bin/env -0 > {}\n", answer.display()));
    Ok(std::fs::write(path, text)?)
}

/// The words that start the program under that `argv[0]`: by perl where it is another one, which passes the
/// environment on as it is.
fn as_own_name(arg0: &str, program: &str, arguments: &[String]) -> Vec<String> {
    let mut words = vec![program.to_owned()];
    if arg0 != program {
        let exec = "exec {shift @ARGV} @ARGV".to_owned();
        words = vec!["/usr/bin/perl".into(), "-e".into(), exec, program.to_owned(), arg0.to_owned()];
    }
    words.extend(arguments.iter().cloned());
    words
}

/// The start with a terminal of its own, which `script` makes; `env -i` keeps what `script` has to itself.
fn in_terminal(arg0: &str, program: &str, arguments: &[String], environment: &[(String, String)]) -> Command {
    let mut words = vec!["/usr/bin/env".to_owned(), "-i".to_owned()];
    words.extend(environment.iter().map(|(name, value)| format!("{name}={value}")));
    words.extend(as_own_name(arg0, program, arguments));
    let line: Vec<String> = words.iter().map(|w| format!("'{}'", w.replace('\'', "'\\''"))).collect();
    let mut command = Command::new("/usr/bin/timeout");
    command.args(["-k1", LONGEST, "/usr/bin/script", "-q", "-e", "-c"]);
    command.arg(format!("stty rows 24 cols 80; exec {}", line.join(" ")));
    command.arg("/dev/null").env_clear().env("SHELL", "/bin/sh").env("PATH", "/usr/bin:/bin");
    command
}
