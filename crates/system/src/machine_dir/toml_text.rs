//! The shapes of `machine.toml`, `proc/PID.toml` and `registry.toml` as they are written.
//!
//! Not here: what they mean together (`draft`).

use super::clock;
use crate::{Os, ReadError};
use model::{Name, Value};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use std::fmt;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MachineText {
    pub(super) os: Os,
    pub(super) arch: Option<String>,
    pub(super) host: Option<String>,
    pub(super) cwd: Option<String>,
    pub(super) pid: Option<u32>,
    pub(super) now: Option<Time>,
    pub(super) user: Option<UserText>,
    #[serde(default)]
    pub(super) environment: Variables,
    #[serde(default)]
    pub(super) files: Entries<FileText>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct UserText {
    pub(super) name: Option<String>,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) home: Option<String>,
    pub(super) shell: Option<String>,
}

/// What is said of a file beside (or instead of) what stands in `root/`.
#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct FileText {
    pub(super) text: Option<String>,
    /// Content that is not text.
    pub(super) content: Option<Value>,
    pub(super) link: Option<String>,
    /// Bytes: of a file whose content was not kept, or where it differs from the content's (files of `/proc`).
    pub(super) size: Option<u64>,
    /// Parts that were kept of a file of that `size`.
    pub(super) parts: Option<Vec<PartText>>,
    pub(super) kind: Option<KindText>,
    /// Names in a folder of which nothing else is known.
    pub(super) names: Option<Vec<String>>,
    pub(super) mode: Option<u32>,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) modified: Option<Time>,
    /// What the user may do, whatever the mode says: letters of `r` (read, list) and `x` (run, search).
    pub(super) may: Option<String>,
    /// `denied`, or in other words why reading fails.
    pub(super) unreadable: Option<Failure>,
    /// The same for even looking at it.
    pub(super) unseen: Option<Failure>,
}

/// Part of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartText {
    /// Offset in bytes.
    pub(super) at: u64,
    pub(super) content: Value,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KindText {
    File,
    Folder,
    /// A device, socket or pipe.
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ProcessText {
    pub(super) name: Option<String>,
    pub(super) parent: Option<u32>,
    pub(super) uid: Option<u32>,
    pub(super) exe: Option<String>,
    pub(super) args: Option<Vec<Value>>,
    pub(super) started: Option<Time>,
    pub(super) cwd: Option<String>,
    /// It lives in another process or mount namespace (a container).
    #[serde(default)]
    pub(super) other_namespace: bool,
    #[serde(default)]
    pub(super) environment: Variables,
    /// Why its environment cannot be read.
    pub(super) unreadable: Option<Failure>,
}

/// `"text"` is a REG_SZ, a number a REG_DWORD, anything else a table.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RegistryText {
    Text(String),
    Number(u32),
    Full {
        #[serde(rename = "type")]
        value_type: String,
        data: Value,
    },
}

/// A TOML time, or milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time(pub(super) i64);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ms = match toml::Value::deserialize(deserializer)? {
            toml::Value::Datetime(at) => clock::to_ms(&at),
            toml::Value::Integer(ms) => Some(ms),
            _ => None,
        };
        ms.map(Time).ok_or_else(|| D::Error::custom("expected a time such as 2026-03-01T09:12:00Z"))
    }
}

#[derive(Debug)]
pub(super) struct Failure(pub(super) ReadError);

impl<'de> Deserialize<'de> for Failure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(match text.as_str() {
            "denied" => ReadError::Denied,
            "absent" => ReadError::NotFound,
            _ => ReadError::Other(text),
        }))
    }
}

/// An environment, in the order in which it is written.
#[derive(Debug, Default)]
pub(super) struct Variables(pub(super) Vec<(Name, Value)>);

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Entries(entries) = Entries::<Value>::deserialize(deserializer)?;
        Ok(Self(
            entries.into_iter().map(|(name, value)| (Name::from(name.get_ref().as_str()), value)).collect(),
        ))
    }
}

/// A table, in the order in which it is written, each key with its place.
#[derive(Debug)]
pub(super) struct Entries<T>(pub(super) Vec<(Spanned<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(std::marker::PhantomData))
    }
}
