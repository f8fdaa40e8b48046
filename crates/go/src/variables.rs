//! Everything that `go env` knows, as data: since when, what kind of default, which are lists or paths.
//!
//! From go: src/internal/cfg/cfg.go `KnownEnv`, src/cmd/go/internal/envcmd/env.go `MkEnv`, `checkEnvWrite`, read in
//! every minor from 1.11 to 1.27. Deliberately not here: the values; a default that needs the machine or the SDK
//! is only named.

/// How a variable gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Environment, else env file, else GOROOT/go.env, else a default.
    Configured,
    /// The same, without a default of its own.
    Raw,
    /// Computed by go: what is set under this name has no effect.
    Computed,
    /// Read from the environment only.
    Environment,
}

/// Where the value comes from when nothing is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    Empty,
    Fixed(&'static str),
    /// GOROOT/go.env (1.21 and later), before that built in.
    GoEnv,
    /// Baked into the SDK when it was built (`zbootstrap.go`, `zdefaultcc.go`).
    Baked,
    /// The value of another variable.
    SameAs(&'static str),
    /// Computed from folders, the platform or the project, by a rule of its own.
    Rule,
}

/// One variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// First minor N of Go 1.N that prints it in `go env`; 11 for 1.11 and earlier, `None`: known, never printed.
    pub printed_since: Option<u8>,
    /// First minor whose `go env -w` accepts it.
    pub written_since: Option<u8>,
    pub kind: Kind,
    pub fallback: Fallback,
    /// Whether the value is a file name or a list of them.
    pub path_like: bool,
    /// What separates the entries of a list. `:` stands for the machine's own path separator.
    pub separator: Option<char>,
}

/// All variables, by name.
pub fn known_variables() -> &'static [Variable] {
    VARIABLES
}

/// A variable by its exact name.
pub fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES.binary_search_by(|v| v.name.cmp(name)).ok().map(|at| &VARIABLES[at])
}

/// Whether Go 1.`minor` counts a name among its own (`KnownEnv`): all that `-w` takes, what is computed, GOENV,
/// GOROOT and GOWORK.
pub(crate) fn is_known(name: &str, minor: u8) -> bool {
    let Some(variable) = find(name) else { return false };
    // GODEBUG, GOPACKAGESDRIVER, GOTELEMETRY and GOTELEMETRYDIR are printed without being in the list, and so are
    // GOMOD and GOVERSION.
    const PRINTED_ONLY: &[&str] =
        &["GODEBUG", "GOMOD", "GOPACKAGESDRIVER", "GOTELEMETRY", "GOTELEMETRYDIR", "GOVERSION"];
    let since = variable.written_since.or(variable.printed_since);
    !PRINTED_ONLY.contains(&name) && since.is_some_and(|since| since <= minor)
}

const fn row(
    name: &'static str,
    printed_since: u8,
    written_since: u8,
    kind: Kind,
    fallback: Fallback,
) -> Variable {
    Variable {
        name,
        printed_since: if printed_since == NEVER { None } else { Some(printed_since) },
        written_since: if written_since == NEVER { None } else { Some(written_since) },
        kind,
        fallback,
        path_like: false,
        separator: None,
    }
}

impl Variable {
    const fn path(mut self) -> Self {
        self.path_like = true;
        self
    }

    const fn list(mut self, separator: char) -> Self {
        self.separator = Some(separator);
        self
    }
}

const NEVER: u8 = 0;

use Fallback::{Baked, Empty, Fixed, GoEnv, Rule, SameAs};
use Kind::{Computed, Configured, Environment, Raw};

const VARIABLES: &[Variable] = &[
    row("AR", 13, 13, Configured, Fixed("ar")).path(),
    row("CC", 11, 13, Configured, Baked),
    row("CGO_CFLAGS", 11, 13, Configured, Fixed("-O2 -g")).list(' '),
    row("CGO_CFLAGS_ALLOW", NEVER, 13, Raw, Empty),
    row("CGO_CFLAGS_DISALLOW", NEVER, 13, Raw, Empty),
    row("CGO_CPPFLAGS", 11, 13, Configured, Empty).list(' '),
    row("CGO_CPPFLAGS_ALLOW", NEVER, 13, Raw, Empty),
    row("CGO_CPPFLAGS_DISALLOW", NEVER, 13, Raw, Empty),
    row("CGO_CXXFLAGS", 11, 13, Configured, Fixed("-O2 -g")).list(' '),
    row("CGO_CXXFLAGS_ALLOW", NEVER, 13, Raw, Empty),
    row("CGO_CXXFLAGS_DISALLOW", NEVER, 13, Raw, Empty),
    row("CGO_ENABLED", 11, 13, Configured, Rule),
    row("CGO_FFLAGS", 11, 13, Configured, Fixed("-O2 -g")).list(' '),
    row("CGO_FFLAGS_ALLOW", NEVER, 13, Raw, Empty),
    row("CGO_FFLAGS_DISALLOW", NEVER, 13, Raw, Empty),
    row("CGO_LDFLAGS", 11, 13, Configured, Fixed("-O2 -g")).list(' '),
    row("CGO_LDFLAGS_ALLOW", NEVER, 13, Raw, Empty),
    row("CGO_LDFLAGS_DISALLOW", NEVER, 13, Raw, Empty),
    row("CXX", 11, 13, Configured, Baked),
    row("FC", NEVER, 13, Configured, Fixed("gfortran")),
    row("GCCGO", 11, 13, Configured, Rule).path(),
    row("GO111MODULE", 13, 13, Raw, Empty),
    row("GO386", 11, 13, Configured, Baked),
    row("GOAMD64", 18, 18, Configured, Baked),
    row("GOARCH", 11, 13, Configured, Rule),
    row("GOARM", 11, 13, Configured, Baked),
    row("GOARM64", 23, 23, Configured, Baked),
    row("GOAUTH", 24, 24, Configured, Fixed("netrc")).list(';'),
    row("GOBIN", 11, 13, Configured, Rule).path(),
    row("GOCACHE", 11, 13, Configured, Rule).path(),
    row("GOCACHEPROG", 24, 21, Raw, Empty),
    row("GODEBUG", 23, NEVER, Environment, Empty).list(','),
    row("GOENV", 13, NEVER, Environment, Rule).path(),
    row("GOEXE", 11, NEVER, Computed, Rule),
    row("GOEXPERIMENT", 17, 17, Raw, Baked).list(','),
    row("GOFIPS140", 24, 24, Configured, Fixed("off")),
    row("GOFLAGS", 11, 13, Raw, Empty).list(' '),
    row("GOGCCFLAGS", 11, NEVER, Computed, Rule),
    row("GOHOSTARCH", 11, NEVER, Computed, Rule),
    row("GOHOSTOS", 11, NEVER, Computed, Rule),
    row("GOINSECURE", 14, 14, Raw, Empty).list(','),
    row("GOMIPS", 11, 13, Configured, Baked),
    row("GOMIPS64", 11, 13, Configured, Baked),
    row("GOMOD", 11, NEVER, Computed, Rule).path(),
    row("GOMODCACHE", 15, 15, Configured, Rule).path(),
    row("GONOPROXY", 13, 13, Configured, SameAs("GOPRIVATE")).list(','),
    row("GONOSUMDB", 13, 13, Configured, SameAs("GOPRIVATE")).list(','),
    row("GOOS", 11, 13, Configured, Rule),
    row("GOPACKAGESDRIVER", 27, NEVER, Environment, Empty),
    row("GOPATH", 11, 13, Configured, Rule).path().list(':'),
    row("GOPPC64", 13, 13, Configured, Baked),
    row("GOPRIVATE", 13, 13, Raw, Empty).list(','),
    row("GOPROXY", 11, 13, Configured, GoEnv).list(','),
    row("GORISCV64", 23, 23, Configured, Baked),
    row("GOROOT", 11, 13, Configured, Rule).path(),
    row("GOSUMDB", 13, 13, Configured, GoEnv),
    row("GOTELEMETRY", 23, NEVER, Computed, Rule),
    row("GOTELEMETRYDIR", 23, NEVER, Computed, Rule).path(),
    row("GOTMPDIR", 11, 13, Raw, Empty).path(),
    row("GOTOOLCHAIN", 21, 21, Configured, GoEnv),
    row("GOTOOLDIR", 11, NEVER, Computed, Rule).path(),
    row("GOVCS", 16, 16, Raw, Empty).list(','),
    row("GOVERSION", 16, NEVER, Computed, Rule),
    row("GOWASM", 13, 13, Configured, Baked).list(','),
    // Refused by `-w`, yet a line of the env file counts (`off` above all).
    row("GOWORK", 18, NEVER, Configured, Rule).path(),
    row("GO_EXTLINK_ENABLED", NEVER, 13, Raw, Empty),
    row("PKG_CONFIG", 11, 13, Configured, Fixed("pkg-config")).path(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_found() {
        assert!(VARIABLES.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(find("GOPATH").map(|v| (v.path_like, v.separator)), Some((true, Some(':'))));
        assert_eq!(find("gopath"), None);
    }

    #[test]
    fn computed_ones_cannot_be_written() {
        for variable in known_variables() {
            if matches!(variable.kind, Computed | Environment) {
                assert_eq!(variable.written_since, None, "{}", variable.name);
            }
        }
    }
}
