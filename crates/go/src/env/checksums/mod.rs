//! What go does with the checksum of a toolchain: which database GOSUMDB names, what that says by what it left in the
//! module cache or says in a folder, and the message with which go refuses (go: src/cmd/go/internal/modfetch: fetch.go
//! `checkSumDB`, sumdb.go; golang.org/x/mod/sumdb/client.go).
//!
//! Deliberately not here: asking a server. What only a server could say is not known.

mod base64;
mod client;
mod database;
mod note;
mod tiles;

use super::go::Go;
use crate::version::Version;
use database::Database;

/// Why a checksum is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An error, in go's words.
    Says(String),
    /// go exits with this, whatever it was about to do.
    Exits(String),
    /// It cannot be told, for this reason.
    Unknown(String),
}

/// A module of which a checksum is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Module<'a> {
    pub(super) path: &'a str,
    pub(super) version: &'a str,
    /// `h1:…`, of its archive.
    pub(super) sum: &'a str,
}

/// Whether clients prove every tile and want a line for the module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    Strict,
    Lax,
    /// It came with some patch of this minor.
    Unsure,
}

impl Care {
    /// By the sources of 1.21.0, 1.21.13, 1.22.12, 1.23.12, 1.24.13, 1.25.5 (lax), 1.25.14, 1.26.6, 1.26.11, 1.27.0
    /// and 1.27.4 (strict).
    fn of(go: &Go<'_>) -> Self {
        let Some(version) = Version::from_toolchain(&go.version) else { return Self::Unsure };
        let (strict, lax) = match go.minor {
            ..25 => return Self::Lax,
            25 => ("1.25.14", "1.25.6"),
            26 => ("1.26.6", "1.26"),
            _ => return Self::Strict,
        };
        match (version.is_at_least(strict), version.is_at_least(lax)) {
            (true, _) => Self::Strict,
            (_, false) => Self::Lax,
            _ => Self::Unsure,
        }
    }
}

/// `checkSumDB`: asks the database that GOSUMDB names. `cache` is GOMODCACHE.
pub(super) fn check(go: &Go<'_>, cache: &str, module: Module<'_>) -> Result<(), Trouble> {
    let database = Database::of(go).map_err(|trouble| verifying(trouble, module))?;
    let care = Care::of(go);
    let lines = client::lookup(go, &database, cache, module, care);
    let lines = lines.map_err(|trouble| match trouble {
        // Whether each tile is proven came with the same patches.
        Trouble::Says(text) if care == Care::Unsure && text.ends_with(client::WRONG_TILE) => {
            Trouble::Unknown("what is kept of the checksum database is wrong".to_owned())
        }
        trouble => verifying(trouble, module),
    })?;
    let start = format!("{} {} h1:", module.path, module.version);
    let found = lines.iter().find(|line| line.starts_with(&start)).map(|line| &line[start.len() - 3..]);
    match found {
        Some(sum) if sum == module.sum => Ok(()),
        Some(sum) => {
            let text = format!(
                "checksum mismatch\n\tdownloaded: {}\n\t{}: {sum}{MISMATCH}",
                module.sum, database.verifier.name
            );
            Err(verifying(Trouble::Says(text), module))
        }
        None => match care {
            Care::Lax => Ok(()),
            Care::Strict => {
                let text = format!("checksum missing from sumdb response{ABSENT}");
                Err(verifying(Trouble::Says(text), module))
            }
            Care::Unsure => Err(Trouble::Unknown(format!(
                "the checksum database has no line for this toolchain, and whether {} minds is not known",
                go.version
            ))),
        },
    }
}

/// In the words of `module.VersionError`.
fn verifying(trouble: Trouble, module: Module<'_>) -> Trouble {
    match trouble {
        Trouble::Says(text) => {
            Trouble::Says(format!("{}@{}: verifying module: {text}", module.path, module.version))
        }
        other => other,
    }
}

/// go: fetch.go `sumdbMismatch`.
const MISMATCH: &str = "

SECURITY ERROR
This download does NOT match the one reported by the checksum server.
The bits may have been replaced on the origin server, or an attacker may
have intercepted the download attempt.

For more information, see 'go help module-auth'.
";

/// go: fetch.go `sumdbAbsent`.
const ABSENT: &str = "

SECURITY ERROR
This download does NOT match one reported by the checksum server.
The checksum server has provided checksums, but the checksums do
not contain an entry for the download.
The checksum server may be malfunctioning, or an attacker may have
intercepted the checksum request.
The download cannot be verified.

For more information, see 'go help module-auth'.
";
