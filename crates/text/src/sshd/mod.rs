//! `sshd_config` as lines of keyword and arguments, `~/.ssh/environment`, and OpenSSH's patterns.
//!
//! Follows servconf.c, misc.c `argv_split`, session.c `read_environment_file` and match.c (OpenSSH 9.2). Which lines
//! act on a connection is the `spaces` crate's.

/// A line of `sshd_config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In lower case: keywords ignore case.
    pub keyword: String,
    pub args: Vec<String>,
    pub line: u32,
}

pub fn read(bytes: &[u8]) -> Vec<Line> {
    let text = String::from_utf8_lossy(bytes);
    (1..).zip(text.lines()).filter_map(|(line, text)| read_line(text, line)).collect()
}

fn read_line(text: &str, line: u32) -> Option<Line> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(text.len());
    let keyword = text[..end].trim_matches('"').to_ascii_lowercase();
    let rest = text[end..].trim_start();
    let rest = rest.strip_prefix('=').map_or(rest, str::trim_start);
    let args = if keyword == "match" { words(&rest.replace('=', " ")) } else { words(rest) };
    Some(Line { keyword, args, line })
}

/// Words with quotes and backslashes, up to a comment.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
        match chars.peek() {
            None | Some('#') => return out,
            Some(_) => {}
        }
        let mut word = String::new();
        let mut quote = None;
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars
                    .peek()
                    .is_some_and(|n| matches!(n, '\'' | '"' | '\\') || (quote.is_none() && *n == ' ')) =>
                {
                    word.extend(chars.next());
                }
                ' ' | '\t' if quote.is_none() => break,
                '"' | '\'' if quote.is_none() => quote = Some(c),
                c if quote == Some(c) => quote = None,
                c => word.push(c),
            }
        }
        out.push(word);
    }
}

/// A line of `~/.ssh/environment`: quotes, `#` and CR belong to the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub line: u32,
}

pub fn read_environment(bytes: &[u8]) -> Vec<Setting> {
    let lines = (1..).zip(bytes.split(|&b| b == b'\n'));
    lines
        .filter_map(|(line, text)| {
            let text = &text[text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()..];
            if text.first() == Some(&b'#') {
                return None;
            }
            let equals = text.iter().position(|&b| b == b'=')?;
            Some(Setting { name: text[..equals].to_vec(), value: text[equals + 1..].to_vec(), line })
        })
        .collect()
}

/// Whether a pattern list matches: comma-separated, `*` and `?`, `!` negates and then decides.
pub fn matches_list(text: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(negated) if matches(text, negated) => return false,
            Some(_) => {}
            None => found |= matches(text, pattern),
        }
    }
    found
}

/// Whether one pattern with `*` and `?` matches.
pub fn matches(text: &str, pattern: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| matches(&text[at..], chars.as_str())),
        Some(c) => {
            let mut rest = text.chars();
            rest.next().is_some_and(|t| c == '?' || c == t) && matches(rest.as_str(), chars.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen with Debian 12's sshd (OpenSSH 9.2): `sshd -T` prints the same lists.
    #[test]
    fn lines() {
        let lines =
            read(b"SetEnv A=1 \"B=two words\" # c\nUsePAM=yes\nMatch User ann,bob Address 10.0.0.0/8\n");
        assert_eq!(lines[0].args, ["A=1", "B=two words"]);
        assert_eq!(
            (lines[1].keyword.as_str(), lines[1].args.as_slice()),
            ("usepam", ["yes".to_owned()].as_slice())
        );
        assert_eq!(lines[2].args, ["User", "ann,bob", "Address", "10.0.0.0/8"]);
    }

    // Seen with Debian 12's sshd: a variable named `export X` reaches the session.
    #[test]
    fn environment() {
        let settings = read_environment(b"A=\"q\" # x\r\n# c\nexport X=1\nno\n =y\n");
        let names: Vec<_> = settings.iter().map(|s| String::from_utf8_lossy(&s.name).into_owned()).collect();
        assert_eq!(names, ["A", "export X", ""]);
        assert_eq!(settings[0].value, b"\"q\" # x\r");
    }

    #[test]
    fn patterns() {
        assert!(matches_list("ann", "bob,a*"));
        assert!(!matches_list("ann", "*,!an?"));
        assert!(matches("LC_ALL", "LC_*"));
    }
}
