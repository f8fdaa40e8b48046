//! Which file set a variable, told by starts that read one file more each time.
//!
//! Not here: shells of which nothing else is known (`crate::staged`).

use super::startup;
use crate::{Request, Trace, TracedChange};
use model::{After, Confidence, Effect, LayerStatus, Name, Origin, Value};
use std::collections::BTreeMap;
use system::{RunOutcome, RunSpec, System};

/// Adds to `trace` the file in which each of `names` got its value.
pub(super) fn add(
    system: &dyn System,
    request: &Request,
    plain: &RunOutcome,
    names: &[Name],
    trace: &mut Trace,
) {
    let Some(end) = plain.environment.as_deref().map(values) else { return };
    let files: Vec<String> = startup::files(system, request)
        .into_iter()
        .filter(|f| f.status == LayerStatus::Applied)
        .map(|f| f.path)
        .collect();
    // The shell before any file, then with one file more each time; the plain run is the last.
    let mut stages: Vec<BTreeMap<Name, Value>> = Vec::new();
    for count in 0..files.len() {
        let Some(environment) = system.run(&stage(request, &files[..count])).environment else { return };
        stages.push(values(&environment));
    }
    stages.push(end);
    let base = values(&request.base);
    for name in names {
        let mut before = base.get(name);
        for (count, stage) in stages.iter().enumerate() {
            let now = stage.get(name);
            if now == before {
                continue;
            }
            before = now;
            let after = now.map_or(After::Unset, |v| After::Set(v.clone()));
            let (origin, confidence, reason) = match count.checked_sub(1) {
                Some(index) => {
                    let reason = "bash, which stood in for the shell to tell lines, ended with another value";
                    (Origin::file(files[index].clone()), Confidence::File, Some(reason.to_owned()))
                }
                None => {
                    let origin = Origin::rule("set by the shell when it starts", "POSIX.1-2017 XCU 2.5.3");
                    (origin, Confidence::Baseline, None)
                }
            };
            let phase = count.checked_sub(1).map_or(0, |index| phase_of(trace, &files[index]));
            let mut effect = Effect::new(name.clone(), after, origin, confidence);
            effect.reason = reason;
            trace.changes.push(TracedChange { phase, effect });
        }
    }
}

fn phase_of(trace: &Trace, path: &str) -> usize {
    let is_file =
        |l: &model::Layer| l.source.as_ref().and_then(Origin::place).is_some_and(|p| p.path == path);
    trace.phases.iter().position(is_file).unwrap_or(0)
}

/// The shell without files of its own, which reads these by its command.
fn stage(request: &Request, files: &[String]) -> RunSpec {
    let mut text: String = files.iter().map(|path| format!(". {}\n", quoted(path))).collect();
    text.push_str("@HANDOVER@");
    let mut args = super::applet(request);
    args.extend(["-c".into(), text.into()]);
    RunSpec {
        program: request.shell.path.clone(),
        args,
        env: request.base.clone(),
        cwd: request.cwd.clone(),
        limits: request.limits,
        ..RunSpec::default()
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn values(environment: &[(Name, Value)]) -> BTreeMap<Name, Value> {
    environment.iter().cloned().collect()
}
