//! The Go extension on fake machines: what its host, gopls, tests and debug sessions have.

use super::*;
use crate::Context;
use crate::vscode::{Editor, Flavour, Json, Kind, Launch, Setting, Settings, Trust, Window, Workspace};
use model::{
    Atlas, Baseline, CaseRule, Confidence, Effect, Evidence, Folded, Layer, Origin, Place as At, Space,
    SpaceId,
};
use std::collections::BTreeMap;
use system::System;
use system::memory::MemorySystem;

/// Settings by key, as one file would have them.
pub(super) struct Given(BTreeMap<String, Setting>);

impl Settings for Given {
    fn get(&self, key: &str, _folder: Option<&str>) -> Option<Setting> {
        self.0.get(key).cloned()
    }
}

fn setting(key: &str, value: &serde_json::Value) -> Setting {
    let origin = Origin::Setting { place: At::line("/s", 1), pointer: format!("/{key}") };
    let value = match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(on) => Json::Bool(*on),
        serde_json::Value::Number(number) => Json::Number(number.to_string()),
        serde_json::Value::String(text) => Json::Text(text.clone()),
        serde_json::Value::Array(items) => Json::List(items.iter().map(|i| setting(key, i)).collect()),
        serde_json::Value::Object(map) => {
            let one = |(k, v): (&String, &serde_json::Value)| (k.clone(), setting(&format!("{key}/{k}"), v));
            Json::Object(map.iter().map(one).collect())
        }
    };
    Setting { value, origin }
}

/// A Linux machine with SDKs, the extension, and a module.
pub(super) fn machine() -> MemorySystem {
    bare().file("/p/go.mod", "module shop\n\ngo 1.21\n")
}

fn bare() -> MemorySystem {
    let mut machine = MemorySystem::linux()
        .file("/home/ann/.vscode/extensions/golang.go-0.52.2/package.json", "{}")
        .executable("/home/ann/go/bin/gopls");
    for (root, version) in
        [("/opt/go1.24", "go1.24.5"), ("/opt/go1.20", "go1.20.14"), ("/opt/go1.27", "go1.27.1")]
    {
        machine = machine
            .file(&format!("{root}/VERSION"), version)
            .executable(&format!("{root}/bin/go"))
            .folder(&format!("{root}/pkg/tool/linux_amd64"));
        if version >= "go1.21" {
            machine = machine.file(
                &format!("{root}/go.env"),
                "GOPROXY=https://proxy.golang.org,direct\nGOTOOLCHAIN=auto\n",
            );
        }
    }
    machine
}

/// What a window with these settings comes to.
pub(super) struct Seen {
    pub(super) activation: Activation,
    spaces: BTreeMap<String, Space>,
    atlas: Atlas,
    pub(super) prefix: Option<String>,
}

impl Seen {
    pub(super) fn of(&self, space: &str, name: &str) -> Option<String> {
        let id: SpaceId = format!("vscode:{space}").parse().expect("well formed");
        assert!(self.atlas.space(&id).is_some(), "no {id} among {:?}", self.spaces.keys());
        self.atlas.fold(&id).value(name).map(|v| v.to_text().into_owned())
    }

    pub(super) fn codes(&self, space: &str) -> Vec<&str> {
        let id = format!("vscode:{space}");
        self.spaces[&id].problems.iter().map(|p| p.code.as_str()).collect()
    }

    fn host_codes(&self) -> Vec<&str> {
        self.activation.problems.iter().map(|p| p.code.as_str()).collect()
    }

    pub(super) fn space(&self, space: &str) -> &Space {
        &self.spaces[&format!("vscode:{space}")]
    }
}

/// Opens `/p` with what the extension host has before the extension starts.
pub(super) fn open(machine: &MemorySystem, host: &[(&str, &str)], settings: &serde_json::Value) -> Seen {
    open_with(machine, host, settings, Trust::Assumed)
}

fn open_with(
    machine: &MemorySystem,
    host: &[(&str, &str)],
    settings: &serde_json::Value,
    trust: Trust,
) -> Seen {
    let given = settings.as_object().expect("an object").iter().map(|(k, v)| (k.clone(), setting(k, v)));
    let settings = Given(given.collect());
    let id = SpaceId::new("vscode", "host");
    let mut space = Space::new(id.clone(), "host", None, Evidence::Derived);
    space.case = CaseRule::Sensitive;
    let mut all = vec![("HOME", "/home/ann"), ("PATH", "/opt/go1.24/bin:/usr/bin")];
    all.retain(|(name, _)| host.iter().all(|(other, _)| other != name));
    all.extend(host);
    let of = |(name, value): &(&str, &str)| {
        Effect::set(*name, *value, Origin::Process { pid: 7 }, Confidence::Baseline)
    };
    space.layers.push(Layer::applied("given", "given", all.iter().map(of).collect()));
    let before = Folded::over(None, &space);
    let user = machine.user();
    let caller = SpaceId::of("login");
    let empty = atlas(Vec::new());
    let context = Context {
        system: machine,
        user: &user,
        atlas: &empty,
        caller: &caller,
        caller_environment: &before,
        project: "/p",
        which: &[],
        wanted: None,
        all: false,
        base: &crate::Base::Login,
        open: &crate::vscode::Open::default(),
        editors: &std::cell::OnceCell::new(),
    };
    let editor = Editor {
        flavour: Flavour::Code,
        kind: Kind::Desktop,
        name: "VS Code",
        version: None,
        app_root: None,
        user_data: "/home/ann/.config/Code".to_owned(),
        extensions: vec!["/home/ann/.vscode/extensions".to_owned()],
        launch: Launch::Icon,
        which: None,
    };
    let workspace = Workspace::folder("/p", trust);
    let window = Window { context: &context, editor: &editor, workspace: &workspace, settings: &settings };
    let activation = activation(&window, &before);
    space.layers.extend(activation.layers.iter().cloned());
    let after = Folded::over(None, &space);
    let known = Known { id: &id, environment: &after };
    let id_of_terminal = SpaceId::new("vscode", "debug-terminal");
    let mut in_terminal = Space::new(id_of_terminal.clone(), "terminal", None, Evidence::Derived);
    let of_terminal = [("HOME", "/home/ann"), ("PATH", "/t/bin"), ("TERM_PROGRAM", "vscode")];
    in_terminal.layers.push(Layer::applied("given", "given", of_terminal.iter().map(of).collect()));
    let environment = Folded::over(None, &in_terminal);
    let terminal = Known { id: &id_of_terminal, environment: &environment };
    let derived = spaces(&window, known, Some(terminal), &activation);
    let mutator = terminal_prefix(&window, &activation);
    let prefix = mutator.map(|m| m.value.to_text().into_owned());
    let mut all = vec![space, in_terminal];
    all.extend(derived.into_iter().map(|d| d.space));
    let spaces = all.iter().map(|s| (s.id.to_string(), s.clone())).collect();
    Seen { activation, spaces, atlas: atlas(all), prefix }
}

fn atlas(spaces: Vec<Space>) -> Atlas {
    Atlas {
        machine: "linux/amd64".to_owned(),
        project: Some("/p".to_owned()),
        project_asks: None,
        wishes: Vec::new(),
        baseline: Baseline {
            space: SpaceId::of("login"),
            evidence: Evidence::Derived,
            reason: String::new(),
        },
        spaces,
    }
}

fn found(seen: &Seen) -> (Option<&str>, Option<find::Why>) {
    let found = seen.activation.found.as_ref().expect("looked");
    (found.path.as_deref(), found.why)
}

#[test]
fn a_go_on_path_leaves_path_alone() {
    let seen = open(&machine(), &[], &serde_json::json!({}));
    assert_eq!(found(&seen), (Some("/opt/go1.24/bin/go"), Some(find::Why::Path)));
    assert_eq!(seen.of("gopls", "PATH").as_deref(), Some("/opt/go1.24/bin:/usr/bin"));
    assert_eq!(seen.prefix, None);
    // What `go env` says is now real.
    assert_eq!(seen.of("gopls", "GOPROXY").as_deref(), Some("https://proxy.golang.org,direct"));
    assert_eq!(seen.of("gopls", "GOPATH").as_deref(), Some("/home/ann/go"));
    assert_eq!(seen.of("gopls", "GOMODCACHE").as_deref(), Some("/home/ann/go/pkg/mod"));
    assert_eq!(seen.of("gopls", "GOBIN"), None);
}

#[test]
fn gobin_is_never_empty_since_1_27() {
    let seen = open(&machine(), &[("PATH", "/opt/go1.27/bin")], &serde_json::json!({}));
    assert_eq!(seen.of("gopls", "GOBIN").as_deref(), Some("/home/ann/go/bin"));
}

#[test]
fn a_gopath_of_the_host_wins_over_tools_env_vars() {
    let tools = serde_json::json!({"go.toolsEnvVars": {"GOPATH": "/t"}});
    let seen = open(&machine(), &[("GOPATH", "/h/go")], &tools);
    assert_eq!(seen.of("gopls", "GOPATH").as_deref(), Some("/h/go"));
    assert_eq!(seen.of("test", "GOPATH").as_deref(), Some("/h/go"));
    assert_eq!(seen.codes("gopls"), ["vscode-tools-gopath", "vscode-gopls-not-found"]);
    let seen = open(&machine(), &[], &tools);
    assert_eq!(seen.of("gopls", "GOPATH").as_deref(), Some("/t"));
    assert_eq!(seen.of("host", "GOPATH").as_deref(), Some("/t"));
    let both = serde_json::json!({"go.toolsEnvVars": {"GOPATH": "/t"}, "go.gopath": "/s"});
    for host in [&[("GOPATH", "/h/go")][..], &[]] {
        let seen = open(&machine(), host, &both);
        assert_eq!(seen.of("gopls", "GOPATH").as_deref(), Some("/s"));
    }
}

#[test]
fn an_inferred_gopath_comes_before_all() {
    let machine = bare().folder("/p/src");
    let settings = serde_json::json!({"go.inferGopath": true, "go.gopath": "/s"});
    let seen = open(&machine, &[("GOPATH", "/h/go")], &settings);
    assert_eq!(seen.of("gopls", "GOPATH").as_deref(), Some("/p:/h/go"));
}

#[test]
fn go_in_gobin_is_taken_before_go_goroot() {
    let machine = machine().executable("/h/gobin/go");
    let settings = serde_json::json!({"go.goroot": "/opt/go1.20"});
    let seen = open(&machine, &[("GOBIN", "/h/gobin")], &settings);
    assert_eq!(found(&seen), (Some("/h/gobin/go"), Some(find::Why::Gobin)));
    assert!(seen.host_codes().contains(&"vscode-go-in-gobin"));
}

#[test]
fn an_alternate_that_is_not_there_is_passed_over_without_a_word() {
    let settings = serde_json::json!({"go.alternateTools": {"go": "/missing/go"}});
    let seen = open(&machine(), &[], &settings);
    assert_eq!(found(&seen), (Some("/opt/go1.24/bin/go"), Some(find::Why::Path)));
    assert_eq!(seen.host_codes(), ["vscode-alternate-tool-ignored"]);
    let start = seen.space("gopls").go_start.as_ref().expect("looked");
    let steps: Vec<&str> = start.search.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(
        steps,
        [
            "go.alternateTools.go: /missing/go does not exist, passed over without a word",
            "PATH, entry 1 of 2: /opt/go1.24/bin/go"
        ]
    );
}

#[test]
fn an_alternate_go_stands_before_path_unless_that_is_switched_off() {
    let alternate = serde_json::json!({"go": "/opt/go1.20/bin/go"});
    let seen = open(&machine(), &[], &serde_json::json!({"go.alternateTools": alternate}));
    assert_eq!(seen.of("gopls", "PATH").as_deref(), Some("/opt/go1.20/bin:/opt/go1.24/bin:/usr/bin"));
    assert_eq!(seen.prefix.as_deref(), Some("/opt/go1.20/bin:"));
    let off = serde_json::json!({"go.alternateTools": alternate, "go.terminal.activateEnvironment": false});
    let seen = open(&machine(), &[], &off);
    assert_eq!(seen.of("gopls", "PATH").as_deref(), Some("/opt/go1.24/bin:/usr/bin"));
    assert_eq!(seen.prefix, None);
    assert_eq!(seen.host_codes(), ["vscode-go-env-unknown", "vscode-go-path-off"]);
    let start = seen.space("test").go_start.as_ref().expect("looked");
    assert_eq!(start.path.as_deref(), Some("/opt/go1.20/bin/go"));
}

#[test]
fn a_relative_alternate_is_a_name_that_is_looked_for() {
    let machine = machine().executable("/usr/bin/go1.20");
    let settings = serde_json::json!({"go.alternateTools": {"go": "go1.20"}});
    let seen = open(&machine, &[], &settings);
    assert_eq!(found(&seen), (Some("/usr/bin/go1.20"), Some(find::Why::AlternateTool)));
}

#[test]
fn go_goroot_becomes_goroot_if_it_is_a_folder() {
    let seen = open(&machine(), &[], &serde_json::json!({"go.goroot": "/opt/go1.20"}));
    assert_eq!(seen.of("test", "GOROOT").as_deref(), Some("/opt/go1.20"));
    assert_eq!(found(&seen), (Some("/opt/go1.20/bin/go"), Some(find::Why::Goroot)));
    let seen = open(&machine(), &[], &serde_json::json!({"go.goroot": "/opt/go1.20/bin/go"}));
    assert_eq!(seen.of("test", "GOROOT"), None);
    assert_eq!(seen.host_codes(), ["vscode-go-goroot-ignored"]);
}

#[test]
fn no_go_no_extension() {
    let seen = open(&machine(), &[("PATH", "/usr/bin")], &serde_json::json!({}));
    assert_eq!(seen.host_codes(), ["vscode-go-not-found"]);
    assert!(!seen.space("gopls").evidence.has_values());
    let usual = machine().executable("/usr/local/go/bin/go").file("/usr/local/go/VERSION", "go1.24.5");
    let usual = usual.folder("/usr/local/go/pkg/tool/linux_amd64");
    let seen = open(&usual, &[("PATH", "/usr/bin")], &serde_json::json!({}));
    assert_eq!(found(&seen).1, Some(find::Why::Default));
    assert_eq!(seen.of("gopls", "PATH").as_deref(), Some("/usr/local/go/bin:/usr/bin"));
}

#[test]
fn nothing_runs_where_the_workspace_is_not_trusted() {
    let seen = open_with(&machine(), &[], &serde_json::json!({}), Trust::Known(false));
    assert_eq!(seen.host_codes(), ["vscode-go-restricted"]);
    assert!(!seen.space("test").evidence.has_values());
}

#[test]
fn null_becomes_a_word_and_a_proxy_takes_four_names() {
    let settings = serde_json::json!({
        "go.toolsEnvVars": {"GOFLAGS": null, "X": true, "N": 1, "H": "~/x:${env:USER}:${workspaceFolder}"},
        "http.proxy": "http://p"
    });
    let seen = open(&machine(), &[("HTTP_PROXY", "http://q"), ("USER", "ann")], &settings);
    for (name, want) in [("GOFLAGS", "null"), ("X", "true"), ("N", "1"), ("H", "/home/ann/x:ann:/p")] {
        assert_eq!(seen.of("gopls", name).as_deref(), Some(want), "{name}");
    }
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] {
        assert_eq!(seen.of("test", name).as_deref(), Some("http://p"), "{name}");
    }
    assert_eq!(seen.of("host", "HTTP_PROXY").as_deref(), Some("http://q"));
    assert_eq!(seen.codes("gopls"), ["vscode-env-null", "vscode-env-not-text", "vscode-env-not-text"]);
}

#[test]
fn json_is_taken_out_of_goflags() {
    let seen = open(&machine(), &[("GOFLAGS", "-mod=mod -json")], &serde_json::json!({}));
    assert_eq!(seen.of("gopls", "GOFLAGS").as_deref(), Some("-mod=mod"));
    assert_eq!(seen.of("host", "GOFLAGS").as_deref(), Some("-mod=mod -json"));
}

#[test]
fn variables_of_tests_know_the_home_and_not_the_host() {
    let settings =
        serde_json::json!({"go.testEnvVars": {"X": "${env:HOME}", "Y": "~/y", "Z": "${workspaceFolder}/z"}});
    let seen = open(&machine(), &[], &settings);
    assert_eq!(seen.of("test", "X").as_deref(), Some("${env:HOME}"));
    assert_eq!(seen.of("test", "Y").as_deref(), Some("/home/ann/y"));
    assert_eq!(seen.of("test", "Z").as_deref(), Some("/p/z"));
    assert_eq!(seen.of("gopls", "X"), None);
    assert_eq!(seen.codes("test"), ["vscode-env-not-replaced"]);
    let path = seen.of("test/binary", "PATH");
    assert_eq!(path.as_deref(), Some("/opt/go1.24/bin:/opt/go1.24/bin:/usr/bin"));
}

#[test]
fn build_env_is_for_the_go_of_gopls_alone() {
    let settings = serde_json::json!({"gopls": {"build.env": {"GOFLAGS": "-tags=x", "CGO_ENABLED": 0}}});
    let seen = open(&machine(), &[], &settings);
    assert_eq!(seen.of("gopls", "GOFLAGS"), None);
    assert_eq!(seen.of("gopls/go", "GOFLAGS").as_deref(), Some("-tags=x"));
    assert_eq!(seen.of("gopls/go", "GO111MODULE").as_deref(), Some("auto"));
    assert_eq!(seen.codes("gopls/go"), ["vscode-gopls-env-type"]);
}

fn launch(config: &str) -> MemorySystem {
    let text =
        format!(r#"{{"configurations": [{{"name": "Run", "type": "go", "request": "launch", {config}}}]}}"#);
    machine().file("/p/.vscode/launch.json", text).executable("/home/ann/go/bin/dlv").folder("/p/cmd")
}

#[test]
fn the_launch_wins_over_its_files_and_those_over_tools() {
    let machine = launch(
        r#""program": "${workspaceFolder}/cmd", "env": {"A": "l"}, "envFile": "${workspaceFolder}/.env""#,
    )
    .file("/p/.env", "A=f\nB=f\nF=${D}${C}\n");
    let settings = serde_json::json!({"go.toolsEnvVars": {"A": "t", "B": "t", "C": "t"}});
    let seen = open(&machine, &[("D", "e"), ("GOFLAGS", "-mod=mod -json")], &settings);
    for (name, want) in [("A", "l"), ("B", "f"), ("C", "t"), ("D", "e"), ("F", "et"), ("PWD", "/p/cmd")] {
        assert_eq!(seen.of("debuggee/Run", name).as_deref(), Some(want), "{name}");
    }
    assert_eq!(seen.of("debuggee/Run", "CGO_CFLAGS").as_deref(), Some("-O0 -g"));
    assert_eq!(seen.of("dlv/Run", "CGO_CFLAGS"), None);
    // Out of GOFLAGS of the host -json is taken for tools, not for dlv.
    assert_eq!(seen.of("dlv/Run", "GOFLAGS").as_deref(), Some("-mod=mod -json"));
}

#[test]
fn null_unsets_in_the_program_and_gives_up_in_a_terminal() {
    let host = &[("GOFLAGS", "-v")];
    let seen =
        open(&launch(r#""program": "/p/cmd", "env": {"GOFLAGS": null}"#), host, &serde_json::json!({}));
    assert_eq!(seen.of("dlv/Run", "GOFLAGS").as_deref(), Some("null"));
    assert_eq!(seen.of("debuggee/Run", "GOFLAGS"), None);
    let config = r#""program": "/p/cmd", "console": "integratedTerminal", "env": {"GOFLAGS": null}"#;
    let seen = open(&launch(config), host, &serde_json::json!({}));
    assert!(!seen.space("dlv/Run").evidence.has_values());
    assert_eq!(seen.codes("dlv/Run"), ["vscode-launch-null"]);
    // The first of all is no trouble: `env -u GOFLAGS GOPATH=…`.
    let tools = serde_json::json!({"go.toolsEnvVars": {"GOFLAGS": "-v"}});
    let seen = open(&launch(config), host, &tools);
    assert!(seen.space("dlv/Run").evidence.has_values());
    assert_eq!(seen.of("dlv/Run", "GOFLAGS"), None);
}

#[test]
fn a_terminal_gives_what_it_has_itself() {
    let config = r#""program": "/p/cmd", "console": "integratedTerminal", "env": {"A": "1"}"#;
    let seen = open(&launch(config), &[("B", "host")], &serde_json::json!({}));
    assert_eq!(seen.of("debuggee/Run", "PATH").as_deref(), Some("/t/bin"));
    assert_eq!(seen.of("debuggee/Run", "A").as_deref(), Some("1"));
    assert_eq!(seen.of("debuggee/Run", "B"), None);
    assert_eq!(seen.of("debuggee/Run", "GOPATH").as_deref(), Some("/home/ann/go"));
    assert_eq!(seen.of("debuggee/Run", "GOPROXY"), None);
}

#[test]
fn a_missing_env_file_gives_up_unless_a_task_may_write_it() {
    let seen = open(&launch(r#""program": "/p", "envFile": "/p/none""#), &[], &serde_json::json!({}));
    assert_eq!(seen.codes("dlv/Run"), ["vscode-launch-refused"]);
    let relative = launch(r#""program": "/p", "envFile": ".env""#).file("/p/.env", "A=1\n");
    let seen = open(&relative, &[], &serde_json::json!({}));
    assert!(!seen.space("debuggee/Run").evidence.has_values());
    let task = launch(r#""program": "/p", "envFile": "/p/none", "preLaunchTask": "gen""#);
    let seen = open(&task, &[], &serde_json::json!({}));
    assert!(matches!(seen.space("debuggee/Run").evidence, Evidence::Assumed { .. }));
}

#[test]
fn what_is_no_text_is_refused_by_dlv() {
    let tools = serde_json::json!({"go.toolsEnvVars": {"X": true}});
    let seen = open(&launch(r#""program": "/p""#), &[], &tools);
    assert_eq!(seen.of("dlv/Run", "X").as_deref(), Some("true"));
    assert_eq!(seen.codes("debuggee/Run"), ["vscode-launch-not-text"]);
}

#[test]
fn a_server_and_a_process_have_their_own() {
    let seen = open(&launch(r#""port": 2345"#), &[], &serde_json::json!({}));
    assert!(!seen.space("dlv/Run").evidence.has_values());
    let attached = launch(r#""request": "attach", "mode": "local""#);
    let seen = open(&attached, &[], &serde_json::json!({}));
    assert!(seen.space("dlv/Run").evidence.has_values() && !seen.space("debuggee/Run").evidence.has_values());
}

#[test]
fn debugging_a_test_is_a_launch_of_its_own() {
    let settings = serde_json::json!({
        "go.testEnvVars": {"X": "${env:HOME}", "Y": "~/y"}, "go.testEnvFile": "${workspaceFolder}/.env"
    });
    let machine = machine().file("/p/.env", "Z=${HOME}/z\nW=~/w\n");
    let seen = open(&machine, &[], &settings);
    let both = |name: &str| (seen.of("test", name), seen.of("debuggee/Debug Test", name));
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(both("X"), (some("${env:HOME}"), some("/home/ann")));
    assert_eq!(both("Y"), (some("/home/ann/y"), some("~/y")));
    assert_eq!(both("Z"), (some("/home/ann/z"), some("/home/ann/z")));
    assert_eq!(both("W"), (some("/home/ann/w"), some("~/w")));
}

#[test]
fn a_launch_sees_what_the_host_has_frozen() {
    let config = r#""program": "/p", "env": {"P": "${env:GOPROXY}", "H": "${userHome}/x"}"#;
    let seen = open(&launch(config), &[], &serde_json::json!({}));
    assert_eq!(seen.of("debuggee/Run", "P").as_deref(), Some("https://proxy.golang.org,direct"));
    assert_eq!(seen.of("debuggee/Run", "H").as_deref(), Some("/home/ann/x"));
}
