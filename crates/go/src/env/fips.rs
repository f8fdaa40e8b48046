//! GOFIPS140 as `go env` checks it since 1.24, before it looks for modules (go:
//! src/cmd/go/internal/fips140/fips140.go `Init`).
//!
//! Deliberately not here: unpacking a snapshot of the cryptography, which is taken to succeed where there is a
//! module cache.

use super::fatal::{Refusal, refuse};
use super::go::Go;
use super::{download, experiment, values};
use crate::text;

pub(super) fn init(go: &Go<'_>) -> Result<(), Refusal> {
    let (value, origin) = values::gofips140(go);
    let refused = |text: String| refuse(1, text).because(Some(origin.clone()));
    if value.is_empty() || value == "off" {
        return Ok(());
    }
    if value != "latest" {
        if value.contains('/') || value.contains('\\') || value.contains("..") {
            let text = format!("go: malformed GOFIPS140 version {}", text::quote(&value));
            return Err(refused(text));
        }
        if go.goroot().is_empty() {
            return Err(refused("go: missing GOROOT for GOFIPS140".to_owned()));
        }
        snapshot(go, &value).map_err(refused)?;
        // It is unpacked like a module (go: src/cmd/go/internal/modfetch/fetch.go `Unzip`).
        download::module_cache(go)?;
    }
    let experiments =
        experiment::parse(go.minor, &go.baked, &go.goos(), &go.goarch(), &values::experiment_text(go));
    if experiments.is_ok_and(|e| e.is_on("boringcrypto")) {
        return Err(refused("go: cannot use GOFIPS140 with GOEXPERIMENT=boringcrypto".to_owned()));
    }
    Ok(())
}

/// A version, or the name of one, must lie in GOROOT/lib/fips140.
fn snapshot(go: &Go<'_>, value: &str) -> Result<(), String> {
    let folder = go.join(&go.join(go.goroot(), "lib"), "fips140");
    let path = |name: &str| go.seen(&go.join(&folder, name));
    let mut version = value.to_owned();
    if let Ok(bytes) = go.system.read(&path(&format!("{value}.txt"))) {
        version = text::decode(bytes.trim_ascii());
        if !go.system.exists(&path(&format!("{version}.zip"))) {
            let (version, from) = (text::quote(&version), text::quote(value));
            return Err(format!("go: unknown GOFIPS140 version {version} (from {from})"));
        }
    }
    if go.system.exists(&path(&format!("{version}.zip"))) {
        return Ok(());
    }
    Err(format!("go: unknown GOFIPS140 version {}", text::quote(&version)))
}
