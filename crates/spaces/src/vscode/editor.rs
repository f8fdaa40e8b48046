//! An editor of the family of VS Code as it stands on a machine: which product, where its files are, how it was started.
//!
//! Not here: finding one (`find`), and what its settings say.

use super::products::PRODUCTS;
use model::SpaceId;

/// A product of the family. Their rules are VS Code's; what they changed beyond names and folders is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flavour {
    Code,
    Insiders,
    Vscodium,
    Oss,
    Cursor,
    Windsurf,
    CodeServer,
    OpenVscodeServer,
}

/// Where the extension host, terminals and tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An app on this machine with windows of its own.
    Desktop,
    /// The server that a window elsewhere talks to (Remote-SSH, tunnels, code-server in a browser). Its settings count
    /// as those of a remote machine.
    Server,
}

/// How the first process of a desktop app was started: that decides whether start-up files of the shell are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launch {
    /// From the menu or the dock; the parent of all is the desktop session. Nothing was observed.
    Icon,
    /// By the command `code` in a terminal (`VSCODE_CLI=1`).
    Command,
    /// Running as this process: its environment tells.
    Running { pid: u32 },
    /// A server; by whom it is started is outside.
    Server,
}

/// One editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    pub flavour: Flavour,
    pub kind: Kind,
    /// Its name in words (`VS Code`, `code-server`).
    pub name: &'static str,
    /// Version of VS Code that it is made from, if its files tell.
    pub version: Option<String>,
    /// The folder with `out/`, `extensions/` and `product.json`, if it is installed here.
    pub app_root: Option<String>,
    /// The folder that holds `User/` (and `Machine/` of a server).
    pub user_data: String,
    /// Where extensions are unpacked.
    pub extensions: Vec<String>,
    pub launch: Launch,
    /// What stands behind `@` in the ids of its spaces; `None` where only one editor was found.
    pub which: Option<String>,
}

impl Editor {
    /// `vscode:host`, `vscode@cursor:host`.
    pub fn id(&self, variant: &str) -> SpaceId {
        SpaceId::new(&self.family(), variant)
    }

    /// `vscode:task/build`.
    pub fn named(&self, variant: &str, name: &str) -> SpaceId {
        SpaceId::named(&self.family(), variant, name)
    }

    fn family(&self) -> String {
        self.which.as_ref().map_or_else(|| "vscode".to_owned(), |which| format!("vscode@{which}"))
    }

    /// What stands behind `@` where several editors are found.
    pub(super) fn slug(&self) -> String {
        let own = match self.flavour {
            Flavour::CodeServer => return "code-server".to_owned(),
            Flavour::OpenVscodeServer => return "openvscode-server".to_owned(),
            flavour => PRODUCTS.iter().find(|p| p.flavour == flavour).map_or("code", |p| p.slug),
        };
        if self.is_server() { format!("{own}-server") } else { own.to_owned() }
    }

    /// Whether the space with this variant is one of this editor's.
    pub(super) fn has(&self, id: &SpaceId) -> bool {
        id.family() == "vscode" && id.which() == self.which.as_deref()
    }

    /// Whether settings and start are a server's.
    pub fn is_server(&self) -> bool {
        self.kind == Kind::Server
    }
}
