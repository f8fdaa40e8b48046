//! The words of `go env …`, read by the flag rules of one version.
//!
//! Deliberately not here: what the flags do.

use crate::rules::Rules;

/// What is asked of `go env`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Request {
    /// Variables by name; none: the full list.
    pub names: Vec<String>,
    pub json: bool,
    pub changed: bool,
    pub write: bool,
    pub unset: bool,
    /// `-C DIR`, as it stands.
    pub folder: Option<String>,
}

/// The words are refused before anything is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub status: i32,
    /// The whole of stderr.
    pub stderr: String,
}

impl Request {
    /// `words` as in [`super::Query::words`]; `version` as in `go1.26.3`.
    pub fn parse(words: &[String], version: &str) -> Result<Self, Usage> {
        let rules = Rules::of(Some(version));
        let mut request = Self::default();
        let mut words = words.iter().skip_while(|w| *w != "env").skip(1);
        for word in words.by_ref() {
            match word.trim_start_matches('-') {
                _ if !word.starts_with('-') => {
                    request.names.push(word.clone());
                    break;
                }
                "json" => request.json = true,
                "changed" if rules.since(23) => request.changed = true,
                "w" if rules.since(13) => request.write = true,
                "u" if rules.since(13) => request.unset = true,
                other => {
                    let stderr = format!(
                        "flag provided but not defined: -{other}\nusage: go env\nRun 'go help env' for details.\n"
                    );
                    return Err(Usage { status: 2, stderr });
                }
            }
        }
        request.names.extend(words.cloned());
        Ok(request)
    }
}
