//! One question's two answers side by side.

use super::ours::Told;
use super::real::Answer;
use std::collections::BTreeMap;

/// What was compared, and whether it agreed.
pub(crate) struct Verdict {
    /// `status`, `message`, `bytes`, or the name of a variable.
    pub(crate) what: String,
    pub(crate) agreed: bool,
    pub(crate) theirs: String,
    pub(crate) ours: String,
}

fn verdict(what: &str, theirs: &str, ours: &str) -> Verdict {
    Verdict {
        what: what.to_owned(),
        agreed: theirs == ours,
        theirs: theirs.to_owned(),
        ours: ours.to_owned(),
    }
}

pub(crate) const STATUS: &str = "status";
pub(crate) const MESSAGE: &str = "message";
pub(crate) const BYTES: &str = "bytes";
/// Nothing is told, and it is said why.
pub(crate) const UNTOLD: &str = "untold";
const TO_DOWNLOAD: &str = " would have to be downloaded";
/// Reasons for which nothing can be told from files; each comes up where a go is not whole.
const REASONS: &[&str] =
    &["is built into this go, which is a distributor's", "go starts the program of GOCACHEPROG"];
/// A reason that lies outside of this machine, which is right where go asks there too.
const ELSEWHERE: &str = "go would first ask the checksum database at ";

pub(crate) fn compare(theirs: &Answer, ours: &Told) -> Vec<Verdict> {
    if let Some(reason) = &ours.unknown {
        if let Some((name, _)) = reason.split_once(TO_DOWNLOAD) {
            // It was asked of the network, which is closed here: that nothing is told of its answer is right.
            if theirs.stderr.contains(super::real::CLOSED) {
                return Vec::new();
            }
            // A proxy in a folder had it: which one was fetched is compared, not what it said.
            let fetched = theirs.stderr.lines().find_map(|line| {
                let (name, platform) = line.strip_prefix("go: downloading ")?.rsplit_once(' ')?;
                (platform == "(linux/amd64)").then_some(name)
            });
            let told = format!("a toolchain{TO_DOWNLOAD}");
            return vec![
                verdict(MESSAGE, fetched.unwrap_or(&theirs.stderr), name),
                verdict(UNTOLD, &told, &told),
            ];
        }
        if reason.starts_with(ELSEWHERE) && theirs.stderr.contains(super::real::CLOSED) {
            return vec![verdict(UNTOLD, ELSEWHERE, ELSEWHERE)];
        }
        if REASONS.iter().any(|known| reason.contains(known)) {
            return vec![verdict(UNTOLD, reason, reason)];
        }
        return vec![Verdict {
            what: STATUS.to_owned(),
            agreed: false,
            theirs: format!("{} {}", theirs.status, theirs.stderr),
            ours: format!("not told: {reason}"),
        }];
    }
    // 126: a file was found that may not be run; a shell says the same of what is none.
    let status = if theirs.status == 126 { 127 } else { theirs.status };
    let mut verdicts = vec![verdict(STATUS, &status.to_string(), &ours.status.to_string())];
    if status == 127 {
        return verdicts;
    }
    verdicts.push(verdict(MESSAGE, &comparable(&theirs.stderr), &comparable(&ours.stderr)));
    if status != ours.status {
        return verdicts;
    }
    if let Some(values) = &ours.values {
        verdicts.extend(by_variable(&theirs.stdout, values));
        if let Some(reason) = untold(values).into_values().next() {
            let reason = REASONS.iter().find(|known| reason.contains(**known)).copied().unwrap_or_default();
            // Lines are missing, and it is said so.
            verdicts.push(Verdict { agreed: !reason.is_empty(), ..verdict(UNTOLD, reason, reason) });
            return verdicts;
        }
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    verdicts.push(Verdict {
        what: BYTES.to_owned(),
        agreed: theirs.stdout == ours.stdout,
        theirs: text(&theirs.stdout),
        ours: text(&ours.stdout),
    });
    verdicts
}

/// Why a download failed is another matter than that it was tried; and what `go help` lists is none of `go env`.
fn comparable(stderr: &str) -> String {
    let stderr = stderr.find("Go is a tool for managing").map_or(stderr, |at| &stderr[..at]);
    let cut = |line: &str| {
        let platforms = [" for linux/amd64: ", " for windows/amd64: "];
        let tried = platforms.iter().find_map(|platform| Some((line.split_once(platform)?.0, platform)));
        match tried.filter(|(head, _)| head.starts_with("go: download ")) {
            Some((head, platform)) => format!("{head}{}\n", platform.trim_end_matches(": ")),
            None => without_number(line),
        }
    };
    stderr.split_inclusive('\n').map(cut).collect()
}

/// The line without the number that go makes up for its work folder.
fn without_number(line: &str) -> String {
    match line.split_once("go-build") {
        Some((head, rest)) => {
            format!("{head}go-build{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => line.to_owned(),
    }
}

/// Variables of a full list whose lines are left out, and why.
fn untold(values: &go::env::Values) -> BTreeMap<&str, &str> {
    let all = if values.request.names.is_empty() { values.variables.as_slice() } else { &[] };
    all.iter().filter_map(|v| Some((v.name(), v.untold()?))).collect()
}

/// Values, where the answer is JSON.
fn by_variable(stdout: &[u8], values: &go::env::Values) -> Vec<Verdict> {
    let Ok(mut theirs) = serde_json::from_slice::<BTreeMap<String, String>>(stdout) else {
        return Vec::new();
    };
    let untold = untold(values);
    theirs.retain(|name, _| !untold.contains_key(name.as_str()));
    let chosen = if values.request.names.is_empty() { &values.variables } else { &values.named };
    let shown = chosen
        .iter()
        .filter(|v| !values.request.changed || v.changed)
        .filter(|v| !v.needs_probe && v.untold().is_none());
    let ours: BTreeMap<&str, String> = shown.map(|v| (v.name(), v.value().to_text().into_owned())).collect();
    let mut names: Vec<&str> = theirs.keys().map(String::as_str).chain(ours.keys().copied()).collect();
    names.sort_unstable();
    names.dedup();
    let absent = || "(not printed)".to_owned();
    names
        .into_iter()
        .map(|name| {
            let theirs = theirs.get(name).cloned().unwrap_or_else(absent);
            verdict(name, &theirs, &ours.get(name).cloned().unwrap_or_else(absent))
        })
        .collect()
}
