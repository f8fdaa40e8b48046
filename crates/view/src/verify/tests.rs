//! Whole outputs of verify.

use super::*;
use crate::Options;
use crate::example::{assert_golden, id, shop};

#[test]
fn what_is_not_as_predicted() {
    let atlas = shop();
    let against = |a: &str, b: &str| {
        let (predicted, observed) = (atlas.fold(&id(a)), atlas.fold(&id(b)));
        let from = ("the probe of zsh:prompt".to_owned(), &predicted);
        Verified::new(id(b), from, ("what pid 4711 was given".to_owned(), &observed), &["_", "SHLVL"])
    };
    let options = Options { width: Some(80), home: Some("/home/ann".to_owned()), ..Options::default() };
    let all = [
        against("zsh:prompt", "bash:interactive"),
        against("zsh:prompt", "pid:4711"),
        against("zsh:prompt", "zsh:interactive"),
    ];
    assert_golden("verify.txt", &verify_text(&atlas, &all, &options));
    assert_golden("verify-same.txt", &verify_text(&atlas, &[against("cron", "cron")], &options));
    let json = serde_json::to_value(verify_json(&all, &options)).expect("json");
    assert_eq!(json["spaces"][1]["differences"][0]["name"], "GOROOT");
    assert_eq!(json["spaces"][1]["differences"][0]["predicted"], serde_json::Value::Null);
}
