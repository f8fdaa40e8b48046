//! Values that must not be printed, and the only way a value reaches output.
//!
//! A name is secret-looking by its words; a value is partly secret where a URL in it carries a password.
//! `SSH_AUTH_SOCK` and `GOAUTH` are not secrets: the one is a path, the other names a helper.

use crate::assignment::secret_assignments;
use crate::{Name, Value};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// Whether secrets are shown (`--show-secrets`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    No,
    Yes,
}

/// What stands in the place of a secret.
const MASK: &str = "[redacted]";
/// What stands in the place of a password inside a URL; as `net/url`'s `URL.Redacted` writes it.
const URL_MASK: &str = "xxxxx";

/// Words that make a name secret-looking when they stand as a whole word in it (`_` and `-` separate words).
const SECRET_WORDS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "SECRETS",
    "PASS",
    "PASSWD",
    "PASSWORD",
    "PASSPHRASE",
    "PWD",
    "KEY",
    "APIKEY",
    "CRED",
    "CREDS",
    "CREDENTIAL",
    "CREDENTIALS",
    "AUTH",
    "COOKIE",
    "SESSION",
    "PAT",
    "DSN",
    "PRIVATE",
];

/// Names that carry such a word and hold no secret.
const HARMLESS: &[&str] = &[
    "PWD",
    "OLDPWD",
    "SSH_AUTH_SOCK",
    "GOAUTH",
    "XAUTHORITY",
    "DESKTOP_SESSION",
    "GDMSESSION",
    "SESSION_MANAGER",
    "XDG_SESSION_ID",
    "XDG_SESSION_TYPE",
    "XDG_SESSION_CLASS",
    "XDG_SESSION_DESKTOP",
    "XDG_SESSION_PATH",
    "GNOME_TERMINAL_SESSION",
    "TERM_SESSION_ID",
    "ITERM_SESSION_ID",
    "SHELL_SESSION_ID",
    "DBUS_SESSION_BUS_ADDRESS",
    "GOPRIVATE",
    "GNOME_SHELL_SESSION_MODE",
    "KDE_SESSION_VERSION",
    "KDE_SESSION_UID",
    "KDE_FULL_SESSION",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "GIT_ASKPASS",
    "LESSKEY",
    "DESKTOP_AUTOSTART_ID",
    "TMUX_PANE",
];

/// Whether a variable's name says that its value is a secret.
pub fn is_secret_name(name: &Name) -> bool {
    is_secret_text(name.as_bytes())
}

/// A word that ends in one of these is secret-looking as well (`MYTOKEN`).
const ENDINGS: &[&str] = &["TOKEN", "SECRET", "PASSWORD", "PASSWD", "APIKEY", "CREDENTIAL"];

/// The last letters of all of them, a bit each from `A` on: most words are none by their last letter.
const LAST_LETTERS: u32 = last_letters(SECRET_WORDS) | last_letters(ENDINGS);

const fn last_letters(words: &[&str]) -> u32 {
    let mut letters = 0;
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_bytes();
        letters |= 1 << (word[word.len() - 1] - b'A');
        at += 1;
    }
    letters
}

/// The same of bytes. Asked of every value that is shown, and of every word of a text: nothing is copied for it.
pub fn is_secret_text(name: &[u8]) -> bool {
    let is = |text: &[u8], word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    let ends =
        |text: &[u8], word: &str| text.len() >= word.len() && is(&text[text.len() - word.len()..], word);
    let may_be = |word: &[u8]| {
        let last = word.last().map_or(0, u8::to_ascii_uppercase);
        last.is_ascii_uppercase() && LAST_LETTERS & (1 << (last - b'A')) != 0
    };
    let secret = |word: &[u8]| {
        may_be(word) && (SECRET_WORDS.iter().any(|w| is(word, w)) || ENDINGS.iter().any(|w| ends(word, w)))
    };
    name.split(|b| matches!(b, b'_' | b'-' | b'.')).any(secret) && !HARMLESS.iter().any(|h| is(name, h))
}

/// A value on its way to output: `Display` and `Debug` redact unless [`Reveal::Yes`] was asked for.
#[derive(Clone)]
pub struct Shown<'a> {
    text: Result<Cow<'a, [u8]>, ()>,
}

impl<'a> Shown<'a> {
    pub fn new(name: &Name, value: &'a Value, reveal: Reveal) -> Self {
        if reveal == Reveal::Yes || value.is_empty() {
            return Self { text: Ok(Cow::Borrowed(value.as_bytes())) };
        }
        if is_secret_name(name) || looks_like_key_material(value.as_bytes()) {
            return Self { text: Err(()) };
        }
        Self { text: Ok(masked(name, value.as_bytes())) }
    }

    /// For text that belongs to no variable (a command line, a line of a file): what it gives to secret-looking
    /// names is hidden, too.
    pub fn free_text(value: &'a Value, reveal: Reveal) -> Self {
        Self::new(&Name::from(""), value, reveal)
    }

    /// Whether the whole value is hidden.
    pub fn is_redacted(&self) -> bool {
        self.text.is_err()
    }

    /// The bytes that may be shown; `None` where all is hidden.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.text.as_deref().ok()
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Ok(bytes) => f.write_str(&String::from_utf8_lossy(bytes)),
            Err(()) => f.write_str(MASK),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({self})")
    }
}

/// Well-known prefixes of tokens whose issuers document them.
const TOKEN_PREFIXES: &[&[u8]] = &[
    b"ghp_",
    b"gho_",
    b"ghu_",
    b"ghs_",
    b"github_pat_",
    b"glpat-",
    b"sk-",
    b"xoxb-",
    b"xoxp-",
    b"AKIA",
    b"npm_",
    b"pypi-",
];
/// A token has at least so many characters behind its prefix.
const LEAST_TOKEN: usize = 12;

/// A token from its first byte on, or a PEM block.
fn looks_like_key_material(bytes: &[u8]) -> bool {
    TOKEN_PREFIXES.iter().any(|p| bytes.starts_with(p) && bytes.len() >= p.len() + LEAST_TOKEN)
        || find(bytes, b"-----BEGIN ").is_some()
}

/// Where in a text secrets stand that are recognised by their own form: passwords inside URLs, well-known tokens,
/// the bodies of private keys. In order; they do not overlap.
pub fn secret_ranges(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = url_passwords(bytes);
    ranges.extend(proxy_passwords(bytes));
    ranges.extend(tokens(bytes));
    ranges.extend(private_keys(bytes));
    ranges.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
    let mut end = 0;
    ranges.retain(|r| {
        let apart = r.start >= end;
        end = end.max(r.end);
        apart
    });
    ranges
}

/// The password of every `scheme://user:password@host` in the text.
fn url_passwords(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !bytes.contains(&b'@') {
        return found;
    }
    let mut at = 0;
    while let Some(scheme) = find(&bytes[at..], b"://") {
        let start = at + scheme + 3;
        // The authority ends at the first of these (RFC 3986 §3.2); an `@` before that ends the user information.
        let end = bytes[start..]
            .iter()
            .position(|b| {
                matches!(b, b'/' | b'?' | b'#' | b' ' | b',' | b'|' | b'"' | b'\'' | b'\n' | b'\t' | 0)
            })
            .map_or(bytes.len(), |n| start + n);
        let authority = &bytes[start..end];
        if let Some(host) = authority.iter().rposition(|&b| b == b'@')
            && let Some(colon) = authority[..host].iter().position(|&b| b == b':')
            && colon + 1 < host
        {
            found.push(start + colon + 1..start + host);
        }
        at = end.max(start);
    }
    found
}

fn tokens(bytes: &[u8]) -> Vec<Range<usize>> {
    let in_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| in_word(b)).count();
        let word = &bytes[at..at + length];
        let long = length > LEAST_TOKEN;
        if long && TOKEN_PREFIXES.iter().any(|p| word.starts_with(p) && word.len() >= p.len() + LEAST_TOKEN) {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
    found
}

/// What stands between the first and the last line of a PEM block of a private key (RFC 7468).
fn private_keys(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = find(&bytes[at..], b"-----BEGIN ") {
        let label = at + begin + 11;
        at = label;
        let Some(start) = find(&bytes[label..], b"-----").map(|n| label + n) else { break };
        if find(&bytes[label..start], b"PRIVATE").is_none() {
            continue;
        }
        let end = find(&bytes[start + 5..], b"-----END").map_or(bytes.len(), |n| start + 5 + n);
        found.push(start + 5..end);
        at = end;
    }
    found
}

/// The password of a proxy that is written without a scheme, `user:password@host:port`: Go reads it as if `http://`
/// stood before it (golang.org/x/net/http/httpproxy: parseProxy), and so does curl.
pub fn proxy_password(name: &Name, value: &[u8]) -> Option<Range<usize>> {
    let proxy = name.as_bytes().last_chunk::<6>().is_some_and(|end| end.eq_ignore_ascii_case(b"_PROXY"));
    if !proxy || find(value, b"://").is_some() {
        return None;
    }
    let authority = value.split(|&b| b == b'/').next().unwrap_or_default();
    let host = authority.iter().rposition(|&b| b == b'@')?;
    let colon = authority[..host].iter().position(|&b| b == b':')?;
    (colon + 1 < host).then_some(colon + 1..host)
}

/// The same where a text gives the proxy its value: `HTTPS_PROXY=…`, `set -gx https_proxy …`.
fn proxy_passwords(bytes: &[u8]) -> Vec<Range<usize>> {
    const SUFFIX: &[u8] = b"_PROXY";
    if !bytes.contains(&b'@') {
        return Vec::new();
    }
    let ends = |at: &usize| bytes[*at..*at + SUFFIX.len()].eq_ignore_ascii_case(SUFFIX);
    let starts = (0..(bytes.len() + 1).saturating_sub(SUFFIX.len())).filter(ends).map(|at| at + SUFFIX.len());
    let word = |after: usize| {
        let rest = &bytes[after..];
        let signs = rest.iter().take_while(|b| matches!(b, b'=' | b':' | b' ' | b'"' | b'\'')).count();
        let length = rest[signs..].iter().take_while(|b| !b" \t\n\0;\"'".contains(b)).count();
        let start = after + signs;
        let password = proxy_password(&Name::from(SUFFIX), &bytes[start..start + length])?;
        Some(start + password.start..start + password.end)
    };
    starts.filter_map(word).collect()
}

/// Replaces every secret that stands in the text.
fn masked<'a>(name: &Name, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let by_form =
        url_passwords(bytes).into_iter().chain(proxy_passwords(bytes)).chain(proxy_password(name, bytes));
    let mut ranges: Vec<(Range<usize>, &str)> = by_form.map(|range| (range, URL_MASK)).collect();
    ranges.extend(tokens(bytes).into_iter().map(|range| (range, MASK)));
    ranges.extend(secret_assignments(bytes).into_iter().map(|assigned| (assigned.value, MASK)));
    if ranges.is_empty() {
        return Cow::Borrowed(bytes);
    }
    ranges.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out: Vec<u8> = Vec::new();
    let mut copied = 0;
    for (range, mask) in ranges {
        if range.start >= copied {
            out.extend_from_slice(&bytes[copied..range.start]);
            out.extend_from_slice(mask.as_bytes());
        }
        copied = copied.max(range.end);
    }
    out.extend_from_slice(&bytes[copied..]);
    Cow::Owned(out)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut at = 0;
    loop {
        at += haystack.get(at..)?.iter().position(|b| b == first)?;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, value: &str) -> String {
        Shown::new(&Name::from(name), &Value::from(value), Reveal::No).to_string()
    }

    #[test]
    fn secrets_are_hidden_by_the_words_of_a_name() {
        for name in
            ["GITHUB_TOKEN", "MYTOKEN", "AWS_SECRET_ACCESS_KEY", "db_password", "NPM_CONFIG__AUTH", "API_KEY"]
        {
            assert_eq!(shown(name, "hunter2"), MASK, "{name}");
        }
        for name in ["PWD", "SSH_AUTH_SOCK", "GOAUTH", "KEYBOARD", "GOPRIVATE", "XDG_SESSION_TYPE", "MONKEY"]
        {
            assert_eq!(shown(name, "plain"), "plain", "{name}");
        }
    }

    #[test]
    fn passwords_inside_urls_are_hidden_wherever_they_stand() {
        assert_eq!(
            shown("GOPROXY", "https://ann:pa@ss@proxy.corp/go,https://b:c@d,direct"),
            "https://ann:xxxxx@proxy.corp/go,https://b:xxxxx@d,direct"
        );
        assert_eq!(shown("GOPROXY", "https://ann@proxy.corp:8080/x"), "https://ann@proxy.corp:8080/x");
        assert_eq!(shown("X", "a://"), "a://");
    }

    #[test]
    fn secrets_that_show_by_their_form_are_found_inside_a_text() {
        let text = "export A=ghp_0123456789abcdef B=https://u:pw@h\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END x";
        let found: Vec<&str> = secret_ranges(text.as_bytes()).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["ghp_0123456789abcdef", "pw", "\nMII\n"]);
        assert!(secret_ranges(b"task-0123456789abcdef -----BEGIN CERTIFICATE-----\nx\n").is_empty());
    }

    #[test]
    fn a_proxy_without_a_scheme_has_a_password_too() {
        assert_eq!(shown("HTTPS_PROXY", "bob:pw@proxy:80/x"), "bob:xxxxx@proxy:80/x");
        let line = Value::from("export A=1 HTTPS_PROXY='bob:pw@proxy:80' B=c:d@e");
        let shown_line = Shown::free_text(&line, Reveal::No).to_string();
        assert_eq!(shown_line, "export A=1 HTTPS_PROXY='bob:xxxxx@proxy:80' B=c:d@e");
        assert_eq!(shown("no_proxy", "a.example:80,b"), "a.example:80,b");
        assert_eq!(shown("X", "bob:pw@proxy:80"), "bob:pw@proxy:80");
    }

    #[test]
    fn what_a_text_gives_to_a_secret_name_is_hidden() {
        let free = |text: &str| Shown::free_text(&Value::from(text), Reveal::No).to_string();
        assert_eq!(free("MY_TOKEN=hunter2 command go"), "MY_TOKEN=[redacted] command go");
        assert_eq!(free("export A=1 API_KEY='a b' B=2"), "export A=1 API_KEY='[redacted]' B=2");
        assert_eq!(free("git -c x=ghp_0123456789abcdef go"), "git -c x=[redacted] go");
        assert_eq!(free("MY_TOKEN=$(pass show x) go"), "MY_TOKEN=$(pass show x) go");
        assert_eq!(
            shown("GOFLAGS", "-mod=mod -ldflags=-X=main.token=hunter2"),
            "-mod=mod -ldflags=-X=main.token=[redacted]"
        );
    }

    #[test]
    fn nothing_is_hidden_when_asked_for() {
        let (name, value) = (Name::from("TOKEN"), Value::from("t"));
        assert_eq!(Shown::new(&name, &value, Reveal::Yes).to_string(), "t");
    }
}
