//! Which words of `gowhence env …` are ours, and which are for the go command's own flag rules.
//!
//! Behind `env` our long options come first; the first word that is none of them begins go's part, in which `-C`,
//! `-v` and `--` mean what they mean to go. A `--` put before that part keeps clap's hands off it. Not here: what go
//! makes of the words.

use crate::arguments::{self, Arguments, Common};
use crate::commands::env;
use clap::{Arg, ArgAction, Command};
use std::ffi::{OsStr, OsString};

const ENV: &str = "env";

/// `gowhence env` with words of go's alone, as clap would read it. To put our whole command line together only to find
/// that none of it is used takes as long as the answer.
pub(crate) fn of_go_alone(arguments: &[OsString]) -> Option<Arguments> {
    let [_, command, words @ ..] = arguments else { return None };
    let ours = |word: &OsString| word.as_encoded_bytes().starts_with(b"--");
    if command != ENV || words.first().is_some_and(ours) {
        return None;
    }
    let own = env::Arguments::of_words(words.to_vec());
    Some(Arguments { common: Common::none_given(), command: Some(arguments::Command::Env(own)) })
}

/// The arguments (the program is the first) with a `--` before go's part of `env`; others as they are.
pub(crate) fn separate(root: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    if !arguments.iter().any(|word| word == ENV) {
        return arguments;
    }
    if let Some(at) = begin_of_gos_part(root, &arguments)
        && at < arguments.len()
    {
        arguments.insert(at, "--".into());
    }
    arguments
}

fn begin_of_gos_part(root: &Command, arguments: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = arguments.get(at).filter(|word| *word != ENV) {
        at += option(&|| root.get_arguments(), word, true)?;
    }
    let own = root.find_subcommand(ENV)?;
    // clap hands global options down only when it builds all commands, which takes longer than the answer.
    let known = || own.get_arguments().chain(root.get_arguments().filter(|arg| arg.is_global_set()));
    at += 1;
    while let Some(taken) = arguments.get(at).and_then(|word| option(&known, word, false)) {
        at += taken;
    }
    Some(at)
}

/// How many words an option of ours takes, itself included; `None` for all else.
fn option<'a, A: Iterator<Item = &'a Arg>>(
    known: &dyn Fn() -> A,
    word: &OsStr,
    short_too: bool,
) -> Option<usize> {
    let word = word.to_str()?;
    if let Some(long) = word.strip_prefix("--").filter(|long| !long.is_empty()) {
        let (name, given) = long.split_once('=').map_or((long, false), |(name, _)| (name, true));
        let option = known().find(|arg| arg.get_long() == Some(name))?;
        return Some(if takes_value(option) && !given { 2 } else { 1 });
    }
    let letters = word.strip_prefix('-').filter(|letters| short_too && !letters.is_empty())?;
    for (index, letter) in letters.char_indices() {
        let option = known().find(|arg| arg.get_short() == Some(letter))?;
        if takes_value(option) {
            return Some(if index + letter.len_utf8() == letters.len() { 2 } else { 1 });
        }
    }
    Some(1)
}

fn takes_value(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separated(text: &str) -> String {
        let words = text.split(' ').map(OsString::from).collect();
        let words: Vec<String> = separate(&crate::command(), words)
            .into_iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect();
        words.join(" ")
    }

    #[test]
    fn words_of_go_alone_are_read_as_clap_reads_them() {
        for typed in [
            "g env",
            "g env GOOS",
            "g env -json GOOS",
            "g env -C / GOMOD -h",
            "g env -x --probe -q",
            "g env  A",
            "g env env",
            "g env - -- --",
            "g env -json --in here",
        ] {
            let words: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            let alone = of_go_alone(&words).map(|arguments| format!("{arguments:?}"));
            let clap = crate::by_clap(words).map(|arguments| format!("{arguments:?}"));
            assert_eq!(alone, clap.ok(), "{typed}");
        }
        for typed in [
            "g",
            "g why PATH",
            "g -q env",
            "g env --in here",
            "g env --json",
            "g env -- -json",
            "g environment",
        ] {
            let words: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            assert!(of_go_alone(&words).is_none(), "{typed}");
        }
    }

    #[test]
    fn ours_come_first() {
        for (typed, wanted) in [
            ("g env", "g env"),
            ("g env GOOS", "g env -- GOOS"),
            ("g env -json GOOS", "g env -- -json GOOS"),
            ("g env --json", "g env -- --json"),
            ("g env --in cron -C / GOMOD", "g env --in cron -- -C / GOMOD"),
            ("g env --in=cron --probe -h", "g env --in=cron --probe -- -h"),
            ("g env --help", "g env --help"),
            ("g env -json --help", "g env -- -json --help"),
            ("g env -- -json", "g env -- -- -json"),
            ("g env --in env env", "g env --in env -- env"),
            ("g -C env env -v", "g -C env env -- -v"),
            ("g -qCenv env --show-secrets -q", "g -qCenv env --show-secrets -- -q"),
            ("g --machine env env --color never -x", "g --machine env env --color never -- -x"),
            ("g why env --in here", "g why env --in here"),
            ("g run --in cron -- go env -json", "g run --in cron -- go env -json"),
        ] {
            assert_eq!(separated(typed), wanted);
        }
    }
}
