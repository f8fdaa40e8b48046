//! Properties of the fold: it is total and deterministic, and the history explains the value.

use model::{
    After, Atlas, Baseline, CaseRule, Confidence, Effect, Evidence, Layer, Name, Origin, Space, SpaceId,
    State, StepOp, Value, diff, list_separator, split_list,
};
use proptest::prelude::*;

const NAMES: &[&str] = &["PATH", "GOPATH", "GOFLAGS", "X", "path"];

fn after() -> impl Strategy<Value = After> {
    prop_oneof![
        6 => prop::collection::vec(prop::sample::select(b"a:b/;\xff\n".to_vec()), 0..8)
            .prop_map(|bytes| After::Set(Value::new(bytes))),
        2 => Just(After::Unset),
        1 => Just(After::Unreadable { reason: "denied".to_owned() }),
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    (prop::sample::select(NAMES), after(), 1u32..50)
        .prop_map(|(name, after, line)| Effect::new(name, after, Origin::line("/f", line), Confidence::Exact))
}

fn layer() -> impl Strategy<Value = Layer> {
    (prop::collection::vec(effect(), 0..5), 0..3).prop_map(|(effects, status)| {
        let mut layer = Layer::applied("l", "l", effects);
        match status {
            1 => layer.status = model::LayerStatus::Skipped { reason: "absent".to_owned() },
            2 => layer.status = model::LayerStatus::Unreadable { reason: "denied".to_owned() },
            _ => {}
        }
        layer
    })
}

/// Up to four spaces; each hangs under an earlier one, none, itself or one that is not there.
fn atlas() -> impl Strategy<Value = Atlas> {
    let space = (prop::collection::vec(layer(), 0..4), prop::option::of(0usize..6), any::<bool>());
    prop::collection::vec(space, 1..5).prop_map(|spaces| Atlas {
        machine: "linux/amd64".to_owned(),
        project: None,
        project_asks: None,
        wishes: Vec::new(),
        baseline: Baseline { space: SpaceId::of("s0"), evidence: Evidence::Derived, reason: String::new() },
        spaces: spaces
            .into_iter()
            .enumerate()
            .map(|(n, (layers, parent, insensitive))| {
                let parent = parent.map(|p| SpaceId::of(&format!("s{p}")));
                let mut space = Space::new(SpaceId::of(&format!("s{n}")), "", parent, Evidence::Derived);
                space.layers = layers;
                space.case = if insensitive { CaseRule::Insensitive } else { CaseRule::Sensitive };
                space
            })
            .collect(),
    })
}

proptest! {
    #[test]
    fn the_fold_is_total_and_deterministic(atlas in atlas()) {
        for space in &atlas.spaces {
            prop_assert_eq!(atlas.fold(&space.id), atlas.clone().fold(&space.id));
        }
        atlas.fold(&SpaceId::of("nowhere"));
    }

    #[test]
    fn the_history_explains_the_value(atlas in atlas()) {
        for space in &atlas.spaces {
            for history in atlas.fold(&space.id).histories() {
                let mut state = State::Unset;
                for step in &history.steps {
                    prop_assert_eq!(&step.before, &state);
                    prop_assert_eq!(step.op == StepOp::Same, step.before == step.after && !matches!(step.after, State::Unreadable { .. }));
                    state = step.after.clone();
                }
                prop_assert_eq!(&state, &history.state);
                if let Some(winner) = history.winner() {
                    prop_assert_eq!(&winner.after, &history.state);
                }
            }
        }
    }

    #[test]
    fn the_entries_of_a_list_are_its_value(atlas in atlas()) {
        for space in &atlas.spaces {
            for history in atlas.fold(&space.id).histories() {
                let Some(separator) = list_separator(&history.name, space.path_separator) else {
                    prop_assert!(history.entries.is_empty());
                    continue;
                };
                let value = history.state.value().cloned().unwrap_or_default();
                let entries: Vec<&[u8]> = history.entries.iter().map(|e| e.bytes.as_slice()).collect();
                prop_assert_eq!(entries, split_list(value.as_bytes(), separator));
            }
        }
    }

    #[test]
    fn a_difference_is_of_values_and_has_a_place(atlas in atlas()) {
        for a in &atlas.spaces {
            for b in atlas.spaces.iter().filter(|b| b.case == a.case) {
                let differences = diff(&atlas, &a.id, &b.id);
                prop_assert_eq!(differences.is_empty(), diff(&atlas, &b.id, &a.id).is_empty());
                for d in differences {
                    prop_assert_ne!(&d.a, &d.b);
                    prop_assert!(d.parted_at.is_some());
                }
                prop_assert!(diff(&atlas, &a.id, &a.id).is_empty());
            }
        }
    }
}

fn two_spaces() -> Atlas {
    let set = |name: &str, value: &str, line| {
        Effect::set(name, value, Origin::line("/home/ann/.profile", line), Confidence::Exact)
    };
    let mut login = Space::new(SpaceId::of("login"), "login", None, Evidence::Derived);
    login.layers.push(Layer::applied("env", "/etc/environment", vec![set("PATH", "/usr/bin:/bin", 1)]));
    let mut bash = Space::new(SpaceId::new("bash", "login"), "", Some(login.id.clone()), Evidence::Observed);
    bash.layers.push(Layer::applied(
        "profile",
        ".profile",
        vec![
            set("PATH", "/home/ann/go/bin:/usr/bin:/bin", 7),
            set("PATH", "/home/ann/go/bin:/usr/bin:/bin:/opt/x", 9),
        ],
    ));
    Atlas {
        machine: "linux/amd64".to_owned(),
        project: None,
        project_asks: None,
        wishes: Vec::new(),
        baseline: Baseline { space: login.id.clone(), evidence: Evidence::Derived, reason: String::new() },
        spaces: vec![login, bash],
    }
}

#[test]
fn each_entry_of_path_knows_who_added_it() {
    let folded = two_spaces().fold(&SpaceId::new("bash", "login"));
    let history = folded.get(&Name::from("PATH")).expect("set");
    let ops: Vec<StepOp> = history.steps.iter().map(|s| s.op).collect();
    assert_eq!(ops, [StepOp::Set, StepOp::Prepend, StepOp::Append]);
    let lines: Vec<u32> = history.entries.iter().filter_map(|e| e.origin.place()).map(|p| p.line).collect();
    assert_eq!(lines, [7, 1, 1, 9]);
}

#[test]
fn spaces_part_where_the_first_of_them_goes_its_own_way() {
    let atlas = two_spaces();
    let differences = diff(&atlas, &SpaceId::of("login"), &SpaceId::new("bash", "login"));
    let parting = differences[0].parted_at.clone().expect("a place");
    assert_eq!((parting.layer.as_str(), parting.origin.place().map(|p| p.line)), ("profile", Some(7)));
}
