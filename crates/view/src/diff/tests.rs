//! Whole outputs of diff.

use super::*;
use crate::Options;
use crate::example::{assert_golden, id, shop};

fn options() -> Options {
    Options { width: Some(80), home: Some("/home/ann".to_owned()), ..Options::default() }
}

#[test]
fn what_differs_and_where_the_two_parted() {
    assert_golden("diff.txt", &diff_text(&shop(), &id("zsh:prompt"), &id("vscode:gopls"), &options()));
    let json = diff_json(&shop(), &id("zsh:prompt"), &id("vscode:gopls"), &options());
    assert_golden("diff.json", &serde_json::to_string_pretty(&json).expect("json"));
}

#[test]
fn the_same_is_said_to_be_the_same() {
    assert_golden(
        "diff-same.txt",
        &diff_text(&shop(), &id("zsh:prompt"), &id("zsh:interactive"), &options()),
    );
}
