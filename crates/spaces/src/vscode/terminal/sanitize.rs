//! Variables of the editor's own that no terminal gets.
//!
//! vscode: base/common/processes.ts sanitizeProcessEnvironment; code-server adds its own names and keeps one more
//! (code-server: patches/proxy-uri.diff). Not here: variables taken out of the extension host.

use crate::vscode::Flavour;

pub(super) const REFERENCE: &str = "vscode: base/common/processes.ts sanitizeProcessEnvironment";

/// Those that begin with `VSCODE_` and stay: what follows need only begin with one of these.
const KEPT: &[&str] = &["PORTABLE", "SHELL_LOGIN", "ENV_REPLACE", "ENV_APPEND", "ENV_PREPEND"];

/// Whether the variable is taken out of a terminal's environment. Letters' case counts.
pub(super) fn removes(name: &[u8], flavour: Flavour) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let coder = flavour == Flavour::CodeServer;
    if name == "VSCODE_IPC_HOOK_CLI" || (coder && name == "VSCODE_PROXY_URI") {
        return false;
    }
    // Each pattern wants at least one character behind its prefix; `.` matches no line end.
    let more = |prefix: &str| {
        name.strip_prefix(prefix)
            .filter(|rest| !rest.is_empty() && !rest.contains(['\n', '\r', '\u{2028}', '\u{2029}']))
    };
    more("ELECTRON_").is_some()
        || more("VSCODE_").is_some_and(|rest| !KEPT.iter().any(|kept| rest.starts_with(kept)))
        || name == "SNAP"
        || name.starts_with("SNAP_")
        || more("GDK_PIXBUF_").is_some()
        || (coder && (more("CODE_SERVER_").is_some() || more("CS_").is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_and_what_goes() {
        let removed = |name: &str| removes(name.as_bytes(), Flavour::Code);
        for gone in ["ELECTRON_RUN_AS_NODE", "VSCODE_PID", "SNAP", "SNAP_NAME", "GDK_PIXBUF_MODULE_FILE"] {
            assert!(removed(gone), "{gone}");
        }
        let kept = [
            "SNAPPY",
            "VSCODE_",
            "VSCODE_SHELL_LOGIN2",
            "VSCODE_PORTABLE",
            "VSCODE_IPC_HOOK_CLI",
            "electron_x",
            "CS_X",
            "CODE_SERVER_X",
        ];
        for kept in kept {
            assert!(!removed(kept), "{kept}");
        }
        let coder = |name: &str| removes(name.as_bytes(), Flavour::CodeServer);
        assert!(coder("CODE_SERVER_SESSION_SOCKET") && coder("CS_X") && !coder("VSCODE_PROXY_URI"));
    }
}
