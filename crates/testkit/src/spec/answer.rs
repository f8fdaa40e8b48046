//! What the program answers to a spec's questions.
//!
//! `map`, `why`, `diff`, `go` and `doctor` are answered as the command line does; `fixed PATH` is that file with the first
//! fix of every finding made. `expect` asks one thing a line:
//!
//! ```text
//! GOFLAGS in bash:login: -mod=mod – /home/ann/.bash_profile:1
//! PATH 1 in bash:login: /usr/local/go/bin – /home/ann/.profile:3
//! GOROOT in cron: unset
//! setting GOFLAGS in bash:login: -mod=mod – file, /home/ann/.config/go/env:2
//! go in bash:login: 1.26.1 – /usr/local/go/bin/go
//! answers in bash:login: 1.26.3 – /home/ann/sdk/go1.26.3/bin/go
//! layer profile in bash:login: skipped: hidden by /home/ann/.bash_profile
//! evidence in bash:login: observed
//! problems in bash:login: none
//! ```

use super::scenario::{Part, Scenario};
use super::{Fault, go_env};
use model::{Atlas, Confidence, LayerStatus, Name, Origin, Reveal, Shown, Space, SpaceId, State, Value, Via};
use spaces::{Base, GoOf, Options, Survey, survey};
use system::memory::MemorySystem;
use system::{Limits, System};
use view::{Chosen, Look, Rows};

/// What is asked on a block's fence.
#[derive(Default)]
struct Question {
    words: Vec<String>,
    spaces: Vec<SpaceId>,
    rows: Vec<Name>,
    all: bool,
    base: Option<String>,
}

/// The answer to a block, as its text should be.
pub(super) fn answer(scenario: &Scenario, machine: &MemorySystem, part: &Part) -> Result<String, Fault> {
    let fault = |what: String| scenario.fault(part.block.line, what);
    let is_go_env = part.kind == "go" && part.words.first().is_some_and(|word| word == "env");
    let question = if is_go_env { Question::default() } else { question(&part.words).map_err(fault)? };
    let word = |at: usize, what: &str| {
        question.words.get(at).ok_or_else(|| fault(format!("name {what} behind `{}`", part.kind)))
    };
    let space =
        |at: usize| word(at, "a space").and_then(|w| w.parse::<SpaceId>().map_err(|e| fault(e.to_string())));
    let home = machine.user().home;
    let options = view::Options { home: Some(home), ..view::Options::default() };
    let exists = |path: &str| Some(machine.exists(path));
    let line = |place: &model::Place| {
        let bytes = machine.read(&place.path).ok()?;
        let index = usize::try_from(place.line).ok()?.checked_sub(1)?;
        String::from_utf8_lossy(&bytes).lines().nth(index).map(str::to_owned)
    };
    let look = Look { exists: &exists, line: &line };
    match part.kind.as_str() {
        "expect" => expectations(scenario, machine, part, &question),
        "map" => {
            let found = look_at(machine, &question, question.spaces.clone())?;
            let rows = match (question.all, question.rows.as_slice()) {
                (true, _) => Rows::All,
                (_, []) => Rows::Usual,
                (_, names) => Rows::Named(names.to_vec()),
            };
            let chosen = Chosen { rows, raw: false };
            Ok(view::map_text(&found.atlas, &chosen, &options))
        }
        "why" => {
            let name = Name::from(word(0, "a variable")?.as_str());
            let found = look_at(machine, &question, question.spaces.clone())?;
            Ok(match question.spaces.first() {
                Some(id) if found.atlas.space(id).is_none() => return Err(fault(no_space(id))),
                Some(id) => view::why_in_text(&found.atlas, &name, id, &look, &options),
                None => view::why_text(&found.atlas, &name, &look, &options),
            })
        }
        "diff" => {
            let (a, b) = (space(0)?, space(1)?);
            let found = look_at(machine, &question, vec![a.clone(), b.clone()])?;
            for id in [&a, &b] {
                found.atlas.space(id).ok_or_else(|| fault(no_space(id)))?;
            }
            Ok(view::diff_text(&found.atlas, &a, &b, &options))
        }
        "doctor" | "fixed" => {
            let found = look_at(machine, &question, question.spaces.clone())?;
            let project = machine.current_dir().unwrap_or_else(|_| machine.user().home);
            let seen = doctor::Look::new(machine, &found.atlas, &project, found.everyday.as_ref());
            let findings = doctor::examine(&seen, doctor::RULES);
            match (part.kind.as_str(), question.words.first()) {
                ("fixed", Some(path)) => fixed(machine, &findings, path).map_err(fault),
                ("fixed", None) => Err(fault("name a file: ```fixed PATH".to_owned())),
                _ => Ok(view::doctor_text(&findings, &[], &look, &options)),
            }
        }
        _ if is_go_env => {
            let (id, words) = go_env_words(&part.words).map_err(fault)?;
            let found = look_at(machine, &Question::default(), vec![id.clone()])?;
            found.atlas.space(&id).ok_or_else(|| fault(no_space(&id)))?;
            Ok(go_env::answer(machine, &found.atlas.fold(&id), &words))
        }
        _ => {
            let id =
                question.spaces.first().ok_or_else(|| fault("name a space: ```go --in SPACE".to_owned()))?;
            let mut found = look_at(machine, &question, vec![id.clone()])?;
            found.atlas.space(id).ok_or_else(|| fault(no_space(id)))?;
            let project = machine.current_dir().unwrap_or_else(|_| machine.user().home);
            found.atlas.wishes = go::wishes(machine, &project);
            Ok(view::go_text(&found.atlas, id, &options))
        }
    }
}

/// A file with the first fix of every finding made.
fn fixed(machine: &MemorySystem, findings: &[model::Finding], path: &str) -> Result<String, String> {
    let fixes = findings.iter().filter_map(|finding| finding.fixes.first());
    let edits: Vec<text::edit::Edit> = fixes
        .flat_map(|fix| &fix.edits)
        .filter(|edit| edit.path == path)
        .map(|edit| text::edit::Edit { range: edit.range.clone(), new: edit.new.clone() })
        .collect();
    if edits.is_empty() {
        return Err(format!("no fix changes `{path}`"));
    }
    let bytes = machine.read(path).unwrap_or_default();
    let bytes = text::edit::apply(&bytes, &edits).map_err(|problem| problem.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `env --in SPACE WORDS…`: the space (`here` where none is named) and go's own words, `env` the first.
fn go_env_words(words: &[String]) -> Result<(SpaceId, Vec<String>), String> {
    let (space, rest) = match words {
        [_, option, space, rest @ ..] if option == "--in" => (space.as_str(), rest),
        [_, rest @ ..] => ("here", rest),
        [] => ("here", words),
    };
    let id = space.parse().map_err(|e: model::SpaceIdError| e.to_string())?;
    Ok((id, [&["env".to_owned()], rest].concat()))
}

fn no_space(id: &SpaceId) -> String {
    format!("the machine has no space `{id}` – name one of its spaces")
}

fn question(words: &[String]) -> Result<Question, String> {
    let mut question = Question::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a word behind it"));
        match word.as_str() {
            "--in" | "--space" => {
                let id = value()?.parse();
                question.spaces.push(id.map_err(|e: model::SpaceIdError| e.to_string())?);
            }
            "--var" => question.rows.push(Name::from(value()?.as_str())),
            "--base" => question.base = Some(value()?.clone()),
            "--all" => question.all = true,
            other if other.starts_with('-') => return Err(format!("`{other}` is not understood there")),
            other => question.words.push(other.to_owned()),
        }
    }
    Ok(question)
}

/// Surveys the machine for these spaces, or for all of them.
fn look_at(machine: &MemorySystem, question: &Question, spaces: Vec<SpaceId>) -> Result<Survey, Fault> {
    let base = match question.base.as_deref() {
        None => Base::Login,
        Some("here") => Base::Here,
        Some(id) => match id.parse() {
            Ok(id) => Base::Space(id),
            Err(_) => Base::Login,
        },
    };
    let some = !spaces.is_empty();
    let options = Options {
        all: question.all,
        base,
        project: machine.current_dir().unwrap_or_else(|_| machine.user().home),
        spaces: some.then_some(spaces),
        limits: Limits::default(),
        refresh: false,
        probes: None,
        progress: None,
        live: true,
        go: GoOf::Every,
        open: spaces::vscode::Open::default(),
    };
    Ok(survey(machine, &options))
}

/// Answers a block of expectations line by line; empty lines and `#` stay.
fn expectations(
    scenario: &Scenario,
    machine: &MemorySystem,
    part: &Part,
    question: &Question,
) -> Result<String, Fault> {
    let mut lines = Vec::new();
    for (index, line) in part.block.text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            lines.push((line, None));
            continue;
        }
        let what = "ask `QUERY in SPACE: ANSWER`";
        let fault = || scenario.fault(part.block.line + index + 1, what);
        // `bash:login: …`: the answer begins behind the colon that a space follows, or that ends the line.
        let (query, rest) = line.split_once(" in ").ok_or_else(fault)?;
        let space = rest.split_once(": ").map_or(rest.trim_end_matches(':'), |(space, _)| space);
        let id: SpaceId = space.trim().parse().map_err(|_| fault())?;
        lines.push((line, Some((query, id))));
    }
    let mut ids: Vec<SpaceId> =
        lines.iter().filter_map(|(_, q)| q.as_ref().map(|(_, id)| id.clone())).collect();
    ids.sort();
    ids.dedup();
    let found = look_at(machine, question, ids)?;
    let mut out = String::new();
    for (line, asked) in lines {
        match asked {
            None => out.push_str(line),
            Some((query, id)) => {
                let answer = match found.atlas.space(&id) {
                    Some(space) => one(&found.atlas, space, query.trim()),
                    None => "no such space".to_owned(),
                };
                out.push_str(&format!("{query} in {id}: {answer}"));
            }
        }
        out.push('\n');
    }
    Ok(out)
}

fn one(atlas: &Atlas, space: &Space, query: &str) -> String {
    let words: Vec<&str> = query.split_whitespace().collect();
    match words.as_slice() {
        ["go"] => go(space),
        ["answers"] => {
            let answers = space.go.as_ref().and_then(|view| view.answers.as_ref());
            answers.map_or_else(|| "none".to_owned(), |go| with_origin(&go.version, Some(&go.program)))
        }
        ["goroot"] => {
            let view = space.go.as_ref();
            let root = view.and_then(|v| v.goroot.clone()).unwrap_or_else(|| "unknown".to_owned());
            let origin = view.and_then(|v| v.goroot_origin.as_ref()).map(origin);
            with_origin(&root, origin.as_deref())
        }
        ["conflicts"] => codes(space.go.iter().flat_map(|go| &go.conflicts).map(|p| p.code.as_str())),
        ["problems"] => codes(space.problems.iter().map(|p| p.code.as_str())),
        ["evidence"] => match space.evidence.reason() {
            Some(reason) => format!("{}: {reason}", space.evidence.as_str()),
            None => space.evidence.as_str().to_owned(),
        },
        ["parent"] => space.parent.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string),
        ["layer", id] => match space.layers.iter().find(|l| l.id == *id).map(|l| &l.status) {
            None => "none".to_owned(),
            Some(LayerStatus::Applied) => "applied".to_owned(),
            Some(LayerStatus::Skipped { reason }) => format!("skipped: {reason}"),
            Some(LayerStatus::Unreadable { reason }) => format!("unreadable: {reason}"),
        },
        ["setting", name] => setting(space, name),
        [name, number] if number.bytes().all(|b| b.is_ascii_digit()) => entry(atlas, space, name, number),
        _ => variable(atlas, space, query),
    }
}

fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    let codes: Vec<&str> = codes.collect();
    if codes.is_empty() { "none".to_owned() } else { codes.join(", ") }
}

fn go(space: &Space) -> String {
    let Some(view) = &space.go else { return "not looked for".to_owned() };
    let Some(path) = &view.path else { return "none".to_owned() };
    with_origin(view.version.as_deref().unwrap_or("unknown version"), Some(path))
}

fn variable(atlas: &Atlas, space: &Space, name: &str) -> String {
    let name = Name::from(name);
    let folded = atlas.fold(&space.id);
    let state = match folded.state(&name) {
        State::Set(value) if value.is_empty() => "empty".to_owned(),
        State::Set(value) => visible(&name, &value),
        State::Unset => "unset".to_owned(),
        State::Unreadable { reason } => format!("unreadable: {reason}"),
    };
    let step = folded.get(&name).and_then(|h| h.winner());
    let origin = step.map(|step| {
        let via = step.via.as_ref().map(called);
        let doubt = match step.confidence {
            Confidence::Exact | Confidence::Via | Confidence::Baseline => String::new(),
            Confidence::Static => " (read, not run)".to_owned(),
            other => format!(" ({})", other.as_str()),
        };
        format!("{}{}{doubt}", origin(&step.origin), via.unwrap_or_default())
    });
    with_origin(&state, origin.as_deref())
}

/// A value with what cannot be seen in it written out; quoted where blanks stand at its ends.
fn visible(name: &Name, value: &Value) -> String {
    let shown = Shown::new(name, value, Reveal::No).to_string();
    let mut text = String::new();
    for c in shown.chars() {
        if c.is_control() { text.extend(c.escape_debug()) } else { text.push(c) }
    }
    if text.trim() == text { text } else { format!("\"{text}\"") }
}

/// What go makes of a variable.
fn setting(space: &Space, name: &str) -> String {
    let found = space.go.iter().flat_map(|go| &go.settings).find(|s| s.name == name);
    match found {
        None => "unknown".to_owned(),
        Some(setting) if setting.value.is_empty() => format!("empty – {}", setting.source.as_str()),
        Some(setting) => {
            let value = visible(&Name::from(name), &setting.value);
            format!("{value} – {}, {}", setting.source.as_str(), origin(&setting.origin))
        }
    }
}

fn entry(atlas: &Atlas, space: &Space, name: &str, number: &str) -> String {
    let folded = atlas.fold(&space.id);
    let entries = folded.get(&Name::from(name)).map(|h| h.entries.clone()).unwrap_or_default();
    let index = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    match index.and_then(|index| entries.get(index)) {
        Some(entry) => {
            let value = Value::new(entry.bytes.clone());
            let shown = Shown::free_text(&value, Reveal::No).to_string();
            let via = entry.via.as_ref().map(called).unwrap_or_default();
            let origin = format!("{}{via}", origin(&entry.origin));
            with_origin(if shown.is_empty() { "(empty)" } else { &shown }, Some(&origin))
        }
        None => format!("none, there are {}", entries.len()),
    }
}

/// `, eval at /home/ann/.bashrc:1, line 2 of its text`
fn called(via: &Via) -> String {
    let line = via.generated_line.map(|line| format!(", line {line} of its text")).unwrap_or_default();
    format!(", {} at {}:{}{line}", via.how, via.place.path, via.place.line)
}

fn with_origin(what: &str, origin: Option<&str>) -> String {
    origin.map_or_else(|| what.to_owned(), |origin| format!("{what} – {origin}"))
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::File(place) if place.line == 0 => place.path.clone(),
        Origin::File(place) => format!("{}:{}", place.path, place.line),
        Origin::Registry { key, name, .. } => format!("{key} {name}"),
        Origin::Setting { place, pointer } => format!("{}:{} {pointer}", place.path, place.line),
        Origin::Process { pid } => format!("process {pid}"),
        Origin::Rule { rule, reference } => format!("{rule} ({reference})"),
        Origin::Unknown { reason } => format!("unknown: {reason}"),
    }
}
