//! One line of a shell's start-up file: its commands, and what they assign, each with its range of bytes.
//!
//! Read widely enough to edit what people write by hand: `export A=1 B=2`, `A=1; export A`, `set -gx A 1`, `setenv A 1`.
//! What goes on over several lines, or is more than a plain command, is told as such, so that nobody edits half of it.
//! Not here: what a line does when it is run (`shells`).

use std::ops::Range;

/// How a family of shells writes assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// sh, dash, bash, zsh, ksh.
    Posix,
    Fish,
    /// csh, tcsh.
    Csh,
}

impl Dialect {
    /// By the name of a file.
    pub fn of_file(path: &str) -> Dialect {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.ends_with(".fish") {
            Dialect::Fish
        } else if [".cshrc", ".tcshrc", ".login", ".csh", "csh.cshrc", "csh.login"]
            .iter()
            .any(|e| name.ends_with(e))
        {
            Dialect::Csh
        } else {
            Dialect::Posix
        }
    }
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: String,
    /// The word or words of the value, quotes and all.
    pub value: Range<usize>,
    /// All that must go for the assignment to go, in a command that assigns more than this.
    pub whole: Range<usize>,
    /// `+=`.
    pub appends: bool,
}

/// One command of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Without what separates it from its neighbours.
    pub range: Range<usize>,
    pub words: Vec<Range<usize>>,
    /// What it assigns, where assigning is all it does.
    pub assignments: Vec<Assignment>,
}

/// The commands of a line, in order; `None` where the line does not end what it began (a quote, a `\` at its end).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub commands: Vec<Command>,
    /// `#` and what follows.
    pub comment: Option<Range<usize>>,
}

/// Reads one line; ranges are offsets into it.
pub fn line(text: &[u8], dialect: Dialect) -> Option<Line> {
    let end = text.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let mut reader = Reader { text: &text[..end], at: 0 };
    let mut line = Line { commands: Vec::new(), comment: None };
    let mut words: Vec<Range<usize>> = Vec::new();
    loop {
        reader.blanks();
        let Some(byte) = reader.peek() else { break };
        match byte {
            b'#' => {
                line.comment = Some(reader.at..end);
                break;
            }
            b';' | b'&' | b'|' => {
                finish(&mut line, &mut words, text, dialect);
                while reader.peek().is_some_and(|b| matches!(b, b';' | b'&' | b'|')) {
                    reader.at += 1;
                }
            }
            _ => words.push(reader.word(dialect)?),
        }
    }
    finish(&mut line, &mut words, text, dialect);
    Some(line)
}

fn finish(line: &mut Line, words: &mut Vec<Range<usize>>, text: &[u8], dialect: Dialect) {
    let words = std::mem::take(words);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let range = first.start..last.end;
    let assignments = match dialect {
        Dialect::Posix => posix(text, &words),
        Dialect::Fish => fish(text, &words),
        Dialect::Csh => csh(text, &words),
    };
    line.commands.push(Command { range, words, assignments });
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// A word up to a blank or a separator; `None` where it does not end on this line.
    fn word(&mut self, dialect: Dialect) -> Option<Range<usize>> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b';' | b'&' | b'|' => break,
                b'\\' => {
                    self.at += 2;
                    if self.at > self.text.len() {
                        return None;
                    }
                }
                b'\'' => self.quoted(b'\'', dialect == Dialect::Fish)?,
                b'"' => self.quoted(b'"', true)?,
                b'`' => self.quoted(b'`', true)?,
                b'$' if self.text.get(self.at + 1) == Some(&b'\'') && dialect == Dialect::Posix => {
                    self.at += 1;
                    self.quoted(b'\'', true)?;
                }
                b'$' if self.text.get(self.at + 1) == Some(&b'{') => {
                    self.at += 1;
                    self.nested(b'{', b'}')?;
                }
                b'(' => self.nested(b'(', b')')?,
                _ => self.at += 1,
            }
        }
        Some(start..self.at)
    }

    fn quoted(&mut self, quote: u8, escapes: bool) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'\\' if escapes => self.at += 2,
                b'$' if quote == b'"' && self.text.get(self.at + 1) == Some(&b'(') => {
                    self.at += 1;
                    self.nested(b'(', b')')?;
                }
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return Some(());
                    }
                }
            }
        }
    }

    fn nested(&mut self, open: u8, close: u8) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'\'' => self.quoted(b'\'', false)?,
                b'"' => self.quoted(b'"', true)?,
                byte => {
                    self.at += 1;
                    if byte == open {
                        depth += 1;
                    } else if byte == close {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return Some(());
                        }
                    }
                }
            }
        }
    }
}

fn is_name(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

fn name_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `NAME=word`, `NAME+=word`.
fn assignment(text: &[u8], word: &Range<usize>) -> Option<Assignment> {
    let bytes = &text[word.clone()];
    let equals = bytes.iter().position(|&b| b == b'=')?;
    let appends = equals > 0 && bytes[equals - 1] == b'+';
    let name = &bytes[..equals - usize::from(appends)];
    is_name(name).then(|| Assignment {
        name: name_of(name),
        value: word.start + equals + 1..word.end,
        whole: word.clone(),
        appends,
    })
}

/// Assignments, alone or behind `export`, `typeset`, `declare`, `readonly`, `local` and their options.
fn posix(text: &[u8], words: &[Range<usize>]) -> Vec<Assignment> {
    let word = |n: usize| &text[words[n].clone()];
    let keyword = matches!(word(0), b"export" | b"typeset" | b"declare" | b"readonly" | b"local");
    let options =
        words.iter().skip(1).take_while(|w| matches!(text[(*w).clone()].first(), Some(b'-' | b'+')));
    let skip = if keyword { 1 + options.count() } else { 0 };
    let all: Option<Vec<Assignment>> = words[skip..].iter().map(|w| assignment(text, w)).collect();
    match all {
        Some(all) => all,
        // `export A=1 B`: B is only marked.
        None if keyword
            && words[skip..].iter().all(|w| is_name(&text[w.clone()]) || assignment(text, w).is_some()) =>
        {
            words[skip..].iter().filter_map(|w| assignment(text, w)).collect()
        }
        None => Vec::new(),
    }
}

/// `set [-gx] NAME VALUE…`, without `-e`, `-a`, `-p` and the like, which set only in part.
fn fish(text: &[u8], words: &[Range<usize>]) -> Vec<Assignment> {
    if &text[words[0].clone()] != b"set" {
        return Vec::new();
    }
    let options: Vec<&[u8]> =
        words[1..].iter().map(|w| &text[w.clone()]).take_while(|w| w.starts_with(b"-")).collect();
    let sets = |option: &&[u8]| match option.strip_prefix(b"--") {
        Some(long) => matches!(long, b"global" | b"export" | b"universal" | b"path" | b"unpath" | b"local"),
        None => option[1..].iter().all(|b| b"gxUlfu".contains(b)),
    };
    if !options.iter().all(sets) {
        return Vec::new();
    }
    let Some(name) = words.get(1 + options.len()) else { return Vec::new() };
    let rest = &words[2 + options.len()..];
    let value = match (rest.first(), rest.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => name.end..name.end,
    };
    let whole = words[0].start..value.end.max(name.end);
    if !is_name(&text[name.clone()]) {
        return Vec::new();
    }
    vec![Assignment { name: name_of(&text[name.clone()]), value, whole, appends: false }]
}

/// `setenv NAME VALUE`.
fn csh(text: &[u8], words: &[Range<usize>]) -> Vec<Assignment> {
    let [keyword, name, rest @ ..] = words else { return Vec::new() };
    if &text[keyword.clone()] != b"setenv" || !is_name(&text[name.clone()]) || rest.len() > 1 {
        return Vec::new();
    }
    let value = rest.first().cloned().unwrap_or(name.end..name.end);
    let whole = keyword.start..value.end;
    vec![Assignment { name: name_of(&text[name.clone()]), value, whole, appends: false }]
}

/// A value between quotes of its own, or as it is, where it stands for itself: nothing in it is expanded.
pub fn literal(word: &[u8], dialect: Dialect) -> Option<Vec<u8>> {
    match word.first() {
        Some(b'\'') if word.len() >= 2 && word.last() == Some(&b'\'') => {
            let inner = &word[1..word.len() - 1];
            let special = inner.contains(&b'\'') || (dialect == Dialect::Fish && inner.contains(&b'\\'));
            (!special).then(|| inner.to_vec())
        }
        Some(b'"') if word.len() >= 2 && word.last() == Some(&b'"') => {
            let inner = &word[1..word.len() - 1];
            (!inner.iter().any(|b| b"$`\\\"!".contains(b))).then(|| inner.to_vec())
        }
        _ => (!word.iter().any(|b| b"$`\\\"'*?[](){}<>|&;~! \t".contains(b))).then(|| word.to_vec()),
    }
}

/// The value as one word of the shell, quoted only where it must be.
pub fn quote(value: &[u8], dialect: Dialect) -> Vec<u8> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-./:,=+@%".contains(b) || !b.is_ascii();
    if !value.is_empty() && value.iter().all(plain) {
        return value.to_vec();
    }
    let mut out = vec![b'\''];
    for &byte in value {
        match (byte, dialect) {
            (b'\'', Dialect::Fish) => out.extend_from_slice(b"\\'"),
            (b'\\', Dialect::Fish) => out.extend_from_slice(b"\\\\"),
            (b'\'', _) => out.extend_from_slice(b"'\\''"),
            // csh expands `!` between quotes, too.
            (b'!', Dialect::Csh) => out.extend_from_slice(b"\\!"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(text: &str, dialect: Dialect) -> Vec<(String, String)> {
        let line = line(text.as_bytes(), dialect).expect("ends on this line");
        let all = line.commands.into_iter().flat_map(|c| c.assignments);
        all.map(|a| (a.name, text[a.value].to_owned())).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn what_people_write() {
        use Dialect::{Csh, Fish, Posix};
        let both = vec![pair("A", "1"), pair("B", "\"x y\"")];
        assert_eq!(assigned("export A=1 B=\"x y\" # c", Posix), both);
        assert_eq!(assigned("A=1; B=\"x y\"", Posix), both);
        assert_eq!(
            assigned("typeset -gx A=$(echo 'a b' | tr a b) && export B", Posix),
            [pair("A", "$(echo 'a b' | tr a b)")]
        );
        assert_eq!(assigned("A=1 go build", Posix), []);
        assert_eq!(assigned("PATH+=:/x", Posix), [pair("PATH", ":/x")]);
        assert_eq!(assigned("set -gx PATH /x $PATH", Fish), [pair("PATH", "/x $PATH")]);
        assert_eq!(assigned("set -e A", Fish), []);
        assert_eq!(assigned("setenv A 1", Csh), [pair("A", "1")]);
        assert_eq!(line(b"export A=\"1", Posix), None);
        assert_eq!(line(b"export A=1 \\", Posix), None);
    }

    #[test]
    fn literals_and_quotes() {
        assert_eq!(literal(b"'a b'", Dialect::Posix).as_deref(), Some(&b"a b"[..]));
        assert_eq!(literal(b"\"$HOME\"", Dialect::Posix), None);
        assert_eq!(literal(b"~/go", Dialect::Posix), None);
        assert_eq!(quote(b"/a/b", Dialect::Posix), b"/a/b");
        assert_eq!(quote(b"it's", Dialect::Posix), b"'it'\\''s'");
        assert_eq!(quote(b"", Dialect::Fish), b"''");
    }
}
