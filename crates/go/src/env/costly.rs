//! The variables for which go starts a builder, and what that refuses (go: src/cmd/go/internal/envcmd/env.go
//! `ExtraEnvVarsCostly`, src/cmd/go/internal/work: init.go `BuildInit`, action.go `NewBuilder`, exec.go `CFlags`).
//!
//! Deliberately not here: GOGCCFLAGS itself, whose value is what compilers answer (`gcc`).

use super::baked::Baked;
use super::cache;
use super::errors::{self, Trouble};
use super::fatal::{Refusal, refuse};
use super::gcc;
use super::go::{Found, Go};
use super::look_path::look_path;
use super::values::{Row, rule};
use super::words::{self, Unterminated};
use super::{Variable, values};
use crate::{file_path, text};
use model::{Origin, SettingSource};
use system::Os;

/// Names whose value is costly; asking for one of them computes them all.
pub(super) const NAMES: &[&str] =
    &["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS", "PKG_CONFIG", "GOGCCFLAGS"];

/// In the order in which they are read.
const FLAGS: &[&str] = &["CPPFLAGS", "CFLAGS", "CXXFLAGS", "FFLAGS", "LDFLAGS"];

/// A panic of go: its message, and the status of the runtime.
const PANIC: i32 = 2;

/// The builder, up to the compiler: CC and its like, the work folder, the platform.
pub(super) fn builder(go: &Go<'_>, dry_run: bool) -> Result<(), Refusal> {
    if go.since(20) {
        compilers(go)?;
    }
    // With -n the folder only has a name.
    if !dry_run {
        work_folder(go)?;
    }
    let (goos, goarch) = (go.goos(), go.goarch());
    if go.baked.supports_cgo(&goos, &goarch).is_some() {
        return Ok(());
    }
    let program = if go.since(18) { "go" } else { "cmd/go" };
    let origin = go.get("GOARCH").or_else(|| go.get("GOOS")).map(|found| found.origin);
    Err(refuse(2, format!("{program}: unsupported GOOS/GOARCH pair {goos}/{goarch}")).because(origin))
}

/// CC, CXX and FC must be absolute or bare names.
fn compilers(go: &Go<'_>) -> Result<(), Refusal> {
    for name in ["CC", "CXX", "FC"] {
        // CC and CXX are exported by then, so that the default of the SDK is looked at too.
        let found = if name == "FC" { go.get(name) } else { Some(values::compiler(go, name).found) };
        let Some(found) = found else { continue };
        let origin = Some(found.origin);
        let words = match words::split(&found.text) {
            Ok(words) => words,
            Err(error) => {
                let text = format!("go: {name} environment variable could not be parsed: {error}");
                return Err(refuse(1, text).because(origin));
            }
        };
        let Some(path) = words.first() else { continue };
        // `filepath.Base` of nothing is `.`.
        if !go.is_absolute(path) && (path.is_empty() || file_path::base(go.os, path) != path) {
            let text = format!("go: {name} environment variable is relative; must be absolute path: {path}");
            return Err(refuse(1, text).because(origin));
        }
    }
    Ok(())
}

/// `os.MkdirTemp` in GOTMPDIR or the temporary folder.
fn work_folder(go: &Go<'_>) -> Result<(), Refusal> {
    let set = go.get("GOTMPDIR");
    let origin = set.as_ref().map(|found| found.origin.clone());
    let folder = set.map_or_else(|| go.temp_dir(), |found| found.text);
    let refused =
        |reason: String| Err(refuse(1, format!("go: creating work dir: {reason}")).because(origin.clone()));
    // The name that go would make up, but for its number; `joinPath` cleans nothing.
    let ends = folder.ends_with(|c| c == '/' || (go.os == Os::Windows && c == '\\'));
    let name = || match (go.since(16), go.os) {
        (false, _) => go.join(&folder, "go-build"),
        (true, _) if ends => format!("{folder}go-build"),
        (true, Os::Windows) => format!("{folder}\\go-build"),
        (true, _) => format!("{folder}/go-build"),
    };
    let Some(trouble) = errors::as_folder(go, &folder) else { return Ok(()) };
    let missing = matches!(trouble, Trouble::Missing | Trouble::NoWay);
    match go.os {
        // `os.Stat` there names the call by which it looks.
        Os::Windows if missing => refused(format!("GetFileAttributesEx {folder}: {}", trouble.text(go.os))),
        Os::Windows if trouble == Trouble::NotFolder => {
            refused(format!("mkdir {}: {}", name(), Trouble::NoWay.text(go.os)))
        }
        _ if missing => refused(format!("stat {folder}: {}", trouble.text(go.os))),
        _ => refused(format!("mkdir {}: {}", name(), trouble.text(go.os))),
    }
}

/// What `-n` writes to stderr instead of running the compiler; on Windows the file that it names has digits by
/// chance.
pub(super) fn dry_run(go: &Go<'_>) -> Result<String, Refusal> {
    for kind in FLAGS {
        flag_words(go, kind)?;
    }
    Ok(gcc::dry_run(go, &compiler(go, true)?))
}

/// The values, in go's order. With `probe` the compiler is run for GOGCCFLAGS.
pub(super) fn variables(go: &Go<'_>, dry_run: bool, probe: bool) -> Result<Vec<Variable>, Refusal> {
    let rows: Vec<(&str, Row)> =
        FLAGS.iter().map(|name| Ok((*name, compiler_flags(go, name)?))).collect::<Result<_, Refusal>>()?;
    let compiler = compiler(go, dry_run)?;
    // Another compiler than go's would answer something else.
    let probe = probe && (go.get("CC").is_some() || go.baked.is_told("CC"));
    let pkg_config = pkg_config(go)?;
    let mut out: Vec<Variable> =
        rows.into_iter().map(|(name, row)| row.variable(&format!("CGO_{name}"))).collect();
    // CPPFLAGS is read first and printed second.
    out.swap(0, 1);
    out.push(pkg_config.variable("PKG_CONFIG"));
    let why =
        Origin::rule("what the C compiler supports", "go: src/cmd/go/internal/work/exec.go compilerCmd");
    let value = if probe { gcc::probed(go, &compiler) } else { String::new() };
    let flags = Variable::new("GOGCCFLAGS", text::value(&value), SettingSource::Computed, why);
    out.push(Variable { needs_probe: !probe, ..flags });
    Ok(out)
}

/// `envList`: the words of a variable. Since 1.18 quotes count, and one that is not closed is a panic.
fn split(go: &Go<'_>, name: &str, found: &Found) -> Result<Vec<String>, Refusal> {
    if !go.since(18) {
        return Ok(words::fields(&found.text));
    }
    words::split(&found.text).map_err(|error: Unterminated| {
        let value = text::quote(&found.text);
        let text = format!("panic: could not parse environment variable {name} with value {value}: {error}");
        refuse(PANIC, text).because(Some(found.origin.clone()))
    })
}

/// `CGO_CFLAGS` and its like, before they are joined again.
fn flags_found(go: &Go<'_>, kind: &str) -> Found {
    let default = rule(default_flags(go, kind), SettingSource::Default, "built-in default");
    go.get(&format!("CGO_{kind}")).unwrap_or(default)
}

fn default_flags(go: &Go<'_>, kind: &str) -> &'static str {
    match kind {
        "CPPFLAGS" => "",
        _ if go.since(20) => "-O2 -g",
        _ => "-g -O2",
    }
}

pub(super) fn flag_words(go: &Go<'_>, kind: &str) -> Result<Vec<String>, Refusal> {
    split(go, &format!("CGO_{kind}"), &flags_found(go, kind))
}

fn compiler_flags(go: &Go<'_>, kind: &str) -> Result<Row, Refusal> {
    let (default, found) = (default_flags(go, kind), flags_found(go, kind));
    let words = flag_words(go, kind)?;
    let text = if go.since(19) { words::join(&words) } else { words.join(" ") };
    // 1.23 has a slip of the pen in the name of CGO_LDFLAGS (go: envcmd/env.go, "GGO_LDFLAGS").
    let changed = text != default && (go.since(24) || kind != "LDFLAGS");
    Ok(Row { found: Found { text, ..found }, changed })
}

/// `GccCmd`: it panics for a CC without words, and looks into the build cache where the compiler is found.
fn compiler(go: &Go<'_>, dry_run: bool) -> Result<Vec<String>, Refusal> {
    let default = || values::compiler(go, "CC").found;
    // Up to 1.17 the builder kept the value of before it was exported, which is its first word.
    let found = if go.since(18) { default() } else { go.get("CC").unwrap_or_else(default) };
    let mut words = split(go, "CC", &found)?;
    if words.is_empty() && !go.since(18) {
        words = split(go, "CC", &default())?;
    }
    let Some(first) = words.first() else { return Err(no_word(go, &found)) };
    if go.since(20) && !dry_run && look_path(go, first).is_ok() {
        cache::open(go)?;
    }
    Ok(words)
}

fn pkg_config(go: &Go<'_>) -> Result<Row, Refusal> {
    let default = go.baked.pkg_config();
    let found = go.get("PKG_CONFIG");
    let found = found.unwrap_or_else(|| {
        let mut built = rule(&default, SettingSource::Default, "default of this build of go");
        if !go.baked.is_told("PKG_CONFIG") {
            built.origin = Baked::why_untold("PKG_CONFIG");
        }
        built
    });
    match split(go, "PKG_CONFIG", &found)?.into_iter().next() {
        Some(first) => Ok(Row { changed: first != default, found: Found { text: first, ..found } }),
        None => Err(no_word(go, &found)),
    }
}

/// The first of no words is taken; the runtime names the index since 1.13 (go: src/runtime/error.go `boundsError`).
fn no_word(go: &Go<'_>, found: &Found) -> Refusal {
    let index = if go.since(13) { " [0] with length 0" } else { "" };
    let text = format!("panic: runtime error: index out of range{index}");
    refuse(PANIC, text).because(Some(found.origin.clone()))
}
