//! Trying a fix before it is made: this very program looks at the machine again, in a world in which the edited files
//! stand over the real ones, and what it then finds is compared with what is found without them.
//!
//! A fix is safe only if its finding is gone, nothing new appears, and no variable changes but the one that it is for. Not
//! here: the world itself (`system::trial`).

use model::{Applicability, Atlas, FileEdit, Finding, Fix};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use system::System;
use system::trial::Stood;

/// What one look at the machine found. Values are told by digests: secrets go through no pipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Code, variable and file of each finding.
    findings: Vec<(String, String, String)>,
    /// By space: the digest of each variable's state, and of each setting of go that is not computed.
    cells: BTreeMap<String, BTreeMap<String, String>>,
}

impl Answer {
    pub(crate) fn new(atlas: &Atlas, findings: &[Finding]) -> Self {
        let mut cells = BTreeMap::new();
        for space in atlas.spaces.iter().filter(|space| space.evidence.has_values()) {
            let folded = atlas.fold(&space.id);
            let mut of_space: BTreeMap<String, String> = folded
                .histories()
                .map(|history| (history.name.to_text().into_owned(), digest(&format!("{:?}", history.state))))
                .collect();
            let settings = space.go.iter().flat_map(|go| &go.settings);
            for setting in settings.filter(|s| s.source == model::SettingSource::EnvFile) {
                of_space.insert(format!("go env {}", setting.name), digest(&format!("{:?}", setting.value)));
            }
            cells.insert(space.id.to_string(), of_space);
        }
        Self { findings: findings.iter().map(identity).collect(), cells }
    }

    /// What changes from one look to the other: space and variable.
    fn differing(&self, other: &Answer) -> BTreeSet<(String, String)> {
        let mut out = BTreeSet::new();
        for (space, cells) in &self.cells {
            let Some(others) = other.cells.get(space) else { continue };
            let names: BTreeSet<&String> = cells.keys().chain(others.keys()).collect();
            let changed = names.into_iter().filter(|name| cells.get(*name) != others.get(*name));
            out.extend(changed.map(|name| (space.clone(), name.clone())));
        }
        out
    }
}

fn digest(text: &str) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn identity(finding: &Finding) -> (String, String, String) {
    let variable = finding.variable.as_ref().map(|name| name.to_text().into_owned()).unwrap_or_default();
    let file = finding.origin.as_ref().and_then(model::Origin::place).map(|place| place.path.clone());
    (finding.code.clone(), variable, file.unwrap_or_default())
}

/// How the fixes of findings are tried.
pub(crate) struct Trials<'a> {
    pub(crate) system: &'a dyn System,
    /// The arguments by which this program looks at the same machine again and answers as [`Answer`].
    pub(crate) arguments: Vec<String>,
    /// What was found at first.
    pub(crate) seen: Answer,
    pub(crate) progress: &'a dyn Fn(&str),
}

impl Trials<'_> {
    /// Lowers the applicability of every fix that a trial does not confirm.
    pub(crate) fn judge(&self, findings: &mut [Finding]) {
        let mut control: Option<Result<Answer, String>> = None;
        for finding in findings.iter_mut() {
            let identity = identity(finding);
            for fix in finding.fixes.iter_mut().filter(|fix| fix.applicability == Applicability::Safe) {
                (self.progress)(&format!("trying the fix of {}", finding.code));
                let control = control.get_or_insert_with(|| self.look(&[]));
                let verdict = match control {
                    Ok(control) => self.verdict(control, &identity, fix),
                    Err(reason) => Err(format!("it could not be tried: {reason}")),
                };
                if let Err(reason) = verdict {
                    fix.applicability = Applicability::Unsafe;
                    fix.reason = Some(reason);
                }
            }
        }
    }

    fn verdict(
        &self,
        control: &Answer,
        identity: &(String, String, String),
        fix: &Fix,
    ) -> Result<(), String> {
        let files = stood(self.system, &fix.edits)?;
        let tried = self.look(&files).map_err(|reason| format!("it could not be tried: {reason}"))?;
        if tried.findings.contains(identity) {
            return Err("the finding is still there with it".to_owned());
        }
        if let Some((code, ..)) = tried.findings.iter().find(|f| !control.findings.contains(f)) {
            return Err(format!("{code} appears with it"));
        }
        // What is another value at every look says nothing.
        let volatile = self.seen.differing(control);
        let own = |name: &str| name == identity.1 || name.strip_prefix("go env ") == Some(&identity.1);
        let changed = control.differing(&tried);
        match changed.iter().find(|cell| !own(&cell.1) && !volatile.contains(*cell)) {
            Some((space, name)) => Err(format!("it changes {name} in {space}, too")),
            None => Ok(()),
        }
    }

    fn look(&self, files: &[Stood]) -> Result<Answer, String> {
        let out = system::trial::again(&self.arguments, files).map_err(|failed| failed.to_string())?;
        serde_json::from_slice(&out).map_err(|error| format!("no answer: {error}"))
    }
}

/// The files as they would be; a file that is not there yet cannot be tried.
fn stood(system: &dyn System, edits: &[FileEdit]) -> Result<Vec<Stood>, String> {
    let mut by_file: BTreeMap<&str, Vec<text::edit::Edit>> = BTreeMap::new();
    for edit in edits {
        let one = text::edit::Edit { range: edit.range.clone(), new: edit.new.clone() };
        by_file.entry(&edit.path).or_default().push(one);
    }
    by_file
        .into_iter()
        .map(|(path, edits)| {
            let real = system
                .canonicalize(path)
                .map_err(|error| format!("it could not be tried: {path} {error}"))?;
            let bytes =
                system.read(&real).map_err(|error| format!("it could not be tried: {path} {error}"))?;
            let bytes = text::edit::apply(&bytes, &edits).map_err(|error| error.to_string())?;
            Ok(Stood { path: real, bytes })
        })
        .collect()
}
