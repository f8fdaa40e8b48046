//! Which module and workspace a folder is in, as `modload.Init` and `InitWorkfile` see it before GOMOD and GOWORK are
//! printed (go: src/cmd/go/internal/modload/init.go, read in 1.11 to 1.27).
//!
//! Deliberately not here: what stands in go.mod and go.work.

use super::fatal::{Refusal, refuse};
use super::go::Go;
use super::{cache, fips};
use crate::file_path;
use system::{FileKind, Os};

/// What `modload` knows afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Modules {
    pub(super) gomod: String,
    pub(super) gowork: String,
    /// `cfg.ModulesEnabled`.
    pub(super) enabled: bool,
    /// The first folder of GOPATH, where `modload` has looked at it.
    pub(super) gopath: String,
    /// Warnings for stderr.
    pub(super) warnings: String,
}

pub(super) fn init(go: &Go<'_>, gopath: &str) -> Result<Modules, Refusal> {
    let mut modules = Modules::default();
    let root = module_root(go, gopath, &mut modules)?;
    modules.gomod = match root {
        Some(root) => go.join(&root, "go.mod"),
        // 1.11 left it empty.
        None if modules.enabled && go.since(12) => null_device(go.os).to_owned(),
        None => String::new(),
    };
    if go.since(18) {
        modules.gowork = match work_file(go).map_err(|refusal| refusal.prefixed(&modules.warnings))? {
            _ if go.text("GOWORK") == "off" => "off".to_owned(),
            file => file.unwrap_or_default(),
        };
    }
    Ok(modules)
}

fn null_device(os: Os) -> &'static str {
    if os == Os::Windows { "NUL" } else { "/dev/null" }
}

/// `modload.Init`: the root of the module, if there is one and modules are on.
fn module_root(go: &Go<'_>, gopath: &str, modules: &mut Modules) -> Result<Option<String>, Refusal> {
    if go.since(24) {
        fips::init(go)?;
    }
    let setting = go.get("GO111MODULE");
    let text = setting.as_ref().map_or("", |found| found.text.as_str());
    let must = match text {
        "on" => true,
        "" => go.since(16),
        "auto" => false,
        "off" => return Ok(None),
        other => {
            let origin = setting.as_ref().map(|found| found.origin.clone());
            return Err(
                refuse(1, format!("go: unknown environment setting GO111MODULE={other}")).because(origin)
            );
        }
    };
    let Some(cwd) = go.getwd() else {
        return Err(refuse(1, "go: getwd: no such file or directory".to_owned()));
    };
    if !go.since(13) && !must && in_gopath(go, &cwd, gopath) {
        return Ok(None);
    }
    let mut root = find_root(go, &cwd, must);
    match &root {
        None if !must => return Ok(None),
        // 1.11 did not look at the temporary folder when modules were on.
        Some(found) if (go.since(12) || !must) && is_temp_root(go, found) => {
            let folder = go.temp_dir();
            modules
                .warnings
                .push_str(&format!("go: warning: ignoring go.mod in system temp root {folder}\n"));
            root = None;
            // 1.12 to 1.15 went on in module mode.
            if !must && (go.since(16) || !go.since(12)) {
                return Ok(None);
            }
        }
        _ => {}
    }
    modules.enabled = true;
    if go.since(12) {
        let outcome = first_of_gopath(go, gopath, modules);
        outcome.map_err(|refusal| refusal.prefixed(&modules.warnings))?;
    }
    // Up to 1.15 `Enabled` asks for a module or `on`.
    if !go.since(16) && root.is_none() && !must {
        modules.enabled = false;
    }
    Ok(root)
}

/// The build cache and GOPATH, without which modules of old versions do not work.
pub(super) fn first_of_gopath(go: &Go<'_>, gopath: &str, modules: &mut Modules) -> Result<(), Refusal> {
    if !go.since(16) {
        cache::open(go)?;
    }
    let first = go.split_list(gopath).into_iter().next().unwrap_or_default();
    if first.is_empty() {
        return if go.since(18) { Ok(()) } else { Err(refuse(1, "missing $GOPATH".to_owned())) };
    }
    if go.system.exists(&go.seen(&go.join(&first, "go.mod"))) {
        if !go.since(22) {
            return Err(refuse(1, "$GOPATH/go.mod exists but should not".to_owned()));
        }
        modules.warnings.push_str(&format!("go: warning: ignoring go.mod in $GOPATH {first}\n"));
    }
    modules.gopath = first;
    Ok(())
}

/// 1.11 and 1.12 keep out of modules below GOPATH/src unless told to use them.
fn in_gopath(go: &Go<'_>, cwd: &str, gopath: &str) -> bool {
    let folders = go.split_list(gopath);
    folders.iter().filter(|f| !f.is_empty()).any(|f| in_folder(go, cwd, &go.join(f, "src")))
}

/// The folder upwards that holds a go.mod.
fn find_root(go: &Go<'_>, cwd: &str, must: bool) -> Option<String> {
    let clean = file_path::clean(go.os, cwd);
    // 1.11 took a folder of that name too.
    let module = |dir: &str| is_file(go, &go.join(dir, "go.mod"), !go.since(12));
    let found = upwards(go, &clean, module);
    if found.is_some() || go.since(13) || !must {
        return found;
    }
    let legacy = |dir: &str| LEGACY.iter().any(|name| is_file(go, &go.join(dir, name), !go.since(12)));
    upwards(go, &clean, legacy)
}

/// Files of earlier tools, beside which 1.11 and 1.12 would make a go.mod (go: modload/init.go `altConfigs`).
const LEGACY: &[&str] = &[
    "Gopkg.lock",
    "GLOCKFILE",
    "Godeps/Godeps.json",
    "dependencies.tsv",
    "glide.lock",
    "vendor.conf",
    "vendor.yml",
    "vendor/manifest",
    "vendor/vendor.json",
    ".git/config",
];

fn upwards(go: &Go<'_>, folder: &str, is_it: impl Fn(&str) -> bool) -> Option<String> {
    let mut folder = folder.to_owned();
    loop {
        if is_it(&folder) {
            return Some(folder);
        }
        let parent = file_path::parent(go.os, &folder);
        if parent == folder {
            return None;
        }
        folder = parent;
    }
}

fn is_file(go: &Go<'_>, path: &str, or_folder: bool) -> bool {
    let found = go.system.metadata(&go.seen(path));
    found.is_ok_and(|data| or_folder || data.kind != FileKind::Folder)
}

/// `FindGoMod`: what the choice of a toolchain reads.
pub(super) fn module_file(go: &Go<'_>) -> Option<String> {
    let root = find_root(go, &go.getwd()?, true)?;
    (!is_temp_root(go, &root)).then(|| go.join(&root, "go.mod"))
}

/// `FindGoWork`: the nearest go.work, or what GOWORK says.
pub(super) fn work_file(go: &Go<'_>) -> Result<Option<String>, Refusal> {
    let Some(found) = go.get("GOWORK") else { return Ok(nearest_work_file(go)) };
    match found.text.as_str() {
        "off" => Ok(None),
        "auto" => Ok(nearest_work_file(go)),
        path if go.is_absolute(path) => Ok(Some(path.to_owned())),
        _ => {
            let text = if go.since(21) {
                "go: invalid GOWORK: not an absolute path"
            } else {
                "the path provided to GOWORK must be an absolute path"
            };
            Err(refuse(1, text.to_owned()).because(Some(found.origin)))
        }
    }
}

fn nearest_work_file(go: &Go<'_>) -> Option<String> {
    let mut folder = file_path::clean(go.os, &go.getwd()?);
    loop {
        let file = go.join(&folder, "go.work");
        if is_file(go, &file, false) {
            return Some(file);
        }
        let parent = file_path::parent(go.os, &folder);
        // The standard library has vendored dependencies of its own, so the search ends at GOROOT.
        if parent == folder || parent == go.goroot() {
            return None;
        }
        folder = parent;
    }
}

/// `modload.WillBeEnabled`, which is asked before anything else.
pub(super) fn will_be_enabled(go: &Go<'_>) -> Result<bool, Refusal> {
    match go.text("GO111MODULE").as_str() {
        "" | "on" => Ok(true),
        "auto" if module_file(go).is_some() => Ok(true),
        "auto" if go.since(27) => Ok(work_file(go)?.is_some()),
        _ => Ok(false),
    }
}

fn is_temp_root(go: &Go<'_>, root: &str) -> bool {
    let temp = go.temp_dir();
    let real = |path: &str| go.system.canonicalize(path).ok().filter(|_| go.is_absolute(path));
    let (real_root, real_temp) = (real(root), real(&temp));
    let root_is = |folder: &str| root == folder || real_root.as_deref() == Some(folder);
    root_is(&temp) || real_temp.as_deref().is_some_and(root_is)
}

/// `search.InDir`, as a question.
fn in_folder(go: &Go<'_>, path: &str, folder: &str) -> bool {
    let inside = |path: &str, folder: &str| {
        let rest = path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
    };
    let real = |path: &str| go.system.canonicalize(path).ok().filter(|_| go.is_absolute(path));
    let (real_path, real_folder) = (real(path), real(folder));
    let paths = [Some(path.to_owned()), real_path];
    let folders = [Some(folder.to_owned()), real_folder];
    paths.iter().flatten().any(|path| folders.iter().flatten().any(|folder| inside(path, folder)))
}
