//! Which variables bash's built-in commands write, by their arguments.
//!
//! Not here: assignments, expansions and compound commands (`writes`).

use super::words::{name_len, printed_words, split_assignment};
use super::writes::{Declared, Write, Written, arithmetic_writes};
use std::borrow::Cow;

/// The writes of a command by its printed words.
pub(super) fn command(text: &[u8], in_function: bool, declared: &mut Declared) -> Vec<Write> {
    // Most commands write nothing; they are told by their first word alone.
    let mut words_of_text = None;
    let first = text.split(|&b| b == b' ').next().unwrap_or_default();
    let builtin: Cow<'_, [u8]> = match first {
        b"builtin" | b"command" => {
            let words = printed_words(text);
            let name = words.iter().skip(1).find(|w| !w.starts_with(b"-")).cloned().unwrap_or_default();
            words_of_text = Some(words);
            Cow::Owned(name)
        }
        first => Cow::Borrowed(first),
    };
    const WRITERS: &[&[u8]] = &[
        b"export",
        b"declare",
        b"typeset",
        b"local",
        b"readonly",
        b"unset",
        b"read",
        b"printf",
        b"getopts",
        b"cd",
        b"pushd",
        b"popd",
        b"let",
    ];
    if !WRITERS.contains(&&builtin[..]) {
        return Vec::new();
    }
    let words = words_of_text.unwrap_or_else(|| printed_words(text));
    let arguments: Vec<Vec<u8>> = words.into_iter().skip_while(|w| w[..] != builtin[..]).skip(1).collect();
    match &builtin[..] {
        b"export" | b"declare" | b"typeset" | b"local" | b"readonly" => {
            declaration(&builtin, &arguments, in_function, declared)
        }
        b"unset" => unset(&arguments),
        b"read" => read(&arguments),
        b"printf" => printf(&arguments),
        b"getopts" => {
            let names = arguments.get(1).cloned().into_iter().chain([b"OPTARG".to_vec(), b"OPTIND".to_vec()]);
            names.map(|name| Write::new(name, Written::Unseen)).collect()
        }
        b"let" => arguments.iter().flat_map(|a| arithmetic_writes(a)).collect(),
        _ => [&b"PWD"[..], b"OLDPWD"].into_iter().map(|name| Write::new(name, Written::Unseen)).collect(),
    }
}

fn declaration(
    builtin: &[u8],
    arguments: &[Vec<u8>],
    in_function: bool,
    declared: &mut Declared,
) -> Vec<Write> {
    let mut on = Vec::new();
    let mut off = Vec::new();
    let mut names = arguments;
    while let [option, rest @ ..] = names {
        match option.split_first() {
            Some((b'-', letters)) if !letters.is_empty() => {
                on.extend_from_slice(letters);
                names = rest;
                if letters == b"-" {
                    break;
                }
            }
            Some((b'+', letters)) if !letters.is_empty() => {
                off.extend_from_slice(letters);
                names = rest;
            }
            _ => break,
        }
    }
    let export = match builtin {
        b"export" => Some(!on.contains(&b'n')),
        _ if on.contains(&b'x') => Some(true),
        _ if off.contains(&b'x') => Some(false),
        _ => None,
    };
    if on.contains(&b'f') {
        let functions = names.iter().filter(|_| export == Some(true));
        return functions
            .map(|name| {
                let variable = [b"BASH_FUNC_", &name[..], b"%%"].concat();
                Write { export: Some(true), ..Write::new(variable, Written::Unseen) }
            })
            .collect();
    }
    let local = builtin == b"local"
        || matches!(builtin, b"declare" | b"typeset") && in_function && !on.contains(&b'g');
    // `-i`, `-u`, `-l` and `-n` make another value of what is given; arrays are never exported.
    let transformed = on.iter().any(|b| b"iulcn".contains(b));
    let mut found = Vec::new();
    for word in names {
        let (name, written) = match split_assignment(word) {
            Some((name, ..)) if transformed => (name, Written::Unseen),
            Some((name, true, value)) => (name, Written::Append(value.to_vec())),
            Some((name, false, value)) => (name, Written::Set(value.to_vec())),
            None if name_len(word) == word.len() && !word.is_empty() => (&word[..], Written::Nothing),
            None => continue,
        };
        declared.names.push(name.to_vec());
        found.push(Write { export, local, ..Write::new(name, written) });
    }
    found
}

fn unset(arguments: &[Vec<u8>]) -> Vec<Write> {
    if arguments.iter().any(|a| a.starts_with(b"-") && a.contains(&b'f')) {
        let names = arguments.iter().filter(|a| !a.starts_with(b"-"));
        return names.map(|n| Write::new([b"BASH_FUNC_", &n[..], b"%%"].concat(), Written::Unset)).collect();
    }
    arguments
        .iter()
        .filter(|a| name_len(a) == a.len() && !a.is_empty())
        .map(|a| Write::new(a.clone(), Written::Unset))
        .collect()
}

fn read(arguments: &[Vec<u8>]) -> Vec<Write> {
    let mut names = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument.starts_with(b"-") && argument.len() > 1 {
            // These options take the next word, unless their own goes on (bash(1), read).
            if argument.last().is_some_and(|b| b"adinNptu".contains(b)) {
                rest.next();
            }
        } else if name_len(argument) == argument.len() {
            names.push(argument.clone());
        }
    }
    if names.is_empty() {
        names.push(b"REPLY".to_vec());
    }
    names.into_iter().map(|name| Write::new(name, Written::Unseen)).collect()
}

fn printf(arguments: &[Vec<u8>]) -> Vec<Write> {
    let (name, rest) = match arguments {
        [option, name, rest @ ..] if option == b"-v" => (name.clone(), rest),
        [option, rest @ ..] if option.starts_with(b"-v") => (option[2..].to_vec(), rest),
        _ => return Vec::new(),
    };
    let rest = if rest.first().is_some_and(|w| w == b"--") { &rest[1..] } else { rest };
    let written = match rest {
        [format, value] if format == b"%s" => Written::Set(value.clone()),
        [format] if !format.contains(&b'%') && !format.contains(&b'\\') => Written::Set(format.clone()),
        _ => Written::Unseen,
    };
    vec![Write::new(name, written)]
}
