//! What the tests against the real go share: SDKs, generated machines, runs.

use model::{Confidence, Effect, Evidence, Folded, Layer, Origin, Space, SpaceId};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small generator (Knuth's MMIX constants); the high bits are used.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len())]
    }
}

pub(crate) fn sdks() -> Vec<PathBuf> {
    let named = std::env::var("GOWHENCE_SDKS").unwrap_or_default();
    let mut roots: Vec<PathBuf> = named.split(':').filter(|s| !s.is_empty()).map(PathBuf::from).collect();
    let path = std::env::var("PATH").unwrap_or_default();
    let found = path.split(':').map(|entry| Path::new(entry).join("go")).find(|file| file.is_file());
    if let Some(go) = found.and_then(|go| go.canonicalize().ok()) {
        roots.extend(go.ancestors().nth(2).map(Path::to_owned));
    }
    roots.retain(|root| root.join("bin/go").is_file());
    // Set where all that the tests need was installed (`testkit::need`).
    assert!(
        !roots.is_empty() || std::env::var_os("GOWHENCE_TEST_NO_SKIP").is_none(),
        "no go on PATH: see `cargo xtask test`"
    );
    roots
}

/// One generated machine: a folder with everything in it, the environment, and the current folder.
pub(crate) struct Case {
    pub(crate) _folder: tempfile::TempDir,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) cwd: PathBuf,
    pub(crate) told: String,
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

pub(crate) fn write(path: &Path, bytes: &str, mode: u32) {
    fs::create_dir_all(path.parent().expect("has a parent")).expect("folder");
    fs::write(path, bytes).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
}

/// Runs `go ARGS` as a program or a shell finds it.
pub(crate) fn run(case: &Case, launcher: &str, args: &[&str]) -> Output {
    let mut command = Command::new(launcher);
    if launcher.ends_with("/env") {
        command.arg("go").args(args);
    } else {
        command.args(["-c", "exec go \"$@\"", "sh"]).args(args);
    }
    command.env_clear().envs(case.env.iter().cloned()).current_dir(&case.cwd);
    command.output().expect("the launcher starts")
}

pub(crate) fn folded(case: &Case) -> Folded {
    let mut space = Space::new(SpaceId::of("here"), "here", None, Evidence::Observed);
    let effect = |(name, value): &(String, String)| {
        Effect::set(name.as_str(), value.as_str(), Origin::Process { pid: 1 }, Confidence::Baseline)
    };
    space.layers.push(Layer::applied("observed", "observed", case.env.iter().map(effect).collect()));
    Folded::over(None, &space)
}

pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
