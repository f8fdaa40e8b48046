//! What is watched, and the `PS4` that tells it.
//!
//! zsh expands `PS4` before it prints each traced command (zsh: Src/utils.c `printprompt4`): with PROMPT_SUBST
//! parameters first, then percent escapes, so a `%` in a value is doubled. Everything is done by expansions alone:
//! no function, no builtin and no external program of the user's can be in the way, and no process is started.
//!
//! Values are joined in groups (each expansion copies what is left of its string, so a flat list costs the square),
//! compared with the last ones by `${new:|old}`, and printed only where they differ.

use super::spec;
use crate::{PER_RUN_NAMES, Request};
use model::{Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use system::{RunEnd, RunOutcome, RunSpec};

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

/// How many variables each record compares. More cost more than 15 times the plain run of a home of 20,000
/// commands; the others are compared now and then.
const CLOSE_AT_MOST: usize = 22;
/// Every how many records the others are compared.
const NOW_AND_THEN: u32 = 32;
/// Names in a group of values.
const GROUP: usize = 8;
/// Bytes of trace that are kept.
const KEEP: usize = 256 << 20;

/// Says that the start-up is over.
pub(super) const END_MARK: &str = "gowhence-end";
/// Introduces an alias or function named `go`.
pub(super) const SHADOW_MARK: &str = "gowhence-shadow";
/// The pseudo-variable of zsh's option letters.
pub(super) const OPTIONS: &str = "-";

/// The watched variables, in two tiers, and the bytes that frame what is told of them.
#[derive(Debug)]
pub(super) struct Watch {
    /// Compared at every record. The option letters come first.
    pub(super) close: Vec<Name>,
    /// Compared now and then.
    pub(super) loose: Vec<Name>,
    pub(super) frame: Frame,
}

/// Framing bytes, each a control character and a word that no known value contains.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) start: Vec<u8>,
    pub(super) field: Vec<u8>,
    pub(super) unset: Vec<u8>,
    pub(super) end: Vec<u8>,
}

impl Watch {
    pub(super) fn of(request: &Request, plain: &RunOutcome) -> Self {
        let base: BTreeMap<&Name, &Value> = request.base.iter().map(|(n, v)| (n, v)).collect();
        let last: BTreeMap<&Name, &Value> = plain.environment.iter().flatten().map(|(n, v)| (n, v)).collect();
        let changed = |name: &Name| base.get(name) != last.get(name);
        let go: BTreeSet<Name> = GO_NAMES.iter().map(|&n| Name::from(n)).collect();
        let known: BTreeSet<Name> =
            base.keys().chain(last.keys()).map(|&n| n.clone()).filter(is_watchable).collect();

        let mut close: Vec<Name> = ["PATH", "ZDOTDIR"].map(Name::from).to_vec();
        let mut add = |names: Vec<&Name>| {
            for name in names {
                if close.len() < CLOSE_AT_MOST && !close.contains(name) {
                    close.push(name.clone());
                }
            }
        };
        add(known.iter().filter(|n| go.contains(n) && changed(n)).collect());
        add(known.iter().filter(|n| changed(n)).collect());
        add(known.iter().filter(|n| go.contains(n)).collect());
        let loose = known.union(&go).filter(|n| !close.contains(n)).cloned().collect();
        close.insert(0, Name::from(OPTIONS));
        let values: Vec<&[u8]> = base.values().chain(last.values()).map(|v| v.as_bytes()).collect();
        Self { close, loose, frame: Frame::absent_from(&values) }
    }

    fn ps4(&self) -> Vec<u8> {
        let frame = &self.frame;
        let mut out = frame.start.clone();
        for part in ["%x", "%i", "%I", "%N", "%e", "$ZSH_SUBSHELL"] {
            out.extend_from_slice(part.as_bytes());
            out.extend_from_slice(&frame.field);
        }
        out.extend(self.tier("a", &self.close));
        out.extend_from_slice(&frame.field);
        out.extend_from_slice(&frame.field);
        if !self.loose.is_empty() {
            out.extend_from_slice(
                format!("${{${{(M)${{:-$((__gowhence_count++%{NOW_AND_THEN}))}}:#0}}:+C").as_bytes(),
            );
            out.extend(self.tier("b", &self.loose));
            out.push(b'}');
        }
        out.extend_from_slice(&frame.end);
        out
    }

    /// `V` and all values of a tier if any differs from the last time, else nothing.
    fn tier(&self, tier: &str, names: &[Name]) -> Vec<u8> {
        let (new, old) = (format!("__gowhence_{tier}"), format!("__gowhence_{tier}_old"));
        let groups: Vec<Vec<u8>> = names.chunks(GROUP).map(|names| self.group(names)).collect();
        let mut out = format!("${{${{{new}::=").into_bytes();
        out.extend(groups.join(self.frame.field.as_slice()));
        out.extend_from_slice(
            format!("}}:+}}${{${{{new}:|{old}}}:+V${{{new}//\\%/%%}}${{${{(A){old}::=${new}}}:+}}}}")
                .as_bytes(),
        );
        out
    }

    fn group(&self, names: &[Name]) -> Vec<u8> {
        let values: Vec<Vec<u8>> = names
            .iter()
            .map(|name| [b"${", name.as_bytes(), b"-", &self.frame.unset, b"}"].concat())
            .collect();
        [b"${:-", values.join(self.frame.field.as_slice()).as_slice(), b"}"].concat()
    }
}

impl Frame {
    fn absent_from(values: &[&[u8]]) -> Self {
        let word = (0u32..)
            .map(|n| format!("g{n:x}"))
            .find(|word| {
                !values
                    .iter()
                    .any(|v| v.windows(word.len() + 1).any(|w| w[0] < 0x20 && &w[1..] == word.as_bytes()))
            })
            .unwrap_or_default();
        let framed = |byte: u8| [&[byte], word.as_bytes()].concat();
        Self { start: framed(0x1e), field: framed(0x1f), unset: framed(0x1d), end: framed(0x1c) }
    }
}

fn is_watchable(name: &Name) -> bool {
    let bytes = name.as_bytes();
    let identifier = bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    identifier && !PER_RUN_NAMES.iter().chain(NEVER).any(|n| name.is(n))
}

/// The traced run: the plain one with tracing on, and marks at its end.
pub(super) fn traced(request: &Request, plain: &RunOutcome, watch: &Watch) -> RunSpec {
    // A count of 0 makes the next record compare everything. `\:` is no alias, and what a mark says is printed
    // before anything is executed.
    let last = format!(
        "__gowhence_count=0; \\: {END_MARK}; \\: {SHADOW_MARK} \"${{aliases[go]-}}\" ${{+aliases[go]}} \
         ${{+functions[go]}} \"${{functions_source[go]-}}\"; @HANDOVER@"
    );
    let mut spec = spec(request, &["-o", "promptsubst", "-x"], &last);
    spec.env.retain(|(name, _)| !name.is("PS4") && !name.is("PROMPT4"));
    spec.env.push((Name::from("PS4"), Value::new(watch.ps4())));
    spec.separate_stderr = true;
    spec.keep = KEEP;
    // Standard error is the trace, and no flood unless the plain run was one.
    if plain.end != RunEnd::Limit("output") {
        spec.limits.output = spec.limits.output.saturating_add(KEEP as u64);
    }
    spec
}
