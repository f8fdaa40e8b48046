//! Whole outputs of why.

use super::*;
use crate::example::{assert_golden, id, shop};
use crate::{Look, Options};
use model::{Name, Origin, Place, Setting, SettingSource};

fn options() -> Options {
    Options { width: Some(80), home: Some("/home/ann".to_owned()), ..Options::default() }
}

fn line(place: &Place) -> Option<String> {
    (place.path == "/home/ann/.zshrc" && place.line == 44).then(|| "  export GOFLAGS=-mod=mod".to_owned())
}

fn look() -> Look<'static> {
    Look { exists: &|folder| Some(folder != "/home/ann/go/bin"), line: &line }
}

#[test]
fn a_value_and_the_way_to_it() {
    let text = why_in_text(&shop(), &Name::from("GOFLAGS"), &id("zsh:prompt"), &look(), &options());
    assert_golden("why-in.txt", &text);
}

#[test]
fn what_was_passed_over_is_shown_where_nothing_sets_it() {
    let text = why_in_text(&shop(), &Name::from("GOFLAGS"), &id("vscode:gopls"), &look(), &options());
    assert_golden("why-in-unset.txt", &text);
}

#[test]
fn a_list_is_shown_entry_by_entry() {
    let text = why_in_text(&shop(), &Name::from("PATH"), &id("zsh:prompt"), &look(), &options());
    assert_golden("why-in-path.txt", &text);
}

#[test]
fn the_groups_that_agree() {
    assert_golden("why.txt", &why_text(&shop(), &Name::from("GOFLAGS"), &look(), &options()));
    assert_golden("why-path.txt", &why_text(&shop(), &Name::from("PATH"), &look(), &options()));
}

#[test]
fn a_space_that_was_not_checked_has_no_value() {
    let (name, space) = (Name::from("PATH"), id("fish:login"));
    assert_golden("why-in-unknown.txt", &why_in_text(&shop(), &name, &space, &look(), &options()));
    let json = serde_json::to_value(why_in_json(&shop(), &name, &space, &look(), &options())).expect("json");
    assert_eq!((&json["state"], &json["reason"]), (&"unreadable".into(), &"--no-run was given".into()));
    assert_eq!(json["entries"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_only_gos_env_file_says_parts_places_too() {
    let mut atlas = shop();
    let space = atlas.spaces.iter_mut().find(|s| s.id == id("cron")).expect("there");
    space.go.as_mut().expect("there").settings = vec![Setting {
        name: "GOFLAGS".to_owned(),
        value: "-trimpath".into(),
        source: SettingSource::EnvFile,
        origin: Origin::line("/home/ann/.config/go/env", 1),
    }];
    assert_golden("why-file.txt", &why_text(&atlas, &Name::from("GOFLAGS"), &look(), &options()));
    let text = why_in_text(&atlas, &Name::from("GOFLAGS"), &id("cron"), &look(), &options());
    assert!(text.contains("go has \"-trimpath\" from its env file, ~/.config/go/env:1"), "{text}");
}

#[test]
fn json() {
    let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).expect("json");
    let inside = why_in_json(&shop(), &Name::from("GOFLAGS"), &id("zsh:prompt"), &look(), &options());
    assert_golden("why-in.json", &pretty(&serde_json::to_value(inside).expect("json")));
    let everywhere =
        serde_json::to_value(why_json(&shop(), &Name::from("GOFLAGS"), &look(), &options())).expect("json");
    assert_eq!(everywhere["groups"][0]["state"], "set");
    assert_eq!(everywhere["groups"][1]["value"], serde_json::Value::Null);
    assert_eq!(everywhere["could_not_check"][0], "fish:login");
}
