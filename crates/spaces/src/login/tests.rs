//! Logins on fake machines. The expected values were given by Debian 12's login(1) over the same files.

use super::live;
use super::rules::{Start, derive};
use model::{Evidence, Folded, LayerStatus, Name, Origin, Value};
use system::memory::MemorySystem;
use system::{Process, System as _};

fn process(pid: u32, parent: u32, uid: u32, name: &str, args: &[&str]) -> Process {
    Process {
        pid,
        parent,
        uid,
        name: name.to_owned(),
        exe: None,
        args: args.iter().map(|a| Value::from(*a)).collect(),
        started_ms: 0,
        same_namespace: true,
        cwd: None,
    }
}

fn block(pairs: &[(&str, &str)]) -> Vec<(Name, Value)> {
    pairs.iter().map(|(n, v)| (Name::from(*n), Value::from(*v))).collect()
}

#[test]
fn a_live_session_is_what_login_gave_to_the_shell() {
    let machine = MemorySystem::linux()
        .process(process(10, 1, 0, "login", &[]), block(&[]))
        .process(process(11, 10, 1000, "bash", &["-bash"]), block(&[("PATH", "/live"), ("LANG", "C.UTF-8")]))
        .process(process(12, 11, 1000, "vim", &[]), block(&[("PATH", "/later")]));
    let space = live::session(&machine, &machine.user()).expect("a session");
    assert_eq!(space.evidence, Evidence::Observed);
    assert_eq!(value(&Folded::over(None, &space), "PATH").as_deref(), Some("/live"));
}

#[test]
fn sessions_of_sshd_lose_what_tells_of_the_connection() {
    let machine = MemorySystem::linux()
        .process(process(10, 1, 0, "sshd", &[]), block(&[]))
        .process(process(11, 10, 1000, "sshd", &[]), block(&[("X", "of sshd")]))
        .process(
            process(12, 11, 1000, "zsh", &["-zsh"]),
            block(&[("PATH", "/ssh"), ("SSH_TTY", "/dev/pts/0")]),
        );
    let folded = Folded::over(None, &live::session(&machine, &machine.user()).expect("a session"));
    assert_eq!(value(&folded, "PATH").as_deref(), Some("/ssh"));
    assert_eq!(value(&folded, "SSH_TTY"), None);
    assert_eq!(value(&folded, "X"), None);
}

#[test]
fn the_manager_of_the_user_is_the_last_resort() {
    let machine = MemorySystem::linux().process(
        process(10, 1, 1000, "systemd", &["/lib/systemd/systemd", "--user"]),
        block(&[("PATH", "/manager"), ("INVOCATION_ID", "x")]),
    );
    let folded = Folded::over(None, &live::session(&machine, &machine.user()).expect("a session"));
    assert_eq!(value(&folded, "PATH").as_deref(), Some("/manager"));
    assert_eq!(value(&folded, "INVOCATION_ID"), None);
    assert!(live::session(&MemorySystem::linux(), &machine.user()).is_none());
}

#[test]
fn entries_of_a_path_that_is_replaced_belong_to_who_replaced_it() {
    let folded = fold(&debian().file("/etc/environment", "PATH=/b:/c\n"));
    let history = folded.get(&"PATH".into()).expect("PATH");
    assert!(history.entries.iter().all(|e| e.origin == Origin::line("/etc/environment", 1)));
}

const PAM: &str = "auth required pam_permit.so\nsession required pam_env.so readenv=1\n\
                   session required pam_env.so readenv=1 envfile=/etc/default/locale\nsession optional pam_mail.so standard\n";

fn debian() -> MemorySystem {
    MemorySystem::linux()
        .file("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("/etc/pam.d/login", PAM)
        .file("/etc/login.defs", "ENV_PATH PATH=/a:/b\n")
        .file("/etc/security/pam_env.conf", "# none\n")
}

fn fold(machine: &MemorySystem) -> Folded {
    let start = Start { term: Some("linux"), tty: None };
    Folded::over(None, &derive(machine, &machine.user(), &start))
}

fn value(folded: &Folded, name: &str) -> Option<String> {
    folded.value(name).map(|v| v.to_text().into_owned())
}

#[test]
fn the_path_is_that_of_pam_else_of_login_defs() {
    let folded = fold(&debian());
    assert_eq!(value(&folded, "PATH").as_deref(), Some("/a:/b"));
    let winner = folded.get(&"PATH".into()).and_then(|h| h.winner()).map(|s| s.origin.clone());
    assert_eq!(winner, Some(Origin::line("/etc/login.defs", 1)));
    let folded = fold(&debian().file("/etc/environment", "# c\nPATH=/etc/env\n"));
    assert_eq!(value(&folded, "PATH").as_deref(), Some("/etc/env"));
    let winner = folded.get(&"PATH".into()).and_then(|h| h.winner()).map(|s| s.origin.clone());
    assert_eq!(winner, Some(Origin::line("/etc/environment", 2)));
    // Each pam_env line reads the conf, then its env file; with two lines the conf has the last word.
    let machine = debian()
        .file("/etc/environment", "PATH=/etc/env\n")
        .file("/etc/default/locale", "LANG=C\n")
        .file("/etc/security/pam_env.conf", "PATH DEFAULT=/conf\n");
    assert_eq!(value(&fold(&machine), "PATH").as_deref(), Some("/conf"));
}

#[test]
fn a_variable_that_pam_takes_out_again_leaves_that_of_login() {
    let machine = debian()
        .file("/etc/environment", "PATH=/etc/env\n")
        .file("/etc/security/pam_env.conf", "PATH DEFAULT=\n");
    // The second pam_env line reads the conf again and removes what the first env file set.
    assert_eq!(value(&fold(&machine), "PATH").as_deref(), Some("/a:/b"));
}

#[test]
fn forward_references_resolve_at_the_second_line() {
    let machine = debian().file("/etc/security/pam_env.conf", "A DEFAULT=x${B}${HOME}@{HOME}\nB DEFAULT=b\n");
    assert_eq!(value(&fold(&machine), "A").as_deref(), Some("xb/home/ann"));
}

#[test]
fn a_missing_conf_keeps_the_env_file_unread() {
    let machine = MemorySystem::linux()
        .file("/etc/os-release", "ID=debian\nVERSION_ID=12\n")
        .file("/etc/pam.d/login", PAM)
        .file("/etc/environment", "A=1\n");
    assert_eq!(value(&fold(&machine), "A"), None);
}

#[test]
fn files_that_are_not_there_stay_as_skipped_layers() {
    let machine = debian();
    let space = derive(&machine, &machine.user(), &Start { term: None, tty: None });
    let skipped: Vec<&str> = space
        .layers
        .iter()
        .filter(|l| matches!(l.status, LayerStatus::Skipped { .. }))
        .map(|l| l.id.as_str())
        .collect();
    assert_eq!(skipped, ["pam-env-file", "pam-env-file-2"]);
}
