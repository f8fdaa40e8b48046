//! A Wine prefix with Windows SDKs in it, and running programs there.

use super::super::real::Answer;
use super::super::sdks;
use crate::failure::{Doing as _, Done, Failure};
use crate::{needs, root};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folder of drive C in which the SDKs are.
pub(super) const SDKS: &str = r"C:\sdk";
/// Folder of drive C in which machines are laid out.
pub(super) const MACHINES: &str = r"C:\m";

pub(super) struct Prefix {
    folder: PathBuf,
}

/// A program to run: file, command line, folder, environment block.
pub(super) struct Job<'a> {
    pub(super) program: String,
    pub(super) line: String,
    pub(super) folder: &'a str,
    pub(super) env: &'a [(String, String)],
}

impl Prefix {
    /// Whether there is nothing left to bring.
    pub(super) fn is_here(releases: &[&str]) -> bool {
        let prefix = Self { folder: root::cache().join("wine") };
        let sdks = releases.iter().all(|release| prefix.sdk(release).join("bin/go.exe").is_file());
        sdks && needs::find("wine").is_some() && needs::find("x86_64-w64-mingw32-gcc").is_some()
    }

    /// Installs Wine and a compiler for Windows where they are missing, makes the prefix, and brings the SDKs.
    pub(super) fn bring(releases: &[&str]) -> Done<Self> {
        needs::for_wine()?;
        let prefix = Self { folder: root::cache().join("wine") };
        if !prefix.folder.join("system.reg").is_file() {
            fs::create_dir_all(&prefix.folder).doing(prefix.folder.display())?;
            eprintln!("making a Wine prefix in {}", prefix.folder.display());
            prefix.wine(&["wineboot", "-i"])?;
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance/go/windows");
        let drive = prefix.unix("C:\\");
        compile(&source.join("launcher.c"), &drive.join("launcher.exe"), &[])?;
        let library = drive.join("windows/system32/bcryptprimitives.dll");
        if !library.exists() {
            compile(&source.join("process_prng.c"), &library, &["-shared", "-ladvapi32"])?;
        }
        fs::create_dir_all(prefix.unix(SDKS))?;
        for release in releases {
            let link = prefix.sdk(release);
            let target = sdks::module(release, "windows-amd64")?;
            if fs::read_link(&link).ok().as_ref() != Some(&target) {
                let _ = fs::remove_file(&link);
                symlink(&target, &link).doing(link.display())?;
            }
        }
        // Machines of a run that was broken off.
        let _ = fs::remove_dir_all(prefix.unix(MACHINES));
        fs::create_dir_all(prefix.unix(MACHINES))?;
        Ok(prefix)
    }

    /// Where an SDK lies on this disk.
    pub(super) fn sdk(&self, release: &str) -> PathBuf {
        self.unix(SDKS).join(release)
    }

    /// The file on this disk behind a path of drive C.
    pub(super) fn unix(&self, path: &str) -> PathBuf {
        let inside = path.trim_start_matches("C:\\").replace('\\', "/");
        self.folder.join("drive_c").join(inside)
    }

    fn wine(&self, arguments: &[&str]) -> Done {
        let output = Command::new("wine")
            .args(arguments)
            .env("WINEPREFIX", &self.folder)
            .env("WINEARCH", "win64")
            .env("WINEDEBUG", "-all")
            // No questions about Mono and Gecko, and no desktop files in the user's home.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=")
            .stdin(Stdio::null())
            .output()
            .doing("wine")?;
        if output.status.success() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "wine {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        )))
    }

    /// Runs programs one after another.
    pub(super) fn run(&self, jobs: &[Job<'_>]) -> Done<Vec<Answer>> {
        let file = |kind: &str, at: usize| format!(r"{MACHINES}\{kind}{at}");
        let mut text = String::new();
        for (at, job) in jobs.iter().enumerate() {
            let files = [file("out", at), file("err", at), file("status", at)];
            let words = [job.program.as_str(), &job.line, job.folder].into_iter();
            let variables = job.env.iter().map(|(name, value)| format!("{name}={value}"));
            let strings = words.map(str::to_owned).chain(files).chain(variables).chain([String::new()]);
            strings.for_each(|string| text.extend([string.as_str(), "\0"]));
        }
        let list = format!(r"{MACHINES}\jobs");
        fs::write(self.unix(&list), text).doing("jobs")?;
        self.wine(&[r"C:\launcher.exe", &list])?;
        let mut answers = Vec::new();
        for at in 0..jobs.len() {
            let read = |kind: &str| {
                let path = self.unix(&file(kind, at));
                let bytes = fs::read(&path).doing(path.display());
                let _ = fs::remove_file(path);
                bytes
            };
            let status = String::from_utf8_lossy(&read("status")?).into_owned();
            answers.push(Answer {
                status: status.parse().unwrap_or(-1),
                stdout: without_probe(&read("out")?),
                stderr: spoken(&String::from_utf8_lossy(&read("err")?)),
            });
        }
        Ok(answers)
    }
}

fn compile(source: &Path, target: &Path, arguments: &[&str]) -> Done {
    let output = Command::new("x86_64-w64-mingw32-gcc")
        .args(["-O1", "-Wall", "-Werror", "-o"])
        .args([target, source])
        .args(arguments)
        .output()
        .doing("x86_64-w64-mingw32-gcc")?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{}: {}", source.display(), String::from_utf8_lossy(&output.stderr))))
}

/// The answer without the line of GOGCCFLAGS, which is the outcome of running compilers.
fn without_probe(stdout: &[u8]) -> Vec<u8> {
    const STARTS: [&[u8]; 2] = [b"\t\"GOGCCFLAGS\": ", b"set GOGCCFLAGS="];
    let lines = stdout.split_inclusive(|b| *b == b'\n');
    lines.filter(|line| !STARTS.iter().any(|start| line.starts_with(start))).flatten().copied().collect()
}

/// Texts of Wine (dlls/kernelbase/winerror.mc), and those of Windows for the same errors (Microsoft: "System Error
/// Codes").
const TEXTS: &[(&str, &str)] = &[
    ("File not found.", "The system cannot find the file specified."),
    ("Path not found.", "The system cannot find the path specified."),
    ("Access denied.", "Access is denied."),
    ("Invalid name.", "The filename, directory name, or volume label syntax is incorrect."),
    ("Directory name invalid.", "The directory name is invalid."),
];

/// What was said, but for what only Wine is the reason of: its texts, and a folder that it does not remove.
fn spoken(stderr: &str) -> String {
    let told = match stderr.find("\ngoroutine ") {
        Some(at) if stderr.contains("panic: ") => &stderr[..at],
        _ => stderr,
    };
    let told: String = told.split_inclusive('\n').filter(|line| !line.contains("unlinkat ")).collect();
    TEXTS.iter().fold(told, |told, (wine, windows)| told.replace(wine, windows))
}
