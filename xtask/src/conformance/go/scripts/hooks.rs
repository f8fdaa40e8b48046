//! The hooks of go's own test program, as far as versions go: TESTGO_VERSION, under which it passes for another version, and
//! TESTGO_VERSION_SWITCH (go: src/cmd/go/internal/toolchain/select.go `Exec`).
//!
//! A released go knows none of them. Here a tree whose VERSION says so stands in for it.

use super::stage::{End, Stage};
use crate::conformance::go::ours::Told;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

pub(super) fn used(stage: &Stage) -> bool {
    !stage.get("TESTGO_VERSION").is_empty()
}

/// The version that the hook names where its rules are others than those of the go whose scripts these are: the program is
/// that go for all that, and we take the version at its word.
pub(super) fn of_other_rules(stage: &Stage) -> Option<String> {
    let version = stage.get("TESTGO_VERSION");
    let minor =
        version.strip_prefix("go1.").and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    let minor = minor.and_then(|text| text.parse::<u32>().ok())?;
    (minor < stage.sdk.minor).then(|| version.to_owned())
}

/// A go command that is none of ours; it is not to choose a toolchain by itself where a hook would.
pub(super) fn exec(stage: &mut Stage, words: &[&str]) -> Result<bool, End> {
    if !used(stage) {
        return stage.exec("go", words);
    }
    let chosen = stage.get("GOTOOLCHAIN").to_owned();
    stage.set("GOTOOLCHAIN", "local");
    let outcome = stage.exec("go", words);
    stage.set("GOTOOLCHAIN", &chosen);
    outcome
}

/// What is told of a go that passes for TESTGO_VERSION.
pub(super) fn tell(stage: &Stage, words: &[String]) -> Result<Told, End> {
    let version = stage.get("TESTGO_VERSION").to_owned();
    let told = of_version(stage, &version, words)?;
    let Some(chosen) = switched_to(&told.stderr) else { return Ok(told) };
    match stage.get("TESTGO_VERSION_SWITCH") {
        "" => Ok(told),
        "switch" => {
            let mut env = stage.env.clone();
            env.push(("GOTOOLCHAIN_INTERNAL_SWITCH_VERSION".to_owned(), chosen.clone()));
            of(stage, env, &chosen, words)
        }
        other => Err(End::Unplayable(format!("TESTGO_VERSION_SWITCH={other} has no like here"))),
    }
}

fn of_version(stage: &Stage, version: &str, words: &[String]) -> Result<Told, End> {
    of(stage, stage.env.clone(), version, words)
}

fn of(stage: &Stage, mut env: Vec<(String, String)>, version: &str, words: &[String]) -> Result<Told, End> {
    let work = stage.get("WORK").to_owned();
    let top = Path::new(&work).join(".testgo").join(version.replace('/', "_"));
    lay_out(&top, version, stage).map_err(|error| End::Unplayable(error.to_string()))?;
    let path = format!("{}/bin:{}", top.display(), stage.get("PATH"));
    env.retain(|(name, _)| name != "PATH");
    env.push(("PATH".to_owned(), path));
    if !stage.get("TESTGO_VERSION_SWITCH").is_empty() {
        // So that what would be downloaded is named.
        env.retain(|(name, _)| name != "GOPROXY");
        env.push(("GOPROXY".to_owned(), "off".to_owned()));
    }
    super::tell(stage, env, words)
}

fn lay_out(top: &Path, version: &str, stage: &Stage) -> std::io::Result<()> {
    if top.exists() {
        return Ok(());
    }
    fs::create_dir_all(top.join("bin"))?;
    fs::create_dir_all(top.join("pkg/tool/linux_amd64"))?;
    fs::write(top.join("VERSION"), version)?;
    // A program without build information, so that the tree tells the version.
    fs::write(top.join("bin/go"), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0")?;
    fs::set_permissions(top.join("bin/go"), fs::Permissions::from_mode(0o755))?;
    for name in ["src", "go.env", "lib"] {
        symlink(stage.sdk.root.join(name), top.join(name))?;
    }
    Ok(())
}

/// The toolchain that could not be had, which the hook has at once.
fn switched_to(stderr: &str) -> Option<String> {
    let last = stderr.lines().last()?;
    let download = last.strip_prefix("go: download ").and_then(|rest| rest.split(' ').next());
    let path = || last.strip_prefix("go: cannot find \"").and_then(|rest| rest.split('"').next());
    let language = || last.strip_prefix("go: invalid toolchain: ").and_then(|rest| rest.split(' ').next());
    download.or_else(path).or_else(language).map(|name| name.trim_end_matches(':').to_owned())
}
