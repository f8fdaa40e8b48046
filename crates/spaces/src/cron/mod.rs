//! `cron`: a job of the user's own table; `cron/NAME`: one of `/etc/crontab` (`cron/crontab`) or of a file in
//! `/etc/cron.d`.
//!
//! The rules are those of Debian's cron (3.0pl1-162). Not here: when a job runs, and cronie's additions.

use crate::accounts;
use crate::derived::{Context, Derive, Derived, Stage, ThenShell, Ways, installed};
use crate::pam::{self, Phase, Transaction};
use crate::trace::Trace;
use model::{Evidence, Layer, Origin, Problem, Space, SpaceId};
use system::{Os, ReadError, RunEnd, RunSpec, System, User};
use text::crontab::{Crontab, Table, read};

/// The family `cron`.
pub(crate) const FAMILY: Derive = Derive { family: "cron", stage: Stage::AfterShells, spaces: derive };

const REFERENCE: &str = "cron: entry.c load_entry, do_command.c build_env";

fn derive(context: &Context<'_>) -> Vec<Derived> {
    let system = context.system;
    if system.os() != Os::Linux || installed(system, "cron").is_none() {
        return Vec::new();
    }
    let mut all = vec![own(context)];
    let mut tables = vec![("crontab".to_owned(), "/etc/crontab".to_owned())];
    // cron takes only such names (database.c `valid_name`).
    let is_name = |n: &String| n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    for name in system.read_dir("/etc/cron.d").unwrap_or_default().into_iter().filter(is_name) {
        let path = format!("/etc/cron.d/{name}");
        tables.push((name, path));
    }
    all.extend(tables.into_iter().filter_map(|(name, path)| of_system(system, &name, &path)));
    all
}

/// The user's own table, or what a first one would see.
fn own(context: &Context<'_>) -> Derived {
    let (system, user) = (context.system, context.user);
    let path = format!("/var/spool/cron/crontabs/{}", user.name);
    let found = match system.read(&path) {
        Err(ReadError::Denied | ReadError::NotFound) if user.uid != 0 => listed(system, user),
        other => other,
    };
    let id = SpaceId::of("cron");
    match found {
        Ok(bytes) => job(system, id, "a job of the user's crontab", &path, &read(&bytes, Table::User), user),
        Err(ReadError::NotFound) => {
            let empty = Crontab::default();
            job(system, id, "a job of the user's crontab (there is none yet)", &path, &empty, user)
        }
        Err(error) => {
            let mut derived =
                job(system, id, "a job of the user's crontab", &path, &Crontab::default(), user);
            let reason = format!("`{path}` {error}");
            derived.space.evidence =
                Evidence::Assumed { reason: format!("the table is taken to set nothing – {reason}") };
            derived.space.layers.push(
                Layer::unreadable("crontab", path.clone(), error.to_string()).from_source(Origin::file(path)),
            );
            derived
        }
    }
}

/// The table as `crontab -l` prints it: its folder is closed to users.
fn listed(system: &dyn System, user: &User) -> Result<Vec<u8>, ReadError> {
    let Some(program) = installed(system, "crontab").filter(|_| system.can_run()) else {
        return Err(ReadError::Denied);
    };
    let outcome = system.run(&RunSpec {
        program,
        args: vec!["-l".into()],
        env: vec![("PATH".into(), "/usr/bin:/bin".into()), ("HOME".into(), user.home.as_str().into())],
        cwd: "/".to_owned(),
        keep: 1 << 20,
        keep_stdout: true,
        ..RunSpec::default()
    });
    match outcome.end {
        RunEnd::Exited(0) => Ok(outcome.stdout),
        RunEnd::Exited(_) if String::from_utf8_lossy(&outcome.stderr).contains("no crontab for") => {
            Err(ReadError::NotFound)
        }
        _ => Err(ReadError::Denied),
    }
}

fn of_system(system: &dyn System, name: &str, path: &str) -> Option<Derived> {
    let table = read(&system.read(path).ok()?, Table::System);
    let user = table.entries.last()?.user.clone()?;
    let user = accounts::user_named(system, &user)?;
    let id = SpaceId::family_named("cron", name);
    Some(job(system, id, &format!("a job of {path}, as {}", user.name), path, &table, &user))
}

/// What the last job of a table is given: settings act on the jobs below them.
pub fn job(
    system: &dyn System,
    id: SpaceId,
    title: &str,
    path: &str,
    table: &Crontab,
    user: &User,
) -> Derived {
    let mut space = Space::new(id, title, None, Evidence::Derived);
    let mut trace = Trace::new();
    let outcome = pam::run(&Transaction {
        system,
        service: "cron",
        user,
        caller_uid: 0,
        tty: Some("cron"),
        ruser: None,
        rhost: None,
        authenticates: false,
        silent: true,
        phases: &[Phase::Credentials, Phase::Session, Phase::Credentials],
    });
    let refused =
        outcome.refused.as_ref().map(|r| Problem::error("cron-refused", format!("{r}, so no job runs")));
    space.problems.extend(refused);
    space.problems.extend(outcome.merge_into(&mut trace, |_, _, _| true));
    let settings = match table.ignored {
        Some((line, reason)) => {
            let message = format!("cron ignores the whole table `{path}` – {reason} (line {line})");
            space.problems.push(Problem::error("crontab-ignored", message).at(Origin::line(path, line)));
            trace.begin(Layer::skipped("crontab", path, reason).from_source(Origin::line(path, line)));
            &[][..]
        }
        None => {
            let above = table.entries.last().map_or(table.settings.len(), |e| e.settings_above);
            trace.layer("crontab", path, Origin::file(path));
            &table.settings[..above]
        }
    };
    for setting in settings {
        trace.set(&setting.name, &setting.value, Origin::line(path, setting.line));
    }
    let set = |name: &str| settings.iter().any(|s| s.name == name.as_bytes());
    let rule = |what: &str| Origin::rule(what, REFERENCE);
    trace.layer("cron", "cron", rule("what cron sets by itself"));
    // What the table does not set, cron does, PAM or not.
    if !set("SHELL") {
        trace.set(b"SHELL", b"/bin/sh", rule("the shell that is compiled in, as the table names none"));
    }
    if !set("HOME") {
        trace.set(b"HOME", user.home.as_bytes(), rule("the user's home folder, as the table names none"));
    }
    if !set("PATH") {
        trace.set(b"PATH", b"/usr/bin:/bin", rule("the path that is compiled in, as the table names none"));
    }
    trace.set(b"LOGNAME", user.name.as_bytes(), rule("the user's name, whatever the table says"));
    let text =
        |name: &str| trace.get(name).map(|v| String::from_utf8_lossy(v).into_owned()).unwrap_or_default();
    let (shell, home) = (text("SHELL"), text("HOME"));
    space.layers = trace.into_layers();
    let then = ThenShell {
        arg0: None,
        shell,
        login: false,
        interactive: false,
        terminal: false,
        cwd: home,
        user: user.clone(),
        ways: Ways::default(),
    };
    Derived { space, then: Some(then) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Folded;
    use system::memory::MemorySystem;

    fn value(table: &str, name: &str) -> Option<String> {
        let machine = MemorySystem::linux()
            .file("/etc/security/pam_env.conf", "")
            .file("/etc/environment", "PATH=/pam\nFROM_PAM=1\n")
            .file("/etc/pam.d/cron", "session required pam_env.so\n");
        let table = read(table.as_bytes(), Table::User);
        let derived = job(&machine, SpaceId::of("cron"), "", "/tab", &table, &machine.user());
        Folded::over(None, &derived.space).value(name).map(|v| v.to_text().into_owned())
    }

    // Each was seen with Debian 12's cron 3.0pl1-162.
    #[test]
    fn the_table_and_cron_beat_pam() {
        assert_eq!(value("* * * * * x\n", "PATH").as_deref(), Some("/usr/bin:/bin"));
        assert_eq!(value("PATH=/t\n* * * * * x\n", "PATH").as_deref(), Some("/t"));
        assert_eq!(value("LOGNAME=bob\n* * * * * x\n", "LOGNAME").as_deref(), Some("ann"));
        assert_eq!(value("* * * * * x\nA=1\n", "A"), None);
        assert_eq!(value("A=1\nB=\n* * * * * x\n", "A"), None);
        assert_eq!(value("* * * * * x\n", "FROM_PAM").as_deref(), Some("1"));
    }
}
