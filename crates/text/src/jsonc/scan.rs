//! The words of a file (vscode: base/common/json.ts `createScanner`).

use super::ProblemKind;
use std::borrow::Cow;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Null,
    True,
    False,
    String(Cow<'a, str>),
    Number(&'a str),
    LineComment,
    BlockComment,
    LineBreak,
    Blank,
    Unknown,
    End,
}

/// One word after the other, blanks and comments too.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    start: usize,
    error: Option<ProblemKind>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, start: 0, error: None }
    }

    /// The bytes of the last word.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.at
    }

    /// What is wrong with the last word. One that has several faults tells the last.
    pub(crate) fn error(&self) -> Option<ProblemKind> {
        self.error
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(crate) fn scan(&mut self) -> Token<'a> {
        self.error = None;
        self.start = self.at;
        let Some(first) = self.byte(self.at) else { return Token::End };
        if let Some(len) = blank(self.bytes, self.at) {
            self.at += len;
            while let Some(len) = blank(self.bytes, self.at) {
                self.at += len;
            }
            return Token::Blank;
        }
        if let Some(len) = line_break(self.bytes, self.at) {
            self.at += len;
            if first == b'\r' && self.byte(self.at) == Some(b'\n') {
                self.at += 1;
            }
            return Token::LineBreak;
        }
        let single = match first {
            b'{' => Token::OpenBrace,
            b'}' => Token::CloseBrace,
            b'[' => Token::OpenBracket,
            b']' => Token::CloseBracket,
            b':' => Token::Colon,
            b',' => Token::Comma,
            b'"' => return self.string(),
            b'/' => return self.slash(),
            b'-' if !self.byte(self.at + 1).is_some_and(|b| b.is_ascii_digit()) => Token::Unknown,
            b'-' | b'0'..=b'9' => return self.number(),
            _ => return self.word(),
        };
        self.at += 1;
        single
    }

    fn slash(&mut self) -> Token<'a> {
        match self.byte(self.at + 1) {
            Some(b'/') => {
                self.at += 2;
                while self.at < self.bytes.len() && line_break(self.bytes, self.at).is_none() {
                    self.at += 1;
                }
                Token::LineComment
            }
            Some(b'*') => {
                let inside = self.at + 2;
                match self.bytes[inside..].windows(2).position(|two| two == b"*/") {
                    Some(end) => self.at = inside + end + 2,
                    None => {
                        self.at = self.bytes.len();
                        self.error = Some(ProblemKind::UnexpectedEndOfComment);
                    }
                }
                Token::BlockComment
            }
            _ => {
                self.at += 1;
                Token::Unknown
            }
        }
    }

    fn digits(&mut self) -> bool {
        let before = self.at;
        while self.byte(self.at).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > before
    }

    fn number(&mut self) -> Token<'a> {
        if self.byte(self.at) == Some(b'-') {
            self.at += 1;
        }
        if self.byte(self.at) == Some(b'0') {
            self.at += 1;
        } else {
            self.digits();
        }
        if self.byte(self.at) == Some(b'.') {
            self.at += 1;
            if !self.digits() {
                self.error = Some(ProblemKind::UnexpectedEndOfNumber);
                return self.number_up_to(self.at);
            }
        }
        let mut end = self.at;
        if matches!(self.byte(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() {
                end = self.at;
            } else {
                // The number is then what stands before the `e`.
                self.error = Some(ProblemKind::UnexpectedEndOfNumber);
            }
        }
        self.number_up_to(end)
    }

    fn number_up_to(&self, end: usize) -> Token<'a> {
        Token::Number(std::str::from_utf8(&self.bytes[self.start..end]).unwrap_or_default())
    }

    fn word(&mut self) -> Token<'a> {
        while self.at < self.bytes.len() && !ends_word(self.bytes, self.at) {
            self.at += 1;
        }
        match &self.bytes[self.start..self.at] {
            b"true" => Token::True,
            b"false" => Token::False,
            b"null" => Token::Null,
            _ => Token::Unknown,
        }
    }

    fn string(&mut self) -> Token<'a> {
        self.at += 1;
        let (mut text, mut plain) = (Text::default(), self.at);
        let last = loop {
            let Some(byte) = self.byte(self.at) else {
                self.error = Some(ProblemKind::UnexpectedEndOfString);
                break self.at;
            };
            match byte {
                b'"' => {
                    self.at += 1;
                    break self.at - 1;
                }
                b'\\' => {
                    text.push_bytes(&self.bytes[plain..self.at]);
                    self.at += 1;
                    self.escape(&mut text);
                    plain = self.at;
                }
                b'\n' | b'\r' => {
                    self.error = Some(ProblemKind::UnexpectedEndOfString);
                    break self.at;
                }
                0..=0x1F => {
                    self.error = Some(ProblemKind::InvalidCharacter);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        };
        let tail = &self.bytes[plain..last];
        Token::String(if plain == self.start + 1 {
            String::from_utf8_lossy(tail)
        } else {
            text.push_bytes(tail);
            Cow::Owned(text.end())
        })
    }

    /// What follows a backslash.
    fn escape(&mut self, text: &mut Text) {
        let Some(byte) = self.byte(self.at) else {
            self.error = Some(ProblemKind::UnexpectedEndOfString);
            return;
        };
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' => text.push(char::from(byte)),
            b'b' => text.push('\u{8}'),
            b'f' => text.push('\u{C}'),
            b'n' => text.push('\n'),
            b'r' => text.push('\r'),
            b't' => text.push('\t'),
            b'u' => match self.four_digits() {
                Some(unit) => text.push_unit(unit),
                None => self.error = Some(ProblemKind::InvalidUnicode),
            },
            _ => {
                self.error = Some(ProblemKind::InvalidEscape);
                let (c, len) = char_at(self.bytes, self.at - 1);
                self.at += len - 1;
                // There, half of a character of two UTF-16 units goes with the backslash.
                if c.len_utf16() == 2 {
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    fn four_digits(&mut self) -> Option<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.byte(self.at)?).to_digit(16)?;
            unit = unit * 16 + digit;
            self.at += 1;
        }
        u16::try_from(unit).ok()
    }
}

/// A string that grows by UTF-16 units and by bytes.
#[derive(Debug, Default)]
struct Text {
    text: String,
    /// The first half of a pair, until the second comes.
    high: Option<u16>,
}

impl Text {
    fn end_half(&mut self) {
        if self.high.take().is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn push(&mut self, c: char) {
        self.end_half();
        self.text.push(c);
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.end_half();
            self.text.push_str(&String::from_utf8_lossy(bytes));
        }
    }

    fn push_unit(&mut self, unit: u16) {
        if let Some(high) = self.high
            && let Some(Ok(c)) = char::decode_utf16([high, unit]).next()
        {
            self.high = None;
            self.text.push(c);
            return;
        }
        self.end_half();
        match char::from_u32(u32::from(unit)) {
            Some(c) => self.text.push(c),
            None if (0xD800..0xDC00).contains(&unit) => self.high = Some(unit),
            None => self.text.push(char::REPLACEMENT_CHARACTER),
        }
    }

    fn end(mut self) -> String {
        self.end_half();
        self.text
    }
}

/// The character at an offset and how many bytes it has; U+FFFD for a byte that begins none.
fn char_at(bytes: &[u8], at: usize) -> (char, usize) {
    let rest = &bytes[at..bytes.len().min(at + 4)];
    (1..=rest.len())
        .find_map(|len| Some((std::str::from_utf8(&rest[..len]).ok()?.chars().next()?, len)))
        .unwrap_or((char::REPLACEMENT_CHARACTER, 1))
}

/// Length of the blank that begins here (vscode: base/common/json.ts `isWhitespace`).
fn blank(bytes: &[u8], at: usize) -> Option<usize> {
    match *bytes.get(at)? {
        b' ' | b'\t' | 0x0B | 0x0C => Some(1),
        0..0x80 => None,
        _ => {
            let (c, len) = char_at(bytes, at);
            matches!(
                c,
                '\u{A0}' | '\u{1680}' | '\u{2000}'
                    ..='\u{200B}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{FEFF}'
            )
            .then_some(len)
        }
    }
}

/// Length of the line break that begins here, CR and LF each for itself (vscode: base/common/json.ts `isLineBreak`).
fn line_break(bytes: &[u8], at: usize) -> Option<usize> {
    match *bytes.get(at)? {
        b'\n' | b'\r' => Some(1),
        0xE2 => {
            let (c, len) = char_at(bytes, at);
            matches!(c, '\u{2028}' | '\u{2029}').then_some(len)
        }
        _ => None,
    }
}

fn ends_word(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'{' | b'}' | b'[' | b']' | b'"' | b':' | b',' | b'/')
        || blank(bytes, at).is_some()
        || line_break(bytes, at).is_some()
}
