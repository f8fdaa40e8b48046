//! One file of settings: what it sets, and what of it does not count there.
//!
//! Not here: how files stand to one another.

use super::policy;
use super::scope::{Level, Reading, Scope, allowed, registered};
use super::tree::{Places, put};
use crate::vscode::Setting;
use std::collections::HashMap;
use text::jsonc::{self, Document, Object, Property};
use text::lines::Lines;

/// Why a value that is written in a file that is read does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// A key of this scope is not read from files of this level.
    Scope(Scope),
    /// The workspace is not trusted.
    Untrusted,
    /// The same file sets it again further down.
    SetAgain,
    /// A part of the key's path is set, in the same file, to something that is no object.
    InTheWay { key: String },
    /// It stands in a block for a language (`"[go]"`), which counts only where a text of that language is asked for.
    Language(String),
    /// The default profile's file sets it, but another profile is in use, and the key is neither an application's nor
    /// named in `workbench.settings.applyToAllProfiles`.
    OtherProfile,
    /// `workbench.settings.applyToAllProfiles` names it: the default profile's file counts.
    ForAllProfiles,
}

impl std::fmt::Display for Ignored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ignored::Scope(scope) => {
                write!(f, "a key of scope {} is not read from here", scope.as_str())
            }
            Ignored::Untrusted => f.write_str("the workspace is not trusted"),
            Ignored::SetAgain => f.write_str("the same file sets it again further down"),
            Ignored::InTheWay { key } => write!(f, "`{key}` is set in the same file and is no object"),
            Ignored::Language(language) => {
                write!(f, "it stands in `{language}`, for texts of that language only")
            }
            Ignored::OtherProfile => f.write_str("it is in the default profile, and another is in use"),
            Ignored::ForAllProfiles => f.write_str(
                "`workbench.settings.applyToAllProfiles` names it: the default profile's value counts",
            ),
        }
    }
}

/// What decides over the keys of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) level: Level,
    pub(crate) reading: Reading,
    pub(crate) trusted: bool,
    /// Keys that all profiles take from the default profile's file.
    pub(crate) for_all_profiles: Vec<String>,
}

impl Rules {
    pub(crate) fn at(&self, level: Level) -> Self {
        Self { level, ..self.clone() }
    }
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) rules: Rules,
    /// The folder whose settings these are, of several.
    pub(crate) folder: Option<String>,
    /// Where in the file the settings stand: empty, or `["settings"]` of a `.code-workspace` file.
    base: Vec<String>,
    pub(crate) document: Document,
    lines: Lines,
    /// Properties by the first part of their keys, and blocks for languages.
    by_first: HashMap<String, Vec<usize>>,
    languages: Vec<usize>,
}

/// A value that a file sets, and why it does not count, if it does not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// As the file spells it; dots and objects may be mixed.
    pub(crate) key: String,
    pub(crate) setting: Setting,
    pub(crate) ignored: Option<Ignored>,
}

impl Source {
    pub(crate) fn new(path: &str, bytes: &[u8], base: &[&str], rules: Rules, folder: Option<String>) -> Self {
        let mut source = Self {
            path: path.to_owned(),
            rules,
            folder,
            base: base.iter().map(|segment| (*segment).to_owned()).collect(),
            document: jsonc::read(bytes),
            lines: Lines::of(bytes),
            by_first: HashMap::new(),
            languages: Vec::new(),
        };
        let (mut by_first, mut languages) = (HashMap::<String, Vec<usize>>::new(), Vec::new());
        for (at, property) in source.object().iter().flat_map(|o| &o.properties).enumerate() {
            if property.key.starts_with('[') && property.key.ends_with(']') {
                languages.push(at);
                continue;
            }
            let Some(key) = source.key(property) else { continue };
            let first = key.split('.').next().unwrap_or_default();
            match by_first.get_mut(first) {
                Some(list) => list.push(at),
                None => {
                    by_first.insert(first.to_owned(), vec![at]);
                }
            }
        }
        (source.by_first, source.languages) = (by_first, languages);
        source
    }

    fn object(&self) -> Option<&Object> {
        let path: Vec<&str> = self.base.iter().map(String::as_str).collect();
        self.document.root.as_ref()?.at(&path)?.as_object()
    }

    /// The key that a property sets; a policy has a name of its own.
    fn key<'p>(&self, property: &'p Property) -> Option<&'p str> {
        match self.rules.level {
            Level::Policy => policy::key(&property.key),
            _ => Some(&property.key),
        }
    }

    fn places(&self) -> Places<'_> {
        Places { path: &self.path, lines: &self.lines }
    }

    /// Why a key as it is written at the top of the file does not count. VS Code looks keys up as they are spelled: one
    /// that is written as nested objects (`"go": {"goroot": …}`) is none that anybody registered, and counts everywhere
    /// (vscode: platform/configuration/common/configurationModels.ts `shouldInclude`).
    fn refused(&self, key: &str) -> Option<Ignored> {
        let Rules { level, reading, trusted, for_all_profiles } = &self.rules;
        let named = for_all_profiles.iter().any(|name| name == key);
        let known = registered(key);
        if *level == Level::Application {
            let counts = named || known.is_some_and(|k| allowed(*level, k.scope, *reading));
            return (!counts).then_some(Ignored::OtherProfile);
        }
        if *level == Level::User && !reading.default_profile && named {
            return Some(Ignored::ForAllProfiles);
        }
        let known = known?;
        if matches!(level, Level::Workspace | Level::Folder) && !trusted && known.restricted {
            return Some(Ignored::Untrusted);
        }
        (!allowed(*level, known.scope, *reading)).then_some(Ignored::Scope(known.scope))
    }

    /// What the file sets below the first part of a key: the tree of what counts, and each property with its standing.
    pub(crate) fn section(&self, first: &str) -> (Vec<(String, Setting)>, Vec<Written>) {
        let (mut tree, mut written) = (Vec::new(), Vec::<Written>::new());
        let (Some(object), Some(indices)) = (self.object(), self.by_first.get(first)) else {
            return (tree, written);
        };
        let places = self.places();
        let mut path = self.base.clone();
        let properties = || indices.iter().filter_map(|at| object.properties.get(*at));
        // JavaScript keeps a name where it first came, with its last value.
        let mut last: HashMap<&str, usize> = HashMap::new();
        let mut order = Vec::new();
        for property in properties() {
            let (Some(node), Some(key)) = (&property.value, self.key(property)) else { continue };
            match last.insert(key, written.len()) {
                Some(earlier) => written[earlier].ignored = Some(Ignored::SetAgain),
                None => order.push(key),
            }
            let setting = places.property(property, node, &mut path);
            written.push(Written { key: key.to_owned(), setting, ignored: self.refused(key) });
        }
        for key in order {
            let Some(it) = last.get(key).and_then(|at| written.get_mut(*at)) else { continue };
            if it.ignored.is_none()
                && let Err(key) = put(&mut tree, key, it.setting.clone())
            {
                it.ignored = Some(Ignored::InTheWay { key });
            }
        }
        (tree, written)
    }

    /// Values of a key in blocks for languages.
    pub(crate) fn in_languages(&self, key: &str) -> Vec<Written> {
        let places = self.places();
        let blocks = self.languages.iter().filter_map(|at| self.object()?.properties.get(*at));
        let found = blocks.filter_map(|block| {
            let property = block.value.as_ref()?.as_object()?.property(key)?;
            let mut path = self.base.clone();
            path.push(block.key.clone());
            let setting = places.property(property, property.value.as_ref()?, &mut path);
            Some(Written {
                key: key.to_owned(),
                setting,
                ignored: Some(Ignored::Language(block.key.clone())),
            })
        });
        found.collect()
    }
}
