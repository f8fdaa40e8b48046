//! What extensions change in terminals and tasks, put together and applied where the process is created.
//!
//! vscode: platform/terminal/common/environmentVariableCollection.ts, environmentVariableShared.ts
//! applyToProcessEnvironment. Not here: shells that apply a part of it once more (`integration`).

use super::resolve::Resolver;
use crate::trace::Trace;
use crate::vscode::main_process::{NODE, PER_RUN};
use crate::vscode::{Change, Mutator, Window};
use model::{Folded, Name, Origin, Value};

const APPLY: &str =
    "vscode: platform/terminal/common/environmentVariableCollection.ts applyToProcessEnvironment";
const GIT: &str = "vscode: extensions/git/src/askpass.ts, extensions/git/src/terminal.ts";

/// Mutators in the order in which they are applied; `all` is in the order of registration.
///
/// Those of a variable that are for one folder and those that are for all of them are two groups. In a group, those of
/// the extension that was registered last come first, and after a replacement in front nothing counts. Where both groups
/// of a variable apply, they are not put together: the one that was begun later stands alone (`getVariableMap`).
pub(super) fn merged(all: Vec<Mutator>, folder: Option<usize>) -> Vec<Mutator> {
    let mut groups: Vec<Vec<Mutator>> = Vec::new();
    for mutator in all {
        let same = |group: &&mut Vec<Mutator>| {
            let first = &group[0];
            first.variable == mutator.variable && first.folder == mutator.folder
        };
        match groups.iter_mut().find(same) {
            // The one in front stands for the whole value.
            Some(group) if group[0].change == Change::Replace => {}
            Some(group) => group.insert(0, mutator),
            None => groups.push(vec![mutator]),
        }
    }
    groups.retain(|group| group[0].folder.is_none() || group[0].folder == folder);
    let mut out: Vec<Vec<Mutator>> = Vec::new();
    for group in groups {
        match out.iter_mut().find(|known| known[0].variable == group[0].variable) {
            Some(known) => *known = group,
            None => out.push(group),
        }
    }
    out.into_iter().flatten().collect()
}

/// Applies them, and leaves word for the shell's integration.
pub(super) fn apply(trace: &mut Trace, mutators: &[Mutator], resolver: &Resolver<'_>) {
    for mutator in mutators {
        let name = mutator.variable.as_bytes();
        let value = resolver.resolve(&mutator.value.to_text());
        if mutator.at_creation {
            let old = trace.value(name).unwrap_or_default().to_vec();
            let new = match mutator.change {
                Change::Replace => value.clone(),
                Change::Append => [old, value.clone()].concat(),
                Change::Prepend => [value.clone(), old].concat(),
            };
            trace.set(name, &new, mutator.origin.clone());
        }
        if mutator.at_integration {
            let key: &[u8] = match mutator.change {
                Change::Replace => b"VSCODE_ENV_REPLACE",
                Change::Append => b"VSCODE_ENV_APPEND",
                Change::Prepend => b"VSCODE_ENV_PREPEND",
            };
            let mut text = trace.value(key).map(|old| [old, b":"].concat()).unwrap_or_default();
            text.extend_from_slice(name);
            text.push(b'=');
            text.extend(value.iter().flat_map(|&b| if b == b':' { b"\\x3a".to_vec() } else { vec![b] }));
            trace.set(key, &text, Origin::rule("left for the shell's integration", APPLY));
        }
    }
}

/// What the built-in Git extension sets where git is found (vscode: extensions/git/src/main.ts createModel); not in a
/// workspace that is not trusted.
pub(super) fn git(window: &Window<'_>, host: &Folded) -> Vec<Mutator> {
    let on = |key: &str, usual: bool| window.settings.get(key, None).and_then(|s| s.bool()).unwrap_or(usual);
    if !window.workspace.is_trusted() || !on("git.enabled", true) || !finds_git(window, host) {
        return Vec::new();
    }
    let Some(root) = &window.editor.app_root else { return Vec::new() };
    let dist = format!("{root}/extensions/git/dist");
    let node = host
        .value("NODE_EXEC_PATH")
        .map_or_else(|| String::from_utf8_lossy(NODE).into_owned(), |node| node.to_text().into_owned());
    let mut out = Vec::new();
    let mut replace = |name: &str, value: String, rule: &str| {
        out.push(Mutator {
            extension: "vscode.git".to_owned(),
            variable: Name::from(name),
            change: Change::Replace,
            value: Value::from(value),
            at_creation: true,
            at_integration: false,
            folder: None,
            origin: Origin::rule(rule, GIT),
        });
    };
    if on("git.useIntegratedAskPass", true) && on("git.terminalAuthentication", true) {
        replace("GIT_ASKPASS", format!("{dist}/askpass.sh"), "git asks the window for passwords");
        replace("VSCODE_GIT_ASKPASS_NODE", node.clone(), PER_RUN);
        replace("VSCODE_GIT_ASKPASS_EXTRA_ARGS", String::new(), "git asks the window for passwords");
        replace(
            "VSCODE_GIT_ASKPASS_MAIN",
            format!("{dist}/askpass-main.js"),
            "git asks the window for passwords",
        );
    }
    if on("git.useEditorAsCommitInput", true) && on("git.terminalGitEditor", false) {
        replace("GIT_EDITOR", format!("\"{dist}/git-editor.sh\""), "git edits in the window");
        replace("VSCODE_GIT_EDITOR_NODE", node, PER_RUN);
        replace("VSCODE_GIT_EDITOR_EXTRA_ARGS", String::new(), "git edits in the window");
        replace("VSCODE_GIT_EDITOR_MAIN", format!("{dist}/git-editor-main.js"), "git edits in the window");
    }
    replace("VSCODE_GIT_IPC_HANDLE", "/tmp/vscode-git.sock".to_owned(), PER_RUN);
    out
}

fn finds_git(window: &Window<'_>, host: &Folded) -> bool {
    let system = window.context.system;
    let path = host.value("PATH").map(|p| p.to_text().into_owned()).unwrap_or_default();
    path.split(':').any(|folder| system.is_executable(&format!("{folder}/git")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vscode::{Defaults, Trust, Workspace};
    use model::{Evidence, Space, SpaceId};

    fn mutator(change: Change, variable: &str, value: &str) -> Mutator {
        Mutator {
            extension: "a.b".to_owned(),
            variable: Name::from(variable),
            change,
            value: Value::from(value),
            at_creation: true,
            at_integration: true,
            folder: None,
            origin: Origin::unknown("a test"),
        }
    }

    fn applied(all: Vec<Mutator>, before: &str) -> Trace {
        let empty = Folded::over(None, &Space::new(SpaceId::of("x"), "x", None, Evidence::Derived));
        let mut trace = Trace::over(&empty);
        trace.set(b"X", before.as_bytes(), Origin::unknown("a test"));
        let workspace = Workspace::folder("/w", Trust::Assumed);
        let resolver = Resolver { env: &|_| None, workspace: &workspace, settings: &Defaults, home: None };
        apply(&mut trace, &merged(all, None), &resolver);
        trace
    }

    #[test]
    fn the_extension_registered_first_ends_in_front() {
        use Change::{Append, Prepend, Replace};
        let x = |all: Vec<Mutator>, before: &str| {
            String::from_utf8(applied(all, before).get("X").expect("set").to_vec()).expect("text")
        };
        let m = mutator;
        assert_eq!(x(vec![m(Prepend, "X", "a:"), m(Prepend, "X", "b:")], "old"), "a:b:old");
        assert_eq!(x(vec![m(Replace, "X", "1"), m(Prepend, "X", "p")], "old"), "1");
        assert_eq!(x(vec![m(Prepend, "X", "p"), m(Replace, "X", "1")], "old"), "p1");
        assert_eq!(x(vec![m(Append, "X", "p"), m(Replace, "X", "1"), m(Prepend, "X", "z")], "old"), "1p");
    }

    #[test]
    fn what_is_for_one_folder_is_not_put_together_with_what_is_for_all() {
        let for_folder = Mutator { folder: Some(0), ..mutator(Change::Replace, "X", "folder") };
        let for_all = mutator(Change::Append, "X", "all");
        let later = merged(vec![for_folder.clone(), for_all.clone()], Some(0));
        assert_eq!(later.as_slice(), std::slice::from_ref(&for_all));
        assert_eq!(
            merged(vec![for_all.clone(), for_folder.clone()], Some(0)),
            std::slice::from_ref(&for_folder)
        );
        assert_eq!(merged(vec![for_all.clone(), for_folder], Some(1)), [for_all]);
    }

    #[test]
    fn colons_are_written_otherwise_for_the_shell() {
        let trace =
            applied(vec![mutator(Change::Prepend, "X", "/g/bin:"), mutator(Change::Prepend, "Y", "y")], "");
        assert_eq!(trace.get("VSCODE_ENV_PREPEND"), Some(b"X=/g/bin\\x3a:Y=y".as_slice()));
    }
}
