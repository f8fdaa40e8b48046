//! Which rules a version of the go command follows, as far as GOROOT and the env file depend on it.

use crate::version::Version;

/// The newest minor whose rules were read.
const NEWEST: u8 = 27;

/// The rules of one version; those of the newest where the version is not known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Rules {
    version: Option<Version>,
}

impl Rules {
    /// Of `runtime.Version` text: `go1.26.3`, `devel go1.27-4f…`.
    pub(crate) fn of(text: Option<&str>) -> Self {
        let name = text.map(|t| t.strip_prefix("devel ").unwrap_or(t));
        Self { version: name.and_then(Version::from_toolchain) }
    }

    /// `1.N` or later, its prereleases included.
    pub(crate) fn since(&self, minor: u64) -> bool {
        self.version.as_ref().is_none_or(|v| v.minor_at_least(minor))
    }

    /// N of Go 1.N, the newest that is known for a version that is not.
    pub(crate) fn minor(&self) -> u8 {
        self.version.as_ref().map_or(NEWEST, Version::minor)
    }

    /// The env file came with 1.13 (go: release notes of 1.13, "Environment variables").
    pub(crate) fn env_file(&self) -> bool {
        self.since(13)
    }

    /// Before 1.21 `findGOROOT` cleans what the environment says; since then it is taken as it stands
    /// (go: src/cmd/go/internal/cfg/cfg.go `findGOROOT`, `Getenv`).
    pub(crate) fn goroot_as_it_stands(&self) -> bool {
        self.since(21)
    }

    /// GOROOT/go.env with the defaults of GOPROXY, GOSUMDB, GOTOOLCHAIN came with 1.21.
    pub(crate) fn go_env_defaults(&self) -> bool {
        self.since(21)
    }

    /// GOROOT/bin/GOOS_GOARCH/go is known to lie in GOROOT (go issue 62119). The probe is in 1.21.13 and not in
    /// 1.21.0; the releases between are taken to have it.
    pub(crate) fn cross_bin(&self) -> bool {
        self.version.as_ref().is_none_or(|v| v.is_at_least("1.21.1"))
    }

    /// A toolchain line must be newer than the minimum; in 1.21 one that is equal was taken too (go:
    /// src/cmd/go/internal/toolchain/select.go `Select`, 1.21.13 and 1.22.12).
    pub(crate) fn toolchain_must_be_newer(&self) -> bool {
        self.since(22)
    }

    /// A go line `1.N` asks for the toolchain go1.N.0 (go issue 62278); in 1.21.0 it was go1.N.
    pub(crate) fn first_release_of_language(&self) -> bool {
        self.cross_bin()
    }

    /// A relative XDG_CONFIG_HOME is an error since 1.24 (go: src/os/file.go `UserConfigDir`).
    pub(crate) fn absolute_config_folder(&self) -> bool {
        self.since(24)
    }

    /// `go env -w GOROOT` is refused since 1.27, and with it `-u`.
    pub(crate) fn goroot_cannot_be_unset(&self) -> bool {
        self.since(27)
    }
}
