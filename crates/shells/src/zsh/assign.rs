//! Assignments that a traced command spells out, and what they make of a value.
//!
//! zsh traces a command with its words expanded, so `NAME=value`, `name=( … )` and `export NAME=value` tell the new
//! value without looking at it.

use super::words;
use model::Value;

/// One name that a command assigns or unsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// As spelled: a variable, or an array that may be tied to one.
    pub(super) name: Vec<u8>,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Set(Vec<u8>),
    Append(Vec<u8>),
    SetArray(Vec<Vec<u8>>),
    AppendArray(Vec<Vec<u8>>),
    Unset,
}

/// Whether a command may assign to one of the names, judged by what stands before each `=`: names are never quoted, and
/// to look so is cheaper than to take each command to words.
pub(super) fn may_assign(command: &[u8], is_wanted: impl Fn(&[u8]) -> bool) -> bool {
    command.starts_with(b"unset ")
        || memchr::memchr_iter(b'=', command).any(|at| {
            let before = command[..at].strip_suffix(b"+").unwrap_or(&command[..at]);
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
            let start = before.iter().rposition(|b| !is_part(b)).map_or(0, |n| n + 1);
            is_wanted(&before[start..])
        })
}

/// The assignments of a command that outlast the function that it is in: not those of `local`, nor of `typeset`
/// without `-g` in a function.
pub(super) fn assignments(command: &[u8], in_function: bool) -> Vec<Assignment> {
    if !command.contains(&b'=') && !command.starts_with(b"unset ") {
        return Vec::new();
    }
    let words = words::split(command);
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let flags = |letter: u8| rest.iter().any(|w| w.first() == Some(&b'-') && w.contains(&letter));
    match first.as_slice() {
        b"export" if !flags(b'T') => list(rest),
        b"typeset" | b"declare" | b"readonly" if !flags(b'T') && (flags(b'g') || !in_function) => list(rest),
        b"unset" if !flags(b'm') && !flags(b'f') => {
            let unset = |name: &Vec<u8>| Assignment { name: name.clone(), what: What::Unset };
            rest.iter().filter(|w| is_name(w)).map(unset).collect()
        }
        word if one(word).is_some() => {
            let all = list(&words);
            // Words after the last assignment are a command, for which alone they hold.
            if ends_in_assignment(&words) { all } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

fn list(words: &[Vec<u8>]) -> Vec<Assignment> {
    let mut all = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let Some(mut assignment) = one(word) else { continue };
        if let What::SetArray(items) | What::AppendArray(items) = &mut assignment.what {
            items.extend(rest.by_ref().take_while(|w| w.as_slice() != b")").cloned());
        }
        all.push(assignment);
    }
    all
}

fn ends_in_assignment(words: &[Vec<u8>]) -> bool {
    let mut in_array = false;
    words.iter().all(|word| {
        if in_array {
            in_array = word.as_slice() != b")";
            return true;
        }
        match one(word) {
            Some(Assignment { what: What::SetArray(_) | What::AppendArray(_), .. }) => {
                in_array = true;
                true
            }
            other => other.is_some(),
        }
    })
}

fn one(word: &[u8]) -> Option<Assignment> {
    let at = word.iter().position(|&b| b == b'=')?;
    let (name, append) = match word[..at].strip_suffix(b"+") {
        Some(name) => (name, true),
        None => (&word[..at], false),
    };
    let value = &word[at + 1..];
    let what = match (value, append) {
        (b"(", false) => What::SetArray(Vec::new()),
        (b"(", true) => What::AppendArray(Vec::new()),
        (value, false) => What::Set(value.to_vec()),
        (value, true) => What::Append(value.to_vec()),
    };
    is_name(name).then(|| Assignment { name: name.to_vec(), what })
}

fn is_name(word: &[u8]) -> bool {
    !word.is_empty()
        && word.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        && !word[0].is_ascii_digit()
}

impl What {
    /// Whether the value before has no part in it.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, What::Set(_) | What::SetArray(_))
    }

    /// The value after it; arrays are those tied to a variable by `:`.
    pub(super) fn apply(&self, before: Option<&Value>) -> Option<Value> {
        let before = before.map(Value::as_bytes);
        Some(Value::new(match self {
            What::Unset => return None,
            What::Set(value) => value.clone(),
            What::Append(value) => [before.unwrap_or_default(), value].concat(),
            What::SetArray(items) => items.join(&b':'),
            What::AppendArray(items) => {
                let mut all: Vec<&[u8]> = before.filter(|b| !b.is_empty()).into_iter().collect();
                all.extend(items.iter().map(Vec::as_slice));
                all.join(&b':')
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(command: &str, in_function: bool) -> Vec<String> {
        assignments(command.as_bytes(), in_function)
            .into_iter()
            .map(|a| {
                let after = a.what.apply(Some(&Value::from("/old")));
                format!("{} {:?}", String::from_utf8_lossy(&a.name), after.map(|v| v.to_text().into_owned()))
            })
            .collect()
    }

    #[test]
    fn commands_that_assign() {
        assert_eq!(values("A=1 B='x y' ", false), ["A Some(\"1\")", "B Some(\"x y\")"]);
        assert_eq!(values("path=( /a /b ) ", true), ["path Some(\"/a:/b\")"]);
        assert_eq!(values("path+=( /a )", true), ["path Some(\"/old:/a\")"]);
        assert_eq!(values("PATH+=:/a", true), ["PATH Some(\"/old:/a\")"]);
        assert_eq!(values("export A=$'1\\n' B", true), ["A Some(\"1\\n\")"]);
        assert_eq!(values("typeset -gx 'A=1'", true), ["A Some(\"1\")"]);
        assert_eq!(values("unset A", false), ["A None"]);
    }

    #[test]
    fn commands_that_assign_nothing_that_lasts() {
        for command in ["local A=1", "typeset -x A=1", "A=1 make", "echo A=1", "[[ A=1 ]]", "unset -f a=b"] {
            assert!(values(command, true).is_empty(), "{command}");
        }
    }
}
