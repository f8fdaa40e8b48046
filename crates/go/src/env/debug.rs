//! GODEBUG, as far as a program of Go refuses to start for it: since 1.27 the runtime ends where a setting that was removed is
//! given its old value (go: src/runtime/runtime1.go `parsegodebug`, proc.go `main`, src/internal/godebugs/table.go `Removed`).
//!
//! Deliberately not here: what settings do.

use super::fatal::{Refusal, refuse};
use super::go::Go;

/// Name, the minor that removed it, its old values.
const REMOVED: &[(&str, u64, &[&str])] = &[
    ("x509sha1", 24, &["1"]),
    ("tlskyber", 24, &["0"]),
    ("gotypesalias", 27, &["0"]),
    ("tlsunsafeekm", 27, &["1"]),
    ("tlsrsakex", 27, &["1"]),
    ("tls3des", 27, &["1"]),
    ("tls10server", 27, &["1"]),
    ("x509keypairleaf", 27, &["0"]),
    ("asynctimerchan", 27, &["1", "2"]),
];

/// Status of the runtime's `fatal`.
const FATAL: i32 = 2;

/// Before anything of the program itself runs.
pub(super) fn check_at_start(go: &Go<'_>) -> Result<(), Refusal> {
    if !go.since(27) {
        return Ok(());
    }
    let Some(found) = go.os_env("GODEBUG") else { return Ok(()) };
    let settings = found.text.split(',').filter_map(|field| field.split_once('='));
    for (key, value) in settings {
        let removed = REMOVED.iter().find(|(name, ..)| *name == key);
        if let Some((_, minor, _)) = removed.filter(|(.., old)| old.contains(&value)) {
            let text = format!(
                "fatal error: removed GODEBUG \"{key}\" set to old value \"{value}\" in environment \
                 (https://go.dev/doc/godebug#go-1{minor})"
            );
            return Err(refuse(FATAL, text).because(Some(found.origin)));
        }
    }
    Ok(())
}
