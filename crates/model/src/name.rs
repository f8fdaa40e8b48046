//! Names of variables and the rule by which they compare.

use crate::bytes::{read_bytes, write_bytes};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// How names of variables compare in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CaseRule {
    /// Byte by byte (Unix).
    #[default]
    Sensitive,
    /// Ordinal, ignoring case; the first spelling is kept (Windows).
    Insensitive,
}

/// The name of a variable as it was spelled. Copies share it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<[u8]>);

impl Name {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into().into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// What is compared and looked up under `rule`. Windows compares UTF-16 code units, upper-cased one by one
    /// (`RtlUpcaseUnicodeChar`), which for text is each character's simple upper case.
    pub fn key(&self, rule: CaseRule) -> Vec<u8> {
        match rule {
            CaseRule::Sensitive => self.0.to_vec(),
            CaseRule::Insensitive => match std::str::from_utf8(&self.0) {
                Ok(text) => text.chars().flat_map(simple_upper).collect::<String>().into_bytes(),
                Err(_) => self.0.to_ascii_uppercase(),
            },
        }
    }

    pub fn is(&self, text: &str) -> bool {
        *self.0 == *text.as_bytes()
    }
}

fn simple_upper(c: char) -> impl Iterator<Item = char> {
    let mut upper = c.to_uppercase();
    let one = match (upper.next(), upper.next()) {
        (Some(u), None) => u,
        // A character whose upper case is longer (`ß`) has no simple upper case and stays.
        _ => c,
    };
    std::iter::once(one)
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<&[u8]> for Name {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_bytes(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_bytes(deserializer).map(Name::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_names_ignore_case_one_character_at_a_time() {
        let key = |text: &str| Name::from(text).key(CaseRule::Insensitive);
        assert_eq!(key("Path"), key("PATH"));
        assert_eq!(key("größe"), key("GRÖßE"));
        assert_ne!(key("größe"), key("GRÖSSE"));
    }
}
