//! Where wishes do not go with go.mod, with each other, or with what is there.

use super::{Found, Meaning};
use crate::file_path;
use crate::project::{Asked, Asks};
use crate::version::Version;
use model::{Origin, Problem};
use system::System;
use text::versions::Wanted;

/// Of a YAML number only its value is left.
pub(super) fn unquoted(wanted: &Wanted) -> Option<Problem> {
    let read = wanted.read_as.as_deref().filter(|_| wanted.key == "go-version")?;
    let text = format!(
        "`{}` without quotes is a number to YAML, {read} – Go {read} is asked for – put it in quotes",
        wanted.value
    );
    Some(Problem::warning("version-unquoted", text))
}

fn add(found: &mut Found, problem: Problem) {
    if found.wish.problem.is_none() {
        found.wish.problem = Some(problem.at(found.wish.origin.clone()));
    }
}

/// `file:line`, the folder left out.
fn place(origin: &Origin) -> String {
    origin.place().map_or_else(String::new, |at| {
        let name = at.path.rsplit(['/', '\\']).next().unwrap_or(&at.path);
        format!("{name}:{}", at.line)
    })
}

/// Files that a wish points to and that are not there.
pub(super) fn files_named(system: &dyn System, root: &str, found: &mut [Found]) {
    for one in found {
        let Meaning::File(path) = &one.meaning else { continue };
        let Some(absolute) = file_path::absolute(system.os(), Some(root), path) else { continue };
        if !path.contains("${{") && !system.exists(&absolute) {
            let text =
                format!("`{path}` does not exist – the workflow fails – name a file of the repository");
            add(one, Problem::error("version-file-missing", text));
        }
    }
}

/// Each one that asks one version, against the first that does.
pub(super) fn with_each_other(found: &mut [Found]) {
    let asks_one =
        |f: &Found| !f.one_of_many && matches!(f.meaning, Meaning::Exact(..) | Meaning::Newest(..));
    let Some(first) = found.iter().position(asks_one) else { return };
    let (meaning, value) = (found[first].meaning.clone(), found[first].wish.value.clone());
    let (at, path) = (place(&found[first].wish.origin), path_of(&found[first]));
    for one in found.iter_mut().skip(first + 1).filter(|f| asks_one(f)) {
        // A second version in one file is a fallback, or another stage.
        if agree(&meaning, &one.meaning) || path_of(one) == path {
            continue;
        }
        let text = format!(
            "it asks {}, and {at} asks {value} – which go builds this depends on the tool – let them agree",
            one.wish.value
        );
        add(one, Problem::warning("version-files-disagree", text));
    }
}

fn path_of(found: &Found) -> Option<String> {
    found.wish.origin.place().map(|place| place.path.clone())
}

fn agree(a: &Meaning, b: &Meaning) -> bool {
    match (a, b) {
        (Meaning::Exact(a, _), Meaning::Exact(b, _)) => a == b,
        (Meaning::Newest(a, _), Meaning::Exact(b, _)) | (Meaning::Exact(b, _), Meaning::Newest(a, _)) => {
            a.language() == b.language()
        }
        (Meaning::Newest(a, _), Meaning::Newest(b, _)) => a.language() == b.language(),
        _ => true,
    }
}

/// Against the go and toolchain lines: a version that is older than they ask.
pub(super) fn with_project(asks: &Asks, found: &mut [Found]) {
    let line = |asked: Option<&Asked>| asked.and_then(|a| Some((a.version()?, a.value.clone(), a.origin())));
    let (go, toolchain) = (line(asks.go.as_ref()), line(asks.toolchain.as_ref()));
    for one in found {
        if let Some((least, value, origin)) = &go
            && older(&one.meaning, least)
        {
            let text = too_old(one, value, &place(origin));
            // Worse than not to agree with others, but not than a slip.
            if one.wish.problem.as_ref().is_some_and(|p| p.code == "version-files-disagree") {
                one.wish.problem = None;
            }
            add(one, Problem::warning("version-file-too-old", text));
        } else if let Some((least, value, origin)) = &toolchain
            && older(&one.meaning, least)
            && !one.pins
        {
            let text = format!(
                "it asks {}, and {} asks {value} – go hands over to that one – raise it to save the way",
                one.wish.value,
                place(origin)
            );
            add(one, Problem::info("version-file-below-toolchain", text));
        }
    }
}

/// Whether even the newest of what is meant is older.
fn older(meaning: &Meaning, least: &Version) -> bool {
    match meaning {
        Meaning::Exact(version, _) => version < least,
        Meaning::Newest(version, _) => {
            let language = |v: &Version| Version::parse(&v.language());
            language(version) < language(least)
        }
        _ => false,
    }
}

fn too_old(one: &Found, value: &str, at: &str) -> String {
    let begin = format!("it asks {}, older than go {value} of {at}", one.wish.value);
    let own = match &one.meaning {
        Meaning::Exact(version, _) | Meaning::Newest(version, _) => version,
        _ => return begin,
    };
    if !own.minor_at_least(21) {
        return format!(
            "{begin} – a go before 1.21 does not heed that line, and may fail to compile – raise it"
        );
    }
    if one.pins {
        // docker-library/golang: Dockerfile.template, `ENV GOTOOLCHAIN=local`; actions/setup-go: src/main.ts.
        return format!("{begin} – GOTOOLCHAIN is `local` there, so that go refuses to build – raise it");
    }
    format!("{begin} – go has to hand over to a newer one, or refuses – raise it")
}
