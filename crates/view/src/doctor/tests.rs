//! How findings look to a reader and to a program.

use super::{doctor_json, doctor_text};
use crate::{Look, Options};
use model::{Applicability, FileEdit, Finding, Fix, Origin, Place, Reach, Related, Severity, SpaceId};

fn finding() -> Finding {
    let home = "/home/ann";
    Finding {
        code: "GOW010".to_owned(),
        name: "goroot-wrong".to_owned(),
        severity: Severity::Error,
        message: "GOROOT is `/usr/local/go-1.22` of go1.22.1, but the go that runs is go1.26.3".to_owned(),
        origin: Some(Origin::line(format!("{home}/.profile"), 7)),
        label: "go takes this for its own tree".to_owned(),
        related: vec![Related {
            origin: Origin::line(format!("{home}/.zshrc"), 41),
            label: "puts go 1.26.3 on PATH".to_owned(),
        }],
        spaces: ["bash:login", "zsh:login", "agent"].map(SpaceId::of).to_vec(),
        variable: Some("GOROOT".into()),
        consequence: "builds stop".to_owned(),
        help: "remove the assignment; go finds its own GOROOT".to_owned(),
        fixes: vec![Fix {
            title: "remove the assignment of GOROOT".to_owned(),
            applicability: Applicability::Safe,
            reason: None,
            reach: Reach::User,
            edits: vec![FileEdit { path: format!("{home}/.profile"), range: 100..140, new: Vec::new() }],
            restart: Vec::new(),
        }],
    }
}

fn line(place: &Place) -> Option<String> {
    Some(match place.line {
        7 => "export GOROOT=/usr/local/go-1.22".to_owned(),
        _ => "export PATH=/usr/local/go/bin:$PATH".to_owned(),
    })
}

#[test]
fn a_finding_reads_as_a_compilers_message() {
    let options = Options { home: Some("/home/ann".to_owned()), ..Options::default() };
    let look = Look { exists: &|_| None, line: &line };
    let text =
        doctor_text(&[finding()], &[("pid:7".to_owned(), "another user's".to_owned())], &look, &options);
    assert_eq!(
        text,
        "\
error[GOW010]: GOROOT is `/usr/local/go-1.22` of go1.22.1, but the go that runs is go1.26.3
  --> ~/.profile:7:1
   |
 7 | export GOROOT=/usr/local/go-1.22
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ go takes this for its own tree
   |
  ::: ~/.zshrc:41:1
   |
41 | export PATH=/usr/local/go/bin:$PATH
   | ----------------------------------- puts go 1.26.3 on PATH
   |
   = seen in: bash:login, zsh:login, agent
   = what happens: builds stop
   = help: remove the assignment; go finds its own GOROOT
   = fix: remove the assignment of GOROOT (safe; reaches: user)

1 error
could not check: pid:7 (another user's)
1 finding can be made right safely: gowhence doctor --fix
"
    );
}

#[test]
fn json_has_every_part() {
    let json = serde_json::to_value(doctor_json(&[finding()], &[], &Options::default())).expect("written");
    let first = &json["findings"][0];
    assert_eq!(first["code"], "GOW010");
    assert_eq!(first["origin"]["line"], 7);
    assert_eq!(first["fixes"][0]["edits"][0]["new"], "");
    assert_eq!(first["fixes"][0]["applicability"], "safe");
}
