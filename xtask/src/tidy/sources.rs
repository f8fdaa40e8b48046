//! What every source file has, and what none may have.

use super::answer;
use crate::root;
use std::path::Path;

/// Past this many lines a file says why in its first comment.
const LONG: usize = 500;

/// The words with which a long file says why.
const REASON: &str = "One file because";

/// Words that name no thing of this program; a module or folder called so holds what has no home.
const NO_HOMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "manager"];

/// Text that no file may contain, put together here so that this file does not.
fn forbidden() -> Vec<String> {
    let parts: &[[&str; 2]] = &[
        ["to", "do!("],
        ["unimple", "mented!("],
        ["TO", "DO"],
        ["FIX", "ME"],
        ["#[", "allow("],
        ["#![", "allow("],
        ["#[", "ignore"],
        ["/wo", "rk/"],
        ["/fa", "rm/"],
    ];
    parts.iter().map(|p| p.concat()).collect()
}

/// Paths from the top of every file that git knows of or would add.
fn files() -> Vec<String> {
    let mut command = std::process::Command::new("git");
    command.current_dir(root::root()).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    answer(&mut command).lines().filter(|f| root::root().join(f).is_file()).map(str::to_owned).collect()
}

/// The text of a file; `None` where it is not text.
fn text_of(file: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root::root().join(file)).expect("a file of the tree")).ok()
}

fn rust() -> Vec<(String, String)> {
    let files = files().into_iter().filter(|f| f.ends_with(".rs"));
    files.filter_map(|f| text_of(&f).map(|text| (f, text))).collect()
}

/// The `//!` lines that a file begins with.
fn first_comment(text: &str) -> String {
    text.lines().take_while(|l| l.starts_with("//!")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_module_begins_by_saying_what_it_is_for() {
    let without: Vec<String> =
        rust().into_iter().filter(|(_, text)| first_comment(text).is_empty()).map(|(f, _)| f).collect();
    assert!(without.is_empty(), "these do not begin with `//!`: {without:#?}");
}

#[test]
fn a_long_file_says_why() {
    let long: Vec<String> = rust()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LONG && !first_comment(text).contains(REASON))
        .map(|(f, text)| format!("{f}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split these, or say `{REASON} …` in their first comment: {long:#?}");
}

#[test]
fn no_file_holds_what_was_left_behind() {
    let mut found = Vec::new();
    let forbidden = forbidden();
    for file in files().into_iter().filter(|f| !f.ends_with(".lock")) {
        let Some(text) = text_of(&file) else { continue };
        for (line, number) in text.lines().zip(1..) {
            let words = forbidden.iter().filter(|w| stands_in(line, w));
            found.extend(words.map(|w| format!("{file}:{number}: {w}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Whether the line has it, not as the end of a longer word or path.
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn a_folder_or_module_is_named_by_a_word_of_the_design() {
    let homeless: Vec<String> = files()
        .into_iter()
        .filter(|f| {
            Path::new(f).iter().any(|part| {
                let name = part.to_string_lossy();
                NO_HOMES.contains(&name.split('.').next().unwrap_or_default())
            })
        })
        .collect();
    assert!(homeless.is_empty(), "these are named by no word of the design: {homeless:#?}");
}
