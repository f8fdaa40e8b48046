//! What the real fish does, and where its files say so.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "temporary homes are laid and looked at directly")]

use model::{Confidence, Effect, Name, Origin, Value};
use shells::{Capture, Mode, Request, Shell, ShellKind, capture, dialect};
use std::path::PathBuf;
use system::os::Real;
use system::{Limits, RunEnd, System};

/// A home with a fish in it; removed at the end.
struct Home {
    path: PathBuf,
    base: Vec<(Name, Value)>,
    limits: Limits,
}

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("gowhence-fish-{}-{number}", std::process::id()));
        let home = path.to_string_lossy().into_owned();
        std::fs::create_dir_all(&path).expect("a temporary home");
        let base = [
            ("HOME", home.as_str()),
            ("USER", "ann"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
        ];
        let base = base.iter().map(|&(n, v)| (Name::from(n), Value::from(v))).collect();
        let limits = Limits { idle_ms: 1500, ..Limits::default() };
        let made = Self { path, base, limits };
        for (name, text) in files {
            made.write(name, text.as_bytes());
        }
        made
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    fn file(&self, name: &str) -> String {
        self.path.join(name).to_string_lossy().into_owned()
    }

    fn with(mut self, name: &str, value: &[u8]) -> Self {
        self.base.push((Name::from(name), Value::from(value)));
        self
    }

    fn request(&self, mode: Mode) -> Request {
        Request {
            shell: Shell {
                kind: ShellKind::Fish,
                family: "fish".to_owned(),
                path: "/usr/bin/fish".to_owned(),
            },
            mode,
            base: self.base.clone(),
            cwd: self.path.to_string_lossy().into_owned(),
            arg0: None,
            terminal: None,
            detached: false,
            options: Vec::new(),
            uid: 0,
            limits: self.limits,
        }
    }

    /// The capture, proven: its layers give what another plain run gives.
    fn capture(&self, mode: Mode) -> Capture {
        let request = self.request(mode);
        let system = Real::for_tests();
        let found = capture(&system, &request);
        let again = system.run(&dialect(ShellKind::Fish).plain(&request));
        assert_eq!(
            again.end,
            RunEnd::HandedOver,
            "{mode:?} {:?}",
            std::fs::read(self.path.join(CONFIG)).map(|b| String::from_utf8_lossy(&b).into_owned())
        );
        let mut expected = again.environment.expect("a plain run hands over");
        expected.sort();
        assert_eq!(folded(&found), expected, "values are those of a plain run");
        found
    }

    fn failed(&self, mode: Mode) -> (String, Option<(String, u32)>) {
        let found = capture(&Real::for_tests(), &self.request(mode));
        assert!(found.environment.is_none());
        let problem = found.problems.first().expect("a problem");
        let place = problem.origin.as_ref().and_then(Origin::place).map(|p| (p.path.clone(), p.line));
        (problem.code.clone(), place)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn folded(capture: &Capture) -> Vec<(Name, Value)> {
    let mut values: std::collections::BTreeMap<Name, Value> = capture.base.iter().cloned().collect();
    for effect in capture.layers.iter().flat_map(|l| &l.effects) {
        match &effect.after {
            model::After::Set(value) => drop(values.insert(effect.name.clone(), value.clone())),
            _ => drop(values.remove(&effect.name)),
        }
    }
    values.into_iter().collect()
}

fn effects<'c>(capture: &'c Capture, name: &str) -> Vec<&'c Effect> {
    capture.layers.iter().flat_map(|l| &l.effects).filter(|e| e.name.is(name)).collect()
}

fn last<'c>(capture: &'c Capture, name: &str) -> &'c Effect {
    effects(capture, name).pop().unwrap_or_else(|| panic!("{name} has no effect"))
}

fn place(effect: &Effect) -> (&str, u32) {
    let place = effect.origin.place().unwrap_or_else(|| panic!("{effect:?} has no place"));
    (place.path.as_str(), place.line)
}

fn value(capture: &Capture, name: &str) -> Option<String> {
    let environment = capture.environment.as_ref()?;
    environment.iter().find(|(n, _)| n.is(name)).map(|(_, v)| v.to_text().into_owned())
}

const CONFIG: &str = ".config/fish/config.fish";

const EVERY: [Mode; 5] = [
    Mode::COMMAND,
    Mode::LOGIN,
    Mode::INTERACTIVE,
    Mode::LOGIN_INTERACTIVE,
    Mode { login: false, interactive: true, prompt: true },
];

#[test]
fn the_same_files_are_read_in_every_mode() {
    for mode in EVERY {
        let home = Home::new(&[
            (
                CONFIG,
                "set -gx GOFLAGS -mod=mod\nif status is-login\n    set -gx GOPROXY login\nend\nif status is-interactive\n    set -gx GOBIN inter\nend\n",
            ),
            (".config/fish/conf.d/20-go.fish", "\nset -gx GOPATH $HOME/go\n"),
        ]);
        let found = home.capture(mode);
        assert_eq!(place(last(&found, "GOFLAGS")), (home.file(CONFIG).as_str(), 1));
        assert_eq!(last(&found, "GOFLAGS").confidence, Confidence::Exact);
        assert_eq!(place(last(&found, "GOPATH")), (home.file(".config/fish/conf.d/20-go.fish").as_str(), 2));
        assert_eq!(value(&found, "GOPROXY").is_some(), mode.login, "{mode:?}");
        assert_eq!(value(&found, "GOBIN").is_some(), mode.interactive, "{mode:?}");
        if mode.login {
            assert_eq!(place(last(&found, "GOPROXY")), (home.file(CONFIG).as_str(), 3));
        }
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }
}

#[test]
fn functions_eval_and_generated_text_have_their_call_sites() {
    let home = Home::new(&[
        (
            CONFIG,
            "function pp --argument d\n    set -gx PATH $d $PATH\nend\npp /one\neval 'set -gx GOFLAGS -v\nset -gx GOBIN /x'\necho 'set -gx GOPROXY off\n\nset -gx GOSUMDB off' | source\nfor x in a b\n    set -gx CC $x\nend\necho hello | read -gx GOTOOLCHAIN\nset -gx GOENV (begin; set -gx INSIDE 3; echo 4; end)\nset -e GOBIN\nsource $HOME/more.fish\npp /two\n",
        ),
        ("more.fish", "# more\nset -gx GOWORK off; set -gx GOOS plan9\n"),
    ]);
    let config = home.file(CONFIG);
    let found = home.capture(Mode::COMMAND);
    let path = effects(&found, "PATH");
    let sites: Vec<u32> = path.iter().filter_map(|e| e.via.as_ref()).map(|v| v.place.line).collect();
    assert_eq!(sites, [4, 17], "the calls of pp");
    assert!(path.iter().filter(|e| e.via.is_some()).all(|e| place(e) == (config.as_str(), 2)));

    let flags = last(&found, "GOFLAGS");
    assert_eq!(place(flags), (config.as_str(), 5));
    assert_eq!(flags.via.as_ref().and_then(|v| v.generated_line), Some(1));
    assert_eq!(effects(&found, "GOBIN")[0].via.as_ref().and_then(|v| v.generated_line), Some(2));
    assert_eq!(place(last(&found, "GOBIN")), (config.as_str(), 15));
    let sumdb = last(&found, "GOSUMDB");
    assert_eq!(place(sumdb), (config.as_str(), 9));
    assert_eq!(sumdb.via.as_ref().and_then(|v| v.generated_line), Some(3));
    assert_eq!(place(last(&found, "CC")), (config.as_str(), 11));
    assert_eq!(effects(&found, "CC").len(), 2);
    assert_eq!(place(last(&found, "GOTOOLCHAIN")), (config.as_str(), 13));
    assert_eq!(place(last(&found, "INSIDE")), (config.as_str(), 14));
    assert_eq!(place(last(&found, "GOOS")), (home.file("more.fish").as_str(), 2));
    let origin = last(&found, "GOOS").origin.place().expect("a place");
    assert_eq!(origin.column, 29);
}

#[test]
fn fish_add_path_is_its_callers_doing() {
    let home = Home::new(&[
        (
            CONFIG,
            "function add\n    fish_add_path -g $argv\nend\nfish_add_path $HOME/a\nadd $HOME/b\nfish_add_path -gP $HOME/c\n",
        ),
        ("a/x", ""),
        ("b/x", ""),
        ("c/x", ""),
    ]);
    let config = home.file(CONFIG);
    // The first start makes a universal variable of it, which the later ones begin with.
    let _ = Real::for_tests().run(&dialect(ShellKind::Fish).plain(&home.request(Mode::COMMAND)));
    let found = home.capture(Mode::COMMAND);
    let path = effects(&found, "PATH");
    let places: Vec<(&str, u32)> = path.iter().map(|e| place(e)).collect();
    let variables = home.file(".config/fish/fish_variables");
    assert!(places[0].0 == variables && places[0].1 > 2, "{places:?}");
    assert!(places.ends_with(&[(config.as_str(), 2), (config.as_str(), 6)]), "{places:?}");
}

#[test]
fn universal_variables_stand_in_their_file() {
    let home = Home::new(&[(CONFIG, "set -gx GOFLAGS $GOFLAGS:-v\n")]);
    home.write(
        ".config/fish/fish_variables",
        b"# This file contains fish universal variable definitions.\n# VERSION: 3.0\nSETUVAR --export GOFLAGS:\\x2dmod\\x3dmod\nSETUVAR --export --path GOPATH:/a\\x1e/b\nSETUVAR --export HOME:/elsewhere\nSETUVAR GOBIN:/not/exported\n",
    );
    let found = home.capture(Mode::COMMAND);
    let variables = home.file(".config/fish/fish_variables");
    assert_eq!(place(effects(&found, "GOFLAGS")[0]), (variables.as_str(), 3));
    assert_eq!(place(last(&found, "GOPATH")), (variables.as_str(), 4));
    assert_eq!(value(&found, "GOPATH").as_deref(), Some("/a:/b"));
    assert!(effects(&found, "HOME").is_empty(), "an inherited variable goes before a universal one");
    assert_eq!(value(&found, "GOBIN"), None);
}

#[test]
fn snippets_mask_one_another_by_name() {
    let home = Home::new(&[
        (".config/fish/conf.d/a.fish", "set -gx A user\n"),
        (".local/share/fish/vendor_conf.d/a.fish", "set -gx A vendor\n"),
        (".local/share/fish/vendor_conf.d/b.fish", "set -gx B vendor\n"),
    ]);
    let found = home.capture(Mode::COMMAND);
    assert_eq!(value(&found, "A").as_deref(), Some("user"));
    assert_eq!(place(last(&found, "B")), (home.file(".local/share/fish/vendor_conf.d/b.fish").as_str(), 1));
    let masked = home.file(".local/share/fish/vendor_conf.d/a.fish");
    let layer = found.layers.iter().find(|l| l.title == masked).expect("the masked file is a layer");
    assert!(matches!(&layer.status, model::LayerStatus::Skipped { reason } if reason.contains("masked by")));
}

#[test]
fn exit_ends_only_its_own_file() {
    let home = Home::new(&[
        (".config/fish/conf.d/a.fish", "set -gx A 1\nexit 3\nset -gx A 2\n"),
        (CONFIG, "set -gx B 1\nexit\nset -gx B 2\n"),
    ]);
    let found = home.capture(Mode::COMMAND);
    assert_eq!(value(&found, "A").as_deref(), Some("1"));
    assert_eq!(value(&found, "B").as_deref(), Some("1"));
    assert!(found.problems.is_empty());
}

#[test]
fn hooks_of_the_first_prompt_are_a_phase() {
    let prompt = Mode::prompt(false);
    let home = Home::new(&[(
        CONFIG,
        "function hook --on-event fish_prompt\n    set -gx GOFLAGS hooked\nend\nset -gx GOFLAGS early\nfunction fish_prompt; set -gx FROM_PROMPT yes; echo '> '; end\n",
    )]);
    let found = home.capture(prompt);
    assert_eq!(value(&found, "GOFLAGS").as_deref(), Some("hooked"));
    let effect = last(&found, "GOFLAGS");
    assert_eq!(place(effect), (home.file(CONFIG).as_str(), 2));
    let layer = found.layers.iter().find(|l| l.effects.contains(effect)).expect("its layer");
    assert_eq!(layer.id, "prompt");
    assert_eq!(place(last(&found, "FROM_PROMPT")), (home.file(CONFIG).as_str(), 5));
    let history = std::fs::read_to_string(home.file(".local/share/fish/fish_history")).unwrap_or_default();
    assert!(!history.contains("gowhence"), "nothing of ours is kept in the history");
}

#[test]
fn a_language_with_translated_stacks_changes_nothing() {
    let home = Home::new(&[(
        CONFIG,
        "set -gx LC_ALL C\nset -gx LANG de_DE.UTF-8\nset -gx LC_MESSAGES fr_FR.UTF-8\nset -gx GOFLAGS x\n",
    )])
    .with("LANGUAGE", b"de:fr");
    let found = home.capture(Mode::COMMAND);
    assert_eq!(place(last(&found, "GOFLAGS")), (home.file(CONFIG).as_str(), 4));
}

#[test]
fn bytes_that_are_no_text_survive() {
    let home = Home::new(&[]).with("GOFLAGS", b"\xff\x1f\x1d\n\x1e=");
    home.write(CONFIG, b"set -gx GOBIN a\\x1fb\\n\\xff\nset -gx GOPATH $GOFLAGS\n");
    let found = home.capture(Mode::COMMAND);
    assert_eq!(place(last(&found, "GOBIN")), (home.file(CONFIG).as_str(), 1));
    assert_eq!(last(&found, "GOBIN").after, model::After::Set(Value::from(&b"a\x1fb\n\xff"[..])));
    assert_eq!(last(&found, "GOPATH").after, model::After::Set(Value::from(&b"\xff\x1f\x1d\n\x1e="[..])));
    assert_eq!(place(last(&found, "GOPATH")), (home.file(CONFIG).as_str(), 2));
}

#[test]
fn an_alias_or_function_named_go_is_told_in_interactive_shells() {
    let home = Home::new(&[(CONFIG, "# x\nalias go 'go1.21'\n")]);
    let shadow = home.capture(Mode::INTERACTIVE).shadow.expect("a shadow");
    assert_eq!((shadow.kind.as_str(), shadow.text.as_str()), ("alias", "alias go go1.21"));
    assert_eq!(shadow.origin.and_then(|o| o.place().map(|p| p.line)), Some(2));
    let home = Home::new(&[(CONFIG, "\n\nfunction go\n    command go $argv\nend\n")]);
    let shadow = home.capture(Mode::INTERACTIVE).shadow.expect("a shadow");
    assert_eq!((shadow.kind.as_str(), shadow.text.as_str()), ("function", "function go"));
    assert_eq!(shadow.origin.and_then(|o| o.place().map(|p| p.line)), Some(3));
    assert!(home.capture(Mode::COMMAND).shadow.is_some(), "fish uses functions in every mode");
}

#[test]
fn what_ends_or_holds_the_start_is_told_with_its_line() {
    let cases: &[(&str, &str, u32)] = &[
        ("set -gx A 1\n\nexec sleep 0.1\n", "start-up-exits", 3),
        ("set -gx A 1\nif true\n    exec true\nend\n", "start-up-exits", 3),
        ("set -gx A 1\nsleep 1000\n", "start-up-hangs", 2),
        (
            "function wait_for\n    while true\n        sleep 0.5\n        sleep 1000\n    end\nend\nwait_for\n",
            "start-up-hangs",
            4,
        ),
        ("kill -9 $fish_pid\n", "start-up-exits", 1),
        ("kill -9 %self\n", "", 0),
    ];
    for &(text, code, line) in cases.iter().filter(|c| !c.1.is_empty()) {
        let home = Home::new(&[(CONFIG, text)]);
        let (found, place) = home.failed(Mode::COMMAND);
        assert_eq!(found, code, "{text}");
        assert_eq!(place, Some((home.file(CONFIG), line)), "{text}");
    }
}

#[test]
fn who_reads_the_terminal_is_told_with_the_line() {
    for (text, line) in [("set -gx A 1\n\nread -l answer\n", 3), ("function ask\n    cat\nend\nask\n", 2)] {
        let home = Home::new(&[(CONFIG, text)]);
        let found = home.capture(Mode::LOGIN_INTERACTIVE);
        let problem = found.problems.iter().find(|p| p.code == "start-up-reads-terminal").expect("a problem");
        let place = problem.origin.as_ref().and_then(Origin::place).expect("a place");
        assert_eq!((place.path.as_str(), place.line), (home.file(CONFIG).as_str(), line), "{text}");
    }
}

#[test]
fn who_writes_the_same_value_again_decides() {
    let home = Home::new(&[(
        CONFIG,
        "set -gx GOFLAGS x\nset -gx GOFLAGS x\nset -gx GOFLAGS $GOFLAGS\nset -l GOFLAGS x\n",
    )]);
    let found = home.capture(Mode::COMMAND);
    assert_eq!(place(last(&found, "GOFLAGS")), (home.file(CONFIG).as_str(), 2));
    assert!(effects(&found, "PATH").is_empty(), "what fish writes back decides nothing");
}

#[test]
fn hostile_starts_come_to_their_end() {
    let cases: &[&str] = &[
        "read -l answer\nset -gx GOFLAGS x\n",
        "cat\nset -gx GOFLAGS x\n",
        "cat /dev/tty\nset -gx GOFLAGS x\n",
        "sleep 30 &\ndisown\nset -gx GOFLAGS x\n",
        "head -c 50000000 /dev/zero\nset -gx GOFLAGS x\n",
        "function printf; echo no; end\nfunction env; echo no; end\nfunction cat; echo no; end\nset -gx GOFLAGS x\n",
        "function status; end\nalias command echo\nalias trap echo\nset -gx GOFLAGS x\n",
        "functions -e __gowhence_prompt\nset -g fish_trace\nset -gx GOFLAGS x\n",
        "type -q tmux; and test -z \"$TMUX\"; and tmux -L gowhence-none attach\nset -gx GOFLAGS x\n",
        "if not set -q INNER\n    INNER=1 fish -c 'set -gx GOFLAGS inner; exit 3'\nend\nset -gx GOFLAGS x\n",
        "ulimit -f 0\nset -gx GOFLAGS x\n",
    ];
    for text in cases {
        for mode in [Mode::COMMAND, Mode::LOGIN_INTERACTIVE] {
            let home = Home::new(&[(CONFIG, text)]);
            let found = home.capture(mode);
            let lines = u32::try_from(text.lines().count()).expect("few lines");
            assert_eq!(
                place(last(&found, "GOFLAGS")),
                (home.file(CONFIG).as_str(), lines),
                "{mode:?} {text}"
            );
        }
    }
}

#[test]
fn without_the_function_a_shadow_folder_tells_the_same() {
    // An inherited `fish_function_path` must reach the start as it is.
    let home = Home::new(&[
        (CONFIG, "set -gx GOFLAGS (basename (status dirname))\nset -U GOUNI 1\nfunction pp\n    set -gx PATH $argv $PATH\nend\npp /one\nsource (status dirname)/more.fish\nset -gx CONF $__fish_config_dir\n"),
        (".config/fish/more.fish", "set -gx GOBIN /x\n"),
        (".config/fish/conf.d/a.fish", "set -gx GOPATH /go\n"),
        (".config/fish/functions/tool.fish", "function tool; end\n"),
    ])
    .with("fish_function_path", b"/usr/share/fish/functions");
    home.write(".config/fish/fish_variables", b"# VERSION: 3.0\nSETUVAR --export GOPROXY:off\n");
    let found = home.capture(Mode::COMMAND);
    let config = home.file(CONFIG);
    assert_eq!(value(&found, "GOFLAGS").as_deref(), Some("fish"));
    assert_eq!(place(last(&found, "GOFLAGS")), (config.as_str(), 1));
    assert_eq!(place(last(&found, "GOBIN")), (home.file(".config/fish/more.fish").as_str(), 1));
    assert_eq!(place(last(&found, "GOPATH")), (home.file(".config/fish/conf.d/a.fish").as_str(), 1));
    assert_eq!(
        place(last(&found, "GOPROXY")),
        (home.file(".config/fish/fish_variables").as_str(), 3),
        "fish writes it anew"
    );
    let path = last(&found, "PATH");
    assert_eq!(place(path), (config.as_str(), 4));
    assert_eq!(path.via.as_ref().map(|via| via.place.line), Some(6));
    // Here the folder itself is the value: the plain run's goes before, and the place is kept.
    assert_eq!(value(&found, "CONF").as_deref(), Some(home.file(".config/fish").as_str()));
    assert_eq!(place(last(&found, "CONF")), (config.as_str(), 8));
    assert!(last(&found, "CONF").reason.is_some());
}

#[test]
fn a_capture_writes_no_more_than_an_ordinary_start() {
    fn below(folder: &std::path::Path, into: &mut Vec<PathBuf>, root: &std::path::Path) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            into.push(entry.path().strip_prefix(root).expect("below").to_owned());
            if entry.path().is_dir() {
                below(&entry.path(), into, root);
            }
        }
    }
    for mode in [Mode::COMMAND, Mode::LOGIN_INTERACTIVE] {
        let files = [(CONFIG, "set -U GOUNI 1\nset -gx GOFLAGS x\n")];
        let (ordinary, captured) = (Home::new(&files), Home::new(&files));
        let _ = Real::for_tests().run(&dialect(ShellKind::Fish).plain(&ordinary.request(mode)));
        let _ = capture(&Real::for_tests(), &captured.request(mode));
        let list = |home: &Home| {
            let mut all = Vec::new();
            below(&home.path, &mut all, &home.path);
            all.sort();
            all
        };
        assert_eq!(list(&ordinary), list(&captured));
        let variables =
            |home: &Home| std::fs::read(home.path.join(".config/fish/fish_variables")).expect("a file");
        assert_eq!(variables(&ordinary), variables(&captured));
    }
}

#[test]
fn twenty_thousand_commands_take_no_more_than_fifteen_plain_starts() {
    let mut text = String::new();
    for i in 0..20_000 {
        text.push_str(if i % 100 == 0 { "set -gx GOFLAGS \"$GOFLAGS\"x\n" } else { "set -l x abc\n" });
    }
    let home = Home::new(&[(CONFIG, &text)]);
    let (system, rules, request) = (Real::for_tests(), dialect(ShellKind::Fish), home.request(Mode::COMMAND));
    let plain = system.run(&rules.plain(&request));
    let begun = std::time::Instant::now();
    let trace = rules.trace(&system, &request, &plain);
    assert_eq!(trace.end, shells::TraceEnd::Complete);
    assert_eq!(trace.changes.iter().filter(|c| c.effect.name.is("GOFLAGS")).count(), 200);
    let allowed = u128::from(plain.wall_ms.max(20)) * 15;
    assert!(begun.elapsed().as_millis() <= allowed, "{:?} for {} ms", begun.elapsed(), plain.wall_ms);
}
