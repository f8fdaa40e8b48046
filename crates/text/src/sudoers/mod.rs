//! `sudoers`: what bears on the environment — Defaults, aliases, includes.
//!
//! Follows toke.l and gram.y of sudo 1.9.13. Deliberately not here: who may run what.

mod env_file;

pub use env_file::{Setting, read_env_file};

/// Whom a Defaults line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    User,
    Host,
    Runas,
    Command,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// `name` alone.
    On,
    /// `!name`.
    Off,
    Set(String),
    Add(String),
    Remove(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Defaults {
        scope: Scope,
        members: Vec<String>,
        options: Vec<(String, Change)>,
        line: u32,
    },
    /// `User_Alias`, `Host_Alias`, `Runas_Alias`.
    Alias {
        scope: Scope,
        name: String,
        members: Vec<String>,
        line: u32,
    },
    Include {
        path: String,
        line: u32,
    },
    IncludeFolder {
        path: String,
        line: u32,
    },
    /// A Defaults line that sudo does not understand.
    Bad {
        line: u32,
        reason: &'static str,
    },
}

pub fn read(bytes: &[u8]) -> Vec<Line> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = Vec::new();
    let mut pending = String::new();
    let mut first = 0;
    for (number, text) in (1..).zip(text.lines()) {
        if pending.is_empty() {
            first = number;
        }
        // A backslash joins lines; blanks before the newline and at the beginning of the next line go with it.
        let text = if pending.is_empty() { text } else { text.trim_start() };
        let trimmed = text.trim_end();
        if trimmed.ends_with('\\') && !trimmed.trim_start().starts_with('#') {
            pending.push_str(&trimmed[..trimmed.len() - 1]);
            continue;
        }
        pending.push_str(text);
        lines.extend(read_line(pending.trim(), first));
        pending.clear();
    }
    lines
}

fn read_line(text: &str, line: u32) -> Vec<Line> {
    if let Some(included) = include(text, line) {
        return vec![included];
    }
    if let Some(rest) = text.strip_prefix("Defaults") {
        return vec![defaults(rest, line).unwrap_or_else(|reason| Line::Bad { line, reason })];
    }
    const ALIASES: &[(&str, Scope)] =
        &[("User_Alias", Scope::User), ("Host_Alias", Scope::Host), ("Runas_Alias", Scope::Runas)];
    ALIASES
        .iter()
        .find_map(|(word, scope)| {
            text.strip_prefix(word).filter(|r| r.starts_with([' ', '\t'])).map(|r| (r, *scope))
        })
        .map_or_else(Vec::new, |(rest, scope)| aliases(rest, scope, line))
}

/// `@include`, `@includedir`, and the older spelling with `#`.
fn include(text: &str, line: u32) -> Option<Line> {
    let rest = text.strip_prefix('@').or_else(|| text.strip_prefix('#'))?;
    let (word, path) = rest.split_once([' ', '\t'])?;
    let path = path.trim();
    let path = match path.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
        None => unescape(path.split([' ', '\t']).next().unwrap_or_default()),
    };
    match word {
        "include" => Some(Line::Include { path, line }),
        "includedir" => Some(Line::IncludeFolder { path, line }),
        _ => None,
    }
}

fn defaults(rest: &str, line: u32) -> Result<Line, &'static str> {
    let (scope, rest) = match rest.chars().next() {
        Some(':') => (Scope::User, &rest[1..]),
        Some('@') => (Scope::Host, &rest[1..]),
        Some('>') => (Scope::Runas, &rest[1..]),
        Some('!') => (Scope::Command, &rest[1..]),
        Some(' ' | '\t') | None => (Scope::All, rest),
        Some(_) => return Err("`Defaults` is followed by something unknown"),
    };
    let mut scan = Scan { rest: rest.trim_start() };
    let members = if scope == Scope::All { Vec::new() } else { scan.members() };
    let mut options = Vec::new();
    loop {
        scan.blanks();
        let mut on = true;
        while scan.eat("!") {
            on = !on;
            scan.blanks();
        }
        let name = scan.while_in(|c| c.is_ascii_lowercase() || c == '_');
        if name.is_empty() {
            return Err("a name of an option was expected");
        }
        scan.blanks();
        let change = if scan.eat("+=") {
            Change::Add(scan.value()?)
        } else if scan.eat("-=") {
            Change::Remove(scan.value()?)
        } else if scan.eat("=") {
            Change::Set(scan.value()?)
        } else if on {
            Change::On
        } else {
            Change::Off
        };
        options.push((name, change));
        scan.blanks();
        if !scan.eat(",") {
            break;
        }
    }
    if !scan.rest.is_empty() && !scan.rest.starts_with('#') {
        return Err("something stands behind the last option");
    }
    Ok(Line::Defaults { scope, members, options, line })
}

/// `NAME = a, b : OTHER = c`.
fn aliases(rest: &str, scope: Scope, line: u32) -> Vec<Line> {
    let mut scan = Scan { rest };
    let mut out = Vec::new();
    loop {
        scan.blanks();
        let name = scan.while_in(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        scan.blanks();
        if name.is_empty() || !scan.eat("=") {
            return out;
        }
        scan.blanks();
        out.push(Line::Alias { scope, name, members: scan.members(), line });
        scan.blanks();
        if !scan.eat(":") {
            return out;
        }
    }
}

struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn while_in(&mut self, is_in: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !is_in(c)).unwrap_or(self.rest.len());
        let word = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        word
    }

    /// Names separated by commas; blanks may stand around a comma. Each keeps its `!`, `%`, `#` or `+`.
    fn members(&mut self) -> Vec<String> {
        let mut members = Vec::new();
        loop {
            self.blanks();
            let mut member = self.while_in(|c| c == '!');
            if self.rest.starts_with('"') {
                member.push_str(&self.quoted().unwrap_or_default());
            } else {
                member.push_str(&unescape(&self.word(|c| " \t,:=".contains(c))));
            }
            members.push(member);
            let ahead = self.rest.trim_start_matches([' ', '\t']);
            match ahead.strip_prefix(',') {
                Some(after) => self.rest = after,
                None => return members,
            }
        }
    }

    /// Up to a character of `ends` that no backslash protects.
    fn word(&mut self, ends: impl Fn(char) -> bool) -> String {
        let mut protected = false;
        let end = self
            .rest
            .char_indices()
            .find(|&(_, c)| {
                let stop = !protected && ends(c);
                protected = c == '\\' && !protected;
                stop
            })
            .map_or(self.rest.len(), |(at, _)| at);
        let word = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        word
    }

    fn quoted(&mut self) -> Result<String, &'static str> {
        self.eat("\"");
        let body = self.word(|c| c == '"');
        if !self.eat("\"") {
            return Err("a quote is not closed");
        }
        if body.is_empty() {
            return Err("an empty string");
        }
        Ok(unescape(&body))
    }

    fn value(&mut self) -> Result<String, &'static str> {
        self.blanks();
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let word = self.word(|c| "#=, \t\"".contains(c));
        if word.is_empty() { Err("a value was expected") } else { Ok(unescape(&word)) }
    }
}

/// A backslash goes and keeps what follows; `\xHH` is a byte (toke_util.c `fill_txt`).
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' || rest.is_empty() {
            out.push(c);
            continue;
        }
        let hex =
            rest.strip_prefix('x').and_then(|h| h.get(..2)).and_then(|h| u8::from_str_radix(h, 16).ok());
        if let Some(byte) = hex {
            out.push(char::from(byte));
            rest = &rest[3..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Vec<(String, Change)> {
        match read(text.as_bytes()).pop() {
            Some(Line::Defaults { options, .. }) => options,
            other => panic!("{other:?}"),
        }
    }

    fn set(text: &str) -> Change {
        Change::Set(text.to_owned())
    }

    // Seen with Debian 12's sudo 1.9.13p3 (`sudo -V` and the environment of a command).
    #[test]
    fn defaults() {
        assert_eq!(options("Defaults\tenv_reset"), [("env_reset".to_owned(), Change::On)]);
        assert_eq!(options("Defaults secure_path=\"/a:/b\" # c"), [("secure_path".to_owned(), set("/a:/b"))]);
        assert_eq!(
            options("Defaults !env_reset, env_keep += \"A B\", env_check -= TZ,\\\n  env_file=/x\\ y"),
            [
                ("env_reset".to_owned(), Change::Off),
                ("env_keep".to_owned(), Change::Add("A B".to_owned())),
                ("env_check".to_owned(), Change::Remove("TZ".to_owned())),
                ("env_file".to_owned(), set("/x y")),
            ]
        );
        assert!(matches!(read(b"Defaults env_keep = \"\"\n")[0], Line::Bad { .. }));
        assert!(matches!(read(b"Defaults env_keep = \"A\n")[0], Line::Bad { .. }));
    }

    #[test]
    fn scopes() {
        let lines = read(
            b"Defaults:ann , %wheel,!#1000 !env_reset\nDefaults@vm x\nDefaults>root x\nDefaults!CMDS x\n",
        );
        let Line::Defaults { scope: Scope::User, members, .. } = &lines[0] else { panic!("{lines:?}") };
        assert_eq!(members, &["ann", "%wheel", "!#1000"]);
        let scopes: Vec<Scope> = lines
            .iter()
            .filter_map(|l| if let Line::Defaults { scope, .. } = l { Some(*scope) } else { None })
            .collect();
        assert_eq!(scopes, [Scope::User, Scope::Host, Scope::Runas, Scope::Command]);
    }

    #[test]
    fn includes_and_aliases() {
        let lines = read(b"@includedir /etc/sudoers.d\n#include /x\n# include me\nUser_Alias A = ann, bob : B = c\nann ALL=(ALL) ALL\n");
        assert_eq!(lines.len(), 4);
        assert!(matches!(&lines[0], Line::IncludeFolder { path, .. } if path == "/etc/sudoers.d"));
        assert!(matches!(&lines[1], Line::Include { path, .. } if path == "/x"));
        assert!(matches!(&lines[3], Line::Alias { name, members, .. } if name == "B" && members == &["c"]));
    }
}
