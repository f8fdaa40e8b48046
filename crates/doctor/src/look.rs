//! What a rule may look at: the atlas with every fold, and files of the machine.
//!
//! Not here: anything that runs.

use model::{
    Applicability, Atlas, Evidence, FileEdit, Fix, Folded, GoView, Name, Origin, Place, Problem, Reach,
    Setting, Space, SpaceId, Value,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use system::System;

/// One place with all of its variables.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub space: &'a Space,
    pub env: &'a Folded,
}

impl<'a> Seen<'a> {
    pub fn id(&self) -> &'a SpaceId {
        &self.space.id
    }

    /// What go makes of the place, if a go is found there.
    pub fn go(&self) -> Option<&'a GoView> {
        self.space.go.as_ref().filter(|go| go.path.is_some())
    }

    /// The value that `go env` prints there.
    pub fn setting(&self, name: &str) -> Option<&'a Setting> {
        self.go()?.settings.iter().find(|s| s.name == name)
    }

    /// The value of a variable and the line that decided it.
    pub fn variable(&self, name: &str) -> Option<(&'a Value, Origin)> {
        let history = self.env.get(&Name::from(name))?;
        let value = history.state.value()?;
        let winner = history.winner()?;
        // A line that sets again what was inherited is where a user would look for it.
        let again =
            history.steps.iter().rev().find(|s| s.after == winner.after && s.origin.place().is_some());
        let winner =
            if winner.origin.place().is_some() { winner } else { again.map_or(winner, AsRef::as_ref) };
        // Of generated text the call site is what a user can edit.
        let origin = match (&winner.origin, &winner.via) {
            (Origin::Unknown { .. }, Some(via)) => Origin::File(via.place.clone()),
            (origin, _) => origin.clone(),
        };
        Some((value, origin))
    }

    /// A setting of go with its value, from the environment or go's own files.
    pub fn configured(&self, name: &str) -> Option<(Value, Origin)> {
        if let Some((value, origin)) = self.variable(name).filter(|(value, _)| !value.is_empty()) {
            return Some((value.clone(), origin));
        }
        let setting = self.setting(name)?;
        use model::SettingSource::{EnvFile, GoEnv};
        matches!(setting.source, EnvFile | GoEnv).then(|| (setting.value.clone(), setting.origin.clone()))
    }
}

/// Places in which the same line did the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<T> {
    pub origin: Option<Origin>,
    pub what: T,
    pub spaces: Vec<SpaceId>,
}

/// The machine as rules see it.
#[expect(missing_debug_implementations, reason = "holds the machine")]
pub struct Look<'a> {
    system: &'a dyn System,
    atlas: &'a Atlas,
    project: &'a str,
    everyday: Option<&'a SpaceId>,
    folds: Vec<Folded>,
    texts: Mutex<BTreeMap<String, Option<Arc<[u8]>>>>,
}

impl<'a> Look<'a> {
    pub fn new(
        system: &'a dyn System,
        atlas: &'a Atlas,
        project: &'a str,
        everyday: Option<&'a SpaceId>,
    ) -> Self {
        let folds = atlas.spaces.iter().map(|space| atlas.fold(&space.id)).collect();
        Self { system, atlas, project, everyday, folds, texts: Mutex::default() }
    }

    pub fn system(&self) -> &'a dyn System {
        self.system
    }

    pub fn atlas(&self) -> &'a Atlas {
        self.atlas
    }

    /// The folder of the project.
    pub fn project(&self) -> &'a str {
        self.project
    }

    /// The user's home.
    pub fn home(&self) -> String {
        let base = self.atlas.spaces.iter().position(|s| s.id == self.atlas.baseline.space);
        let home = base.and_then(|at| self.folds[at].value("HOME")).map(|home| home.to_text().into_owned());
        home.filter(|home| home.starts_with('/')).unwrap_or_else(|| self.system.user().home)
    }

    /// Every place that has values.
    pub fn places(&self) -> impl Iterator<Item = Seen<'_>> {
        let all = self.atlas.spaces.iter().zip(&self.folds);
        all.filter(|(space, _)| space.evidence.has_values()).map(|(space, env)| Seen { space, env })
    }

    pub fn place(&self, id: &SpaceId) -> Option<Seen<'_>> {
        self.places().find(|seen| seen.id() == id)
    }

    /// The user's everyday shell.
    pub fn everyday(&self) -> Option<Seen<'_>> {
        self.everyday.and_then(|id| self.place(id))
    }

    /// Whether it is one of the user's own shells, however started.
    pub fn is_own(&self, seen: &Seen<'_>) -> bool {
        seen.space.own || self.everyday.is_some_and(|own| own.family() == seen.id().family())
    }

    /// Whether shells could not be looked at, so that nothing can be said of what they lack.
    pub fn checked(&self, id: &SpaceId) -> bool {
        self.atlas.space(id).is_some_and(|s| !matches!(s.evidence, Evidence::NotChecked { .. }))
    }

    /// The bytes of a file, read once.
    pub fn text(&self, path: &str) -> Option<Arc<[u8]>> {
        let mut texts = self.texts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let read = || self.system.read(path).ok().map(Arc::from);
        texts.entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// One line of a file with its offset; without its end.
    pub fn line(&self, place: &Place) -> Option<(usize, Vec<u8>)> {
        let text = self.text(&place.path)?;
        let number = usize::try_from(place.line).ok()?.checked_sub(1)?;
        let mut offset = 0;
        for (n, line) in text.split(|&b| b == b'\n').enumerate() {
            if n == number {
                return Some((offset, line.strip_suffix(b"\r").unwrap_or(line).to_vec()));
            }
            offset += line.len() + 1;
        }
        None
    }

    /// What is told of each place by `tell`, places with the same answer and the same line together, in their order.
    pub fn groups<T: PartialEq>(
        &self,
        mut tell: impl FnMut(&Seen<'_>) -> Option<(T, Option<Origin>)>,
    ) -> Vec<Group<T>> {
        let mut groups: Vec<Group<T>> = Vec::new();
        for seen in self.places() {
            let Some((what, origin)) = tell(&seen) else { continue };
            match groups.iter_mut().find(|g| g.what == what && g.origin == origin) {
                Some(group) => group.spaces.push(seen.id().clone()),
                None => groups.push(Group { origin, what, spaces: vec![seen.id().clone()] }),
            }
        }
        groups
    }

    /// Whether `path`, seen from `base`, is the folder.
    pub(crate) fn same_folder(&self, base: &str, path: &str, folder: &str) -> bool {
        let joined = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
        let clean = go::file_path::clean(self.system.os(), &joined);
        let real = |path: &str| self.system.canonicalize(path).unwrap_or_else(|_| path.to_owned());
        clean == folder || real(&clean) == real(folder)
    }

    /// A place of a file as a user writes it: `/home/ann/.zshrc:3`.
    pub(crate) fn told(&self, origin: Option<&Origin>) -> String {
        match origin.and_then(Origin::place) {
            Some(place) if place.line > 0 => format!("{}:{}", place.path, place.line),
            Some(place) => place.path.clone(),
            None => "where it is set".to_owned(),
        }
    }

    /// A fix of these edits; its reach follows from where the files lie.
    pub fn fix(&self, title: impl Into<String>, applicability: Applicability, edits: Vec<FileEdit>) -> Fix {
        let home = self.home();
        let inside = |path: &str, folder: &str| {
            path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
        };
        let reach = edits.iter().map(|edit| match edit.path.as_str() {
            path if inside(path, self.project) && self.project != home => self.project_reach(),
            path if inside(path, &home) => Reach::User,
            _ => Reach::Machine,
        });
        let reach = reach.max().unwrap_or(Reach::User);
        // What others have, too, is never changed unasked.
        let applicability = match reach {
            Reach::Project | Reach::User => applicability,
            Reach::Machine | Reach::Team => applicability.max(Applicability::Unsafe),
        };
        Fix { title: title.into(), applicability, reason: None, reach, edits, restart: Vec::new() }
    }

    /// Files of a project that is kept in a repository are others', too.
    fn project_reach(&self) -> Reach {
        let mut folder = self.project;
        loop {
            if self.system.symlink_metadata(&format!("{}/.git", folder.trim_end_matches('/'))).is_ok() {
                return Reach::Team;
            }
            match folder.rsplit_once('/') {
                Some((up, _)) if !up.is_empty() => folder = up,
                _ => return Reach::Project,
            }
        }
    }

    /// What go's view already says is wrong under one of these codes.
    pub fn conflicts(&self, codes: &[&str]) -> Vec<Group<Problem>> {
        let mut groups: Vec<Group<Problem>> = Vec::new();
        for seen in self.places() {
            let Some(view) = &seen.space.go else { continue };
            for problem in view.conflicts.iter().filter(|p| codes.contains(&p.code.as_str())) {
                let same = |g: &&mut Group<Problem>| {
                    g.what.code == problem.code
                        && g.origin == problem.origin
                        && g.what.message == problem.message
                };
                match groups.iter_mut().find(same) {
                    Some(group) => group.spaces.push(seen.id().clone()),
                    None => groups.push(Group {
                        origin: problem.origin.clone(),
                        what: problem.clone(),
                        spaces: vec![seen.id().clone()],
                    }),
                }
            }
        }
        groups
    }
}
