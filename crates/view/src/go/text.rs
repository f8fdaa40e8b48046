//! Which go runs in a space, in steps.

use crate::layout::{Cell, Keep, table};
use crate::map::baseline_line;
use crate::paint::{Ink, paint};
use crate::{Options, spell};
use model::{
    Atlas, Candidate, GoView, Name, Reason, ReasonKind, Severity, Space, SpaceId, ToolchainChoice, Wish,
    split_list,
};

/// Which go runs there and why. `space` is one of the atlas.
pub fn go_text(atlas: &Atlas, space: &SpaceId, options: &Options) -> String {
    let Some(space) = atlas.space(space) else { return String::new() };
    let heading = paint(options.color, Ink::Strong, &heading(space, options)) + "\n";
    let mut parts = vec![baseline_line(atlas, options) + &heading];
    if let Some(go) = &space.go {
        parts.push(table(&steps(atlas, space, go, options), 2, options.columns(), options.color));
        parts.push(conflicts(go, options));
    }
    parts.push(wishes(atlas, options));
    if !options.quiet {
        let why = format!("gowhence why PATH --in {}", space.id);
        parts.push(format!(" how PATH came to be  {}\n", paint(options.color, Ink::Command, &why)));
    }
    parts.retain(|p| !p.is_empty());
    parts.join("\n")
}

fn heading(space: &Space, options: &Options) -> String {
    let id = &space.id;
    if !space.evidence.has_values() {
        return format!("which go runs in {id} is not known: {}", spell::evidence(&space.evidence, options));
    }
    match &space.go {
        None => format!("which go runs in {id} is not known: nobody looked there"),
        Some(GoView { shadow: Some(shadow), .. }) => format!("`go` is a shell's {} in {id}", shadow.kind),
        Some(GoView { path: None, .. }) => format!("no go is found in {id}"),
        Some(GoView { answers: Some(go), .. }) if go.handed_over => {
            format!("go {} runs in {id}, from {}", go.version, spell::path(&go.program, options))
        }
        Some(go @ GoView { path: Some(path), version, answers: None, .. })
            if go.conflicts.iter().any(|p| REFUSES.contains(&p.code.as_str())) =>
        {
            let version = version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
            format!("go{version} is found in {id}, {}, and refuses to run", spell::path(path, options))
        }
        Some(GoView { path: Some(path), version, answers: None, toolchain: Some(choice), .. })
            if !choice.local =>
        {
            let version = version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
            format!("go{version} in {id}, {}, hands over to {}", spell::path(path, options), choice.name)
        }
        Some(GoView { path: Some(path), version, .. }) => {
            let version = version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
            format!("go{version} runs in {id}, from {}", spell::path(path, options))
        }
    }
}

/// Conflicts with which nothing at all is run.
const REFUSES: &[&str] = &[
    "go-refuses",
    "go-goroot-missing",
    "go-goroot-not-folder",
    "go-goroot-unknown",
    "go-toolchain-refused",
    "go-toolchain-not-on-path",
];

fn steps(atlas: &Atlas, space: &Space, go: &GoView, options: &Options) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut row = |label: &str, text: String| {
        let cells = vec![Cell::new(label, Ink::Faint, Keep::All), Cell::new(text, Ink::Plain, Keep::Wrap)];
        rows.push(cells);
    };
    if let Some(shadow) = &go.shadow {
        let at =
            shadow.origin.as_ref().map(|o| format!(", {}", spell::origin(o, options))).unwrap_or_default();
        // Of a function only its head would be on the first line of its text.
        let text = match shadow.kind.as_str() {
            "function" => String::new(),
            _ => format!(": {}", spell::words(&shadow.text, options)),
        };
        row("first", format!("{} go{text}{at}", shadow.kind));
    }
    for (n, looked) in go.search.iter().enumerate() {
        row(if n == 0 { "looked" } else { "" }, said(looked, options));
    }
    row("found", found(atlas, space, go, options));
    for behind in go.candidates.iter().skip(1) {
        row("behind it", format!("{}, PATH entry {}", candidate(behind, options), behind.entry));
    }
    if let Some(goroot) = &go.goroot {
        let origin = go.goroot_origin.as_ref().map(|o| spell::origin(o, options));
        let by = origin.map(|o| format!(", {o}")).unwrap_or_default();
        row("GOROOT", format!("{}{by}", spell::path(goroot, options)));
    }
    let env_origin = go.env_file_origin.as_ref().map(|o| format!(", {}", spell::origin(o, options)));
    let env_origin = env_origin.unwrap_or_default();
    if let Some(file) = &go.env_file {
        let exists = if go.env_file_exists { "" } else { " (does not exist)" };
        row("env file", format!("{}{exists}{env_origin}", spell::path(file, options)));
    } else if !env_origin.is_empty() {
        row("env file", format!("none{env_origin}"));
    }
    let (mut asked, mut decided) = (false, false);
    for reason in &go.decision {
        let before_the_outcome =
            matches!(reason.kind, ReasonKind::Asks | ReasonKind::Mode | ReasonKind::Allows);
        if !before_the_outcome && !decided {
            rows.extend(therefore(go, options));
            decided = true;
        }
        let label = match reason.kind {
            ReasonKind::Asks if asked => "",
            ReasonKind::Asks => "asks",
            ReasonKind::Mode => "modules",
            ReasonKind::Allows => "allowed",
            // That is what `therefore` says, or what stands before what was found.
            ReasonKind::Wants | ReasonKind::Looked => continue,
            ReasonKind::From => "from",
            ReasonKind::Answers if go.answers.as_ref().is_some_and(|a| a.handed_over) => "answers",
            // It is the one that was found.
            ReasonKind::Answers => continue,
        };
        asked |= reason.kind == ReasonKind::Asks;
        rows.push(line(label, said(reason, options)));
    }
    if !decided {
        rows.extend(therefore(go, options));
    }
    if go.decision.is_empty()
        && let Some(asks) = &atlas.project_asks
    {
        rows.push(line("asks", spell::words(asks, options)));
    }
    rows
}

fn said(reason: &Reason, options: &Options) -> String {
    let at = reason.origin.as_ref().map(|o| format!(" ({})", spell::origin(o, options)));
    spell::words(&reason.text, options) + &at.unwrap_or_default()
}

fn line(label: &str, text: String) -> Vec<Cell> {
    vec![Cell::new(label, Ink::Faint, Keep::All), Cell::new(text, Ink::Plain, Keep::Wrap)]
}

fn therefore(go: &GoView, options: &Options) -> Option<Vec<Cell>> {
    let choice = go.toolchain.as_ref()?;
    Some(line("therefore", toolchain(choice, options)))
}

/// What files of the project ask of other programs, which go does not heed.
fn wishes(atlas: &Atlas, options: &Options) -> String {
    let one = |wish: &Wish| {
        let value = spell::words(&wish.value, options);
        let means = if wish.means == wish.value {
            value
        } else {
            format!("{value}: {}", spell::words(&wish.means, options))
        };
        let mut text = format!("{means} ({})", spell::origin(&wish.origin, options));
        if let Some(problem) = &wish.problem {
            let word = severity(problem.severity).0;
            text.push_str(&format!(" – {word}: {}", spell::words(&problem.message, options)));
        }
        line(&wish.reader, text)
    };
    if atlas.wishes.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<Cell>> = atlas.wishes.iter().map(one).collect();
    let title = " asked of other programs, not of go\n";
    title.to_owned() + &table(&rows, 2, options.columns(), options.color)
}

/// What the go found does in the project.
pub(super) fn toolchain(choice: &ToolchainChoice, options: &Options) -> String {
    let why = spell::words(&choice.reason, options);
    let why = match &choice.origin {
        Some(origin) => format!("{why} ({})", spell::origin(origin, options)),
        None => why,
    };
    let name = spell::words(&choice.name, options);
    match &choice.found {
        _ if choice.local => format!("it stays with {name}: {why}"),
        Some(_) => format!("it hands over to {name}: {why}"),
        None if choice.problem.as_ref().is_some_and(|p| p.code != "go-too-old") => {
            format!("it refuses to run: {why}")
        }
        None => format!("it hands over to {name}, which has to be downloaded: {why}"),
    }
}

fn found(atlas: &Atlas, space: &Space, go: &GoView, options: &Options) -> String {
    let folded = atlas.fold(&space.id);
    let entries = folded
        .get(&Name::from("PATH"))
        .and_then(|h| h.state.value())
        .map_or(0, |v| split_list(v.as_bytes(), space.path_separator).len());
    match go.candidates.first() {
        Some(first) if first.entry == 0 => format!("{}, by its path", candidate(first, options)),
        Some(first) => format!("{}, PATH entry {} of {entries}", candidate(first, options), first.entry),
        None if go.path.is_some() => go.path.as_deref().map(|p| spell::path(p, options)).unwrap_or_default(),
        None => format!("none in the {} of PATH", spell::count(entries, "entry", "entries")),
    }
}

/// What stands in the place of a go: a version manager's shim, or a script of the user's own.
pub(crate) fn shim_words(shim: &str) -> String {
    match shim {
        "script" => "a script".to_owned(),
        manager => format!("shim of {manager}"),
    }
}

/// `, which runs 1.22.3 by ~/shop/.go-version:1`.
fn shim_choice(one: &Candidate, options: &Options) -> String {
    let Some(choice) = &one.chooses else { return String::new() };
    let there = match &choice.folder {
        Some(folder) => format!("in {}", spell::path(folder, options)),
        None => "which is not installed".to_owned(),
    };
    let version = spell::words(&choice.version, options);
    format!(", which runs {version} by {}, {there}", spell::origin(&choice.origin, options))
}

/// `/usr/bin/go → /usr/lib/go-1.24/bin/go (1.24.1)`.
fn candidate(one: &Candidate, options: &Options) -> String {
    let resolved = one.resolved.as_ref().filter(|r| **r != one.path);
    let arrow = resolved.map(|r| format!(" → {}", spell::path(r, options))).unwrap_or_default();
    let version = one.version.as_deref().unwrap_or("version not known");
    let what = match (&one.shim, &one.keeper) {
        (Some(shim), _) => shim_words(shim) + &shim_choice(one, options),
        (None, Some(keeper)) => format!("{version}, kept by {keeper}"),
        (None, None) => version.to_owned(),
    };
    format!("{}{arrow} ({what})", spell::path(&one.path, options))
}

fn conflicts(go: &GoView, options: &Options) -> String {
    let rows: Vec<Vec<Cell>> = go
        .conflicts
        .iter()
        .map(|problem| {
            let (word, ink) = severity(problem.severity);
            let at = problem.origin.as_ref().map(|o| format!(" ({})", spell::origin(o, options)));
            let text = format!("{}{}", spell::words(&problem.message, options), at.unwrap_or_default());
            vec![Cell::new(word, ink, Keep::All), Cell::new(text, Ink::Plain, Keep::Wrap)]
        })
        .collect();
    table(&rows, 2, options.columns(), options.color)
}

fn severity(severity: Severity) -> (&'static str, Ink) {
    match severity {
        Severity::Error => ("error", Ink::Wrong),
        Severity::Warning => ("warning", Ink::Differs),
        Severity::Info => ("info", Ink::Faint),
        Severity::Hint => ("hint", Ink::Faint),
    }
}

#[cfg(test)]
mod tests {
    use super::shim_words;

    #[test]
    fn a_script_of_ones_own_belongs_to_no_manager() {
        assert_eq!(shim_words("script"), "a script");
        assert_eq!(shim_words("asdf"), "shim of asdf");
    }
}
