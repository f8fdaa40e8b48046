//! GOTELEMETRY and its folder, since 1.23 (go: src/cmd/vendor/golang.org/x/telemetry/internal/telemetry/dir.go).

use super::go::{Found, Go};
use super::values::Row;
use crate::text;
use model::{Origin, SettingSource};

const RULE: &str = "go: src/cmd/vendor/golang.org/x/telemetry/internal/telemetry/dir.go Mode";

/// The folder, and the mode that its file `mode` tells.
pub(super) fn read(go: &Go<'_>) -> (Row, Row) {
    let row = |text: String, origin: Origin| Row {
        found: Found { text, source: SettingSource::Computed, origin },
        changed: false,
    };
    let rule = |why: &str| Origin::rule(why, RULE);
    let Some(folder) = go.user_config_dir() else {
        let why = "the user's configuration folder cannot be told";
        return (row(String::new(), rule(why)), row("off".to_owned(), rule(why)));
    };
    let folder = go.join(&go.join(&folder, "go"), "telemetry");
    let file = go.seen(&go.join(&folder, "mode"));
    let (mode, origin) = match go.system.read(&file) {
        Ok(bytes) => {
            let text = text::decode(&bytes);
            let trimmed = text.trim();
            let mode = trimmed.split_once(' ').map_or(trimmed, |(mode, _)| mode);
            (mode.to_owned(), Origin::file(file))
        }
        Err(_) => ("local".to_owned(), rule("no mode is chosen")),
    };
    (row(folder, rule("os.UserConfigDir, go/telemetry")), row(mode, origin))
}
