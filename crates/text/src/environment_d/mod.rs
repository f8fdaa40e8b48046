//! A file of `environment.d`, as systemd's user manager reads it (systemd 252: env-file.c `parse_env_file_internal`,
//! then `replace_env_full`).
//!
//! Quotes and backslashes as in a shell's assignment, without their power over `$`: single quotes and `\$` expand
//! all the same. Not here: which files count, which is the `spaces` crate's.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    /// Unquoted, not yet expanded.
    pub value: String,
    pub line: u32,
}

pub fn read(bytes: &[u8]) -> Vec<Setting> {
    let text = String::from_utf8_lossy(bytes);
    let mut settings = Vec::new();
    let mut reader = Reader { rest: &text, line: 1 };
    while let Some((name, value, line)) = reader.next() {
        if is_name(&name) {
            settings.push(Setting { name, value, line });
        }
    }
    settings
}

/// Letters, digits and `_`, not beginning with a digit (env-util.c `env_name_is_valid`).
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

impl Reader<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    /// Name, value and line of the next assignment.
    fn next(&mut self) -> Option<(String, String, u32)> {
        loop {
            let c = self.take()?;
            if c == '#' || c == ';' {
                self.comment();
            } else if !c.is_whitespace() {
                let line = self.line;
                if let Some(name) = self.name(c) {
                    return Some((name, self.value(), line));
                }
            }
        }
    }

    fn comment(&mut self) {
        let mut escaped = false;
        while let Some(c) = self.take() {
            match c {
                '\n' if !escaped => return,
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
    }

    fn name(&mut self, first: char) -> Option<String> {
        let mut name = String::from(first);
        loop {
            match self.take()? {
                '\n' | '\r' => return None,
                '=' => return Some(name.trim_end().to_owned()),
                c => name.push(c),
            }
        }
    }

    /// The value up to the end of its line; blanks at the end count only where they were quoted.
    fn value(&mut self) -> String {
        let mut value = String::new();
        let mut solid = 0;
        let mut quote: Option<char> = None;
        let mut begun = false;
        while let Some(c) = self.take() {
            match quote {
                None => match c {
                    '\n' | '\r' => break,
                    '\'' | '"' => {
                        quote = Some(c);
                        begun = true;
                    }
                    '\\' => {
                        begun = true;
                        match self.take() {
                            None => break,
                            Some('\n' | '\r') => {}
                            Some(c) => value.push(c),
                        }
                        solid = value.len();
                    }
                    c if c.is_whitespace() && !begun => {}
                    c => {
                        begun = true;
                        value.push(c);
                        if !c.is_whitespace() {
                            solid = value.len();
                        }
                    }
                },
                Some(q) if c == q => {
                    quote = None;
                    solid = value.len();
                }
                Some('"') if c == '\\' => {
                    match self.take() {
                        None => break,
                        Some(c @ ('"' | '\\' | '`' | '$')) => value.push(c),
                        Some('\n') => {}
                        Some(c) => value.extend(['\\', c]),
                    }
                    solid = value.len();
                }
                Some(_) => {
                    value.push(c);
                    solid = value.len();
                }
            }
        }
        value.truncate(solid);
        value
    }
}

/// Expands `$K`, `${K}`, `${K:-default}`, `${K:+alternate}` and `$$`.
pub fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if let Some(inner) = after.strip_prefix('{') {
            let Some(end) = closing(inner) else {
                out.push_str(&rest[at..]);
                return out;
            };
            out.push_str(&braced(&inner[..end], lookup));
            rest = &inner[end + 1..];
        } else {
            let len = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            if len == 0 || after.starts_with(|c: char| c.is_ascii_digit()) {
                out.push('$');
                rest = after;
            } else {
                out.push_str(&lookup(&after[..len]).unwrap_or_default());
                rest = &after[len..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Where the brace that matches an opened one stands.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn braced(inner: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    if let Some((name, default)) = inner.split_once(":-") {
        return lookup(name).filter(|v| !v.is_empty()).unwrap_or_else(|| expand(default, lookup));
    }
    if let Some((name, alternate)) = inner.split_once(":+") {
        return lookup(name).filter(|v| !v.is_empty()).map(|_| expand(alternate, lookup)).unwrap_or_default();
    }
    lookup(inner).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<String> {
        read(text.as_bytes()).pop().map(|s| s.value)
    }

    // Seen with systemd 252's `30-systemd-environment-d-generator` on Debian 12.
    #[test]
    fn values() {
        assert_eq!(one("A=b # c\n").as_deref(), Some("b # c"));
        assert_eq!(one("A = b  \r\n").as_deref(), Some("b"));
        assert_eq!(one("A=\"b \"'c'\n").as_deref(), Some("b c"));
        assert_eq!(one("A='$B'\n").as_deref(), Some("$B"));
        assert_eq!(one("export A=1\n"), None);
        assert_eq!(one("A='open\nB=c\n").as_deref(), Some("open\nB=c\n"));
        assert_eq!(one("; c\n# d\nA=1").as_deref(), Some("1"));
        assert_eq!(one("A=one\\\ntwo\n").as_deref(), Some("onetwo"));
    }

    #[test]
    fn expansion() {
        let lookup = |name: &str| (name == "HOME").then(|| "/h".to_owned());
        assert_eq!(expand("$HOME/x:${HOME}:$NO.${NO:-d${HOME}}${HOME:+y}$$", &lookup), "/h/x:/h:.d/hy$");
    }
}
