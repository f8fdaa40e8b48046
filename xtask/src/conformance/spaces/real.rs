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
pub(super) const SPACES: &[&str] =
    &["login", "su", "su:login", "sudo", "sudo:login", "cron", "ssh", "ssh:login"];

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
    if space == "sudo" {
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
    }
    finish(command)
}

fn free_port() -> Done<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").doing("a port")?;
    Ok(listener.local_addr()?.port())
}
