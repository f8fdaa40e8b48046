//! Which variables are watched, how closely, and the bytes that frame what is told of them.

use crate::{PER_RUN_NAMES, Request};
use model::{Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use system::RunOutcome;

/// Variables that decide what go does, watched even where the start-up leaves them unset.
const GO_NAMES: &[&str] = &[
    "GOROOT",
    "GOPATH",
    "GOBIN",
    "GOTOOLCHAIN",
    "GOPROXY",
    "GOFLAGS",
    "GOENV",
    "GOOS",
    "GOARCH",
    "GO111MODULE",
    "GOPRIVATE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOSUMDB",
    "GOINSECURE",
    "GOVCS",
    "GOWORK",
    "GOCACHE",
    "GOMODCACHE",
    "GOTMPDIR",
    "GODEBUG",
    "GOEXPERIMENT",
    "GOAUTH",
    "GOTELEMETRY",
    "GOAMD64",
    "GOARM",
    "GOARM64",
    "GO386",
    "CGO_ENABLED",
    "CGO_CFLAGS",
    "CGO_LDFLAGS",
    "CC",
    "CXX",
    "AR",
    "PKG_CONFIG",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
];

/// Names whose value changes by being read, or that belong to the tracing.
const NEVER: &[&str] =
    &["RANDOM", "SECONDS", "LINENO", "ERRNO", "TTYIDLE", "HISTCMD", "EPOCHREALTIME", "PS4", "PROMPT4"];

/// Variables whose length is looked at more often: PATH and two more.
const CORE_AT_MOST: usize = 3;
/// Closely watched variables; more would make a record of 20,000 too slow.
const CLOSE_AT_MOST: usize = 40;
/// A longer value (LS_COLORS) is not watched closely unless it matters to go: each copy of it costs.
const LONG: usize = 400;

/// The watched variables in three circles.
#[derive(Debug)]
pub(super) struct Watch {
    /// Also among `close`; a change of their length is seen soon.
    pub(super) core: Vec<Name>,
    /// Compared at every sixteenth record, or at every one.
    pub(super) close: Vec<Name>,
    /// Compared now and then.
    pub(super) loose: Vec<Name>,
    /// Whether the closely watched variables are compared at every record.
    pub(super) always: bool,
    /// Whether a trap sets tracing right again when the start-up changes it.
    pub(super) guard: bool,
    pub(super) frame: Frame,
}

/// Framing bytes, each a control character and, where those alone will not do, a word that no known value contains.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) start: Vec<u8>,
    pub(super) field: Vec<u8>,
    pub(super) unset: Vec<u8>,
    pub(super) end: Vec<u8>,
}

impl Watch {
    /// Everything known: what the shell was given, what the plain run ended with, and the variables of go.
    pub(super) fn of(request: &Request, plain: &RunOutcome) -> Self {
        let base: BTreeMap<&Name, &Value> = request.base.iter().map(|(n, v)| (n, v)).collect();
        let last: BTreeMap<&Name, &Value> = plain.environment.iter().flatten().map(|(n, v)| (n, v)).collect();
        let go: BTreeSet<Name> = GO_NAMES.iter().map(|&n| Name::from(n)).collect();
        let known: BTreeSet<Name> =
            base.keys().chain(last.keys()).map(|&n| n.clone()).filter(is_watchable).collect();
        let changed: Vec<&Name> = known.iter().filter(|n| base.get(n) != last.get(n)).collect();
        let is_long =
            |n: &Name| [base.get(n), last.get(n)].iter().flatten().any(|v| v.as_bytes().len() > LONG);

        let mut core = vec![Name::from("PATH")];
        let changed_of_go = changed.iter().filter(|n| go.contains(n)).map(|&n| n.clone());
        core.extend(changed_of_go.clone().take(CORE_AT_MOST - 1));
        let mut close: Vec<Name> = Vec::new();
        let wanted = core
            .iter()
            .cloned()
            .chain([Name::from("ZDOTDIR")])
            .chain(changed_of_go)
            .chain(changed.iter().filter(|n| !is_long(n)).map(|&n| n.clone()))
            .chain(known.iter().filter(|n| go.contains(n)).cloned());
        for name in wanted {
            if close.len() < CLOSE_AT_MOST && !close.contains(&name) {
                close.push(name);
            }
        }
        let loose = known.union(&go).filter(|n| !close.contains(n)).cloned().collect();
        let values = known_values(request, plain);
        Self { core, close, loose, always: false, guard: false, frame: Frame::absent_from(&values) }
    }

    /// The same, framed by more than control characters.
    pub(super) fn with_word(self, request: &Request, plain: &RunOutcome) -> Self {
        Self { frame: Frame::with_word_absent_from(&known_values(request, plain)), ..self }
    }

    /// A few names, compared at every record; framed as before.
    pub(super) fn only(self, names: impl IntoIterator<Item = Name>) -> Self {
        Self { core: Vec::new(), close: names.into_iter().collect(), loose: Vec::new(), always: true, ..self }
    }

    pub(super) fn guarded(self) -> Self {
        Self { guard: true, ..self }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.close.iter().chain(&self.loose)
    }
}

fn known_values<'a>(request: &'a Request, plain: &'a RunOutcome) -> Vec<&'a [u8]> {
    request.base.iter().chain(plain.environment.iter().flatten()).map(|(_, v)| v.as_bytes()).collect()
}

impl Frame {
    /// Without a word if the values have none of the control characters: `PS4` is the cheaper the shorter it is.
    fn absent_from(values: &[&[u8]]) -> Self {
        if values.iter().any(|v| v.iter().any(|b| (0x1c..0x20).contains(b))) {
            Self::with_word_absent_from(values)
        } else {
            Self::of_word("")
        }
    }

    fn with_word_absent_from(values: &[&[u8]]) -> Self {
        let follows_control = |word: &str| {
            let word = word.as_bytes();
            values.iter().any(|v| v.windows(word.len() + 1).any(|w| w[0] < 0x20 && &w[1..] == word))
        };
        let word =
            (0u32..).map(|n| format!("g{n:x}")).find(|word| !follows_control(word)).unwrap_or_default();
        Self::of_word(&word)
    }

    fn of_word(word: &str) -> Self {
        let framed = |byte: u8| [&[byte], word.as_bytes()].concat();
        Self { start: framed(0x1e), field: framed(0x1f), unset: framed(0x1d), end: framed(0x1c) }
    }

    pub(super) fn has_word(&self) -> bool {
        self.start.len() > 1
    }
}

fn is_watchable(name: &Name) -> bool {
    let bytes = name.as_bytes();
    let identifier = bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    identifier && !PER_RUN_NAMES.iter().chain(NEVER).any(|n| name.is(n))
}
