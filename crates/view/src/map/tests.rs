//! Whole outputs of the map.

use super::*;
use crate::example::{assert_golden, id, shop};
use crate::{Look, Options};
use model::{Confidence, Effect, Name, Origin, Reveal, Setting, SettingSource, Value};

fn options(width: Option<usize>) -> Options {
    Options { width, home: Some("/home/ann".to_owned()), ..Options::default() }
}

fn map(width: Option<usize>) -> String {
    map_text(&shop(), &Chosen::default(), &options(width))
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
    assert_golden("map.mmd", &map_mermaid(&shop(), &Chosen::default()));
    assert_golden("map.dot", &map_dot(&shop(), &Chosen::default()));
}

#[test]
fn json_hides_passwords_unless_they_are_asked_for() {
    let rows = Chosen { rows: Rows::Named(vec![Name::from("GOPROXY")]), raw: false };
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
    let painted = map_text(&shop(), &Chosen::default(), &Options { color: true, ..options(Some(80)) });
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
fn what_go_has_from_elsewhere_stands_beside_what_the_environment_says() {
    let mut atlas = shop();
    let setting = |name: &str, value: &str, source, origin| Setting {
        name: name.to_owned(),
        value: Value::from(value),
        source,
        origin,
    };
    let rule = || Origin::rule("default", "go: src/cmd/go/internal/cfg/cfg.go");
    for space in &mut atlas.spaces {
        space.layers.iter_mut().for_each(|layer| layer.effects.retain(|e| !e.name.is("GOPROXY")));
        let old = space.id == id("vscode:gopls");
        let Some(go) = space.go.as_mut().filter(|go| go.path.is_some()) else { continue };
        let proxy = "https://proxy.golang.org,direct";
        let file = Origin::line("/home/ann/.config/go/env", 3);
        go.settings = vec![
            setting("GOFLAGS", "", SettingSource::Default, rule()),
            setting("GOPATH", "/home/ann/go", SettingSource::Default, rule()),
            match old {
                true => setting("GOPROXY", proxy, SettingSource::Default, rule()),
                false => setting("GOPROXY", "https://goproxy.corp", SettingSource::EnvFile, file.clone()),
            },
            setting("GOPRIVATE", "corp", SettingSource::EnvFile, file),
        ];
    }
    assert_golden("map-go.txt", &map_text(&atlas, &Chosen::default(), &options(Some(80))));
    let raw = map_text(&atlas, &Chosen { rows: Rows::Usual, raw: true }, &options(Some(80)));
    assert!(!raw.contains("goproxy.corp") && !raw.contains("(inferred)"), "{raw}");
    let json = map_json(&atlas, &Chosen::default(), &Look::nowhere(), &options(None));
    let json = serde_json::to_value(json).expect("json");
    assert_eq!(json["go_env"][2]["name"], "GOPRIVATE");
    assert_eq!(json["go_env"][2]["cells"][0]["source"], "file");
    let chosen = Chosen { rows: Rows::Named(vec![Name::from("GOPRIVATE")]), raw: false };
    let json =
        serde_json::to_value(map_json(&atlas, &chosen, &Look::nowhere(), &options(None))).expect("json");
    assert_eq!(json["go_env"].as_array().map(Vec::len), Some(1));
}

#[test]
fn no_name_title_or_reason_is_acted_on_by_a_terminal() {
    let mut atlas = shop();
    let odd =
        Effect::set(Name::from("A\x1b[2J"), "b\x1b[2J", Origin::line("/x\x1b[2J", 1), Confidence::Exact);
    for space in &mut atlas.spaces {
        space.title = format!("{} \x1b[2J", space.id).replace(':', " ");
        if let Some(layer) = space.layers.first_mut() {
            layer.title = "\x1b[2J".to_owned();
            layer.effects.push(odd.clone());
        }
    }
    let name = odd.name;
    let (all, look, o) = (Chosen { rows: Rows::All, raw: false }, Look::nowhere(), options(Some(100)));
    let (a, b) = (id("zsh:prompt"), id("pid:4711"));
    for text in [
        map_text(&atlas, &all, &o),
        map_mermaid(&atlas, &all),
        map_dot(&atlas, &all),
        crate::why_text(&atlas, &name, &look, &o),
        crate::why_in_text(&atlas, &name, &a, &look, &o),
        crate::diff_text(&atlas, &a, &b, &o),
        crate::go_text(&atlas, &b, &o),
    ] {
        assert!(!text.contains('\x1b'), "{text:?}");
    }
}

#[test]
fn what_go_reads_from_its_env_file_is_not_one_shells_own() {
    let file = Origin::line("/home/ann/.config/go/env", 2);
    let mut atlas = shop();
    for space in &mut atlas.spaces {
        space.problems.clear();
        space.go = None;
        space.layers.iter_mut().for_each(|layer| layer.effects.retain(|e| e.name.is("PATH")));
    }
    // What a child of go has in its environment.
    let child = atlas.spaces.iter_mut().rfind(|space| !space.layers.is_empty()).expect("a space");
    let effect = Effect::set("GOTOOLCHAIN", "local", file.clone(), Confidence::Exact);
    child.layers.last_mut().expect("a layer").effects.push(effect);
    let note = |atlas: &model::Atlas| map(atlas).contains("GOTOOLCHAIN is set by ~/.config/go/env:2 alone");
    fn map(atlas: &model::Atlas) -> String {
        map_text(atlas, &Chosen::default(), &options(None))
    }
    assert!(note(&atlas), "{}", map(&atlas));
    let source = SettingSource::EnvFile;
    let setting = Setting { name: "GOTOOLCHAIN".into(), value: "local".into(), source, origin: file };
    let go = shop().spaces.into_iter().find_map(|space| space.go).expect("a go");
    atlas.spaces[0].go = Some(model::GoView { settings: vec![setting], ..go });
    assert!(!note(&atlas), "{}", map(&atlas));
}
