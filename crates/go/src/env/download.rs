//! The toolchain as a module: where it lies in the module cache, and how go refuses to fetch it (go:
//! src/cmd/go/internal/modfetch: fetch.go `Download`, cache.go `DownloadDir`, proxy.go `proxyList`).
//!
//! Deliberately not here: fetching it. What a toolchain that is not there would say is not known.

use super::checksums::{self, Module, Trouble};
use super::fatal::{Refusal, refuse, unknown};
use super::go::Go;
use super::unpacked::MODULE;
use super::{cache, fips, modules, unpacked, values};
use crate::text;
use crate::version::Version;
use system::{FileKind, ReadError};

/// The unpacked toolchain, and warnings on the way.
pub(super) fn folder(go: &Go<'_>, name: &str) -> Result<(String, String), Refusal> {
    let warnings = modules_without_root(go)?;
    let found = module_folder(go, name).and_then(|folder| {
        unpacked::check_first_use(go, name, &folder)?;
        Ok(folder)
    });
    let found = found.map_err(|refusal| refusal.prefixed(&warnings))?;
    Ok((found, warnings))
}

/// Up to 1.25 modules are set up without a go.mod before anything is fetched.
fn modules_without_root(go: &Go<'_>) -> Result<String, Refusal> {
    if go.since(26) {
        return Ok(String::new());
    }
    if go.since(24) {
        fips::init(go).map_err(|refusal| refusal.prefixed("go: "))?;
    }
    let gopath = values::gopath(go).found.text;
    let mut found = modules::Modules::default();
    modules::first_of_gopath(go, &gopath, &mut found).map_err(|refusal| refusal.prefixed("go: "))?;
    Ok(found.warnings)
}

fn module_folder(go: &Go<'_>, name: &str) -> Result<String, Refusal> {
    let cache = module_cache(go).map_err(|refusal| refusal.prefixed("go: "))?;
    let version = format!("v0.0.1-{}.{}-{}", name, go.host_os, go.host_arch);
    if !is_version(&version) {
        let text = format!("go: download {name}: non-semver module version {}", text::quote(&version));
        return Err(refuse(1, text));
    }
    let escaped = escape(&version);
    let folder = go.join(&cache, &format!("{MODULE}@{escaped}"));
    let beside =
        |ending: &str| go.join(&cache, &format!("cache/download/golang.org/toolchain/@v/{escaped}.{ending}"));
    let is_folder = go.system.metadata(&folder).is_ok_and(|data| data.kind == FileKind::Folder);
    if is_folder && !go.system.exists(&beside("partial")) && go.system.exists(&beside("ziphash")) {
        return checked(go, &version, &cache, &beside("ziphash"), folder);
    }
    if go.system.exists(&beside("zip")) {
        return Err(unknown(format!(
            "{name} is in the module cache as an archive, which go would unpack first"
        )));
    }
    Err(fetch(go, name, &version))
}

/// Where the toolchain is unpacked, whole or not.
pub(super) fn unpacked(go: &Go<'_>, name: &str) -> Option<String> {
    let cache = values::gomodcache(go).found.text;
    let version = escape(&format!("v0.0.1-{name}.{}-{}", go.host_os, go.host_arch));
    let folder = go.join(&cache, &format!("{MODULE}@{version}"));
    (go.is_absolute(&cache) && go.system.is_folder(&folder)).then_some(folder)
}

/// `semver.IsValid`, of what stands behind the first `-` (go: golang.org/x/mod/semver/semver.go `parsePrerelease`,
/// `parseBuild`).
fn is_version(version: &str) -> bool {
    let part = |text: &str, numbers: bool| {
        text.split('.').all(|word| {
            let number = word.bytes().all(|b| b.is_ascii_digit());
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !(numbers && number && word.len() > 1 && word.starts_with('0'))
        })
    };
    let rest = version.split_once('-').map_or("", |(_, rest)| rest);
    match rest.split_once('+') {
        Some((before, build)) => part(before, true) && part(build, false),
        None => part(rest, true),
    }
}

/// `checkCacheDir`: where modules are unpacked.
pub(super) fn module_cache(go: &Go<'_>) -> Result<String, Refusal> {
    let cache = values::gomodcache(go).found;
    if cache.text.is_empty() {
        return Err(refuse(1, "go: module cache not found: neither GOMODCACHE nor GOPATH is set".to_owned()));
    }
    if !go.is_absolute(&cache.text) {
        let value = text::quote(&cache.text);
        let text = format!("go: GOMODCACHE entry is relative; must be absolute path: {value}.");
        return Err(refuse(1, text).because(Some(cache.origin)));
    }
    match cache_is_usable(go, &cache.text) {
        Ok(()) => Ok(cache.text),
        Err(refusal) => Err(refusal.because(Some(cache.origin))),
    }
}

/// The folder is there or can be made.
fn cache_is_usable(go: &Go<'_>, folder: &str) -> Result<(), Refusal> {
    let reason = match go.system.metadata(folder) {
        Ok(data) if data.kind == FileKind::Folder => return Ok(()),
        Ok(_) => format!("{} is not a directory", text::quote(folder)),
        Err(ReadError::NotFound) => match cache::cannot_make(go, folder) {
            // Below a file nothing is looked for: the system says so before a folder is made.
            Some(reason) if reason.ends_with(": not a directory") => {
                format!("stat {folder}: not a directory")
            }
            Some(reason) => reason,
            None => return Ok(()),
        },
        Err(ReadError::Denied) => format!("stat {folder}: permission denied"),
        Err(ReadError::Other(_)) => format!("stat {folder}: not a directory"),
    };
    Err(refuse(1, format!("go: could not create module cache: {reason}")))
}

/// Even what is unpacked is looked up in the checksum database, whose answer is kept; only where the one proxy is a
/// folder may the database be left out (go: fetch.go `checkMod`).
fn checked(go: &Go<'_>, version: &str, cache: &str, file: &str, folder: String) -> Result<String, Refusal> {
    let of_module = |text: &str| format!("go: verifying {MODULE}@{version}: {text}");
    let bytes = match go.system.read(&go.seen(file)) {
        Ok(bytes) => bytes,
        Err(_) => return Err(unknown(format!("{file} cannot be read"))),
    };
    let sum = text::decode(bytes.trim_ascii());
    if sum.len() != SUM_LENGTH || sum.contains('\0') {
        // It is summed up again.
        let archive = file.strip_suffix("hash").unwrap_or(file);
        return Err(match go.system.exists(&go.seen(archive)) {
            true => unknown(format!("{file} holds no checksum, and go would sum up the archive beside it")),
            false => refuse(1, of_module(&format!("open {archive}: no such file or directory"))),
        });
    }
    if !sum.starts_with("h1:") {
        return Err(refuse(1, of_module(&format!("unexpected ziphash: {}", text::quote(&sum)))));
    }
    let database = go.text("GOSUMDB");
    let excepted = ["GONOSUMDB", "GOPRIVATE"].map(|name| go.text(name));
    let excepted = excepted.iter().find(|text| !text.is_empty()).map_or("", String::as_str);
    // The servers themselves could not ask (go: sumdb.go `useSumDB`).
    let is_server = go.os_text("GIT_HTTP_USER_AGENT").contains("proxy.golang.org");
    if !unpacked::is_looked_up(&go.text("GOPROXY"), &database, excepted, is_server) {
        return Ok(folder);
    }
    let origin = go.get("GOSUMDB").map(|found| found.origin);
    let module = Module { path: MODULE, version, sum: &sum };
    match checksums::check(go, cache, module) {
        Ok(()) => Ok(folder),
        Err(Trouble::Says(text) | Trouble::Exits(text)) => {
            Err(refuse(1, format!("go: {text}")).because(origin))
        }
        Err(Trouble::Unknown(reason)) => Err(unknown(reason).because(origin)),
    }
}

/// `h1:` and a SHA-256 in Base64 (go: fetch.go `isValidSum`).
const SUM_LENGTH: usize = 47;

/// Why it cannot be fetched, as far as that shows without asking anybody.
fn fetch(go: &Go<'_>, name: &str, version: &str) -> Refusal {
    let setting = go.get("GOPROXY");
    let text = setting.as_ref().map(|found| found.text.clone()).unwrap_or_default();
    let origin = setting.map(|found| found.origin);
    let downloading = format!("go: downloading {name} ({}/{})\n", go.host_os, go.host_arch);
    let refused = |text: String| refuse(1, downloading.clone() + &text).because(origin.clone());
    let proxies = match proxies(go, &text) {
        Ok(proxies) => proxies,
        Err(error) => return refused(format!("go: download {name}: {error}")),
    };
    let to_download = || {
        let reason = format!("{name} would have to be downloaded, and what it would print is then not known");
        unknown(reason).because(origin.clone())
    };
    // What is private is fetched from its origin, whatever proxies there are (go: repo.go `lookup`).
    let private = ["GONOPROXY", "GOPRIVATE"].map(|name| go.text(name));
    let private = private.iter().find(|text| !text.is_empty()).map_or("", String::as_str);
    if unpacked::matches_prefix(private, MODULE) {
        return to_download();
    }
    for proxy in proxies {
        if proxy == "off" {
            return refused(not_available(go, name));
        }
        let zip = |root: &str| format!("{root}/golang.org/toolchain/@v/{}.zip", escape(version));
        match proxy.strip_prefix("file://") {
            // The next proxy is asked where this one does not have it.
            Some(root) if !go.system.exists(&zip(root)) => {}
            _ => return to_download(),
        }
    }
    refused(not_available(go, name))
}

fn not_available(go: &Go<'_>, name: &str) -> String {
    let version = Version::from_toolchain(name);
    if go.rules.first_release_of_language()
        && version.is_some_and(|v| v.is_language() && v.minor_at_least(21))
    {
        return format!(
            "go: invalid toolchain: {name} is a language version but not a toolchain version ({name}.x)"
        );
    }
    format!("go: download {name} for {}/{}: toolchain not available", go.host_os, go.host_arch)
}

/// `proxyList`: the entries of GOPROXY, or what is wrong with one.
pub(super) fn proxies(go: &Go<'_>, text: &str) -> Result<Vec<String>, String> {
    let mut proxies = Vec::new();
    for entry in text.split([',', '|']).map(str::trim).filter(|entry| !entry.is_empty()) {
        if entry == "off" || entry == "direct" {
            proxies.push(entry.to_owned());
            break;
        }
        let has_scheme = entry.contains(":/");
        let entry = if entry.contains(['.', ':', '/'])
            && !has_scheme
            && !entry.starts_with('/')
            && !go.is_absolute(entry)
        {
            format!("https://{entry}")
        } else {
            entry.to_owned()
        };
        check_proxy(&entry)?;
        proxies.push(entry);
    }
    if proxies.is_empty() {
        return Err("GOPROXY list is not the empty string, but contains no entries".to_owned());
    }
    Ok(proxies)
}

/// `newProxyRepo`, as far as the scheme goes.
fn check_proxy(entry: &str) -> Result<(), String> {
    let letters = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    match entry.split_once(':').filter(|(scheme, _)| letters(scheme)) {
        None => Err(format!("invalid proxy URL missing scheme: {entry}")),
        Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => Ok(()),
            "file" if rest.starts_with("///") && !rest.contains(['?', '#']) => Ok(()),
            "file" => Err(format!("invalid file:// proxy URL with non-path elements: {entry}")),
            _ => Err(format!("invalid proxy URL scheme (must be https, http, file): {entry}")),
        },
    }
}

/// Capitals are written with `!` (go: golang.org/x/mod/module `EscapeVersion`).
pub(super) fn escape(version: &str) -> String {
    let one = |c: char| {
        if c.is_ascii_uppercase() { format!("!{}", c.to_ascii_lowercase()) } else { c.to_string() }
    };
    version.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_proxies() {
        // Messages of go 1.27.4 and 1.21.13.
        for (entry, want) in [
            ("https://a", None),
            ("file:///a", None),
            ("x", Some("invalid proxy URL missing scheme: x")),
            ("ftp://x", Some("invalid proxy URL scheme (must be https, http, file): ftp://x")),
            ("file://h/x", Some("invalid file:// proxy URL with non-path elements: file://h/x")),
        ] {
            assert_eq!(check_proxy(entry).err().as_deref(), want, "{entry}");
        }
        assert_eq!(escape("v1-X"), "v1-!x");
    }
}
