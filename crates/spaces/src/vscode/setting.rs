//! A value of a settings file with its place, as the rules of the spaces ask for it.
//!
//! Not here: files, scopes and the order of precedence, which decide what is in force.

use model::Origin;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub value: Json,
    pub origin: Origin,
}

/// A JSON value whose parts have places of their own.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As JavaScript makes text of it, which is how it comes into an environment.
    Number(String),
    Text(String),
    List(Vec<Setting>),
    /// In the order of the file; a key stands once.
    Object(Vec<(String, Setting)>),
}

impl Setting {
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Json::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self.value {
            Json::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Of an object; nothing of anything else.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, setting)| setting)
    }

    /// Of an object; none of anything else.
    pub fn entries(&self) -> &[(String, Setting)] {
        match &self.value {
            Json::Object(entries) => entries,
            _ => &[],
        }
    }

    /// Of a list; none of anything else.
    pub fn items(&self) -> &[Setting] {
        match &self.value {
            Json::List(items) => items,
            _ => &[],
        }
    }
}

/// The settings that are in force in one window.
pub trait Settings: Send + Sync {
    /// What is in force for a key, objects merged key by key, each part with its own place; `None` where no file sets
    /// it (defaults are the reader's business). With a `folder`, that folder's own settings count where the key's
    /// scope lets them.
    fn get(&self, key: &str, folder: Option<&str>) -> Option<Setting>;
}

/// Nothing is set.
#[derive(Clone, Copy, Debug)]
pub struct Defaults;

impl Settings for Defaults {
    fn get(&self, _key: &str, _folder: Option<&str>) -> Option<Setting> {
        None
    }
}
