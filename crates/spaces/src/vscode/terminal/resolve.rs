//! `${…}` in settings of terminals.
//!
//! vscode: workbench/services/configurationResolver/common/variableResolver.ts. An error (`${userHome}` is not given
//! here, `${file}` needs an open file) leaves the whole value as it is written; an unknown name leaves itself.
//! Not here: tasks and launches, and the Go extension's own settings.

use crate::vscode::{Json, Settings, Workspace};

/// What a place knows of the world.
pub(crate) struct Resolver<'a> {
    /// Variables of `${env:X}`.
    pub(crate) env: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    pub(crate) workspace: &'a Workspace,
    pub(crate) settings: &'a dyn Settings,
    /// Where `${userHome}` is, if this place is given it.
    pub(crate) home: Option<&'a str>,
}

/// What stands for `${…}`.
enum Known {
    Value(Vec<u8>),
    /// Stays as it is written.
    Literal,
    /// The whole value stays as it is written.
    Error,
}

impl Resolver<'_> {
    /// The value with everything known in the place of its names.
    pub(crate) fn resolve(&self, text: &str) -> Vec<u8> {
        self.try_resolve(text).unwrap_or_else(|| text.as_bytes().to_vec())
    }

    /// The same; `None` where one of the names is an error.
    pub(crate) fn try_resolve(&self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let Some(end) = rest[at..].find('}') else { break };
            let name = &rest[at + 2..at + end];
            out.extend_from_slice(&rest.as_bytes()[..at]);
            match self.known(name) {
                Known::Value(value) => out.extend(value),
                Known::Literal => out.extend_from_slice(&rest.as_bytes()[at..=at + end]),
                Known::Error => return None,
            }
            rest = &rest[at + end + 1..];
        }
        out.extend_from_slice(rest.as_bytes());
        Some(out)
    }

    fn known(&self, name: &str) -> Known {
        let (name, argument) = name.split_once(':').map_or((name, None), |(name, arg)| (name, Some(arg)));
        let some = |value: Option<&str>| value.map_or(Known::Error, |v| Known::Value(v.as_bytes().to_vec()));
        match name {
            "env" => match argument.filter(|a| !a.is_empty()) {
                Some(variable) => Known::Value((self.env)(variable).unwrap_or_default()),
                None => Known::Error,
            },
            "config" => argument.map_or(Known::Error, |key| self.config(key)),
            "workspaceFolder" | "workspaceRoot" | "cwd" => {
                some(self.folder(argument).map(|f| f.path.as_str()))
            }
            "workspaceFolderBasename" => some(self.folder(argument).and_then(|f| f.path.rsplit('/').next())),
            "userHome" => some(self.home),
            "pathSeparator" | "/" => Known::Value(b"/".to_vec()),
            "file"
            | "fileWorkspaceFolder"
            | "fileWorkspaceFolderBasename"
            | "relativeFile"
            | "relativeFileDirname"
            | "fileDirname"
            | "fileExtname"
            | "fileBasename"
            | "fileBasenameNoExtension"
            | "fileDirnameBasename"
            | "lineNumber"
            | "columnNumber"
            | "selectedText"
            | "execPath"
            | "execInstallFolder"
            | "extensionInstallFolder" => Known::Error,
            _ => Known::Literal,
        }
    }

    fn folder(&self, name: Option<&str>) -> Option<&crate::vscode::Folder> {
        match name {
            Some(name) => self.workspace.folders.iter().find(|f| f.name == name),
            None => self.workspace.folders.first(),
        }
    }

    fn config(&self, key: &str) -> Known {
        match self.settings.get(key, self.workspace.first()).map(|s| s.value) {
            Some(Json::Text(text) | Json::Number(text)) => Known::Value(text.into_bytes()),
            Some(Json::Bool(value)) => Known::Value(value.to_string().into_bytes()),
            _ => Known::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vscode::{Defaults, Trust};

    fn resolved(text: &str) -> String {
        let env = |name: &str| (name == "PATH").then(|| b"/usr/bin".to_vec());
        let workspace = Workspace::folder("/w/shop", Trust::Assumed);
        let resolver = Resolver { env: &env, workspace: &workspace, settings: &Defaults, home: None };
        String::from_utf8(resolver.resolve(text)).expect("text")
    }

    #[test]
    fn what_is_known_to_a_terminal() {
        assert_eq!(resolved("/g/bin:${env:PATH}"), "/g/bin:/usr/bin");
        assert_eq!(resolved("${env:NONE}x"), "x");
        assert_eq!(resolved("${userHome}/x:${env:PATH}"), "${userHome}/x:${env:PATH}");
        assert_eq!(resolved("${workspaceFolder}/${nothing}"), "/w/shop/${nothing}");
        assert_eq!(resolved("${file}"), "${file}");
        assert_eq!(resolved("$PATH ~/x ${open"), "$PATH ~/x ${open");
    }
}
