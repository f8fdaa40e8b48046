//! What the extension gives to the programs that it starts, on top of its host's environment (vscode-go: goEnv.ts
//! `newEnvironment`, `toolExecutionEnvironment`).
//!
//! As in the source, the changes are gathered first, in the order in which JavaScript keeps them: a debug session in a
//! terminal depends on it. Not here: what single programs get beyond that.

use super::extension::{Extension, non_empty, of_text, rule};
use super::gopath;
use crate::trace::Trace;
use crate::vscode::Json;
use model::{Folded, Origin};

/// A variable that is given, and the value as JavaScript has it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) value: Json,
    pub(super) origin: Origin,
    /// Which layer it belongs to.
    pub(super) layer: &'static Kind,
    /// Why its origin is no setting that names it.
    pub(super) reason: Option<String>,
}

/// A kind of layer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
}

pub(super) const TOOLS: Kind = Kind { id: "go-tools-env-vars", title: "go.toolsEnvVars" };
pub(super) const PROXY: Kind = Kind { id: "go-http-proxy", title: "http.proxy, by the Go extension" };
pub(super) const GOPATH: Kind = Kind { id: "go-gopath", title: "GOPATH of the Go extension" };
pub(super) const GOFLAGS: Kind = Kind { id: "go-flags", title: "GOFLAGS without -json" };

/// Variables in the order of a JavaScript object: one that is written again keeps its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(pub(super) Vec<Given>);

impl Variables {
    pub(super) fn set(&mut self, given: Given) {
        match self.0.iter_mut().find(|known| known.name == given.name) {
            Some(known) => *known = given,
            None => self.0.push(given),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.0.iter().find(|given| given.name == name)
    }
}

/// `newEnvironment` without the host's own variables.
pub(super) fn new_environment(extension: &Extension<'_>, host: &Folded) -> Variables {
    let mut out = Variables::default();
    let setting = extension.setting("go.toolsEnvVars");
    for (name, setting) in setting.iter().flat_map(|s| s.entries()) {
        let value = match &setting.value {
            Json::Text(text) => Json::Text(extension.expand(text, host)),
            other => other.clone(),
        };
        let origin = setting.origin.clone();
        out.set(Given { name: name.clone(), value, origin, layer: &TOOLS, reason: None });
    }
    let proxy = extension.window.settings.get("http.proxy", None).and_then(of_text);
    if let Some((text, origin)) = proxy {
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] {
            let (name, value, origin) = (name.to_owned(), Json::Text(text.clone()), origin.clone());
            out.set(Given { name, value, origin, layer: &PROXY, reason: None });
        }
    }
    out
}

/// `toolExecutionEnvironment` without the host's own variables. `of_host`: whether those come below, so that what is
/// taken out of GOFLAGS is taken out of the host's, too.
pub(super) fn tool_execution(extension: &Extension<'_>, host: &Folded, of_host: bool) -> Variables {
    let mut out = new_environment(extension, host);
    if let Some((text, origin)) = gopath::current(extension, host) {
        let overrides = out.get("GOPATH").is_some();
        let inherited = non_empty(host, "GOPATH").is_some_and(|gopath| gopath == text);
        // What the host has anyway is no change, unless go.toolsEnvVars says otherwise.
        if overrides || !inherited || !of_host {
            let reason = (overrides && inherited).then(|| {
                "the Go extension gives the GOPATH of its host, over the one of go.toolsEnvVars".to_owned()
            });
            let value = Json::Text(text);
            out.set(Given { name: "GOPATH".to_owned(), value, origin, layer: &GOPATH, reason });
        }
    }
    let flags = match out.get("GOFLAGS").map(|given| &given.value) {
        Some(Json::Text(text)) => Some(text.clone()),
        Some(_) => None,
        None => of_host.then(|| non_empty(host, "GOFLAGS")).flatten(),
    };
    if let Some(text) = flags.filter(|text| text.contains("-json")) {
        let value = Json::Text(without_json(&text));
        let origin = rule("the Go extension takes -json out of GOFLAGS", "goEnv.ts toolExecutionEnvironment");
        out.set(Given { name: "GOFLAGS".to_owned(), value, origin, layer: &GOFLAGS, reason: None });
    }
    out
}

/// `replace(/(^|\s+)-?-json[^\s]*/g, '')`.
fn without_json(flags: &str) -> String {
    let mut out = String::new();
    let mut rest = flags;
    while !rest.is_empty() {
        let blanks = rest.len() - rest.trim_start().len();
        let word = rest[blanks..].split(char::is_whitespace).next().unwrap_or_default();
        let is_json = word.starts_with("-json") || word.starts_with("--json");
        // At the very beginning the flag needs no blank before it; blanks that are there stay only if the match does
        // not begin with them.
        if !is_json {
            out.push_str(&rest[..blanks + word.len()]);
        }
        rest = &rest[blanks + word.len()..];
    }
    out
}

/// Puts what is given into layers, values as Node makes them text for a child (`${key}=${value}`).
pub(super) fn apply(trace: &mut Trace, variables: &Variables) {
    let mut layer: Option<&Kind> = None;
    // Layers keep the order of the source, whatever place JavaScript gives a variable that is written again.
    for kind in [&TOOLS, &PROXY, &GOPATH, &GOFLAGS] {
        for given in variables.0.iter().filter(|given| given.layer == kind) {
            if layer != Some(kind) {
                trace.layer(kind.id, kind.title, source(kind));
                layer = Some(kind);
            }
            set(trace, given);
        }
    }
}

/// The rule that a layer is made by.
fn source(kind: &Kind) -> Origin {
    let function =
        if *kind == TOOLS || *kind == PROXY { "newEnvironment" } else { "toolExecutionEnvironment" };
    rule(kind.title, &format!("goEnv.ts {function}"))
}

/// One variable, in the layer that was begun.
pub(super) fn set(trace: &mut Trace, given: &Given) {
    trace.set(given.name.as_bytes(), spelt(&given.value).as_bytes(), given.origin.clone());
    if let Some(reason) = &given.reason {
        trace.because(reason.clone());
    }
}

/// `String(value)`.
pub(super) fn spelt(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(text) => number(text),
        Json::Text(text) => text.clone(),
        Json::List(items) => {
            let items = items.iter().map(|item| match &item.value {
                Json::Null => String::new(),
                other => spelt(other),
            });
            items.collect::<Vec<_>>().join(",")
        }
        Json::Object(_) => "[object Object]".to_owned(),
    }
}

/// A number as JavaScript writes it; up to 10^21 without an exponent.
fn number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(0.0) => "0".to_owned(),
        Ok(value) if value.abs() < 1e21 && value.abs() >= 1e-6 => value.to_string(),
        _ => text.to_owned(),
    }
}

/// Whether a name is one that the extension freezes (`activation`).
pub(super) fn is_frozen(name: &str) -> bool {
    super::activation::FROZEN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_leaves_the_flags() {
        assert_eq!(without_json("-mod=mod -json"), "-mod=mod");
        assert_eq!(without_json("-json -mod=mod"), " -mod=mod");
        assert_eq!(without_json("--json=x  -v"), "  -v");
        assert_eq!(without_json("-jsonx"), "");
        assert_eq!(without_json("-tags=a-json"), "-tags=a-json");
    }

    #[test]
    fn values_become_text_as_in_javascript() {
        for (given, want) in [("1", "1"), ("1.0", "1"), ("1e3", "1000"), ("0.5", "0.5"), ("-0", "0")] {
            assert_eq!(spelt(&Json::Number(given.to_owned())), want, "{given}");
        }
        assert_eq!(spelt(&Json::Null), "null");
        assert_eq!(spelt(&Json::Bool(true)), "true");
    }
}
