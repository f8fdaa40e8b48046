//! Which GOROOT a go command uses: a port of `findGOROOT` (go: src/cmd/go/internal/cfg/cfg.go).

use crate::binary::Program;
use crate::env_file::EnvFile;
use crate::file_path;
use crate::programs::Programs;
use crate::rules::Rules;
use crate::sdk;
use crate::text;
use model::{Folded, Origin};
use system::{Os, System};

/// A GOROOT and how it came to be.
#[derive(Clone, Debug)]
pub(crate) struct Goroot {
    /// As `go env GOROOT` prints it; `None`: go finds none and refuses to work.
    pub(crate) value: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Environment,
    EnvFile,
    /// From the place of the binary.
    Inferred,
    /// What the binary was built for; nothing was found around it.
    Baked,
    /// A wrapper sets it, or keeps it to itself.
    Wrapper,
    None,
}

const RULE: &str = "go: src/cmd/go/internal/cfg/cfg.go findGOROOT";

/// A variable as go sees it: empty is unset (go: cfg.go `Getenv`). With the origin of its value.
pub(crate) fn variable(env: &Folded, name: &str) -> Option<(String, Origin)> {
    let history = env.history(name)?;
    let value = history.state.value().filter(|v| !v.is_empty())?;
    let origin = history.winner().map(|step| step.origin.clone());
    let origin = origin.unwrap_or_else(|| Origin::unknown("no step of its history is known"));
    Some((text::decode(value.as_bytes()), origin))
}

/// The GOROOT of the go at `launched` (absolute, symlinks not resolved).
pub(crate) fn find(
    programs: &Programs<'_>,
    env: &Folded,
    rules: &Rules,
    env_file: &EnvFile,
    launched: &str,
    program: Option<&Program>,
) -> Goroot {
    let os = programs.system().os();
    if let Some((value, origin)) = variable(env, "GOROOT") {
        let value = if rules.goroot_as_it_stands() { value } else { file_path::clean(os, &value) };
        return Goroot { value: Some(value), origin, source: Source::Environment };
    }
    if let Some(line) = env_file.get("GOROOT").filter(|a| !a.value.is_empty()) {
        let value = file_path::clean(os, &text::decode(line.value.as_bytes()));
        return Goroot { value: Some(value), origin: line.origin(), source: Source::EnvFile };
    }
    infer(programs, rules, launched, program)
}

/// From the place of the binary, else what is baked into it.
fn infer(programs: &Programs<'_>, rules: &Rules, launched: &str, program: Option<&Program>) -> Goroot {
    let system = programs.system();
    let os = system.os();
    if launched.is_empty() {
        let origin = Origin::unknown("no go is found");
        return Goroot { value: None, origin, source: Source::None };
    }
    let resolved = system.canonicalize(launched).unwrap_or_else(|_| launched.to_owned());
    // Only a binary that was not built with -trimpath has one; it is worth a look since its spelling is preferred.
    let baked = || {
        let trimmed = program.is_some_and(|p| p.trimmed);
        if trimmed { None } else { programs.baked_goroot(&resolved).map(|root| file_path::clean(os, &root)) }
    };
    // os.Executable: Linux gives the resolved file (/proc/self/exe), macOS and Windows the path as it was launched.
    let executable = if os == Os::Linux { resolved.as_str() } else { launched };
    let ups: &[&str] = if rules.cross_bin() { &["../..", "../../.."] } else { &["../.."] };
    for binary in [executable, resolved.as_str()] {
        for up in ups {
            let folder = file_path::join(os, binary, up);
            if sdk::is_goroot(system, &folder) {
                let value = baked().filter(|root| same_folder(system, root, &folder)).unwrap_or(folder);
                let origin = Origin::rule("inferred from the file that is run", RULE);
                return Goroot { value: Some(value), origin, source: Source::Inferred };
            }
        }
    }
    match baked() {
        Some(root) => Goroot {
            value: Some(root),
            origin: Origin::rule("built into the file that is run; there is no SDK around it", RULE),
            source: Source::Baked,
        },
        None => Goroot {
            value: None,
            origin: Origin::rule(
                "there is no SDK around the file that is run, and none is built into it",
                RULE,
            ),
            source: Source::None,
        },
    }
}

fn same_folder(system: &dyn System, a: &str, b: &str) -> bool {
    a == b || matches!((system.canonicalize(a), system.canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}
