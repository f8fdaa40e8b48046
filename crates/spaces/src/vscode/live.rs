//! Editors that run: which process is the first one, what it was given, and what has changed since.
//!
//! An app's first process is the one without `--type=`; a server is told by the program that Node runs. Not here: the
//! processes that they start, which are spaces of their own (`pid:N`).

use super::products::PRODUCTS;
use super::{Editor, Flavour, Kind, Launch};
use crate::Context;
use model::{LayerStatus, Origin, Problem, Space};
use std::collections::BTreeSet;
use system::{Process, System};

/// The first process of an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) pid: u32,
    pub(super) flavour: Flavour,
    pub(super) kind: Kind,
    app_root: Option<String>,
    user_data: Option<String>,
    extensions: Option<String>,
}

/// The user's own; none where something else than a login is asked to start from.
pub(super) fn find(context: &Context<'_>) -> Vec<Running> {
    if *context.base != crate::Base::Login {
        return Vec::new();
    }
    let system = context.system;
    let may_be = |exe: Option<&str>, name: &str| {
        let exe = exe.and_then(|e| e.rsplit('/').next()).unwrap_or(name);
        matches!(exe, "node" | "code-server") || desktop_flavour(exe).is_some()
    };
    let glimpses = system.glimpses();
    let candidates = glimpses.iter().filter(|p| may_be(p.exe.as_deref(), &p.name));
    candidates
        .filter_map(|p| system.process(p.pid))
        .filter(|p| p.uid == context.user.uid && p.same_namespace)
        .filter_map(|p| running(system, &p))
        .collect()
}

fn desktop_flavour(exe: &str) -> Option<Flavour> {
    Some(match exe {
        "code" => Flavour::Code,
        "code-insiders" => Flavour::Insiders,
        "codium" | "vscodium" => Flavour::Vscodium,
        "code-oss" => Flavour::Oss,
        "cursor" => Flavour::Cursor,
        "windsurf" => Flavour::Windsurf,
        _ => return None,
    })
}

fn running(system: &dyn System, process: &Process) -> Option<Running> {
    let args: Vec<String> = process.args.iter().map(|a| a.to_text().into_owned()).collect();
    let of = |flavour, kind, app_root: Option<String>, args: &[String]| Running {
        pid: process.pid,
        flavour,
        kind,
        app_root,
        user_data: option(args, "--user-data-dir"),
        extensions: option(args, "--extensions-dir"),
    };
    if let Some(root) = args.iter().find_map(|a| a.strip_suffix("/out/node/entry")) {
        // The process that it was started by has the command line.
        let first = system.process(process.parent);
        let first: Vec<String> =
            first.iter().flat_map(|p| &p.args).map(|a| a.to_text().into_owned()).collect();
        return Some(of(Flavour::CodeServer, Kind::Server, Some(format!("{root}/lib/vscode")), &first));
    }
    if let Some(root) = args.iter().find_map(|a| a.strip_suffix("/out/server-main.js")) {
        let flavour = PRODUCTS.iter().find(|p| root.contains(&format!("/{}/", p.server)));
        let flavour = flavour.map_or(Flavour::Code, |p| p.flavour);
        let mut found = of(flavour, Kind::Server, Some(root.to_owned()), &args);
        found.user_data = option(&args, "--server-data-dir").map(|folder| format!("{folder}/data"));
        return Some(found);
    }
    let exe = process.exe.as_deref()?;
    let flavour = desktop_flavour(exe.rsplit('/').next()?)?;
    // Node runs its own tools with the app's program (`out/cli.js`).
    let is_tool = args.iter().skip(1).any(|a| a.starts_with("--type=") || a.ends_with(".js"));
    let root = exe.rsplit_once('/').map(|(folder, _)| format!("{folder}/resources/app"));
    let root = root.filter(|root| system.is_folder(root));
    (!is_tool).then(|| of(flavour, Kind::Desktop, root, &args))
}

/// `--name value` or `--name=value`.
fn option(args: &[String], name: &str) -> Option<String> {
    args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix(name)? {
        "" => args.get(at + 1).cloned(),
        rest => rest.strip_prefix('=').map(str::to_owned),
    })
}

/// Notes at the editors which of them run; the others are new ones.
pub(super) fn note(editors: &mut Vec<Editor>, running: Vec<Running>) {
    for one in running {
        let same = |e: &&mut Editor| {
            e.flavour == one.flavour
                && e.kind == one.kind
                && !matches!(e.launch, Launch::Running { .. })
                && one.user_data.as_ref().is_none_or(|data| *data == e.user_data)
        };
        if let Some(editor) = editors.iter_mut().find(same) {
            editor.launch = Launch::Running { pid: one.pid };
            editor.app_root = one.app_root.or_else(|| editor.app_root.take());
            if let Some(folder) = one.extensions {
                editor.extensions = vec![folder];
            }
        } else if let Some(user_data) = one.user_data {
            let product = PRODUCTS.iter().find(|p| p.flavour == one.flavour);
            editors.push(Editor {
                flavour: one.flavour,
                kind: one.kind,
                name: product.map_or("code-server", |p| p.name),
                version: None,
                app_root: one.app_root,
                extensions: vec![one.extensions.unwrap_or_else(|| format!("{user_data}/extensions"))],
                user_data,
                launch: Launch::Running { pid: one.pid },
                which: None,
            });
        }
    }
}

/// What the shell's start-up read that was changed after the first process had asked it, which it does but once.
pub(super) fn stale(context: &Context<'_>, editor: &Editor, asked: &Space) -> Option<Problem> {
    let Launch::Running { pid } = editor.launch else { return None };
    let process = context.system.process(pid)?;
    let sources = asked.layers.iter().filter(|l| l.status == LayerStatus::Applied);
    let mut files: BTreeSet<&str> = BTreeSet::new();
    for layer in sources {
        let of_effects = layer.effects.iter().filter_map(|e| e.origin.place());
        files
            .extend(of_effects.chain(layer.source.iter().filter_map(Origin::place)).map(|p| p.path.as_str()));
    }
    let changed =
        |path: &&&str| context.system.metadata(path).is_ok_and(|m| m.modified_ms > process.started_ms);
    let path = files.iter().find(changed)?;
    let restart = if editor.is_server() {
        "end the server (its windows reconnect to a new one)"
    } else {
        "quit all its windows and start it again; to reload a window is not enough"
    };
    let message = format!(
        "{} (pid {pid}) started before {path} was changed, and asks its shell only once – {restart}",
        editor.name
    );
    Some(Problem::warning("stale-editor", message).at(Origin::file(*path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Value;
    use system::memory::MemorySystem;

    fn process(pid: u32, parent: u32, exe: &str, args: &[&str]) -> Process {
        Process {
            pid,
            parent,
            uid: 1000,
            name: "x".to_owned(),
            exe: Some(exe.to_owned()),
            args: args.iter().map(|a| Value::from(*a)).collect(),
            started_ms: 0,
            same_namespace: true,
            cwd: None,
        }
    }

    #[test]
    fn first_processes_are_told_from_others() {
        let root = "/usr/lib/code-server";
        let machine = MemorySystem::linux().process(
            process(
                10,
                1,
                "/usr/bin/node",
                &["node", "/usr/lib/code-server/out/node/entry.js", "--user-data-dir=/d"],
            ),
            Vec::new(),
        );
        let told = |p: &Process| running(&machine, p);
        let child = process(11, 10, "/usr/bin/node", &["node", &format!("{root}/out/node/entry")]);
        let found = told(&child).expect("a server");
        assert_eq!((found.flavour, found.user_data.as_deref()), (Flavour::CodeServer, Some("/d")));
        assert_eq!(found.app_root.as_deref(), Some("/usr/lib/code-server/lib/vscode"));
        let server = "/home/ann/.cursor-server/bin/abc/out/server-main.js";
        let found = told(&process(12, 1, "/x/node", &["node", server])).expect("a server");
        assert_eq!((found.flavour, found.kind), (Flavour::Cursor, Kind::Server));
        assert!(told(&process(13, 1, "/usr/share/code/code", &["code", "--type=gpu-process"])).is_none());
        let app = told(&process(14, 1, "/usr/share/code/code", &["code", "/p"])).expect("an app");
        assert_eq!((app.flavour, app.kind), (Flavour::Code, Kind::Desktop));
        assert!(told(&process(15, 1, "/usr/bin/node", &["node", "server.js"])).is_none());
    }
}
