//! What a fake machine answers.

use super::*;
use crate::FileKind;

fn other(text: &str) -> ReadError {
    ReadError::Other(text.to_owned())
}

#[test]
fn symlinks_are_followed_by_what_they_lead_to() {
    let machine = MemorySystem::linux()
        .link("/usr/local/go", "../../opt/go")
        .link("/opt/go", "go1.26")
        .executable("/opt/go1.26/bin/go");
    assert_eq!(machine.canonicalize("/usr/local/go/bin/go").as_deref(), Ok("/opt/go1.26/bin/go"));
    assert_eq!(machine.canonicalize("/usr/local/go/../x"), Err(ReadError::NotFound));
    assert_eq!(machine.canonicalize("/usr/local/go/..").as_deref(), Ok("/opt"));
    assert_eq!(machine.read_link("/usr/local/go").as_deref(), Ok("../../opt/go"));
    let link = machine.symlink_metadata("/opt/go").expect("is there");
    assert_eq!((link.kind, link.mode), (FileKind::Symlink, 0o777));
    assert_eq!(machine.metadata("/opt/go").expect("is there").kind, FileKind::Folder);
    assert_eq!(machine.symlink_metadata("/opt/go/").expect("is there").kind, FileKind::Folder);
}

#[test]
fn a_circle_of_symlinks_and_a_folder_are_told_apart_from_absence() {
    let machine = MemorySystem::linux().link("/a", "/b").link("/b", "/a").file("/etc/passwd", "");
    assert_eq!(machine.read("/a"), Err(other("too many levels of symbolic links")));
    assert_eq!(machine.read("/etc/passwd/x"), Err(ReadError::NotFound));
    assert_eq!(machine.read("/etc/passwd/"), Err(ReadError::NotFound));
    assert_eq!(machine.read("/etc/group"), Err(ReadError::NotFound));
    assert_eq!(machine.read("/etc"), Err(other("is a folder")));
    assert_eq!(machine.read(""), Err(ReadError::NotFound));
}

#[test]
fn files_put_behind_a_symlink_stand_where_it_leads() {
    let machine = MemorySystem::linux().link("/bin", "usr/bin").executable("/bin/bash");
    assert_eq!(machine.canonicalize("/bin/bash").as_deref(), Ok("/usr/bin/bash"));
    assert_eq!(machine.read_dir("/usr/bin"), Ok(vec!["bash".to_owned()]));
}

#[test]
fn mode_and_owner_decide_what_the_user_may_read_and_run() {
    let machine = MemorySystem::linux()
        .entry("/etc/sudoers", Entry::file("Defaults env_reset\n").mode(0o440))
        .entry("/root", Entry::folder().mode(0o700))
        .file("/root/.profile", "")
        .entry("/home/ann/.netrc", Entry::file("secret").mode(0o600))
        .entry("/proc/1/environ", Entry::file("").unreadable(ReadError::Denied));
    assert_eq!(machine.read("/etc/sudoers"), Err(ReadError::Denied));
    assert!(machine.exists("/etc/sudoers"));
    assert_eq!(machine.read("/root/.profile"), Err(ReadError::Denied));
    assert!(!machine.exists("/root/.profile"));
    assert_eq!(machine.read("/home/ann/.netrc").as_deref(), Ok(b"secret".as_slice()));
    assert_eq!(machine.metadata("/home/ann/.netrc").map(|m| m.uid), Ok(1000));
    assert_eq!(machine.read("/proc/1/environ"), Err(ReadError::Denied));

    let root =
        machine.as_user(user("root", 0, 0, "/root", "/bin/bash")).executable("/bin/x").file("/bin/y", "");
    assert!(root.read("/etc/sudoers").is_ok());
    assert!(root.is_executable("/bin/x"));
    assert!(!root.is_executable("/bin/y"));
    assert!(!root.is_executable("/bin"));
}

#[test]
fn folders_are_implied_and_relative_paths_start_at_the_current_one() {
    let machine = MemorySystem::linux().cwd("/home/ann/shop").file("go.mod", "module shop\n").file("/x", "");
    assert_eq!(machine.read_dir("/home/ann"), Ok(vec!["shop".to_owned()]));
    assert!(machine.exists("/home/ann/shop/go.mod"));
    assert!(machine.exists("../shop/go.mod"));
    assert_eq!(machine.read_dir("/"), Ok(vec!["home".to_owned(), "tmp".to_owned(), "x".to_owned()]));
    assert_eq!(machine.current_dir().as_deref(), Ok("/home/ann/shop"));
}

#[test]
fn windows_ignores_case_and_takes_both_separators() {
    let machine = MemorySystem::windows()
        .file(r"C:\Program Files\Go\VERSION", "go1.26.1")
        .env("Path", r"C:\Program Files\Go\bin")
        .env("PATH", r"C:\Windows");
    assert_eq!(machine.read("c:/program files/GO/version").as_deref(), Ok(b"go1.26.1".as_slice()));
    assert_eq!(
        machine.canonicalize(r"C:\PROGRAM FILES\go\bin\..\version").as_deref(),
        Ok(r"C:\Program Files\Go\VERSION")
    );
    assert_eq!(machine.read_dir(r"C:\"), Ok(vec!["Program Files".to_owned(), "Users".to_owned()]));
    assert_eq!(machine.environment(), [(Name::from("Path"), Value::from(r"C:\Windows"))]);
}

#[test]
fn registry_keys_and_values_ignore_case() {
    let machine = MemorySystem::windows()
        .registry(r"HKCU\Environment", "Path", "REG_EXPAND_SZ", r"%USERPROFILE%\go\bin")
        .registry(r"HKEY_LOCAL_MACHINE\SOFTWARE\GoProgrammingLanguage\x", "y", "REG_SZ", "1")
        .registry_key(r"HKCU\Volatile Environment");
    let values = machine.registry_values(r"hkey_current_user\environment").expect("is there");
    assert_eq!(values[0].name, "Path");
    assert_eq!(machine.registry_values(r"HKCU\Volatile Environment"), Ok(vec![]));
    assert_eq!(
        machine.registry_subkeys("HKCU"),
        Ok(vec!["Environment".to_owned(), "Volatile Environment".to_owned()])
    );
    assert_eq!(machine.registry_subkeys(r"HKLM\SOFTWARE"), Ok(vec!["GoProgrammingLanguage".to_owned()]));
    assert_eq!(machine.registry_values(r"HKLM\Other"), Err(ReadError::NotFound));
}

#[test]
fn nothing_is_run_and_recorded_runs_are_given_back() {
    let machine = MemorySystem::linux().run_result("bash:login", "{}");
    assert!(!machine.can_run());
    assert_eq!(machine.recorded_run("bash:login").as_deref(), Some(b"{}".as_slice()));
    assert_eq!(machine.recorded_run("zsh:login"), None);
    assert!(matches!(machine.run(&RunSpec::default()).end, crate::RunEnd::NotStarted(_)));
}

#[test]
fn parts_of_a_large_file_and_rights_beyond_the_mode() {
    let machine = MemorySystem::linux()
        .entry("/go", Entry::partial(100, vec![(0, b"ELF".to_vec()), (90, b"0123456789".to_vec())]))
        .entry("/etc/shadow", Entry::file("x").mode(0o640).may("r"))
        .file("/f", "abc");
    assert_eq!(machine.read_at("/go", 0, 3).as_deref(), Ok(b"ELF".as_slice()));
    assert_eq!(machine.read_at("/go", 95, 50).as_deref(), Ok(b"56789".as_slice()));
    assert_eq!(machine.read_at("/go", 100, 50).as_deref(), Ok(b"".as_slice()));
    assert_eq!(machine.read_at("/go", 10, 3), Err(other("was not recorded")));
    assert_eq!(machine.read_at("/f", 1, 9).as_deref(), Ok(b"bc".as_slice()));
    assert_eq!(machine.read("/etc/shadow").as_deref(), Ok(b"x".as_slice()));
}

#[test]
fn what_a_listing_only_names_says_so() {
    let machine = MemorySystem::linux().entry("/usr/bin/ls", Entry::listed()).entry("/go", Entry::size(7));
    assert_eq!(machine.read_dir("/usr/bin"), Ok(vec!["ls".to_owned()]));
    assert_eq!(machine.metadata("/usr/bin/ls"), Err(other("was not recorded")));
    assert_eq!(machine.metadata("/go").map(|m| m.len), Ok(7));
    assert_eq!(machine.read("/go"), Err(other("was not recorded")));
}
