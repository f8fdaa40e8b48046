//! Paths that a start-up file spells out: `~/.extra`, `"$HOME/bin"`, `/etc/profile.d/*.sh`.
//!
//! Read as words, not as a shell's language: what is found too much only makes a probe be taken anew sooner. Not here:
//! whether the start-up looks at them.

/// The paths of one file, variables not replaced.
#[derive(Debug, Default)]
pub(super) struct Mentions(Vec<Raw>);

#[derive(Debug, PartialEq, Eq)]
struct Raw {
    /// `HOME` for `~`; `None` for an absolute path.
    variable: Option<&'static str>,
    /// With its leading slash.
    path: String,
    /// A pattern or a variable follows: any name there may be meant.
    open: bool,
}

/// A path, or any name in a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mention {
    Path(String),
    In {
        folder: String,
        /// Only names that begin with a dot.
        dotted: bool,
    },
}

/// How a path may begin.
const HEADS: &[(&[u8], Option<&str>)] = &[
    (b"~/", Some("HOME")),
    (b"$HOME/", Some("HOME")),
    (b"${HOME}/", Some("HOME")),
    (b"$HOME\"/", Some("HOME")),
    (b"${HOME}\"/", Some("HOME")),
    (b"$ZDOTDIR/", Some("ZDOTDIR")),
    (b"${ZDOTDIR}/", Some("ZDOTDIR")),
    (b"$XDG_CONFIG_HOME/", Some("XDG_CONFIG_HOME")),
    (b"${XDG_CONFIG_HOME}/", Some("XDG_CONFIG_HOME")),
    (b"/", None),
];

/// Trees whose files come and go by themselves.
const VOLATILE: &[&str] = &["/proc/", "/dev/", "/sys/"];

/// A file longer than this is a program's output (completions, caches), not what a user wrote.
const LONGEST: usize = 256 << 10;

impl Mentions {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut found: Vec<Raw> = Vec::new();
        let text = &text[..text.len().min(LONGEST)];
        let mut at = 0;
        while at < text.len() {
            let begins = at == 0 || !is_of_path(text[at - 1]);
            // Nearly no byte begins a path.
            let head = (begins && matches!(text[at], b'~' | b'$' | b'/'))
                .then(|| HEADS.iter().find(|(head, _)| text[at..].starts_with(head)))
                .flatten();
            let Some((head, variable)) = head else {
                at += 1;
                continue;
            };
            let start = at + head.len() - 1;
            let length = text[start..].iter().take_while(|b| is_of_path(**b)).count();
            at = start + length;
            let open = matches!(text.get(at), Some(b'$' | b'*' | b'?' | b'[' | b'{' | b'('));
            let path = String::from_utf8_lossy(&text[start..at]).into_owned();
            let raw = Raw { variable: *variable, path, open };
            if !found.contains(&raw) {
                found.push(raw);
            }
        }
        Self(found)
    }

    /// With the values that the variables have; paths that begin with one that is not set are left out.
    pub(super) fn resolved(&self, value: impl Fn(&str) -> Option<String>) -> Vec<Mention> {
        let resolve = |raw: &Raw| {
            let front = match raw.variable {
                Some(name) => value(name).filter(|v| v.starts_with('/'))?,
                None => String::new(),
            };
            let path = format!("{}{}", front.trim_end_matches('/'), raw.path);
            if VOLATILE.iter().any(|tree| path.starts_with(tree)) {
                return None;
            }
            if raw.open {
                let (folder, name) = path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty())?;
                return Some(Mention::In { folder: folder.to_owned(), dotted: name.starts_with('.') });
            }
            let path = path.trim_end_matches('/');
            Some(Mention::Path(path.to_owned())).filter(|_| !path.is_empty())
        };
        self.0.iter().filter_map(resolve).collect()
    }
}

/// Bytes that a path is spelled with where nothing is quoted.
fn is_of_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'+' | b'@' | b'%' | b',')
        || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_spelled_out() {
        let text = br#"
[ -f ~/.extra ] && . ~/.extra
if [[ -r "${HOME}/.a b" ]]; then source "$HOME"/x; fi
for f in /etc/profile.d/*.sh ~/.{path,exports}; do . "$f"; done
PATH=/opt/go/bin:$PATH:$UNKNOWN/bin; echo a/b </dev/null
"#;
        let value = |name: &str| (name == "HOME").then(|| "/home/ann".to_owned());
        let path = |text: &str| Mention::Path(text.to_owned());
        let within = |text: &str, dotted| Mention::In { folder: text.to_owned(), dotted };
        let found = Mentions::of(text).resolved(value);
        for wanted in [
            path("/home/ann/.extra"),
            path("/home/ann/.a"),
            path("/home/ann/x"),
            within("/etc/profile.d", false),
            within("/home/ann", true),
            path("/opt/go/bin"),
        ] {
            assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
        }
        assert!(
            !found.iter().any(|m| matches!(m, Mention::Path(p) if p.contains("/dev") || p.contains("a/b")))
        );
    }
}
