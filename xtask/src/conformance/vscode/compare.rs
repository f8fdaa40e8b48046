//! Every variable of every place: what we say against what was seen.

use super::case::Case;
use super::observe::{Environment, Observed};
use super::predict::Predicted;
use std::collections::{BTreeMap, BTreeSet};

/// Variables whose value belongs to one run: whether they are there is compared, and no more.
const PER_RUN: &[(&str, &str)] = &[
    ("VSCODE_IPC_HOOK_CLI", "a socket with a name made up for the window or the terminal"),
    ("VSCODE_NONCE", "made up for each terminal"),
    ("VSCODE_GIT_IPC_HANDLE", "a socket with a name made up for the window"),
    ("VSCODE_PROXY_URI", "it has the port"),
    ("CODE_SERVER_PARENT_PID", "a process's number"),
    ("VSCODE_PARENT_PID", "a process's number"),
    ("VSCODE_NLS_CONFIG", "names the browser's language"),
    ("VSCODE_CWD", "the folder in which somebody started the server"),
    ("NODE_EXEC_PATH", "the Node that runs the server"),
    ("VSCODE_GIT_ASKPASS_NODE", "the Node that runs the server"),
    ("VSCODE_GIT_EDITOR_NODE", "the Node that runs the server"),
];

/// Variables of which not even that can be said, with the reason.
const OF_THE_MOMENT: &[(&str, &str)] = &[
    ("_", "the shell keeps it for the command that was typed to look"),
    (
        "VSCODE_L10N_BUNDLE_LOCATION",
        "the host sets it to the last extension's that was loaded with translations",
    ),
];

/// What one kind of place came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Score {
    pub(super) agreed: u64,
    pub(super) total: u64,
    pub(super) places: u64,
}

/// By kind of place; and the differences, one a line.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) scores: BTreeMap<String, Score>,
    pub(super) differences: Vec<String>,
    /// Places that we say nothing of.
    pub(super) missing: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, case: &Case, observed: &Observed, predicted: &Predicted) {
        for (id, seen) in &observed.spaces {
            // Our own adapter starts it; no place of anyone's.
            if id.starts_with("vscode:launch/") {
                continue;
            }
            let kind = id.split('/').next().unwrap_or(id);
            let score = self.scores.entry(kind.to_owned()).or_default();
            score.places += 1;
            let Some(said) = said(predicted, id, &case.folders[0]) else {
                self.missing.push(format!("{} {id}", case.name));
                score.total += seen.len() as u64;
                continue;
            };
            let names: BTreeSet<&Vec<u8>> = seen.keys().chain(said.keys()).collect();
            for name in names {
                let text = String::from_utf8_lossy(name);
                if OF_THE_MOMENT.iter().any(|(name, _)| *name == text) {
                    continue;
                }
                score.total += 1;
                let (a, b) = (seen.get(name), said.get(name));
                let per_run = PER_RUN.iter().any(|(known, _)| *known == text);
                if a == b || (per_run && a.is_some() == b.is_some()) {
                    score.agreed += 1;
                } else {
                    self.differences.push(format!(
                        "{} {id} {text}: real {}, ours {}",
                        case.name,
                        shown(a),
                        shown(b)
                    ));
                }
            }
        }
    }

    pub(super) fn agreed(&self) -> (u64, u64) {
        self.scores.values().fold((0, 0), |(a, t), score| (a + score.agreed, t + score.total))
    }
}

fn said<'a>(predicted: &'a Predicted, id: &str, folder: &str) -> Option<&'a Environment> {
    // With several folders, a task's name begins with its folder's.
    let of_folder = id.replacen("vscode:task/", &format!("vscode:task/{folder}//"), 1);
    predicted.get(id).or_else(|| predicted.get(&of_folder))
}

fn shown(value: Option<&Vec<u8>>) -> String {
    value.map_or_else(
        || "unset".to_owned(),
        |bytes| format!("`{}`", String::from_utf8_lossy(bytes).escape_debug()),
    )
}
