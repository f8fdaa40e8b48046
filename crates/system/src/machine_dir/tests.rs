//! Machines written by hand, and what is said about broken ones.

use super::*;
use crate::{FileKind, Os, ReadError, System};
use model::{Name, Value};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    dir
}

fn fault(files: &[(&str, &str)]) -> String {
    let dir = folder(files);
    let error = read(dir.path()).expect_err("broken");
    error.to_string().replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn the_least_machine_is_one_line() {
    let dir = folder(&[("machine.toml", "os = \"linux\"\n")]);
    let machine = read(dir.path()).expect("read");
    assert_eq!(machine.user().home, "/home/ann");
    assert_eq!(machine.environment(), []);
    assert!(machine.is_folder("/home/ann"));
}

#[test]
fn a_machine_by_hand() {
    let machine_toml = r#"
os = "linux"
arch = "arm64"
host = "laptop"
cwd = "/home/bea/shop"
now = 2026-03-01T10:00:00Z
user = { name = "bea", uid = 1001, gid = 1001, shell = "/usr/bin/zsh" }

[environment]
PATH = "/usr/bin:/bin"
ODD = { bytes = "/w==" }
A = ""

[files]
"/bin" = { link = "usr/bin" }
"/etc/hostname" = { text = "laptop\n", modified = 2020-02-03 }
"/etc/sudoers" = { mode = 0o440 }
"/bin/bash" = { mode = 0o755, size = 1265648 }
"/usr/bin" = { names = ["ls", "bash"] }
"/proc/1/environ" = { unreadable = "denied" }
"/dev/tty" = { kind = "other" }
"shop/.envrc" = { text = "" }
"#;
    let dir = folder(&[
        ("machine.toml", machine_toml),
        ("root/etc/sudoers", "Defaults env_reset\n"),
        ("root/home/bea/100%25", "x"),
        ("proc/1.toml", "name = \"systemd\"\nparent = 0\nuid = 0\nunreadable = \"denied\"\n"),
        ("proc/42.toml", "exe = \"/home/bea/go/bin/gopls\"\nparent = 7\nstarted = 2026-03-01T09:00:00Z\n"),
        ("proc/42.environ", "PATH=/bin\0X=a=b\n\0"),
        ("runs/zsh+login.json", "{}"),
    ]);
    let machine = read(dir.path()).expect("read");
    assert_eq!((machine.os(), machine.arch()), (Os::Linux, "arm64".to_owned()));
    assert_eq!(machine.now_ms(), 1_772_359_200_000);
    assert_eq!(machine.user().home, "/home/bea");
    let expected = [("PATH", &b"/usr/bin:/bin"[..]), ("ODD", b"\xff"), ("A", b"")];
    assert_eq!(machine.environment(), expected.map(|(n, v)| (Name::from(n), Value::from(v))));
    assert_eq!(machine.canonicalize("/bin/bash").as_deref(), Ok("/usr/bin/bash"));
    assert!(machine.is_executable("/usr/bin/bash"));
    assert_eq!(machine.read_dir("/bin"), Ok(vec!["bash".to_owned(), "ls".to_owned()]));
    assert_eq!(machine.read("/etc/sudoers"), Err(ReadError::Denied));
    assert_eq!(machine.read("/proc/1/environ"), Err(ReadError::Denied));
    assert_eq!(machine.metadata("/dev/tty").map(|m| m.kind), Ok(FileKind::Other));
    assert_eq!(machine.read("100%").as_deref(), Err(&ReadError::NotFound));
    assert_eq!(machine.read("../100%").as_deref(), Ok(b"x".as_slice()));
    assert_eq!(machine.metadata("/etc/hostname").map(|m| m.modified_ms), Ok(1_580_688_000_000));
    let gopls = &machine.processes()[1];
    assert_eq!((gopls.name.as_str(), gopls.uid, gopls.parent), ("gopls", 1001, 7));
    assert_eq!(machine.process_environment(1), Err(ReadError::Denied));
    assert_eq!(machine.process_environment(42).expect("readable")[1].1, Value::from("a=b\n"));
    assert_eq!(machine.recorded_run("zsh:login").as_deref(), Some(b"{}".as_slice()));
}

#[test]
fn a_windows_by_hand() {
    let dir = folder(&[
        ("machine.toml", "os = \"windows\"\n"),
        ("root/C/Go/VERSION", "go1.26.1"),
        ("root/UNC/server/share/x", "y"),
        (
            "registry.toml",
            "['HKCU\\Environment']\nGOFLAGS = \"-mod=mod\"\nN = 1\nPath = { type = \"REG_EXPAND_SZ\", data = '%A%' }\n",
        ),
    ]);
    let machine = read(dir.path()).expect("read");
    assert_eq!(machine.read(r"c:\go\version").as_deref(), Ok(b"go1.26.1".as_slice()));
    assert_eq!(machine.read(r"\\server\share\x").as_deref(), Ok(b"y".as_slice()));
    let values = machine.registry_values(r"HKCU\Environment").expect("is there");
    let seen: Vec<_> = values.iter().map(|v| (v.name.as_str(), v.value_type.as_str())).collect();
    assert_eq!(seen, [("GOFLAGS", "REG_SZ"), ("N", "REG_DWORD"), ("Path", "REG_EXPAND_SZ")]);
}

#[cfg(unix)]
#[test]
fn run_bits_and_symlinks_in_root_count() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let dir = folder(&[("machine.toml", "os = \"linux\"\n"), ("root/opt/go/bin/go", "")]);
    let go = dir.path().join("root/opt/go/bin/go");
    fs::set_permissions(go, fs::Permissions::from_mode(0o700)).expect("set");
    symlink("/opt/go/bin/go", dir.path().join("root/opt/gofmt")).expect("linked");
    let machine = read(dir.path()).expect("read");
    assert_eq!(machine.canonicalize("/opt/gofmt").as_deref(), Ok("/opt/go/bin/go"));
    assert!(machine.is_executable("/opt/gofmt"));
}

#[test]
fn faults_name_file_line_and_remedy() {
    assert_eq!(
        fault(&[]),
        "DIR/machine.toml: cannot be read (No such file or directory (os error 2)) – \
         a machine's folder holds at least this file with `os = \"linux\"`"
    );
    assert_eq!(
        fault(&[("machine.toml", "arch = \"amd64\"\n")]),
        "DIR/machine.toml:1: missing field `os` – add it"
    );
    assert_eq!(
        fault(&[("machine.toml", "os = \"linux\"\n\nhots = \"x\"\n")]),
        "DIR/machine.toml:3: unknown field `hots`, expected one of `os`, `arch`, `host`, `cwd`, `pid`, `now`, \
         `user`, `environment`, `files` – correct it here"
    );
    assert_eq!(
        fault(&[("machine.toml", "os = \"linux\"\n[files]\n\"/etc/x\" = { mode = 0o644 }\n")]),
        "DIR/machine.toml:3: `/etc/x` stands neither in `root/` nor has it a `text` – add one, \
         or its `link`, `kind` or `size`"
    );
    assert_eq!(
        fault(&[("machine.toml", "os = \"linux\"\n"), ("proc/go.toml", "name = \"go\"\n")]),
        "DIR/proc/go.toml: is not named after a process – name it `PID.toml` or `PID.environ`"
    );
    assert_eq!(
        fault(&[("machine.toml", "os = \"linux\"\n"), ("proc/7.toml", "name = \"go\"\nuid = \"x\"\n")]),
        "DIR/proc/7.toml:2: invalid type: string \"x\", expected u32 – correct it here"
    );
    assert_eq!(
        fault(&[("machine.toml", "os = \"linux\"\n[environment]\nA = 1\n")]),
        "DIR/machine.toml:3: invalid type: integer `1`, expected a string or {\"bytes\": base64} – correct it here"
    );
}
