//! `vscode:test`, the `go test` that the extension starts (code lens, Test Explorer, commands), and
//! `vscode:test/binary`, the test binary that this starts in its turn (vscode-go: testUtils.ts `getTestEnvVars`,
//! `goTest`).
//!
//! *Debug test* is another matter: it is a launch of its own (`launch`). Not here: flags and tags of the command.

use super::environment::{self, spelt};
use super::extension::rule;
use super::{Place, env_file, pitfalls};
use crate::derived::Derived;
use crate::go_children;
use crate::trace::Trace;
use crate::vscode::Json;
use model::Problem;

/// `go.testEnvFile`. One that cannot be read is passed over; only a log that nobody sees says so.
fn file(place: &Place<'_>, trace: &mut Trace, problems: &mut Vec<Problem>) {
    let (extension, host) = (place.extension, place.host.environment);
    let Some((text, origin)) = extension.text("go.testEnvFile") else { return };
    let path = extension.resolve(&text);
    let globals = trace.folded(host, &super::activation::scratch(host));
    match env_file::read(extension, &path, &globals, true) {
        Ok(read) => {
            problems.extend(read.problems);
            let source = rule("go.testEnvFile", "testUtils.ts getTestEnvVars");
            trace.layer(env_file::FILE.id, "go.testEnvFile", source);
            read.given.iter().for_each(|given| environment::set(trace, given));
        }
        Err(missing) => {
            let mut message = format!("go.testEnvFile is passed over without a word: {}", missing.reason);
            if text.contains("${env:") {
                message
                    .push_str(" – `${env:…}` is not replaced when a test is run, only when it is debugged");
            }
            problems.push(Problem::warning("vscode-test-env-file", message).at(origin));
        }
    }
}

pub(super) fn spaces(place: &Place<'_>) -> Vec<Derived> {
    let (extension, host) = (place.extension, place.host.environment);
    let editor = extension.window.editor;
    let mut space = place.space(editor.id("test"), "go test, started by the Go extension");
    if !place.is_running() {
        return vec![Derived { space, then: None }];
    }
    let variables = environment::tool_execution(extension, host, true);
    let mut trace = Trace::over(host);
    environment::apply(&mut trace, &variables);
    let mut problems = pitfalls::of_tools(extension, host, &variables);
    file(place, &mut trace, &mut problems);
    let setting = extension.setting("go.testEnvVars");
    if let Some(setting) = setting.filter(|s| !s.entries().is_empty()) {
        let source = rule("go.testEnvVars", "testUtils.ts getTestEnvVars");
        trace.layer("go-test-env-vars", "go.testEnvVars", source);
        for (name, value) in setting.entries() {
            let text = match &value.value {
                Json::Text(text) => extension.resolve(text),
                other => spelt(other),
            };
            trace.set(name.as_bytes(), text.as_bytes(), value.origin.clone());
        }
        problems.extend(pitfalls::of_map("go.testEnvVars", &setting, false));
    }
    let env = trace.folded(host, &super::activation::scratch(host));
    space.layers = trace.into_layers();
    space.problems = problems;
    space.go_start = place.activation.start();
    let program = space.go_start.as_ref().and_then(|start| start.path.clone());
    let mut binary = place.space(editor.named("test", "binary"), "a test binary, started by that go test");
    binary.parent = Some(space.id.clone());
    let context = extension.window.context;
    match go_children::test_binary(context, &env, program.as_deref(), extension.folder) {
        Ok(layers) => binary.layers = layers,
        Err(reason) => binary.evidence = model::Evidence::NotChecked { reason },
    }
    vec![Derived { space, then: None }, Derived { space: binary, then: None }]
}
