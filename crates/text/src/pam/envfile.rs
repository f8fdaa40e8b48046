//! pam_env's env file (`/etc/environment`, `/etc/default/locale`): `KEY=VALUE`, no expansion.
//!
//! Follows `_parse_env_file` of pam_env.c (Linux-PAM 1.5.2).

use super::Broken;
use super::logical::{PAM_ENV_BUFFER, assemble};

/// One line that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: Vec<u8>,
    /// `None`: a name without `=` removes the variable from PAM's environment.
    pub value: Option<Vec<u8>>,
    pub line: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    pub lines: Vec<Line>,
    /// Lines that pam_env refuses, with the reason.
    pub refused: Vec<(u32, &'static str)>,
    pub broken: Option<Broken>,
}

pub fn read(bytes: &[u8]) -> EnvFile {
    let (lines, broken) = assemble(bytes, PAM_ENV_BUFFER);
    let mut file = EnvFile { broken, ..EnvFile::default() };
    for logical in lines {
        match read_line(&logical.text) {
            Ok((name, value)) => file.lines.push(Line { name, value, line: logical.line }),
            Err(reason) => file.refused.push((logical.line, reason)),
        }
    }
    file
}

type Pair = (Vec<u8>, Option<Vec<u8>>);

fn read_line(text: &[u8]) -> Result<Pair, &'static str> {
    let start = text.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\t')).count();
    let key = &text[start..];
    let key = key.strip_prefix(b"export ").unwrap_or(key);
    let end = key.iter().position(|b| matches!(b, b'\n' | b'#')).unwrap_or(key.len());
    let key = &key[..end];
    if key.first() == Some(&b'=') {
        return Err("no name before `=`");
    }
    let equals = key.iter().position(|&b| b == b'=');
    let name = &key[..equals.unwrap_or(key.len())];
    if !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return Err("the name has a character that is neither letter, digit nor `_`");
    }
    let value = equals.map(|at| unquote(&key[at + 1..]));
    Ok((name.to_vec(), value))
}

/// If the value begins with a quote, that one goes, and so does a quote that is the very last character; others stay.
fn unquote(value: &[u8]) -> Vec<u8> {
    match value {
        [b'"' | b'\'', rest @ ..] => match rest {
            [inner @ .., b'"' | b'\''] => inner.to_vec(),
            _ => rest.to_vec(),
        },
        _ => value.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &[u8]) -> Vec<(String, Option<String>)> {
        let text_of = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        read(text).lines.iter().map(|l| (text_of(&l.name), l.value.as_deref().map(text_of))).collect()
    }

    fn set(text: &str) -> Option<String> {
        pairs(text.as_bytes()).pop().and_then(|(_, value)| value)
    }

    // Each value below was seen in the environment that Debian 12's `login -f` gave (Linux-PAM 1.5.2).
    #[test]
    fn values_are_as_pam_env_gives_them() {
        assert_eq!(set("A=plain\n").as_deref(), Some("plain"));
        assert_eq!(set("A=\"quoted # hash\"\n").as_deref(), Some("quoted "));
        assert_eq!(set("GOPROXY=https://p/#x,direct\n").as_deref(), Some("https://p/"));
        assert_eq!(set("A=\"two\"\r\n").as_deref(), Some("two\"\r"));
        assert_eq!(set("A='single'\n").as_deref(), Some("single"));
        assert_eq!(set("A=in\"side\"\n").as_deref(), Some("in\"side\""));
        assert_eq!(set("A=trailing  \n").as_deref(), Some("trailing  "));
        assert_eq!(set("export A=x\n").as_deref(), Some("x"));
        assert_eq!(set("A=$HOME\n").as_deref(), Some("$HOME"));
        assert_eq!(set("A=one\\\ntwo\n").as_deref(), Some("onetwo"));
        assert_eq!(set("A=last line").as_deref(), Some("last line"));
    }

    #[test]
    fn what_is_no_assignment_is_dropped() {
        for text in ["X = y\n", "export\tX=1\n", "A-B=1\n", "\u{feff}X=1\n", "=x\n"] {
            assert_eq!(set(text), None, "{text:?}");
        }
        assert_eq!(
            read(b"X = y\n").refused,
            [(1, "the name has a character that is neither letter, digit nor `_`")]
        );
        assert_eq!(pairs(b"X\n"), [("X".to_owned(), None)]);
    }

    #[test]
    fn a_line_that_does_not_fit_ends_the_file() {
        let text = [b"A=1\nB=".as_slice(), &[b'x'; 9000], b"\nC=3\n"].concat();
        let file = read(&text);
        assert_eq!(file.lines.len(), 1);
        assert_eq!(file.broken.map(|b| b.line), Some(2));
    }

    #[test]
    fn lines_are_numbered_by_their_first() {
        let lines: Vec<u32> = read(b"# c\n\nA=1\\\n2\nB=2\n").lines.iter().map(|l| l.line).collect();
        assert_eq!(lines, [3, 5]);
    }
}
