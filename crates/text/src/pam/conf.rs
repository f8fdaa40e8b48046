//! `pam_env.conf`: `VARIABLE [DEFAULT=[value]] [OVERRIDE=[value]]`.
//!
//! Follows `_parse_line` and `_expand_arg` of pam_env.c (Linux-PAM 1.5.2).

use super::Broken;
use super::logical::{PAM_ENV_BUFFER, assemble};

/// What DEFAULT or OVERRIDE was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing, or `DEFAULT=` with nothing behind it: the variable is not defined by it.
    Nothing,
    /// `""`: defined, and empty.
    Empty,
    Text(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: Vec<u8>,
    pub default: Given,
    pub r#override: Given,
    pub line: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conf {
    pub lines: Vec<Line>,
    pub refused: Vec<(u32, &'static str)>,
    pub broken: Option<Broken>,
}

pub fn read(bytes: &[u8]) -> Conf {
    let (lines, broken) = assemble(bytes, PAM_ENV_BUFFER);
    let mut conf = Conf { broken, ..Conf::default() };
    for logical in lines {
        match read_line(&logical.text, logical.line) {
            Ok(line) => conf.lines.push(line),
            Err(reason) => conf.refused.push((logical.line, reason)),
        }
    }
    conf
}

fn blank(b: u8) -> bool {
    b == b' ' || b == b'\t'
}

fn read_line(text: &[u8], number: u32) -> Result<Line, &'static str> {
    let name_len = text.iter().position(|&b| blank(b) || b == b'\n').unwrap_or(text.len());
    let mut line = Line {
        name: text[..name_len].to_vec(),
        default: Given::Nothing,
        r#override: Given::Nothing,
        line: number,
    };
    let mut rest = &text[name_len..];
    // The C code counts quotes in a number that is also tested by `else if (quoteflg--)`: an unquoted empty value
    // therefore counts as `""` once another value of the line was quoted or empty.
    let mut quotes = 0;
    loop {
        let skipped = rest.iter().take_while(|&&b| blank(b)).count();
        if skipped == 0 {
            return Ok(line);
        }
        rest = &rest[skipped..];
        let target = if let Some(after) = rest.strip_prefix(b"DEFAULT=") {
            rest = after;
            &mut line.default
        } else if let Some(after) = rest.strip_prefix(b"OVERRIDE=") {
            rest = after;
            &mut line.r#override
        } else {
            return Err("something other than DEFAULT= or OVERRIDE= (a blank at the end counts)");
        };
        let value = match rest.strip_prefix(b"\"") {
            None => {
                let len = rest.iter().position(|&b| blank(b) || b == b'\n').unwrap_or(rest.len());
                let (value, after) = rest.split_at(len);
                rest = after;
                value
            }
            Some(quoted) => {
                let len = quoted.iter().position(|&b| b == b'"').ok_or("a quote is not closed")?;
                rest = &quoted[len + 1..];
                if rest.first().is_some_and(|&b| !blank(b) && b != b'\n') {
                    return Err("quotes must cover the whole value");
                }
                quotes += 1;
                &quoted[..len]
            }
        };
        if value.is_empty() {
            if quotes != 0 {
                *target = Given::Empty;
            }
            quotes -= 1;
        } else {
            *target = Given::Text(value.to_vec());
        }
    }
}

/// Which kind of reference is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `${NAME}`: PAM's own environment.
    Variable,
    /// `@{NAME}`: an item of the PAM transaction.
    Item,
}

/// What a reference stands for; `None` expands to nothing.
pub type Lookup<'a> = dyn Fn(Reference, &[u8]) -> Option<Vec<u8>> + 'a;

/// Expands references. An error ends the whole file (`PAM_ABORT`).
pub fn expand(text: &[u8], lookup: &Lookup<'_>) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        match (first, after.first()) {
            (b'\\', Some(&next @ (b'$' | b'@'))) => {
                out.push(next);
                rest = &after[1..];
            }
            (b'\\', _) => rest = after,
            (b'$' | b'@', Some(b'{')) => {
                let name = &after[1..];
                let end = name.iter().position(|&b| b == b'}').ok_or("a `{` is not closed")?;
                let kind = if *first == b'$' { Reference::Variable } else { Reference::Item };
                out.extend(lookup(kind, &name[..end]).unwrap_or_default());
                rest = &name[end + 1..];
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
        // `MAX_ENV` of pam_env.c.
        if out.len() >= PAM_ENV_BUFFER {
            return Err("the expanded value is longer than PAM allows");
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<(Given, Given)> {
        read(text.as_bytes()).lines.pop().map(|l| (l.default, l.r#override))
    }

    fn text(t: &str) -> Given {
        Given::Text(t.as_bytes().to_vec())
    }

    // Seen with Debian 12's login and su: `DEFAULT=` leaves a variable unset, `DEFAULT=""` makes it empty, a comment
    // behind a value leaves a blank and the line is refused.
    #[test]
    fn lines_of_pam_env_conf() {
        assert_eq!(one("A DEFAULT=x\n"), Some((text("x"), Given::Nothing)));
        assert_eq!(one("A\tDEFAULT=x OVERRIDE=${B}\n"), Some((text("x"), text("${B}"))));
        assert_eq!(one("A DEFAULT=\n"), Some((Given::Nothing, Given::Nothing)));
        assert_eq!(one("A DEFAULT=\"\"\n"), Some((Given::Empty, Given::Nothing)));
        assert_eq!(one("A DEFAULT=\"a b\"\n"), Some((text("a b"), Given::Nothing)));
        assert_eq!(one("A\n"), Some((Given::Nothing, Given::Nothing)));
        assert_eq!(one("A DEFAULT=x # why\n"), None);
        assert_eq!(one("A DEFAULT=x \n"), None);
        assert_eq!(one("A=x\n").map(|_| ()), Some(()));
        assert_eq!(one("A OVERRIDE= DEFAULT=\n").map(|l| l.0), Some(Given::Empty));
    }

    #[test]
    fn references_are_expanded() {
        let lookup = |kind: Reference, name: &[u8]| {
            (kind == Reference::Item && name == b"HOME").then(|| b"/home/t".to_vec())
        };
        let ok = |t: &str| expand(t.as_bytes(), &lookup).map(|v| String::from_utf8_lossy(&v).into_owned());
        assert_eq!(ok("@{HOME}/go:${HOME}x").as_deref(), Ok("/home/t/go:x"));
        assert_eq!(ok("\\$5 $x a@b").as_deref(), Ok("$5 $x a@b"));
        assert_eq!(ok("\\n").as_deref(), Ok("n"));
        assert!(ok("${A").is_err());
    }
}
