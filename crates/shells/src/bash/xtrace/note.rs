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
        let fit = self.texts.fit(&site.path, site.line, name, note.command);
        match (&note.function, fit) {
            (Some((function, call)), Fit::Named(place) | Fit::Command(place)) => {
                let via = call.as_ref().map(|call| Via {
                    how: format!("function {function}"),
                    place: call.to_place(),
                    generated_line: None,
                });
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
        let word = how.split(' ').next().unwrap_or_default().as_bytes();
        let line = self.texts.line_with(&site.path, site.line, word, note.call_command);
        let place = Place::line(site.path.clone(), line);
        let via = Via { how: how.to_owned(), place: place.clone(), generated_line: site.generated_line };
        let reason = "set by text that this line generated".to_owned();
        (Origin::File(place), Some(via), Confidence::Via, Some(reason))
    }

    /// bash gives the lines of a function that evaluated text defined as lines of the file around it.
    fn generated_function(&self, function: &str, call: Option<&Site>, site: &Site) -> Found {
        match self.frames.definition(function, &site.path, site.line) {
            Some(definition) => {
                let via = Via {
                    how: format!("function {function}"),
                    place: call.unwrap_or(&definition).to_place(),
                    generated_line: definition.generated_line,
                };
                let reason = format!("set in the function `{function}`, which text from this line defined");
                (Origin::File(definition.to_place()), Some(via), Confidence::Via, Some(reason))
            }
            None => {
                let reason = format!("the text of this line is not that of the function `{function}`");
                (Origin::File(site.to_place()), None, Confidence::Range, Some(reason))
            }
        }
    }

    /// Text that is in no file: a hook of the prompt stands where PROMPT_COMMAND was set.
    fn outside(&self, note: &Note<'_>, hook: Option<usize>) -> Found {
        let set = hook.map(|hook| &self.notes[hook]).filter(|n| n.site.is_some());
        match (set, note.how) {
            (Some(set), Some(_)) => {
                let (origin, ..) = match &set.site {
                    Some(site) if site.generated_line.is_some() => self.generated(set, site),
                    Some(site) => {
                        let place =
                            match self.texts.fit(&site.path, site.line, b"PROMPT_COMMAND", set.command) {
                                Fit::Named(place) | Fit::Command(place) => place,
                                Fit::Other | Fit::Unreadable => site.to_place(),
                            };
                        (Origin::File(place), None, Confidence::Via, None)
                    }
                    None => (Origin::unknown(""), None, Confidence::Via, None),
                };
                let place = origin.place().cloned().unwrap_or_else(|| Place::file(""));
                let via = Via { how: "prompt hook".to_owned(), place, generated_line: None };
                (origin, Some(via), Confidence::Via, Some("set by a hook of the prompt".to_owned()))
            }
            _ => {
                let reason = "set by text that is in no file".to_owned();
                (Origin::unknown(reason.clone()), None, Confidence::File, Some(reason))
            }
        }
    }
}
