//! Where an effect came from, and how sure we are of it.

use serde::{Deserialize, Serialize};

/// Where a change of a variable was written down, or which rule of a program made it.
///
/// Lines and columns count from 1; columns are bytes. `end_line` and `end_column` are inclusive and exclusive
/// as in compilers' messages: the end column is one past the last byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", try_from = "Flat")]
pub enum Origin {
    File(Place),
    /// A registry value: key with its hive (`HKCU\Environment`), value name, and its type (`REG_EXPAND_SZ`).
    Registry {
        key: String,
        name: String,
        #[serde(rename = "type")]
        value_type: String,
    },
    /// A settings object: the file's place plus the JSON pointer inside it.
    Setting {
        place: Place,
        pointer: String,
    },
    /// Read from a running process: what it was given when it was executed.
    Process {
        pid: u32,
    },
    /// A built-in rule of a program; `reference` names the source that defines it.
    Rule {
        rule: String,
        reference: String,
    },
    Unknown {
        reason: String,
    },
}

/// An origin as it is written: read in one go. A tagged enum would be gathered as loose values first, and stored probes
/// hold thousands of origins.
#[derive(Deserialize)]
struct Flat {
    kind: Kind,
    path: Option<String>,
    line: Option<u32>,
    #[serde(default)]
    column: u32,
    #[serde(default)]
    end_line: u32,
    #[serde(default)]
    end_column: u32,
    key: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    value_type: Option<String>,
    place: Option<Place>,
    pointer: Option<String>,
    pid: Option<u32>,
    rule: Option<String>,
    reference: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Registry,
    Setting,
    Process,
    Rule,
    Unknown,
}

impl TryFrom<Flat> for Origin {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, Self::Error> {
        let Flat { kind, column, end_line, end_column, .. } = flat;
        let origin = match kind {
            Kind::File => flat
                .path
                .zip(flat.line)
                .map(|(path, line)| Origin::File(Place { path, line, column, end_line, end_column })),
            Kind::Registry => (flat.key.zip(flat.name).zip(flat.value_type))
                .map(|((key, name), value_type)| Origin::Registry { key, name, value_type }),
            Kind::Setting => {
                flat.place.zip(flat.pointer).map(|(place, pointer)| Origin::Setting { place, pointer })
            }
            Kind::Process => flat.pid.map(|pid| Origin::Process { pid }),
            Kind::Rule => {
                flat.rule.zip(flat.reference).map(|(rule, reference)| Origin::Rule { rule, reference })
            }
            Kind::Unknown => flat.reason.map(|reason| Origin::Unknown { reason }),
        };
        origin.ok_or("an origin of this kind has more fields")
    }
}

/// A range in a file. `line == 0` means the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub path: String,
    pub line: u32,
    #[serde(default)]
    pub column: u32,
    #[serde(default)]
    pub end_line: u32,
    #[serde(default)]
    pub end_column: u32,
}

impl Place {
    pub fn line(path: impl Into<String>, line: u32) -> Self {
        Self { path: path.into(), line, column: 0, end_line: 0, end_column: 0 }
    }

    pub fn file(path: impl Into<String>) -> Self {
        Self::line(path, 0)
    }
}

impl Origin {
    pub fn line(path: impl Into<String>, line: u32) -> Self {
        Origin::File(Place::line(path, line))
    }

    pub fn file(path: impl Into<String>) -> Self {
        Origin::File(Place::file(path))
    }

    pub fn rule(rule: impl Into<String>, reference: impl Into<String>) -> Self {
        Origin::Rule { rule: rule.into(), reference: reference.into() }
    }

    pub fn unknown(reason: impl Into<String>) -> Self {
        Origin::Unknown { reason: reason.into() }
    }

    /// The place in a file, for origins that have one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Origin::File(place) | Origin::Setting { place, .. } => Some(place),
            _ => None,
        }
    }
}

/// The call site, when an effect came from `eval`, a function, a generated line or a sourced tool.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Via {
    /// `eval`, `function NAME`, `source`, `hook`, `command substitution` …
    pub how: String,
    pub place: Place,
    /// Line of the generated text, from 1, where text was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_line: Option<u32>,
}

/// How an origin is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The value was seen to change at this line, and the line's text fits.
    Exact,
    /// It changed in generated text or in a function; the call site is known.
    Via,
    /// One of the lines of a range.
    Range,
    /// Somewhere in this file (found by differences of staged runs).
    File,
    /// Found by reading, not by running.
    Static,
    /// Inherited, or what a program's rules give.
    Baseline,
}

impl Confidence {
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Exact => "exact",
            Confidence::Via => "via",
            Confidence::Range => "range",
            Confidence::File => "file",
            Confidence::Static => "static",
            Confidence::Baseline => "baseline",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_it_was_written() {
        let place = Place { column: 3, end_line: 7, end_column: 9, ..Place::line("/a", 7) };
        let (key, name, value_type) = ("HKCU".to_owned(), "X".to_owned(), "REG_SZ".to_owned());
        let all = [
            Origin::File(place.clone()),
            Origin::Registry { key, name, value_type },
            Origin::Setting { place, pointer: "/a/b".to_owned() },
            Origin::Process { pid: 7 },
            Origin::rule("a", "b"),
            Origin::unknown("c"),
        ];
        for origin in all {
            let text = serde_json::to_string(&origin).expect("written");
            assert_eq!(serde_json::from_str::<Origin>(&text).expect("read"), origin, "{text}");
        }
        assert!(serde_json::from_str::<Origin>(r#"{"kind":"rule","rule":"a"}"#).is_err());
    }
}
