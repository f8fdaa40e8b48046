//! `env` of a launch after the extension has put everything into it (vscode-go: goDebugConfiguration.ts
//! `resolveDebugConfigurationWithSubstitutedVariables`): its own variables, below the env files, below `env`.
//!
//! Not here: what dlv makes of it.

use super::super::env_file::{self, FILE};
use super::super::environment::{self, Given, Kind, Variables};
use super::super::extension::Extension;
use super::super::{activation, pitfalls};
use super::read::Launch;
use crate::trace::Trace;
use crate::vscode::{Json, Setting};
use model::{Folded, Origin, Problem};

pub(super) const ENV: Kind = Kind { id: "launch-env", title: "env of the launch" };

/// What a launch gives.
pub(super) struct Composed {
    pub(super) variables: Variables,
    pub(super) problems: Vec<Problem>,
    /// What is taken for granted.
    pub(super) assumed: Option<String>,
}

/// Why a launch is given up, and which line did that.
pub(super) struct Refused {
    pub(super) reason: String,
    pub(super) origin: Origin,
}

pub(super) fn compose(
    extension: &Extension<'_>,
    host: &Folded,
    launch: &Launch,
) -> Result<Composed, Refused> {
    if let Some((reason, origin)) = &launch.refused {
        return Err(Refused { reason: reason.clone(), origin: origin.clone() });
    }
    let variables = environment::tool_execution(extension, host, false);
    let mut out =
        Composed { problems: pitfalls::of_tools(extension, host, &variables), variables, assumed: None };
    files(extension, host, launch, &mut out)?;
    for (name, setting) in launch.get("env").map(Setting::entries).unwrap_or_default() {
        let mut value = setting.value.clone();
        let mut reason = None;
        if let (true, Json::Text(text)) = (name == "GOFLAGS", &value)
            && let Some(kept) = without_gcflags(text)
        {
            reason = Some("the Go extension takes -gcflags out".to_owned());
            value = Json::Text(kept);
        }
        let origin = setting.origin.clone();
        out.variables.set(Given { name: name.clone(), value, origin, layer: &ENV, reason });
    }
    Ok(out)
}

/// `envFile`, one or several; a later one wins.
fn files(
    extension: &Extension<'_>,
    host: &Folded,
    launch: &Launch,
    out: &mut Composed,
) -> Result<(), Refused> {
    let Some(setting) = launch.get("envFile") else { return Ok(()) };
    let list = [setting.clone()];
    let paths = match &setting.value {
        Json::List(items) => items.as_slice(),
        Json::Text(text) if !text.is_empty() => &list,
        _ => return Ok(()),
    };
    // `${NAME}` in them is replaced by what tools are given, the host's variables included.
    let of_tools = environment::tool_execution(extension, host, true);
    let mut trace = Trace::over(host);
    environment::apply(&mut trace, &of_tools);
    let globals = trace.folded(host, &activation::scratch(host));
    for item in paths {
        let Some(path) = item.text().filter(|path| !path.is_empty()) else { continue };
        match env_file::read(extension, path, &globals, false) {
            Ok(read) => {
                out.problems.extend(read.problems);
                read.given.into_iter().for_each(|given| out.variables.set(given));
            }
            Err(missing) => match launch.text("preLaunchTask") {
                // It has ended when the file is read.
                Some(task) if !extension.system().exists(path) => {
                    out.assumed = Some(format!("{}; preLaunchTask `{task}` may write it", missing.reason));
                }
                _ => {
                    let reason = format!("the launch is given up: envFile {}", missing.reason);
                    return Err(Refused { reason, origin: item.origin.clone() });
                }
            },
        }
    }
    Ok(())
}

/// The layers in the order of the rule, whatever order JavaScript keeps.
pub(super) const KINDS: [&Kind; 5] =
    [&environment::TOOLS, &environment::PROXY, &environment::GOPATH, &FILE, &ENV];

/// Every `-gcflags` with its value taken out; `None` where there is none (vscode-go: goDebugConfiguration.ts
/// `removeGcflags`: `/(^|\s)(-gcflags)(=| )('[^']*'|"[^"]*"|[^'"\s]+)+/`).
fn without_gcflags(flags: &str) -> Option<String> {
    let mut text = flags.to_owned();
    let mut removed = false;
    while let Some((start, end)) = gcflags(&text) {
        text.replace_range(start..end, "");
        removed = true;
    }
    removed.then_some(text)
}

fn gcflags(text: &str) -> Option<(usize, usize)> {
    const FLAG: &str = "-gcflags";
    text.match_indices(FLAG).find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let start = match before {
            None => at,
            Some(c) if c.is_whitespace() => at - c.len_utf8(),
            Some(_) => return None,
        };
        let rest = &text[at + FLAG.len()..];
        let value = rest.strip_prefix(['=', ' '])?;
        let mut length = 0;
        loop {
            let left = &value[length..];
            let quoted = left.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let used = match quoted {
                Some(quote) => match left[1..].find(quote) {
                    Some(end) => end + 2,
                    None => break,
                },
                None => left.find(|c: char| c.is_whitespace() || c == '\'' || c == '"').unwrap_or(left.len()),
            };
            if used == 0 {
                break;
            }
            length += used;
        }
        (length > 0).then_some((start, at + FLAG.len() + 1 + length))
    })
}

#[cfg(test)]
mod tests {
    use super::without_gcflags;

    #[test]
    fn gcflags_are_taken_out_with_their_value() {
        assert_eq!(without_gcflags("-gcflags=all=-N -v").as_deref(), Some(" -v"));
        assert_eq!(without_gcflags("-v -gcflags='a b' -x").as_deref(), Some("-v -x"));
        assert_eq!(without_gcflags("-gcflags -N").as_deref(), Some(""));
        assert_eq!(without_gcflags("-v"), None);
        assert_eq!(without_gcflags("x-gcflags=1"), None);
    }
}
