//! Dockerfiles: the images of Go that stages start from.
//!
//! Not here: images that hold a Go without saying so in their name.

use super::{Wanted, offset};
use std::collections::BTreeMap;

/// `FROM golang:…` and the like, with `ARG` defaults that stand before put in (docs.docker.com: Dockerfile reference,
/// FROM and ARG).
pub fn read(bytes: &[u8]) -> Vec<Wanted> {
    let text = String::from_utf8_lossy(bytes);
    let mut defaults: BTreeMap<&str, &str> = BTreeMap::new();
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let Some(instruction) = words.next() else { continue };
        if instruction.eq_ignore_ascii_case("ARG") {
            for pair in words {
                if let Some((name, value)) = pair.split_once('=') {
                    defaults.insert(name, value.trim_matches(['"', '\'']));
                }
            }
        } else if instruction.eq_ignore_ascii_case("FROM") {
            let Some(image) = words.find(|w| !w.starts_with("--")) else { continue };
            let filled = fill(image, &defaults);
            if is_go(&filled) {
                let at = offset(line, image);
                let mut wanted = Wanted::new("FROM", image, n, at, at + image.len());
                wanted.read_as = (filled != image).then_some(filled);
                out.push(wanted);
            }
        }
    }
    out
}

/// Whether the image is one of Go by its name (`golang`, `docker.io/library/golang`, `…/devcontainers/go`).
pub fn is_go(image: &str) -> bool {
    let bare = image.split(['@']).next().unwrap_or_default();
    let name = bare.rsplit('/').next().unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    name == "golang" || (name == "go" && bare.contains("devcontainers/"))
}

/// `$NAME`, `${NAME}` and `${NAME:-default}`.
fn fill(image: &str, defaults: &BTreeMap<&str, &str>) -> String {
    let mut out = String::new();
    let mut rest = image;
    while let Some((plain, after)) = rest.split_once('$') {
        out.push_str(plain);
        let (name, fallback, more) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((inner, more)) => match inner.split_once(":-") {
                Some((name, fallback)) => (name, Some(fallback), more),
                None => (inner, None, more),
            },
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..end], None, &after[end..])
            }
        };
        match defaults.get(name).copied().filter(|v| !v.is_empty()).or(fallback) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{name}}}")),
        }
        rest = more;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_go_and_their_arguments() {
        let text = b"# syntax\nARG GO=1.22.3\nfrom --platform=$BUILDPLATFORM golang:${GO}-alpine AS build\n\
                     FROM alpine\nFROM golang@sha256:00\nFROM golang:${OTHER:-1.20}\nFROM golang:$NONE\n";
        let found = read(text);
        let shown: Vec<_> =
            found.iter().map(|w| (w.line, w.column, w.read_as.as_deref().unwrap_or(&w.value))).collect();
        assert_eq!(
            shown,
            [
                (3, 32, "golang:1.22.3-alpine"),
                (5, 6, "golang@sha256:00"),
                (6, 6, "golang:1.20"),
                (7, 6, "golang:${NONE}")
            ]
        );
    }

    #[test]
    fn what_is_an_image_of_go() {
        assert!(is_go("docker.io/library/golang:1.22"));
        assert!(is_go("mcr.microsoft.com/devcontainers/go:1-1.22"));
        assert!(!is_go("golangci/golangci-lint:v1"));
    }
}
