//! Which database GOSUMDB names, and where it is asked (go: src/cmd/go/internal/modfetch/sumdb.go `dbDial`,
//! `initBase`).

use super::Trouble;
use super::note::Verifier;
use crate::env::download;
use crate::env::go::Go;
use system::{Os, ReadError};

pub(super) struct Database {
    pub(super) verifier: Verifier,
    /// The URL of GOSUMDB itself.
    url: Option<String>,
}

/// Where it is asked.
pub(super) enum Base {
    /// A folder, by a `file` URL.
    Folder(String),
    Server(String),
}

/// Hosts whose keys go knows (go: key.go `knownGOSUMDB`; sumdb.go `dbDial` for the second name).
const KNOWN: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const KNOWN_ALIAS: &str = "sum.golang.google.cn";

impl Database {
    pub(super) fn of(go: &Go<'_>) -> Result<Self, Trouble> {
        let says = |text: String| Err(Trouble::Says(text));
        let setting = go.text("GOSUMDB");
        if setting == "off" {
            return says("checksum database disabled by GOSUMDB=off".to_owned());
        }
        let host = KNOWN.split('+').next().unwrap_or_default();
        let alias = format!("{host} https://{KNOWN_ALIAS}");
        let setting = if setting == KNOWN_ALIAS { &alias } else { &setting };
        let words: Vec<&str> = setting.split_whitespace().collect();
        let (key, url) = match *words.as_slice() {
            [] => return says("missing GOSUMDB".to_owned()),
            [key] => (key, None),
            [key, url] => (key, Some(url.to_owned())),
            _ => return says("invalid GOSUMDB: too many fields".to_owned()),
        };
        let key = if key == host { KNOWN } else { key };
        let verifier = match Verifier::parse(key) {
            Ok(verifier) => verifier,
            Err(error) => return says(format!("invalid GOSUMDB: {error}")),
        };
        if !is_plain_name(&verifier.name) {
            let reason = format!("whether go takes `{}` for the name of a database", verifier.name);
            return Err(Trouble::Unknown(format!("{reason} cannot be told")));
        }
        Ok(Self { verifier, url })
    }

    /// The first proxy that hands its questions on, where GOSUMDB names no URL; else its host.
    pub(super) fn base(&self, go: &Go<'_>) -> Result<Base, Trouble> {
        if let Some(url) = &self.url {
            return of_url(go, url);
        }
        let name = &self.verifier.name;
        for proxy in download::proxies(go, &go.text("GOPROXY")).map_err(Trouble::Says)? {
            if proxy == "direct" || proxy == "off" {
                break;
            }
            let Base::Folder(folder) = of_url(go, &proxy)? else {
                return Ok(Base::Server(format!("{proxy}/sumdb/{name}")));
            };
            let folder = format!("{}/sumdb/{name}", folder.trim_end_matches('/'));
            match go.system.read(&format!("{folder}/supported")) {
                Ok(_) => return Ok(Base::Folder(folder)),
                Err(ReadError::NotFound) => {}
                Err(_) => {
                    return Err(Trouble::Unknown(format!("{folder}/supported can not be read")));
                }
            }
        }
        Ok(Base::Server(format!("https://{name}")))
    }
}

/// A host, and a path behind it.
fn is_plain_name(name: &str) -> bool {
    let mut parts = name.split('/');
    let good = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_~".contains(&b))
    };
    parts.all(good)
}

fn of_url(go: &Go<'_>, url: &str) -> Result<Base, Trouble> {
    let lower = url.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Ok(Base::Server(url.to_owned()));
    }
    let plain = |path: &&str| {
        let odd = |b: u8| !(b.is_ascii_alphanumeric() || b"/.-_~+@:,=&$;".contains(&b));
        go.os != Os::Windows && path.starts_with('/') && !path.bytes().any(odd)
    };
    match url.strip_prefix("file://").filter(plain) {
        Some(path) => Ok(Base::Folder(path.to_owned())),
        None => Err(Trouble::Unknown(format!("where go looks by the URL `{url}` cannot be told"))),
    }
}
