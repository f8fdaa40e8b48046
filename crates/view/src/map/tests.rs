//! Whole outputs of the map.

use super::*;
use crate::example::{assert_golden, shop};
use crate::{Look, Options};
use model::{Name, Origin, Reveal, Setting, SettingSource};

fn options(width: Option<usize>) -> Options {
    Options { width, home: Some("/home/ann".to_owned()), ..Options::default() }
}

fn map(width: Option<usize>) -> String {
    map_text(&shop(), &Rows::Usual, &options(width))
}

#[test]
fn a_screen_of_eighty_columns() {
    assert_golden("map-80.txt", &map(Some(80)));
}

#[test]
fn a_wide_screen_and_a_narrow_one() {
    assert_golden("map-120.txt", &map(Some(120)));
    assert_golden("map-50.txt", &map(Some(50)));
}

#[test]
fn a_pipe_gets_whole_values() {
    assert_golden("map-pipe.txt", &map(None));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [50, 63, 80, 81, 100, 132] {
        for line in map(Some(width)).lines() {
            assert!(crate::layout::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn pictures() {
    assert_golden("map.mmd", &map_mermaid(&shop(), &Rows::Usual));
    assert_golden("map.dot", &map_dot(&shop(), &Rows::Usual));
}

#[test]
fn json_hides_passwords_unless_they_are_asked_for() {
    let rows = Rows::Named(vec![Name::from("GOPROXY")]);
    let json = |reveal| {
        let options = Options { reveal, ..options(None) };
        serde_json::to_string_pretty(&map_json(&shop(), &rows, &Look::nowhere(), &options)).expect("json")
    };
    assert_golden("map.json", &json(Reveal::No));
    assert!(!json(Reveal::No).contains("hunter2"));
    assert!(json(Reveal::Yes).contains("hunter2"));
}

#[test]
fn colour_changes_no_letter() {
    let painted = map_text(&shop(), &Rows::Usual, &Options { color: true, ..options(Some(80)) });
    let mut plain = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert!(painted.len() > plain.len());
    assert_eq!(plain, map(Some(80)));
}

#[test]
fn what_go_takes_from_its_own_files_stands_where_the_environment_says_nothing() {
    let mut atlas = shop();
    let setting = |name: &str, value: &str, source, origin| Setting {
        name: name.to_owned(),
        value: value.into(),
        source,
        origin,
    };
    for go in atlas.spaces.iter_mut().filter_map(|s| s.go.as_mut()) {
        go.settings = vec![
            setting("GOPATH", "/home/ann/go", SettingSource::Default, Origin::rule("default", "go")),
            setting("GOPRIVATE", "corp", SettingSource::EnvFile, Origin::line("/home/ann/.config/go/env", 2)),
        ];
    }
    let text = map_text(&atlas, &Rows::Usual, &options(None));
    assert!(text.contains("\n GOPRIVATE    corp (~/.config/go/env:2)\n"), "{text}");
    assert!(text.contains("\n GOPATH       ~/go (default)\n"), "{text}");
    let rows = Rows::Named(vec![Name::from("GOPRIVATE")]);
    let json = map_json(&atlas, &rows, &Look::nowhere(), &options(None));
    let json = serde_json::to_value(json).expect("json");
    assert_eq!(json["go_env"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["go_env"][0]["cells"][0]["source"], "file");
}
