//! What a version in another program's file comes to.

use crate::version::Version;
use text::versions::Wanted;

/// As far as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// This release: `1.22.3`, `1.22rc1`.
    Exact(Version, String),
    /// The newest release of this language version: `1.22`, `1.22.x`.
    Newest(Version, String),
    /// Whatever is newest: `latest`, `stable`, an image without a tag.
    Latest,
    /// A range of versions.
    Range(String),
    /// What another file says.
    File(String),
    /// The go that is there without the manager.
    System,
    Unknown,
}

impl Meaning {
    pub(crate) fn of(wanted: &Wanted) -> Self {
        let text = wanted.read_as.as_deref().unwrap_or(&wanted.value);
        match wanted.key.as_str() {
            "go-version-file" => Meaning::File(text.to_owned()),
            "FROM" | "image" => image(text),
            _ => version(text),
        }
    }

    /// In words, after "asks for".
    pub(crate) fn words(&self) -> String {
        match self {
            Meaning::Exact(_, text) => text.clone(),
            Meaning::Newest(_, text) => format!("the newest {text}"),
            Meaning::Latest => "the newest of all".to_owned(),
            Meaning::Range(text) => format!("any that fits {text}"),
            Meaning::File(path) => format!("what {path} asks"),
            Meaning::System => "the go that is there without it".to_owned(),
            Meaning::Unknown => "not known from the file".to_owned(),
        }
    }
}

/// `1.22.3`, `go1.22`, `1.22.x`, `~1.22`, `latest:1.22`, `prefix:1.22`, `system`.
pub(crate) fn version(text: &str) -> Meaning {
    let text = text.trim();
    let bare = text.strip_prefix("go").or_else(|| text.strip_prefix('v')).unwrap_or(text);
    let bare = bare.strip_prefix("latest:").or_else(|| bare.strip_prefix("prefix:")).unwrap_or(bare);
    if bare == "system" {
        return Meaning::System;
    }
    if matches!(bare, "latest" | "stable" | "x" | "*" | "1" | "1.x" | "1.*") {
        return Meaning::Latest;
    }
    if bare.starts_with(['^', '~', '>', '<', '=']) || bare.contains(" - ") || bare.contains("||") {
        return Meaning::Range(bare.to_owned());
    }
    let language = bare.strip_suffix(".x").or_else(|| bare.strip_suffix(".*"));
    let plain = language.unwrap_or(bare);
    match Version::parse(plain) {
        Some(version) if language.is_some() || plain.matches('.').count() == 1 && is_numbers(plain) => {
            Meaning::Newest(version, plain.to_owned())
        }
        Some(version) => Meaning::Exact(version, plain.to_owned()),
        None => Meaning::Unknown,
    }
}

fn is_numbers(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The tag up to what names the system below (docker-library/golang: README, "Image Variants");
/// devcontainers/images put a version of their own before it (`1-1.22-bookworm`).
fn image(text: &str) -> Meaning {
    let (bare, digest) = match text.split_once('@') {
        Some((bare, _)) => (bare, true),
        None => (text, false),
    };
    let name = bare.rsplit('/').next().unwrap_or_default();
    let Some((_, tag)) = name.split_once(':') else {
        return if digest { Meaning::Unknown } else { Meaning::Latest };
    };
    let parts: Vec<&str> = tag.split('-').collect();
    let own = if bare.contains("devcontainers/") && parts.len() > 1 { parts[1] } else { parts[0] };
    match version(own) {
        Meaning::Unknown if own.starts_with(|c: char| c.is_ascii_alphabetic()) => Meaning::Latest,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image_words(text: &str) -> String {
        image(text).words()
    }

    #[test]
    fn versions_in_words() {
        for (text, want) in [
            ("1.22.3", "1.22.3"),
            ("go1.22.3", "1.22.3"),
            ("1.22", "the newest 1.22"),
            ("1.22.x", "the newest 1.22"),
            ("1.23rc1", "1.23rc1"),
            ("latest:1.22", "the newest 1.22"),
            ("latest", "the newest of all"),
            ("~1.22", "any that fits ~1.22"),
            ("${{ inputs.go }}", "not known from the file"),
        ] {
            assert_eq!(version(text).words(), want, "{text}");
        }
    }

    #[test]
    fn tags_of_images() {
        assert_eq!(image_words("golang:1.22.3-alpine3.19"), "1.22.3");
        assert_eq!(image_words("golang"), "the newest of all");
        assert_eq!(image_words("golang:alpine"), "the newest of all");
        assert_eq!(image_words("golang:1-bookworm"), "the newest of all");
        assert_eq!(image_words("golang:${GO}-alpine"), "not known from the file");
        assert_eq!(image_words("golang@sha256:00"), "not known from the file");
        assert_eq!(image_words("mcr.microsoft.com/devcontainers/go:1-1.22-bookworm"), "the newest 1.22");
    }
}
