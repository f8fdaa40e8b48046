//! What an administrator decides for all users of a machine: `/etc/vscode/policy.json` of VS Code 1.106 and later
//! (vscode: base/common/policy.ts, platform/policy/common/filePolicyService.ts).
//!
//! No key of a terminal or of golang.go has a policy; those that have and matter here decide whether golang.go may run
//! and is renewed. Deliberately not here: Windows' registry and macOS' configuration profiles, which are not read.

/// Where it is on Linux.
pub(crate) const FILE: &str = "/etc/vscode/policy.json";

/// The key that a policy decides (vscode: `policy: { name }` where a key is registered).
pub(crate) fn key(policy: &str) -> Option<&'static str> {
    Some(match policy {
        "AllowedExtensions" => "extensions.allowed",
        "ExtensionGalleryServiceUrl" => "extensions.gallery.serviceUrl",
        "UpdateMode" => "update.mode",
        "TelemetryLevel" => "telemetry.telemetryLevel",
        _ => return None,
    })
}
