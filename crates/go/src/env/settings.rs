//! The variables of a go for the map and its like: all that can be told, whatever that go would refuse.
//!
//! Deliberately not here: the hand-over to another toolchain, and variables for which compilers would have to be run.

use super::go::{Go, Start};
use super::{Variable, costly, modules, values};
use crate::binary::Program;
use crate::programs::Programs;
use model::{Folded, Origin, Setting, SettingSource};
use std::borrow::Cow;

/// A go that was found, or none.
pub(crate) struct Asked<'a> {
    /// As it is launched, absolute.
    pub(crate) launched: &'a str,
    pub(crate) program: Option<Program>,
    /// `runtime.Version` and where it was read.
    pub(crate) version: Option<(&'a str, &'a Origin)>,
}

/// By name. Where the version is not known, only what the environment or the env file sets.
pub(crate) fn settings<'a>(
    programs: &'a Programs<'a>,
    env: &'a Folded,
    cwd: Option<&str>,
    asked: Asked<'_>,
) -> Vec<Setting> {
    let unknown = Origin::unknown("which go runs is not known");
    let (version, origin) = asked.version.unwrap_or(("", &unknown));
    let go = Go::start(Start {
        programs,
        env: Cow::Borrowed(env),
        launched: asked.launched.to_owned(),
        program: asked.program,
        version: version.to_owned(),
        version_origin: origin.clone(),
        cwd: cwd.map(str::to_owned),
    });
    let mut out = told(&go);
    if asked.version.is_none() {
        out.retain(|s| matches!(s.source, SettingSource::Environment | SettingSource::EnvFile));
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

fn told(go: &Go<'_>) -> Vec<Setting> {
    let gopath = values::gopath(go);
    let mut variables = values::of_start(go, &gopath);
    // Without a folder there is no module to speak of.
    if go.cwd.is_some()
        && let Ok(modules) = modules::init(go, &gopath.found.text)
    {
        variables.extend(values::of_folder(go, &modules, &gopath.found.text));
    }
    variables.extend(costly::variables(go, true, false).unwrap_or_default());
    // Whence the environment has a value may be unknown, and it is a value all the same.
    let is_known =
        |s: &Setting| s.source == SettingSource::Environment || !matches!(s.origin, Origin::Unknown { .. });
    let is_told = |v: &Variable| !v.needs_probe && is_known(&v.setting);
    variables.into_iter().filter(is_told).map(|v| v.setting).collect()
}
