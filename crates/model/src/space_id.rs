//! Names of spaces: `family[@which]:variant[/name]`.
//!
//! The name part keeps its case; `/ % :` and control characters in it are percent-encoded, and `folder//name`
//! separates a workspace folder from the name in it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// `bash:login`, `vscode@cursor:gopls`, `vscode:task/build`, `login`, `pid:4711`. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpaceId(Arc<str>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceIdError {
    pub text: String,
}

impl fmt::Display for SpaceIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the name of a space: expected family[@which][:variant[/name]]", self.text)
    }
}

impl std::error::Error for SpaceIdError {}

impl SpaceId {
    /// A space of a family that has but one (`login`, `here`).
    pub fn of(family: &str) -> Self {
        Self(family.into())
    }

    pub fn new(family: &str, variant: &str) -> Self {
        Self(format!("{family}:{variant}").into())
    }

    /// `family:variant/name`, the name encoded.
    pub fn named(family: &str, variant: &str, name: &str) -> Self {
        Self(format!("{family}:{variant}/{}", encode(name)).into())
    }

    /// `family/name`, for families whose spaces have a name but no variant (`cron/ann`).
    pub fn family_named(family: &str, name: &str) -> Self {
        Self(format!("{family}/{}", encode(name)).into())
    }

    pub fn pid(pid: u32) -> Self {
        Self(format!("pid:{pid}").into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before `@`, `:` or `/`.
    pub fn family(&self) -> &str {
        self.0.split(['@', ':', '/']).next().unwrap_or_default()
    }

    /// What stands between `@` and `:`.
    pub fn which(&self) -> Option<&str> {
        let head = self.0.split([':', '/']).next().unwrap_or_default();
        head.split_once('@').map(|(_, which)| which)
    }

    /// What stands between `:` and `/`.
    pub fn variant(&self) -> Option<&str> {
        let (_, rest) = self.0.split_once(':')?;
        rest.split('/').next()
    }
}

fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' | '%' | ':' => out.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_control() => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

impl FromStr for SpaceId {
    type Err = SpaceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let head = text.split([':', '/']).next().unwrap_or_default();
        let family = head.split('@').next().unwrap_or_default();
        let well_formed = !family.is_empty()
            && family.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !text.chars().any(char::is_control)
            && !text.ends_with([':', '/', '@']);
        if well_formed { Ok(Self(text.into())) } else { Err(SpaceIdError { text: text.to_owned() }) }
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_name() {
        let id: SpaceId = "vscode@cursor:task/build%3Aall".parse().expect("well formed");
        assert_eq!((id.family(), id.which(), id.variant()), ("vscode", Some("cursor"), Some("task")));
        assert_eq!(SpaceId::named("vscode", "task", "build:all/x").as_str(), "vscode:task/build%3Aall%2Fx");
        assert!("".parse::<SpaceId>().is_err());
        assert!("bash:".parse::<SpaceId>().is_err());
    }
}
