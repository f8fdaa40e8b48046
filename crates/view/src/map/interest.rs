//! Which variables matter to Go.
//!
//! Not here: what they mean.

use model::Name;

/// Rows that the matrix always has, after `go`.
pub(crate) const ALWAYS: &[&str] = &["GOROOT", "GOPATH", "GOTOOLCHAIN", "GOPROXY", "GOFLAGS", "PATH"];

/// What the go command, its tools and every Go program read. `src/internal/cfg/cfg.go` `KnownEnv` of go 1.27, and
/// what is read beside it: `src/runtime/extern.go` (GOGC, GOMAXPROCS, GOMEMLIMIT, GORACE, GOTRACEBACK),
/// `src/cmd/go/internal/modload` (GO111MODULE), `src/internal/coverage` (GOCOVERDIR),
/// `golang.org/x/tools/go/packages` (GOPACKAGESDRIVER), `src/make.bash` (GOROOT_BOOTSTRAP, GOROOT_FINAL).
const GO: &[&str] = &[
    "AR",
    "CC",
    "CXX",
    "FC",
    "GCCGO",
    "GCCGOTOOLDIR",
    "GO111MODULE",
    "GO386",
    "GOAMD64",
    "GOARCH",
    "GOARM",
    "GOARM64",
    "GOAUTH",
    "GOBIN",
    "GOCACHE",
    "GOCACHEPROG",
    "GOCOVERDIR",
    "GODEBUG",
    "GOENV",
    "GOEXE",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOGC",
    "GOGCCFLAGS",
    "GOHOSTARCH",
    "GOHOSTOS",
    "GOINSECURE",
    "GOMAXPROCS",
    "GOMEMLIMIT",
    "GOMIPS",
    "GOMIPS64",
    "GOMODCACHE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOOS",
    "GOPACKAGESDRIVER",
    "GOPATH",
    "GOPPC64",
    "GOPRIVATE",
    "GOPROXY",
    "GORACE",
    "GORISCV64",
    "GOROOT",
    "GOROOT_BOOTSTRAP",
    "GOROOT_FINAL",
    "GOSUMDB",
    "GOTELEMETRY",
    "GOTELEMETRYDIR",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOTOOLDIR",
    "GOTRACEBACK",
    "GOVCS",
    "GOVERSION",
    "GOWASM",
    "GOWORK",
    "GO_EXTLINK_ENABLED",
    "GO_LDSO",
    "PKG_CONFIG",
];

/// `golang.org/x/net/http/httpproxy` `FromEnvironment` reads these in upper and lower case; `ALL_PROXY` is read by
/// `golang.org/x/net/proxy` and by curl and git, whom go starts.
const PROXY: &[&str] = &["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];

/// The names of the variables that Go, cgo and Go programs read, proxies too.
pub fn go_variables() -> impl Iterator<Item = &'static str> {
    GO.iter().chain(PROXY).chain(&["PATH"]).copied()
}

/// Whether a variable is Go's, cgo's or a proxy's.
pub(crate) fn matters(name: &Name) -> bool {
    let text = name.to_text();
    let upper = text.to_ascii_uppercase();
    GO.contains(&&*text) || text.starts_with("CGO_") || PROXY.contains(&upper.as_str())
}

/// Rows in their order: the usual ones, other variables of Go and cgo, proxies, then all the rest by name.
pub(crate) fn rank(name: &Name) -> (usize, Name) {
    let text = name.to_text();
    let always = ALWAYS.iter().position(|a| *a == text);
    let rank = match always {
        // PATH is the longest and stands last of the usual rows, after what else is Go's.
        Some(at) if at + 1 < ALWAYS.len() => at,
        Some(_) => 30,
        None if GO.contains(&&*text) || text.starts_with("CGO_") => 10,
        None if matters(name) => 20,
        None => 40,
    };
    (rank, name.clone())
}
