//! Where one change of a variable came from: the line that fish tells, or the call site of the text or function in
//! which that line stands.

use super::{Reader, Source};
use crate::fish::calls::Kind;
use crate::fish::records::Call;
use crate::fish::script::word_in;
use model::{Confidence, Name, Origin, Place, Via};

impl Reader<'_> {
    pub(super) fn source_of(&mut self, name: &Name, call: &Call) -> Source {
        if call.file == "-" || call.file.contains(".psub.") {
            return self.generated(&Kind::Generated, call.line);
        }
        if self.in_eval(name, call.line) {
            return self.generated(&Kind::Eval, call.line);
        }
        if self.is_own(&call.file) {
            return self.of_fish(name, call);
        }
        if self.calls.in_substitution() {
            return self.substituted(name, call);
        }
        let place = self.place(name, call);
        match self.calls.script(&call.file).function_at(call.line).map(|f| f.name.clone()) {
            Some(function) => self.in_function(place, &function),
            None => {
                self.calls.reach(&call.file, call.line);
                self.at_line(name, place)
            }
        }
    }

    fn substituted(&mut self, name: &Name, call: &Call) -> Source {
        match self.calls.substituted(&call.file) {
            Some(place) => {
                let place = self.place(name, &Call { line: place.line, file: place.path });
                self.at_line(name, place)
            }
            None => Source {
                reason: Some("in a command substitution, whose place in the file is not known".to_owned()),
                ..Source::new(Origin::file(call.file.clone()), Confidence::File)
            },
        }
    }

    fn place(&mut self, name: &Name, call: &Call) -> Place {
        let column = self.calls.script(&call.file).column(call.line, &name.to_text());
        Place { column, ..Place::line(call.file.clone(), call.line) }
    }

    /// At the top of a file: exact if the line speaks of the variable, or sets one whose name it computes.
    fn at_line(&mut self, name: &Name, place: Place) -> Source {
        let text = self.calls.script(&place.path).line(place.line).unwrap_or_default().to_owned();
        let fits = word_in(&text, &name.to_text()).is_some()
            || text.contains('$') && word_in(&text, "set").is_some();
        let mut source = Source::new(Origin::File(place), Confidence::Exact);
        if !fits {
            source.confidence = Confidence::Range;
            source.reason = Some("the variable changed at this line, which does not name it".to_owned());
        }
        source
    }

    fn in_function(&mut self, place: Place, function: &str) -> Source {
        let mut source = Source::new(Origin::File(place), Confidence::Via);
        let frame = self.calls.stack.iter().rposition(|frame| frame.word() == function);
        let site = frame.and_then(|index| self.calls.site(index)).filter(|site| site.line > 0);
        match site {
            Some(place) => {
                source.via = Some(Via { how: format!("function {function}"), place, generated_line: None });
            }
            None => source.reason = Some(format!("in function {function}; where it is called is not known")),
        }
        source
    }

    /// Whether the change is in the text of an `eval`: fish gives such a line the number in that text.
    fn in_eval(&self, name: &Name, line: u32) -> bool {
        let Some(frame) = self.calls.text_around().filter(|frame| frame.kind == Kind::Eval) else {
            return false;
        };
        let command = self.calls.stack.last().map_or("", |frame| frame.word());
        let text = frame.words[1..].join(" ");
        let index = usize::try_from(line).unwrap_or(0).saturating_sub(1);
        text.split('\n').nth(index).is_some_and(|line| {
            word_in(line, &name.to_text()).is_some() || word_in(line, command).is_some() && line.contains('$')
        })
    }

    fn generated(&mut self, kind: &Kind, line: u32) -> Source {
        let how = if *kind == Kind::Eval { "eval" } else { "source" };
        let frame = self.calls.stack.iter().rposition(|frame| frame.kind == *kind);
        match frame.and_then(|index| self.calls.site(index)) {
            Some(place) => {
                let via = Via { how: how.to_owned(), place: place.clone(), generated_line: Some(line) };
                let confidence = if place.line > 0 { Confidence::Via } else { Confidence::File };
                Source { origin: Origin::File(place), via: Some(via), confidence, reason: None }
            }
            None => Source::new(
                Origin::unknown(format!("in text given to `{how}`, line {line}; where is not known")),
                Confidence::File,
            ),
        }
    }

    /// A function of fish itself did it: what counts is who called that.
    pub(super) fn of_fish(&mut self, name: &Name, call: &Call) -> Source {
        if let Some((how, place)) = self.told_caller().or_else(|| self.caller_of_fish()) {
            let confidence = if place.line > 0 { Confidence::Via } else { Confidence::File };
            let via = Via { how: format!("function {how}"), place: place.clone(), generated_line: None };
            return Source { origin: Origin::File(place), via: Some(via), confidence, reason: None };
        }
        if name.is("PATH")
            && let Some(stored) = self.universal.iter().find(|u| u.name == "fish_user_paths")
            && self.calls.stack.iter().any(|f| f.word() == "__fish_reconstruct_path")
        {
            let origin = Origin::line(format!("{}/fish_variables", self.folders.config), stored.line);
            let place = Place::line(call.file.clone(), call.line);
            let via = Via { how: "function __fish_reconstruct_path".to_owned(), place, generated_line: None };
            return Source { origin, via: Some(via), confidence: Confidence::Via, reason: None };
        }
        if call.line == 0 {
            return Source::new(Origin::unknown("fish did not tell the line"), Confidence::File);
        }
        Source::new(Origin::line(call.file.clone(), call.line), Confidence::Exact)
    }

    /// The call of a wrapped function under way, outside of fish's own files.
    fn told_caller(&mut self) -> Option<(String, Place)> {
        let index = self.calls.stack.iter().rposition(|frame| !frame.told.is_empty())?;
        let frame = &self.calls.stack[index];
        let how = frame.word().to_owned();
        let told = frame.told.iter().find(|c| !self.is_own(&c.file) && c.file != "-").cloned()?;
        Some((how, self.told_place(index, &told)))
    }

    /// The command of the user's files that led into fish's own: the first below the innermost of those files that
    /// is no function of the user's.
    fn caller_of_fish(&mut self) -> Option<(String, Place)> {
        let file = self.calls.stack.iter().rposition(|frame| match &frame.kind {
            Kind::Source(path) => !self.is_own(path),
            _ => false,
        })?;
        let index = (file + 1..self.calls.stack.len()).find(|&index| {
            let frame = &self.calls.stack[index];
            frame.kind == Kind::Other
                && !frame.is_block()
                && self.calls.defined_in(frame.word()).is_none_or(|path| self.is_own(path))
        })?;
        let how = self.calls.stack[index].word().to_owned();
        let place = self.calls.site(index).filter(|place| !self.is_own(&place.path))?;
        Some((how, place))
    }

    fn told_place(&mut self, index: usize, told: &Call) -> Place {
        self.calls.reach(&told.file, told.line);
        let word = self.calls.stack[index].word().to_owned();
        let column = self.calls.script(&told.file).column(told.line, &word);
        Place { column, ..Place::line(told.file.clone(), told.line) }
    }
}
