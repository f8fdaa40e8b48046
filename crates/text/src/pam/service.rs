//! A service's file in `/etc/pam.d`: type, control, module, arguments.
//!
//! Follows `_pam_parse_conf_file` and `_pam_parse_control` of libpam (Linux-PAM 1.5.2); `@include` is Debian's.

use super::Broken;
use super::logical::{SERVICE_BUFFER, assemble};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Auth,
    Account,
    Session,
    Password,
}

/// What is done with one return code of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Ignore,
    Ok,
    Done,
    Bad,
    Die,
    Reset,
    /// Skips so many modules.
    Jump(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Return codes by name, as `[success=1 default=ignore]` lists them; the first that fits counts, then `default`.
    Actions {
        listed: Vec<(String, Action)>,
        default: Action,
    },
    Include,
    Substack,
}

impl Control {
    pub fn action(&self, code: &str) -> Action {
        match self {
            Control::Actions { listed, default } => {
                listed.iter().rev().find(|(name, _)| name == code).map_or(*default, |(_, action)| *action)
            }
            Control::Include | Control::Substack => Action::Ignore,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Module {
        kind: Kind,
        control: Control,
        module: String,
        args: Vec<String>,
        line: u32,
    },
    /// `@include NAME`: that file's lines of every type, here.
    Include {
        name: String,
        line: u32,
    },
    /// A line that libpam cannot read: it fails when its type is run (`auth` where even the type is unknown).
    Bad {
        kind: Kind,
        line: u32,
        reason: &'static str,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    pub lines: Vec<Line>,
    pub broken: Option<Broken>,
}

pub fn read(bytes: &[u8]) -> Service {
    let (lines, broken) = assemble(bytes, SERVICE_BUFFER);
    let lines = lines.iter().map(|l| read_line(&String::from_utf8_lossy(&l.text), l.line)).collect();
    Service { lines, broken }
}

fn read_line(text: &str, line: u32) -> Line {
    let mut words = words(text).into_iter();
    let first = words.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("@include") {
        return Line::Include { name: words.next().unwrap_or_default(), line };
    }
    let kind = match first.strip_prefix('-').unwrap_or(&first).to_ascii_lowercase().as_str() {
        "auth" => Kind::Auth,
        "account" => Kind::Account,
        "session" => Kind::Session,
        "password" => Kind::Password,
        _ => return Line::Bad { kind: Kind::Auth, line, reason: "the type is unknown" },
    };
    let Some(control) = words.next() else {
        return Line::Bad { kind, line, reason: "there is no control" };
    };
    let control = read_control(&control);
    match words.next() {
        Some(module) => Line::Module { kind, control, module, args: words.collect(), line },
        None => Line::Bad { kind, line, reason: "there is no module" },
    }
}

/// Words, where `[…]` is one word (without its brackets, `\]` standing for `]`).
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('[') {
            Some(inner) => bracketed(inner),
            None => {
                let end = rest.find([' ', '\t', '\n']).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        out.push(word);
        rest = after.trim_start();
    }
    out
}

fn bracketed(inner: &str) -> (String, &str) {
    let mut word = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ']' => return (word, &inner[at + 1..]),
            '\\' if inner[at + 1..].starts_with(']') => {
                word.push(']');
                chars.next();
            }
            _ => word.push(c),
        }
    }
    (word, "")
}

fn read_control(word: &str) -> Control {
    let actions = |listed: &[(&str, Action)], default| Control::Actions {
        listed: listed.iter().map(|(name, action)| ((*name).to_owned(), *action)).collect(),
        default,
    };
    match word.to_ascii_lowercase().as_str() {
        "required" => actions(
            &[("success", Action::Ok), ("new_authtok_reqd", Action::Ok), ("ignore", Action::Ignore)],
            Action::Bad,
        ),
        "requisite" => actions(
            &[("success", Action::Ok), ("new_authtok_reqd", Action::Ok), ("ignore", Action::Ignore)],
            Action::Die,
        ),
        "optional" => actions(&[("success", Action::Ok), ("new_authtok_reqd", Action::Ok)], Action::Ignore),
        "sufficient" => {
            actions(&[("success", Action::Done), ("new_authtok_reqd", Action::Done)], Action::Ignore)
        }
        "include" => Control::Include,
        "substack" => Control::Substack,
        _ => bracket_control(word).unwrap_or_else(|| actions(&[], Action::Bad)),
    }
}

fn bracket_control(word: &str) -> Option<Control> {
    let mut listed: Vec<(String, Action)> = Vec::new();
    let mut default = None;
    // Blanks may stand around `=`.
    let spread = word.replace('=', " = ");
    let mut parts = spread.split_whitespace();
    while let Some(code) = parts.next() {
        if parts.next() != Some("=") {
            return None;
        }
        let action = match parts.next()? {
            "ignore" => Action::Ignore,
            "ok" => Action::Ok,
            "done" => Action::Done,
            "bad" => Action::Bad,
            "die" => Action::Die,
            "reset" => Action::Reset,
            number => Action::Jump(number.parse().ok().filter(|n| *n > 0)?),
        };
        // `default` fills only the codes that have no action yet, so a second one changes nothing.
        if code == "default" {
            default = default.or(Some(action));
        } else {
            listed.push((code.to_owned(), action));
        }
    }
    Some(Control::Actions { listed, default: default.unwrap_or(Action::Bad) })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The lines are those of Debian 12's /etc/pam.d/common-auth, login and sshd.
    #[test]
    fn lines_of_debian() {
        let service = read(
            b"auth\t[success=1 default=ignore]\tpam_unix.so nullok\n@include common-account\n\
              session [success=ok ignore=ignore module_unknown=ignore default=bad] pam_selinux.so close\n\
              session    required     pam_env.so user_readenv=1 envfile=/etc/default/locale\n",
        );
        let [
            Line::Module { control, args, .. },
            Line::Include { name, line: 2 },
            Line::Module { control: selinux, .. },
            Line::Module { control: required, module, args: last, .. },
        ] = service.lines.as_slice()
        else {
            panic!("{service:?}");
        };
        assert_eq!(
            (control.action("success"), control.action("auth_err")),
            (Action::Jump(1), Action::Ignore)
        );
        assert_eq!(args, &["nullok"]);
        assert_eq!(name, "common-account");
        assert_eq!((selinux.action("ignore"), selinux.action("session_err")), (Action::Ignore, Action::Bad));
        assert_eq!((required.action("abort"), module.as_str()), (Action::Bad, "pam_env.so"));
        assert_eq!(last, &["user_readenv=1", "envfile=/etc/default/locale"]);
    }

    #[test]
    fn what_cannot_be_read_fails() {
        assert!(matches!(read(b"nonsense required x.so\n").lines[0], Line::Bad { kind: Kind::Auth, .. }));
        let service = read(b"session [success=zero] x.so [a b] c\n");
        let Line::Module { control, args, .. } = &service.lines[0] else { panic!("{service:?}") };
        assert_eq!(control.action("success"), Action::Bad);
        assert_eq!(args, &["a b", "c"]);
    }
}
