//! What go is asked on a machine. The first question is always the same, so that each variable is compared on each
//! machine; the others vary in form.

use super::Laying;
use crate::conformance::chance::Chance;

/// All that some version prints, but for what needs the compilers to be run.
pub(crate) const CHEAP: &[&str] = &[
    "AR",
    "CC",
    "CGO_ENABLED",
    "CXX",
    "FC",
    "GCCGO",
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
    "GODEBUG",
    "GOENV",
    "GOEXE",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOHOSTARCH",
    "GOHOSTOS",
    "GOINSECURE",
    "GOMIPS",
    "GOMIPS64",
    "GOMOD",
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
    "GOSUMDB",
    "GOTELEMETRY",
    "GOTELEMETRYDIR",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOTOOLDIR",
    "GOVCS",
    "GOVERSION",
    "GOWASM",
    "GOWORK",
];
const DEAR: &[&str] =
    &["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS", "PKG_CONFIG"];
/// Not printed by any, but `go env` may be asked for anything.
const OTHER: &[&str] =
    &["FOO", "HOME", "PATH", "goproxy", "GO_EXTLINK_ENABLED", "CGO_CFLAGS_ALLOW", "GOX", "A", "GOROOT_FINAL"];

/// Forms; `N` stands for a name, `D` for one that needs the builder, `O` for another one.
pub(crate) const FORMS: &[&str] = &[
    "env N",
    "env N N O N",
    "env O",
    "env D",
    "env N D N",
    "env GOTOOLCHAIN",
    "env GOMOD",
    "env GOWORK",
    "env GOROOT GOPATH",
    "env -json N",
    "env -json O N",
    "env -json D",
    "env --json N",
    "env -json=true N",
    "env -json=false N",
    "env -json=T",
    "env -json=x N",
    "env -nosuch",
    "env N -json",
    "env -json -- N",
    "env -- N",
    "env -",
    "env N=x",
    "env -json GOTOOLCHAIN",
    "env -changed",
    "env -changed",
    "env -changed -json",
    "env -changed N N N N N N",
    "env -json -changed N N N N N N O",
    "env -changed=false N",
    "env -C .. GOMOD",
    "env -C={t}/w -json",
    "-C {t}/w/a env GOMOD GOWORK GOVERSION",
    "env -C {t}/nowhere N",
    "env -json=",
    "env -json -json N",
    "env -changed D",
    "env -w=false N",
    "env -u=false N",
    "env -x N",
    "env -v N",
    "env -C",
    "env -json N N=y",
    "env -=x",
    "env ---json",
];

pub(crate) fn ask(laying: &mut Laying<'_>) -> Vec<Vec<String>> {
    let mut all = vec!["env".to_owned(), "-json".to_owned()];
    all.extend(CHEAP.iter().map(|name| (*name).to_owned()));
    let full: &[&str] = laying.chance.pick(&[&["env", "-json"], &["env"]]);
    let mut questions = vec![all, full.iter().map(|word| (*word).to_owned()).collect()];
    for _ in 0..2 {
        let form = laying.chance.pick(FORMS);
        let words = words(&mut laying.chance, form);
        questions.push(words.iter().map(|word| laying.filled(word)).collect());
    }
    questions
}

/// The words of a form, with names chosen.
pub(crate) fn words(chance: &mut Chance, form: &str) -> Vec<String> {
    let word = |word: &str| match word.split_once('=') {
        Some(("N", value)) => format!("{}={value}", chance.pick(CHEAP)),
        _ => match word {
            "N" => chance.pick(CHEAP).to_owned(),
            "D" => chance.pick(DEAR).to_owned(),
            "O" => chance.pick(OTHER).to_owned(),
            word => word.to_owned(),
        },
    };
    form.split(' ').map(word).collect()
}
