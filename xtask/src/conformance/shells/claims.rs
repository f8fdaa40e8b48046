//! What the product says of a start: values, and for each literal in them the line that it came from.

use super::home::{Home, tokens};
use super::plain::{Block, is_per_run};
use model::{After, Confidence, Effect, Name, Place, Value};
use shells::{Capture, Mode, Request, Shell, capture};
use std::path::Path;
use system::os::Real;
use system::{Limits, Size};

/// That a literal in a variable's value came from a place.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) name: Vec<u8>,
    pub(crate) token: String,
    /// `None` where the origin is not a place in a file of the home.
    pub(crate) place: Option<(String, Place)>,
    pub(crate) confidence: Option<Confidence>,
}

/// Runs the product's capture of that start.
pub(crate) fn captured(shell: &Shell, mode: Mode, home: &Home, folder: &Path, uid: u32) -> Capture {
    let base = home
        .environment(folder)
        .iter()
        .map(|(n, v)| (Name::from(n.as_str()), Value::from(v.as_str())))
        .collect();
    let request = Request {
        shell: shell.clone(),
        mode,
        base,
        cwd: folder.display().to_string(),
        arg0: None,
        terminal: mode.interactive.then(Size::default),
        detached: false,
        options: Vec::new(),
        uid,
        limits: Limits::default(),
    };
    capture(&Real::for_tests(), &request)
}

/// The environment at the end, as far as it does not differ from run to run.
pub(crate) fn values(shell: &str, capture: &Capture) -> Option<Block> {
    let all = capture.environment.as_ref()?;
    let pairs = all.iter().map(|(n, v)| (n.to_text().as_bytes().to_vec(), v.as_bytes().to_vec()));
    Some(pairs.filter(|(name, _)| !is_per_run(shell, name)).collect())
}

/// For each token in each value at the end: the effect that brought it in and was not undone.
pub(crate) fn claims(capture: &Capture, folder: &Path) -> Vec<Claim> {
    let effects: Vec<&Effect> = capture.layers.iter().flat_map(|l| &l.effects).collect();
    let mut claims = Vec::new();
    for (name, value) in capture.environment.iter().flatten() {
        for token in tokens(&value.to_text()) {
            let mut brought: Option<&Effect> = None;
            let mut before: Option<&Value> = None;
            for effect in effects.iter().filter(|e| e.name == *name) {
                let after = match &effect.after {
                    After::Set(value) => Some(value),
                    After::Unset | After::Unreadable { .. } => None,
                };
                let has = |v: &Value| tokens(&v.to_text()).contains(&token);
                // Who sets the same bytes again is now the one who decides.
                if after.is_some_and(has) && (!before.is_some_and(has) || after == before) {
                    brought = Some(effect);
                }
                before = after;
            }
            let place = brought.and_then(|e| e.origin.place()).and_then(|place| {
                let file = Path::new(&place.path).strip_prefix(folder).ok()?;
                Some((file.to_str()?.to_owned(), place.clone()))
            });
            claims.push(Claim {
                name: name.to_text().as_bytes().to_vec(),
                token,
                place,
                confidence: brought.map(|e| e.confidence),
            });
        }
    }
    claims
}
