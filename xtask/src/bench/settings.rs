//! Settings of an editor, read in this process: a user's file of five thousand lines, and every key that the spaces of a
//! window ask for.
//!
//! Not here: what an editor's spaces cost beyond it.

use super::Line;
use super::measure::{median, ratio};
use super::start::Start;
use crate::failure::{Done, Failure};
use spaces::vscode::{Kind, Settings as _, Trust, Workspace, settings};
use std::fmt::Write as _;
use system::os::Real;

/// Starts.
const LIMIT: f64 = 5.0;
const RUNS: usize = 101;
const LINES: usize = 5000;
/// What is asked of a window, at least.
const KEYS: &[&str] = &[
    "go.toolsEnvVars",
    "go.goroot",
    "go.gopath",
    "go.alternateTools",
    "go.testEnvVars",
    "gopls",
    "http.proxy",
    "terminal.integrated.env.linux",
    "terminal.integrated.profiles.linux",
    "terminal.integrated.inheritEnv",
    "application.shellEnvironmentResolutionTimeout",
    "launch",
];

pub(super) fn lines(start: &Start, wanted: &dyn Fn(&str) -> bool, show: &mut dyn FnMut(Line)) -> Done {
    const NAME: &str = "settings of 5,000 lines";
    if !wanted(NAME) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let user = folder.path().join("User");
    std::fs::create_dir_all(&user)?;
    std::fs::write(user.join("settings.json"), user_settings())?;
    let project = folder.path().join("p/.vscode");
    std::fs::create_dir_all(&project)?;
    std::fs::write(project.join("settings.json"), "{ \"go.toolsEnvVars\": { \"A\": \"2\" } }\n")?;
    let system = Real::new();
    let workspace = Workspace::folder(&folder.path().join("p").display().to_string(), Trust::Known(true));
    let user_data = folder.path().display().to_string();
    let time = median(RUNS, || {
        let opened = settings::open(&system, &user_data, Kind::Desktop, &workspace);
        let found = KEYS.iter().filter(|key| opened.settings.get(key, None).is_some()).count();
        if found == KEYS.len() {
            Ok(())
        } else {
            Err(Failure::new(format!("{found} keys of {}", KEYS.len())))
        }
    })?;
    let detail = format!("{:.2} ms, {} keys asked", time.as_secs_f64() * 1e3, KEYS.len());
    show(Line {
        name: NAME.to_owned(),
        measured: ratio(time, start.measure()?),
        limit: LIMIT,
        unit: "starts",
        detail,
    });
    Ok(())
}

/// Settings as they grow over years: many keys of many extensions, comments, and all that is asked for.
fn user_settings() -> String {
    let mut text = String::from("{\n");
    for number in 0..LINES / 5 - 10 {
        let _ = writeln!(
            text,
            "  // what extension{number} does here\n  \"extension{}.part{}.option{number}\": {{\n    \"enabled\": true, \"level\": {number},\n    \"paths\": [\"/usr/local/share/{number}\", \"${{workspaceFolder}}/x\"]\n  }},",
            number % 120,
            number % 7
        );
    }
    for key in KEYS {
        let _ = writeln!(text, "  \"{key}\": {{\n    \"A\": \"1\",\n    \"B\": \"${{env:HOME}}/b\"\n  }},");
    }
    text + "}\n"
}
