//! The settings that are in force in one window, and every place where a key is written.
//!
//! Not here: finding the files.

use super::scope::Level;
use super::source::{Ignored, Source, Written};
use super::tree::{find, merge, put};
use crate::vscode::{Json, Setting, Settings};
use model::Origin;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// All files of one window, lowest first.
#[derive(Debug, Default)]
pub struct InForce {
    sources: Vec<Source>,
    cache: Mutex<Cache>,
}

/// By the first part of keys, and the file of a folder's own settings.
type Cache = HashMap<(String, Option<usize>), Arc<Section>>;

/// All keys with one first part, in all files.
#[derive(Debug, Default)]
struct Section {
    merged: Vec<(String, Setting)>,
    files: Vec<OfFile>,
}

#[derive(Debug)]
struct OfFile {
    /// Index of the file.
    source: usize,
    /// What would be in force if there were only this file.
    tree: Vec<(String, Setting)>,
    written: Vec<Written>,
}

/// One place where a key is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    pub level: Level,
    /// As it is spelled there: `go.goroot`, or `go` where it stands in an object, or a longer one that adds to it.
    pub key: String,
    pub setting: Setting,
    pub standing: Standing,
}

/// What becomes of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All or some of it is in force.
    Counts,
    /// It would count, but a higher level sets the same.
    Outranked,
    Ignored(Ignored),
}

/// A file that settings are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'a> {
    pub level: Level,
    pub path: &'a str,
    pub problems: &'a [text::jsonc::Problem],
}

impl InForce {
    pub(crate) fn new(sources: Vec<Source>) -> Self {
        Self { sources, cache: Mutex::default() }
    }

    pub(crate) fn into_sources(self) -> Vec<Source> {
        self.sources
    }

    /// The files that are there, lowest level first.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        self.sources.iter().map(|s| File {
            level: s.rules.level,
            path: &s.path,
            problems: &s.document.problems,
        })
    }

    /// Every place where a key is written, lowest level first, with what becomes of it.
    pub fn occurrences(&self, key: &str, folder: Option<&str>) -> Vec<Occurrence> {
        let section = self.section(first(key), folder);
        let in_force = find(&section.merged, key).map(leaves).unwrap_or_default();
        let mut found = Vec::new();
        for OfFile { source, tree, written } in &section.files {
            let Some(source) = self.sources.get(*source) else { continue };
            let counts_there = find(tree, key).map(leaves).unwrap_or_default();
            let in_languages = source.in_languages(key);
            for it in written.iter().chain(&in_languages) {
                let Some(setting) = part(it, key) else { continue };
                let own = leaves(setting);
                let standing = match &it.ignored {
                    Some(why) => Standing::Ignored(why.clone()),
                    None if own.is_disjoint(&counts_there) => Standing::Ignored(Ignored::SetAgain),
                    None if own.is_disjoint(&in_force) => Standing::Outranked,
                    None => Standing::Counts,
                };
                let setting = setting.clone();
                found.push(Occurrence { level: source.rules.level, key: it.key.clone(), setting, standing });
            }
        }
        found
    }

    fn section(&self, first: &str, folder: Option<&str>) -> Arc<Section> {
        let own = folder.and_then(|path| self.sources.iter().position(|s| s.folder.as_deref() == Some(path)));
        let key = (first.to_owned(), own);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let section = cache.entry(key).or_insert_with(|| {
            let mut section = Section::default();
            for (at, source) in self.sources.iter().enumerate() {
                if source.folder.is_some() && Some(at) != own {
                    continue;
                }
                let (tree, written) = source.section(first);
                if source.rules.level == Level::Policy {
                    // Whole values, not merged (vscode: configurationModels.ts `getConsolidatedConfigurationModel`).
                    for it in written.iter().filter(|it| it.ignored.is_none()) {
                        let _ = put(&mut section.merged, &it.key, it.setting.clone());
                    }
                } else {
                    merge(&mut section.merged, tree.clone());
                }
                section.files.push(OfFile { source: at, tree, written });
            }
            Arc::new(section)
        });
        section.clone()
    }
}

impl Settings for InForce {
    fn get(&self, key: &str, folder: Option<&str>) -> Option<Setting> {
        find(&self.section(first(key), folder).merged, key).cloned()
    }
}

fn first(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

/// What a written value says about a key: itself, a part of it, or all of it where it adds to the key's object.
fn part<'w>(it: &'w Written, key: &str) -> Option<&'w Setting> {
    let below = |long: &str, short: &str| {
        long.strip_prefix(short).and_then(|rest| rest.strip_prefix('.')).map(str::len)
    };
    if it.key == key || below(&it.key, key).is_some() {
        return Some(&it.setting);
    }
    let rest = below(key, &it.key)?;
    find(it.setting.entries(), &key[key.len() - rest..])
}

/// Places of all values that are no objects, or empty ones.
fn leaves(setting: &Setting) -> HashSet<&Origin> {
    let mut found = HashSet::new();
    let mut left = vec![setting];
    while let Some(setting) = left.pop() {
        match &setting.value {
            Json::Object(entries) if !entries.is_empty() => left.extend(entries.iter().map(|(_, it)| it)),
            _ => {
                found.insert(&setting.origin);
            }
        }
    }
    found
}
