//! Which toolchain a go command of 1.21 or later hands over to before it does anything else (go:
//! src/cmd/go/internal/toolchain/select.go `Select`, `Exec`).
//!
//! Deliberately not here: downloading. A toolchain that is not there yet is one whose answer cannot be told.

use super::download;
use super::fatal::{Refusal, refuse};
use super::go::{Found, Go};
use super::look_path::look_path;
use super::{modules, values};
use crate::project::{self, Asks};
use crate::version::{self, Version};
use crate::{file_path, text};
use model::{Origin, SettingSource};

const TARGET: &str = "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION";

/// A hand-over.
#[derive(Clone, Debug)]
pub(super) struct Switch {
    /// `go1.26.3`.
    pub(super) name: String,
    /// The file that is run.
    pub(super) program: String,
    /// GOROOT that it is given; `None`: the variable is removed.
    pub(super) goroot: Option<String>,
    /// For stderr.
    pub(super) warnings: String,
    pub(super) reason: String,
    pub(super) origin: Option<Origin>,
}

/// `None`: this go goes on itself. `words` are those after `go`, without `-C`.
pub(super) fn select(go: &Go<'_>, words: &[String]) -> Result<Option<Switch>, Refusal> {
    if !go.since(21) {
        return Ok(None);
    }
    // The log has a prefix here, and messages written elsewhere have their own.
    let chosen = choose(go, words).map_err(|refusal| refusal.prefixed("go: "))?;
    if chosen.local { Ok(None) } else { find(go, chosen).map(Some) }
}

/// What is chosen before it is looked for.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) reason: String,
    pub(super) origin: Option<Origin>,
    pub(super) path_only: bool,
    /// It is this go itself.
    pub(super) local: bool,
}

pub(super) fn choose(go: &Go<'_>, words: &[String]) -> Result<Chosen, Refusal> {
    let local = Local::of(go);
    let stays = |reason: &str, found: Option<Found>| Chosen {
        name: local.toolchain.clone(),
        reason: reason.to_owned(),
        origin: found.map(|found| found.origin),
        path_only: false,
        local: true,
    };
    if !modules::will_be_enabled(go)? {
        let mode = go.get("GO111MODULE");
        let auto = mode.as_ref().is_some_and(|mode| mode.text == "auto");
        let reason = if auto {
            "GO111MODULE is auto and there is no module"
        } else {
            "GO111MODULE switches modules off"
        };
        return Ok(stays(reason, mode));
    }
    if answers_itself(go, words) {
        return Ok(stays("the go that is asked answers this itself", None));
    }
    let Some(setting) = go.get("GOTOOLCHAIN") else {
        let unset = || values::rule("", SettingSource::Default, "unset");
        let found = go.line("GOTOOLCHAIN").cloned().unwrap_or_else(unset);
        return Ok(stays("GOTOOLCHAIN is empty", Some(found)));
    };
    let minimum = Minimum::parse(&setting, &local)?;
    let mut chosen = Chosen {
        name: minimum.name,
        reason: format!("GOTOOLCHAIN is {}", setting.text),
        origin: Some(setting.origin.clone()),
        path_only: setting.text == "path" || setting.text.ends_with("+path"),
        local: false,
    };
    if minimum.automatic {
        raise(go, &minimum.version, &mut chosen)?;
    }
    if let Some(target) = go.os_env(TARGET) {
        if target.text != local.toolchain {
            let text = format!("toolchain {} invoked to provide {}", local.toolchain, target.text);
            return Err(refuse(1, text).because(Some(target.origin)));
        }
        return Ok(stays("another go has handed over to it", Some(target)));
    }
    if chosen.name == "local" || chosen.name == local.toolchain {
        return Ok(Chosen { name: local.toolchain, local: true, ..chosen });
    }
    if !chosen.name.starts_with("go1") && !chosen.name.contains("-go1") {
        let text = format!("invalid GOTOOLCHAIN {}", text::quote(&chosen.name));
        return Err(refuse(1, text).because(chosen.origin));
    }
    Ok(chosen)
}

/// Exactly these command lines are answered by the go that is asked, so that one can find out of a wrong setting.
fn answers_itself(go: &Go<'_>, words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["env", "GOTOOLCHAIN"] => true,
        ["env", "-w", assignment] => assignment.starts_with("GOTOOLCHAIN="),
        ["env", "GOMOD" | "GOWORK"] => go.since(23),
        _ => false,
    }
}

/// `gover.Local`, `gover.LocalToolchain`.
struct Local {
    version: String,
    toolchain: String,
}

impl Local {
    fn of(go: &Go<'_>) -> Self {
        match Version::from_toolchain(&go.version) {
            Some(_) => Self { version: bare(&go.version).to_owned(), toolchain: go.version.clone() },
            // A development version is its language.
            None => {
                let version = format!("1.{}", go.minor);
                Self { toolchain: format!("go{version}"), version }
            }
        }
    }
}

/// `1.26.3` of `go1.26.3-corp`.
fn bare(toolchain: &str) -> &str {
    let version = toolchain.strip_prefix("go").unwrap_or(toolchain);
    version.split([' ', '\t', '-']).next().unwrap_or_default()
}

/// GOTOOLCHAIN in its parts.
struct Minimum {
    name: String,
    version: String,
    /// Whether go.mod and go.work may raise it.
    automatic: bool,
}

impl Minimum {
    fn parse(setting: &Found, local: &Local) -> Result<Self, Refusal> {
        let text = setting.text.as_str();
        let of = |name: &str, version: &str, automatic| Self {
            name: name.to_owned(),
            version: version.to_owned(),
            automatic,
        };
        if text == "auto" || text == "path" {
            return Ok(of(&local.toolchain, &local.version, true));
        }
        let quoted = text::quote(text);
        let refused = |text: String| refuse(1, text).because(Some(setting.origin.clone()));
        let (minimum, suffix) = match text.split_once('+') {
            Some((minimum, suffix)) => (minimum, Some(suffix)),
            None => (text, None),
        };
        if minimum != "local" && Version::from_toolchain(minimum).is_none() {
            return Err(refused(match suffix {
                Some(_) => {
                    let minimum = text::quote(minimum);
                    format!("invalid GOTOOLCHAIN {quoted}: invalid minimum toolchain {minimum}")
                }
                None => format!("invalid GOTOOLCHAIN {quoted}"),
            }));
        }
        if suffix.is_some_and(|suffix| suffix != "auto" && suffix != "path") {
            let text = format!("invalid GOTOOLCHAIN {quoted}: only version suffixes are +auto and +path");
            return Err(refused(text));
        }
        Ok(match minimum {
            "local" => of(&local.toolchain, &local.version, suffix.is_some()),
            name => of(name, bare(name), suffix.is_some()),
        })
    }
}

/// What go.work or go.mod asks; a go.work takes the place of every go.mod.
pub(super) fn asks(go: &Go<'_>) -> Result<Option<Asks>, Refusal> {
    let work = modules::work_file(go)?;
    // GOWORK may name a file that is only going to be made.
    let work = work.filter(|file| go.system.exists(&go.seen(file)));
    let Some(file) = work.or_else(|| modules::module_file(go)) else { return Ok(None) };
    match go.system.read(&go.seen(&file)) {
        Ok(bytes) => Ok(Some(project::lines(&file, &bytes))),
        Err(system::ReadError::Denied) => Err(refuse(1, format!("open {file}: permission denied"))),
        Err(_) => Err(refuse(1, format!("read {file}: is a directory"))),
    }
}

/// By what go.work or go.mod asks for.
fn raise(go: &Go<'_>, minimum: &str, chosen: &mut Chosen) -> Result<(), Refusal> {
    let Some(asks) = asks(go)? else { return Ok(()) };
    let file = asks.file.clone();
    let mut least = minimum.to_owned();
    let name = file_path::base(go.os, &file);
    if let Some(line) = asks.toolchain.as_ref().filter(|line| !line.value.is_empty()) {
        if line.value == "default" {
            chosen.reason = format!("the toolchain line of {name} is `default`");
            chosen.origin = Some(line.origin());
            return Ok(());
        }
        if Version::from_toolchain(&line.value).is_none() {
            let (value, file) = (text::quote(&line.value), short_path(go, &file));
            return Err(
                refuse(1, format!("invalid toolchain {value} in {file}")).because(Some(line.origin()))
            );
        }
        let order = version::compare(bare(&line.value), &least);
        if order.is_gt() || (order.is_eq() && !go.rules.toolchain_must_be_newer()) {
            least = bare(&line.value).to_owned();
            chosen.name.clone_from(&line.value);
            chosen.reason = format!("the toolchain line of {name} asks {}", line.value);
            chosen.origin = Some(line.origin());
        }
    }
    if let Some(line) = &asks.go
        && version::compare(&line.value, &least).is_gt()
    {
        chosen.name = format!("go{}", line.value);
        let asked = Version::parse(&line.value);
        if go.rules.first_release_of_language()
            && asked.is_some_and(|v| v.is_language() && v.minor_at_least(21))
        {
            chosen.name.push_str(".0");
        }
        chosen.reason = format!("the go line of {name} asks {}", line.value);
        chosen.origin = Some(line.origin());
    }
    Ok(())
}

/// `base.ShortPath`: relative to the folder where that is shorter.
fn short_path(go: &Go<'_>, path: &str) -> String {
    let Some(cwd) = go.getwd() else { return path.to_owned() };
    let (base, target) = (file_path::clean(go.os, &cwd), file_path::clean(go.os, path));
    let parts = |path: &str| -> Vec<String> {
        let separator = |c: char| c == '/' || (go.os == system::Os::Windows && c == '\\');
        path.split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (base, target) = (parts(&base), parts(&target));
    let shared = base.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), base.len() - shared);
    let separator = if go.os == system::Os::Windows { "\\" } else { "/" };
    let relative = up.chain(target[shared..].iter().cloned()).collect::<Vec<_>>().join(separator);
    if relative.len() < path.len() { relative } else { path.to_owned() }
}

/// `Exec`: a program of that name on PATH, else the module.
fn find(go: &Go<'_>, chosen: Chosen) -> Result<Switch, Refusal> {
    let Chosen { name, reason, origin, path_only, .. } = chosen;
    let switch = |program, goroot, warnings| Switch {
        name: name.clone(),
        program,
        goroot,
        warnings,
        reason,
        origin: origin.clone(),
    };
    if let Ok(program) = look_path(go, &name) {
        return Ok(switch(go.seen(&program), None, String::new()));
    }
    if path_only {
        let text = format!("go: cannot find {} in PATH", text::quote(&name));
        return Err(refuse(1, text).because(origin));
    }
    let (folder, warnings) = download::folder(go, &name)?;
    let program = go.join(&folder, if go.os == system::Os::Windows { "bin/go.exe" } else { "bin/go" });
    Ok(switch(program, Some(folder), warnings))
}
