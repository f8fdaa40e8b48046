//! A file of `environment.d`, as systemd's user manager reads it (systemd 252: env-file.c `parse_env_file_internal`,
//! env-util.c `replace_env_n`).
//!
//! Quotes count only at the beginning of a value or behind another quoted part, and have no power over `$`: single
//! quotes and `\$` expand all the same. Not here: which files count.

mod expand;

pub use expand::{Lookup, expand};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: Vec<u8>,
    /// Unquoted, not yet expanded.
    pub value: Vec<u8>,
    pub line: u32,
}

pub fn read(bytes: &[u8]) -> Vec<Setting> {
    let mut reader = Reader::default();
    for &b in bytes.iter().take_while(|b| **b != 0) {
        reader.take(b);
        if b == b'\n' {
            reader.line += 1;
        }
    }
    if !matches!(reader.state, State::BeforeName | State::Name | State::Comment | State::CommentEscape) {
        reader.push();
    }
    reader.settings
}

/// Letters, digits and `_`, not beginning with a digit (env-util.c `env_name_is_valid`).
fn is_name(name: &[u8]) -> bool {
    !name.is_empty()
        && !name[0].is_ascii_digit()
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

fn is_newline(b: u8) -> bool {
    b == b'\n' || b == b'\r'
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    BeforeName,
    Name,
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

#[derive(Debug, Default)]
struct Reader {
    state: State,
    name: Vec<u8>,
    value: Vec<u8>,
    /// Where the blanks at the end of an unquoted value begin.
    blanks: Option<usize>,
    /// Lines read, and the one on which the name began.
    line: u32,
    first: u32,
    settings: Vec<Setting>,
}

impl Reader {
    fn take(&mut self, b: u8) {
        match self.state {
            State::BeforeName if b == b'#' || b == b';' => self.state = State::Comment,
            State::BeforeName if is_blank(b) => {}
            State::BeforeName => {
                self.state = State::Name;
                self.first = self.line + 1;
                self.name = vec![b];
            }
            State::Name if is_newline(b) => self.state = State::BeforeName,
            State::Name if b == b'=' => {
                self.state = State::BeforeValue;
                self.blanks = None;
            }
            State::Name => self.name.push(b),
            State::BeforeValue | State::Value if is_newline(b) => self.push(),
            State::BeforeValue if b == b'\'' => self.state = State::Single,
            State::BeforeValue if b == b'"' => self.state = State::Double,
            State::BeforeValue if b == b'\\' => self.state = State::ValueEscape,
            State::BeforeValue if is_blank(b) => {}
            State::BeforeValue => {
                self.state = State::Value;
                self.value.push(b);
            }
            State::Value if b == b'\\' => {
                self.state = State::ValueEscape;
                self.blanks = None;
            }
            State::Value => {
                if !is_blank(b) {
                    self.blanks = None;
                } else if self.blanks.is_none() {
                    self.blanks = Some(self.value.len());
                }
                self.value.push(b);
            }
            State::ValueEscape => {
                self.state = State::Value;
                if !is_newline(b) {
                    self.value.push(b);
                }
            }
            State::Single if b == b'\'' => self.state = State::BeforeValue,
            State::Double if b == b'"' => self.state = State::BeforeValue,
            State::Double if b == b'\\' => self.state = State::DoubleEscape,
            State::Single | State::Double => self.value.push(b),
            State::DoubleEscape => {
                self.state = State::Double;
                match b {
                    b'"' | b'\\' | b'`' | b'$' => self.value.push(b),
                    b'\n' => {}
                    b => self.value.extend([b'\\', b]),
                }
            }
            State::Comment if b == b'\\' => self.state = State::CommentEscape,
            State::Comment if is_newline(b) => self.state = State::BeforeName,
            State::Comment => {}
            State::CommentEscape => self.state = State::Comment,
        }
    }

    /// Ends an assignment. One without any byte of value, quoted or not, is an error there and sets nothing.
    fn push(&mut self) {
        let mut value = std::mem::take(&mut self.value);
        let had_value = !value.is_empty();
        if self.state == State::Value
            && let Some(blanks) = self.blanks
        {
            value.truncate(blanks);
        }
        let name = std::mem::take(&mut self.name).trim_ascii_end().to_vec();
        if had_value && is_name(&name) {
            self.settings.push(Setting { name, value, line: self.first });
        }
        self.state = State::BeforeName;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<String> {
        read(text.as_bytes()).pop().map(|s| String::from_utf8_lossy(&s.value).into_owned())
    }

    // Seen with systemd 252's `30-systemd-environment-d-generator` on Debian 12.
    #[test]
    fn values() {
        assert_eq!(one("A=b # c\n").as_deref(), Some("b # c"));
        assert_eq!(one("A = b  \r\n").as_deref(), Some("b"));
        assert_eq!(one("A=\"b \" 'c'\n").as_deref(), Some("b c"));
        assert_eq!(one("A=in\"side\"\n").as_deref(), Some("in\"side\""));
        assert_eq!(one("A='$B'\n").as_deref(), Some("$B"));
        assert_eq!(one("A=\n"), None);
        assert_eq!(one("A=\"\"\n"), None);
        assert_eq!(one("export A=1\n"), None);
        assert_eq!(one("A='open\nB=c\n").as_deref(), Some("open\nB=c\n"));
        assert_eq!(one("; c\n# d\nA=1").as_deref(), Some("1"));
        assert_eq!(one("A=one\\\ntwo\n").as_deref(), Some("onetwo"));
    }

    #[test]
    fn lines_are_those_of_the_names() {
        let lines: Vec<u32> = read(b"# c\n\nA=1\\\n2\nB=2\n").iter().map(|s| s.line).collect();
        assert_eq!(lines, [3, 5]);
    }
}
