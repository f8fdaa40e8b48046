//! Which editors the machine has: by their files, installed or left by use.
//!
//! Not here: running ones (`live`), and what their settings say.

use super::products::{PRODUCTS, Product};
use super::{Editor, Flavour, Kind, Launch, Trust, Workspace, go, live, settings};
use crate::Context;
use model::Folded;
use std::cell::OnceCell;
use system::{Os, System};
use text::jsonc;

/// The editors that were found, each with what it has open.
#[derive(Default)]
#[expect(missing_debug_implementations, reason = "nobody looks at it so")]
pub struct Found {
    pub(super) opened: Vec<Opened>,
}

/// An editor with a workspace.
pub(super) struct Opened {
    pub(super) editor: Editor,
    pub(super) workspace: Workspace,
    pub(super) open: settings::Opened,
    /// What the start of the Go extension comes to, once the host is known.
    pub(super) go: OnceCell<go::Activation>,
}

/// Looks for editors in the home and where they are installed.
pub(super) fn find(context: &Context<'_>) -> Found {
    let environment = context.atlas.fold(&context.atlas.baseline.space);
    let places = Places::of(context, &environment);
    let mut editors: Vec<Editor> = PRODUCTS.iter().filter_map(|p| desktop(&places, p)).collect();
    editors.extend(PRODUCTS.iter().filter_map(|p| server(&places, p)));
    editors.extend(code_server(&places));
    editors.extend(openvscode_server(&places));
    live::note(&mut editors, live::find(context));
    for editor in &mut editors {
        if editor.version.is_none() {
            editor.version = editor.app_root.as_deref().and_then(|root| version(context.system, root));
        }
    }
    name(&mut editors, context.which);
    editors.extend(by_command(&editors, context));
    let workspace = workspace(context);
    let open = |editor: Editor| {
        let open = settings::open(context.system, &editor.user_data, editor.kind, &workspace);
        Opened { editor, workspace: workspace.clone(), open, go: OnceCell::new() }
    };
    Found { opened: editors.into_iter().map(open).collect() }
}

/// What stands behind `@`: only where several were found, or where it was asked for so.
fn name(editors: &mut [Editor], asked: &[String]) {
    let alone = editors.len() == 1;
    let asked = |slug: &String| asked.iter().any(|a| a == slug || *a == format!("{slug}-cli"));
    for editor in editors {
        let slug = editor.slug();
        editor.which = (!alone || asked(&slug)).then_some(slug);
    }
}

/// An app that does not run, as it is when the command `code` starts it: only for who asks for it, or for all.
fn by_command(editors: &[Editor], context: &Context<'_>) -> Vec<Editor> {
    let started_so = |editor: &Editor| {
        let which = match &editor.which {
            Some(which) => format!("{which}-cli"),
            None => "cli".to_owned(),
        };
        let asked = context.which.contains(&which) || (context.all && context.wanted.is_none());
        asked.then(|| Editor { launch: Launch::Command, which: Some(which), ..editor.clone() })
    };
    let apps = editors.iter().filter(|e| e.kind == Kind::Desktop && e.launch == Launch::Icon);
    apps.filter_map(started_so).collect()
}

fn workspace(context: &Context<'_>) -> Workspace {
    let trust = context.open.trusted.map_or(Trust::Assumed, Trust::Known);
    let path = context.open.workspace.as_deref().unwrap_or(context.project);
    Workspace::open(context.system, path, trust)
}

/// Where files of a user are looked for.
struct Places<'a> {
    system: &'a dyn System,
    home: String,
    config: String,
    data: String,
    path: Vec<String>,
}

impl<'a> Places<'a> {
    fn of(context: &Context<'a>, environment: &Folded) -> Self {
        let text = |name: &str| {
            let value = environment.value(name).map(|v| v.to_text().into_owned());
            value.filter(|v| v.starts_with('/'))
        };
        let home = text("HOME").unwrap_or_else(|| context.user.home.clone());
        let config = if context.system.os() == Os::Macos {
            format!("{home}/Library/Application Support")
        } else {
            text("XDG_CONFIG_HOME").unwrap_or_else(|| format!("{home}/.config"))
        };
        let data = text("XDG_DATA_HOME").unwrap_or_else(|| format!("{home}/.local/share"));
        let path = environment.value("PATH").map(|v| v.to_text().into_owned()).unwrap_or_default();
        let path = path.split(':').filter(|f| f.starts_with('/')).map(str::to_owned).collect();
        Self { system: context.system, home, config, data, path }
    }

    fn first_folder(&self, folders: impl IntoIterator<Item = String>) -> Option<String> {
        folders.into_iter().find(|folder| self.system.is_folder(folder))
    }
}

/// A product with windows of its own: its settings are there, or the app is.
fn desktop(places: &Places<'_>, product: &Product) -> Option<Editor> {
    let app_root = places.first_folder(match places.system.os() {
        Os::Macos => vec![format!("/Applications/{}.app/Contents/Resources/app", product.macos)],
        Os::Windows => Vec::new(),
        Os::Linux => product.linux.iter().map(|f| format!("{f}/resources/app")).collect(),
    });
    let user_data = format!("{}/{}", places.config, product.data);
    if app_root.is_none() && !places.system.is_folder(&format!("{user_data}/User")) {
        return None;
    }
    Some(Editor {
        flavour: product.flavour,
        kind: Kind::Desktop,
        name: product.name,
        version: app_root.as_deref().and_then(|root| version(places.system, root)),
        app_root,
        user_data,
        extensions: vec![format!("{}/{}/extensions", places.home, product.dot)],
        launch: Launch::Icon,
        which: None,
    })
}

/// The server of a product, which a client elsewhere has put into the home.
fn server(places: &Places<'_>, product: &Product) -> Option<Editor> {
    let folder = format!("{}/{}", places.home, product.server);
    let app_root = newest_server(places.system, &folder);
    let data = format!("{folder}/data");
    if app_root.is_none() && !places.system.is_folder(&data) {
        return None;
    }
    Some(Editor {
        flavour: product.flavour,
        kind: Kind::Server,
        name: product.name,
        version: app_root.as_deref().and_then(|root| version(places.system, root)),
        app_root,
        user_data: data,
        extensions: vec![format!("{folder}/extensions")],
        launch: Launch::Server,
        which: None,
    })
}

/// `bin/COMMIT` of Remote-SSH, `cli/servers/Stable-COMMIT/server` of the command line's server: the one that was
/// unpacked last.
fn newest_server(system: &dyn System, folder: &str) -> Option<String> {
    let below = |parent: String, child: &'static str| {
        let names = system.read_dir(&parent).unwrap_or_default();
        names.into_iter().map(move |name| format!("{parent}/{name}{child}"))
    };
    below(format!("{folder}/bin"), "")
        .chain(below(format!("{folder}/cli/servers"), "/server"))
        .filter(|root| system.exists(&format!("{root}/product.json")))
        .max_by_key(|root| system.metadata(root).map_or(0, |m| m.modified_ms))
}

/// code-server: on PATH, at its usual places, or its data in the home (code-server: src/node/util.ts `paths`).
fn code_server(places: &Places<'_>) -> Option<Editor> {
    let app_root = code_server_root(places);
    let user_data = format!("{}/code-server", places.data);
    if app_root.is_none() && !places.system.is_folder(&user_data) {
        return None;
    }
    Some(Editor {
        flavour: Flavour::CodeServer,
        kind: Kind::Server,
        name: "code-server",
        version: app_root.as_deref().and_then(|root| version(places.system, root)),
        app_root,
        extensions: vec![format!("{user_data}/extensions")],
        user_data,
        launch: Launch::Server,
        which: None,
    })
}

fn code_server_root(places: &Places<'_>) -> Option<String> {
    const INSTALLED: &[&str] = &[
        "/usr/lib/code-server",
        "/usr/local/lib/code-server",
        "/opt/code-server",
        "/usr/lib/node_modules/code-server",
        "/usr/local/lib/node_modules/code-server",
    ];
    let on_path = places.path.iter().filter_map(|folder| {
        let real = places.system.canonicalize(&format!("{folder}/code-server")).ok()?;
        let root = real.strip_suffix("/out/node/entry.js").or_else(|| real.strip_suffix("/bin/code-server"));
        root.map(str::to_owned)
    });
    let standalone = format!("{}/.local/lib", places.home);
    let mut versions: Vec<String> = places.system.read_dir(&standalone).unwrap_or_default();
    versions.retain(|name| name.starts_with("code-server-"));
    let standalone = versions.into_iter().rev().map(|name| format!("{standalone}/{name}"));
    on_path
        .chain(INSTALLED.iter().map(|root| (*root).to_owned()))
        .chain(standalone)
        .map(|root| format!("{root}/lib/vscode"))
        .find(|root| places.system.exists(&format!("{root}/product.json")))
}

fn openvscode_server(places: &Places<'_>) -> Option<Editor> {
    let folder = format!("{}/.openvscode-server", places.home);
    let user_data = format!("{folder}/data");
    places.system.is_folder(&user_data).then(|| Editor {
        flavour: Flavour::OpenVscodeServer,
        kind: Kind::Server,
        name: "openvscode-server",
        version: None,
        app_root: None,
        user_data,
        extensions: vec![format!("{folder}/extensions")],
        launch: Launch::Server,
        which: None,
    })
}

/// The version in `product.json` or `package.json`.
fn version(system: &dyn System, app_root: &str) -> Option<String> {
    ["product.json", "package.json"].iter().find_map(|name| {
        let bytes = system.read(&format!("{app_root}/{name}")).ok()?;
        jsonc::read(&bytes).root?.get("version")?.as_str().map(str::to_owned)
    })
}
