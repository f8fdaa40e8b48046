//! Running the real programs and reading what they gave.
#![expect(clippy::disallowed_types, reason = "a daemon of the suite listens on the loopback")]

use super::dump;
use super::stage::Stage;
use super::variants::{Variant, Who};
use crate::failure::{Doing, Done, Failure};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use system::os::Real;
use system::{RunSpec, Size, System as _};

/// The spaces that are run, in order.
pub(super) const SPACES: &[&str] = &[
    "login",
    "su",
    "su:login",
    "sudo",
    "sudo:login",
    "cron",
    "ssh",
    "ssh:login",
    "tmux",
    "agent",
    "environment.d",
];

/// Whether the variant has such a space: one that is looked at before any shell needs users whose shell looks, and
/// of the real shells only bash's and zsh's line editors take what is typed ahead without asking the terminal.
pub(super) fn has(space: &str, variant: &Variant) -> bool {
    match space {
        "login" | "tmux" => variant.shell == dump::program(),
        "ssh:login" => [dump::program().as_str(), "/bin/bash", "/bin/zsh"].contains(&variant.shell.as_str()),
        "environment.d" => fs::exists(GENERATOR).unwrap_or(false),
        _ => true,
    }
}

/// What the suite runs.
pub(super) const PROGRAMS: &[&str] = &[
    "/bin/login",
    "/bin/su",
    "/usr/bin/sudo",
    "/usr/sbin/cron",
    "/usr/sbin/sshd",
    "/usr/bin/ssh",
    "/usr/bin/tmux",
    "/usr/bin/setpriv",
    "/bin/bash",
    "/bin/zsh",
    "/bin/dash",
    "/usr/bin/fish",
    "/usr/bin/tcsh",
];

/// Names and values.
pub(super) type Environment = BTreeMap<Vec<u8>, Vec<u8>>;

/// How long a daemon's answer is waited for; a refusal is known only by its absence.
const PATIENCE: Duration = Duration::from_millis(2500);
/// How long after the program itself has ended.
const GRACE: Duration = Duration::from_millis(150);

/// The environment that the program gave; `None`: it refused.
pub(super) fn run(space: &str, variant: &Variant, stage: &Stage) -> Done<Option<Environment>> {
    drop(fs::remove_file(dump::output()));
    match space {
        "login" => login(stage),
        "su" | "su:login" => su(space, variant, stage),
        "sudo" | "sudo:login" => sudo(space, variant, stage),
        "cron" => cron(),
        "ssh" | "ssh:login" => ssh(space, stage),
        "tmux" => tmux_pane(),
        "agent" => agent(variant, stage),
        "environment.d" => environment_d(stage),
        _ => Err(Failure::new(format!("no way to run `{space}`"))),
    }
}

pub(super) fn seen() -> Option<Environment> {
    let block = fs::read(dump::output()).ok()?;
    let mut environment = Environment::new();
    for entry in block.split(|&b| b == 0).filter(|e| !e.is_empty()) {
        let at = entry.iter().position(|&b| b == b'=').unwrap_or(entry.len());
        // As getenv does: the first of two counts.
        environment
            .entry(entry[..at].to_vec())
            .or_insert_with(|| entry.get(at + 1..).unwrap_or_default().to_vec());
    }
    Some(environment)
}

fn wait_for(patience: Duration) -> Option<Environment> {
    let start = Instant::now();
    loop {
        if let Some(environment) = seen() {
            return Some(environment);
        }
        if start.elapsed() > patience {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn login(stage: &Stage) -> Done<Option<Environment>> {
    let outcome = Real::for_tests().run(&RunSpec {
        program: "/bin/login".to_owned(),
        args: vec!["-f".into(), stage.ann.name.as_str().into()],
        env: vec![("TERM".into(), "linux".into()), ("NOT_KEPT".into(), "x".into())],
        cwd: "/".to_owned(),
        terminal: Some(Size::default()),
        keep: 1 << 16,
        ..RunSpec::default()
    });
    let seen = wait_for(GRACE);
    if seen.is_none() && std::env::var_os("SHOW").is_some() {
        eprintln!("login: {outcome:?}");
    }
    Ok(seen)
}

/// A command of the caller, with exactly the caller's environment.
fn as_caller(program: &str, variant: &Variant, stage: &Stage) -> Command {
    let mut command = match variant.caller {
        Who::Root => Command::new(program),
        Who::Ann => {
            let mut command = Command::new("/usr/bin/setpriv");
            let (uid, gid) = (stage.ann.uid.to_string(), stage.ann.gid.to_string());
            command.args(["--reuid", &uid, "--regid", &gid, "--init-groups", "--", program]);
            command
        }
    };
    command.env_clear().current_dir("/").stdin(Stdio::null());
    for (name, value) in &variant.environment {
        command.env(name, value);
    }
    command
}

fn finish(mut command: Command) -> Done<Option<Environment>> {
    let show = std::env::var_os("SHOW").is_some();
    let output = command.output().doing("a program")?;
    let seen = wait_for(GRACE);
    if seen.is_none() && show {
        eprintln!("{command:?}: {} {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(seen)
}

fn su(space: &str, variant: &Variant, stage: &Stage) -> Done<Option<Environment>> {
    let mut command = as_caller("/bin/su", variant, stage);
    if space == "su:login" {
        command.arg("-");
    }
    command.arg(&variant.target(stage).name).args(["-c", &dump::program()]);
    finish(command)
}

fn sudo(space: &str, variant: &Variant, stage: &Stage) -> Done<Option<Environment>> {
    let mut command = as_caller("/usr/bin/sudo", variant, stage);
    command.arg("-n");
    if space == "sudo:login" {
        command.arg("-i");
    }
    command.args(["-u", &variant.target(stage).name]);
    if space == "sudo" || variant.shell != dump::program() {
        command.arg(dump::program());
    }
    finish(command)
}

/// Ends the daemon whatever happens.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn daemon(program: &str, args: &[&str]) -> Done<Daemon> {
    let mut command = Command::new(program);
    // Not inherited by anything that the daemon starts.
    command.args(args).env_clear().env("DAEMONS_OWN", "x").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    if std::env::var_os("SHOW").is_none() {
        command.stderr(Stdio::null());
    }
    command.process_group(0);
    command.spawn().map(Daemon).doing(program)
}

fn cron() -> Done<Option<Environment>> {
    let _cron = daemon("/usr/sbin/cron", &["-f"])?;
    Ok(wait_for(PATIENCE))
}

const KEY: &str = "/run/probe/key";

fn ssh(space: &str, stage: &Stage) -> Done<Option<Environment>> {
    let port = free_port()?;
    if !fs::exists(KEY)? {
        let mut made = Command::new("ssh-keygen");
        made.args(["-q", "-t", "ed25519", "-N", "", "-f", KEY]).stdin(Stdio::null());
        made.status().doing("ssh-keygen")?;
        let keys = format!("{}/.ssh/authorized_keys", stage.ann.home);
        fs::copy(format!("{KEY}.pub"), &keys)?;
        std::os::unix::fs::chown(&keys, Some(stage.ann.uid), Some(stage.ann.gid))?;
    }
    let port = port.to_string();
    let address = format!("ListenAddress=127.0.0.1:{port}");
    let _sshd = daemon("/usr/sbin/sshd", &["-D", "-e", "-o", &address, "-o", "PidFile=none"])?;
    let start = Instant::now();
    while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        if start.elapsed() > PATIENCE {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut command = Command::new("ssh");
    command.args(["-F", "none", "-i", KEY, "-p", &port, "-o", "StrictHostKeyChecking=no"]);
    command.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes"]);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", super::predict::TERM).stdin(Stdio::null());
    if space == "ssh:login" {
        command.arg("-tt");
    }
    command.arg(format!("{}@127.0.0.1", stage.ann.name));
    if space == "ssh" {
        command.arg(dump::program());
        return finish(command);
    }
    // What a person would type into the login shell.
    fs::write(TYPED, typed())?;
    command.stdin(fs::File::open(TYPED)?);
    finish(command)
}

const TYPED: &str = "/run/probe/typed";

pub(super) fn typed() -> String {
    format!("exec {}\n", dump::program())
}

pub(super) const TMUX_SOCKET: &str = "/run/tmux-ann/default";

/// A tmux server with two sessions, the later one started from another environment.
pub(super) struct Tmux(());

impl Drop for Tmux {
    fn drop(&mut self) {
        drop(Command::new("tmux").args(["-S", TMUX_SOCKET, "kill-server"]).stderr(Stdio::null()).status());
    }
}

/// What has to run before the prediction is made.
pub(super) fn prepare(space: &str, variant: &Variant, stage: &Stage) -> Done<Option<Tmux>> {
    if space != "tmux" {
        return Ok(None);
    }
    let ann = Variant { caller: Who::Ann, ..variant.clone() };
    let folder = "/run/tmux-ann";
    fs::create_dir_all(folder)?;
    std::os::unix::fs::chown(folder, Some(stage.ann.uid), Some(stage.ann.gid))?;
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    for name in ["one", "two"] {
        let mut command = as_caller("/usr/bin/tmux", &ann, stage);
        command.args(["-S", TMUX_SOCKET, "-f", "/home/ann/.tmux.conf", "new-session", "-d", "-s", name]);
        command.args(["-c", "/home/ann", "exec sleep 100"]).env("SHELL", "/bin/sh");
        if name == "two" {
            command
                .env("DISPLAY", ":2")
                .env("KEEP_ME", "second")
                .env("SSH_CONNECTION", "a b")
                .env_remove("XAUTHORITY");
            command.env("GOFLAGS", "-second");
        }
        command.status().doing("tmux")?;
    }
    // Only now: the sessions' own commands need a shell that runs them.
    let mut command = Command::new("tmux");
    command.args(["-S", TMUX_SOCKET, "set-option", "-g", "default-shell", &dump::program()]);
    command.status().doing("tmux")?;
    Ok(Some(Tmux(())))
}

/// A window that the server opens by itself, as a key does: no client's PATH is taken.
fn tmux_pane() -> Done<Option<Environment>> {
    let mut command = Command::new("tmux");
    command
        .args(["-S", TMUX_SOCKET, "run-shell", "-b", "-d", "0.1", "-C", "new-window"])
        .stdin(Stdio::null());
    command.status().doing("tmux")?;
    Ok(wait_for(PATIENCE))
}

fn agent(variant: &Variant, stage: &Stage) -> Done<Option<Environment>> {
    let given = variant.environment.iter().find(|(n, _)| n == "SHELL").map(|(_, v)| v.as_str());
    let mut command = as_caller(given.unwrap_or(&variant.shell), variant, stage);
    command.args(["-c", &dump::program()]);
    finish(command)
}

const GENERATOR: &str = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";

/// What systemd's own reader of environment.d says, its quoting taken off by a shell.
fn environment_d(stage: &Stage) -> Done<Option<Environment>> {
    let mut command = Command::new("/usr/bin/setpriv");
    let (uid, gid) = (stage.ann.uid.to_string(), stage.ann.gid.to_string());
    command.args(["--reuid", &uid, "--regid", &gid, "--clear-groups", "--", GENERATOR]);
    command.env_clear().envs(super::predict::MANAGER.iter().copied()).stderr(Stdio::null());
    let output = command.output().doing(GENERATOR)?;
    let mut environment = Environment::new();
    for (name, value) in super::predict::MANAGER {
        environment.insert(name.as_bytes().to_vec(), value.as_bytes().to_vec());
    }
    let mut rest = output.stdout.as_slice();
    while let Some(at) = rest.iter().position(|&b| b == b'=') {
        let name = rest[..at].to_vec();
        let (value, after) = unquoted(&rest[at + 1..]);
        environment.insert(name, value);
        rest = after;
    }
    Ok(Some(environment))
}

/// systemd quotes with `"` and a backslash before `"`, a backslash, a backquote and `$` (escape.c
/// `shell_maybe_quote`).
fn unquoted(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut value, mut at) = (Vec::new(), 0);
    let quoted = text.first() == Some(&b'"');
    if quoted {
        at = 1;
    }
    while let Some(&b) = text.get(at) {
        at += 1;
        match b {
            b'"' if quoted => {
                at += 1;
                break;
            }
            b'\n' if !quoted => break,
            b'\\' if quoted => {
                match text.get(at) {
                    Some(b'n') => value.push(b'\n'),
                    Some(b't') => value.push(b'\t'),
                    Some(b'r') => value.push(b'\r'),
                    other => value.extend(other),
                }
                at += 1;
            }
            b => value.push(b),
        }
    }
    (value, text.get(at..).unwrap_or_default())
}

fn free_port() -> Done<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").doing("a port")?;
    Ok(listener.local_addr()?.port())
}
