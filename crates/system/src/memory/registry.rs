//! The registry of a fake Windows: keys and values as stored.
//!
//! Not here: views (32 and 64 bit), permissions.

use crate::{ReadError, RegistryValue};
use std::collections::BTreeMap;

/// Keys by their upper-cased path, each with its spelling and values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registry {
    keys: BTreeMap<String, (String, Vec<RegistryValue>)>,
}

/// Full names of the hives and what they are written as here.
const HIVES: &[(&str, &str)] = &[
    ("HKEY_LOCAL_MACHINE", "HKLM"),
    ("HKEY_CURRENT_USER", "HKCU"),
    ("HKEY_USERS", "HKU"),
    ("HKEY_CLASSES_ROOT", "HKCR"),
    ("HKEY_CURRENT_CONFIG", "HKCC"),
];

/// With the hive in its short form and without a separator at the end.
fn spell(key: &str) -> String {
    let key = key.trim_end_matches('\\');
    let (hive, rest) = key.split_once('\\').map_or((key, None), |(hive, rest)| (hive, Some(rest)));
    let short =
        HIVES.iter().find(|(long, _)| long.eq_ignore_ascii_case(hive)).map_or(hive, |(_, short)| short);
    rest.map_or_else(|| short.to_owned(), |rest| format!("{short}\\{rest}"))
}

impl Registry {
    pub(crate) fn set(&mut self, key: &str, value: RegistryValue) {
        let values = &mut self.entry(key).1;
        values.retain(|v| v.name.to_uppercase() != value.name.to_uppercase());
        values.push(value);
    }

    /// Makes sure of a key that may hold no value.
    pub(crate) fn entry(&mut self, key: &str) -> &mut (String, Vec<RegistryValue>) {
        let key = spell(key);
        self.keys.entry(key.to_uppercase()).or_insert_with(|| (key, Vec::new()))
    }

    pub(crate) fn values(&self, key: &str) -> Result<Vec<RegistryValue>, ReadError> {
        let wanted = spell(key).to_uppercase();
        match self.keys.get(&wanted) {
            Some((_, values)) => Ok(values.clone()),
            None if self.keys.keys().any(|k| is_below(k, &wanted)) => Ok(Vec::new()),
            None => Err(ReadError::NotFound),
        }
    }

    pub(crate) fn subkeys(&self, key: &str) -> Result<Vec<String>, ReadError> {
        let wanted = spell(key).to_uppercase();
        let below = self.keys.iter().filter(|(k, _)| is_below(k, &wanted));
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (upper, (spelled, _)) in below {
            let depth = wanted.matches('\\').count() + 1;
            let (Some(k), Some(name)) = (upper.split('\\').nth(depth), spelled.split('\\').nth(depth)) else {
                continue;
            };
            names.entry(k.to_owned()).or_insert_with(|| name.to_owned());
        }
        if names.is_empty() && !self.keys.contains_key(&wanted) {
            return Err(ReadError::NotFound);
        }
        Ok(names.into_values().collect())
    }
}

fn is_below(key: &str, parent: &str) -> bool {
    key.strip_prefix(parent).is_some_and(|rest| rest.starts_with('\\'))
}
