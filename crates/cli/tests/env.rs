//! `gowhence env` on a machine in a folder: whose words are whose, what is hidden, exit statuses.
#![expect(clippy::disallowed_methods, reason = "the program itself is run")]

use std::path::Path;
use std::process::{Command, Output};

const MACHINE: &str = r#"
os = "linux"
arch = "amd64"
cwd = "/home/ann/shop"
user = { name = "ann", uid = 1000, gid = 1000, home = "/home/ann", shell = "/bin/bash" }

[environment]
PATH = "/usr/local/go/bin:/usr/bin"
HOME = "/home/ann"
GOPROXY = "https://ann:hunter2@proxy.corp.example,direct"
GOFLAGS = "-mod=mod"
GO111MODULE = "on"
GOTOOLCHAIN = "local"

[files]
"/home/ann/shop/go.mod" = { text = "module shop\n\ngo 1.24\n" }
"/home/ann/lib/go.mod" = { text = "module lib\n" }
"/usr/local/go/VERSION" = { text = "go1.26.3\n" }
"/usr/local/go/bin/go" = { mode = 0o755, size = 13000000 }
"/usr/local/go/go.env" = { text = "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n" }
"/usr/local/go/pkg/tool/linux_amd64/compile" = { mode = 0o755, size = 20000000 }
"/bin/bash" = { mode = 0o755, size = 1265648 }
"/etc/passwd" = { text = "ann:x:1000:1000:Ann:/home/ann:/bin/bash\n" }
"#;

struct Machine(tempfile::TempDir);

impl Machine {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("machine.toml"), text).expect("a machine");
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gowhence"));
        command.arg("--machine").arg::<&Path>(self.0.path()).args(arguments);
        let Output { status, stdout, stderr } = command.output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (status.code().expect("it ended by itself"), text(stdout), text(stderr))
    }
}

#[test]
fn named_values_are_lines_of_their_own() {
    let machine = Machine::new(MACHINE);
    let (status, out, talk) = machine.run(&["env", "GOFLAGS", "NOSUCH", "GOFLAGS"]);
    assert_eq!((status, out.as_str(), talk.as_str()), (0, "-mod=mod\n\n-mod=mod\n", ""));
    let json = "{\n\t\"GOFLAGS\": \"-mod=mod\",\n\t\"GOPATH\": \"/home/ann/go\"\n}\n";
    for words in [["-json", "GOPATH", "GOFLAGS"], ["--json=1", "GOFLAGS", "GOPATH"]] {
        assert_eq!(
            machine.run(&[&["env", "--in", "here"], &words[..]].concat()),
            (0, json.into(), String::new())
        );
    }
}

#[test]
fn words_that_go_refuses_are_refused_as_go_does() {
    let machine = Machine::new(MACHINE);
    let usage = "usage: go env [-json] [-changed] [-u] [-w] [var ...]\nRun 'go help env' for details.\n";
    let refused = |flag: &str| (2, String::new(), format!("flag provided but not defined: -{flag}\n{usage}"));
    assert_eq!(machine.run(&["env", "-v"]), refused("v"));
    assert_eq!(machine.run(&["-q", "env", "--in", "here", "-q", "GOOS"]), refused("q"));
    assert_eq!(machine.run(&["env", "-h"]), (2, String::new(), usage.to_owned()));
    assert!(machine.run(&["env", "--help"]).1.contains("Examples:"));
    assert_eq!(machine.run(&["env", "--", "-json"]), (0, "\n".to_owned(), String::new()));
}

#[test]
fn what_would_write_is_refused() {
    let machine = Machine::new(MACHINE);
    for flag in ["-w", "-u"] {
        let (status, out, talk) = machine.run(&["env", flag, "GOFLAGS=x"]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(talk.contains(&format!("`go env {flag}` changes go's env file")), "{talk}");
    }
}

#[test]
fn passwords_are_hidden_and_that_is_said() {
    let machine = Machine::new(MACHINE);
    let (status, out, talk) = machine.run(&["env", "GOPROXY"]);
    assert_eq!((status, out.as_str()), (0, "https://ann:xxxxx@proxy.corp.example,direct\n"));
    assert!(talk.contains("secrets in GOPROXY are hidden"), "{talk}");
    let shown = machine.run(&["env", "--show-secrets", "GOPROXY"]);
    assert_eq!(shown, (0, "https://ann:hunter2@proxy.corp.example,direct\n".to_owned(), String::new()));
}

#[test]
fn no_go_is_127_and_no_space_is_3() {
    let machine = Machine::new(&MACHINE.replace("/usr/local/go/bin:", ""));
    let (status, out, talk) = machine.run(&["env", "GOPATH"]);
    assert_eq!((status, out.as_str()), (127, ""));
    assert!(talk.contains("`go` is not found on the PATH of here"), "{talk}");
    assert_eq!(machine.run(&["env", "--in", "pid:4711"]).0, 3);
    assert_eq!(machine.run(&["env", "--in", "bash:logn"]).0, 2);
    assert_eq!(machine.run(&["env", "--format", "json"]).0, 2);
    assert_eq!(machine.run(&["env", "--probe", "GOPATH"]).0, 2);
}

#[test]
fn a_process_has_a_folder_of_its_own() {
    let machine = Machine::new(MACHINE);
    let proc = machine.0.path().join("proc");
    std::fs::create_dir_all(&proc).expect("made");
    let process = "name = \"gopls\"\nparent = 1\nuid = 1000\ncwd = \"/home/ann/lib\"\n";
    std::fs::write(proc.join("4711.toml"), process).expect("written");
    std::fs::write(proc.join("4711.environ"), "PATH=/usr/local/go/bin\0HOME=/home/ann\0").expect("written");
    let gomod = |words: &[&str]| machine.run(words).1;
    assert_eq!(gomod(&["env", "--in", "pid:4711", "GOMOD"]), "/home/ann/lib/go.mod\n");
    assert_eq!(
        gomod(&["-C", "/home/ann/shop", "env", "--in", "pid:4711", "GOMOD"]),
        "/home/ann/shop/go.mod\n"
    );
}
