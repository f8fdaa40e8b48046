//! List variables: values with a separator, whose entries have provenance of their own.

use crate::{Confidence, Name, Origin, Via};

/// One entry of a list variable and who added it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub bytes: Vec<u8>,
    /// Space and layer that added it.
    pub space: crate::SpaceId,
    pub layer: String,
    pub origin: Origin,
    pub via: Option<Via>,
    pub confidence: Confidence,
}

/// How the entries of a list changed in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    pub added: Vec<Vec<u8>>,
    pub removed: Vec<Vec<u8>>,
}

/// The separator of a list variable where `path_separator` separates paths; `None` for other variables.
pub fn list_separator(name: &Name, path_separator: u8) -> Option<u8> {
    const PATHS: &[&str] = &[
        "PATH",
        "GOPATH",
        "MANPATH",
        "INFOPATH",
        "CDPATH",
        "FPATH",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "LIBRARY_PATH",
        "CPATH",
        "C_INCLUDE_PATH",
        "CPLUS_INCLUDE_PATH",
        "PKG_CONFIG_PATH",
        "PKG_CONFIG_LIBDIR",
        "XDG_DATA_DIRS",
        "XDG_CONFIG_DIRS",
        "PYTHONPATH",
        "PSMODULEPATH",
        "TERMINFO_DIRS",
    ];
    const COMMAS: &[&str] =
        &["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "NO_PROXY", "GOEXPERIMENT", "GODEBUG"];
    // WSLENV is separated by `:` on both sides (os: WSL init, UtilParseWslEnv).
    let is = |text: &&str| name.as_bytes().eq_ignore_ascii_case(text.as_bytes());
    if is(&"WSLENV") {
        Some(b':')
    } else if COMMAS.iter().any(is) {
        Some(b',')
    } else {
        PATHS.iter().any(is).then_some(path_separator)
    }
}

/// Entries of a list; an empty value has none, and empty entries are kept.
pub fn split_list(value: &[u8], separator: u8) -> Vec<&[u8]> {
    if value.is_empty() { Vec::new() } else { value.split(|&b| b == separator).collect() }
}
