//! What commands spell out for a variable between two comparisons, to be held against the value seen.

use model::Value;

/// What the commands since the last comparison spell out for one variable.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) value: Option<Value>,
    pub(super) steps: Vec<Step>,
}

/// One command that spells out a value.
#[derive(Debug)]
pub(super) struct Step {
    /// Index of the live record.
    pub(super) maker: usize,
    pub(super) after: Option<Value>,
    /// Not made from the value before.
    pub(super) whole: bool,
}

impl Pending {
    /// The steps, if they lead to a value; arrays may have the attribute that keeps each entry once (`typeset -U`).
    pub(super) fn leading_to(self, value: Option<&Value>) -> Option<Vec<Step>> {
        if self.value.as_ref() == value {
            return Some(self.steps);
        }
        let once = |step: Step| Step { after: step.after.as_ref().map(once), ..step };
        let steps: Vec<Step> = self.steps.into_iter().map(once).collect();
        (steps.last()?.after.as_ref() == value).then_some(steps)
    }
}

/// Each entry of a list where it stands first.
fn once(value: &Value) -> Value {
    let mut entries: Vec<&[u8]> = Vec::new();
    for entry in value.as_bytes().split(|&b| b == b':') {
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    Value::new(entries.join(&b':'))
}
