//! Settings of whole windows on fake machines.

use super::*;
use crate::vscode::{Folder, Json, Kind, Setting, Settings, Trust, Workspace};
use model::Origin;
use system::memory::MemorySystem;

fn text(setting: Option<Setting>) -> String {
    setting.map_or_else(|| "-".to_owned(), |s| shown(&s))
}

fn shown(setting: &Setting) -> String {
    match &setting.value {
        Json::Null => "null".to_owned(),
        Json::Bool(it) => it.to_string(),
        Json::Number(text) | Json::Text(text) => text.clone(),
        Json::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Json::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{k}:{}", shown(v))).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

const CODE: &str = "/home/ann/.config/Code";
const USER: &str = "/home/ann/.config/Code/User/settings.json";

fn folder(machine: &MemorySystem, kind: Kind) -> Opened {
    open(machine, CODE, kind, &Workspace::folder("/p", Trust::Known(true)))
}

fn standings(settings: &InForce, key: &str, folder: Option<&str>) -> Vec<(Level, Standing)> {
    settings.occurrences(key, folder).into_iter().map(|o| (o.level, o.standing)).collect()
}

fn place(setting: &Setting) -> String {
    match &setting.origin {
        Origin::Setting { place, pointer } => {
            let model::Place { path, line, column, end_line, end_column } = place;
            format!("{path}:{line}:{column}-{end_line}:{end_column} {pointer}")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn objects_are_merged_and_each_part_keeps_its_place() {
    let machine = MemorySystem::linux()
        .file(USER, "{\n  \"go.toolsEnvVars\": { \"A\": \"1\", \"B\": \"1\" }\n}\n")
        .file("/p/.vscode/settings.json", "{\n  \"go.toolsEnvVars\": {\n    \"A\": \"2\" }, }\n");
    let settings = folder(&machine, Kind::Desktop).settings;
    let all = settings.get("go.toolsEnvVars", None).expect("set");
    assert_eq!(shown(&all), "{A:2,B:1}");
    assert_eq!(place(&all), "/p/.vscode/settings.json:2:3-3:15 /go.toolsEnvVars");
    let places: Vec<String> = all.entries().iter().map(|(_, it)| place(it)).collect();
    assert_eq!(
        places,
        [
            "/p/.vscode/settings.json:3:5-3:13 /go.toolsEnvVars/A",
            "/home/ann/.config/Code/User/settings.json:2:34-2:42 /go.toolsEnvVars/B",
        ]
    );
    assert_eq!(text(settings.get("go.toolsEnvVars.A", None)), "2");
    assert_eq!(
        standings(&settings, "go.toolsEnvVars.A", None),
        [(Level::User, Standing::Outranked), (Level::Workspace, Standing::Counts),]
    );
    assert_eq!(text(settings.get("go.goroot", None)), "-");
}

// Seen with VS Code 1.139: in one file the last of the same keys counts whole, also of a nested and a dotted one.
#[test]
fn in_one_file_the_last_counts_whole() {
    let machine = |user: &str| MemorySystem::linux().file(USER, user);
    let get = |user: &str| text(folder(&machine(user), Kind::Desktop).settings.get("go.toolsEnvVars", None));
    assert_eq!(get(r#"{"go.toolsEnvVars":{"A":"1"},"go.toolsEnvVars":{"B":"2"}}"#), "{B:2}");
    assert_eq!(get(r#"{"go":{"toolsEnvVars":{"A":"1"}},"go.toolsEnvVars":{"B":"2"}}"#), "{B:2}");
    assert_eq!(get(r#"{"go.toolsEnvVars":{"A":"1"},"go":{"toolsEnvVars":{"B":"2"}}}"#), "{B:2}");
    assert_eq!(get(r#"{"go.toolsEnvVars":{"A":"1"},"go.toolsEnvVars.B":"2"}"#), "{A:1,B:2}");
    assert_eq!(get(r#"{"go.toolsEnvVars.B":"2","go.toolsEnvVars":{"A":"1"}}"#), "{A:1}");
    let both =
        r#"{"go":{"toolsEnvVars":{"A":"1"},"goroot":"/r"},"go.toolsEnvVars":{"B":"2"},"go.goroot":"/x"}"#;
    let settings = folder(&machine(both), Kind::Desktop).settings;
    let (again, counts) = (Standing::Ignored(Ignored::SetAgain), Standing::Counts);
    assert_eq!(standings(&settings, "go.toolsEnvVars", None), [(Level::User, again), (Level::User, counts)]);
    let way = r#"{"go":"x","go.goroot":"/r"}"#;
    let settings = folder(&machine(way), Kind::Desktop).settings;
    assert_eq!(
        standings(&settings, "go.goroot", None),
        [(Level::User, Standing::Ignored(Ignored::InTheWay { key: "go".to_owned() }))]
    );
}

#[test]
fn scopes_decide_which_files_count() {
    let env = r#"{"terminal.integrated.env.linux":{"A":"1"},"go.toolsEnvVars":{"B":"1"},"go.goroot":"/r","terminal.integrated.inheritEnv":false}"#;
    let machine = MemorySystem::linux()
        .file("/w/x.code-workspace", r#"{"folders":[{"path":"a"},{"path":"../o/b","name":"bee"}],"settings":{"go.useLanguageServer":false}}"#)
        .file("/w/a/.vscode/settings.json", env)
        .file("/o/b/.vscode/settings.json", r#"{"go.toolsEnvVars":{"C":"1"}}"#);
    let folders = ["/w/a", "/o/b"].map(|path| Folder { name: path.to_owned(), path: path.to_owned() });
    let file = Some("/w/x.code-workspace".to_owned());
    let several = Workspace { file, folders: folders.to_vec(), trust: Trust::Assumed };
    let settings = open(&machine, CODE, Kind::Desktop, &several).settings;
    assert_eq!(text(settings.get("go.toolsEnvVars", Some("/w/a"))), "{B:1}");
    assert_eq!(text(settings.get("go.toolsEnvVars", Some("/o/b"))), "{C:1}");
    assert_eq!(text(settings.get("go.toolsEnvVars", None)), "-");
    assert_eq!(text(settings.get("go.goroot", Some("/w/a"))), "/r");
    assert_eq!(text(settings.get("go.useLanguageServer", None)), "false");
    assert_eq!(text(settings.get("terminal.integrated.env.linux", Some("/w/a"))), "-");
    assert_eq!(
        standings(&settings, "terminal.integrated.env.linux", Some("/w/a")),
        [(Level::Folder, Standing::Ignored(Ignored::Scope(Scope::Window)))]
    );
    let machine = MemorySystem::linux().file("/p/.vscode/settings.json", env);
    let settings = folder(&machine, Kind::Desktop).settings;
    assert_eq!(text(settings.get("terminal.integrated.env.linux", None)), "{A:1}");
    assert_eq!(
        standings(&settings, "terminal.integrated.inheritEnv", None),
        [(Level::Workspace, Standing::Ignored(Ignored::Scope(Scope::Application)))]
    );
}

// Seen with code-server 4.139: of its own User file keys of the machine do not count, and http.proxy counts only there.
#[test]
fn a_server_is_a_remote_machine() {
    let user = r#"{"go.goroot":"/u","go.toolsEnvVars":{"A":"u","B":"u"},"http.proxy":"u"}"#;
    let machine = r#"{"go.gopath":"/m","go.toolsEnvVars":{"A":"m"},"http.proxy":"m"}"#;
    let machine =
        MemorySystem::linux().file(USER, user).file("/home/ann/.config/Code/Machine/settings.json", machine);
    let settings = folder(&machine, Kind::Server).settings;
    assert_eq!(text(settings.get("go.goroot", None)), "-");
    assert_eq!(text(settings.get("go.gopath", None)), "/m");
    assert_eq!(text(settings.get("go.toolsEnvVars", None)), "{A:m,B:u}");
    assert_eq!(text(settings.get("http.proxy", None)), "u");
    let settings = folder(&machine, Kind::Desktop).settings;
    assert_eq!(text(settings.get("go.goroot", None)), "/u");
}

#[test]
fn what_is_restricted_waits_for_trust() {
    let machine = MemorySystem::linux().file(
        "/p/.vscode/settings.json",
        r#"{"terminal.integrated.env.linux":{"A":"1"},"terminal.integrated.detectLocale":"off"}"#,
    );
    let untrusted = Workspace::folder("/p", Trust::Known(false));
    let opened = open(&machine, CODE, Kind::Desktop, &untrusted);
    assert_eq!(text(opened.settings.get("terminal.integrated.detectLocale", None)), "off");
    assert_eq!(
        standings(&opened.settings, "terminal.integrated.env.linux", None),
        [(Level::Workspace, Standing::Ignored(Ignored::Untrusted))]
    );
}

#[test]
fn a_block_for_a_language_is_told_and_does_not_count() {
    let machine = MemorySystem::linux().file(USER, r#"{"[go]":{"go.goroot":"/r"}}"#);
    let settings = folder(&machine, Kind::Desktop).settings;
    assert_eq!(text(settings.get("go.goroot", None)), "-");
    assert_eq!(
        standings(&settings, "go.goroot", None),
        [(Level::User, Standing::Ignored(Ignored::Language("[go]".to_owned())))]
    );
}

#[test]
fn broken_files_are_read_and_told() {
    let machine = MemorySystem::linux().file(USER, "{ \"go.goroot\": \"/r\" \"x\": 1");
    let opened = folder(&machine, Kind::Desktop);
    assert_eq!(text(opened.settings.get("go.goroot", None)), "/r");
    let messages: Vec<&str> = opened.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, ["/home/ann/.config/Code/User/settings.json:1:21: expected `,`, and 1 more"]);
}

#[test]
fn a_profile_has_a_file_of_its_own() {
    let storage = r#"{
        "userDataProfiles": [
            {"location": "-1a2b", "name": "Go"},
            {"location": {"path": "/x/profiles/77", "scheme": "file"}, "name": "Two", "useDefaultFlags": {"settings": true}}
        ],
        "profileAssociations": {"workspaces": {"file:///p": "-1a2b", "file:///q%20r": "77", "file:///d": "__default__profile__"}}
    }"#;
    let default = r#"{
        "window.newWindowProfile": "Go",
        "workbench.settings.applyToAllProfiles": ["go.gopath"],
        "terminal.integrated.inheritEnv": false, "go.gopath": "/all", "go.goroot": "/default"
    }"#;
    let own = r#"{"terminal.integrated.inheritEnv": true, "go.gopath": "/own", "go.toolsGopath": "/tools"}"#;
    let machine = MemorySystem::linux()
        .file("/home/ann/.config/Code/User/globalStorage/storage.json", storage)
        .file(USER, default)
        .file("/home/ann/.config/Code/User/profiles/-1a2b/settings.json", own);
    let opened = folder(&machine, Kind::Desktop);
    assert_eq!((opened.profile.name.as_str(), opened.profile.why), ("Go", Why::Bound));
    let settings = opened.settings;
    assert_eq!(text(settings.get("terminal.integrated.inheritEnv", None)), "false");
    assert_eq!(text(settings.get("go.gopath", None)), "/all");
    assert_eq!(text(settings.get("go.toolsGopath", None)), "/tools");
    assert_eq!(text(settings.get("go.goroot", None)), "-");
    assert_eq!(
        standings(&settings, "go.goroot", None),
        [(Level::Application, Standing::Ignored(Ignored::OtherProfile))]
    );
    assert_eq!(
        standings(&settings, "go.gopath", None),
        [(Level::Application, Standing::Counts), (Level::User, Standing::Ignored(Ignored::ForAllProfiles)),]
    );
    let of = |path: &str| {
        let profile = open(&machine, CODE, Kind::Desktop, &Workspace::folder(path, Trust::Assumed)).profile;
        (profile.name, profile.settings, profile.tasks, profile.why)
    };
    let (name, settings, tasks, why) = of("/q r");
    assert_eq!((name.as_str(), settings.as_str(), why), ("Two", USER, Why::Bound));
    assert_eq!(tasks, "/home/ann/.config/Code/User/profiles/77/tasks.json");
    assert_eq!(of("/d").3, Why::Bound);
    assert_eq!(of("/other").3, Why::NewWindow);
}

#[test]
fn a_policy_is_above_all() {
    let machine = MemorySystem::linux()
        .file("/etc/vscode/policy.json", r#"{"AllowedExtensions": {"microsoft": true}, "Other": 1}"#)
        .file(USER, r#"{"extensions.allowed": {"golang.go": true}}"#);
    let settings = folder(&machine, Kind::Desktop).settings;
    assert_eq!(text(settings.get("extensions.allowed", None)), "{microsoft:true}");
    assert_eq!(
        standings(&settings, "extensions.allowed", None),
        [(Level::User, Standing::Outranked), (Level::Policy, Standing::Counts),]
    );
}

#[test]
fn trust_is_what_the_editor_has_stored() {
    let machine = MemorySystem::linux()
        .file("/home/ann/.config/Code/User/globalStorage/state.vscdb", include_bytes!("trust.sqlite"))
        .file("/home/ann/.config/Code/User/workspaceStorage/1/workspace.json", r#"{"folder": "file:///p"}"#)
        .file("/home/ann/.config/Code/User/workspaceStorage/1/state.vscdb", "");
    let trust = |machine: &MemorySystem, kind: Kind, path: &str| {
        open(machine, CODE, kind, &Workspace::folder(path, Trust::Assumed)).trust
    };
    assert_eq!(trust(&machine, Kind::Desktop, "/w/a"), Trust::Known(true));
    assert_eq!(trust(&machine, Kind::Desktop, "/p"), Trust::Known(false));
    assert_eq!(trust(&machine, Kind::Desktop, "/never/open"), Trust::Assumed);
    assert_eq!(trust(&machine, Kind::Server, "/p"), Trust::Assumed);
    let known = open(&machine, CODE, Kind::Desktop, &Workspace::folder("/w", Trust::Known(false)));
    assert_eq!(known.trust, Trust::Known(false));
    let machine = machine.file(USER, r#"{"security.workspace.trust.enabled": false}"#);
    assert_eq!(trust(&machine, Kind::Desktop, "/p"), Trust::Known(true));
}
