//! Whole outputs of go.

use super::text::toolchain;
use super::*;
use crate::Options;
use crate::example::{assert_golden, id, shop};
use model::{Candidate, Origin, Shadow, ToolchainChoice};

fn options() -> Options {
    Options { width: Some(80), home: Some("/home/ann".to_owned()), ..Options::default() }
}

#[test]
fn which_go_and_what_stands_behind_it() {
    let mut atlas = shop();
    let space = atlas.spaces.iter_mut().find(|s| s.id == id("zsh:prompt")).expect("there");
    let go = space.go.as_mut().expect("there");
    let candidate = |path: &str, entry: usize, version: &str| Candidate {
        path: path.to_owned(),
        entry,
        version: Some(version.to_owned()),
        ..Candidate::default()
    };
    go.candidates =
        vec![candidate("/usr/local/go/bin/go", 2, "1.26.3"), candidate("/usr/bin/go", 4, "1.24.1")];
    go.candidates[1].resolved = Some("/usr/lib/go-1.24/bin/go".to_owned());
    go.candidates[0].keeper = Some("homebrew".to_owned());
    go.env_file = Some("/home/ann/.config/go/env".to_owned());
    assert_golden("go.txt", &go_text(&atlas, &id("zsh:prompt"), &options()));
    let json = go_json(&atlas, &id("zsh:prompt"), &options());
    assert_golden("go.json", &serde_json::to_string_pretty(&json).expect("json"));
}

#[test]
fn what_the_project_makes_of_it() {
    let choice = |found: Option<&str>, code: Option<&str>| ToolchainChoice {
        name: "go1.27.1".to_owned(),
        local: false,
        reason: "the toolchain line of go.mod asks go1.27.1".to_owned(),
        origin: Some(Origin::line("/home/ann/shop/go.mod", 5)),
        found: found.map(str::to_owned),
        problem: code.map(|code| model::Problem::error(code, "why")),
    };
    let why = "the toolchain line of go.mod asks go1.27.1 (~/shop/go.mod:5)";
    let text = |choice| toolchain(&choice, &options());
    assert_eq!(text(choice(Some("/opt/go1.27.1"), None)), format!("it hands over to go1.27.1: {why}"));
    let download = format!("it hands over to go1.27.1, which has to be downloaded: {why}");
    assert_eq!(text(choice(None, None)), download);
    assert_eq!(text(choice(None, Some("go-too-old"))), download);
    assert_eq!(text(choice(None, Some("go-toolchain-not-on-path"))), format!("it refuses to run: {why}"));
}

#[test]
fn an_alias_and_no_go_at_all() {
    let mut atlas = shop();
    let space = atlas.spaces.iter_mut().find(|s| s.id == id("zsh:prompt")).expect("there");
    space.go.as_mut().expect("there").shadow = Some(Shadow {
        kind: "alias".to_owned(),
        text: "noglob go".to_owned(),
        origin: Some(Origin::line("/home/ann/.zshrc", 50)),
    });
    assert_golden("go-alias.txt", &go_text(&atlas, &id("zsh:prompt"), &options()));
    let space = atlas.spaces.iter_mut().find(|s| s.id == id("zsh:prompt")).expect("there");
    space.go.as_mut().expect("there").shadow = Some(Shadow {
        kind: "function".to_owned(),
        text: "go () {\n  command go \"$@\"\n}".to_owned(),
        origin: Some(Origin::line("/home/ann/.zshrc", 50)),
    });
    let text = go_text(&atlas, &id("zsh:prompt"), &options());
    assert!(text.contains("first   function go, ~/.zshrc:50\n"), "{text}");
    assert_golden("go-none.txt", &go_text(&atlas, &id("cron"), &options()));
    assert_golden("go-unknown.txt", &go_text(&atlas, &id("fish:login"), &options()));
}
