//! Launch configurations of type `go`: of each folder, of the workspace file, of the user, and the one that *Debug
//! test* makes of settings (vscode: workbench/contrib/debug/browser/debugConfigurationManager.ts; vscode-go: goTest.ts
//! `debugTestAtCursor`).
//!
//! `${…}` in them is replaced in the extension host, by its environment at that time (vscode:
//! workbench/api/common/extHostDebugService.ts `$substituteVariables`). Not here: compounds, which only name others.

use super::super::extension::Extension;
use crate::vscode::settings::document;
use crate::vscode::terminal::resolve::Resolver;
use crate::vscode::{Json, Setting, Window};
use model::{Folded, Origin, SpaceId};
use system::Os;

/// Where dlv is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Console {
    /// By the extension host.
    Internal,
    /// Typed into a terminal of the editor.
    Integrated,
    /// In a terminal of its own.
    External,
}

/// The name of what *Debug test* starts (vscode-go: goTest.ts `debugTestAtCursor`).
pub(in super::super) const DEBUG_TEST: &str = "Debug Test";

/// One configuration.
pub(super) struct Launch {
    pub(super) name: String,
    /// The folder whose file it stands in, where there are several.
    folder: Option<String>,
    /// The path of that folder.
    pub(super) root: Option<String>,
    config: Setting,
    /// `${…}` is replaced already, or why it cannot be.
    pub(super) refused: Option<(String, Origin)>,
}

impl Launch {
    pub(super) fn id(&self, window: &Window<'_>, variant: &str) -> SpaceId {
        let id = window.editor.named(variant, &self.name);
        let Some(folder) = &self.folder else { return id };
        let encoded = SpaceId::family_named("x", folder);
        let (head, name) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
        format!("{head}/{}//{name}", &encoded.as_str()["x/".len()..]).parse().unwrap_or(id)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        self.config.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Setting::text).filter(|text| !text.is_empty())
    }

    pub(super) fn console(&self) -> Console {
        match self.text("console") {
            Some("integratedTerminal") => Console::Integrated,
            Some("externalTerminal") => Console::External,
            _ => Console::Internal,
        }
    }

    pub(super) fn is_attach(&self) -> bool {
        self.text("request") == Some("attach")
    }

    /// A server that runs already, and whose environment counts.
    pub(super) fn server(&self) -> Option<String> {
        let port = match &self.get("port")?.value {
            Json::Number(port) | Json::Text(port) if port != "0" => port.clone(),
            _ => return None,
        };
        Some(format!("{}:{port}", self.text("host").unwrap_or("127.0.0.1")))
    }
}

/// Whether one of them wants a terminal of the editor.
pub(in super::super) fn needs_terminal(window: &Window<'_>) -> bool {
    written(window).iter().any(|launch| launch.console() == Console::Integrated)
}

/// All of them, `${…}` replaced.
pub(super) fn launches(extension: &Extension<'_>, host: &Folded) -> Vec<Launch> {
    let mut all = written(extension.window);
    all.push(debug_test(extension));
    for launch in &mut all {
        let resolved = resolved(extension, host, launch);
        match resolved {
            Ok(config) => launch.config = config,
            Err(refused) => launch.refused = Some(refused),
        }
    }
    all
}

/// As they are written.
fn written(window: &Window<'_>) -> Vec<Launch> {
    let mut out = Vec::new();
    let several = window.workspace.folders.len() > 1;
    for folder in &window.workspace.folders {
        let path = format!("{}/.vscode/launch.json", folder.path);
        let name = several.then(|| folder.name.clone());
        out.extend(of_file(window, &path, &[], Some(&folder.path), name.as_deref()));
    }
    if let Some(file) = &window.workspace.file {
        out.extend(of_file(window, file, &["launch"], None, None));
    }
    if let Some(user) = window.settings.get("launch", None) {
        out.extend(of_object(window, &user, None, None));
    }
    out
}

fn of_file(
    window: &Window<'_>,
    path: &str,
    below: &[&str],
    root: Option<&str>,
    name: Option<&str>,
) -> Vec<Launch> {
    let Ok(bytes) = window.context.system.read(path) else { return Vec::new() };
    let Some(document) = document(path, &bytes) else { return Vec::new() };
    let Some(object) = below.iter().try_fold(&document, |at, key| at.get(key)) else { return Vec::new() };
    of_object(window, object, root, name)
}

fn of_object(window: &Window<'_>, object: &Setting, root: Option<&str>, folder: Option<&str>) -> Vec<Launch> {
    let items = object.get("configurations").map(Setting::items).unwrap_or_default();
    let of_go = items.iter().filter(|item| item.get("type").and_then(Setting::text) == Some("go"));
    of_go
        .filter_map(|item| {
            let config = for_platform(window.context.system.os(), item);
            Some(Launch {
                name: config.get("name").and_then(Setting::text)?.to_owned(),
                folder: folder.map(str::to_owned),
                root: root.or_else(|| window.workspace.first()).map(str::to_owned),
                config,
                refused: None,
            })
        })
        .collect()
}

/// Keys of the platform's own section replace the others whole (vscode: workbench/services/configurationResolver/
/// common/configurationResolverExpression.ts `applyPlatformSpecificKeys`).
fn for_platform(os: Os, config: &Setting) -> Setting {
    let key = match os {
        Os::Linux => "linux",
        Os::Macos => "osx",
        Os::Windows => "windows",
    };
    let mut entries = config.entries().to_vec();
    for (name, setting) in config.get(key).map(Setting::entries).unwrap_or_default() {
        match entries.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = setting.clone(),
            None => entries.push((name.clone(), setting.clone())),
        }
    }
    Setting { value: Json::Object(entries), origin: config.origin.clone() }
}

/// What *Debug test* starts; launch.json has no say in it.
fn debug_test(extension: &Extension<'_>) -> Launch {
    let rule = || super::super::extension::rule("made by Debug Test", "goTest.ts debugTestAtCursor");
    let text = |text: &str| Setting { value: Json::Text(text.to_owned()), origin: rule() };
    let mut entries = vec![
        ("request".to_owned(), text("launch")),
        ("mode".to_owned(), text("test")),
        ("program".to_owned(), text("${fileDirname}")),
    ];
    for (key, setting) in [("env", "go.testEnvVars"), ("envFile", "go.testEnvFile")] {
        entries.extend(extension.setting(setting).map(|setting| (key.to_owned(), setting)));
    }
    Launch {
        name: DEBUG_TEST.to_owned(),
        folder: None,
        root: extension.folder.map(str::to_owned),
        config: Setting { value: Json::Object(entries), origin: rule() },
        refused: None,
    }
}

/// The configuration with `${…}` replaced; where one of them cannot be, VS Code refuses the whole launch.
fn resolved(extension: &Extension<'_>, host: &Folded, launch: &Launch) -> Result<Setting, (String, Origin)> {
    let env = |name: &str| host.value(name).map(|v| v.as_bytes().to_vec());
    let window = extension.window;
    let home = extension.words().home;
    let resolver =
        Resolver { env: &env, workspace: window.workspace, settings: window.settings, home: Some(home) };
    let mut entries = Vec::new();
    for (key, setting) in launch.config.entries() {
        let done = match key.as_str() {
            "env" | "envFile" | "cwd" | "console" | "host" | "mode" | "request" => {
                replace(&resolver, launch, setting)?
            }
            _ => setting.clone(),
        };
        entries.push((key.clone(), done));
    }
    Ok(Setting { value: Json::Object(entries), origin: launch.config.origin.clone() })
}

fn replace(resolver: &Resolver<'_>, launch: &Launch, setting: &Setting) -> Result<Setting, (String, Origin)> {
    let value = match &setting.value {
        Json::Text(text) => {
            let text = in_folder(text, launch.root.as_deref());
            let Some(bytes) = resolver.try_resolve(&text) else {
                let reason = format!("the launch is refused: a `${{…}}` of `{text}` cannot be replaced here");
                return Err((reason, setting.origin.clone()));
            };
            Json::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
        Json::List(items) => {
            Json::List(items.iter().map(|item| replace(resolver, launch, item)).collect::<Result<_, _>>()?)
        }
        Json::Object(entries) => Json::Object(
            entries
                .iter()
                .map(|(name, item)| Ok((name.clone(), replace(resolver, launch, item)?)))
                .collect::<Result<_, _>>()?,
        ),
        other => other.clone(),
    };
    Ok(Setting { value, origin: setting.origin.clone() })
}

/// The folder that the file stands in is the workspace folder, whichever comes first in the window.
fn in_folder(text: &str, root: Option<&str>) -> String {
    let Some(root) = root else { return text.to_owned() };
    text.replace("${workspaceFolder}", root).replace("${workspaceRoot}", root)
}
