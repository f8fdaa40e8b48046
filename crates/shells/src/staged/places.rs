//! Places of single commands, as ksh93's DEBUG trap tells them, and which of them changed a variable.
//!
//! The trap runs after an assignment has been made (and after `: ${X:=y}` has been expanded), but before every other
//! command: so a change that is seen belongs to the command that is told now, if that assigns the variable, and
//! else to the one before. Functions written `function f {…}` do not run the trap inside; their call is told.

use super::search::word_in;
use model::{After, Confidence, Effect, Name, Origin, Place, Via};
use std::collections::BTreeMap;
use system::System;

/// Where a shell cannot say which file: the command string itself.
pub(super) const NO_FILE: &str = "";

/// A command and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub file: String,
    pub line: u32,
    pub function: String,
    pub command: String,
}

#[derive(Default)]
pub(super) struct Places {
    /// The command that was told last.
    pub now: Option<At>,
    /// Changes that wait for the next command.
    pub unplaced: Vec<(Name, After)>,
    /// Every command is told before it runs, assignments too.
    pub told_before: bool,
    eval: Option<At>,
    /// The last command that began with that word: the call of a function of that name.
    calls: BTreeMap<String, At>,
    texts: BTreeMap<String, Vec<String>>,
}

impl Places {
    pub(super) fn next(&mut self, at: At) {
        let word = at.command.split([' ', '\n']).next().unwrap_or_default();
        if word == "eval" {
            self.eval = Some(at.clone());
        }
        self.calls.insert(word.to_owned(), at.clone());
        self.now = Some(at);
    }

    /// Which of the variables the command assigns, unless its line expands it too.
    pub(super) fn assigned(&mut self, system: &dyn System, at: &At, watched: &[String]) -> Option<usize> {
        if self.told_before || at.file == NO_FILE {
            return None;
        }
        let (name, _) = at.command.split_once('=')?;
        let index = watched.iter().position(|watched| watched == name)?;
        let text = self.line(system, at)?;
        let expands = text.contains(&format!("${name}")) || text.contains(&format!("${{{name}"));
        (!expands).then_some(index)
    }

    /// The effect of a change that was seen before `next`; none if no file can be named.
    pub(super) fn effect(
        &mut self,
        system: &dyn System,
        name: &Name,
        after: After,
        next: Option<&At>,
    ) -> Option<Effect> {
        let text = name.to_text().into_owned();
        let before = self.now.clone().filter(|at| at.file != NO_FILE);
        let next = next.filter(|at| at.file != NO_FILE && !self.told_before).cloned();
        if let Some(at) = next.as_ref().filter(|at| is_assignment(&at.command, &text)) {
            return Some(self.at(system, name, after, at, true));
        }
        if let Some(at) = &before
            && (self.names(system, at, &text) || self.generated(at, &text).is_some())
        {
            return Some(self.at(system, name, after, at, true));
        }
        if let Some(at) = &next
            && self.names(system, at, &text)
        {
            return Some(self.at(system, name, after, at, true));
        }
        let at = before.or(next)?;
        Some(self.at(system, name, after, &at, false))
    }

    fn at(&mut self, system: &dyn System, name: &Name, after: After, at: &At, fits: bool) -> Effect {
        let text = name.to_text().into_owned();
        if let Some(eval) = self.generated(at, &text) {
            let place = Place::line(eval.file.clone(), eval.line);
            let via = Via { how: "eval".to_owned(), place: place.clone(), generated_line: Some(at.line) };
            return Effect::new(name.clone(), after, Origin::File(place), Confidence::Via).through(via);
        }
        let column = self.line(system, at).and_then(|line| word_in(line, &text)).map_or(0, |at| at + 1);
        let place =
            Place { column: u32::try_from(column).unwrap_or(0), ..Place::line(at.file.clone(), at.line) };
        let effect = Effect::new(name.clone(), after, Origin::File(place), Confidence::Exact);
        if !at.function.is_empty() {
            let mut effect = Effect { confidence: Confidence::Via, ..effect };
            if let Some(call) = self.calls.get(&at.function).filter(|call| call.file != NO_FILE) {
                let how = format!("function {}", at.function);
                let place = Place::line(call.file.clone(), call.line);
                effect = effect.through(Via { how, place, generated_line: None });
            }
            return effect;
        }
        if fits {
            return effect;
        }
        Effect { confidence: Confidence::Range, ..effect }
            .because("the variable changed at this line, which does not name it")
    }

    /// The `eval` in whose text a command stands: the shell numbers its lines from 1, in the file of the `eval`.
    fn generated(&self, at: &At, name: &str) -> Option<&At> {
        let eval = self.eval.as_ref().filter(|eval| eval.file == at.file && at.line < eval.line)?;
        let text = eval.command.replace("\\n", "\n");
        let index = usize::try_from(at.line).ok()?.checked_sub(1)?;
        word_in(text.split('\n').nth(index)?, name)?;
        Some(eval)
    }

    fn names(&mut self, system: &dyn System, at: &At, name: &str) -> bool {
        self.line(system, at).is_some_and(|line| word_in(line, name).is_some())
    }

    fn line(&mut self, system: &dyn System, at: &At) -> Option<&str> {
        let lines = self.texts.entry(at.file.clone()).or_insert_with(|| {
            let bytes = system.read(&at.file).unwrap_or_default();
            String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
        });
        lines.get(usize::try_from(at.line).ok()?.checked_sub(1)?).map(String::as_str)
    }
}

fn is_assignment(command: &str, name: &str) -> bool {
    command.strip_prefix(name).is_some_and(|rest| rest.starts_with('=') || rest.starts_with("+="))
}
