//! What is kept of a command that wrote a variable, and the origin that it makes.

use super::frames::{FrameKind, Frames, Site};
use super::place::{Fit, Texts};
use super::record::Record;
use super::variables::{Seen, Step};
use model::{After, Confidence, Effect, Origin, Place, Via};

/// A command that wrote.
#[derive(Debug)]
pub(super) struct Note<'a> {
    site: Option<Site>,
    /// Innermost function, and where a file's own text called it or what called it.
    function: Option<(String, Option<Site>)>,
    /// How generated text was run.
    how: Option<&'static str>,
    /// The command that ran the generated text.
    call_command: &'a [u8],
    /// Where the file was sourced, if that was in another file.
    sourced: Option<Site>,
    command: &'a [u8],
    pub(super) phase: usize,
}

impl<'a> Note<'a> {
    pub(super) fn new(frames: &mut Frames<'a>, record: &Record<'a>, phase: usize) -> Self {
        let site = frames.site(record);
        let function = frames.function().map(|(name, call)| (name.to_owned(), call.cloned()));
        let (how, call_command) = match frames.stack.last() {
            Some(frame) => match frame.kind {
                FrameKind::Generated { how } => (Some(how), frame.call_command),
                _ => (None, &b""[..]),
            },
            None => (None, &b""[..]),
        };
        let sourced = frames
            .stack
            .iter()
            .rev()
            .find(|f| matches!(f.kind, FrameKind::Source { .. }))
            .and_then(|f| f.call.clone());
        // `case`, `for` and `((` are no simple commands; what bash then holds is the command before.
        let compound =
            [&b"for "[..], b"case ", b"(( ", b"select "].iter().any(|c| record.text.starts_with(c));
        let command = if compound { record.text } else { record.command };
        Self { site, function, how, call_command, sourced, command, phase }
    }
}

/// All that is needed to make origins of notes.
pub(super) struct Origins<'o, 'a> {
    pub(super) frames: &'o Frames<'a>,
    pub(super) texts: &'o Texts<'o>,
    pub(super) notes: &'o [Note<'a>],
}

type Found = (Origin, Option<Via>, Confidence, Option<String>);

impl Origins<'_, '_> {
    pub(super) fn effect(&self, step: &Step, hook: Option<usize>) -> Effect {
        let (origin, mut via, confidence, reason) = self.origin(step.writer, &step.name, hook);
        if let (None, Some(exporter)) = (&via, step.exporter)
            && let Some(site) = &self.notes[exporter].site
        {
            via = Some(Via { how: "export".to_owned(), place: site.to_place(), generated_line: None });
        }
        let after = match &step.after {
            Seen::Set(value) => After::Set(value.clone().into()),
            Seen::Unset => After::Unset,
            Seen::Unseen => {
                After::Unreadable { reason: "the start-up ended before the value was seen".to_owned() }
            }
        };
        let mut effect = Effect::new(step.name.as_slice(), after, origin, confidence);
        effect.via = via;
        effect.reason = reason;
        effect
    }

    pub(super) fn origin(&self, note: usize, name: &[u8], hook: Option<usize>) -> Found {
        let note = &self.notes[note];
        let Some(site) = &note.site else { return self.outside(note, hook) };
        if site.generated_line.is_some() {
            return self.generated(note, site);
        }
        let site = &self.absolute(site, note.command);
        if let (Some(_), Some((function, call))) = (site.generated_line, &note.function) {
            return self.defined_by_text(function, call.as_ref(), site);
        }
        let fit = self.texts.fit(&site.path, site.line, name, note.command);
        match (&note.function, fit) {
            (Some((function, call)), Fit::Named(place) | Fit::Command(place)) => {
                // What no file calls is called by the prompt.
                let called = call.as_ref().map(|c| self.call_place(c)).or_else(|| self.hook_place(hook));
                let how = format!("function {function}");
                let via = called.map(|place| Via { how, place, generated_line: None });
                (Origin::File(place), via, Confidence::Via, Some(format!("set in the function `{function}`")))
            }
            (Some((function, call)), Fit::Other) => self.generated_function(function, call.as_ref(), site),
            (None, Fit::Named(place) | Fit::Command(place)) => {
                let via = note.sourced.as_ref().map(|call| Via {
                    how: "source".to_owned(),
                    place: call.to_place(),
                    generated_line: None,
                });
                (Origin::File(place), via, Confidence::Exact, None)
            }
            (None, Fit::Other) => {
                let reason = "the text of this line does not show the command that the shell ran".to_owned();
                (Origin::File(site.to_place()), None, Confidence::Range, Some(reason))
            }
            (_, Fit::Unreadable) => {
                let reason = "the file cannot be read to hold the line against its text".to_owned();
                (Origin::File(site.to_place()), None, Confidence::Range, Some(reason))
            }
        }
    }

    fn generated(&self, note: &Note<'_>, site: &Site) -> Found {
        let how = note.how.unwrap_or("generated text");
        let line_in_text = site.generated_line;
        let site = &self.absolute(site, note.call_command);
        let word = how.split(' ').next().unwrap_or_default().as_bytes();
        let line = self.texts.line_with(&site.path, site.line, word, note.call_command);
        let place = Place::line(site.path.clone(), line);
        let via = Via { how: how.to_owned(), place: place.clone(), generated_line: line_in_text };
        let reason = "set by text that this line generated".to_owned();
        (Origin::File(place), Some(via), Confidence::Via, Some(reason))
    }

    /// bash gives the lines of a function that evaluated text defined as lines of the file around it.
    fn generated_function(&self, function: &str, call: Option<&Site>, site: &Site) -> Found {
        match self.frames.definition(function, site) {
            Some(definition) => self.defined_by_text(function, call, &definition),
            None => {
                let reason = format!("the text of this line is not that of the function `{function}`");
                (Origin::File(site.to_place()), None, Confidence::Range, Some(reason))
            }
        }
    }

    fn defined_by_text(&self, function: &str, call: Option<&Site>, definition: &Site) -> Found {
        let via = Via {
            how: format!("function {function}"),
            place: call.map_or_else(|| definition.to_place(), |call| self.call_place(call)),
            generated_line: definition.generated_line,
        };
        let reason = format!("set in the function `{function}`, which text from this line defined");
        (Origin::File(definition.to_place()), Some(via), Confidence::Via, Some(reason))
    }

    fn call_place(&self, call: &Site) -> Place {
        self.absolute(call, b"").to_place()
    }

    /// A line that counts from its function's first, as a line of the file, or of the text that defined the function.
    fn absolute(&self, site: &Site, command: &[u8]) -> Site {
        let Some(function) = &site.within else { return site.clone() };
        let lines = self.texts.function_lines(&site.path, function);
        let fits = |line: &u32| {
            !matches!(
                self.texts.fit(&site.path, line + site.line - 1, b"", command),
                Fit::Other | Fit::Unreadable
            )
        };
        let first = lines.iter().rev().find(|l| fits(l)).or(lines.last());
        match first {
            Some(first) => Site { line: first + site.line - 1, within: None, ..site.clone() },
            None => self.frames.definition(function, site).unwrap_or_else(|| site.clone()),
        }
    }

    /// Text that is in no file: a hook of the prompt stands where PROMPT_COMMAND was set.
    fn outside(&self, note: &Note<'_>, hook: Option<usize>) -> Found {
        match (self.hook_place(hook), note.how) {
            (Some(place), Some(_)) => {
                let via = Via { how: "prompt hook".to_owned(), place: place.clone(), generated_line: None };
                let reason = "set by a hook of the prompt".to_owned();
                (Origin::File(place), Some(via), Confidence::Via, Some(reason))
            }
            _ => {
                let reason = "set by text that is in no file".to_owned();
                (Origin::unknown(reason.clone()), None, Confidence::File, Some(reason))
            }
        }
    }

    /// Where PROMPT_COMMAND got its value.
    fn hook_place(&self, hook: Option<usize>) -> Option<Place> {
        self.origin(hook?, b"PROMPT_COMMAND", None).0.place().cloned()
    }
}
