//! How the extension finds `go` and its tools, place by place, with the reason that it keeps to itself (vscode-go:
//! util.ts `getBinPathWithExplanation`, utils/pathUtils.ts `getBinPathWithPreferredGopathGorootWithExplanation`).
//!
//! Not here: the go that its children then find on PATH, which is often another.

use super::extension::{Extension, non_empty, of_text, origin_of, rule};
use super::{expand, gopath, stored};
use model::{Folded, Name, Origin, Reason, ReasonKind};
use system::{FileKind, Os, System};

/// Where a program was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// `go.alternateTools`, or the go that was chosen for the workspace.
    AlternateTool,
    Gobin,
    Gopath,
    Goroot,
    Path,
    /// One of the places where installers put Go.
    Default,
}

/// What a search came to.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Absolute or as it was put together; `None`: nowhere.
    pub(super) path: Option<String>,
    pub(super) why: Option<Why>,
    /// Every place that was looked at, in order; where it was found, the last.
    pub(super) steps: Vec<Reason>,
    /// An absolute go.alternateTools entry that was passed over.
    pub(super) ignored: Option<(String, Origin)>,
}

/// Places where installers put Go (vscode-go: utils/pathUtils.ts `defaultPathsForGo`).
const DEFAULTS: &[&str] = &["/usr/local/go/bin/go", "/usr/local/bin/go"];
const DEFAULTS_WINDOWS: &[&str] =
    &[r"C:\Program Files\Go\bin\go.exe", r"C:\Program Files (x86)\Go\bin\go.exe"];
/// The snap's launcher fails inside the extension, so that it goes to the program behind it (golang/vscode-go#166).
const SNAP: (&str, &str) = ("/snap/bin/go", "/snap/go/current/bin/go");

/// Looks for a program. `goroot` is the one that an earlier `go env` told.
pub(super) fn find(extension: &Extension<'_>, host: &Folded, tool: &str, goroot: Option<&str>) -> Found {
    let mut search = Search { extension, host, steps: Vec::new(), name: tool.to_owned(), ignored: None };
    let hit = search.run(tool, goroot);
    let (path, why) = hit.map_or((None, None), |(path, why)| (Some(path), Some(why)));
    // What is found by a name that an alternate gave counts as the alternate.
    let why = why.map(|why| if search.name == tool { why } else { Why::AlternateTool });
    Found { path, why, steps: search.steps, ignored: search.ignored }
}

struct Search<'a> {
    extension: &'a Extension<'a>,
    host: &'a Folded,
    steps: Vec<Reason>,
    /// What is looked for in folders.
    name: String,
    ignored: Option<(String, Origin)>,
}

impl Search<'_> {
    fn run(&mut self, tool: &str, goroot: Option<&str>) -> Option<(String, Why)> {
        let is_go = tool == "go";
        let setting = self.extension.text("go.goroot").filter(|_| is_go);
        let setting = setting.map(|(text, origin)| (self.extension.expand(&text, self.host), origin));
        if let Some(path) = self.alternate(tool, setting.is_some()) {
            return Some((path, Why::AlternateTool));
        }
        let variable = |name: &str| Some((non_empty(self.host, name)?, origin_of(self.host, name)?));
        let (gobin, env_goroot, path) = (variable("GOBIN"), variable("GOROOT"), self.path());
        if let Some(hit) = self.list("GOBIN", gobin, "") {
            return Some((hit, Why::Gobin));
        }
        if !is_go {
            let of_tools = gopath::of_tools(self.extension, self.host);
            let current = gopath::current(self.extension, self.host);
            for (what, list) in [("go.toolsGopath", of_tools), ("GOPATH", current)] {
                if let Some(hit) = self.list(what, list, "bin") {
                    return Some((hit, Why::Gopath));
                }
            }
        }
        let known = goroot.map(|root| {
            (
                root.to_owned(),
                rule("GOROOT as its first `go env` told it", "utils/pathUtils.ts getCurrentGoRoot"),
            )
        });
        let (what, root) = match (setting.filter(|(text, _)| !text.is_empty()), known) {
            (Some(setting), _) => ("go.goroot", Some(setting)),
            (None, Some(known)) => ("GOROOT that it knows", Some(known)),
            (None, None) => ("GOROOT", env_goroot),
        };
        if let Some(hit) = self.list(what, root, "bin") {
            return Some((hit, Why::Goroot));
        }
        if let Some(hit) = self.list("PATH", path, "") {
            let snap = is_go && hit == SNAP.0;
            return Some((if snap { SNAP.1.to_owned() } else { hit }, Why::Path));
        }
        is_go.then(|| self.default_places()).flatten().map(|path| (path, Why::Default))
    }

    /// Step 1: a path that is absolute and can be run. A relative one becomes the name that is looked for; an
    /// absolute one that cannot be run is passed over without a word.
    fn alternate(&mut self, tool: &str, goroot_is_set: bool) -> Option<String> {
        let chosen = (tool == "go" && !goroot_is_set).then(|| stored::selected_go(self.extension.window));
        let (what, (text, origin)) = match chosen.flatten() {
            Some(chosen) => ("the go chosen for this workspace".to_owned(), chosen),
            None => {
                let tools = self.extension.setting("go.alternateTools")?;
                let (text, origin) = of_text(tools.get(tool)?.clone())?;
                (format!("go.alternateTools.{tool}"), (self.extension.expand(&text, self.host), origin))
            }
        };
        if text.is_empty() {
            return None;
        }
        if !expand::is_absolute(self.extension.os(), &text) {
            self.say(format!("{what}: looks for `{text}` instead of `{tool}`"), Some(origin));
            self.name = text;
            return None;
        }
        if is_program(self.extension.system(), &text) {
            self.say(format!("{what}: {text}"), Some(origin));
            return Some(text);
        }
        let how = if self.extension.system().exists(&text) { "may not be run" } else { "does not exist" };
        self.say(format!("{what}: {text} {how}, passed over without a word"), Some(origin.clone()));
        self.ignored = Some((text, origin));
        None
    }

    fn path(&self) -> Option<(String, Origin)> {
        let name = if self.extension.os() == Os::Windows && non_empty(self.host, "PATH").is_none() {
            "Path"
        } else {
            "PATH"
        };
        Some((non_empty(self.host, name)?, origin_of(self.host, name)?))
    }

    /// A list of folders, or of folders with `bin` in them.
    fn list(&mut self, what: &str, list: Option<(String, Origin)>, below: &str) -> Option<String> {
        let os = self.extension.os();
        let Some((text, origin)) = list else {
            // A place that is nowhere named is no news.
            return None;
        };
        let (separator, name) = match os {
            Os::Windows => (';', format!("{}.exe", self.name)),
            _ => (':', self.name.clone()),
        };
        let folders: Vec<&str> = text.split(separator).collect();
        for (n, folder) in folders.iter().enumerate() {
            let path = expand::join(os, &[folder, below, &name]);
            // A relative folder is seen from wherever the extension host was started.
            if expand::is_absolute(os, &path) && is_program(self.extension.system(), &path) {
                let place = match folders.len() {
                    1 => what.to_owned(),
                    count => format!("{what}, entry {} of {count}", n + 1),
                };
                self.say(format!("{place}: {path}"), self.entry_origin(what, n).or(Some(origin)));
                return Some(path);
            }
        }
        let place = match folders.as_slice() {
            [one] => format!("{what}: no {name} in {}", expand::join(os, &[one, below])),
            many => format!("{what}: no {name} in its {} entries", many.len()),
        };
        self.say(place, Some(origin));
        None
    }

    /// Who added that entry of PATH.
    fn entry_origin(&self, what: &str, n: usize) -> Option<Origin> {
        let history = (what == "PATH").then(|| self.host.get(&Name::from("PATH"))).flatten()?;
        history.entries.get(n).map(|entry| entry.origin.clone())
    }

    fn default_places(&mut self) -> Option<String> {
        let places = if self.extension.os() == Os::Windows { DEFAULTS_WINDOWS } else { DEFAULTS };
        let origin = || Some(rule("where installers put Go", "utils/pathUtils.ts defaultPathsForGo"));
        let found = places.iter().find(|path| is_program(self.extension.system(), path));
        match found {
            Some(path) => self.say(format!("the usual place: {path}"), origin()),
            None => self.say(format!("not in the usual places either: {}", places.join(", ")), origin()),
        }
        found.map(|path| (*path).to_owned())
    }

    fn say(&mut self, text: String, origin: Option<Origin>) {
        self.steps.push(Reason { kind: ReasonKind::Looked, text, origin });
    }
}

/// vscode-go: utils/pathUtils.ts `executableFileExists`.
pub(super) fn is_program(system: &dyn System, path: &str) -> bool {
    system.metadata(path).is_ok_and(|m| m.kind == FileKind::File)
        && (system.os() == Os::Windows || system.is_executable(path))
}
