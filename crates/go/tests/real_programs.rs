//! Build information of real programs for other systems, against what `go version` says of them.
//!
//! The files are those in the folder named by `GOWHENCE_PROGRAMS` (`GOOS=windows GOARCH=386 go build` and the like
//! make some), else the programs of the SDK whose `go` is on PATH; where there is none, nothing is compared.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "looks at real files and runs the real go")]

use std::path::{Path, PathBuf};
use std::process::Command;
use system::System as _;
use system::os::Real;

fn programs() -> Vec<PathBuf> {
    if let Some(named) = std::env::var_os("GOWHENCE_PROGRAMS") {
        return files(Path::new(&named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let go = std::env::split_paths(&path).map(|entry| entry.join("go")).find_map(|go| go.canonicalize().ok());
    let Some(root) = go.as_deref().and_then(|go| go.ancestors().nth(2)) else { return Vec::new() };
    let host = format!("pkg/tool/linux_{}", Real::for_tests().arch());
    [root.join("bin"), root.join(host)].iter().flat_map(|folder| files(folder)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|e| e.path())).filter(|path| path.is_file()).collect()
}

#[test]
fn build_information_is_read_as_go_reads_it() {
    let files = programs();
    let mut agreed = 0;
    for file in &files {
        let out = Command::new("go").arg("version").arg("-m").arg(file).output().expect("go runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let first =
            text.lines().next().and_then(|l| l.rsplit_once(": ")).map(|(_, version)| version.to_owned());
        let line = |prefix: &str| text.lines().find_map(|l| l.trim().strip_prefix(prefix)).map(str::to_owned);
        let told = go::binary::read(&Real::for_tests(), file.to_str().expect("UTF-8"));
        let told = told.map(|p| (Some(p.go_version), p.package, p.trimmed));
        let real = (first, line("path\t"), line("build\t-trimpath=").is_some_and(|v| v == "true"));
        if told.as_ref() == Some(&real) {
            agreed += 1;
        } else {
            println!("{}: go says {real:?}, told {told:?}", file.display());
        }
    }
    println!("{agreed} of {} programs agreed", files.len());
    assert_eq!(agreed, files.len());
}
